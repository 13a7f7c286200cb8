"""Messages about sessions as they stand when they are sent: reminders, the sheet, and what a session's notice says besides its text."""

import asyncio
from datetime import datetime
from zoneinfo import ZoneInfo

from markupsafe import escape
from sqlalchemy.ext.asyncio import AsyncSession

from directory.courts import zone_of
from directory.models import Court, Officer
from directory.texts import Translate
from notifications import training, training_facts, training_rules
from notifications.desk import DeskRules
from notifications.messages import Button, Message
from notifications.models import OutgoingMessage
from notifications.told import unescaped
from notifications.training_models import Quiz, TrainingPlace, TrainingSession
from notifications.training_words import TrainingWords, button

#: The kinds of outgoing messages that are written here.
SHEET = "training_sheet"
KINDS = frozenset({training.REMINDER, SHEET})


async def message(
    session: AsyncSession,
    outgoing: OutgoingMessage,
    translate: Translate,
    desk: DeskRules,
    *,
    now: datetime,
) -> Message | None:
    """A reminder, None for one that makes no sense any more; or a session's sheet."""
    held = await session.get(
        TrainingSession, outgoing.payload.get("training", 0), populate_existing=True
    )
    if held is None:
        return None
    if outgoing.kind == SHEET:
        return await _sheet(session, held, translate, desk, now)
    return await _reminder(session, outgoing, held, translate, desk, now)


async def _sheet(
    session: AsyncSession,
    held: TrainingSession,
    translate: Translate,
    desk: DeskRules,
    now: datetime,
) -> Message:
    from notifications.training_sheet import Sheet  # noqa: PLC0415 -- loaded when one is asked for

    people = await training_facts.attendees(session, held)
    quiz = await session.get(Quiz, held.id)
    questions = len(quiz.questions) if quiz is not None else 0
    said = unescaped(translate)
    sheet = Sheet(held, people, questions, said, ZoneInfo(desk.timezone), now)
    # Made beside the loop: 12,000 people take a second.
    return Message(escape(sheet.title()), document=await asyncio.to_thread(sheet.document))


async def _reminder(
    session: AsyncSession,
    outgoing: OutgoingMessage,
    held: TrainingSession,
    translate: Translate,
    desk: DeskRules,
    now: datetime,
) -> Message | None:
    _ = translate
    kind = outgoing.payload["reminder"]
    stale = (kind == "cancelled") != (held.cancelled_at is not None)
    late = not training_rules.still_makes_sense(kind, held.starts_at, now)
    if outgoing.shown is None and (stale or late):
        return None
    zone = await _zone(session, outgoing, desk)
    words = TrainingWords(held, zone, translate, now)
    rows: tuple[tuple[Button, ...], ...] = ()
    if kind == "soon":
        rows = ((button(outgoing, str(_("签到")), "code", "primary"),),)
    return Message(words.reminder(kind), rows)


async def _zone(session: AsyncSession, outgoing: OutgoingMessage, desk: DeskRules) -> ZoneInfo:
    officer = await session.get(Officer, outgoing.officer_id) if outgoing.officer_id else None
    if officer is None:
        return ZoneInfo(desk.timezone)
    return zone_of(await session.get_one(Court, officer.court_code), desk.timezone)


async def in_notice(
    session: AsyncSession,
    outgoing: OutgoingMessage,
    held: TrainingSession,
    zone: ZoneInfo,
    translate: Translate,
    *,
    now: datetime,
) -> tuple[list[str], tuple[tuple[Button, ...], ...]]:
    """What a session's notice says to one reader: time and place on their clock, how they stand; and the buttons."""
    place = None
    if outgoing.officer_id is not None:
        place = await session.get(
            TrainingPlace, (held.id, outgoing.officer_id), populate_existing=True
        )
    words = TrainingWords(held, zone, translate, now)
    return [*words.facts(), *words.standing(place)], words.buttons(outgoing, place)
