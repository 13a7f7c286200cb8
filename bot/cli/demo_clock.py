"""The demo's clock: the machine's own, set forward to office hours when the courts are closed now."""

from datetime import datetime, timedelta

from directory import worktime
from directory.calendars import calendar_for
from directory.clock import Clock, SystemClock

#: So much time (minutes) must be left before the next pause for the first filing's half hour to run.
ROOM = timedelta(minutes=45)
#: So long after the opening the demo begins.
AFTER_OPENING = timedelta(minutes=30)


class ShiftedClock(SystemClock):
    """The machine's clock, so much ahead."""

    def __init__(self, ahead: timedelta) -> None:
        self._ahead = ahead

    def now(self) -> datetime:
        """The present of the demo, aware, UTC."""
        return super().now() + self._ahead


def demo_clock(timezone: str) -> tuple[Clock, bool]:
    """A clock on which courts with the usual hours are open, and whether it is not the real one.

    At night nobody would be paged before the morning: right for a court, useless for a demo.
    """
    calendar = calendar_for(None, timezone, timezone)
    real = SystemClock()
    now = real.now()
    closes = worktime.closes_at(calendar, now)
    if worktime.is_open(calendar, now) and closes - now >= ROOM:
        return real, False
    after = closes if worktime.is_open(calendar, now) else now
    begins = worktime.next_opening(calendar, after) + AFTER_OPENING
    return ShiftedClock(begins - now), True


def clock_at(instant: datetime) -> Clock:
    """A clock that shows `instant` now and goes on from there."""
    return ShiftedClock(instant - SystemClock().now())
