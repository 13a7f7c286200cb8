"""What becomes of somebody's turns at a court's desk when they leave it: shifts to come and rotations. Judges nothing."""

from datetime import date, datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from directory import shifts
from directory.duty_models import Rotation, Shift

_DAY = timedelta(days=1)


async def leave_desk(
    session: AsyncSession,
    officer_id: int,
    court_code: str,
    *,
    first_day: date,
    by: str,
    now: datetime,
) -> None:
    """From `first_day` (the court's own) on the officer stands at this desk no more.

    Shifts to come are taken back, one under way ends the day before, and rotations go on with the
    others, whose turns stay on the days they were.
    """
    mine = await session.scalars(
        select(Shift).where(
            Shift.officer_id == officer_id,
            Shift.court_code == court_code,
            Shift.last_day >= first_day,
            Shift.cancelled_at.is_(None),
        )
    )
    for shift in mine.all():
        if shift.first_day >= first_day:
            await shifts.cancel(session, shift.id, by=by, now=now)
        else:
            shift.last_day = first_day - _DAY
    going_on = await session.scalars(
        select(Rotation).where(
            Rotation.court_code == court_code,
            or_(Rotation.ends_on.is_(None), Rotation.ends_on >= first_day),
        )
    )
    for rotation in going_on.all():
        if officer_id in rotation.officer_ids:
            await _go_on_without(session, rotation, officer_id, first_day, by, now)
    await session.flush()


async def _go_on_without(
    session: AsyncSession,
    rotation: Rotation,
    officer_id: int,
    first_day: date,
    by: str,
    now: datetime,
) -> None:
    """End the rotation and begin one of the others, which continues at the turn that would come."""
    length = max(rotation.days, 1)
    passed = max((first_day - rotation.starts_on).days // length, 0)
    at = passed % len(rotation.officer_ids)
    order = [*rotation.officer_ids[at:], *rotation.officer_ids[:at]]
    starts_on = rotation.starts_on + timedelta(days=length * passed)
    others = [other for other in order if other != officer_id]
    ends_on = rotation.ends_on
    if order[0] == officer_id and starts_on < first_day and others:
        # The turn under way is theirs: the next one takes its rest over, and then has their own turn.
        rest = starts_on + timedelta(days=length) - _DAY
        if ends_on is None or first_day <= ends_on:
            last = rest if ends_on is None else min(rest, ends_on)
            await shifts.assign(
                session, rotation.court_code, rotation.post, others[0], first_day, last,
                source=shifts.PLAN, by=by, now=now, over_plans=True,
            )  # fmt: skip
        starts_on += timedelta(days=length)
    if rotation.starts_on >= first_day:
        await session.delete(rotation)
    else:
        # Those of the turn under way who stay are the same in both: the seam may lie before today.
        rotation.ends_on = min(starts_on, first_day) - _DAY
    if others and (ends_on is None or starts_on <= ends_on):
        session.add(
            Rotation(
                court_code=rotation.court_code,
                post=rotation.post,
                starts_on=starts_on,
                ends_on=ends_on,
                days=rotation.days,
                officer_ids=others,
                created_by=by,
                created_at=now,
            )
        )
