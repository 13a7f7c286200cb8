"""A group as people handle it: joining, leaving, the bot's place, migration, those who speak without a name."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.sandbox.chats import Chat, Member, Message, User
from bot.sandbox.errors import PhoneError
from bot.sandbox.formatting import Formatted, with_found
from bot.sandbox.screen import ShownMessage, newest, shown
from bot.sandbox.world import ANONYMOUS_ADMIN, CHANNEL_BOT, World

if TYPE_CHECKING:
    from bot.sandbox.phones import Phone


@dataclass(slots=True)
class Group:
    """A group or supergroup. Two handles of the same chat are equal."""

    world: World = field(repr=False, compare=False)
    chat: Chat = field(repr=False, compare=False)
    id: int = field(init=False)

    def __post_init__(self) -> None:
        """Take the id of the chat."""
        self.id = self.chat.id

    @property
    def title(self) -> str:
        """The name of the group."""
        return self.chat.title or ""

    @property
    def owner(self) -> User:
        """Who made the group."""
        members = self.chat.members.values()
        return next(m.user for m in members if m.status == "creator")

    def messages(self) -> list[ShownMessage]:
        """Everything said here, deleted messages included and marked."""
        with self.world.lock:
            return [shown(message) for message in self.chat.messages.values()]

    def finds(self, words: str) -> ShownMessage | None:
        """The newest message of the bot here that contains all the words."""
        with self.world.lock:
            bot = self.world.bot
            messages = reversed(self.chat.messages.values())
            return newest((m for m in messages if m.sender is bot), words)

    def last(self) -> ShownMessage | None:
        """The newest message of the bot here."""
        return self.finds("")

    def add_bot(self, by: "Phone | None" = None, *, admin: bool = False) -> None:
        """Bring the bot in (again), as a member or an administrator."""
        world, bot = self.world, self.world.bot
        actor = by.user if by else self.owner
        with world.lock:
            present = self.chat.has(bot.id)
            world.set_bot_status(self.chat, "administrator" if admin else "member", actor)
            if not present:
                content = {"new_chat_members": [bot.to_api()]}
                world.tell_bot(world.send(self.chat, actor, content=content))

    def kick_bot(self, by: "Phone | None" = None) -> None:
        """Put the bot out: its status is `kicked` in a supergroup, `left` in a basic group, as on Telegram."""
        world, bot = self.world, self.world.bot
        actor = by.user if by else self.owner
        with world.lock:
            message = world.send(self.chat, actor, content={"left_chat_member": bot.to_api()})
            supergroup = self.chat.type == "supergroup"
            world.set_bot_status(self.chat, "kicked" if supergroup else "left", actor)
            if not supergroup:
                world.tell_bot(message)

    def joined_by(self, phone: "Phone") -> None:
        """A person comes in."""
        with self.world.lock:
            self.chat.members[phone.id] = Member(phone.user)
            content = {"new_chat_members": [phone.user.to_api()]}
            self.world.tell_bot(self.world.send(self.chat, phone.user, content=content))

    def left_by(self, phone: "Phone") -> None:
        """A person goes."""
        with self.world.lock:
            self.chat.members[phone.id] = Member(phone.user, "left")
            content = {"left_chat_member": phone.user.to_api()}
            self.world.tell_bot(self.world.send(self.chat, phone.user, content=content))

    def migrate(self) -> "Group":
        """Turn the group into a supergroup with a new id; the old one refuses everything from now on."""
        world, old = self.world, self.chat
        if old.type != "group" or old.migrated_to is not None:
            raise PhoneError(f"{self.title} is no basic group any more")
        with world.lock:
            new = Chat(-world.number("supergroup"), "supergroup", title=old.title)
            new.members = {k: Member(m.user, m.status) for k, m in old.members.items()}
            new.migrated_from = old.id
            world.add_chat(new)
            farewell = world.send(old, self.owner, content={"migrate_to_chat_id": new.id})
            world.tell_bot(farewell)
            old.migrated_to = new.id
            content = {"migrate_from_chat_id": old.id}
            hail = world.send(new, ANONYMOUS_ADMIN, sender_chat=new, content=content)
            world.tell_bot(hail)
        return Group(world, new)

    def says_anonymously(self, text: str) -> ShownMessage:
        """An administrator who hides behind the group: `from` is GroupAnonymousBot, `sender_chat` the group."""
        return self._says(text, ANONYMOUS_ADMIN, self.chat)

    def says_as_channel(self, text: str, channel: str = "司法公开频道") -> ShownMessage:
        """Somebody who speaks as a channel: `from` is Channel_Bot, `sender_chat` the channel."""
        with self.world.lock:
            chats = self.world.chats.values()
            named = (c for c in chats if c.type == "channel" and c.title == channel)
            place = next(named, None) or self.world.add_chat(
                Chat(-self.world.number("supergroup"), "channel", title=channel)
            )
        return self._says(text, CHANNEL_BOT, place)

    def _says(self, text: str, sender: User, sender_chat: Chat) -> ShownMessage:
        if self.chat.migrated_to is not None:
            raise PhoneError(f"{self.title} has become a supergroup; write there")
        found = with_found(Formatted(text))
        message = self.world.send(
            self.chat, sender, sender_chat=sender_chat, text=found.text, entities=found.entities
        )
        self.world.tell_bot(message)
        return shown(message)


def make_group(
    world: World,
    title: str,
    members: Sequence["Phone"],
    *,
    supergroup: bool = False,
    bot: bool = True,
    bot_is_admin: bool = False,
    announced: bool = True,
    group_id: int | None = None,
) -> Group:
    """Make a group; the first member owns it (an invented owner when there is none).

    `announced=False` puts the bot in without telling it, as in a group that is older than the bot's memory.
    """
    with world.lock:
        number = group_id or -world.number("supergroup" if supergroup else "group")
        chat = Chat(number, "supergroup" if supergroup else "group", title=title)
        people = [phone.user for phone in members] or [world.add_user("群主")]
        chat.members = {user.id: Member(user) for user in people}
        chat.members[people[0].id].status = "creator"
        world.add_chat(chat)
        group = Group(world, chat)
        if bot and announced:
            group.add_bot(admin=bot_is_admin)
        elif bot:
            chat.members[world.bot.id] = Member(
                world.bot, "administrator" if bot_is_admin else "member"
            )
        return group


def message_of(world: World, shown_message: ShownMessage) -> Message:
    """The message behind what a phone shows; raises `PhoneError` when it is gone."""
    chat = world.chats.get(shown_message.chat_id)
    message = world.message_in(chat, shown_message.id) if chat else None
    if message is None:
        raise PhoneError("the message is gone")
    return message
