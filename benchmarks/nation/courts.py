"""The courts of the nation: real divisions, real rules of codes, invented phones. Knows no people.

Codes follow the rules: the province's character, two digits for an intermediate court, four for a
basic one, as the division code says; special courts have numbers of their own. The rules do not
know everything: Liaoning's courts are those that ship with the product, whatever the rule says.
"""

import csv
from collections.abc import Iterator, Mapping, Sequence

from benchmarks.nation.dice import Dice
from benchmarks.nation.divisions import CHARACTERS, Division, divisions, formers, lines
from directory import demo_data
from directory.court_codes import PROVINCES, SUPREME, level_of, province_of

Row = dict[str, str]

MARK = "测试数据"

#: How many courts there are unless somebody asks for more or fewer.
COURTS = 3500

#: Basic courts of the municipalities by intermediate court; all others by their first two digits.
_JURISDICTIONS = {
    "京01": "0107 0108 0109 0114 0119", "京02": "0101 0102 0106 0111 0115",
    "京03": "0105 0112 0113 0116 0117 0118",
    "津01": "0103 0104 0105 0106 0111 0113 0114 0115 0118 0119", "津02": "0101 0102 0110 0112",
    "津03": "0116 0117",
    "沪01": "0104 0105 0112 0115 0116 0117 0118 0120",
    "沪02": "0101 0106 0107 0109 0110 0113 0114 0151",
    "渝01": "0105 0106 0109 0111 0112 0117 0120 0151 0152",
    "渝02": "0101 0154 0155 0229 0233 0235 0236 0237 0238",
    "渝03": "0102 0115 0119 0156 0230 0231", "渝04": "0114 0240 0241 0242 0243",
    "渝05": "0103 0104 0107 0108 0110 0113 0116 0118 0153",
    "琼96": "9001 9002 9005 9006 9021 9022 9023 9029 9030 9028",
    "琼97": "9003 9007 9024 9025 9026 9027",
    "豫96": "9001", "鄂96": "9004 9005 9006 9021",
}  # fmt: skip
_PARENTS = {
    parent[0] + digits: parent for parent, all_ in _JURISDICTIONS.items() for digits in all_.split()
}

#: Codes that outlived a change of divisions, or never followed the rule.
_CODES = {"460400": "琼9003", "620201": "甘0271"}

#: No court of their own: cities without districts have courts that are numbered through
#: (special_courts.tsv), islands and administrative committees have none.
_WITHOUT = {
    "1101",
    "1201",
    "3101",
    "4190",
    "4290",
    "4604",
    "4690",
    "5001",
    "5002",
    "441900",
    "442000",
}
_WITHOUT_WORDS = ("群岛", "行政委员会", "管委会")
#: What is called so has a court in this nation; statistics know many more zones.
_ZONES_WITH_COURTS = ("高新", "经济技术", "工业园区")

_INTERMEDIATE = {"6540": "新疆维吾尔自治区高级人民法院伊犁哈萨克自治州分院"}

#: Provinces whose courts put the province's name before their own, and those that list short names.
_WITH_PROVINCE = frozenset("冀豫川云")
_WITH_SHORT_NAMES = frozenset("京津晋吉黑沪浙皖闽湘粤桂渝陕甘新")

_HOURS = {
    "新": ("05-01/09-30: 10:00-14:00 16:00-20:00; 10-01/04-30: 10:00-14:00 15:30-19:30",),
    "藏": ("09:30-13:00 15:30-18:00", "09:00-12:30 15:00-18:00"),
    "": (
        "05-01/09-30: 08:30-11:30 14:00-17:30; 10-01/04-30: 08:30-11:30 13:30-17:00",
        "06-01/09-30: 08:30-12:00 15:00-18:00; 10-01/05-31: 08:30-12:00 14:30-17:30",
        "09:00-12:00 13:00-17:00",
        "08:00-12:00 14:30-17:30",
    ),
}
_ROADS = [
    "人民路",
    "建设路",
    "中山路",
    "解放路",
    "和平街",
    "法院路",
    "新华街",
    "文化路",
    "长江大道",
    "滨河路",
]


def courts(dice: Dice, count: int) -> list[Row]:
    """So many courts, by province and code, every parent among them.

    Raises:
        ValueError: more than there are courts and towns for tribunals.
    """
    every = {row["code"]: row for row in _everything()}
    tribunals = _tribunals(every)
    if count > len(every) + len(tribunals):
        raise ValueError(f"at most {len(every) + len(tribunals)} courts")
    _own_ways(list(every.values()), dice)
    listed = dice.shuffled(tribunals)
    own, aliases = listed[: max(0, count - len(every))], listed[max(0, count - len(every)) :]
    for tribunal in aliases[: len(aliases) // 3]:
        _also(every[tribunal["parent_code"]], tribunal["name"])
    every |= {row["code"]: {**every[row["parent_code"]], **row} for row in own}
    if count < len(every):
        every = _some(every, dice, count)
    order = {sign: number for number, sign in enumerate((SUPREME, *PROVINCES))}
    rows = sorted(every.values(), key=lambda row: (order.get(row["code"][0], -1), row["code"]))
    _reachable(rows, dice)
    return rows


def _everything() -> Iterator[Row]:
    yield _row(SUPREME, "最高人民法院", province="全国", aliases="最高院", parent="")
    shipped = demo_data.court_files()[0]
    with shipped.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield _row(
                row["code"],
                row["name"],
                kind=row["kind"],
                parent=row["parent_code"],
                city=row["city"],
                county=row["county"],
                number=row["division_code"],
                aliases=row["aliases"],
            )
    for number, sign in CHARACTERS.items():
        if sign != "辽":
            province = PROVINCES[sign]
            yield _row(sign, f"{province}高级人民法院", number=f"{number}0000", parent=SUPREME)
    for code, name, kind, parent, city, aliases in lines("special_courts.tsv"):
        yield _row(code, name, kind=kind, parent=parent or code[0], city=city, aliases=aliases)
    yield from _of_divisions()


def _of_divisions() -> Iterator[Row]:
    city, zones = "", 0
    for division in divisions():
        if len(division.number) == 4:
            is_city = division.number not in _WITHOUT or division.number == "4604"
            city, zones = (division.name if is_city else ""), 0
        has_none = division.name.endswith(_WITHOUT_WORDS) or division.number in _WITHOUT
        if division.sign == "辽" or has_none:
            continue
        if len(division.number) == 4:
            yield _intermediate(division)
        elif not division.is_zone:
            yield _basic(division, city or _city_of(division))
        elif any(word in division.name for word in _ZONES_WITH_COURTS):
            zones += 1
            yield _zone(division, city, 92 + zones)


def _city_of(division: Division) -> str:
    """The municipality itself; a city that answers to the province stands alone."""
    return division.province if division.province.endswith("市") else ""


def _intermediate(division: Division) -> Row:
    name = _INTERMEDIATE.get(division.number, f"{division.name}中级人民法院")
    if division.sign in _WITH_PROVINCE:
        name = division.province + name
    return _row(
        division.sign + division.number[2:],
        name,
        city=division.name,
        number=f"{division.number}00",
        parent=division.sign,
    )


def _basic(division: Division, city: str) -> Row:
    code = _CODES.get(division.number, division.sign + division.number[2:])
    name = f"{division.name}人民法院"
    if division.name.endswith("区"):
        name = city + name
    if division.sign in _WITH_PROVINCE:
        name = division.province + name
    return _row(
        code,
        name,
        city=city,
        county=division.name,
        number=division.number,
        parent=_PARENTS.get(code, code[:3]),
    )


def _zone(division: Division, city: str, serial: int) -> Row:
    """Courts of development zones have the numbers after the divisions': 豫0193."""
    code = f"{division.sign}{division.number[2:4]}{serial}"
    bare = division.name.removeprefix(division.province.removesuffix("省"))
    begins = bare.startswith(city.removesuffix("市"))
    name = f"{'' if begins else city}{bare}人民法院"
    return _row(code, name, kind="development_zone", city=city, parent=code[:3])


def _row(
    code: str,
    name: str,
    *,
    parent: str,
    province: str = "",
    kind: str = "general",
    city: str = "",
    county: str = "",
    number: str = "",
    aliases: str = "",
) -> Row:
    return {
        "code": code,
        "name": name,
        "level": level_of(code) or "",
        "kind": kind,
        "parent_code": parent,
        "province": province or province_of(code) or "",
        "city": city,
        "county": county,
        "division_code": number,
        "aliases": aliases,
        "code_status": MARK,
        "hours": "",
        "phone": "",
        "address": "",
    }


def _tribunals(every: Mapping[str, Row]) -> list[Row]:
    """A tribunal (人民法庭) for every town that is known, under its basic court's code."""
    by_number = {row["division_code"]: row for row in every.values() if row["division_code"]}
    found = []
    for division in divisions():
        court = by_number.get(division.number)
        for serial, town in enumerate(division.towns if court else (), 1):
            place = town.removesuffix("街道").removesuffix("镇") if len(town) > 2 else town
            assert court is not None
            found.append(
                {
                    "code": f"{court['code']}{serial:02}",
                    "name": f"{court['name']}{place}人民法庭",
                    "level": "tribunal",
                    "parent_code": court["code"],
                    "division_code": "",
                    "aliases": "",
                }
            )
    return found


def _also(court: Row, *names: str) -> None:
    """More names of a court, each once."""
    every = [*court["aliases"].split("|"), *names]
    court["aliases"] = "|".join(dict.fromkeys(name for name in every if name))


def _own_ways(rows: Sequence[Row], dice: Dice) -> None:
    """Short and former names, hours: what some courts wrote down and others did not."""
    by_number = {row["division_code"]: row for row in rows if row["division_code"]}
    for row in rows:
        sign, code = row["code"][0], row["code"]
        if code != SUPREME and sign != "辽" and (sign in _WITH_SHORT_NAMES or dice.hits(0.1)):
            _also(row, *_short_names(row))
        choices = _HOURS.get(sign, _HOURS[""])
        if sign in _HOURS or (code != SUPREME and dice.hits(0.15)):
            row["hours"] = dice.one_of(choices)
    for former in formers():
        row = by_number[former.number.ljust(6, "0")]
        since = f"{1985 + dice.below(15)}-01-01"
        term = f"（{since}/{former.until}）"
        kind = "中级人民法院" if row["level"] == "intermediate" else "人民法院"
        if former.name:
            prefix = row["province"] if row["code"][0] in _WITH_PROVINCE else ""
            _also(row, f"{prefix}{former.name}{kind}{term}")
        if former.earlier_number:
            _also(row, f"{row['code'][0]}{former.earlier_number}{term}")


def _short_names(row: Row) -> Iterator[str]:
    if row["kind"] != "general" or row["aliases"]:
        return
    province, city, county = row["province"], row["city"], row["county"]
    if row["level"] == "high":
        long = province.startswith(("内蒙古", "黑龙江"))
        yield f"{province[: 3 if long else 2]}高院"
    elif row["level"] == "intermediate":
        yield f"{city.removesuffix('市')}中院"
    elif len(county) > 2 and not county.endswith(("自治县", "自治旗")):
        yield f"{county[:-1]}法院"
    else:
        yield f"{county}法院"


def _some(every: Mapping[str, Row], dice: Dice, count: int) -> dict[str, Row]:
    """A sample of so many courts in which every court's parents are."""
    chosen: dict[str, Row] = {}
    for leaf in (SUPREME, *dice.shuffled(sorted(every))):
        code, line = leaf, []
        while code and code not in chosen:
            line.append(code)
            code = every[code]["parent_code"]
        if len(chosen) + len(line) <= count:
            chosen |= {each: every[each] for each in line}
    return chosen


def _reachable(rows: Sequence[Row], dice: Dice) -> None:
    """Phones that cannot ring (no local number begins with 0) and addresses that no street has."""
    areas = area_codes()
    for number, row in enumerate(rows, 1):
        area = area_of(row, areas)
        row["phone"] = phone(area, number)
        place = "".join(dict.fromkeys((row["province"], row["city"], row["county"])))
        row["address"] = f"{place.removeprefix('全国')}{dice.one_of(_ROADS)}0号（{MARK}）"


def area_codes() -> dict[str, str]:
    """Area codes by prefecture, and by province for those who are nowhere else."""
    found: dict[str, str] = {"全国": "010"}
    for division in divisions():
        if division.area_code:
            found.setdefault(division.province, division.area_code)
            found.setdefault(division.name, division.area_code)
    return found


def area_of(court: Mapping[str, str], areas: Mapping[str, str]) -> str:
    """The area code of a court."""
    return areas.get(court["city"]) or areas[court["province"]]


def phone(area: str, number: int) -> str:
    """A number of the area that cannot exist: local ones never begin with 0."""
    return f"{area}-0{number:07}" if len(area) == 3 else f"{area}-0{number:06}"
