"""Methods that change, remove or pin a message that is already there."""

from datetime import timedelta
from typing import Any

from bot.sandbox.chats import Chat, Message
from bot.sandbox.errors import bad_request
from bot.sandbox.keyboards import checked_inline
from bot.sandbox.methods.call import Call, method
from bot.sandbox.methods.texts import message_text

NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same"
    " as a current content and reply markup of the message"
)
#: A bot may remove its messages for two days.
DELETABLE_FOR = timedelta(hours=48)


@method("editMessageText")
def edit_message_text(call: Call) -> dict[str, Any]:
    """New text and buttons; buttons left out are taken away, as on Telegram."""
    formatted = message_text(call.args)
    markup = checked_inline(call.args.get("reply_markup"))
    message = _own(call)
    if message.is_media or not message.text:
        raise bad_request("there is no text in the message to edit")
    call.charge(message.chat)
    if (message.text, message.entities, _inline(message)) == (
        formatted.text,
        formatted.entities,
        markup,
    ):
        raise bad_request(NOT_MODIFIED)
    message.text, message.entities = formatted.text, formatted.entities
    message.content.pop("link_preview_options", None)
    if options := call.args.get("link_preview_options"):
        message.content["link_preview_options"] = options
    return _changed(call, message, markup)


@method("editMessageReplyMarkup")
def edit_message_reply_markup(call: Call) -> dict[str, Any]:
    """New buttons under the same text."""
    markup = checked_inline(call.args.get("reply_markup"))
    message = _own(call)
    call.charge(message.chat)
    if _inline(message) == markup:
        raise bad_request(NOT_MODIFIED)
    return _changed(call, message, markup)


@method("deleteMessage")
def delete_message(call: Call) -> bool:
    """Remove a message: the bot's own, one it received in private, any one where it is an administrator."""
    world, chat = call.world, call.chat()
    message = world.message_in(chat, call.args["message_id"])
    if message is None:
        raise bad_request("message to delete not found")
    own = message.sender is world.bot
    if not (own or chat.type == "private" or _is_administrator(call, chat)):
        raise bad_request("message can't be deleted")
    if world.clock() - message.date > DELETABLE_FOR:
        raise bad_request("message can't be deleted for everyone")
    message.deleted = True
    if message.id in chat.pinned:
        chat.pinned.remove(message.id)
    return True


@method("pinChatMessage")
def pin_chat_message(call: Call) -> bool:
    """Put a message at the top of the chat; Telegram says so in a service message."""
    world, chat = call.world, call.chat()
    message = world.message_in(chat, call.args["message_id"])
    _must_pin(call, chat)
    if message is None:
        raise bad_request("message to pin not found")
    if message.id in chat.pinned:
        chat.pinned.remove(message.id)
    chat.pinned.append(message.id)
    pinned = {"pinned_message": message.to_api(with_reply=False)}
    silent = call.args.get("disable_notification", False)
    world.tell_bot(world.send(chat, world.bot, content=pinned, silent=silent))
    return True


@method("unpinChatMessage")
def unpin_chat_message(call: Call) -> bool:
    """Take the newest pinned message down, or the one named."""
    chat = call.chat()
    _must_pin(call, chat)
    message_id = call.args.get("message_id", chat.pinned[-1] if chat.pinned else None)
    if message_id not in chat.pinned:
        raise bad_request("message to unpin not found")
    chat.pinned.remove(message_id)
    return True


def _own(call: Call) -> Message:
    """The bot's message that an edit names."""
    args = call.args
    if "inline_message_id" in args:
        raise bad_request("MESSAGE_ID_INVALID")
    if "chat_id" not in args:
        raise bad_request("chat_id is empty")
    chat = call.chat()
    if "message_id" not in args:
        raise bad_request("message identifier is not specified")
    message = call.world.message_in(chat, args["message_id"])
    if message is None:
        raise bad_request("message to edit not found")
    if message.sender is not call.world.bot or "forward_origin" in message.content:
        raise bad_request("message can't be edited")
    return message


def _inline(message: Message) -> dict[str, Any] | None:
    return message.markup if message.inline_rows else None


def _changed(call: Call, message: Message, markup: dict[str, Any] | None) -> dict[str, Any]:
    message.markup = markup
    message.edited_at = call.world.clock()
    return message.to_api()


def _is_administrator(call: Call, chat: Chat) -> bool:
    return chat.status_of(call.world.bot.id) in {"administrator", "creator"}


def _must_pin(call: Call, chat: Chat) -> None:
    if chat.is_group and not _is_administrator(call, chat):
        raise bad_request("not enough rights to manage pinned messages in the chat")
