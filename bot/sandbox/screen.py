"""What a person sees on a phone: messages in their present state, buttons, answers. Reads the world, changes nothing."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.sandbox.chats import Message


@dataclass(frozen=True, slots=True)
class Button:
    """A button under a message. Exactly one of the actions is set; `style` is the bot's wish for its colour."""

    text: str
    data: str | None = None
    url: str | None = None
    copy: str | None = None
    inline: str | None = None
    style: str | None = None


@dataclass(frozen=True, slots=True)
class ShownMessage:
    """A message as it is shown now. Times are those of the world's clock."""

    id: int
    chat_id: int
    chat: str
    text: str
    sender_id: int | None
    sender: str
    from_bot: bool
    buttons: list[list[Button]]
    sent_at: datetime
    edited_at: datetime | None
    silent: bool
    deleted: bool
    protected: bool
    pinned: bool
    service: bool
    forwarded: bool
    entities: list[dict[str, Any]] = field(default_factory=list)
    reply_to: int | None = None
    keyboard: dict[str, Any] | None = None
    document: str | None = None
    contact: str | None = None
    file: bytes | None = field(default=None, repr=False)

    @property
    def labels(self) -> list[str]:
        """The words on the buttons, row by row."""
        return [button.text for row in self.buttons for button in row]

    def contains(self, words: str) -> bool:
        """Whether all the words are in the text or on the buttons."""
        everything = "\n".join([self.text, *self.labels, self.document or "", self.contact or ""])
        return all(word in everything for word in words.split())


def shown(message: Message) -> ShownMessage:
    """The message as a person sees it."""
    content = message.content
    special = (message.markup or {}) if not message.inline_rows else {}
    service = service_kind(message) is not None
    return ShownMessage(
        id=message.id,
        chat_id=message.chat.id,
        chat=message.chat.title or (message.chat.user.first_name if message.chat.user else ""),
        text=message.text,
        sender_id=message.sender.id if message.sender and not message.sender_chat else None,
        sender=_sender(message),
        from_bot=bool(message.sender and message.sender.is_bot and not message.sender_chat),
        buttons=[[_button(button) for button in row] for row in message.inline_rows],
        sent_at=message.date,
        edited_at=message.edited_at,
        silent=message.silent,
        deleted=message.deleted,
        protected=message.protected,
        pinned=message.id in message.chat.pinned,
        service=service,
        forwarded="forward_origin" in content,
        entities=[dict(entity) for entity in message.entities],
        reply_to=message.reply_to.id if message.reply_to else None,
        keyboard=special or None,
        document=_file_name(message),
        contact=_contact(message),
        file=message.file,
    )


SERVICE_KINDS = (
    "group_chat_created",
    "new_chat_members",
    "left_chat_member",
    "migrate_to_chat_id",
    "migrate_from_chat_id",
    "pinned_message",
)


def service_kind(message: Message) -> str | None:
    """Which service message it is; `None` for one that somebody wrote."""
    return next((kind for kind in SERVICE_KINDS if kind in message.content), None)


def newest(messages: Iterable[Message], words: str) -> ShownMessage | None:
    """The newest message still there, written by somebody, that contains all the words.

    `messages` come newest first; only the one found is drawn, so that waiting in a long chat is cheap.
    """
    wanted = words.split()
    for message in messages:
        if message.deleted or service_kind(message) is not None:
            continue
        if all(word in _everything(message) for word in wanted):
            return shown(message)
    return None


def _everything(message: Message) -> str:
    """All that can be read on a message."""
    labels = [button["text"] for row in message.inline_rows for button in row]
    return "\n".join([message.text, *labels, _file_name(message) or "", _contact(message) or ""])


def _contact(message: Message) -> str | None:
    contact = message.content.get("contact")
    return f"{contact['first_name']} {contact['phone_number']}" if contact else None


def _sender(message: Message) -> str:
    if message.sender_chat is not None:
        return message.sender_chat.title or ""
    return message.sender.first_name if message.sender else ""


def _file_name(message: Message) -> str | None:
    if "document" in message.content:
        return str(message.content["document"]["file_name"])
    if "video" in message.content:
        return str(message.content["video"]["file_name"])
    return "photo" if "photo" in message.content else None


def _button(raw: dict[str, Any]) -> Button:
    inline = raw.get("switch_inline_query_current_chat", raw.get("switch_inline_query"))
    copy = raw.get("copy_text", {}).get("text")
    return Button(
        raw["text"], raw.get("callback_data"), raw.get("url"), copy, inline, raw.get("style")
    )
