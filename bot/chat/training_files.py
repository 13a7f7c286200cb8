"""Files sent in the private chat for what is being prepared: a session's materials, its quiz, a form's questions. Others are others' business."""

import re

from telegram import Message

from bot.chat import (
    drafts,
    form_draft,
    notice_attachments,
    notice_draft,
    notice_rights,
    quiz_loading,
    training_draft,
)
from bot.chat.replies import Talk

#: A caption that begins a form with the file's questions.
_FORM = re.compile(r"\s*/form(?:@\w+)?\s*$", re.IGNORECASE)


async def received(talk: Talk, message: Message) -> bool:
    """Take a file for what the sender is at; False when that is none of these, or when a command says otherwise."""
    leads = talk.private and notice_rights.reach(talk.speaker) is not None
    if leads and message.document is not None and _FORM.match(talk.text):
        await form_draft.begin_with(talk, message.document)
        return True
    if not leads or talk.text.lstrip().startswith("/"):
        return False
    kinds = (training_draft.KIND, notice_draft.KIND, quiz_loading.KIND, form_draft.KIND)
    me = talk.speaker.telegram_id
    under_way = await drafts.open_ones(talk.session, kinds, talk.chat_id, me, now=talk.now)
    # Whichever was begun last is meant.
    meant = under_way[0] if under_way else None
    attachment = notice_attachments.attachment(talk, message)
    if meant is None or attachment is None:
        return False
    if meant.kind == training_draft.KIND:
        await training_draft.attached(talk, meant, attachment)
    elif meant.kind == quiz_loading.KIND and message.document is not None:
        await quiz_loading.received(talk, meant, message.document)
    elif meant.kind == form_draft.KIND and message.document is not None:
        await form_draft.received(talk, meant, message.document)
    else:
        return False
    return True
