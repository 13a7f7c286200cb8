"""The talk after 退回: why, which court decides instead, and sending it on there. The rules are in `notifications`."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from bot.chat import drafts, notes
from bot.chat.filing_rows import MOST_CHOICES, named
from bot.chat.outcome_words import not_now, refusal, sentence
from bot.chat.replies import Talk
from bot.models import Draft
from directory import courts
from directory.models import Court
from notifications import changes, returning, sending_on
from notifications.models import Filing, OutgoingMessage
from notifications.outcomes import Done, Outcome
from notifications.returning import Because

#: Kinds of conversations: why it was returned; which court is proposed; where it is sent instead.
REASON, PROPOSAL, SENDING = "return", "proposal", "send_on"

#: How long each waits.
LIFETIME = timedelta(minutes=10)

#: A reply of more characters is no court's name.
_LONGEST_NAME = 64


async def ask_why(talk: Talk, filing: Filing) -> None:
    """Right after 退回: the reason by one tap."""
    _ = talk.html
    draft = await _begin(talk, REASON, filing)
    buttons = [
        [{"text": _("不属本院管辖"), "data": drafts.encode(draft, "not_ours")}],
        [{"text": _("其他"), "data": drafts.encode(draft, "other")}],
    ]
    question = _("{reference} 已退回。请选择退回原因：", reference=filing.reference)
    draft.data = {**draft.data, "message": await talk.reply(question, buttons)}


async def reason_chosen(talk: Talk, draft: Draft, choice: str) -> None:
    """不属本院管辖 asks for the right court, 其他 for a note."""
    _ = talk.plain
    if choice not in returning.RETURN_REASONS:
        talk.refuse(_("此按钮已失效，请看最新的消息。"))
        return
    outcome = await _explain(talk, draft, Because(choice))
    if not isinstance(outcome, Done):
        talk.refuse(await _said(talk, outcome, "note"))
        return
    if not await drafts.close(talk.session, draft, now=talk.now):
        talk.refuse(_("该操作此前已处理。"))
        return
    talk.answer(_("已记录退回原因。"))
    _ = talk.html
    filing = outcome.filing
    said = {"reference": filing.reference}
    if choice == "other":
        await talk.edit(draft.data["message"], _("{reference} 退回原因：其他", **said))
        await notes.invite(talk, filing, "returned")
        return
    await talk.edit(draft.data["message"], _("{reference} 退回原因：不属本院管辖", **said))
    question = _(
        "{reference}：请在 10 分钟内回复本消息，写明有管辖权的法院（代字或名称），协作法院可一键转送。"
        "不清楚可不回复。",
        **said,
    )
    await _ask_for_court(talk, PROPOSAL, filing, question)


async def send_to_proposed(talk: Talk, filing_id: int) -> None:
    """转送 {court}: one tap."""
    await _send(talk, filing_id, None)


async def ask_where_to(talk: Talk, filing_id: int) -> None:
    """其他法院…: judge the presser now, send it on when a court was named and tapped."""
    _ = talk.plain
    subject = await changes.hold(talk.session, filing_id, talk.parts.desk)
    refused = await changes.refuse(
        talk.session, subject, "send_on", talk.speaker.actor, now=talk.now
    )
    if refused is not None:
        talk.refuse(refusal(refused.reason, _))
        return
    filing = subject.filing
    if filing.next_id is not None or filing.state != "completed" or filing.result != "returned":
        reason = "sent_on" if filing.next_id is not None else "not_returned"
        talk.refuse(not_now(reason, _))
        return
    talk.answer(_("请在下方回复法院代字或名称。"))
    _ = talk.html
    question = _(
        "{reference}：请在 10 分钟内回复本消息，写明要转送的法院（代字或名称）。",
        reference=filing.reference,
    )
    await _ask_for_court(talk, SENDING, filing, question)


async def replied(talk: Talk, text: str) -> bool:
    """A text that names the court asked for: True when it was meant so."""
    draft = await _draft(talk)
    if draft is None:
        return False
    _ = talk.html
    if not drafts.is_open(draft, now=talk.now):
        await talk.reply(_("已过 10 分钟，请重新操作。"))
        return True
    words = " ".join(text.split())
    found = await talk.court_meant(words)
    nothing = len(words) > _LONGEST_NAME or (found.court is None and not found.choices)
    if nothing and talk.replied_to is None:
        return False  # Whatever was written, it answers nothing here.
    if nothing:
        await talk.reply(_("“{words}”查不到，请重新回复代字或全称。", words=words[:_LONGEST_NAME]))
        return True
    if found.court is not None and draft.kind == PROPOSAL:
        await _propose(talk, draft, found.court)
        return True
    meant = [found.court] if found.court is not None else list(found.choices[:MOST_CHOICES])
    await _offer(talk, draft, meant)
    return True


async def court_chosen(talk: Talk, draft: Draft, choice: str) -> None:
    """One of the courts that a name may mean, or the confirmation of the one it does."""
    _ = talk.plain
    word, _equals, number = choice.partition("=")
    codes = draft.data.get("choices", [])
    if word != "court" or not number.isdecimal() or int(number) >= len(codes):
        talk.refuse(_("此按钮已失效，请看最新的消息。"))
        return
    court = await courts.get(talk.session, codes[int(number)])
    if draft.kind == SENDING:
        if await _send(talk, draft.data["filing"], court.code):
            await drafts.close(talk.session, draft, now=talk.now)
        return
    talk.answer()
    await _propose(talk, draft, court)


async def _begin(talk: Talk, kind: str, filing: Filing) -> Draft:
    return await drafts.begin(
        talk.session,
        kind=kind,
        chat_id=talk.chat_id,
        telegram_id=talk.speaker.telegram_id,
        data={"filing": filing.id},
        lifetime=LIFETIME,
        now=talk.now,
    )


async def _ask_for_court(talk: Talk, kind: str, filing: Filing, question: str) -> None:
    draft = await _begin(talk, kind, filing)
    _ = talk.html
    asked = await talk.reply(question, asks=str(_("法院代字或名称")))
    draft.data = {**draft.data, "message": asked}


async def _offer(talk: Talk, draft: Draft, meant: list[Court]) -> None:
    """Let one tap say which court: what was typed may mean several, and a wrong one would be paged."""
    data = {**draft.data, "choices": [court.code for court in meant]}
    drafts.go_on(draft, data, lifetime=LIFETIME, now=talk.now)
    _ = talk.parts.texts.for_locale(talk.locale)
    send = draft.kind == SENDING
    buttons = [
        [
            {
                "text": _("转送 {court}", court=named(court)) if send else named(court),
                "data": drafts.encode(draft, f"court={index}"),
            }
        ]
        for index, court in enumerate(meant)
    ]
    await talk.reply(_("请点选法院："), buttons)


async def _propose(talk: Talk, draft: Draft, court: Court) -> None:
    """Write the proposal down; the court that filed gets it with its button."""
    _ = talk.html
    outcome = await _explain(talk, draft, Because("not_ours", court.code))
    if isinstance(outcome, Done):
        await drafts.close(talk.session, draft, now=talk.now)
        text = _("已告知协作法院：建议转送{court}。", court=named(court))
        await talk.reply(text)
    else:
        await talk.reply(await _said(talk, outcome, "note"))


async def _explain(talk: Talk, draft: Draft, because: Because) -> Outcome:
    return await returning.explain(
        talk.session,
        draft.data["filing"],
        talk.speaker.actor,
        because,
        talk.parts.desk,
        now=talk.now,
    )


async def _send(talk: Talk, filing_id: int, code: str | None) -> bool:
    """Send it on and say under which reference; True when it was."""
    outcome = await sending_on.send_on(
        talk.session, filing_id, talk.speaker.actor, code, talk.parts.desk, now=talk.now
    )
    if not isinstance(outcome, Done):
        talk.refuse(await _said(talk, outcome, "send_on"))
        return False
    _ = talk.plain
    court = await courts.get(talk.session, outcome.filing.jurisdiction_court)
    reference = outcome.filing.reference
    talk.answer(_("已转送{court}，新编号 {reference}", court=court.name, reference=reference))
    return True


async def _said(talk: Talk, outcome: Outcome, action: str) -> str:
    court = await courts.get(talk.session, outcome.filing.jurisdiction_court)
    zone: ZoneInfo = courts.zone_of(court, talk.parts.desk.timezone)
    return sentence(outcome, action, talk.plain, zone, talk.now)


async def _draft(talk: Talk) -> Draft | None:
    """The speaker's question that this text answers: replied to, or the open one of the private chat."""
    if talk.replied_to is None:
        if not talk.private:
            return None
        for kind in (PROPOSAL, SENDING):
            found = await drafts.under_way(
                talk.session, kind, talk.chat_id, talk.speaker.telegram_id, now=talk.now
            )
            if found is not None:
                return found
        return None
    asked = await talk.session.scalar(
        select(OutgoingMessage.id)
        .where(
            OutgoingMessage.chat_id == talk.chat_id,
            OutgoingMessage.message_id == talk.replied_to,
        )
        .order_by(OutgoingMessage.id.desc())
        .limit(1)
    )
    latest = await talk.session.scalars(
        select(Draft)
        .where(
            Draft.kind.in_((PROPOSAL, SENDING)),
            Draft.chat_id == talk.chat_id,
            Draft.telegram_id == talk.speaker.telegram_id,
            Draft.done_at.is_(None),
        )
        .order_by(Draft.id.desc())
        .limit(5)
    )
    return next((draft for draft in latest if draft.data.get("message") == asked), None)
