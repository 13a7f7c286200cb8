"""The calendar of a court: announced years, and what its province or it has settled for single days.

The arithmetic on a calendar is in `directory.worktime`, the packaged data in `directory.holidays`,
the form of a year in `directory.holiday_years`. A year that nobody has announced is never guessed:
it has weekends alone and counts as estimated (预估).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from importlib import resources
from types import MappingProxyType
from typing import Literal
from zoneinfo import ZoneInfo

from directory.holiday_years import YearDays, parse_year
from directory.office_hours import DEFAULT_HOURS, DayPart, OfficeHours
from directory.worktime import DayKind, DayTable, WorkCalendar, signs

DECEMBER = 12

#: The zone of Beijing time.
USUAL_TIMEZONE = "Asia/Shanghai"

HOURS_BY_PROVINCE: Mapping[str, str] = MappingProxyType(
    {
        # Two hours later by Beijing time is common knowledge without a published source; a court's
        # own `hours` in the directory always win.
        "新疆维吾尔自治区": "10:00-14:00 15:30-19:30",
        "新疆生产建设兵团": "10:00-14:00 15:30-19:30",
    }
)


@dataclass(frozen=True, slots=True)
class SettledDay:
    """A day on which a province or one court keeps other hours than the calendar says.

    `scope` is a province's name or a court's code. `off`: closed; `work`: open although the calendar
    says otherwise; `hours`: open at `hours`. A closed court whose pages somebody else answers counts
    its clocks as on any other day.
    """

    id: int
    scope: str
    day: date
    kind: Literal["off", "work", "hours"]
    hours: str | None = None
    name: str = ""
    substitute_court: str | None = None
    substitute_officer_id: int | None = None

    @property
    def served(self) -> bool:
        """Whether another court or an officer answers while it is closed."""
        return self.substitute_court is not None or self.substitute_officer_id is not None


class UnknownTimezone(ValueError):
    """没有名为“{name}”的时区，请写成 Asia/Shanghai 或 Asia/Urumqi。"""

    def __init__(self, name: str) -> None:
        super().__init__((self.__doc__ or "").format(name=name))
        self.name = name


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
    return DayTable(
        MappingProxyType(days),
        frozenset(years),
        editions=MappingProxyType({number: year.edition for number, year in years.items()}),
    )


class _Announced:
    """What this process counts with. Like tzdata, one table for everybody."""

    years: tuple[YearDays, ...] = ()
    table: DayTable | None = None
    settled: Mapping[str, tuple[SettledDay, ...]] = MappingProxyType({})


def announce(years: Iterable[YearDays], settled: Iterable[SettledDay] = ()) -> bool:
    """Count with these years, besides the shipped ones, and these settled days from now on in this process.

    Called at the start and after a change with all of both. Calendars handed out before keep the table
    they had. Returns whether anything is different from before.
    """
    by_scope: dict[str, list[SettledDay]] = {}
    for day in sorted(settled, key=lambda item: item.id):
        by_scope.setdefault(day.scope, []).append(day)
    earlier = (_Announced.years, _Announced.settled)
    _Announced.years = tuple(years)
    _Announced.table = day_table(_Announced.years)
    _Announced.settled = MappingProxyType({scope: tuple(days) for scope, days in by_scope.items()})
    return earlier != (_Announced.years, _Announced.settled)


def year_in_force(year: int) -> YearDays | None:
    """The edition of a year that counts now; None for a year not announced."""
    return next(
        (known for known in _Announced.years if known.year == year), shipped_years().get(year)
    )


def missing_years(today: date) -> tuple[int, ...]:
    """The years that should have been announced by `today`: this one, and from December on the next.

    The General Office of the State Council announces a year in the October or November before it.
    """
    due = (today.year, today.year + 1) if today.month == DECEMBER else (today.year,)
    return tuple(year for year in due if year_in_force(year) is None)


def settled_for(province: str, code: str) -> tuple[SettledDay, ...]:
    """What a court's province and it have settled, the narrower and the later last."""
    settled = _Announced.settled
    if not settled:
        return ()
    return (*settled.get(province, ()), *settled.get(code, ()))


def closure_on(province: str, code: str, day: date) -> SettledDay | None:
    """Why a court is closed on a local day, if its province or it has settled that; the narrowest holds."""
    said = [item for item in settled_for(province, code) if item.day == day]
    return said[-1] if said and said[-1].kind == "off" else None


def calendar_for(
    hours: str | None,
    timezone: str | None,
    default_timezone: str,
    settled: tuple[SettledDay, ...] = (),
) -> WorkCalendar:
    """The calendar of a court.

    Args:
        hours: the court's `hours`, None or empty for the usual ones; see `default_hours`.
        timezone: the court's IANA zone, None or empty for `default_timezone`.
        default_timezone: the product's zone, `LIAISON_TIMEZONE`.
        settled: what its province and it have settled for single days; see `settled_for`.

    Raises:
        BadOfficeHours: the hours are unreadable.
        UnknownTimezone: there is no such zone.
    """
    table = _Announced.table or day_table()
    return _calendar(hours or DEFAULT_HOURS, timezone or default_timezone, table, settled)


def default_hours(province: str | None) -> str:
    """The hours of a court of this province whose row in the directory gives none."""
    return HOURS_BY_PROVINCE.get(province or "", DEFAULT_HOURS)


@lru_cache(maxsize=4096)
def _calendar(
    hours: str, timezone: str, table: DayTable, settled: tuple[SettledDay, ...]
) -> WorkCalendar:
    try:
        zone = ZoneInfo(timezone)
    except (ValueError, OSError, LookupError):
        # ZoneInfoNotFoundError is a KeyError; a path or a folder's name fails as the other two.
        raise UnknownTimezone(timezone) from None
    days = _settle(table, settled) if settled else table
    return WorkCalendar(OfficeHours.parse(hours), zone, days)


def _settle(table: DayTable, settled: Iterable[SettledDay]) -> DayTable:
    """The table of one court: what was said last about a day holds."""
    last = {item.day: item for item in settled}
    days = dict(table.days)
    hours: dict[date, tuple[DayPart, ...]] = {}
    for day, item in last.items():
        match item.kind:
            case "off" if not item.served:
                days[day] = DayKind.OFF
            case "work":
                days[day] = DayKind.WORK
            case "hours":
                days[day] = DayKind.WORK
                hours[day] = OfficeHours.parse(item.hours or "").parts_on(day)
    said = " ".join(
        f"{day}{last[day].kind}{last[day].hours or ''}{last[day].served}" for day in sorted(last)
    )
    return DayTable(
        MappingProxyType(days),
        table.known_years,
        MappingProxyType(hours),
        table.editions,
        signs(said),
    )
