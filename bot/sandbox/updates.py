"""The queue of updates waiting for the bot, as Telegram keeps it: numbers, confirmation, a day's life. No HTTP."""

from collections import deque
from collections.abc import Callable, Collection
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot.sandbox.faults import DeliveryFault

#: Telegram forgets an update nobody fetched after a day.
KEPT_FOR = timedelta(hours=24)
FIRST_UPDATE_ID = 731_000_001
#: Kinds that must be asked for by name in `allowed_updates`.
ON_REQUEST = {"chat_member", "message_reaction", "message_reaction_count"}


@dataclass(slots=True)
class QueuedUpdate:
    """One update and when it was put in line."""

    update_id: int
    kind: str
    payload: dict[str, Any]
    queued_at: datetime
    fault: DeliveryFault | None = None
    redeliveries: int = 0

    def to_api(self) -> dict[str, Any]:
        """The Update object."""
        return {"update_id": self.update_id, self.kind: deepcopy(self.payload)}

    @property
    def chat_id(self) -> int:
        """The chat it belongs to (the user for inline queries): updates of one chat stay in order."""
        place = self.payload.get("chat") or self.payload.get("message", {}).get("chat")
        return int((place or self.payload["from"])["id"])


@dataclass(slots=True)
class UpdateQueue:
    """Updates in order. The owner holds the lock."""

    clock: Callable[[], datetime]
    fault_for: Callable[[int], DeliveryFault | None] = lambda _number: None
    allowed: frozenset[str] | None = None
    waiting: deque[QueuedUpdate] = field(default_factory=deque)
    handed: set[int] = field(default_factory=set)
    next_id: int = FIRST_UPDATE_ID
    #: The long poll that has the right to answer; a newer one ends it.
    poller: int = 0

    def put(self, kind: str, payload: dict[str, Any]) -> None:
        """Queue an update unless the bot did not ask for its kind."""
        wanted = kind not in ON_REQUEST if not self.allowed else kind in self.allowed
        if not wanted:
            return
        fault = self.fault_for(self.next_id - FIRST_UPDATE_ID + 1)
        update = QueuedUpdate(self.next_id, kind, payload, self.clock(), fault)
        self.next_id += 1
        self.waiting.append(update)

    def allow(self, kinds: Collection[str] | None) -> None:
        """Set which kinds are queued from now on; an empty list means the default, `None` changes nothing."""
        if kinds is not None:
            self.allowed = frozenset(kinds) or None

    def confirm(self, offset: int) -> None:
        """Forget updates with a lower number; a negative offset keeps that many from the end."""
        self._expire()
        if offset < 0:
            while len(self.waiting) > -offset:
                self.waiting.popleft()
            return
        again = [
            update
            for update in self.waiting
            if update.update_id < offset and update.fault is DeliveryFault.REDELIVERED
        ]
        self.waiting = deque(u for u in self.waiting if u.update_id >= offset)
        for update in reversed(again):
            update.fault = None
            update.redeliveries += 1
            self.waiting.appendleft(update)

    def hand_out(self, limit: int) -> list[dict[str, Any]]:
        """The first updates in line; they stay until they are confirmed."""
        self._expire()
        answer: list[dict[str, Any]] = []
        for update in list(self.waiting)[:limit]:
            self.handed.add(update.update_id)
            answer.append(update.to_api())
            if update.fault is DeliveryFault.DUPLICATE:
                update.fault = None
                answer.append(update.to_api())
        return answer

    def drop(self, update: QueuedUpdate) -> None:
        """Take a delivered update out of the line (a webhook answered 2xx)."""
        if update.fault is DeliveryFault.REDELIVERED:
            update.fault = None
            update.redeliveries += 1
        elif update in self.waiting:
            self.waiting.remove(update)

    def clear(self) -> None:
        """Forget everything in line."""
        self.waiting.clear()

    def __len__(self) -> int:
        """How many wait."""
        return len(self.waiting)

    def _expire(self) -> None:
        limit = self.clock() - KEPT_FOR
        while self.waiting and self.waiting[0].queued_at < limit:
            self.waiting.popleft()
