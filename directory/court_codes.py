"""法院代字: what they look like and what they say of a court's level and province. Loads no directory."""

import re
import unicodedata
from collections.abc import Mapping
from types import MappingProxyType

#: The first character of a code, and whose courts it marks. 军 and 兵 are no provinces but have high courts.
PROVINCES: Mapping[str, str] = MappingProxyType(
    {
        "京": "北京市",
        "津": "天津市",
        "冀": "河北省",
        "晋": "山西省",
        "内": "内蒙古自治区",
        "辽": "辽宁省",
        "吉": "吉林省",
        "黑": "黑龙江省",
        "沪": "上海市",
        "苏": "江苏省",
        "浙": "浙江省",
        "皖": "安徽省",
        "闽": "福建省",
        "赣": "江西省",
        "鲁": "山东省",
        "豫": "河南省",
        "鄂": "湖北省",
        "湘": "湖南省",
        "粤": "广东省",
        "桂": "广西壮族自治区",
        "琼": "海南省",
        "渝": "重庆市",
        "川": "四川省",
        "黔": "贵州省",
        "云": "云南省",
        "藏": "西藏自治区",
        "陕": "陕西省",
        "甘": "甘肃省",
        "青": "青海省",
        "宁": "宁夏回族自治区",
        "新": "新疆维吾尔自治区",
        "兵": "新疆生产建设兵团",
        "军": "解放军",
    }
)


def normalise(text: str) -> str:
    """The text as names and codes are compared: NFKC, without any space, upper and lower case alike."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


#: The Supreme People's Court's own code: the only one that is not a province's character.
SUPREME = "最高法"

LEVELS = ("supreme", "high", "intermediate", "basic", "tribunal")

#: What a code has after the province's character, and the level that says. A tribunal (人民法庭) has
#: no code in the published rules; it may be listed under its basic court's code with two digits more.
_DIGITS = {0: "high", 2: "intermediate", 4: "basic", 6: "tribunal"}

_CODE = re.compile(rf"{SUPREME}|[{''.join(PROVINCES)}](?:\d\d){{0,3}}", re.ASCII)

_SUFFIXES = ("维吾尔自治区", "壮族自治区", "回族自治区", "自治区", "省", "市")


def looks_like_code(text: str) -> bool:
    """Whether the text, once normalised, has the form of a 法院代字; whether it exists is not asked."""
    return _CODE.fullmatch(normalise(text)) is not None


def province_of(code: str) -> str | None:
    """The province whose character the code begins with; None for 最高法 and for what is no code."""
    plain = normalise(code)
    return PROVINCES.get(plain[:1]) if looks_like_code(plain) and plain != SUPREME else None


def level_of(code: str) -> str | None:
    """The level (`LEVELS`) that the code's length says; None for what is no code."""
    plain = normalise(code)
    if not looks_like_code(plain):
        return None
    return "supreme" if plain == SUPREME else _DIGITS[len(plain) - 1]


def full_province(text: str) -> str:
    """辽宁 → 辽宁省, 内蒙古 → 内蒙古自治区; whatever is not a known province comes back as it is."""
    return _SHORT_PROVINCES.get(normalise(text), text)


def _short(province: str) -> str:
    for suffix in _SUFFIXES:
        if province.endswith(suffix):
            return province.removesuffix(suffix)
    return province


_SHORT_PROVINCES = {_short(province): province for province in PROVINCES.values()}
