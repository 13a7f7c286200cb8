"""The one place where the present comes from: the `Clock` port and the machine's own clock. No rule lives here."""

import asyncio
import time
from datetime import UTC, datetime
from typing import Protocol

#: The longest single wait (seconds): a machine whose clock was set is noticed within it.
LONGEST_WAIT = 5.0


def elapsed_seconds() -> float:
    """Seconds on a clock that nobody sets and that goes on while the machine sleeps; differences alone count."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


class Clock(Protocol):
    """What the product knows of time. The tests' second implementation is moved by hand."""

    def now(self) -> datetime:
        """The present instant, aware, UTC."""
        ...

    async def wait(self, until: datetime | None, wake: asyncio.Event) -> None:
        """Return when `until` has come or `wake` is set, and clear `wake`; `None` waits for `wake`.

        May return early; callers look at their tables again either way.
        """
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present instant, aware, UTC."""
        return datetime.now(UTC)

    async def wait(self, until: datetime | None, wake: asyncio.Event) -> None:
        """Return when `until` has come, `wake` is set, or `LONGEST_WAIT` has passed."""
        seconds = LONGEST_WAIT
        if until is not None:
            seconds = min(seconds, (until - self.now()).total_seconds())
        if seconds > 0 and not wake.is_set():
            try:
                async with asyncio.timeout(seconds):
                    await wake.wait()
            except TimeoutError:
                return
        wake.clear()
