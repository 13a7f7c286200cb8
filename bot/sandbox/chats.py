"""The things of the local Telegram: users, chats, members, messages, and how each looks in the Bot API. No rules."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from bot.sandbox.formatting import Entity

ChatType = Literal["private", "group", "supergroup", "channel"]
Status = Literal["creator", "administrator", "member", "left", "kicked"]
PRESENT = frozenset({"creator", "administrator", "member"})


@dataclass(slots=True)
class User:
    """A person or the bot."""

    id: int
    first_name: str
    is_bot: bool = False
    last_name: str | None = None
    username: str | None = None
    language_code: str | None = None

    def to_api(self) -> dict[str, Any]:
        """The User object."""
        return _without_none(
            id=self.id,
            is_bot=self.is_bot,
            first_name=self.first_name,
            last_name=self.last_name,
            username=self.username,
            language_code=self.language_code,
        )


@dataclass(slots=True)
class Member:
    """A user's place in a chat."""

    user: User
    status: Status = "member"

    def to_api(self) -> dict[str, Any]:
        """The ChatMember object of this status."""
        facts: dict[str, Any] = {"status": self.status, "user": self.user.to_api()}
        if self.status == "kicked":
            facts["until_date"] = 0
        elif self.status == "creator":
            facts["is_anonymous"] = False
        elif self.status == "administrator":
            rights = (
                "can_manage_chat can_delete_messages can_manage_video_chats can_restrict_members"
                " can_promote_members can_change_info can_invite_users can_post_stories"
                " can_edit_stories can_delete_stories can_pin_messages"
            )
            facts |= {"can_be_edited": False, "is_anonymous": False}
            facts |= {right: right != "can_promote_members" for right in rights.split()}
        return facts


@dataclass(slots=True)
class Chat:
    """A private chat (its id is the user's), a group, a supergroup or a channel."""

    id: int
    type: ChatType
    title: str | None = None
    user: User | None = None
    username: str | None = None
    members: dict[int, Member] = field(default_factory=dict)
    messages: "dict[int, Message]" = field(default_factory=dict)
    pinned: list[int] = field(default_factory=list)
    migrated_to: int | None = None
    migrated_from: int | None = None
    last_message_id: int = 0

    @property
    def is_group(self) -> bool:
        """Whether several people talk here."""
        return self.type in {"group", "supergroup"}

    def status_of(self, user_id: int) -> Status:
        """The user's status; `left` for a stranger."""
        member = self.members.get(user_id)
        return member.status if member else "left"

    def has(self, user_id: int) -> bool:
        """Whether the user is in the chat."""
        return self.status_of(user_id) in PRESENT

    def to_api(self) -> dict[str, Any]:
        """The Chat object."""
        user = self.user
        return _without_none(
            id=self.id,
            type=self.type,
            title=self.title,
            username=user.username if user else self.username,
            first_name=user.first_name if user else None,
            last_name=user.last_name if user else None,
        )


@dataclass(slots=True)
class Message:
    """A message in its present state. `content` holds what is neither text nor keyboard, as in the Bot API."""

    id: int
    chat: Chat
    date: datetime
    sender: User | None
    text: str = ""
    entities: tuple[Entity, ...] = ()
    content: dict[str, Any] = field(default_factory=dict)
    markup: dict[str, Any] | None = None
    sender_chat: Chat | None = None
    silent: bool = False
    protected: bool = False
    edited_at: datetime | None = None
    deleted: bool = False
    reply_to: "Message | None" = None
    file: bytes | None = None

    @property
    def is_media(self) -> bool:
        """Whether the text is a caption under a document, a picture or a video."""
        return not self.content.keys().isdisjoint({"document", "photo", "video"})

    @property
    def inline_rows(self) -> list[list[dict[str, Any]]]:
        """The buttons under the message."""
        rows: list[list[dict[str, Any]]] = (self.markup or {}).get("inline_keyboard", [])
        return rows

    def to_api(self, *, with_reply: bool = True) -> dict[str, Any]:
        """The Message object; a replied message is shown without its own reply."""
        facts = _without_none(
            message_id=self.id,
            date=int(self.date.timestamp()),
            chat=self.chat.to_api(),
            sender_chat=self.sender_chat.to_api() if self.sender_chat else None,
            edit_date=int(self.edited_at.timestamp()) if self.edited_at else None,
            has_protected_content=True if self.protected else None,
        )
        if self.sender:
            facts["from"] = self.sender.to_api()
        if self.text:
            prefix = "caption" if self.is_media else "text"
            facts[prefix] = self.text
            if self.entities:
                name = "caption_entities" if self.is_media else "entities"
                facts[name] = [dict(entity) for entity in self.entities]
        if self.reply_to and with_reply:
            facts["reply_to_message"] = self.reply_to.to_api(with_reply=False)
        if self.inline_rows:
            facts["reply_markup"] = self.markup
        return facts | self.content


def _without_none(**facts: Any) -> dict[str, Any]:
    return {name: value for name, value in facts.items() if value is not None}
