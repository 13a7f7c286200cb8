"""What a person does with a phone: the device of every journey, of the page and of the playground.

`chat=None` always means the private chat with the bot; any other place is named by its `Group`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from mimetypes import guess_type
from typing import Any

from bot.sandbox.chats import Chat, Message, User
from bot.sandbox.errors import PhoneError
from bot.sandbox.formatting import Formatted, parse_html, with_found
from bot.sandbox.groups import Group, message_of
from bot.sandbox.methods.sending import forward_origin
from bot.sandbox.methods.texts import message_text
from bot.sandbox.presses import InlineResult, InlineSearch, Press
from bot.sandbox.screen import Button, ShownMessage, newest, shown
from bot.sandbox.world import Callback, InlineAsk, World


@dataclass(slots=True)
class Phone:
    """One person's phone. All actions take effect at once; answers come when the bot gives them."""

    world: World = field(repr=False)
    user: User
    #: What the page writes over the phone ("A岗"), and the chat it opens first; the private one if `None`.
    #: A text, or one for each of the page's languages.
    label: str | Mapping[str, str] = ""
    home: Group | None = None

    @property
    def id(self) -> int:
        """The Telegram number of the person."""
        return self.user.id

    @property
    def name(self) -> str:
        """The person's name."""
        return self.user.first_name

    # --- looking

    def chats(self) -> list[Chat]:
        """The chats on this phone: groups the person is in, then the private chat."""
        with self.world.lock:
            groups = [c for c in self.world.chats.values() if c.is_group and c.has(self.id)]
            private = self.world.chats.get(self.id)
            return [*groups, *([private] if private else [])]

    def messages(self, chat: Group | None = None) -> list[ShownMessage]:
        """Everything in a chat in its present state, deleted messages included and marked."""
        with self.world.lock:
            place = self._visible(chat)
            return [shown(message) for message in place.messages.values()] if place else []

    def _visible(self, chat: Group | None) -> Chat | None:
        """The chat on this phone; `None` for a private chat that was never opened."""
        place = self.world.chats.get(self.id) if chat is None else chat.chat
        if place is not None and not place.has(self.id):
            raise PhoneError(f"{self.name} is not in {place.title}")
        return place

    def last(self, chat: Group | None = None) -> ShownMessage | None:
        """The newest message somebody else wrote (in the private chat: the bot's)."""
        return self.finds("", chat)

    def finds(self, words: str, chat: Group | None = None) -> ShownMessage | None:
        """The newest message of somebody else that contains all the words (in text or on buttons), or `None`."""
        with self.world.lock:
            place = self._visible(chat)
            messages = reversed(place.messages.values()) if place else iter(())
            return newest((m for m in messages if m.sender is not self.user), words)

    async def expects(
        self, words: str, chat: Group | None = None, timeout: float = 5.0
    ) -> ShownMessage:
        """Wait for such a message; raises `AssertionError` with what the phone shows instead."""
        found = await self.world.changes.until(lambda: self.finds(words, chat), timeout)
        if isinstance(found, ShownMessage):
            return found
        texts = [m.text for m in self.messages(chat) if not m.deleted]
        raise AssertionError(f"{self.name} sees no {words!r} within {timeout} s, but: {texts}")

    # --- writing

    def start(self, payload: str | None = None) -> ShownMessage:
        """Press Start, or follow a link `https://t.me/<bot>?start=<payload>`."""
        return self.says(f"/start {payload}" if payload else "/start")

    def says(
        self,
        text: str,
        chat: Group | None = None,
        reply_to: ShownMessage | None = None,
        *,
        html: bool = False,
    ) -> ShownMessage:
        """Write a text in the private chat or in a group; with `html` it is formatted so."""
        found = with_found(parse_html(text) if html else Formatted(text))
        facts: dict[str, Any] = {"text": found.text, "entities": found.entities}
        if reply_to is not None:
            facts["reply_to"] = message_of(self.world, reply_to)
        return self._sends(chat, facts)

    def sends_contact(self, number: str, chat: Group | None = None) -> ShownMessage:
        """Share the person's own number."""
        contact = {"phone_number": number, "first_name": self.name, "user_id": self.id}
        return self._sends(chat, {"content": {"contact": contact}})

    def sends_document(
        self, name: str, content: bytes, chat: Group | None = None, *, caption: str = ""
    ) -> ShownMessage:
        """Send a file."""
        document = self.world.keep_file("document", name, content) | {"file_name": name}
        kind, _encoding = guess_type(name)
        if kind is not None:
            document["mime_type"] = kind
        return self._sends_media({"document": document}, content, chat, caption)

    def sends_photo(
        self, content: bytes, chat: Group | None = None, *, caption: str = ""
    ) -> ShownMessage:
        """Send a picture, which Telegram keeps in two sizes."""
        size = {"width": 1280, "height": 720}
        small = self.world.keep_file("photo", "photo.jpg", content) | {"width": 90, "height": 51}
        large = self.world.keep_file("photo", "photo.jpg", content) | size
        return self._sends_media({"photo": [small, large]}, content, chat, caption)

    def sends_video(
        self, name: str, content: bytes, chat: Group | None = None, *, caption: str = ""
    ) -> ShownMessage:
        """Send a video."""
        facts = {"file_name": name, "width": 1280, "height": 720, "duration": 1}
        video = self.world.keep_file("video", name, content) | facts
        return self._sends_media({"video": video}, content, chat, caption)

    def _sends_media(
        self, media: dict[str, Any], content: bytes, chat: Group | None, caption: str
    ) -> ShownMessage:
        found = with_found(Formatted(caption))
        facts = {"text": found.text, "entities": found.entities}
        return self._sends(chat, facts | {"content": media, "file": content})

    def edits(self, message: ShownMessage, text: str) -> ShownMessage:
        """Change a message of one's own; the bot gets `edited_message`."""
        with self.world.lock:
            mine = message_of(self.world, message)
            if mine.sender is not self.user:
                raise PhoneError("only one's own messages can be changed")
            found = with_found(Formatted(text))
            mine.text, mine.entities = found.text, found.entities
            mine.edited_at = self.world.clock()
            self.world.updates.put("edited_message", mine.to_api())
            self.world.changes.announce()
            return shown(mine)

    def forwards(self, message: ShownMessage, to: Group | None = None) -> ShownMessage:
        """Pass a message on; a protected one cannot be, and buttons that ask the bot are lost."""
        original = message_of(self.world, message)
        if original.protected:
            raise PhoneError("the message is protected against forwarding")
        facts: dict[str, Any] = {
            "text": original.text,
            "entities": original.entities,
            "content": original.content | {"forward_origin": forward_origin(original)},
            "file": original.file,
        }
        if original.inline_rows and all("url" in b for row in original.inline_rows for b in row):
            facts["markup"] = original.markup
        return self._sends(to, facts)

    def _sends(self, chat: Group | None, facts: dict[str, Any]) -> ShownMessage:
        with self.world.lock:
            if chat is None and self.id in self.world.blocked:
                raise PhoneError("the bot is blocked; unblock it first")
            place = self.world.private_chat(self.user) if chat is None else chat.chat
            if place.migrated_to is not None:
                raise PhoneError(f"{place.title} has become a supergroup; write there")
            if not place.has(self.id):
                raise PhoneError(f"{self.name} is not in {place.title}")
            message = self.world.send(place, self.user, **facts)
            self.world.tell_bot(message)
            return shown(message)

    # --- pressing

    def presses(
        self, label: str, on: ShownMessage | None = None, chat: Group | None = None
    ) -> Press:
        """Press a button by its words (or its data): on a message, or on the newest one that has it."""
        with self.world.lock:
            candidates = [on] if on else list(reversed(self.messages(chat)))
            for candidate in candidates:
                button = None if candidate.deleted else _button(candidate, label)
                if button is not None:
                    return self._pressed(message_of(self.world, candidate), button)
        seen = [m.labels for m in candidates if m.labels][:5]
        raise PhoneError(f"{self.name} sees no button {label!r}, but: {seen}")

    def presses_data(self, data: str, on: ShownMessage) -> Press:
        """Send callback data that no button carries, as a forged client can on a message it sees."""
        with self.world.lock:
            return self._pressed(message_of(self.world, on), Button(data, data=data))

    def _pressed(self, message: Message, button: Button) -> Press:
        world, chat = self.world, message.chat
        # Asks the bot of today: an old message may no longer have the button the person saw.
        if not chat.has(self.id):
            raise PhoneError(f"{self.name} is not in {chat.title}")
        if button.data is None:
            return Press(world, button, None)
        number = str(world.number("query"))
        callback = Callback(number, self.user, message, button.data, world.clock())
        world.callbacks[number] = callback
        if chat.has(world.bot.id) and chat.migrated_to is None:
            query = {
                "id": number,
                "from": self.user.to_api(),
                "message": message.to_api(),
                "chat_instance": str(chat.id * 7919),
                "data": button.data,
            }
            world.updates.put("callback_query", query)
        world.changes.announce()
        return Press(world, button, callback)

    # --- asking inline

    def inline(self, query: str, chat: Group | None = None, offset: str = "") -> InlineSearch:
        """Type `@bot words` in any chat. An answer Telegram has kept is shown without asking the bot."""
        world = self.world
        with world.lock:
            now = world.clock()
            number = str(world.number("query"))
            ask = InlineAsk(number, self.user, query, offset, now)
            world.asks[number] = ask
            for kept in world.inline_cache:
                same = (kept.query, kept.offset) == (query, offset)
                if same and kept.user_id in {None, self.id} and now < kept.until:
                    ask.answer, ask.from_cache = kept.answer, True
            if ask.answer is None:
                update = {
                    "id": number,
                    "from": self.user.to_api(),
                    "query": query,
                    "offset": offset,
                    "chat_type": chat.chat.type if chat else "sender",
                }
                world.updates.put("inline_query", update)
            world.changes.announce()
            return InlineSearch(world, ask)

    def picks(self, result: InlineResult, chat: Group | None = None) -> ShownMessage:
        """Send a result of an inline query into a chat, marked as coming by way of the bot."""
        content: dict[str, Any] = {"via_bot": self.world.bot.to_api()}
        if result.raw["type"] == "contact":
            names = ("phone_number", "first_name", "last_name")
            content["contact"] = {n: result.raw[n] for n in names if n in result.raw}
            return self._sends(chat, {"content": content})
        given = result.raw["input_message_content"]
        found = message_text(given | {"text": given["message_text"]})
        facts = {"text": found.text, "entities": found.entities, "content": content}
        return self._sends(chat, facts | {"markup": result.raw.get("reply_markup")})

    # --- the bot's place with this person

    def blocks_bot(self) -> None:
        """Stop the bot from writing."""
        with self.world.lock:
            chat = self.world.private_chat(self.user)
            self.world.blocked.add(self.id)
            self.world.set_bot_status(chat, "kicked", self.user)

    def unblocks_bot(self) -> None:
        """Let the bot write again."""
        with self.world.lock:
            chat = self.world.private_chat(self.user)
            self.world.blocked.discard(self.id)
            self.world.set_bot_status(chat, "member", self.user)


def _button(message: ShownMessage, label: str) -> Button | None:
    """The button with exactly these words or data; else the only one whose words contain them."""
    buttons = [button for row in message.buttons for button in row]
    exact = [button for button in buttons if label in {button.text, button.data}]
    if exact:
        return exact[0]
    near = [button for button in buttons if label in button.text]
    return near[0] if len(near) == 1 else None
