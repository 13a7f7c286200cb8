"""Courts: looking them up by code, their calendar and their group chat.

How people name them is `directory.search`'s business; files that bring courts in are read in `directory.imports`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from directory import access, changes
from directory.access import Subject, Viewer
from directory.calendars import calendar_for, default_hours, settled_for
from directory.court_codes import normalise
from directory.errors import CourtNotFound, GroupNotVouchedFor
from directory.models import Court, DirectoryRecord, Officer
from directory.roster import held_on
from directory.worktime import NoWorkingDay, WorkCalendar, closes_at, is_open, next_opening

log = structlog.get_logger(__name__)

#: Shorter words would name half the country.
SHORTEST_PART = 2


@dataclass(frozen=True, slots=True)
class Resolution:
    """What somebody's words mean: one `court`, or several `choices`, or (both empty) nothing."""

    court: Court | None
    choices: tuple[Court, ...] = ()


async def get(session: AsyncSession, code: str) -> Court:
    """The court with this 法院代字; full-width characters and spaces are tolerated.

    Raises:
        CourtNotFound: there is none.
    """
    court = await session.get(Court, code) or await session.get(Court, normalise(code))
    if court is None:
        raise CourtNotFound(words=code)
    return court


async def many(session: AsyncSession, codes: Iterable[str]) -> dict[str, Court]:
    """The courts with these codes, by code, in one query; unknown codes are simply not in the answer."""
    wanted = set(codes)
    if not wanted:
        return {}
    courts = await session.scalars(_MANY, {"codes": list(wanted)})
    return {court.code: court for court in courts}


#: Made once, for it is asked for every filing.
_MANY = select(Court).where(Court.code.in_(bindparam("codes", expanding=True)))


def calendar_of(court: Court, default_timezone: str) -> WorkCalendar:
    """When the court works: its own hours and zone, else its province's hours and `default_timezone`.

    What province or court have settled for single days is in it. Hours and zones are checked when they are written; should an unreadable one be stored all the
    same, the usual ones are used and the log says so: pages must not stop for it.
    """
    usual = default_hours(court.province)
    try:
        return calendar_for(
            court.hours or usual,
            court.timezone,
            default_timezone,
            settled_for(court.province, court.code),
        )
    except ValueError as fault:
        log.warning("court_calendar_unreadable", court=court.code, fault=str(fault))
        return calendar_for(usual, None, default_timezone)


def zone_of(court: Court, default_timezone: str) -> ZoneInfo:
    """The court's time zone; its local day counts terms of office."""
    return calendar_of(court, default_timezone).timezone


def openings(
    court: Court, at: datetime, default_timezone: str
) -> tuple[datetime | None, datetime | None]:
    """The next opening (None while open) and the closing that follows `at`; both None if it never opens."""
    calendar = calendar_of(court, default_timezone)
    try:
        opens_at, closing = next_opening(calendar, at), closes_at(calendar, at)
    except NoWorkingDay:
        return None, None
    return (None if is_open(calendar, at) else opens_at), closing


async def of_group(session: AsyncSession, chat_id: int) -> list[Court]:
    """The courts a group chat serves, by code: one group may serve several."""
    courts = await session.scalars(
        select(Court).where(Court.group_chat_id == chat_id).order_by(Court.code)
    )
    return list(courts)


async def link_group(
    session: AsyncSession,
    court: Court,
    chat_id: int,
    *,
    by: Officer,
    now: datetime,
    today: date | None = None,
) -> None:
    """Make `chat_id` the court's group, instead of any earlier one; recorded.

    `by` needs `court` and `posts` loaded (as `officers.linked` gives them). With `today`, only
    posts held on that day count.

    Raises:
        GroupNotVouchedFor: `by` is neither of the court nor coordinator of its province.
    """
    if not _may_vouch(by, court, today):
        raise GroupNotVouchedFor(court=court.name)
    await changes.lock(session)
    await session.refresh(court, ["group_chat_id"])
    earlier = court.group_chat_id
    who = f"{by.court_code}:{by.name}"
    _take_group(session, court, chat_id, who=who, now=now)
    _record(
        session,
        court.code,
        "group_linked",
        who=who,
        detail=f"{earlier or ''}→{chat_id}",
        now=now,
    )
    await session.flush()


def _take_group(
    session: AsyncSession, court: Court, chat_id: int, *, who: str, now: datetime
) -> None:
    changes.record(
        session,
        who=who,
        court_code=court.code,
        officer_id=None,
        kind="changed",
        before={"group_chat_id": court.group_chat_id},
        after={"group_chat_id": chat_id},
        now=now,
    )
    court.group_chat_id = chat_id
    court.group_unreachable_at = None
    court.updated_at = now


def _may_vouch(by: Officer, court: Court, today: date | None) -> bool:
    if by.left_at is not None:
        return False
    held = {
        post.post
        for post in by.posts
        if today is None or held_on(post.valid_from, post.valid_to, today)
    }
    viewer = Viewer("officer", by.id, by.court_code, by.court.province, frozenset(held))
    return access.may(viewer, "link_group", Subject(court.code, court.province))


async def move_group(
    session: AsyncSession, old_chat_id: int, new_chat_id: int, *, now: datetime
) -> None:
    """Follow a group that became a supergroup and has a new id; recorded for each of its courts."""
    await changes.lock(session)
    for court in await of_group(session, old_chat_id):
        _take_group(session, court, new_chat_id, who="system", now=now)
        _record(
            session,
            court.code,
            "group_moved",
            who="system",
            detail=f"{old_chat_id}→{new_chat_id}",
            now=now,
        )
    await session.flush()


async def mark_group(
    session: AsyncSession, chat_id: int, *, unreachable: bool, now: datetime
) -> None:
    """Note since when the bot cannot write to a group (it was removed, the group is gone), or that it can.

    `updated_at` stays: the directory itself did not change.
    """
    condition = Court.group_unreachable_at.is_(None)
    await session.execute(
        update(Court)
        .where(Court.group_chat_id == chat_id, condition if unreachable else ~condition)
        .values(group_unreachable_at=now if unreachable else None)
    )


def _record(
    session: AsyncSession, code: str, kind: str, *, who: str, detail: str, now: datetime
) -> None:
    session.add(DirectoryRecord(at=now, who=who, kind=kind, subject=code, detail=detail))
