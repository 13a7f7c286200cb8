"""Office hours, and the arithmetic of working seconds between two instants.

Here live the values `OfficeHours`, `DayTable` and `WorkCalendar` and the functions that count on
them. Where holidays come from is in `directory.calendars`; what a filing's clock means is in
`notifications.answer_clock`.

All instants are aware datetimes; answers are UTC. Every instant is cut to whole seconds before
anything is counted, so that `working_seconds(c, s, add_working(c, s, n)) == n` for every `s`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

DEFAULT_HOURS = "08:30-11:30 13:30-17:00"

_HOURS_REMEDY = (
    "请写成“08:30-11:30 13:30-17:00”，分季节时写成"
    "“05-01/09-30: 08:30-11:30 14:00-17:30; 10-01/04-30: 08:30-11:30 13:30-17:00”。"
)

HORIZON_DAYS = 400
"""How far ahead an opening is looked for before the calendar is called useless."""

_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)
_MINUTES_A_DAY = 24 * 60
_LEAP_YEAR = 2024
_TOLERATED = str.maketrans(
    {"–": "-", "—": "-", "−": "-", "~": "-", "〜": "-", "至": "-", "、": " ", ",": " ", "\n": " "}
)
_SEASON = re.compile(r"(\d{1,2})-(\d{1,2})\s*/\s*(\d{1,2})-(\d{1,2})\s*:\s*(.+)")
_PART = re.compile(r"(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})")


class BadOfficeHours(ValueError):
    """办公时间“{text}”有误：{fault}。"""

    def __init__(self, text: str, fault: str) -> None:
        super().__init__((self.__doc__ or "").format(text=text, fault=fault) + _HOURS_REMEDY)
        self.text = text
        self.fault = fault


class NoWorkingDay(ValueError):
    """自 {since} 起 {days} 天内没有工作日，请检查该法院的办公时间和节假日表。"""

    def __init__(self, since: date) -> None:
        super().__init__((self.__doc__ or "").format(since=since.isoformat(), days=HORIZON_DAYS))
        self.since = since


class DayKind(StrEnum):
    """Why a day is not what its weekday says."""

    OFF = "off"
    """A holiday, whatever the weekday."""
    WORK = "work"
    """调休: a make-up working day on a weekend."""


@dataclass(frozen=True, slots=True, order=True)
class DayPart:
    """A stretch of one day in minutes after local midnight; `closes` is exclusive, at most 1440."""

    opens: int
    closes: int

    def __str__(self) -> str:
        return f"{_clock(self.opens)}-{_clock(self.closes)}"


@dataclass(frozen=True, slots=True)
class Season:
    """Hours that hold from `first` to `last`, both (month, day) and inclusive; may wrap the year."""

    first: tuple[int, int]
    last: tuple[int, int]
    parts: tuple[DayPart, ...]

    def covers(self, month_day: tuple[int, int]) -> bool:
        """Whether the season holds on this (month, day)."""
        if self.first <= self.last:
            return self.first <= month_day <= self.last
        return month_day >= self.first or month_day <= self.last

    def __str__(self) -> str:
        hours = " ".join(str(part) for part in self.parts)
        (m1, d1), (m2, d2) = self.first, self.last
        return f"{m1:02}-{d1:02}/{m2:02}-{d2:02}: {hours}"


_WHOLE_YEAR = ((1, 1), (12, 31))


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """The opening hours of a court on its working days, by season."""

    seasons: tuple[Season, ...]

    @classmethod
    def parse(cls, text: str) -> OfficeHours:
        """Read the `hours` of a directory file.

        Full-width colons, dashes and semicolons are tolerated, touching parts are joined.

        Raises:
            BadOfficeHours: the text is unreadable, or its seasons leave a day out or overlap.
        """
        plain = unicodedata.normalize("NFKC", text).translate(_TOLERATED).strip()
        pieces = [piece.strip() for piece in plain.split(";") if piece.strip()]
        if not pieces:
            raise BadOfficeHours(text, "没有写任何时段")
        if len(pieces) == 1 and "/" not in pieces[0]:
            return cls((Season(*_WHOLE_YEAR, _parse_parts(pieces[0], text)),))
        hours = cls(tuple(_parse_season(piece, text) for piece in pieces))
        hours._check_every_day_once(text)
        return hours

    def parts_on(self, day: date) -> tuple[DayPart, ...]:
        """The parts of the given day, were it a working day."""
        month_day = (day.month, day.day)
        for season in self.seasons:
            if season.covers(month_day):
                return season.parts
        # Only 29 February may be left out by a text that says 02-28 and 03-01.
        return self.parts_on(day - _DAY)

    def _check_every_day_once(self, text: str) -> None:
        day = date(_LEAP_YEAR, 1, 1)
        while day.year == _LEAP_YEAR:
            month_day = (day.month, day.day)
            count = sum(season.covers(month_day) for season in self.seasons)
            if count > 1:
                raise BadOfficeHours(text, f"{day:%m-%d} 落在两个季节里")
            if count == 0 and month_day != (2, 29):
                raise BadOfficeHours(text, f"{day:%m-%d} 不属于任何季节")
            day += _DAY

    def __str__(self) -> str:
        only = self.seasons[0]
        if len(self.seasons) == 1 and (only.first, only.last) == _WHOLE_YEAR:
            return " ".join(str(part) for part in only.parts)
        return "; ".join(str(season) for season in self.seasons)


@dataclass(frozen=True, slots=True)
class DayTable:
    """The days that are not what their weekday says, and the years for which they are known.

    A year outside `known_years` is reckoned by weekdays alone and counts as estimated (预估).
    """

    days: Mapping[date, DayKind] = field(hash=False)
    known_years: frozenset[int]

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
        for part in calendar.hours.parts_on(local_date)
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


def _parse_season(piece: str, text: str) -> Season:
    match = _SEASON.fullmatch(piece)
    if match is None:
        raise BadOfficeHours(text, f"季节“{piece}”应写成“月-日/月-日: 时段”")
    first = _month_day(match[1], match[2], text)
    last = _month_day(match[3], match[4], text)
    return Season(first, last, _parse_parts(match[5], text))


def _month_day(month: str, day: str, text: str) -> tuple[int, int]:
    try:
        found = date(_LEAP_YEAR, int(month), int(day))
    except ValueError:
        raise BadOfficeHours(text, f"没有 {month}-{day} 这一天") from None
    return found.month, found.day


def _parse_parts(piece: str, text: str) -> tuple[DayPart, ...]:
    parts: list[DayPart] = []
    for word in re.sub(r"\s*([-:])\s*", r"\1", piece).split():
        match = _PART.fullmatch(word)
        if match is None:
            raise BadOfficeHours(text, f"时段“{word}”应写成“08:30-11:30”")
        opens, closes = _minute(match[1], match[2], text), _minute(match[3], match[4], text)
        if opens >= closes:
            raise BadOfficeHours(text, f"时段“{word}”的结束不晚于开始")
        if parts and opens < parts[-1].closes:
            raise BadOfficeHours(text, f"时段“{word}”与前一时段重叠或次序颠倒")
        if parts and opens == parts[-1].closes:
            parts[-1] = DayPart(parts[-1].opens, closes)
        else:
            parts.append(DayPart(opens, closes))
    return tuple(parts)


def _minute(hour: str, minute: str, text: str) -> int:
    total = int(hour) * 60 + int(minute)
    if int(minute) > 59 or total > _MINUTES_A_DAY:
        raise BadOfficeHours(text, f"没有 {hour}:{minute} 这个时刻")
    return total


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
