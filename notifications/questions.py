"""Questions: asked, brought to whoever answers them, climbing while nobody does, answered where they were asked.

Who may do what is `question_rights`, the way up is `question_ladder`, the words are in `question_words`, the
published list is `faq`.
"""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from directory import courts, duty, officers
from directory.database import wake
from directory.models import Officer
from directory.roster import OnDutyOfficer
from notifications import notices, outbox, question_readers, question_rights, told
from notifications.models import OutgoingMessage
from notifications.news import has_group
from notifications.question_ladder import STAGES, Stage, climb
from notifications.question_models import Question, QuestionMessage
from notifications.question_readers import Desk
from notifications.question_rights import MOST_TURNS, WINDOW, Asked, TooMany, Unfit, too_many
from notifications.question_words import QuestionView, say
from notifications.timekeeper import Soonest
from notifications.told import Reader, Voice

Decision = Literal["published", "linked", "kept"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody asked: the chat, and in a group (None: a private chat) the message that answers refer to."""

    chat_id: int
    message_id: int | None

    @property
    def group(self) -> int | None:
        """The group's number."""
        return None if self.message_id is None else self.chat_id


async def unfit(session: AsyncSession, text: str) -> Unfit | None:
    """Why a text can be no question and no answer; the directory's desk phones may stand in it."""
    reason = question_rights.unfit(text)
    if reason != "personal":
        return reason
    return question_rights.unfit(text, await notices.desk_phones(session))


async def may_ask(session: AsyncSession, officer_id: int, *, now: datetime) -> TooMany | None:
    """Why somebody may ask nothing more now; None while they may."""
    mine = Question.asked_by_officer_id == officer_id
    waiting = await session.scalar(
        select(func.count()).select_from(Question).where(mine, Question.state == "open")
    )
    asked_at = await session.scalars(
        select(Question.asked_at).where(mine, Question.asked_at > now - WINDOW)
    )
    return too_many(waiting or 0, asked_at.all(), now)


async def ask(
    session: AsyncSession,
    asker: Officer,
    post: str | None,
    text: str,
    place: Place,
    voice: Voice,
    *,
    now: datetime,
) -> Question | TooMany:
    """Store a question and show it to whoever answers first.

    Args:
        session: a writing transaction.
        asker: the officer, court loaded; `post` the one to be shown.
        post: see `asker`.
        text: fit to be shown (`question_rights.unfit`).
        place: where the answer goes.
        voice: how the desk speaks.
        now: when; UTC.

    Returns:
        The question, or why nothing more may be asked.
    """
    limit = await may_ask(session, asker.id, now=now)
    if limit is not None:
        return limit
    who = officers.display(asker, post)
    question = Question(
        nonce=secrets.token_urlsafe(6),
        asked_by=who,
        asked_by_officer_id=asker.id,
        court_code=asker.court_code,
        province=asker.court.province,
        chat_id=place.group,
        message_id=place.message_id,
        turns=[_turn("asked", text, who, asker.id, now)],
        asked_at=now,
        last_at=now,
    )
    session.add(question)
    await session.flush()
    locale = voice.desk.locale if place.message_id is not None else asker.language
    officer_id = asker.id if place.message_id is None else None
    await _raise(session, question, voice, now)
    reader = Reader("thread", place.chat_id, locale or voice.desk.locale, officer_id)
    await _show(session, question, reader, voice, now)
    return question


def _turn(kind: str, text: str, who: str, officer_id: int, now: datetime) -> dict[str, Any]:
    return {"kind": kind, "text": text, "who": who, "officer": officer_id, "at": now.isoformat()}


async def locked(session: AsyncSession, question_id: int) -> Question | None:
    """The question, held against other instances until the transaction ends."""
    question: Question | None = await session.scalar(
        select(Question)
        .where(Question.id == question_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return question


async def of_message(
    session: AsyncSession, chat_id: int, message_id: int
) -> tuple[Question, str] | None:
    """The question (locked) that a message in a chat shows, and as what; None for any other message."""
    row = (
        await session.execute(
            select(QuestionMessage.question_id, QuestionMessage.role)
            .join(OutgoingMessage, OutgoingMessage.id == QuestionMessage.row_id)
            .where(OutgoingMessage.chat_id == chat_id, OutgoingMessage.message_id == message_id)
            .limit(1)
        )
    ).one_or_none()
    question = await locked(session, row.question_id) if row is not None else None
    return (question, row.role) if row is not None and question is not None else None


def asked(question: Question) -> Asked:
    """The question as rights judge it."""
    return Asked(
        question.court_code,
        question.province,
        question.asked_by_officer_id,
        question.state,
        question.answered_by_officer_id,
    )


async def go_on(
    session: AsyncSession, question: Question, text: str, voice: Voice, *, now: datetime
) -> bool:
    """继续追问, or an addition while it waits: it is shown to whoever answers anew. False when it went on too long."""
    if len(question.turns) >= MOST_TURNS:
        return False
    who, officer_id = question.asked_by, question.asked_by_officer_id
    question.turns = [*question.turns, _turn("asked", text, who, officer_id, now)]
    question.state, question.stage, question.last_at = "open", None, now
    for message in await _messages(session, question):
        if message.role in STAGES:
            message.role = "past"
    await session.flush()
    await _raise(session, question, voice, now)
    await _follow(session, question, voice, now)
    return True


async def answer(
    session: AsyncSession,
    question: Question,
    officer: Officer,
    post: str | None,
    text: str,
    voice: Voice,
    *,
    now: datetime,
) -> bool:
    """Take an answer (`question` locked, rights judged): the asker has it where it was asked, everybody shown follows.

    False when the chat reaches the asker no more.
    """
    who = officers.display(officer, post)
    question.turns = [*question.turns, _turn("answered", text, who, officer.id, now)]
    question.state, question.next_at = "answered", None
    question.answered_at = question.last_at = now
    question.answered_by, question.answered_by_officer_id = who, officer.id
    await session.flush()
    told_asker = await _tell_asker(session, question, voice, now)
    await _follow(session, question, voice, now)
    if post != "coordinator" and question.decision is None:
        await _tell_coordinators(session, question, voice, now)
    return told_asker


async def _tell_asker(
    session: AsyncSession, question: Question, voice: Voice, now: datetime
) -> bool:
    """Where it was asked; personally, once the group is out of reach."""
    turn = len(question.turns) - 1
    if question.chat_id is not None and await _hears(session, question.chat_id):
        reader = Reader("answer", question.chat_id, voice.desk.locale)
        await _show(session, question, reader, voice, now, turn=turn)
        return True
    asker = question.asked_by_officer_id
    people = await duty.people(session, [asker], now=now)
    readers = told.person("answer", people[asker], voice.desk) if asker in people else []
    for reader in readers:
        await _show(session, question, reader, voice, now, turn=turn)
    return bool(readers)


async def _hears(session: AsyncSession, group: int) -> bool:
    """Whether a group can be written to, as far as its courts know."""
    served = await courts.of_group(session, group)
    return not served or any(has_group(court) for court in served)


async def _tell_coordinators(
    session: AsyncSession, question: Question, voice: Voice, now: datetime
) -> None:
    """Those who decide whether it is published, once it is answered; without a sound."""
    shown = {message.officer_id for message in await _messages(session, question)}
    desk = await _desk(session, question, voice, now)
    for one in desk.by_stage["coordinator"].values():
        if one.officer_id not in shown:
            await _show_person(session, question, "coordinator", one, voice, now, silent=True)


async def solve(session: AsyncSession, question: Question, voice: Voice, *, now: datetime) -> None:
    """已解决, said by the asker: nobody is asked any more."""
    question.state, question.next_at, question.last_at = "solved", None, now
    await session.flush()
    await _follow(session, question, voice, now)


async def decide(
    session: AsyncSession,
    question: Question,
    decision: Decision,
    voice: Voice,
    *,
    now: datetime,
    entry_id: int | None = None,
) -> None:
    """A coordinator's word on the published list: a new entry, one that says the same, or none."""
    question.decision, question.entry_id, question.last_at = decision, entry_id, now
    await session.flush()
    await _follow(session, question, voice, now)


async def move_chat(session: AsyncSession, old: int, new: int) -> None:
    """Follow a group that has a new number."""
    for question in await session.scalars(select(Question).where(Question.chat_id == old)):
        question.chat_id = new


#: When the next question climbs.
earliest = Soonest(select(func.min(Question.next_at)))


async def climb_due(session: AsyncSession, now: datetime, voice: Voice) -> None:
    """Bring every question that was waited for long enough to whoever comes next."""
    found = await session.scalars(
        select(Question)
        .where(Question.next_at <= now, Question.state == "open")
        .order_by(Question.id)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    for question in found.all():
        before = question.stage
        await _raise(session, question, voice, now)
        if question.stage != before:
            await _follow(session, question, voice, now)
    await session.flush()


async def _raise(session: AsyncSession, question: Question, voice: Voice, now: datetime) -> None:
    """One step up the ladder, or onto it; whoever is new is shown the question."""
    desk = await _desk(session, question, voice, now)
    messages = await _messages(session, question)
    shown = {m.officer_id for m in messages if m.role in STAGES and m.officer_id is not None}
    after: Stage | None = next((stage for stage in STAGES if stage == question.stage), None)
    step = climb(after, desk.by_stage, shown, desk.calendar, now)
    question.stage, question.next_at = step.stage, step.next_at
    await session.flush()
    wake(session, "timed")
    for officer_id in step.readers:
        one = desk.person(officer_id)
        if one is not None and step.stage is not None:
            await _show_person(session, question, step.stage, one, voice, now)


async def _desk(session: AsyncSession, question: Question, voice: Voice, now: datetime) -> Desk:
    court = await courts.get(session, question.court_code)
    return await question_readers.desk(
        session,
        court,
        question.asked_by_officer_id,
        default_timezone=voice.desk.timezone,
        now=now,
    )


async def _show_person(
    session: AsyncSession,
    question: Question,
    role: str,
    one: OnDutyOfficer,
    voice: Voice,
    now: datetime,
    *,
    silent: bool = False,
) -> None:
    for reader in told.person(role, one, voice.desk):
        await _show(session, question, reader, voice, now, silent=silent)


async def _show(
    session: AsyncSession,
    question: Question,
    reader: Reader,
    voice: Voice,
    now: datetime,
    *,
    turn: int | None = None,
    silent: bool = False,
) -> None:
    """Write one message about the question, and remember that it must follow how it stands."""
    view = QuestionView(question, await courts.get(session, question.court_code), voice, now)
    said = say(view, reader.role, turn, told.html(voice.texts, reader.locale))
    there = reader.role in {"thread", "answer"}
    row = await outbox.reply(
        session,
        reader.chat_id,
        said.text,
        said.buttons,
        now=now,
        reply_to=question.message_id if there and reader.chat_id == question.chat_id else None,
        silent=silent,
        officer_id=reader.officer_id,
        priority=outbox.LATER if silent else outbox.REPLY if there else outbox.NEWS,
    )
    session.add(
        QuestionMessage(
            row_id=row,
            question_id=question.id,
            role=reader.role,
            turn=turn,
            locale=reader.locale,
            officer_id=reader.officer_id,
        )
    )
    await session.flush()


async def _messages(session: AsyncSession, question: Question) -> list[QuestionMessage]:
    found = await session.scalars(
        select(QuestionMessage)
        .where(QuestionMessage.question_id == question.id)
        .order_by(QuestionMessage.row_id)
    )
    return list(found)


async def _follow(session: AsyncSession, question: Question, voice: Voice, now: datetime) -> None:
    """Have every message that shows the question say how it stands; those that say so already are left alone."""
    view = QuestionView(question, await courts.get(session, question.court_code), voice, now)
    for message in await _messages(session, question):
        html = told.html(voice.texts, message.locale)
        said = say(view, message.role, message.turn, html)
        sent = await session.get_one(OutgoingMessage, message.row_id)
        if not _same(sent, said.text, said.buttons):
            await outbox.edit_reply(session, message.row_id, said.text, said.buttons, now=now)


def _same(sent: OutgoingMessage, text: str, buttons: Iterable[Iterable[dict[str, str]]]) -> bool:
    return sent.payload.get("text") == str(text) and sent.payload.get("buttons") == [
        [dict(button) for button in row] for row in buttons
    ]
