"""Files, pictures and videos sent in the private chat: by their number they go with a notice under way."""

import re
from collections.abc import Mapping

from telegram import Message

from bot.chat import notice_command, notice_rights
from bot.chat.replies import Talk
from notifications.notice_text import Entity, to_html

#: A caption that begins a notice; what follows is its text.
_COMMAND = re.compile(r"\s*/notice(?:@\w+)?(?:\s+|$)", re.IGNORECASE)

#: So much (characters) of a file's name is kept.
_NAME = 60


def entities(message: Message) -> tuple[Entity, ...]:
    """The formatting of a message's text or caption."""
    every = message.entities or message.caption_entities
    return tuple(Entity(str(one.type), one.offset, one.length, one.url) for one in every)


async def received(talk: Talk, message: Message) -> bool:
    """Take a file for a notice; False when the message has none, or when no notice is being written."""
    found = attachment(talk, message)
    if found is None or not talk.private:
        return False
    begins = _COMMAND.match(talk.text)
    if begins is None:
        caption = to_html(talk.text, talk.entities)
        return await notice_command.attached(talk, found, caption, message.media_group_id)
    if notice_rights.reach(talk.speaker) is None:
        return False
    text = to_html(talk.text, talk.entities, start=begins.end())
    await notice_command.begin(talk, text, found)
    return True


def attachment(talk: Talk, message: Message) -> Mapping[str, str] | None:
    """The file of a message as notices keep it; None when it has none."""
    _ = talk.plain
    if message.photo:
        # The last size is the largest.
        return _kept("photo", message.photo[-1].file_id, _("图片"))
    if message.video is not None:
        return _kept("video", message.video.file_id, message.video.file_name or _("视频"))
    if message.document is not None:
        name = message.document.file_name or _("文件")
        return _kept("document", message.document.file_id, name)
    return None


def _kept(kind: str, file_id: str, name: str) -> Mapping[str, str]:
    return {"kind": kind, "file_id": file_id, "name": name[:_NAME]}
