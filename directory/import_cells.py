"""One cell of a directory file made into a value: dates, numbers, levels, posts, hours. Knows no table and no row."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Final
from zoneinfo import ZoneInfo

from directory.court_codes import full_province, looks_like_code, normalise
from directory.import_faults import (
    BAD_CODE,
    BAD_DATE,
    BAD_HOURS,
    BAD_INTEGER,
    BAD_LEVEL,
    BAD_MOBILE,
    BAD_POST,
    BAD_TIMEZONE,
    OUT_OF_RANGE,
    TOO_LONG,
    Unreadable,
)
from directory.office_hours import BadOfficeHours, OfficeHours

#: What a file's reader may hand over. Empty cells are None or an empty text.
Cell = str | int | float | bool | date | None

Value = str | int | date | tuple[str, ...] | None


class Masked(Enum):
    """The sign that a cell holds 138****1234: whatever is stored stays."""

    MASKED = "masked"


MASKED: Final = Masked.MASKED

LARGEST = 2**63 - 1
#: Most minutes of a target: ten thousand would be a week; more is a slip.
LONGEST_TARGET = 10_080

_LEVELS = {
    "supreme": ("supreme", "最高", "最高法院", "最高人民法院"),
    "high": ("high", "高级", "高院", "高级法院", "高级人民法院"),
    "intermediate": ("intermediate", "中级", "中院", "中级法院", "中级人民法院"),
    "basic": ("basic", "基层", "基层法院", "基层人民法院"),
    "tribunal": ("tribunal", "法庭", "人民法庭"),
}
_LEVEL_BY_WORD = {word: level for level, words in _LEVELS.items() for word in words}

_POSTS = {
    "A": ("a", "a岗", "专职责任人"),
    "B": ("b", "b岗"),
    "leader": ("leader", "带班领导"),
    "technician": ("technician", "技术人员", "技术员"),
    "coordinator": ("coordinator", "省级协调员"),
}
_POST_BY_WORD = {word: post for post, words in _POSTS.items() for word in words}

#: What kinds of courts there are, most of them told by their codes (directory/court_codes.py). The list
#: is open: a kind that is not in it is kept as it is written.
_KINDS = {
    "general": ("普通", "一般", "地方"),
    "railway": ("铁路", "铁路运输"),
    "maritime": ("海事",),
    "intellectual_property": ("知识产权", "ip"),
    "oilfield": ("油田",),
    "forestry": ("林区", "林业"),
    "land_reclamation": ("农垦", "垦区"),
    "cross_division": ("跨行政区划",),
    "province_run_counties": ("省直管县", "省直辖县"),
    "development_zone": ("开发区",),
    "military": ("军事",),
    "internet": ("互联网",),
    "financial": ("金融",),
}
KINDS = tuple(_KINDS)
_KIND_BY_WORD = {
    word: kind for kind, words in _KINDS.items() for word in (kind.replace("_", ""), *words)
}

#: The Chinese word for each value of the fields with fixed words, as files in Chinese have it; each is read back.
CHINESE_WORDS: Mapping[str, Mapping[str, str]] = {
    "post": {
        "A": "A岗",
        "B": "B岗",
        "leader": "带班领导",
        "technician": "技术人员",
        "coordinator": "省级协调员",
    },
    "level": {
        "supreme": "最高",
        "high": "高级",
        "intermediate": "中级",
        "basic": "基层",
        "tribunal": "人民法庭",
    },
    "kind": {kind: words[0] for kind, words in _KINDS.items()},
}

_DATE = re.compile(r"(\d{4})(?:-|/|\.|年)(\d{1,2})(?:-|/|\.|月)(\d{1,2})日?(?:[T ]00:00(?::00)?)?")
_COMPACT_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})")
#: Days are counted from here in spreadsheets (the 1900 system, for dates after February 1900).
_SERIAL_START = date(1899, 12, 30)
#: 2000-01-01 and 2099-12-31 as such counts: outside them a number is not meant as a date.
_SERIALS = range(36_526, 73_051)

_MOBILE = re.compile(r"(?:\+?86|0086)?(1\d{10})", re.ASCII)
_MASK = re.compile(r"[\d*]*\*[\d*]*", re.ASCII)
_INTEGER = re.compile(r"[+-]?\d{1,19}(?:\.0+)?", re.ASCII)


def text_of(cell: Cell) -> str:
    """The cell as a clean text: no invisible characters, runs of white space as one space.

    A number without a fraction is written without one: spreadsheets keep `0211` and phones as 211.0.
    """
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime) and cell.time() == datetime.min.time():
        return cell.date().isoformat()
    visible = str(cell)
    if not visible.isprintable():
        visible = "".join(
            character
            for character in visible
            if character.isspace() or unicodedata.category(character) not in {"Cc", "Cf", "Cs"}
        )
    return " ".join(visible.split())


def read_text(cell: Cell, limit: int) -> str | None:
    """The text, None when empty; at most `limit` characters."""
    text = text_of(cell)
    if len(text) > limit:
        raise Unreadable(TOO_LONG, length=len(text), limit=limit)
    return text or None


def read_name(cell: Cell, limit: int) -> str | None:
    """A person's or a court's name. 王 伟, spaced to the width of three characters, is 王伟."""
    text = read_text(cell, limit)
    if text and " " in text and not any(c.isascii() and c.isalnum() for c in text):
        return text.replace(" ", "")
    return text


def read_code(cell: Cell, limit: int) -> str | None:
    """A 法院代字, normalised."""
    code = normalise(text_of(cell))
    if not code:
        return None
    if not looks_like_code(code) or len(code) > limit:
        raise Unreadable(BAD_CODE)
    return code


def read_province(cell: Cell, limit: int) -> str | None:
    """A province by its full name; 辽宁 is understood."""
    text = read_text(cell, limit)
    return full_province(text) if text else None


def read_level(cell: Cell, limit: int) -> str | None:  # noqa: ARG001
    """A level of court in English or Chinese."""
    text = normalise(text_of(cell))
    if not text:
        return None
    if text not in _LEVEL_BY_WORD:
        raise Unreadable(BAD_LEVEL)
    return _LEVEL_BY_WORD[text]


def read_kind(cell: Cell, limit: int) -> str | None:
    """A kind of court: the code of a word in English or Chinese, any other word as it is written."""
    text = read_text(cell, limit)
    if text is None:
        return None
    word = normalise(text).replace("_", "").replace("-", "")
    return _KIND_BY_WORD.get(word.removesuffix("法院").removesuffix("court"), text)


def read_post(cell: Cell, limit: int) -> str | None:  # noqa: ARG001
    """A post in English or Chinese, full width too."""
    text = normalise(text_of(cell))
    if not text:
        return None
    if text not in _POST_BY_WORD:
        raise Unreadable(BAD_POST)
    return _POST_BY_WORD[text]


def read_aliases(cell: Cell, limit: int) -> tuple[str, ...]:
    """Names separated by `|` (｜ too), each once, in order; each at most `limit` characters."""
    parts = [part.strip() for part in text_of(cell).replace("｜", "|").split("|")]
    for part in parts:
        if len(part) > limit:
            raise Unreadable(TOO_LONG, length=len(part), limit=limit)
    return tuple(dict.fromkeys(part for part in parts if part))


def read_hours(cell: Cell, limit: int) -> str | None:
    """Office hours as `office_hours.OfficeHours.parse` takes them, as written."""
    text = read_text(cell, limit)
    if text is not None:
        try:
            OfficeHours.parse(text)
        except BadOfficeHours as fault:
            raise Unreadable(BAD_HOURS, fault=fault.fault) from fault
    return text


def read_timezone(cell: Cell, limit: int) -> str | None:
    """An IANA time zone."""
    text = read_text(cell, limit)
    if text is not None:
        try:
            ZoneInfo(text)
        except (ValueError, OSError, LookupError) as fault:
            raise Unreadable(BAD_TIMEZONE) from fault
    return text


def read_date(cell: Cell, limit: int) -> date | None:  # noqa: ARG001
    """A day: a spreadsheet's own date or its count of days, 2026-11-24, 2026/11/24, 2026年11月24日."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = unicodedata.normalize("NFKC", text_of(cell))
    if not text:
        return None
    if text.isascii() and text.isdecimal() and int(text) in _SERIALS:
        return _SERIAL_START + timedelta(days=int(text))
    match = _DATE.fullmatch(text) or _COMPACT_DATE.fullmatch(text)
    if match is None:
        raise Unreadable(BAD_DATE)
    try:
        return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError as fault:
        raise Unreadable(BAD_DATE) from fault


def read_mobile(cell: Cell, limit: int) -> str | Masked | None:  # noqa: ARG001
    """Eleven digits, whatever was written between or before them; MASKED for a masked number."""
    text = unicodedata.normalize("NFKC", text_of(cell))
    plain = re.sub(r"[\s()\-‐–—]", "", text)
    if not plain:
        return None
    if _MASK.fullmatch(plain):
        return MASKED
    match = _MOBILE.fullmatch(plain)
    if match is None:
        raise Unreadable(BAD_MOBILE)
    return match[1]


def is_mobile(text: str) -> bool:
    """Whether a number, however written, is a mobile's: such a one is personal wherever it stands."""
    plain = re.sub(r"[\s()\-‐–—]", "", unicodedata.normalize("NFKC", text))
    match = _MOBILE.fullmatch(plain)
    return match is not None and match[1][1] in "3456789"


def mask_mobile(mobile: str | None) -> str | None:
    """138****1234: enough to recognise a number, too little to ring it. Shorter ones are hidden whole."""
    if not mobile:
        return None
    return f"{mobile[:3]}****{mobile[-4:]}" if len(mobile) >= 11 else "****"


def read_integer(cell: Cell, lowest: int, highest: int) -> int | None:
    """A whole number between two bounds, both included."""
    text = unicodedata.normalize("NFKC", text_of(cell)).replace(" ", "")
    # Typed into a spreadsheet, '-1001234 keeps the quote that made it a text.
    text = text.removeprefix("'").replace("−", "-")
    if not text:
        return None
    if not _INTEGER.fullmatch(text):
        raise Unreadable(BAD_INTEGER)
    number = int(text.partition(".")[0])
    if not lowest <= number <= highest:
        raise Unreadable(OUT_OF_RANGE, lowest=lowest, highest=highest)
    return number


def read_target(cell: Cell, limit: int) -> int | None:  # noqa: ARG001
    """A target in minutes."""
    return read_integer(cell, 1, LONGEST_TARGET)


def read_account(cell: Cell, limit: int) -> int | None:  # noqa: ARG001
    """The number of a person's chat account, or of an officer."""
    return read_integer(cell, 1, LARGEST)


def read_chat(cell: Cell, limit: int) -> int | None:  # noqa: ARG001
    """The number of a group chat; those are negative."""
    return read_integer(cell, -LARGEST, -1)
