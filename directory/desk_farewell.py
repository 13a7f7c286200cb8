"""What ends with somebody's time at a court's desk: codes, calendar addresses, questions, shifts to come, rotations. Judges nothing.

One person or the thousands of an import: so many statements a thousand people, and some more for each rotation
they stood in.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import TypeVar

from sqlalchemy import or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from directory import feeds, invitations, shifts
from directory.change_models import Verification
from directory.duty_models import Rotation, Shift

_Key = TypeVar("_Key", int, str)

_DAY = timedelta(days=1)

#: People in one statement; both engines limit the parameters of one.
_BATCH = 1000


async def farewell(
    session: AsyncSession,
    departed: Mapping[int, str],
    *,
    first_day: date,
    by: str,
    now: datetime,
) -> None:
    """Everything that ends with a departure besides what stands on the person's own card.

    Args:
        session: a writing transaction.
        departed: who has left, and of which court.
        first_day: from when on they stand at no desk; the court's local day.
        by: how records name who said so.
        now: when; UTC.
    """
    for some in _batches(list(departed)):
        await invitations.void_all(session, some, now=now)
        await feeds.revoke_all(session, some, by=by, now=now)
        await session.execute(
            update(Verification)
            .where(Verification.officer_id.in_(some), Verification.ended_at.is_(None))
            .values(state="closed", next_at=None, ended_at=now, ended_by=by[:128])
            .execution_options(synchronize_session=False)
        )
    await leave_desks(session, departed, first_day=first_day, by=by, now=now)


async def leave_desks(
    session: AsyncSession,
    leaving: Mapping[int, str],
    *,
    first_day: date,
    by: str,
    now: datetime,
) -> None:
    """From `first_day` (local) on these officers stand no more at the desks of the courts named with them.

    Shifts to come are taken back, one under way ends the day before, and rotations go on with the
    others, whose turns stay on the days they were.
    """
    for some in _batches(list(leaving)):
        found = await session.scalars(
            select(Shift).where(
                Shift.officer_id.in_(some),
                Shift.last_day >= first_day,
                Shift.cancelled_at.is_(None),
            )
        )
        for shift in found.all():
            if shift.court_code != leaving[shift.officer_id]:
                continue
            if shift.first_day >= first_day:
                await shifts.cancel(session, shift.id, by=by, now=now)
            else:
                shift.last_day = first_day - _DAY
    for courts in _batches(sorted(set(leaving.values()))):
        going_on = await session.scalars(
            select(Rotation).where(
                Rotation.court_code.in_(courts),
                or_(Rotation.ends_on.is_(None), Rotation.ends_on >= first_day),
            )
        )
        for rotation in going_on.all():
            gone = {n for n in rotation.officer_ids if leaving.get(n) == rotation.court_code}
            if gone:
                await _go_on_without(session, rotation, gone, first_day, by, now)
    await session.flush()


def _batches(keys: Sequence[_Key]) -> Iterable[list[_Key]]:
    return (list(keys[at : at + _BATCH]) for at in range(0, len(keys), _BATCH))


async def _go_on_without(
    session: AsyncSession,
    rotation: Rotation,
    gone: Collection[int],
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
    others = [other for other in order if other not in gone]
    ends_on = rotation.ends_on
    if order[0] in gone and starts_on < first_day and others:
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
