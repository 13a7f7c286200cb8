"""A clock that stands still until a test moves it, and that knows when the product has nothing left to do."""

import asyncio
import inspect
import time
import weakref
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

#: Monday 09:30 in Beijing, the day after the first filing of 2019.
MONDAY_MORNING = datetime(2019, 8, 19, 1, 30, tzinfo=UTC)

#: How long (real seconds) the product may stay busy at one frozen instant.
PATIENCE = 20.0

#: How often in a row (a real millisecond apart) everything must be found idle.
LOOKS = 3

Settled = Callable[[], bool | Awaitable[bool]]


class StillBusyError(AssertionError):
    """The product did not come to rest although time stood still."""


@dataclass(slots=True, eq=False)
class _Waiter:
    until: datetime | None
    wake: asyncio.Event


class FrozenClock:
    """The tests' implementation of `directory.clock.Clock`.

    Moving it goes from one waiter's deadline to the next and lets the loops finish at each, so a
    step due at 09:40 runs at 09:40 even if the test advances by an hour.
    """

    def __init__(self, start: datetime = MONDAY_MORNING) -> None:
        self._now = start.astimezone(UTC)
        self._waiting: list[_Waiter] = []
        # Every event that was ever waited for, with the task that did: such a loop is busy while
        # it is alive and not waiting. Weak, so that one-off events are forgotten.
        self._loops: weakref.WeakKeyDictionary[asyncio.Event, weakref.ref[asyncio.Task[object]]] = (
            weakref.WeakKeyDictionary()
        )
        self._conditions: dict[str, Settled] = {}

    def now(self) -> datetime:
        """The frozen instant, aware, UTC."""
        return self._now

    async def wait(self, until: datetime | None, wake: asyncio.Event) -> None:
        """Return when the frozen time has reached `until` or `wake` is set, and clear `wake`."""
        task = asyncio.current_task()
        assert task is not None
        self._loops[wake] = weakref.ref(task)
        if wake.is_set() or (until is not None and until <= self._now):
            wake.clear()
            # A loop that always finds something due must not starve the others.
            await asyncio.sleep(0)
            return
        waiter = _Waiter(until, wake)
        self._waiting.append(waiter)
        try:
            await wake.wait()
        finally:
            self._waiting.remove(waiter)
        wake.clear()

    def settled_when(self, name: str, condition: Settled) -> None:
        """Count the product as busy while `condition()` is false; `name` says what is unfinished."""
        self._conditions[name] = condition

    def forget(self, name: str) -> None:
        """Stop asking the condition `name`."""
        self._conditions.pop(name, None)

    async def advance(
        self, *, seconds: float = 0, minutes: float = 0, hours: float = 0, days: float = 0
    ) -> None:
        """Move on by so much, everything due on the way happening at its own time."""
        await self.to(
            self._now + timedelta(seconds=seconds, minutes=minutes, hours=hours, days=days)
        )

    async def to(self, instant: datetime) -> None:
        """Move on to `instant`, everything due on the way happening at its own time."""
        assert instant >= self._now, (
            f"{instant} is before {self._now}: use jump to set a clock back"
        )
        await self.settle()
        while (due := self._next_deadline()) is not None and due <= instant:
            self._move(max(due, self._now))
            await self.settle()
        self._move(instant.astimezone(UTC))
        await self.settle()

    def jump(self, instant: datetime) -> None:
        """Set the clock, forward or back, as an administrator or a suspended machine does.

        Everybody looks again, as on the machine's clock within `LONGEST_WAIT`.
        """
        self._move(instant.astimezone(UTC))
        for waiter in self._waiting:
            waiter.wake.set()

    async def settle(self, patience: float = PATIENCE) -> None:
        """Return when every loop waits with nothing due and every condition holds."""
        limit = time.monotonic() + patience
        idle = 0
        while True:
            busy = await self._busy()
            idle = 0 if busy else idle + 1
            # Nothing may run between the last look and the caller: a loop woken meanwhile, as the watch
            # for other processes' commits does each second, would lose its deadline to the next move.
            if idle == LOOKS:
                return
            if busy and time.monotonic() > limit:
                raise StillBusyError(f"after {patience:g} s at {self._now}: {', '.join(busy)}")
            await asyncio.sleep(0.001)

    def is_waiting(self, wake: asyncio.Event) -> bool:
        """Whether somebody waits for this event and has not been woken."""
        return not wake.is_set() and any(waiter.wake is wake for waiter in self._waiting)

    async def loops(self, count: int, patience: float = PATIENCE) -> None:
        """Return when at least `count` loops have come to wait: the product has started."""
        limit = time.monotonic() + patience
        while len(self._waiting) < count:
            if time.monotonic() > limit:
                raise StillBusyError(f"{len(self._waiting)} of {count} loops wait")
            await asyncio.sleep(0.001)

    def _next_deadline(self) -> datetime | None:
        return min((w.until for w in self._waiting if w.until is not None), default=None)

    def _move(self, instant: datetime) -> None:
        self._now = instant
        for waiter in self._waiting:
            if waiter.until is not None and waiter.until <= instant:
                waiter.wake.set()

    async def _busy(self) -> list[str]:
        busy = []
        for name, condition in self._conditions.items():
            holds = condition()
            if inspect.isawaitable(holds):
                holds = await holds
            if not holds:
                busy.append(name)
        # The loops last, in one go: a condition that is awaited lets them run.
        waiting = {waiter.wake for waiter in self._waiting}
        me = asyncio.current_task()
        for wake, reference in list(self._loops.items()):
            task = reference()
            if task is None or task.done() or task is me:
                continue
            if wake not in waiting or wake.is_set():
                busy.append(f"the loop {task.get_name()} is at work")
        return busy
