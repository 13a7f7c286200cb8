"""The clock of a simulation: it stands still until it is moved, and tells when the dispatcher waits. No rule."""

import asyncio
from datetime import UTC, datetime


class SeasonClock:
    """Implements `directory.clock.Clock` for one loop that waits in it at a time."""

    def __init__(self, start: datetime) -> None:
        self._now = start.astimezone(UTC)
        #: Set while the loop waits with nothing due.
        self.waited_for = asyncio.Event()
        #: Until when it waits; None when only a commit can wake it.
        self.until: datetime | None = None
        self._wake: asyncio.Event | None = None

    def now(self) -> datetime:
        """The instant it was moved to, aware, UTC."""
        return self._now

    def move(self, instant: datetime) -> None:
        """Go on to `instant`, never back; whoever waited for it goes on."""
        self._now = max(self._now, instant)
        if self._wake is not None and self.until is not None and self.until <= self._now:
            self._wake.set()

    async def wait(self, until: datetime | None, wake: asyncio.Event) -> None:
        """Return when the time has been moved to `until` or `wake` is set, and clear `wake`."""
        if wake.is_set() or (until is not None and until <= self._now):
            wake.clear()
            await asyncio.sleep(0)
            return
        self.until, self._wake = until, wake
        self.waited_for.set()
        try:
            await wake.wait()
        finally:
            self.until = self._wake = None
            self.waited_for.clear()
        wake.clear()
