"""The writing side of the roster: shifts, rotations and leave are entered and taken back here, each recorded.

Who stands at the desk by them is worked out in `directory.roster`; files of them are read in
`directory.roster_files`.
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from directory.courts import zone_of
from directory.duty_models import Leave, Rotation, Shift
from directory.errors import (
    DaysReversed,
    NotOfTheCourt,
    NotPlannable,
    OfficerNotFound,
    ShiftTaken,
)
from directory.models import Court, DirectoryRecord, Officer
from directory.roster import PLANNED_POSTS

#: What may be written as a shift's source.
PLAN, ASSIGNED, SWAP = "plan", "assigned", "swap"

_DAY = timedelta(days=1)


async def assign(
    session: AsyncSession,
    court_code: str,
    post: str,
    officer_id: int,
    first_day: date,
    last_day: date,
    *,
    source: str,
    by: str,
    now: datetime,
    over_plans: bool = False,
) -> Shift:
    """Enter that this officer stands at `post` of the court from `first_day` to `last_day`, both inclusive.

    The days are the court's own. `source` is `plan` (over another plan only with `over_plans`),
    `assigned` or `swap`; `by` is how records name who said so, `now` (UTC) when.

    Raises:
        DaysReversed: the last day is before the first.
        NotPlannable: nobody plans this post.
        OfficerNotFound: there is no such officer.
        NotOfTheCourt: the officer is of another court, or has left.
        ShiftTaken: a plan, and somebody else is planned for one of the days.
    """
    _check_days(first_day, last_day)
    officer = await _plannable(session, court_code, post, officer_id)
    if source == PLAN and not over_plans:
        await _check_free(session, court_code, post, officer_id, first_day, last_day)
    shift = Shift(
        court_code=court_code,
        post=post,
        officer_id=officer_id,
        first_day=first_day,
        last_day=last_day,
        source=source,
        created_by=by,
        created_at=now,
        cancelled_at=None,
    )
    session.add(shift)
    await session.flush()
    detail = f"{post} {officer.name} {first_day}..{last_day} {source}"
    _record(session, "shift_assigned", court_code, detail, by, now)
    return shift


async def _check_free(
    session: AsyncSession,
    court_code: str,
    post: str,
    officer_id: int,
    first_day: date,
    last_day: date,
) -> None:
    for other in await planned(session, court_code, first_day, last_day, posts=[post]):
        if other.source == PLAN and other.officer_id != officer_id:
            holder = await session.get_one(Officer, other.officer_id)
            raise ShiftTaken(name=holder.name, first=other.first_day, last=other.last_day)


async def cancel(session: AsyncSession, shift_id: int, *, by: str, now: datetime) -> None:
    """Take a shift back; a second time does nothing. The row stays for the record."""
    shift = await session.get_one(Shift, shift_id)
    if shift.cancelled_at is None:
        shift.cancelled_at = now
        detail = f"{shift.post} {shift.first_day}..{shift.last_day} {shift.source}"
        _record(session, "shift_cancelled", shift.court_code, detail, by, now)


async def planned(
    session: AsyncSession,
    court_code: str,
    first_day: date,
    last_day: date,
    *,
    posts: Collection[str] = PLANNED_POSTS,
) -> Sequence[Shift]:
    """The shifts of these posts that stand and share a day with `first_day`…`last_day`, by day."""
    found = await session.scalars(
        select(Shift)
        .where(
            Shift.court_code == court_code,
            Shift.post.in_(posts),
            Shift.last_day >= first_day,
            Shift.first_day <= last_day,
            Shift.cancelled_at.is_(None),
        )
        .order_by(Shift.first_day, Shift.id)
    )
    return found.all()


async def rotate(
    session: AsyncSession,
    court_code: str,
    post: str,
    officer_ids: Sequence[int],
    starts_on: date,
    *,
    days: int = 7,
    ends_on: date | None = None,
    by: str,
    now: datetime,
) -> Rotation:
    """Let officers take turns at `post` from `starts_on`, `days` days each; an earlier rotation ends the day before.

    Raises:
        DaysReversed, NotPlannable, OfficerNotFound, NotOfTheCourt: see `assign`.
    """
    if ends_on is not None:
        _check_days(starts_on, ends_on)
    names = [
        (await _plannable(session, court_code, post, officer_id)).name for officer_id in officer_ids
    ]
    await _end_rotations(session, court_code, post, starts_on)
    rotation = Rotation(
        court_code=court_code,
        post=post,
        starts_on=starts_on,
        ends_on=ends_on,
        days=days,
        officer_ids=list(officer_ids),
        created_by=by,
        created_at=now,
    )
    session.add(rotation)
    await session.flush()
    detail = f"{post} {'、'.join(names)} {starts_on}.. {days}d"
    _record(session, "rotation_set", court_code, detail, by, now)
    return rotation


async def _end_rotations(
    session: AsyncSession, court_code: str, post: str, starts_on: date
) -> None:
    """End what rotated until now the day before; what had not begun by then is gone."""
    going_on = await session.scalars(
        select(Rotation).where(
            Rotation.court_code == court_code,
            Rotation.post == post,
            or_(Rotation.ends_on.is_(None), Rotation.ends_on >= starts_on),
        )
    )
    for rotation in going_on.all():
        if rotation.starts_on >= starts_on:
            await session.delete(rotation)
        else:
            rotation.ends_on = starts_on - _DAY


async def leave(
    session: AsyncSession,
    officer_id: int,
    first_day: date,
    last_day: date,
    *,
    by: str,
    now: datetime,
) -> Leave:
    """Enter that an officer is away from `first_day` to `last_day` (local, inclusive). No reason is asked for.

    Raises:
        DaysReversed: the last day is before the first.
        OfficerNotFound: there is no such officer.
    """
    _check_days(first_day, last_day)
    officer = await _officer(session, officer_id)
    entered = Leave(
        officer_id=officer_id,
        first_day=first_day,
        last_day=last_day,
        created_by=by,
        created_at=now,
        cancelled_at=None,
    )
    session.add(entered)
    await session.flush()
    detail = f"{officer.name} {first_day}..{last_day}"
    _record(session, "leave_entered", officer.court_code, detail, by, now)
    return entered


async def cancel_leave(session: AsyncSession, leave_id: int, *, by: str, now: datetime) -> None:
    """Take a leave back; a second time does nothing."""
    entered = await session.get_one(Leave, leave_id)
    if entered.cancelled_at is None:
        entered.cancelled_at = now
        officer = await session.get_one(Officer, entered.officer_id)
        detail = f"{officer.name} {entered.first_day}..{entered.last_day}"
        _record(session, "leave_cancelled", officer.court_code, detail, by, now)


async def leaves_of(
    session: AsyncSession, officer_ids: Collection[int], first_day: date, last_day: date
) -> Sequence[Leave]:
    """The leave of these people that stands and shares a day with `first_day`…`last_day`, by day."""
    found = await session.scalars(
        select(Leave)
        .where(
            Leave.officer_id.in_(officer_ids),
            Leave.last_day >= first_day,
            Leave.first_day <= last_day,
            Leave.cancelled_at.is_(None),
        )
        .order_by(Leave.first_day, Leave.id)
    )
    return found.all()


async def on_leave(
    session: AsyncSession, officer_ids: Collection[int], now: datetime, default_timezone: str
) -> set[int]:
    """Who of these people is on leave on the present day of their own court."""
    today = now.date()  # a day more at each end: local days differ from UTC's
    rows = await session.execute(
        select(Leave, Court)
        .join(Officer, Officer.id == Leave.officer_id)
        .join(Court, Court.code == Officer.court_code)
        .where(
            Leave.officer_id.in_(officer_ids),
            Leave.last_day >= today - _DAY,
            Leave.first_day <= today + _DAY,
            Leave.cancelled_at.is_(None),
        )
    )
    return {
        entered.officer_id
        for entered, court in rows
        if entered.first_day
        <= now.astimezone(zone_of(court, default_timezone)).date()
        <= entered.last_day
    }


def _check_days(first_day: date, last_day: date) -> None:
    if last_day < first_day:
        raise DaysReversed(first=first_day, last=last_day)


async def _plannable(session: AsyncSession, court_code: str, post: str, officer_id: int) -> Officer:
    if post not in PLANNED_POSTS:
        raise NotPlannable(post=post)
    officer = await _officer(session, officer_id)
    if officer.court_code != court_code or officer.left_at is not None:
        raise NotOfTheCourt(name=officer.name, court=court_code)
    return officer


async def _officer(session: AsyncSession, officer_id: int) -> Officer:
    officer = await session.get(Officer, officer_id)
    if officer is None:
        raise OfficerNotFound(words=officer_id)
    return officer


def _record(
    session: AsyncSession, kind: str, court_code: str, detail: str, by: str, now: datetime
) -> None:
    session.add(DirectoryRecord(at=now, who=by, kind=kind, subject=court_code, detail=detail))
