"""How this process keeps to the instants it was given, and what it knows of its own pace. No table, no rule."""

import asyncio
from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta

from directory.clock import Clock
from notifications.outbox_rules import CHAT_MARGIN, GROUP_WINDOW, Rates

#: How much closer than the even interval two messages may follow each other when the process is late.
CATCHING_UP = 0.97

#: A turn further away than this comes from before the clock was set back.
FAR_AHEAD = timedelta(seconds=5)

#: After so many answers, chats that have been quiet are forgotten.
TIDY_AFTER = 256


class Pace:
    """Lets messages go one after the other, and remembers when each chat was last answered.

    A message reaches Telegram somewhere between its start and its answer. Counting from the answer
    keeps a slow network from pushing two messages of a chat into one second.
    """

    def __init__(self, rates: Rates, clock: Clock) -> None:
        self._rates = rates
        self._clock = clock
        self._gap = rates.interval * CATCHING_UP
        self._next: datetime | None = None
        self._answers: dict[int, deque[datetime]] = {}
        self._count = 0
        #: From when each chat takes another message, as far as this process knows.
        self.free_from: dict[int, datetime] = {}

    async def turn(self, slot: datetime, wake: asyncio.Event, given_up: Callable[[], bool]) -> bool:
        """Return at `slot`, or shortly after when others are late too; False once `given_up()`.

        `wake` belongs to the caller alone and is set when it gives up.
        """
        if not await self._until(slot, wake, given_up):
            return False
        if not self._gap:
            return True
        now = self._clock.now()
        start = now
        if self._next is not None and now < self._next <= now + FAR_AHEAD:
            start = self._next
        self._next = start + self._gap
        return await self._until(start, wake, given_up)

    def answered(self, chat_id: int, at: datetime) -> None:
        """A call to `chat_id` ended at `at`, whatever the answer."""
        group = chat_id < 0 and self._rates.group_per_minute > 0
        if not (group or self._rates.chat_per_second):
            return
        answers = self._answers.setdefault(
            chat_id, deque(maxlen=max(1, self._rates.group_per_minute) if group else 1)
        )
        answers.append(at)
        free = at + self._rates.chat_interval + CHAT_MARGIN
        if group and len(answers) == answers.maxlen:
            free = max(free, answers[0] + GROUP_WINDOW)
        self.free_from[chat_id] = free
        self._count += 1
        if self._count % TIDY_AFTER == 0:
            self._tidy(at)

    async def _until(
        self, instant: datetime, wake: asyncio.Event, given_up: Callable[[], bool]
    ) -> bool:
        while not given_up():
            if self._clock.now() >= instant:
                return True
            await self._clock.wait(instant, wake)
        return False

    def _tidy(self, now: datetime) -> None:
        quiet = [
            chat_id
            for chat_id, answers in self._answers.items()
            if answers[-1] < now - GROUP_WINDOW
        ]
        for chat_id in quiet:
            del self._answers[chat_id]
            del self.free_from[chat_id]
