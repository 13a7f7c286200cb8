"""Methods that put a message into a chat."""

from typing import Any

from bot.sandbox.chats import Chat, Message
from bot.sandbox.errors import bad_request
from bot.sandbox.formatting import Formatted
from bot.sandbox.keyboards import checked_markup
from bot.sandbox.methods.call import Call, method
from bot.sandbox.methods.texts import caption, message_text
from bot.sandbox.schema import Upload
from bot.sandbox.world import FILE_MARKS

ACTIONS = frozenset(
    [
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    ]
)
LARGEST_FILE = 50 * 1024 * 1024
LARGEST_PHOTO = 10 * 1024 * 1024
_PNG = b"\x89PNG\r\n\x1a\n"


@method("sendMessage")
def send_message(call: Call) -> dict[str, Any]:
    """A text."""
    return _deliver(call, message_text(call.args), _link_preview(call.args)).to_api()


@method("sendDocument")
def send_document(call: Call) -> dict[str, Any]:
    """A file with an optional caption."""
    document = call.args["document"]
    if isinstance(document, str):
        name, content = _known_file(call, document, "document")
        kind = "application/octet-stream"
    else:
        name, content, kind = document.name, document.content, document.content_type
    file = _stored(call, name, content, LARGEST_FILE, "document")
    described = file | {"file_name": name, "mime_type": kind}
    message = _deliver(call, caption(call.args), {"document": described})
    message.file = content
    return message.to_api()


@method("sendPhoto")
def send_photo(call: Call) -> dict[str, Any]:
    """A picture with an optional caption."""
    photo = call.args["photo"]
    content = photo.content if isinstance(photo, Upload) else _known_file(call, photo, "photo")[1]
    width, height = _size(content)
    file = _stored(call, "photo.png", content, LARGEST_PHOTO, "photo")
    sizes = [file | {"width": width, "height": height}]
    message = _deliver(call, caption(call.args), {"photo": sizes})
    message.file = content
    return message.to_api()


@method("sendVideo")
def send_video(call: Call) -> dict[str, Any]:
    """A video with an optional caption."""
    video = call.args["video"]
    if isinstance(video, str):
        name, content = _known_file(call, video, "video")
    else:
        name, content = video.name, video.content
    file = _stored(call, name, content, LARGEST_FILE, "video")
    described = file | {"file_name": name, "width": 1280, "height": 720, "duration": 1}
    message = _deliver(call, caption(call.args), {"video": described})
    message.file = content
    return message.to_api()


@method("sendContact")
def send_contact(call: Call) -> dict[str, Any]:
    """A telephone number with a name."""
    names = ("phone_number", "first_name", "last_name", "vcard")
    contact = {name: call.args[name] for name in names if call.args.get(name)}
    if not {"phone_number", "first_name"} <= set(contact):
        raise bad_request("phone number and first name must be non-empty")
    return _deliver(call, Formatted(""), {"contact": contact}).to_api()


@method("sendChatAction")
def send_chat_action(call: Call) -> bool:
    """The line "is typing…"; counts for no limit."""
    call.chat()
    if call.args["action"] not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    return True


@method("copyMessage")
def copy_message(call: Call) -> dict[str, Any]:
    """The same content as a new message, without a link to the old one."""
    original = _original(call, "copy")
    content = {
        k: v for k, v in original.content.items() if k in {"document", "photo", "video", "contact"}
    }
    if not (original.text or content):
        raise bad_request("message can't be copied")
    formatted = Formatted(original.text, original.entities)
    if original.is_media and "caption" in call.args:
        formatted = caption(call.args)
    copy = _deliver(call, formatted, content)
    copy.file = original.file
    return {"message_id": copy.id}


@method("forwardMessage")
def forward_message(call: Call) -> dict[str, Any]:
    """The message with its author's name above it."""
    original = _original(call, "forward")
    content = original.content | {"forward_origin": forward_origin(original)}
    forwarded = _deliver(call, Formatted(original.text, original.entities), content)
    forwarded.file = original.file
    return forwarded.to_api()


def forward_origin(message: Message) -> dict[str, Any]:
    """The MessageOrigin of a message that is passed on."""
    if "forward_origin" in message.content:
        origin: dict[str, Any] = message.content["forward_origin"]
        return origin
    date = int(message.date.timestamp())
    if message.sender_chat is not None:
        return {"type": "chat", "date": date, "sender_chat": message.sender_chat.to_api()}
    sender = message.sender
    if sender is None:
        return {"type": "hidden_user", "date": date, "sender_user_name": "Deleted Account"}
    return {"type": "user", "date": date, "sender_user": sender.to_api()}


def _original(call: Call, verb: str) -> Message:
    source = call.chat("from_chat_id")
    message = call.world.message_in(source, call.args["message_id"])
    if message is None:
        raise bad_request(f"message to {verb} not found")
    if message.protected:
        raise bad_request(f"message can't be {'copied' if verb == 'copy' else 'forwarded'}")
    return message


def _deliver(call: Call, formatted: Formatted, content: dict[str, Any]) -> Message:
    """Check everything about the place, charge the rate, put the message there."""
    args, world = call.args, call.world
    chat = call.chat()
    markup = checked_markup(args.get("reply_markup"))
    reply_to = _replied(call, chat)
    call.charge(chat)
    return world.send(
        chat,
        world.bot,
        text=formatted.text,
        entities=formatted.entities,
        content=content,
        markup=markup,
        silent=args.get("disable_notification", False),
        protected=args.get("protect_content", False),
        reply_to=reply_to,
    )


def _replied(call: Call, chat: Chat) -> Message | None:
    reply = call.args.get("reply_parameters")
    if reply is None:
        return None
    place = call.world.chat_for_bot(reply["chat_id"]) if "chat_id" in reply else chat
    message = call.world.message_in(place, reply["message_id"])
    if message is None and not reply.get("allow_sending_without_reply"):
        raise bad_request("message to be replied not found")
    return message if place is chat else None


def _link_preview(args: dict[str, Any]) -> dict[str, Any]:
    options = args.get("link_preview_options")
    return {"link_preview_options": options} if options else {}


def _stored(call: Call, name: str, content: bytes, largest: int, kind: str) -> dict[str, Any]:
    """Keep a file and return its ids and size."""
    if not content:
        raise bad_request("file must be non-empty")
    if len(content) > largest:
        raise bad_request("file is too big")
    return call.world.keep_file(kind, name, content)


def _known_file(call: Call, file_id: str, kind: str) -> tuple[str, bytes]:
    known = call.world.files.get(file_id)
    if known is None:
        raise bad_request("wrong file identifier/HTTP URL specified")
    if not file_id.startswith(FILE_MARKS[kind]):
        raise bad_request("type of file mismatch")
    return known


def _size(content: bytes) -> tuple[int, int]:
    """Width and height in pixels: read from a PNG, a stand-in for other pictures."""
    if content.startswith(_PNG):
        return int.from_bytes(content[16:20]), int.from_bytes(content[20:24])
    return 1280, 720
