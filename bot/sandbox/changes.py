"""Tells everyone who waits that the world has changed, whatever thread or event loop they live in."""

import asyncio
import threading
import time
from collections.abc import Callable

#: A predicate may look at more than the world; it is asked again at least this often (seconds).
HEARTBEAT = 0.1


class Changes:
    """A counter of changes that can be awaited from any event loop and announced from any thread."""

    def __init__(self) -> None:
        """Start at version 0."""
        self.version = 0
        self._lock = threading.Lock()
        self._waiting: set[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = set()

    def announce(self) -> None:
        """Count a change and wake everyone who waits."""
        with self._lock:
            self.version += 1
            waiting = list(self._waiting)
        for loop, event in waiting:
            if not loop.is_closed():
                loop.call_soon_threadsafe(event.set)

    async def past(self, version: int, timeout: float) -> bool:
        """Return whether the version passed `version` within `timeout` seconds."""
        ticket = (asyncio.get_running_loop(), asyncio.Event())
        with self._lock:
            if self.version > version:
                return True
            self._waiting.add(ticket)
        try:
            async with asyncio.timeout(max(timeout, 0)):
                await ticket[1].wait()
        except TimeoutError:
            return self.version > version
        finally:
            with self._lock:
                self._waiting.discard(ticket)
        return True

    async def until(self, predicate: Callable[[], object], timeout: float) -> object:
        """Return the first truthy value of `predicate`; its last falsy one after `timeout` seconds."""
        deadline = time.monotonic() + timeout
        while True:
            version = self.version
            value = predicate()
            left = deadline - time.monotonic()
            if value or left <= 0:
                return value
            await self.past(version, min(left, HEARTBEAT))
