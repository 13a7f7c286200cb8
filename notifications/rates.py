"""How this process keeps to the instants it was given, and what it knows of its own pace. No table, no rule.

The table gives instants at which messages start; Telegram counts those at which they arrive. A message
arrives somewhere between its start and its answer, so what matters here is counted from the answers: a
network that is slow once pushes no two messages into a window too many.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta
from math import floor

from directory.clock import Clock
from notifications.channels.addresses import is_outside
from notifications.outbox_rules import CHAT_MARGIN, GROUP_WINDOW, Rates

SECOND = timedelta(seconds=1)

#: How much closer than the even interval two messages may follow each other when the process is late.
CATCHING_UP = 0.97

#: A turn further away than this comes from before the clock was set back.
FAR_AHEAD = timedelta(seconds=5)

#: How many of the latest calls say how long a call takes at least: half a minute of them. Where the machine is
#: busy for a second or two every call is slow, now on the way there, now on the way back, and tells nothing of the line.
CALLS_REMEMBERED = 1024

#: How soon to look again when only an answer can make room.
LOOK_AGAIN = timedelta(milliseconds=20)

#: After so many answers, chats that have been quiet are forgotten.
TIDY_AFTER = 256


class Pace:
    """Lets messages go one after the other, and remembers when calls and chats were last answered."""

    def __init__(self, rates: Rates, clock: Clock) -> None:
        self._rates = rates
        self._clock = clock
        self._gap = rates.interval * CATCHING_UP
        #: At an even pace a second holds one more than the rate, counting both its ends.
        self._a_second_holds = floor(rates.global_per_second) + 1
        self._next: datetime | None = None
        self._under_way = 0
        self._latest: deque[datetime] = deque()
        self._durations: deque[timedelta] = deque(maxlen=CALLS_REMEMBERED)
        self._answers: dict[int, deque[datetime]] = {}
        self._count = 0
        self._looked_at: datetime | None = None
        #: From when each chat takes another message, as far as this process knows.
        self.free_from: dict[int, datetime] = {}

    def set_back_from(self, now: datetime) -> datetime | None:
        """From when the clock was set back to `now`; None when it was not.

        What was remembered belongs to instants that have not come yet: it is forgotten.
        """
        before, self._looked_at = self._looked_at, now
        if before is None or now >= before - FAR_AHEAD:
            return None
        self._next = None
        self._latest.clear()
        self._answers.clear()
        self.free_from.clear()
        return before

    async def turn(
        self, chat_id: int, slot: datetime, wake: asyncio.Event, given_up: Callable[[], bool]
    ) -> bool:
        """Return at `slot`, or shortly after when others are late too; False once `given_up()`.

        A chat that is none of Telegram's waits for no other, and no other waits for it, however slowly
        it answers. `wake` belongs to the caller alone and is set when it gives up. Each turn taken ends by `answered`.
        """
        if not await self._until(slot, wake, given_up):
            return False
        if is_outside(chat_id):
            return True
        if self._gap:
            now = start = self._clock.now()
            if self._next is not None and now < self._next <= now + FAR_AHEAD:
                start = self._next
            self._next = start + self._gap
            if not await self._until(start, wake, given_up):
                return False
            while (room_at := self._room_at(self._clock.now())) is not None:
                if given_up():
                    return False
                await self._clock.wait(room_at, wake)
        self._under_way += 1
        return True

    def answered(self, chat_id: int, began: datetime, at: datetime) -> None:
        """A call to `chat_id` that began after its turn ended, whatever the answer."""
        if not is_outside(chat_id):
            self._under_way -= 1
            if self._gap:
                self._latest.append(at)
                self._durations.append(at - began)
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

    def _room_at(self, now: datetime) -> datetime | None:
        """None when a call that starts now cannot be one too many in any second; else when to look again.

        The shortest call is the least time there and back together, so a call answered a second minus
        that ago arrived more than a second before one that starts now.
        """
        if self._latest and self._latest[-1] > now:
            self._latest.clear()  # The clock was set back.
        shortest = min(self._durations, default=timedelta(0))
        while self._latest and self._latest[0] <= now + shortest - SECOND:
            self._latest.popleft()
        if self._under_way + len(self._latest) < self._a_second_holds:
            return None
        if not self._latest:
            return now + LOOK_AGAIN
        return max(self._latest[0] + SECOND - shortest, now + timedelta(milliseconds=1))

    async def _until(
        self, instant: datetime, wake: asyncio.Event, given_up: Callable[[], bool]
    ) -> bool:
        while not given_up():
            now = self._clock.now()
            if now >= instant or instant > now + FAR_AHEAD:
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
