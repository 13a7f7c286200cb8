"""Which days are holidays, and the calendar of a court: packaged files made into values.

The arithmetic on a calendar is in `directory.worktime`, the data in `directory.holidays`. A year
that nobody has announced is never guessed: it has weekends alone and counts as estimated (预估).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from importlib import resources
from types import MappingProxyType
from zoneinfo import ZoneInfo

from directory.worktime import DEFAULT_HOURS, DayKind, DayTable, OfficeHours, WorkCalendar

HOURS_BY_PROVINCE: Mapping[str, str] = MappingProxyType(
    {
        # Two hours later by Beijing time is common knowledge without a published source; a court's
        # own `hours` in the directory always win.
        "新疆维吾尔自治区": "10:00-14:00 15:30-19:30",
        "新疆生产建设兵团": "10:00-14:00 15:30-19:30",
    }
)


class BadHolidayYear(ValueError):
    """节假日表{where}有误：{fault}。"""

    def __init__(self, where: str, fault: str) -> None:
        super().__init__((self.__doc__ or "").format(where=where, fault=fault))
        self.where = where
        self.fault = fault


class UnknownTimezone(ValueError):
    """没有名为“{name}”的时区，请写成 Asia/Shanghai 或 Asia/Urumqi。"""

    def __init__(self, name: str) -> None:
        super().__init__((self.__doc__ or "").format(name=name))
        self.name = name


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice of the State Council's General Office; `number` such as 国办发明电〔2018〕15号."""

    title: str
    number: str


@dataclass(frozen=True, slots=True)
class YearDays:
    """One announced year: its notices, its holidays and its make-up working days, with names."""

    year: int
    notices: tuple[Notice, ...]
    off: tuple[tuple[date, str], ...]
    work: tuple[tuple[date, str], ...]

    def kinds(self) -> dict[date, DayKind]:
        """Every listed day with what it is."""
        off = {day: DayKind.OFF for day, _ in self.off}
        return off | {day: DayKind.WORK for day, _ in self.work}


def parse_year(document: object, where: str = "") -> YearDays:
    """Check the JSON of one year, as `calendar import` and the packaged files hold it.

    Args:
        document: `{"year", "notices": [{"title", "number"}], "off": {date: name}, "work": {…}}`.
        where: the file's name, for the message.

    Raises:
        BadHolidayYear: a part is missing or wrong, a day is in another year or listed twice, or a
            make-up day is a weekday.
    """
    if not isinstance(document, dict):
        raise BadHolidayYear(where, "不是一个 JSON 对象")
    year = document.get("year")
    if not isinstance(year, int) or not 2000 <= year <= 2100:
        raise BadHolidayYear(where, "缺少年份 year")
    off = _days(document.get("off"), "off", year, where)
    work = _days(document.get("work", {}), "work", year, where)
    for day, _ in work:
        if day.weekday() < 5:
            raise BadHolidayYear(where, f"{day}本来就是工作日，不能列为调休上班")
        if day in dict(off):
            raise BadHolidayYear(where, f"{day}既放假又上班")
    return YearDays(year, _notices(document.get("notices"), where), off, work)


@cache
def shipped_years() -> Mapping[int, YearDays]:
    """The years packaged with the product."""
    found: dict[int, YearDays] = {}
    for file in resources.files("directory.holidays").iterdir():
        if file.name.endswith(".json"):
            year = parse_year(json.loads(file.read_text(encoding="utf-8")), file.name)
            found[year.year] = year
    return MappingProxyType(dict(sorted(found.items())))


@lru_cache(maxsize=16)
def day_table(years_data: tuple[YearDays, ...] | None = None) -> DayTable:
    """The holidays of the shipped years, with `years_data` added; an added year replaces its own.

    Args:
        years_data: years an administrator brought in.
    """
    years = {**shipped_years(), **{year.year: year for year in years_data or ()}}
    days: dict[date, DayKind] = {}
    for year in years.values():
        days.update(year.kinds())
    return DayTable(MappingProxyType(days), frozenset(years))


class _Announced:
    """The years this process counts with. Like tzdata, one table for everybody."""

    table: DayTable | None = None


def announce(years: Iterable[YearDays]) -> None:
    """Count with these years, besides the shipped ones, from now on in this process.

    Called at the start and after an import with all years an administrator brought in. Calendars
    handed out before keep the table they had.
    """
    _Announced.table = day_table(tuple(years))


def calendar_for(hours: str | None, timezone: str | None, default_timezone: str) -> WorkCalendar:
    """The calendar of a court.

    Args:
        hours: the court's `hours`, None or empty for the usual ones; see `default_hours`.
        timezone: the court's IANA zone, None or empty for `default_timezone`.
        default_timezone: the product's zone, `LIAISON_TIMEZONE`.

    Raises:
        BadOfficeHours: the hours are unreadable.
        UnknownTimezone: there is no such zone.
    """
    table = _Announced.table or day_table()
    return _calendar(hours or DEFAULT_HOURS, timezone or default_timezone, table)


def default_hours(province: str | None) -> str:
    """The hours of a court of this province whose row in the directory gives none."""
    return HOURS_BY_PROVINCE.get(province or "", DEFAULT_HOURS)


@lru_cache(maxsize=4096)
def _calendar(hours: str, timezone: str, table: DayTable) -> WorkCalendar:
    try:
        zone = ZoneInfo(timezone)
    except (ValueError, OSError, LookupError):
        # ZoneInfoNotFoundError is a KeyError; a path or a folder's name fails as the other two.
        raise UnknownTimezone(timezone) from None
    return WorkCalendar(OfficeHours.parse(hours), zone, table)


def _notices(listed: object, where: str) -> tuple[Notice, ...]:
    if not isinstance(listed, list) or not listed:
        raise BadHolidayYear(where, "缺少来源通知 notices")
    notices: list[Notice] = []
    for item in listed:
        title = item.get("title") if isinstance(item, dict) else None
        number = item.get("number", "") if isinstance(item, dict) else None
        if not isinstance(title, str) or not title or not isinstance(number, str):
            raise BadHolidayYear(where, "来源通知要有标题 title 和文号 number")
        notices.append(Notice(title, number))
    return tuple(notices)


def _days(listed: object, key: str, year: int, where: str) -> tuple[tuple[date, str], ...]:
    if not isinstance(listed, dict):
        raise BadHolidayYear(where, f"缺少日期表 {key}")
    days: list[tuple[date, str]] = []
    for text, name in listed.items():
        try:
            day = date.fromisoformat(text)
        except ValueError:
            raise BadHolidayYear(where, f"“{text}”不是日期，请写成 {year}-01-01") from None
        if day.year != year or not isinstance(name, str):
            raise BadHolidayYear(where, f"{text}不在{year}年内，或缺少节日名称")
        days.append((day, name))
    return tuple(sorted(days))
