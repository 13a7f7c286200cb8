"""The phones as JSON, for the page and for test clients in other processes. Reads only."""

from typing import TYPE_CHECKING, Any

from bot.sandbox.chats import Chat, Message
from bot.sandbox.methods.profile import menu_for
from bot.sandbox.phones import Phone
from bot.sandbox.screen import ShownMessage, service_kind, shown

if TYPE_CHECKING:
    from bot.sandbox.calls import ApiCall
    from bot.sandbox.server import LocalTelegram

#: Older messages of a chat are left out.
NEWEST = 80


def everything(
    telegram: "LocalTelegram", phones: list[Phone], newest: int = NEWEST
) -> dict[str, Any]:
    """All that the page shows for these phones."""
    world = telegram.world
    with world.lock:
        return {
            "version": world.changes.version,
            "now": world.clock().isoformat(),
            "bot": {
                "id": world.bot.id,
                "name": world.bot.first_name,
                "username": world.bot.username,
                "pending_updates": len(world.updates),
            },
            "banner": telegram.banner,
            "all_phones": [_card(phone) for phone in telegram.phones.values()],
            "phones": [_card(phone) | {"chats": _chats(phone, newest)} for phone in phones],
        }


def message_json(message: ShownMessage) -> dict[str, Any]:
    """One message; times in ISO 8601."""
    return {
        "id": message.id,
        "chat_id": message.chat_id,
        "text": message.text,
        "entities": message.entities,
        "sender_id": message.sender_id,
        "sender": message.sender,
        "from_bot": message.from_bot,
        "buttons": [
            [
                {
                    name: getattr(b, name)
                    for name in ("text", "data", "url", "copy", "inline", "style")
                }
                for b in row
            ]
            for row in message.buttons
        ],
        "sent_at": message.sent_at.isoformat(),
        "edited_at": message.edited_at.isoformat() if message.edited_at else None,
        "silent": message.silent,
        "deleted": message.deleted,
        "protected": message.protected,
        "pinned": message.pinned,
        "forwarded": message.forwarded,
        "reply_to": message.reply_to,
        "keyboard": message.keyboard,
        "document": message.document,
        "contact": message.contact,
        "service": None,
    }


def call_json(call: "ApiCall") -> dict[str, Any]:
    """One call of the bot."""
    return {
        "number": call.number,
        "method": call.method,
        "params": call.params,
        "arrived": call.arrived,
        "arrived_at": call.arrived_at.isoformat(),
        "outcome": call.outcome,
        "status": call.status,
        "description": call.description,
        "done": call.done,
    }


def _card(phone: Phone) -> dict[str, Any]:
    return {
        "id": phone.id,
        "name": phone.name,
        "label": phone.label if isinstance(phone.label, str) else dict(phone.label),
        "home": phone.home.id if phone.home else None,
        "language": phone.user.language_code,
        "started": phone.id in phone.world.chats,
        "blocked": phone.id in phone.world.blocked,
    }


def _chats(phone: Phone, newest: int) -> list[dict[str, Any]]:
    chats = [_chat(phone, chat, newest) for chat in phone.chats() if chat.migrated_to is None]
    if phone.id not in phone.world.chats:
        chats.append(_empty(phone))
    return chats


def _empty(phone: Phone) -> dict[str, Any]:
    """The private chat of a person who has not pressed Start."""
    bot = phone.world.bot
    language = (phone.user.language_code or "").partition("-")[0]
    described = phone.world.descriptions
    text = described.get(("description", language)) or described.get(("description", ""), "")
    return {
        "id": phone.id,
        "title": bot.first_name,
        "type": "private",
        "menu": [],
        "messages": [],
        "description": text,
    }


def _chat(phone: Phone, chat: Chat, newest: int) -> dict[str, Any]:
    messages = list(chat.messages.values())[-newest:]
    members = sum(chat.has(user_id) for user_id in chat.members)
    return {
        "id": chat.id,
        "title": chat.title or phone.world.bot.first_name,
        "type": chat.type,
        "members": members,
        "menu": menu_for(phone.world, chat, phone.user),
        "messages": [_message(message) for message in messages if not message.deleted],
        "description": "",
    }


def _message(message: Message) -> dict[str, Any]:
    """A message with the names that a service message speaks of."""
    kind = service_kind(message)
    facts = message_json(shown(message))
    if kind == "new_chat_members":
        names = [user["first_name"] for user in message.content[kind]]
        facts["service"] = {"kind": kind, "names": names}
    elif kind == "left_chat_member":
        facts["service"] = {"kind": kind, "names": [message.content[kind]["first_name"]]}
    elif kind is not None:
        facts["service"] = {"kind": kind, "names": [facts["sender"]]}
    return facts
