"""The calendar of a court, and the arithmetic of working seconds between two instants.

Here live the values `DayTable` and `WorkCalendar` and the functions that count on them. Hours are
read in `directory.office_hours`; where holidays come from is in `directory.calendars`; what a
filing's clock means is in `notifications.answer_clock`.

All instants are aware datetimes; answers are UTC. Every instant is cut to whole seconds before
anything is counted, so that `working_seconds(c, s, add_working(c, s, n)) == n` for every `s`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from hashlib import sha256
from zoneinfo import ZoneInfo

from directory.office_hours import DayPart, OfficeHours
from directory.texts import Phrase

HORIZON_DAYS = 400
"""How far ahead an opening is looked for before the calendar is called useless."""

_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)
_MINUTES_A_DAY = 24 * 60


def _(msgid: str, **data: object) -> Phrase:
    """A text for whoever shows the fault, in the reader's language."""
    return Phrase(msgid, data)


class NoWorkingDay(ValueError):
    """自 {since} 起 {days} 天内没有工作日，请检查该法院的办公时间和节假日表。"""

    def __init__(self, since: date) -> None:
        self.said = _(
            "自 {since} 起 {days} 天内没有工作日，请检查该法院的办公时间和节假日表。",
            since=since.isoformat(),
            days=HORIZON_DAYS,
        )
        super().__init__(str(self.said))
        self.since = since


class DayKind(StrEnum):
    """Why a day is not what its weekday says."""

    OFF = "off"
    """A holiday, whatever the weekday."""
    WORK = "work"
    """调休: a make-up working day on a weekend."""


@dataclass(frozen=True, slots=True)
class DayTable:
    """The days that are not what their weekday says, and the years for which they are known.

    A year outside `known_years` is reckoned by weekdays alone and counts as estimated (预估).

    Attributes:
        days: holidays, make-up days, and the days that a province or court has settled otherwise.
        known_years: the years whose holidays were announced.
        hours: the parts of days on which other hours are kept than usual.
        editions: by year, eight signs that tell one edition of its holidays from another.
        settled: eight signs for what province and court have settled otherwise; empty for nothing.
    """

    days: Mapping[date, DayKind] = field(hash=False)
    known_years: frozenset[int]
    hours: Mapping[date, tuple[DayPart, ...]] = field(default_factory=dict, hash=False)
    editions: Mapping[int, str] = field(default_factory=dict, hash=False)
    settled: str = ""

    def is_working_day(self, day: date) -> bool:
        """Whether courts work on this day."""
        kind = self.days.get(day)
        return day.weekday() < 5 if kind is None else kind is DayKind.WORK

    def is_estimated(self, year: int) -> bool:
        """Whether the year's holidays have not been announced to us."""
        return year not in self.known_years


@dataclass(frozen=True, slots=True, eq=False)
class WorkCalendar:
    """When one court is open: its hours, its time zone, its days.

    Two are the same only if identical, so that a day's spans can be remembered for each.
    """

    hours: OfficeHours
    timezone: ZoneInfo
    days: DayTable


@dataclass(frozen=True, slots=True)
class Span:
    """From `start` (inclusive) to `end` (exclusive), UTC."""

    start: datetime
    end: datetime

    @property
    def seconds(self) -> int:
        """Its length in whole seconds."""
        return (self.end - self.start) // _SECOND


@lru_cache(maxsize=16_384)
def spans(calendar: WorkCalendar, local_date: date) -> tuple[Span, ...]:
    """The open spans of a court-local date, as UTC instants in order; empty on a day off."""
    if not calendar.days.is_working_day(local_date):
        return ()
    found = (
        Span(
            _instant(calendar.timezone, local_date, part.opens),
            _instant(calendar.timezone, local_date, part.closes),
        )
        for part in calendar.days.hours.get(local_date) or calendar.hours.parts_on(local_date)
    )
    # A part that lies wholly inside the hour skipped in spring has no length.
    return tuple(span for span in found if span.start < span.end)


def is_open(calendar: WorkCalendar, instant: datetime) -> bool:
    """Whether the court is open at the instant; the closing second is already closed."""
    moment = whole_second(instant)
    day = moment.astimezone(calendar.timezone).date()
    return any(span.start <= moment < span.end for span in spans(calendar, day))


def next_opening(calendar: WorkCalendar, instant: datetime) -> datetime:
    """The instant itself when the court is open, else the next opening.

    Raises:
        NoWorkingDay: nothing opens within `HORIZON_DAYS`.
    """
    moment = whole_second(instant)
    start = next(_spans_from(calendar, moment)).start
    return instant.astimezone(UTC) if start <= moment else start


def closes_at(calendar: WorkCalendar, instant: datetime) -> datetime:
    """The end of the span that is open at the instant or, when closed, of the next one.

    Raises:
        NoWorkingDay: nothing opens within `HORIZON_DAYS`.
    """
    return next(_spans_from(calendar, whole_second(instant))).end


def working_seconds(calendar: WorkCalendar, start: datetime, end: datetime) -> int:
    """Working seconds from `start` to `end`; 0 when `end` is not after `start`."""
    first, last = whole_second(start), whole_second(end)
    total = 0
    for span in _spans_between(calendar, first, last):
        total += span.seconds
    return total


def add_working(calendar: WorkCalendar, start: datetime, seconds: int) -> datetime:
    """The first instant at which `seconds` working seconds have passed since `start`.

    For 0 this is the instant at which the clock starts to run: `start` cut to the second, or the
    next opening. A day's last second ends at its closing, not at the next opening.

    Raises:
        ValueError: `seconds` is negative.
        NoWorkingDay: nothing opens within `HORIZON_DAYS`.
    """
    if seconds < 0:
        raise ValueError(f"working seconds cannot be negative: {seconds}")
    moment = whole_second(start)
    left = seconds
    for span in _spans_from(calendar, moment):
        begin = max(span.start, moment)
        available = (span.end - begin) // _SECOND
        if left <= available:
            return begin + timedelta(seconds=left)
        left -= available
    raise AssertionError("spans never end without NoWorkingDay")  # pragma: no cover


def pauses(calendar: WorkCalendar, start: datetime, end: datetime) -> tuple[Span, ...]:
    """The spans between `start` and `end` during which the working clock stands still."""
    cursor, last = whole_second(start), whole_second(end)
    found: list[Span] = []
    for span in _spans_between(calendar, cursor, last):
        if cursor < span.start:
            found.append(Span(cursor, span.start))
        cursor = span.end
    if cursor < last:
        found.append(Span(cursor, last))
    return tuple(found)


def is_estimated(calendar: WorkCalendar, start: datetime, end: datetime) -> bool:
    """Whether a court-local year between the two instants has no announced holidays."""
    first = whole_second(start).astimezone(calendar.timezone).year
    last = whole_second(end).astimezone(calendar.timezone).year
    return any(calendar.days.is_estimated(year) for year in range(first, max(first, last) + 1))


def edition(calendar: WorkCalendar, start: datetime, end: datetime) -> str:
    """Which edition of the calendar figures between two instants are counted with.

    `2026:1a2b3c4d@5e6f7a8b`, each local year with its holidays' signs (`?` for a year not announced;
    of three years and more, one for all), then those of the court's hours and zone; `+` and more signs follow where province or court have
    settled days otherwise. Equal editions count equal figures.
    """
    first = whole_second(start).astimezone(calendar.timezone).year
    last = whole_second(end).astimezone(calendar.timezone).year
    return _edition(calendar, first, max(first, last))


@lru_cache(maxsize=4096)
def _edition(calendar: WorkCalendar, first: int, last: int) -> str:
    days = calendar.days
    known = [f"{year}:{days.editions.get(year, '?')}" for year in range(first, last + 1)]
    years = ",".join(known) if len(known) <= 2 else f"{first}-{last}:{signs(' '.join(known))}"
    settled = f"+{days.settled}" if days.settled else ""
    return f"{years}@{signs(f'{calendar.hours} {calendar.timezone.key}')}{settled}"


def signs(text: str) -> str:
    """Eight hexadecimal signs that stand for a text."""
    return sha256(text.encode()).hexdigest()[:8]


def whole_second(instant: datetime) -> datetime:
    """The instant in UTC, cut to the second.

    Raises:
        ValueError: the datetime is naive.
    """
    if instant.tzinfo is None:
        raise ValueError(f"an aware datetime is needed, not {instant.isoformat()}")
    return instant.astimezone(UTC).replace(microsecond=0)


def _spans_from(calendar: WorkCalendar, moment: datetime) -> Iterator[Span]:
    """All spans that end after `moment`, without end."""
    day = moment.astimezone(calendar.timezone).date()
    last_open = day
    while (day - last_open).days <= HORIZON_DAYS:
        for span in spans(calendar, day):
            last_open = day
            if span.end > moment:
                yield span
        day += _DAY
    raise NoWorkingDay(last_open)


def _spans_between(calendar: WorkCalendar, start: datetime, end: datetime) -> Iterator[Span]:
    """The open spans between two whole seconds, clipped to them."""
    day = start.astimezone(calendar.timezone).date()
    last = end.astimezone(calendar.timezone).date()
    while day <= last:
        for span in spans(calendar, day):
            clipped = Span(max(span.start, start), min(span.end, end))
            if clipped.start < clipped.end:
                yield clipped
        day += _DAY


def _instant(zone: ZoneInfo, day: date, minute: int) -> datetime:
    """The UTC instant of a local minute of a day.

    A minute that occurs twice in autumn means its first occurrence; one that is skipped in spring
    means the moment of the change, so that neighbouring parts never overlap.
    """
    if minute == _MINUTES_A_DAY:
        day, minute = day + _DAY, 0
    local = datetime(day.year, day.month, day.day, minute // 60, minute % 60, tzinfo=zone)
    instant = local.astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None):
        return instant
    low, high = local.replace(fold=1).astimezone(UTC), instant
    before = low.astimezone(zone).utcoffset()
    while high - low > _SECOND:
        middle = low + (high - low) // _SECOND // 2 * _SECOND
        if middle.astimezone(zone).utcoffset() == before:
            low = middle
        else:
            high = middle
    return high
