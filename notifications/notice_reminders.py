"""At a notice's 确认期限 (or when a coordinator asks): one reminder to each who is missing, then the chase lists."""

from datetime import datetime

from sqlalchemy import and_, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from directory.database import wake
from directory.models import Court, Officer
from notifications import chase_lists, notices, outbox
from notifications.chase_lists import Writer
from notifications.desk import DeskRules
from notifications.models import OutgoingMessage
from notifications.notice_models import Notice, NoticeCopy, NoticeRecipient
from notifications.notice_report import CHASE, SHEET
from notifications.notices import BATCH, REMINDER, REMINDER_PART, TEXT_PART
from notifications.timekeeper import TOPIC, Soonest

#: When the next batch of reminders is due.
earliest = Soonest(select(func.min(Notice.remind_at)).where(Notice.remind_at.is_not(None)))


async def remind_now(session: AsyncSession, notice: Notice, *, now: datetime) -> bool:
    """Have those missing reminded now instead of at the end; False when there was a reminder already."""
    if notice.reminded_at is not None or notice.recalled_at is not None:
        return False
    notice.remind_at = now
    await session.flush()
    wake(session, TOPIC)
    return True


async def remind_due(session: AsyncSession, now: datetime, desk: DeskRules) -> None:
    """Write one batch of reminders of each notice that is due; after the last the coordinators hear of it."""
    due = await session.scalars(
        select(Notice)
        .where(Notice.remind_at <= now)
        .order_by(Notice.remind_at, Notice.id)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    for notice in due:
        if await notices.crowded(session):
            notice.remind_at = now + notices.PAUSE
            continue
        if await _remind(session, notice, now) < BATCH:
            notice.remind_at = None
            notice.reminded_at = now
            await _tell(session, notice, desk, now)
        await session.flush()


async def _remind(session: AsyncSession, notice: Notice, now: datetime) -> int:
    """Write to the next people who are missing; returns to how many."""
    person, row = NoticeRecipient, OutgoingMessage
    copy = and_(
        NoticeCopy.notice_id == person.notice_id,
        NoticeCopy.officer_id == person.officer_id,
        NoticeCopy.part == TEXT_PART,
    )
    found = await session.execute(
        select(person.officer_id, Officer.telegram_id, row.message_id)
        .join(Officer, Officer.id == person.officer_id)
        .join(NoticeCopy, copy)
        .join(row, row.id == NoticeCopy.row_id)
        .where(
            person.notice_id == notice.id,
            person.confirmed_at.is_(None),
            person.reminded_at.is_(None),
            # Only to whom the notice itself has come; the others are on the chase list.
            row.shown.is_not(None),
            row.chat_id == Officer.telegram_id,
            Officer.blocked_at.is_(None),
            Officer.left_at.is_(None),
        )
        .order_by(person.officer_id)
        .limit(BATCH)
    )
    missing = found.all()
    rows = [
        outbox.row(
            REMINDER, chat_id, {"reply_to": message_id}, priority=outbox.LATER, now=now,
            officer_id=officer_id,
        )
        for officer_id, chat_id, message_id in missing
        if chat_id is not None
    ]  # fmt: skip
    numbers = [officer_id for officer_id, _, _ in missing]
    await notices.store_copies(session, notice.id, rows, [(n, REMINDER_PART) for n in numbers])
    await session.execute(
        update(person)
        .where(person.notice_id == notice.id, person.officer_id.in_(numbers))
        .values(reminded_at=now)
        .execution_options(synchronize_session=False)
    )
    return len(missing)


async def _tell(session: AsyncSession, notice: Notice, desk: DeskRules, now: datetime) -> None:
    missing = (
        select(Court.province)
        .join(NoticeRecipient, NoticeRecipient.court_code == Court.code)
        .where(NoticeRecipient.notice_id == notice.id, NoticeRecipient.confirmed_at.is_(None))
        .distinct()
    )
    writer = Writer(notice.written_by_officer_id, notice.province)
    kinds = (CHASE, SHEET)
    await chase_lists.write(session, kinds, {"notice": notice.id}, missing, writer, desk, now=now)
