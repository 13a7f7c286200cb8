"""The whole state of the local Telegram and the rules that keep it whole: who is where, who may write to whom.

Memory only; no HTTP. Every public operation takes the lock, so that phones in one thread and the server in another agree.
"""

import itertools
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from bot.sandbox.changes import Changes
from bot.sandbox.chats import Chat, Member, Message, Status, User
from bot.sandbox.errors import ApiError, bad_request, forbidden
from bot.sandbox.updates import UpdateQueue

_NUMBER = re.compile(r"-?[0-9]{1,18}")
# People's numbers are beyond 32 bits, as those of accounts made today are.
FIRST_USER_ID = 7_100_000_001
FIRST_GROUP_ID = 4_100_000_001
FIRST_SUPERGROUP_ID = 1_002_100_000_001
#: How the number of a file begins: a bot may send it on only as what it is.
FILE_MARKS = {"document": "BQACAgUAAxkBAAI", "photo": "AgACAgUAAxkBAAI", "video": "BAACAgUAAxkBAAI"}
#: The accounts that stand in `from` for anonymous administrators and for channels.
ANONYMOUS_ADMIN = User(1087968824, "Group", is_bot=True, username="GroupAnonymousBot")
CHANNEL_BOT = User(136817688, "Channel", is_bot=True, username="Channel_Bot")


def utc_now() -> datetime:
    """The machine's clock."""
    return datetime.now(UTC)


@dataclass(slots=True)
class Callback:
    """A press of a button, and the bot's answer once it has come."""

    id: str
    user: User
    message: Message
    data: str
    pressed_at: datetime
    answer: dict[str, Any] | None = None


@dataclass(slots=True)
class InlineAsk:
    """An inline query, and the bot's results once they have come."""

    id: str
    user: User
    query: str
    offset: str
    asked_at: datetime
    answer: dict[str, Any] | None = None
    from_cache: bool = False


@dataclass(slots=True)
class CachedAnswer:
    """An inline answer Telegram keeps, for one person or for everybody."""

    user_id: int | None
    query: str
    offset: str
    until: datetime
    answer: dict[str, Any]


@dataclass(slots=True)
class World:
    """Everything there is. One bot, many people."""

    bot: User
    clock: Callable[[], datetime] = utc_now
    privacy_mode: bool = True
    lock: threading.RLock = field(default_factory=threading.RLock)
    changes: Changes = field(default_factory=Changes)
    users: dict[int, User] = field(default_factory=dict)
    chats: dict[int, Chat] = field(default_factory=dict)
    blocked: set[int] = field(default_factory=set)
    callbacks: dict[str, Callback] = field(default_factory=dict)
    asks: dict[str, InlineAsk] = field(default_factory=dict)
    inline_cache: list[CachedAnswer] = field(default_factory=list)
    commands: dict[tuple[str, str], list[dict[str, str]]] = field(default_factory=dict)
    descriptions: dict[tuple[str, str], str] = field(default_factory=dict)
    files: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    updates: UpdateQueue = field(init=False)
    _numbers: dict[str, Iterator[int]] = field(init=False)

    def __post_init__(self) -> None:
        """Start every series of numbers."""
        self.updates = UpdateQueue(self.now)
        self.users[self.bot.id] = self.bot
        self._numbers = {
            "user": itertools.count(FIRST_USER_ID),
            "group": itertools.count(FIRST_GROUP_ID),
            "supergroup": itertools.count(FIRST_SUPERGROUP_ID),
            "message": itertools.count(1),
            "query": itertools.count(4_611_686_018_427_000_001),
        }

    def now(self) -> datetime:
        """The present instant of the world's clock, which may be exchanged while running."""
        return self.clock()

    def keep_file(self, kind: str, name: str, content: bytes) -> dict[str, Any]:
        """Keep a file; its numbers and size, as the Bot API describes it."""
        number = self.number("query")
        file_id = f"{FILE_MARKS[kind]}{number}"
        self.files[file_id] = (name, content)
        return {"file_id": file_id, "file_unique_id": f"AgAD{number}", "file_size": len(content)}

    def number(self, series: str) -> int:
        """The next number of a series."""
        return next(self._numbers[series])

    # --- people and chats

    def add_user(self, name: str, user_id: int | None = None, language: str | None = None) -> User:
        """A person with an account; they have not met the bot yet."""
        with self.lock:
            number = user_id or self.number("user")
            if number in self.users:
                raise ValueError(f"user {number} is taken")
            self.users[number] = User(number, name, language_code=language)
            self.changes.announce()
            return self.users[number]

    def private_chat(self, user: User) -> Chat:
        """The chat of a person with the bot, opened at the first message."""
        with self.lock:
            if user.id not in self.chats:
                members = {user.id: Member(user), self.bot.id: Member(self.bot)}
                self.chats[user.id] = Chat(user.id, "private", user=user, members=members)
            return self.chats[user.id]

    def add_chat(self, chat: Chat) -> Chat:
        """Put a chat into the world under its id."""
        with self.lock:
            if chat.id in self.chats:
                raise ValueError(f"chat {chat.id} is taken")
            self.chats[chat.id] = chat
            self.changes.announce()
            return chat

    def chat_for_bot(self, chat_id: int | str) -> Chat:
        """The chat a method names, or the refusal Telegram gives when the bot may not know or use it."""
        chat = self._named(chat_id)
        if chat is None:
            user = self.users.get(int(chat_id)) if _is_number(chat_id) else None
            if user is None or user is self.bot:
                raise bad_request("chat not found")
            raise forbidden("bot can't initiate conversation with a user")
        if chat.migrated_to is not None:
            raise bad_request(
                "group chat was upgraded to a supergroup chat",
                {"migrate_to_chat_id": chat.migrated_to},
            )
        if chat.id in self.blocked:
            raise forbidden("bot was blocked by the user")
        if not chat.has(self.bot.id):
            raise self._absent(chat)
        return chat

    def _named(self, chat_id: int | str) -> Chat | None:
        if _is_number(chat_id):
            return self.chats.get(int(chat_id))
        name = str(chat_id).removeprefix("@").lower()
        named = (c for c in self.chats.values() if (c.username or "").lower() == name)
        return next(named, None)

    def _absent(self, chat: Chat) -> ApiError:
        if self.bot.id not in chat.members:
            return bad_request("chat not found")
        kind = "supergroup" if chat.type == "supergroup" else chat.type
        left = chat.members[self.bot.id].status == "left" and not self._was_removed(chat)
        words = "is not a member of" if left else "was kicked from"
        return forbidden(f"bot {words} the {kind} chat")

    def _was_removed(self, chat: Chat) -> bool:
        """In a basic group a removed bot has the status `left`, as one that left by itself."""
        return any(
            message.content.get("left_chat_member", {}).get("id") == self.bot.id
            and message.sender is not self.bot
            for message in reversed(chat.messages.values())
        )

    # --- messages

    def post(self, message: Message) -> Message:
        """Put a message into its chat."""
        with self.lock:
            message.chat.messages[message.id] = message
            self.changes.announce()
            return message

    def new_message_id(self, chat: Chat) -> int:
        """The next number: a supergroup counts for itself, all other chats of the bot share one series."""
        if chat.type not in {"supergroup", "channel"}:
            return self.number("message")
        chat.last_message_id += 1
        return chat.last_message_id

    def message_in(self, chat: Chat, message_id: int) -> Message | None:
        """A message that is still there."""
        message = chat.messages.get(message_id)
        return message if message and not message.deleted else None

    def send(self, chat: Chat, sender: User | None, **facts: Any) -> Message:
        """Make a message of now and put it into the chat; `facts` are fields of `Message`."""
        with self.lock:
            message = Message(self.new_message_id(chat), chat, self.clock(), sender, **facts)
            return self.post(message)

    def tell_bot(self, message: Message) -> None:
        """Queue a message for the bot, if privacy mode lets the bot see it."""
        with self.lock:
            if self._bot_sees(message):
                self.updates.put("message", message.to_api())
            self.changes.announce()

    def _bot_sees(self, message: Message) -> bool:
        """Privacy mode: in a group only commands for the bot, replies to it, what it inspired, and service messages."""
        chat = message.chat
        if not chat.has(self.bot.id):
            return bool(message.content.get("left_chat_member", {}).get("id") == self.bot.id)
        administrator = chat.status_of(self.bot.id) in {"administrator", "creator"}
        if not chat.is_group or not self.privacy_mode or administrator:
            return True
        service = not message.text and not message.is_media and "contact" not in message.content
        via = bool(message.content.get("via_bot", {}).get("id") == self.bot.id)
        replied = message.reply_to is not None and message.reply_to.sender is self.bot
        return service or via or replied or self._is_command_for_bot(message)

    def _is_command_for_bot(self, message: Message) -> bool:
        first = message.text.split(maxsplit=1)[0] if message.text.strip() else ""
        if not any(e["type"] == "bot_command" and e["offset"] == 0 for e in message.entities):
            return False
        name = first.partition("@")[2].lower()
        return name in {"", (self.bot.username or "").lower()}

    # --- membership of the bot

    def set_bot_status(self, chat: Chat, status: Status, by: User) -> None:
        """Change the bot's place in a chat and tell the bot with a `my_chat_member` update."""
        with self.lock:
            member = chat.members.setdefault(self.bot.id, Member(self.bot, "left"))
            before = member.to_api()
            member.status = status
            change = {
                "chat": chat.to_api(),
                "from": by.to_api(),
                "date": int(self.clock().timestamp()),
                "old_chat_member": before,
                "new_chat_member": member.to_api(),
            }
            self.updates.put("my_chat_member", change)
            self.changes.announce()


def _is_number(chat_id: int | str) -> bool:
    return isinstance(chat_id, int) or bool(_NUMBER.fullmatch(chat_id))
