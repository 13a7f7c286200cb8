"""The clock of one filing: how much of its target is used, when it is due, when it stands still.

Here the court's calendar meets a filing's `clock`. Counting working seconds is in
`directory.worktime`; which clock and target hold is resolved in `notifications.ladder`; what is
done when they run out is in `notifications.escalation`.

Source: answering within 30 minutes is the Supreme People's Court's indicator; nowhere is it said
whether minutes count outside hours, so both wall and working seconds are always told.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from directory import worktime
from directory.worktime import Span, WorkCalendar
from notifications.ladder import Clock


@dataclass(frozen=True, slots=True)
class Elapsed:
    """What passed between two instants, in whole seconds by either clock."""

    wall_seconds: int
    working_seconds: int

    def by(self, clock: Clock) -> int:
        """The seconds of the filing's own clock."""
        return self.working_seconds if clock == "working" else self.wall_seconds


@dataclass(frozen=True, slots=True)
class Reading:
    """A filing's clock as of `now`. Seconds are the clock's own; instants are UTC.

    Attributes:
        used_seconds: how much of the target is used.
        target_seconds: the target.
        due_at: when the target is used up.
        warn_at: when half of it is, the moment to warn (15 of 30 minutes).
        overdue: more than the target is used.
        starts_at: when the clock starts: the start, or the next opening on the working clock.
        pauses: the spans up to `due_at` in which the clock stands still; none on the wall clock.
        open_now: the court is open.
        estimated: the due time rests on a year whose holidays are not announced (预估).
    """

    used_seconds: int
    target_seconds: int
    due_at: datetime
    warn_at: datetime
    overdue: bool
    starts_at: datetime
    pauses: tuple[Span, ...]
    open_now: bool
    estimated: bool

    @property
    def used_minutes(self) -> int:
        """Used minutes as shown: rounded down."""
        return self.used_seconds // 60

    @property
    def target_minutes(self) -> int:
        """The target in minutes as shown: rounded down."""
        return self.target_seconds // 60


def reading(
    calendar: WorkCalendar,
    clock: Clock,
    started_at: datetime,
    target_seconds: int,
    now: datetime,
) -> Reading:
    """Read a filing's clock.

    Args:
        calendar: the jurisdiction court's.
        clock: `working` or `wall`.
        started_at: `received_at` for the answer; the acknowledgment or supplement for the result.
        target_seconds: the target on that clock.
        now: the instant of reading; for a stopped clock, the instant at which it was stopped.
    """
    working = clock == "working"
    due = due_at(calendar, clock, started_at, target_seconds)
    used = elapsed(calendar, started_at, now).by(clock)
    start = worktime.whole_second(started_at)
    return Reading(
        used_seconds=used,
        target_seconds=target_seconds,
        due_at=due,
        warn_at=due_at(calendar, clock, started_at, target_seconds // 2),
        overdue=not in_time(used, target_seconds),
        starts_at=worktime.add_working(calendar, start, 0) if working else start,
        pauses=worktime.pauses(calendar, start, due) if working else (),
        open_now=worktime.is_open(calendar, now),
        estimated=working and worktime.is_estimated(calendar, start, due),
    )


def due_at(
    calendar: WorkCalendar, clock: Clock, started_at: datetime, target_seconds: int
) -> datetime:
    """When `target_seconds` of the clock are used up, cut to the second.

    Raises:
        NoWorkingDay: the working clock would never get there.
    """
    if clock == "working":
        return worktime.add_working(calendar, started_at, target_seconds)
    return worktime.whole_second(started_at) + timedelta(seconds=target_seconds)


def elapsed(calendar: WorkCalendar, start: datetime, end: datetime) -> Elapsed:
    """Wall and working seconds from `start` to `end`; both 0 when `end` is not after `start`."""
    first, last = worktime.whole_second(start), worktime.whole_second(end)
    wall = max(0, (last - first) // timedelta(seconds=1))
    return Elapsed(wall, worktime.working_seconds(calendar, first, last))


def in_time(seconds: int, target_seconds: int) -> bool:
    """Whether so many seconds of the filing's clock are within its target; the last one is."""
    return seconds <= target_seconds
