"""Calendar feeds of duty at secret addresses: made, revoked, found, and their days worked out. Only hashes are kept.

How a calendar is written is `directory.feed_calendar`'s business.
"""

import hashlib
import secrets
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import CursorResult, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from directory import courts, duty
from directory.duty import CourtRoster
from directory.duty_models import Feed
from directory.models import Court, DirectoryRecord, Officer
from directory.roster import PLANNED_POSTS
from directory.worktime import WorkCalendar, spans

#: Bytes of randomness in an address.
_BYTES = 24
#: Longer words were made by nobody here.
_LONGEST_SECRET = 64

#: A feed shows these days before and after today.
BEHIND, AHEAD = timedelta(days=31), timedelta(days=183)

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DutyDay:
    """Somebody stands at a post of a court on a day, from opening to closing; without both, the whole day."""

    court_code: str
    court_name: str
    post: str
    name: str
    day: date
    opens: datetime | None
    closes: datetime | None


async def make(
    session: AsyncSession,
    *,
    officer_id: int | None = None,
    court_code: str | None = None,
    by: str,
    now: datetime,
) -> str:
    """A new secret for the feed of an officer or of a court; the address used until now is worth nothing.

    Returns:
        The secret, which is kept nowhere.
    """
    await revoke(session, officer_id=officer_id, court_code=court_code, by=by, now=now)
    secret = secrets.token_urlsafe(_BYTES)
    session.add(
        Feed(
            secret_hash=_hash(secret),
            officer_id=officer_id,
            court_code=court_code,
            created_at=now,
            revoked_at=None,
        )
    )
    _record(session, "feed_made", court_code or str(officer_id), by, now)
    await session.flush()
    return secret


async def revoke(
    session: AsyncSession,
    *,
    officer_id: int | None = None,
    court_code: str | None = None,
    by: str,
    now: datetime,
) -> bool:
    """Close the feed of an officer or of a court; whether there was one."""
    whose = Feed.officer_id == officer_id if officer_id is not None else (
        Feed.court_code == court_code
    )  # fmt: skip
    closed = await session.execute(
        update(Feed)
        .where(whose, Feed.revoked_at.is_(None))
        .values(revoked_at=now)
        .execution_options(synchronize_session=False)
    )
    was_open = isinstance(closed, CursorResult) and closed.rowcount > 0
    if was_open:
        _record(session, "feed_revoked", court_code or str(officer_id), by, now)
    return was_open


async def revoke_all(
    session: AsyncSession, officer_ids: Collection[int], *, by: str, now: datetime
) -> None:
    """Close the feeds of these officers, at most a thousand."""
    found = await session.scalars(
        select(Feed).where(Feed.officer_id.in_(officer_ids), Feed.revoked_at.is_(None))
    )
    for feed in found.all():
        feed.revoked_at = now
        _record(session, "feed_revoked", str(feed.officer_id), by, now)


async def find(session: AsyncSession, secret: str) -> Feed | None:
    """The open feed at this address; None for a wrong or revoked one, and for one of somebody who left."""
    if not 0 < len(secret) <= _LONGEST_SECRET:
        return None
    feed = await session.get(Feed, _hash(secret))
    if feed is None or feed.revoked_at is not None:
        return None
    if feed.officer_id is not None:
        officer = await session.get(Officer, feed.officer_id)
        if officer is None or officer.left_at is not None:
            return None
    return feed


async def days(
    session: AsyncSession, feed: Feed, *, now: datetime, default_timezone: str
) -> tuple[Court, list[DutyDay]]:
    """The court of a feed, and the duty days that its roster names: a person's, or all of the court's."""
    code = feed.court_code
    if feed.officer_id is not None:
        code = await session.scalar(select(Officer.court_code).where(Officer.id == feed.officer_id))
    court = await session.get_one(Court, code)
    today = duty.local_day(court, now, default_timezone)
    first, last = today - BEHIND, today + AHEAD
    roster = (await duty.rosters(session, [court], first, last, now=now))[court.code]
    calendar = courts.calendar_of(court, default_timezone)
    return court, list(_duty_days(court, roster, calendar, first, last, feed.officer_id))


def _duty_days(
    court: Court,
    roster: CourtRoster,
    calendar: WorkCalendar,
    first: date,
    last: date,
    officer_id: int | None,
) -> Iterator[DutyDay]:
    """Working days by shifts and rotations; days without work only where a dated shift names one."""
    plans = roster.plans
    day = first
    while day <= last:
        open_at = spans(calendar, day)
        for post in PLANNED_POSTS:
            standing = plans.standing(post, day)
            dated = any(shift.post == post and shift.covers(day) for shift in plans.shifts)
            person = plans.people.get(standing) if standing is not None else None
            if person is None or (officer_id is not None and standing != officer_id):
                continue
            if open_at or dated:
                opens, closes = (open_at[0].start, open_at[-1].end) if open_at else (None, None)
                yield DutyDay(court.code, court.name, post, person.name, day, opens, closes)
        day += _DAY


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _record(session: AsyncSession, kind: str, subject: str, by: str, now: datetime) -> None:
    session.add(DirectoryRecord(at=now, who=by, kind=kind, subject=subject))
