"""Which digests there are, when each falls due by the court's calendar, and for how long a missed one is still worth sending.

Reads no table and knows no clock; what a digest says is in `digest_words`.
"""

import re
import unicodedata
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Literal

from directory.worktime import Span

#: `officer`: the morning line; `court`: the daily digest of a court; `province`: the daily one of a
#: province (at 最高法: of the nation); `leader`: the weekly one of a court.
Kind = Literal["officer", "court", "province", "leader"]
KINDS: tuple[Kind, ...] = ("officer", "court", "province", "leader")

#: Kinds of people, by the posts that get them.
POSTS: Mapping[Kind, frozenset[str]] = {
    "officer": frozenset({"A", "B"}),
    "leader": frozenset({"leader"}),
    "province": frozenset({"coordinator"}),
}

#: Who reads a court's daily one where it has no group: the first of these posts at which somebody does.
COURT_READERS = ("leader", "A", "B")

#: Times that are offered beside the court's opening or closing.
TIMES: Mapping[Kind, tuple[str, ...]] = {
    "officer": ("07:30", "08:00", "09:00"),
    "court": ("16:30", "17:30", "18:00"),
    "province": ("16:30", "17:30", "18:00"),
    "leader": ("16:00", "17:30", "18:00"),
}

_TYPED = re.compile(r"(\d{1,2})(?:[:.点时](\d{2})?分?|(\d{2}))")


def typed_time(words: str) -> str | None:
    """A time of day as people type it (`8:10`, `8：10`, `0810`, `8点`, `8点10分`) as `HH:MM`; None for anything else."""
    match = _TYPED.fullmatch("".join(unicodedata.normalize("NFKC", words).split()))
    if match is None:
        return None
    hour, minute = int(match[1]), int(match[2] or match[3] or 0)
    return f"{hour:02}:{minute:02}" if hour < 24 and minute < 60 else None


def typed_for(kinds: Sequence[Kind], wished: str) -> Kind:
    """Of somebody's digests the one that a time is meant for: the morning line before noon, else the first of the others.

    Raises:
        IndexError: there are none.
    """
    mornings = [kind for kind in kinds if (kind == "officer") == (wished < "12:00")]
    return (mornings or list(kinds))[0]


#: So far back (days) a digest that was missed is looked for; so far ahead the next is planned. Where
#: nothing is found, one looks again then: calendars change, and nothing is planned longer than that.
LOOK_BACK, AHEAD = 12, 4

#: Planned later than this was planned by a clock that was ahead.
FURTHEST = timedelta(days=AHEAD + 2)

#: However late the time somebody chose: for so long at least it is worth sending.
_AT_LEAST = timedelta(hours=1)

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Days:
    """When a court's own people are at work: the spans of each of its local days, none on a day off."""

    zone: tzinfo
    spans: Callable[[date], Sequence[Span]]

    def today(self, now: datetime) -> date:
        """The local day of an instant."""
        return now.astimezone(self.zone).date()

    def next_at_work(self, day: date) -> date | None:
        """The next day at work after `day`; None where there is none for long."""
        ahead = (day + _DAY * number for number in range(1, 3 * LOOK_BACK))
        return next((one for one in ahead if self.spans(one)), None)

    def last_at_work(self, day: date) -> date | None:
        """The last day at work before `day`; None where there was none for long."""
        back = (day - _DAY * number for number in range(1, 3 * LOOK_BACK))
        return next((one for one in back if self.spans(one)), None)


def kinds_of(posts: Collection[str]) -> tuple[Kind, ...]:
    """The digests of a person who holds these posts."""
    return tuple(kind for kind in KINDS if POSTS.get(kind, frozenset()) & frozenset(posts))


def strikes(kind: Kind, wished: str | None, days: Days, day: date) -> datetime | None:
    """When the digest of a local day is due (UTC); None on a day off, and for `leader` before the week's last day.

    `wished` is a local time, `HH:MM`; None is the opening for `officer`, the closing for the others.
    """
    spans = days.spans(day)
    if not spans or (kind == "leader" and not _ends_the_week(days, day)):
        return None
    if wished is not None:
        hour, minute = map(int, wished.split(":"))
        return datetime.combine(day, time(hour, minute), days.zone).astimezone(UTC)
    return spans[0].start if kind == "officer" else spans[-1].end


def _ends_the_week(days: Days, day: date) -> bool:
    """Whether no later day of the week is one of work."""
    return not any(days.spans(day + _DAY * number) for number in range(1, 7 - day.weekday()))


def useful_until(kind: Kind, wished: str | None, days: Days, day: date) -> datetime:
    """Until when the digest of a day is worth sending.

    The morning line until that day's closing, the daily ones until the next opening, the weekly one
    until the closing of the next day at work.
    """
    following = days.next_at_work(day)
    if kind == "officer":
        until = days.spans(day)[-1].end
    elif following is None:
        until = datetime.combine(day + _DAY, time(), days.zone).astimezone(UTC)
    else:
        spans = days.spans(following)
        until = spans[-1].end if kind == "leader" else spans[0].start
    struck = strikes(kind, wished, days, day)
    return until if struck is None else max(until, struck + _AT_LEAST)


def due_day(
    kind: Kind, wished: str | None, days: Days, done_on: date, now: datetime
) -> date | None:
    """The day whose digest is to be sent now; None when that was done, or comes too late to be of use.

    However many were missed, it is the last one alone.
    """
    today = days.today(now)
    for day in (today - _DAY * number for number in range(LOOK_BACK + 1)):
        if day <= done_on:
            return None
        struck = strikes(kind, wished, days, day)
        if struck is not None and struck <= now:
            return day if now < useful_until(kind, wished, days, day) else None
    return None


def done_by_now(kind: Kind, wished: str | None, days: Days, now: datetime) -> date:
    """Up to which day nothing is to be made up for somebody who begins, or chooses another time, at `now`."""
    today = days.today(now)
    struck = strikes(kind, wished, days, today)
    return today if struck is not None and struck <= now else today - _DAY


def next_look(kind: Kind, wished: str | None, days: Days, done_on: date, now: datetime) -> datetime:
    """When the next digest is due, or when to look again."""
    today = days.today(now)
    for day in (today + _DAY * number for number in range(AHEAD + 1)):
        struck = strikes(kind, wished, days, day) if day > done_on else None
        if struck is not None and struck > now:
            return struck
    return now + _DAY * AHEAD
