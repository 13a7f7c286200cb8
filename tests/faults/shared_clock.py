"""A clock that several processes share and that a test moves: real time, plus what was added by hand."""

import asyncio
import mmap
import struct
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self

from tests.clock import MONDAY_MORNING

#: How long (real seconds) a moved clock may go unnoticed.
GRAIN = 0.02

#: The longest single wait (real seconds) for a wake-up alone.
LONGEST = 5.0

_FACTS = struct.Struct("ddd")


class SharedClock:
    """Implements `directory.clock.Clock` over a small file that every process maps into its memory.

    The present is `start + (monotonic - anchor) + added`; the machine's monotonic clock is the same for
    all its processes.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        with path.open("r+b") as file:
            self._memory = mmap.mmap(file.fileno(), _FACTS.size)

    @classmethod
    def create(cls, path: Path, start: datetime = MONDAY_MORNING) -> Self:
        """A clock that begins now at `start`."""
        path.write_bytes(_FACTS.pack(start.timestamp(), time.monotonic(), 0.0))
        return cls(path)

    def now(self) -> datetime:
        """The shared instant, aware, UTC."""
        start, anchor, added = _FACTS.unpack(self._memory[:])
        return datetime.fromtimestamp(start + (time.monotonic() - anchor) + added, UTC)

    def advance(self, *, minutes: float = 0, seconds: float = 0) -> None:
        """Set the clock forward in every process; what is due by then is done late, as after a suspension."""
        start, anchor, added = _FACTS.unpack(self._memory[:])
        added += timedelta(minutes=minutes, seconds=seconds).total_seconds()
        self._memory[:] = _FACTS.pack(start, anchor, added)

    async def wait(self, until: datetime | None, wake: asyncio.Event) -> None:
        """Return when `until` has come, `wake` is set, or `LONGEST` has passed."""
        limit = time.monotonic() + LONGEST
        while not wake.is_set() and (left := limit - time.monotonic()) > 0:
            if until is not None:
                due = (until - self.now()).total_seconds()
                if due <= 0:
                    break
                left = min(left, due, GRAIN)
            try:
                async with asyncio.timeout(left):
                    await wake.wait()
            except TimeoutError:
                continue
        # A loop that always finds something due must not starve the others.
        await asyncio.sleep(0)
        wake.clear()
