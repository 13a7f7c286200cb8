"""Notices for people who could not be reached when they were sent, and can be now: linked since, open again, on another phone."""

from datetime import datetime, timedelta

from sqlalchemy import and_, null, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from directory.database import wake
from directory.models import Officer
from notifications import notices
from notifications.models import OutgoingMessage
from notifications.notice_models import Notice, NoticeCopy, NoticeRecipient

#: A person who can be reached again gets what was sent in this time.
LATE = timedelta(days=30)


async def write_late(session: AsyncSession, officer: Officer, *, now: datetime) -> None:
    """Somebody can be written to (again): notices that did not reach them leave now, unless recalled or long over."""
    recent = now - LATE
    missed = await session.scalars(
        select(Notice)
        .join(NoticeRecipient, NoticeRecipient.notice_id == Notice.id)
        .where(
            NoticeRecipient.officer_id == officer.id,
            NoticeRecipient.unreachable.is_not(None),
            NoticeRecipient.confirmed_at.is_(None),
            Notice.recalled_at.is_(None),
            Notice.send_at > recent,
        )
        .order_by(Notice.id)
    )
    for notice in missed.all():
        await session.execute(
            update(NoticeRecipient)
            .where(NoticeRecipient.notice_id == notice.id, NoticeRecipient.officer_id == officer.id)
            .values(unreachable=null())
        )
        if officer.telegram_id is not None:
            await notices.write_copies(session, notice, [(officer.id, officer.telegram_id)], now)
    await _send_again(session, officer, recent, now)


async def _send_again(
    session: AsyncSession, officer: Officer, recent: datetime, now: datetime
) -> None:
    """Copies that failed on their way, or lie unconfirmed on a phone that is no longer theirs, to where the person is now."""
    mine = (
        select(NoticeCopy.row_id)
        .join(Notice, Notice.id == NoticeCopy.notice_id)
        .where(NoticeCopy.officer_id == officer.id, Notice.recalled_at.is_(None))
        .where(Notice.send_at > recent)
    )
    unconfirmed = (
        mine.join(
            NoticeRecipient,
            and_(
                NoticeRecipient.notice_id == NoticeCopy.notice_id,
                NoticeRecipient.officer_id == NoticeCopy.officer_id,
            ),
        )
        .where(NoticeRecipient.confirmed_at.is_(None))
        .where(NoticeCopy.part != notices.REMINDER_PART)
    )
    row = OutgoingMessage
    await session.execute(
        update(row)
        .where(row.id.in_(unconfirmed), row.outcome == "sent", row.lease.is_(None))
        .where(row.chat_id != officer.telegram_id)
        .values(
            chat_id=officer.telegram_id, message_id=null(), sent_at=null(), shown=null(),
            outcome=null(), not_before=now, attempts=0,
        )
        .execution_options(synchronize_session=False)
    )  # fmt: skip
    await session.execute(
        update(row)
        .where(row.id.in_(mine), row.shown.is_(None), row.outcome.in_(["failed", "dropped"]))
        .values(chat_id=officer.telegram_id, outcome=null(), not_before=now, attempts=0)
        .execution_options(synchronize_session=False)
    )
    wake(session, "outbox")
