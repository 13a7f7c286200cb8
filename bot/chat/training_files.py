"""Files sent in the private chat for a session: its materials while it is planned. Other files are others' business."""

from telegram import Message

from bot.chat import drafts, notice_attachments, notice_draft, notice_rights, training_draft
from bot.chat.replies import Talk


async def received(talk: Talk, message: Message) -> bool:
    """Take a file for what the sender is at; False when that is no session, or when a command says otherwise."""
    if not talk.private or talk.text.lstrip().startswith("/"):
        return False
    kinds = (training_draft.KIND, notice_draft.KIND)
    me = talk.speaker.telegram_id
    under_way = await drafts.open_ones(talk.session, kinds, talk.chat_id, me, now=talk.now)
    # Whichever was begun last is meant.
    if not under_way or under_way[0].kind != training_draft.KIND:
        return False
    attachment = notice_attachments.attachment(talk, message)
    if attachment is None or notice_rights.reach(talk.speaker) is None:
        return False
    await training_draft.attached(talk, under_way[0], attachment)
    return True
