"""Which sheets there are and which of them make up a range of time: series, spans, covers. Reads no table.

A series is whose and which filings (role, drill or not, kind of unit) by what (provinces, courts or case types); a span
is a year, a quarter, a month, a third of a month (旬: from the 1st, the 11th and the 21st) or a day in the desk's zone.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import Literal

Role = Literal["jurisdiction", "collaborating"]
Kind = Literal["nation", "province", "court"]
Split = Literal["province", "court", "case_type"]
Level = Literal["year", "quarter", "month", "third", "day"]

ROLES: tuple[Role, ...] = ("jurisdiction", "collaborating")

#: The unit of the one series that has no parts.
NATION = ""

#: Coarsest first.
LEVELS: tuple[Level, ...] = ("year", "quarter", "month", "third", "day")

_DAY = timedelta(days=1)

#: Whose filings are kept by what, and in which spans. A court's own are a line of its province's; its case types are
#: read from the filings, as are those of a province's odd days: they are few.
KEPT: Mapping[tuple[Kind, Split], tuple[Level, ...]] = {
    ("nation", "province"): LEVELS,
    ("nation", "case_type"): LEVELS,
    ("province", "court"): LEVELS,
    ("province", "case_type"): ("year", "quarter", "month", "third"),
}

#: Series, span and unit of a sheet.
SheetKey = tuple[str, str, str]


def series(role: Role, kind: Kind, split: Split, *, drill: bool) -> str:
    """The name of a series, short because each sheet repeats it: `jur/prov/cour`, `col/nati/case/drill`."""
    short = f"{role[:3]}/{kind[:4]}/{split[:4]}"
    return f"{short}/drill" if drill else short


def lines_of(
    role: Role, case_type: str, day: date, units: Mapping[Kind, str], *, drill: bool
) -> Iterable[tuple[SheetKey, str]]:
    """Every sheet in which a filing that arrived on `day` is counted for one role, and in which of its lines."""
    lines: Mapping[Split, str] = {
        "province": units["province"],
        "court": units["court"],
        "case_type": case_type,
    }
    return [
        ((name, span_name, units[kind]), lines[split])
        for name, span_name, kind, split in _places(role, day, drill=drill)
    ]


@lru_cache(maxsize=4096)
def _places(role: Role, day: date, *, drill: bool) -> tuple[tuple[str, str, Kind, Split], ...]:
    return tuple(
        (series(role, kind, split, drill=drill), span(level, day), kind, split)
        for (kind, split), levels in KEPT.items()
        for level in levels
    )


def span(level: Level, day: date) -> str:
    """The name of the span that holds a day: `2019`, `2019q3`, `2019-08`, `2019-08b` or `2019-08-18`."""
    if level == "quarter":
        return f"{day.year}q{(day.month + 2) // 3}"
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


def cover(
    since: datetime, until: datetime, zone: tzinfo, kept: tuple[Level, ...] = LEVELS
) -> Cover:
    """As few spans of these levels as make up the longest part of `[since, until)` they can."""
    if since >= until:
        return Cover((), until, until)
    day, end = day_of(since, zone), day_of(until, zone)
    if start_of(day, zone) < since:
        day += _DAY
    first, spans = day, []
    while day < end:
        longest = _longest(day, end, kept)
        if longest is not None:
            level, following = longest
            spans.append(span(level, day))
            day = following
        elif spans:
            break
        else:
            first = day = day + _DAY
    if not spans:
        return Cover((), until, until)
    return Cover(tuple(spans), start_of(first, zone), start_of(day, zone))


def _longest(day: date, end: date, kept: tuple[Level, ...]) -> tuple[Level, date] | None:
    """The longest span that begins on `day` and ends by `end`, and the day after it; None without one."""
    first = day.day == 1
    ends: Mapping[Level, date] = {
        "year": date(day.year + 1, 1, 1) if first and day.month == 1 else date.max,
        "quarter": next_quarter(day) if first and day.month % 3 == 1 else date.max,
        "month": next_month(day) if first else date.max,
        "third": _next_third(day) if day.day in (1, 11, 21) else date.max,
        "day": day + _DAY,
    }
    return next(((level, ends[level]) for level in kept if ends[level] <= end), None)


def _next_third(day: date) -> date:
    return next_month(day) if day.day == 21 else day + 10 * _DAY


def spans_within(month: date) -> list[str]:
    """Every span that lies within a month: itself, its thirds and days."""
    days = [month + number * _DAY for number in range((next_month(month) - month).days)]
    thirds = dict.fromkeys(span("third", day) for day in days)
    return [span("month", month), *thirds, *(span("day", day) for day in days)]


def is_made_of_months(name: str) -> bool:
    """Whether a span is a year or a quarter."""
    return len(name) < _WIDTH["month"]


def spans_of_months(year: int) -> dict[str, list[str]]:
    """The spans of a year that are made of months, with their months."""
    months = [date(year, month, 1) for month in range(1, 13)]
    made: dict[str, list[str]] = {}
    for month in months:
        for level in ("year", "quarter"):
            made.setdefault(span(level, month), []).append(span("month", month))
    return made


def next_month(day: date) -> date:
    """The first day of the month after a day's."""
    return (day.replace(day=1) + 32 * _DAY).replace(day=1)


def next_quarter(day: date) -> date:
    """The first day of the quarter after that of a day on which one begins."""
    return next_month(next_month(next_month(day)))
