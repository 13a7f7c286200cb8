"""The port through which messages leave: what a channel can do and how it may go. Implementations are beside it."""

from dataclasses import dataclass
from typing import Literal, Protocol

from notifications.messages import Message

NeverReason = Literal["blocked", "unknown_chat", "kicked", "refused", "gone", "unlinked"]


@dataclass(frozen=True, slots=True)
class Sent:
    """It arrived; `message_id` is the channel's own number of it, needed to edit it later."""

    message_id: int


@dataclass(frozen=True, slots=True)
class Later:
    """It failed for now. `reason` is a word for logs and tables, without content.

    `retry_after` is how many seconds the channel wants this chat left alone. `ambiguous` means that
    it may have arrived all the same: nobody can know.
    """

    reason: str
    retry_after: float | None = None
    ambiguous: bool = False


@dataclass(frozen=True, slots=True)
class Never:
    """It failed for good.

    `blocked`: the person shut us out, never began, or is gone. `unknown_chat`: there is no such chat.
    `kicked`: the group put us out or silenced us. `refused`: this message itself is not accepted.
    `gone`: the message to edit is no longer there. `unlinked`: the account is no longer that of the
    person to be paged, so nothing was tried. `detail` is the channel's own wording.
    """

    reason: NeverReason
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Moved:
    """The chat goes on under another number; nothing was sent."""

    new_chat_id: int


Outcome = Sent | Later | Never | Moved


class Channel(Protocol):
    """A way to people. Outcomes are values; an exception counts as failed for now, ambiguous."""

    async def send(
        self, chat_id: int, message: Message, *, silent: bool, reply_to: int | None
    ) -> Outcome:
        """Send a new message; `silent` without sound, `reply_to` the number of the message answered."""
        ...

    async def edit(self, chat_id: int, message_id: int, message: Message) -> Outcome:
        """Replace what an earlier message says; `Sent` also when it says so already.

        One that is `taken_away` goes: `Sent` once it is no longer there, `Never` where the channel
        keeps it for good (in Telegram after two days).
        """
        ...
