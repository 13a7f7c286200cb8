"""A channel that keeps its messages in memory: for tests and for trying things without any network."""

import asyncio
from collections import defaultdict, deque
from dataclasses import dataclass, field
from typing import Literal

from notifications.channels.port import Moved, Never, Outcome, Sent
from notifications.messages import Message


@dataclass(slots=True)
class Shown:
    """One message as a chat shows it now, and everything it said before."""

    message_id: int
    message: Message
    silent: bool
    reply_to: int | None
    earlier: list[Message] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Call:
    """One try to send or edit, whatever came of it."""

    method: Literal["send", "edit"]
    chat_id: int
    text: str


class MemoryChannel:
    """Implements `Channel`. What was scripted for a chat happens first, in order; then all goes well."""

    def __init__(self) -> None:
        self.chats: dict[int, list[Shown]] = defaultdict(list)
        self.calls: list[Call] = []
        #: Clear it to hold every call at the door; set it to let them in.
        self.open = asyncio.Event()
        self.open.set()
        #: How many calls are under way, per chat and at most at once.
        self.under_way: dict[int, int] = defaultdict(int)
        self.most_under_way = 0
        self.most_in_one_chat = 0
        self._scripts: dict[int, deque[Outcome | Exception]] = defaultdict(deque)
        self._numbers = 0

    def script(self, chat_id: int, *outcomes: Outcome | Exception) -> None:
        """Have the next calls to `chat_id` end so; an exception is raised.

        A scripted `Sent` or an ambiguous `Later` shows the message, as on a network that loses answers.
        """
        self._scripts[chat_id].extend(outcomes)

    def texts(self, chat_id: int) -> list[str]:
        """What a chat shows now, oldest first."""
        return [shown.message.text for shown in self.chats[chat_id]]

    async def send(
        self, chat_id: int, message: Message, *, silent: bool, reply_to: int | None
    ) -> Outcome:
        """Keep a new message."""
        outcome = await self._call(Call("send", chat_id, message.text))
        if outcome is None or isinstance(outcome, Sent) or getattr(outcome, "ambiguous", False):
            self._numbers += 1
            number = outcome.message_id if isinstance(outcome, Sent) else self._numbers
            self.chats[chat_id].append(Shown(number, message, silent, reply_to))
            return outcome or Sent(number)
        return outcome

    async def edit(self, chat_id: int, message_id: int, message: Message) -> Outcome:
        """Replace an earlier message; `Never("gone")` when the chat has none of this number."""
        outcome = await self._call(Call("edit", chat_id, message.text))
        if isinstance(outcome, Never | Moved):
            return outcome
        shown = next((s for s in self.chats[chat_id] if s.message_id == message_id), None)
        if message.taken_away and (outcome is None or isinstance(outcome, Sent)):
            if shown is not None:
                self.chats[chat_id].remove(shown)
            return Sent(message_id)
        if shown is None:
            return outcome or Never("gone", "message to edit not found")
        if outcome is None or isinstance(outcome, Sent) or outcome.ambiguous:
            shown.earlier.append(shown.message)
            shown.message = message
        return outcome or Sent(message_id)

    async def _call(self, call: Call) -> Outcome | None:
        self.calls.append(call)
        self.under_way[call.chat_id] += 1
        self.most_in_one_chat = max(self.most_in_one_chat, self.under_way[call.chat_id])
        self.most_under_way = max(self.most_under_way, sum(self.under_way.values()))
        try:
            await self.open.wait()
            # A real network never answers within the same turn of the loop.
            await asyncio.sleep(0)
        finally:
            self.under_way[call.chat_id] -= 1
        script = self._scripts[call.chat_id]
        outcome = script.popleft() if script else None
        if isinstance(outcome, Exception):
            raise outcome
        return outcome
