"""已阅: one person confirms a notice, or somebody of their court or province for them (代签), once and on record."""

from datetime import datetime
from typing import Literal

from sqlalchemy import CursorResult, and_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from directory.models import Court
from notifications import outbox
from notifications.notice_audience import Signer, may_sign_for
from notifications.notice_models import Notice, NoticeCopy, NoticeRecipient
from notifications.notices import TEXT_PART, follow

#: What came of it: `missing` is nobody the notice is addressed to, `refused` somebody who may not sign.
Outcome = Literal["confirmed", "already", "recalled", "missing", "refused"]


async def confirm(
    session: AsyncSession, notice_id: int, officer_id: int, who: str, *, now: datetime
) -> Outcome:
    """The person themself pressed 已阅; `who` is the name with post."""
    return await _store(session, notice_id, officer_id, who, None, now)


async def sign_for(
    session: AsyncSession,
    notice_id: int,
    officer_id: int,
    who: str,
    signer: Signer,
    *,
    now: datetime,
) -> Outcome:
    """代签: `signer` confirms for somebody of their own court, or of the province they coordinate."""
    if signer.officer_id == officer_id:
        return await confirm(session, notice_id, officer_id, who, now=now)
    place = (
        await session.execute(
            select(Court.code, Court.province)
            .join(NoticeRecipient, NoticeRecipient.court_code == Court.code)
            .where(NoticeRecipient.notice_id == notice_id, NoticeRecipient.officer_id == officer_id)
        )
    ).first()
    if place is None:
        return "missing"
    if not may_sign_for(signer, place.code, place.province):
        return "refused"
    return await _store(session, notice_id, officer_id, who, signer.officer_id, now)


async def _store(
    session: AsyncSession,
    notice_id: int,
    officer_id: int,
    who: str,
    other: int | None,
    now: datetime,
) -> Outcome:
    notice = await session.get(Notice, notice_id, populate_existing=True)
    if notice is None:
        return "missing"
    if notice.recalled_at is not None:
        return "recalled"
    mine = and_(NoticeRecipient.notice_id == notice_id, NoticeRecipient.officer_id == officer_id)
    changed = await session.execute(
        update(NoticeRecipient)
        .where(mine, NoticeRecipient.confirmed_at.is_(None))
        .values(confirmed_at=now, confirmed_by=who, confirmed_for_by_id=other)
        .execution_options(synchronize_session=False)
    )
    if isinstance(changed, CursorResult) and changed.rowcount:
        copies = and_(
            NoticeCopy.notice_id == notice_id,
            NoticeCopy.officer_id == officer_id,
            NoticeCopy.part <= TEXT_PART,
        )
        await follow(session, copies, outbox.NEWS, now)
        return "confirmed"
    known = await session.scalar(select(NoticeRecipient.officer_id).where(mine))
    return "missing" if known is None else "already"
