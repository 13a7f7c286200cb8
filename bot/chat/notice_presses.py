"""已阅 under a notice: the button is checked, the confirmation stored. Signing for others is `notice_list`'s."""

import re
import secrets
from dataclasses import dataclass

from sqlalchemy import select

from bot.chat.outcome_words import refusal
from bot.chat.replies import Talk
from notifications import notice_receipts, notices
from notifications.models import OutgoingMessage
from notifications.notice_models import NoticeCopy

# Eighteen digits: every such number fits a database's key, whoever made it up.
_DATA = re.compile(r"notice:([1-9][0-9]{0,17}):([A-Za-z0-9_-]{1,12})")


@dataclass(frozen=True, slots=True)
class NoticePress:
    """A press of 已阅: the outgoing message under which it stands, and its nonce."""

    row: int
    nonce: str


def decode(data: str) -> NoticePress | None:
    """What was pressed; None for any other button."""
    match = _DATA.fullmatch(data)
    return NoticePress(int(match[1]), match[2]) if match else None


async def pressed(talk: Talk, press: NoticePress) -> None:
    """Confirm the notice for whoever it was sent to."""
    _ = talk.plain
    row = await talk.session.get(OutgoingMessage, press.row)
    copy = await talk.session.scalar(select(NoticeCopy).where(NoticeCopy.row_id == press.row))
    if row is None or copy is None or not _is_genuine(row, press, talk.chat_id):
        talk.refuse(_("此按钮已失效，请看最新的消息。"))
        return
    linked = talk.speaker.linked
    if linked is None:
        talk.refuse(refusal("hidden" if talk.speaker.hidden else "stranger", _))
        return
    if linked.id != copy.officer_id:
        talk.refuse(_("此通知不是发给您的。"))
        return
    who = talk.speaker.actor.who
    came = await notice_receipts.confirm(talk.session, copy.notice_id, linked.id, who, now=talk.now)
    told(talk, came)


def told(talk: Talk, came: notice_receipts.Outcome) -> None:
    """Answer a press of 已阅 with what came of it."""
    _ = talk.plain
    if came == "confirmed":
        talk.answer(_("已确认。"))
    elif came == "recalled":
        talk.refuse(_("此通知已撤回，无需确认。"))
    else:
        talk.answer(_("此前已确认。"))


def _is_genuine(row: OutgoingMessage, press: NoticePress, chat_id: int) -> bool:
    """Whether we wrote this button into this chat."""
    return (
        row.kind in notices.KINDS
        and row.chat_id == chat_id
        and bool(row.nonce)
        and secrets.compare_digest(row.nonce.encode(), press.nonce.encode())
    )
