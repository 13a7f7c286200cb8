"""Which cells there are and which of them make up a range of time: series, spans, covers. Reads no table.

A series is whose and which filings (role, drill or not, kind of unit, case type or all); a span is a year, a month,
a third of a month (旬: from the 1st, the 11th and the 21st) or a day in the desk's zone. Courts have few filings each: their days and case types are not kept, they are
read from the filings.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import Literal

Role = Literal["jurisdiction", "collaborating"]
Kind = Literal["nation", "province", "court"]
Level = Literal["year", "month", "third", "day"]

ROLES: tuple[Role, ...] = ("jurisdiction", "collaborating")

#: The unit of the one series that has no parts.
NATION = ""
#: The case type of a series that holds all of them.
ALL = "all"

#: Coarsest first. What is not kept here is read from the filings themselves.
_LEVELS: Mapping[tuple[Kind, bool], tuple[Level, ...]] = {
    ("nation", False): ("year", "month", "third", "day"),
    ("nation", True): ("year", "month", "third", "day"),
    ("province", False): ("year", "month", "third", "day"),
    ("province", True): ("year", "month"),
    ("court", False): ("year", "month"),
    ("court", True): (),
}

_DAY = timedelta(days=1)


def levels(kind: Kind, *, by_case_type: bool) -> tuple[Level, ...]:
    """Which spans are kept of units of this kind."""
    return _LEVELS[kind, by_case_type]


def series(role: Role, kind: Kind, case_type: str, *, drill: bool) -> str:
    """The name of a series."""
    return f"{role}/{'drill' if drill else 'real'}/{kind}/{case_type}"


def case_type_of(name: str) -> str:
    """The case type in a series' name."""
    return name.rpartition("/")[2]


def cells_of(
    role: Role, case_type: str, day: date, units: Mapping[Kind, str], *, drill: bool
) -> Iterable[tuple[str, str, str]]:
    """Every cell (series, span, unit) in which a filing that arrived on `day` is counted for one role."""
    return [
        (name, span_name, units[kind])
        for name, span_name, kind in _places(role, case_type, day, drill=drill)
    ]


@lru_cache(maxsize=4096)
def _places(
    role: Role, case_type: str, day: date, *, drill: bool
) -> tuple[tuple[str, str, Kind], ...]:
    return tuple(
        (
            series(role, kind, case_type if by_case_type else ALL, drill=drill),
            span(level, day),
            kind,
        )
        for (kind, by_case_type), kept in _LEVELS.items()
        for level in kept
    )


def span(level: Level, day: date) -> str:
    """The name of the span of this level that holds a day: `2019`, `2019-08`, `2019-08b` or `2019-08-18`."""
    if level == "third":
        return f"{day.isoformat()[:7]}{_THIRDS[_third(day)]}"
    return day.isoformat()[: _WIDTH[level]]


_WIDTH: Mapping[Level, int] = {"year": 4, "month": 7, "day": 10}
_THIRDS = "abc"


def _third(day: date) -> int:
    return min(2, (day.day - 1) // 10)


@lru_cache(maxsize=16384)
def start_of(day: date, zone: tzinfo) -> datetime:
    """The instant (UTC) at which a day begins."""
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


def day_of(instant: datetime, zone: tzinfo) -> date:
    """The day that an instant belongs to: it has begun, the next one has not, however clocks were set meanwhile."""
    day = instant.astimezone(zone).date()
    if instant < start_of(day, zone):
        return day - _DAY
    return day + _DAY if instant >= start_of(day + _DAY, zone) else day


@dataclass(frozen=True, slots=True)
class Cover:
    """The spans that make up `[first, last)`, the part of a range that holds whole spans; empty when both are equal."""

    spans: tuple[str, ...]
    first: datetime
    last: datetime

    def holds(self, instant: datetime) -> bool:
        """Whether what arrived then is in the spans."""
        return self.first <= instant < self.last


def cover(since: datetime, until: datetime, zone: tzinfo, kept: tuple[Level, ...]) -> Cover:
    """As few spans of these levels as make up the longest part of `[since, until)` they can."""
    nothing = Cover((), until, until)
    if not kept or since >= until:
        return nothing
    day, end = day_of(since, zone), day_of(until, zone)
    if start_of(day, zone) < since:
        day += _DAY
    if "day" not in kept:
        # Days at both ends that fill no month are left to the filings.
        day = next_month(day) if day.day > 1 else day
        end = end.replace(day=1)
    if day >= end:
        return nothing
    first, spans = start_of(day, zone), []
    while day < end:
        level, following = _longest(day, end, kept)
        spans.append(span(level, day))
        day = following
    return Cover(tuple(spans), first, start_of(end, zone))


def _longest(day: date, end: date, kept: tuple[Level, ...]) -> tuple[Level, date]:
    """The longest span that begins on `day` and ends by `end`, and the day after it."""
    ends: Mapping[Level, date] = {
        "year": date(day.year + 1, 1, 1) if (day.month, day.day) == (1, 1) else date.max,
        "month": next_month(day) if day.day == 1 else date.max,
        "third": _next_third(day) if day.day in (1, 11, 21) else date.max,
        "day": day + _DAY,
    }
    return next((level, ends[level]) for level in kept if ends[level] <= end)


def _next_third(day: date) -> date:
    return next_month(day) if day.day == 21 else day + 10 * _DAY


def spans_within(month: date) -> list[str]:
    """Every span that lies within a month: itself, its thirds and days."""
    days = [month + number * _DAY for number in range((next_month(month) - month).days)]
    thirds = dict.fromkeys(span("third", day) for day in days)
    return [span("month", month), *thirds, *(span("day", day) for day in days)]


def is_year(name: str) -> bool:
    """Whether a span is a year."""
    return len(name) == _WIDTH["year"]


def next_month(day: date) -> date:
    """The first day of the month after a day's."""
    return (day.replace(day=1) + 32 * _DAY).replace(day=1)
