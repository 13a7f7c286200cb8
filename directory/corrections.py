"""号码有误: corrections of entries, opened, found again, ended once. Who is asked and told is `notifications.corrections`' business."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import CursorResult, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from directory import changes
from directory.change_models import Correction, DirectoryChange
from directory.database import wake
from directory.models import Court, Officer

#: How a correction stands: asked; the entry was mended; it was right all along.
OPEN, MENDED, REFUSED = "open", "mended", "refused"

#: Fields whose change mends nothing that a reader saw.
_BESIDE = frozenset({"telegram_id", "group_chat_id"})


async def open_(
    session: AsyncSession,
    court: Court,
    officer: Officer | None,
    *,
    note: str,
    by: str,
    by_officer_id: int | None,
    next_at: datetime,
    now: datetime,
) -> Correction | None:
    """Open a correction of the officer's card, or of the court's own entry.

    Args:
        session: a writing transaction.
        court: the court that answers for the entry.
        officer: whose card it is; None for the court's own entry.
        note: what is wrong, at most 200 characters.
        by: the reporter's name as records have it; `by_officer_id` the officer to be told how it ended.
        by_officer_id: see `by`.
        next_at: when silence goes to the province.
        now: when; UTC.

    Returns:
        The correction; None while one of the same entry is open already.
    """
    await changes.lock(session)
    officer_id = officer.id if officer is not None else None
    same = select(Correction.id).where(
        Correction.court_code == court.code,
        Correction.officer_id.is_not_distinct_from(officer_id),
        Correction.state == OPEN,
    )
    if await session.scalar(same.limit(1)) is not None:
        return None
    correction = Correction(
        court_code=court.code,
        officer_id=officer_id,
        note=note[:200],
        reported_by=by[:128],
        reported_by_officer_id=by_officer_id,
        reported_at=now,
        next_at=next_at,
        messages=[],
    )
    session.add(correction)
    await session.flush()
    wake(session, "timed")
    return correction


async def end(
    session: AsyncSession, correction: Correction, state: str, *, by: str, now: datetime
) -> bool:
    """End it as `mended` or `refused`; False when somebody just did."""
    ended = await session.execute(
        update(Correction)
        .where(Correction.id == correction.id, Correction.state == OPEN)
        .values(state=state, next_at=None, ended_at=now, ended_by=by[:128])
        .execution_options(synchronize_session=False)
    )
    if not isinstance(ended, CursorResult) or ended.rowcount != 1:
        return False
    await session.refresh(correction)
    return True


async def earliest(session: AsyncSession, _now: datetime) -> datetime | None:
    """When the next silence goes to the province."""
    due: datetime | None = await session.scalar(select(func.min(Correction.next_at)))
    return due


async def silent(session: AsyncSession, now: datetime) -> Sequence[Correction]:
    """The open ones that waited too long, held against other instances."""
    found = await session.scalars(
        select(Correction)
        .where(Correction.next_at <= now, Correction.state == OPEN)
        .order_by(Correction.id)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    return found.all()


async def mended(session: AsyncSession) -> list[tuple[Correction, DirectoryChange]]:
    """The open ones whose entry was changed since, each with the change that did it."""
    since = DirectoryChange.at >= Correction.reported_at
    # Each by equality alone: PostgreSQL joins in no other way than row by row on IS NOT DISTINCT FROM,
    # which takes seconds once a province has been imported anew, in every transaction that saves a card.
    of_people = since & (DirectoryChange.officer_id == Correction.officer_id)
    of_courts = (
        since
        & (DirectoryChange.court_code == Correction.court_code)
        & DirectoryChange.officer_id.is_(None)
        & Correction.officer_id.is_(None)
    )
    found: dict[int, tuple[Correction, DirectoryChange]] = {}
    for same in (of_people, of_courts):
        rows = await session.execute(
            select(Correction, DirectoryChange)
            .join(DirectoryChange, same)
            .where(Correction.state == OPEN)
            .order_by(DirectoryChange.id)
        )
        for correction, change in rows:
            if set(changes.fields_of(change)) - _BESIDE:
                found.setdefault(correction.id, (correction, change))
    return [found[number] for number in sorted(found)]
