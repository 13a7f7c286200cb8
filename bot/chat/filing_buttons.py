"""Presses of a filing's buttons: checks that the button is genuine, who pressed, and does what it says."""

import secrets
from collections.abc import Awaitable, Callable
from datetime import timedelta
from zoneinfo import ZoneInfo

from bot.chat import drafts, notes, return_dialogue
from bot.chat.outcome_words import not_now, refusal, sentence
from bot.chat.replies import Talk
from bot.models import Draft
from directory import courts
from notifications import (
    acknowledgements,
    changes,
    collaboration,
    events,
    rerouting,
    results,
    supervision,
)
from notifications.channels.telegram_buttons import RESULTS, Pressed
from notifications.models import Filing, OutgoingMessage
from notifications.outcomes import Done, Outcome
from notifications.permissions import Action
from notifications.rendering import NEWS
from notifications.results import Result

#: How long 撤回 waits for its confirmation.
CONFIRM_LIFETIME = timedelta(minutes=10)

WITHDRAW = "withdraw"

#: The permission that an action's outcome is told as.
ACTIONS: dict[str, Action] = {
    "ack": "acknowledge",
    "b": "hand_over",
    "snooze": "snooze",
    "undo": "undo",
    "nudge": "nudge",
    "supp": "supplement",
    "wd": "withdraw",
    "sup": "supervise",
}


_USE_CASES: dict[str, Callable[..., Awaitable[Outcome]]] = {
    "ack": acknowledgements.accept,
    "b": rerouting.hand_over,
    "snooze": rerouting.snooze,
    "undo": acknowledgements.undo,
    "nudge": collaboration.nudge,
    "supp": results.supplement,
    "sup": supervision.supervise,
}


async def pressed(talk: Talk, press: Pressed) -> None:
    """Do what a card's or a piece of news' button says, if it is genuine and the presser may."""
    _ = talk.plain
    row = await talk.session.get(OutgoingMessage, press.row)
    if row is None or row.filing_id is None or not _is_genuine(row, press, talk.chat_id):
        await _note_forgery(talk, row)
        talk.refuse(_("此按钮无效。请在原消息上操作，或用 /pending 查看未办结的立案。"))
        return
    if press.action == "look":
        await _look(talk, row.filing_id)
    elif press.action == "send":
        await return_dialogue.send_to_proposed(talk, row.filing_id)
    elif press.action == "sendto":
        await return_dialogue.ask_where_to(talk, row.filing_id)
    elif press.action == "wd":
        await _ask_to_withdraw(talk, row.filing_id)
    elif press.action in RESULTS:
        await _give(talk, row, RESULTS[press.action])  # type: ignore[arg-type]
    else:
        await act(talk, row.filing_id, press.action)


def _is_genuine(row: OutgoingMessage, press: Pressed, chat_id: int) -> bool:
    """Whether we wrote this button into this chat. A forwarded or typed one fails by chat or nonce."""
    return (
        (row.kind == "card" or row.kind in NEWS)
        and row.chat_id == chat_id
        and bool(row.nonce)
        and secrets.compare_digest(row.nonce.encode(), press.nonce.encode())
    )


async def _note_forgery(talk: Talk, row: OutgoingMessage | None) -> None:
    """A forged, forwarded or replayed button is part of the filing's history."""
    if row is None or row.filing_id is None:
        return
    filing = await talk.session.get(Filing, row.filing_id)
    if filing is not None:
        await events.record(
            talk.session, filing, "refused", talk.speaker.actor.who, "button: forged", now=talk.now
        )


async def act(talk: Talk, filing_id: int, action: str) -> None:
    """One of the plain actions; the presser hears what came of it."""
    outcome = await perform(talk, filing_id, action)
    await _tell(talk, outcome, ACTIONS[action])


async def perform(talk: Talk, filing_id: int, action: str) -> Outcome:
    """Call the use case of a plain action."""
    session, actor, desk, now = talk.session, talk.speaker.actor, talk.parts.desk, talk.now
    use = _USE_CASES[action]
    return await use(session, filing_id, actor, desk, now=now)


async def _give(talk: Talk, row: OutgoingMessage, result: Result) -> None:
    """One tap gives the result; some results then invite a note."""
    outcome = await results.give(
        talk.session,
        row.filing_id or 0,
        talk.speaker.actor,
        result,
        None,
        talk.parts.desk,
        now=talk.now,
    )
    await _tell(talk, outcome, "result")
    if not isinstance(outcome, Done):
        return
    if result == "returned":
        await return_dialogue.ask_why(talk, outcome.filing)
    elif result in notes.INVITING:
        await notes.invite(talk, outcome.filing, result)


async def _tell(talk: Talk, outcome: Outcome, action: Action) -> None:
    zone = await zone_of(talk, outcome.filing)
    text = sentence(outcome, action, talk.plain, zone, talk.now)
    talk.answer(text, alert=not isinstance(outcome, Done))


async def zone_of(talk: Talk, filing: Filing) -> ZoneInfo:
    """The zone in which the filing's times are told: its jurisdiction court's."""
    court = await courts.get(talk.session, filing.jurisdiction_court)
    return courts.zone_of(court, talk.parts.desk.timezone)


async def _look(talk: Talk, filing_id: int) -> None:
    """查看: in private the whole path as a message, in a group in short and for the presser alone."""
    filing = await talk.session.get_one(Filing, filing_id)
    if talk.speaker.officer is None:
        await events.record(
            talk.session, filing, "refused", talk.speaker.actor.who, "look: stranger", now=talk.now
        )
        talk.refuse(refusal("stranger", talk.plain))
        return
    text = await talk.parts.renderer.path_text(
        talk.session, filing, now=talk.now, locale=talk.speaker.locale, short=not talk.private
    )
    if talk.private:
        talk.answer()
        await talk.reply(text)
    else:
        talk.answer(text, alert=True)


async def _ask_to_withdraw(talk: Talk, filing_id: int) -> None:
    """撤回 ends the filing: judge the presser now, act after a second tap."""
    _ = talk.plain
    subject = await changes.hold(talk.session, filing_id, talk.parts.desk)
    refused = await changes.refuse(
        talk.session, subject, "withdraw", talk.speaker.actor, now=talk.now
    )
    filing = subject.filing
    if refused is not None:
        talk.refuse(refusal(refused.reason, _))
        return
    if filing.state in {"completed", "withdrawn"}:
        talk.refuse(not_now(f"state_{filing.state}", _))
        return
    draft = await drafts.begin(
        talk.session,
        kind=WITHDRAW,
        chat_id=talk.chat_id,
        telegram_id=talk.speaker.telegram_id,
        data={"filing": filing_id},
        lifetime=CONFIRM_LIFETIME,
        now=talk.now,
    )
    talk.answer(_("请在下方再点一次确认。"))
    _ = talk.html
    buttons = [
        [
            {"text": _("确认撤回"), "data": drafts.encode(draft, "yes")},
            {"text": _("不撤回"), "data": drafts.encode(draft, "no")},
        ]
    ]
    question = _("确认撤回 {reference}？撤回后此件即终结。", reference=filing.reference)
    row = await talk.reply(question, buttons)
    draft.data = {**draft.data, "message": row}


async def withdrawal_chosen(talk: Talk, draft: Draft, choice: str) -> None:
    """The second tap."""
    _ = talk.plain
    if not await drafts.close(talk.session, draft, now=talk.now):
        talk.refuse(_("该操作此前已处理。"))
        return
    filing = await talk.session.get_one(Filing, draft.data["filing"])
    if choice != "yes":
        talk.answer(_("未撤回。"))
        _ = talk.html
        await talk.edit(draft.data["message"], _("未撤回 {ref}。", ref=filing.reference))
        return
    outcome = await collaboration.withdraw(
        talk.session, filing.id, talk.speaker.actor, "", talk.parts.desk, now=talk.now
    )
    await _tell(talk, outcome, "withdraw")
    zone = await zone_of(talk, outcome.filing)
    said = sentence(outcome, "withdraw", talk.html, zone, talk.now)
    _ = talk.html
    await talk.edit(
        draft.data["message"], _("{reference}：{fault}", reference=filing.reference, fault=said)
    )
