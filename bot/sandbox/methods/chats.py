"""Methods about chats and who is in them."""

from typing import Any

from bot.sandbox.chats import Member
from bot.sandbox.errors import bad_request
from bot.sandbox.methods.call import Call, method


@method("getChat")
def get_chat(call: Call) -> dict[str, Any]:
    """The chat with everything Telegram always says about one."""
    chat = call.chat()
    facts = chat.to_api() | {
        "accent_color_id": abs(chat.id) % 7,
        "max_reaction_count": 11,
        "accepted_gift_types": {
            "unlimited_gifts": False,
            "limited_gifts": False,
            "unique_gifts": False,
            "premium_subscription": False,
            "gifts_from_channels": False,
        },
    }
    pinned = call.world.message_in(chat, chat.pinned[-1]) if chat.pinned else None
    if pinned:
        facts["pinned_message"] = pinned.to_api(with_reply=False)
    return facts


@method("getChatMember")
def get_chat_member(call: Call) -> dict[str, Any]:
    """One person's place in a chat; `left` for a person who is not there."""
    chat = call.chat()
    user = call.world.users.get(call.args["user_id"])
    if user is None:
        raise bad_request("invalid user_id specified")
    return chat.members.get(user.id, Member(user, "left")).to_api()


@method("getChatAdministrators")
def get_chat_administrators(call: Call) -> list[dict[str, Any]]:
    """Owner and administrators, without other bots."""
    chat = call.chat()
    if chat.type == "private":
        raise bad_request("there are no administrators in the private chat")
    members = chat.members.values()
    return [m.to_api() for m in members if m.status in {"creator", "administrator"}]


@method("getChatMemberCount")
def get_chat_member_count(call: Call) -> int:
    """How many are in the chat."""
    chat = call.chat()
    return sum(chat.has(user_id) for user_id in chat.members)


@method("leaveChat")
def leave_chat(call: Call) -> bool:
    """The bot goes by itself."""
    world, chat = call.world, call.chat()
    if chat.type == "private":
        raise bad_request("chat member status can't be changed in private chats")
    world.set_bot_status(chat, "left", world.bot)
    world.send(chat, world.bot, content={"left_chat_member": world.bot.to_api()})
    return True
