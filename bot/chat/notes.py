"""The note to a result: invited after the tap, given as a reply within ten minutes, refused when it is personal."""

import re
import unicodedata
from datetime import timedelta

from sqlalchemy import select

from bot.chat import drafts
from bot.chat.outcome_words import sentence
from bot.chat.replies import Talk
from bot.models import Draft
from directory import courts
from notifications import results
from notifications.free_text import FREE_TEXT, fit_to_show
from notifications.models import Filing, OutgoingMessage
from notifications.outcomes import Done

KIND = "note"

#: How long a note is waited for.
LIFETIME = timedelta(minutes=10)

#: Results that usually need a word of explanation.
INVITING = frozenset({"correction", "not_accepted", "returned"})

#: Eighteen digits, the last may be X; blanks and hyphens between digits are taken out before.
_IDENTITY = re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)")
_JOINTS = re.compile(r"(?<=\d)[ \-]+(?=[\dXx])")


async def invite(talk: Talk, filing: Filing, result: str) -> None:
    """Ask the author of the result for a note, by a plain reply; their field for it opens at once."""
    _ = talk.html
    draft = await drafts.begin(
        talk.session,
        kind=KIND,
        chat_id=talk.chat_id,
        telegram_id=talk.speaker.telegram_id,
        data={"filing": filing.id},
        lifetime=LIFETIME,
        now=talk.now,
    )
    said = {"reference": filing.reference, "result": _(results.SHOWN[result])}
    if result == "correction":
        # A correction is told once and whole (一次性补正告知): the list of defects is wanted, not a remark.
        question = _(
            "{reference} 已登记“{result}”。请在 10 分钟内回复本消息，一次性写明需要补正的全部内容"
            "（不要写姓名、证件号、手机号）。",
            **said,
        )
        placeholder = _("写明需要补正的全部内容")
    else:
        question = _(
            "{reference} 已登记“{result}”。如需说明，请在 10 分钟内回复本消息（不要写姓名、证件号、手机号）。",
            **said,
        )
        placeholder = _("写明原因或说明")
    draft.data = {**draft.data, "message": await talk.reply(question, asks=str(placeholder))}


async def expected(talk: Talk) -> bool:
    """Whether a note of the speaker is still waited for in this chat."""
    draft = await drafts.under_way(
        talk.session, KIND, talk.chat_id, talk.speaker.telegram_id, now=talk.now
    )
    return draft is not None


async def replied(talk: Talk, text: str) -> bool:
    """A reply to one of our messages: True when it was meant as a note."""
    if talk.replied_to is None:
        return False
    row = await _row(talk)
    draft = await _draft(talk, row)
    if row is None or draft is None:
        return False
    _ = talk.html
    if not drafts.is_open(draft, now=talk.now):
        await talk.reply(_("已过 10 分钟，说明未记录。请直接联系对方法院。"))
        return True
    note = " ".join(text.split())
    if not note or len(note) > FREE_TEXT:
        await talk.reply(_("说明应为 1–{most} 个字，请缩短后重新回复。", most=FREE_TEXT))
        return True
    if _is_personal(note):
        await talk.reply(
            _("说明中含有证件号或手机号，未记录。请去掉后重新回复，并删除刚才那条消息。")
        )
        return True
    outcome = await results.add_note(
        talk.session,
        draft.data["filing"],
        talk.speaker.actor,
        note,
        talk.parts.desk,
        now=talk.now,
    )
    court = await courts.get(talk.session, outcome.filing.jurisdiction_court)
    zone = courts.zone_of(court, talk.parts.desk.timezone)
    if isinstance(outcome, Done):
        await drafts.close(talk.session, draft, now=talk.now)
    await talk.reply(sentence(outcome, "note", _, zone, talk.now))
    return True


async def _row(talk: Talk) -> OutgoingMessage | None:
    row: OutgoingMessage | None = await talk.session.scalar(
        select(OutgoingMessage)
        .where(
            OutgoingMessage.chat_id == talk.chat_id,
            OutgoingMessage.message_id == talk.replied_to,
        )
        .order_by(OutgoingMessage.id.desc())
        .limit(1)
    )
    return row


async def _draft(talk: Talk, row: OutgoingMessage | None) -> Draft | None:
    """The speaker's latest invitation that this message, or the filing's card, belongs to."""
    if row is None:
        return None
    latest = await talk.session.scalars(
        select(Draft)
        .where(
            Draft.kind == KIND,
            Draft.chat_id == talk.chat_id,
            Draft.telegram_id == talk.speaker.telegram_id,
        )
        .order_by(Draft.id.desc())
        .limit(5)
    )
    for draft in latest:
        if draft.data.get("message") == row.id or (
            draft.data["filing"] == row.filing_id and drafts.is_open(draft, now=talk.now)
        ):
            return draft
    return None


def _is_personal(note: str) -> bool:
    """Whether a mobile or identity number stands in it, a mistyped one included: its owner is no less known."""
    plain = _JOINTS.sub("", unicodedata.normalize("NFKC", note))
    return fit_to_show(note) != note or _IDENTITY.search(plain) is not None
