"""Training sessions: announced as a notice, signed up for, moved and called off; their reminders. Says nothing itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from directory.database import wake
from directory.models import Officer
from notifications import notice_receipts, notices, outbox, training_rules
from notifications.desk import DeskRules
from notifications.models import OutgoingMessage
from notifications.notice_audience import Audience, Reach
from notifications.notice_models import NoticeCopy, NoticeRecipient
from notifications.notices import BATCH, Wish
from notifications.timekeeper import TOPIC, Soonest
from notifications.training_models import TrainingPlace, TrainingSession
from notifications.training_rules import Reminder

#: A reminder, as a kind of outgoing message.
REMINDER = "training_reminder"

#: Longest title and place (characters).
LONGEST_TITLE, LONGEST_PLACE = 80, 200

#: How far ahead a session may be planned.
FURTHEST = timedelta(days=120)

#: What somebody says to a session, and what may come of it: too late, called off, or not theirs.
Answer = Literal["coming", "declined"]
Outcome = Literal["coming", "declined", "begun", "cancelled"]


@dataclass(frozen=True, slots=True)
class Plan:
    """A session as somebody wants it; `materials` are files as notices keep their attachments."""

    title: str
    starts_at: datetime
    lasts_minutes: int
    place: str
    audience: Audience
    made_by: str
    officer_id: int | None = None
    materials: Sequence[Mapping[str, str]] = field(default_factory=tuple)


async def announce(
    session: AsyncSession, plan: Plan, text: str, desk: DeskRules, *, now: datetime
) -> TrainingSession:
    """Store a session and send its notice; `text` (HTML) is what the notice says above time and place.

    Raises:
        notices.NobodyToTell: the audience has no people.
        notices.NumbersInText: title or place hold a person's number; and the other refusals of a notice.
    """
    await notices.check(session, text, [plan.place, *(one["name"] for one in plan.materials)])
    wish = Wish(text, plan.audience, now, plan.made_by, plan.officer_id, attachments=plan.materials)
    notice = await notices.send(session, wish, desk, now=now)
    training = TrainingSession(
        title=plan.title,
        starts_at=plan.starts_at,
        lasts_minutes=plan.lasts_minutes,
        place=plan.place,
        materials=[dict(one) for one in plan.materials],
        audience=plan.audience.as_json(),
        province=plan.audience.province,
        made_by=plan.made_by,
        made_by_officer_id=plan.officer_id,
        created_at=now,
        notice_id=notice.id,
        cancelled_at=None,
        cancelled_by=None,
        code=None,
        reminder=None,
        remind_at=None,
        reminded_up_to=0,
    )
    session.add(training)
    _remind_next(training, None, now)
    await session.flush()
    wake(session, TOPIC)
    return training


async def hold(session: AsyncSession, training_id: int) -> TrainingSession | None:
    """The session, locked and as it stands; None when there is none of this number."""
    found: TrainingSession | None = await session.scalar(
        select(TrainingSession)
        .where(TrainingSession.id == training_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return found


async def of_message(session: AsyncSession, row: OutgoingMessage) -> int | None:
    """The number of the session that an outgoing message is about; None for any other message."""
    if "training" in row.payload:
        return int(row.payload["training"])
    found: int | None = await session.scalar(
        select(TrainingSession.id)
        .join(NoticeCopy, NoticeCopy.notice_id == TrainingSession.notice_id)
        .where(NoticeCopy.row_id == row.id)
    )
    return found


# Signing up


async def place_of(
    session: AsyncSession, training_id: int, officer_id: int
) -> TrainingPlace | None:
    """What somebody said to a session, and whether they came; None when neither."""
    return await session.get(TrainingPlace, (training_id, officer_id), populate_existing=True)


async def answer(
    session: AsyncSession,
    training: TrainingSession,
    officer: Officer,
    who: str,
    said: Answer,
    *,
    now: datetime,
) -> Outcome:
    """Sign up for a held session, or decline; it may be changed until it begins. It confirms the notice, too."""
    if training.cancelled_at is not None:
        return "cancelled"
    if now >= training.starts_at:
        return "begun"
    place = await _place(session, training, officer)
    place.answer = said
    place.answered_at = now
    await session.flush()
    if training.notice_id is not None:
        await notice_receipts.confirm(session, training.notice_id, officer.id, who, now=now)
    await follow_copy(session, training, officer.id, now=now)
    return said


async def came(
    session: AsyncSession, training: TrainingSession, officer: Officer, *, now: datetime
) -> bool:
    """Record that somebody came; False when that was known."""
    place = await _place(session, training, officer)
    if place.attended_at is not None:
        return False
    place.attended_at = now
    await session.flush()
    await follow_copy(session, training, officer.id, now=now)
    return True


async def _place(
    session: AsyncSession, training: TrainingSession, officer: Officer
) -> TrainingPlace:
    place = await place_of(session, training.id, officer.id)
    if place is None:
        place = TrainingPlace(
            session_id=training.id, officer_id=officer.id, court_code=officer.court_code,
            answer=None, answered_at=None, attended_at=None,
        )  # fmt: skip
        session.add(place)
    return place


async def follow_copy(
    session: AsyncSession, training: TrainingSession, officer_id: int, *, now: datetime
) -> None:
    """Have one person's copy of the notice say how they stand."""
    mine = and_(
        NoticeCopy.notice_id == training.notice_id,
        NoticeCopy.officer_id == officer_id,
        NoticeCopy.part == notices.TEXT_PART,
    )
    await notices.follow(session, mine, outbox.NEWS, now)


# Changing it


async def move(
    session: AsyncSession,
    training: TrainingSession,
    starts_at: datetime,
    place: str,
    *,
    now: datetime,
) -> None:
    """Another time or place for a held session: the notice says so, and who is coming hears of it.

    Raises:
        notices.NumbersInText: the place holds a person's number.
    """
    await notices.check(session, training.title, [place])
    training.starts_at = starts_at
    training.place = place
    await _tell(session, training, "moved", now)


async def cancel(
    session: AsyncSession, training: TrainingSession, who: str, *, now: datetime
) -> None:
    """Call a held session off: the notice says so, and who is coming hears of it."""
    training.cancelled_at = now
    training.cancelled_by = who
    training.code = None
    await _tell(session, training, "cancelled", now)


async def cancel_announced(
    session: AsyncSession, notice_id: int, who: str, *, now: datetime
) -> None:
    """The notice of a session was recalled: the session is off, unless it has begun."""
    number = await session.scalar(
        select(TrainingSession.id).where(TrainingSession.notice_id == notice_id)
    )
    held = await hold(session, number) if number is not None else None
    if held is not None and held.cancelled_at is None and now < held.starts_at:
        await cancel(session, held, who, now=now)


async def _tell(
    session: AsyncSession, training: TrainingSession, kind: Reminder, now: datetime
) -> None:
    training.reminder = kind
    training.remind_at = now
    training.reminded_up_to = 0
    await session.flush()
    copies = and_(NoticeCopy.notice_id == training.notice_id, NoticeCopy.part == notices.TEXT_PART)
    await notices.follow(session, copies, outbox.LATER, now)
    wake(session, TOPIC)


# Reminders


def _remind_next(training: TrainingSession, after: Reminder | None, now: datetime) -> None:
    found = None
    if training.cancelled_at is None:
        found = training_rules.next_reminder(training.starts_at, now, after)
    training.reminder, training.remind_at = found or (None, None)
    training.reminded_up_to = 0


#: When the next batch of reminders is due.
earliest_reminder = Soonest(
    select(func.min(TrainingSession.remind_at)).where(TrainingSession.remind_at.is_not(None))
)


async def remind_due(session: AsyncSession, now: datetime) -> None:
    """Write one batch of reminders of each session that is due; the timekeeper comes back for the rest at once."""
    due = await session.scalars(
        select(TrainingSession)
        .where(TrainingSession.remind_at <= now)
        .order_by(TrainingSession.remind_at, TrainingSession.id)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    for training in due.all():
        kind = _kind(training)
        late = not training_rules.still_makes_sense(kind, training.starts_at, now)
        if late or await _remind(session, training, kind, now) < BATCH:
            _remind_next(training, kind, now)
        await session.flush()


def _kind(training: TrainingSession) -> Reminder:
    for kind in ("moved", "cancelled", "soon"):
        if training.reminder == kind:
            return kind
    return "day"


async def _remind(
    session: AsyncSession, training: TrainingSession, kind: Reminder, now: datetime
) -> int:
    found = (
        await session.execute(
            select(Officer.id, Officer.telegram_id)
            .join(TrainingPlace, TrainingPlace.officer_id == Officer.id)
            .where(
                TrainingPlace.session_id == training.id,
                TrainingPlace.answer == "coming",
                Officer.id > training.reminded_up_to,
                Officer.telegram_id.is_not(None),
                Officer.blocked_at.is_(None),
                Officer.left_at.is_(None),
            )
            .order_by(Officer.id)
            .limit(BATCH)
        )
    ).all()
    # What is said a quarter of an hour before is worth nothing behind a notice to twelve thousand.
    priority = outbox.LATER if kind == "day" else outbox.NEWS
    facts = {"training": training.id, "reminder": kind}
    rows = [
        outbox.row(REMINDER, chat_id, facts, priority=priority, now=now, officer_id=officer_id)
        for officer_id, chat_id in found
        if chat_id is not None
    ]
    await outbox.write(session, rows)
    if found:
        training.reminded_up_to = found[-1][0]
    return len(found)


# Lists


async def of_officer(
    session: AsyncSession, officer_id: int, *, most: int, before: TrainingSession | None = None
) -> Sequence[TrainingSession]:
    """The latest sessions of one person, the earliest first: announced to them, or attended; with `before` earlier ones."""
    told = exists().where(
        NoticeRecipient.notice_id == TrainingSession.notice_id,
        NoticeRecipient.officer_id == officer_id,
    )
    there = exists().where(
        TrainingPlace.session_id == TrainingSession.id, TrainingPlace.officer_id == officer_id
    )
    held = and_(or_(told, there), TrainingSession.cancelled_at.is_(None))
    return await _listed(session, held, most, before)


async def is_for(session: AsyncSession, training: TrainingSession, officer_id: int) -> bool:
    """Whether a session was announced to somebody, or they said something to it or came."""
    told = exists().where(
        NoticeRecipient.notice_id == training.notice_id, NoticeRecipient.officer_id == officer_id
    )
    there = exists().where(
        TrainingPlace.session_id == training.id, TrainingPlace.officer_id == officer_id
    )
    return bool(await session.scalar(select(or_(told, there))))


async def looked_after(
    session: AsyncSession,
    reach: Reach,
    province: str | None,
    *,
    most: int,
    before: TrainingSession | None = None,
) -> Sequence[TrainingSession]:
    """The latest sessions that somebody of this reach looks after, the earliest first; with `before` earlier ones."""
    own = TrainingSession.province == province if reach == "province" else true()
    return await _listed(session, own, most, before)


async def _listed(
    session: AsyncSession, condition: ColumnElement[bool], most: int, before: TrainingSession | None
) -> Sequence[TrainingSession]:
    at, number = TrainingSession.starts_at, TrainingSession.id
    if before is not None:
        same = and_(at == before.starts_at, number < before.id)
        condition = and_(condition, or_(at < before.starts_at, same))
    found = await session.scalars(
        select(TrainingSession).where(condition).order_by(at.desc(), number.desc()).limit(most)
    )
    return list(reversed(found.all()))
