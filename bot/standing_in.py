"""Which courts an officer answers for while they are closed. Who may do what by it is `notifications.permissions`' business."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from directory.calendars import closure_on
from directory.duty import local_day
from directory.duty_models import DayOverride
from directory.models import Court, Officer

#: For so long after a closed day what was taken on it is looked for.
LATELY = timedelta(days=30)

_DAY = timedelta(days=1)


async def served_today(
    session: AsyncSession, officer: Officer, *, now: datetime, timezone: str
) -> frozenset[str]:
    """Codes of the courts closed at `now`, on their own day, whose substitute is this officer or the officer's court.

    `timezone` is that of courts that name none.
    """
    today = now.date()
    # Wherever a court lies, its day is at most one away from that of UTC.
    found = await _settled_with(session, officer, today - _DAY, today + _DAY)
    served = set()
    for court in found:
        closure = closure_on(court.province, court.code, local_day(court, now, timezone))
        if closure is not None and (
            closure.substitute_court == officer.court_code
            or closure.substitute_officer_id == officer.id
        ):
            served.add(court.code)
    return frozenset(served - {officer.court_code})


async def served_lately(session: AsyncSession, officer: Officer, *, now: datetime) -> set[str]:
    """Codes of the courts for which this officer may have taken filings on a closed day of the last weeks."""
    today = now.date()
    found = await _settled_with(session, officer, today - LATELY, today + _DAY)
    return {court.code for court in found}


async def _settled_with(
    session: AsyncSession, officer: Officer, first: date, last: date
) -> Sequence[Court]:
    """The courts for which, or for whose province, this substitute was named for one of these days."""
    scopes = set(
        await session.scalars(
            select(DayOverride.scope).where(
                DayOverride.day.between(first, last),
                DayOverride.cancelled_at.is_(None),
                or_(
                    DayOverride.substitute_court == officer.court_code,
                    DayOverride.substitute_officer_id == officer.id,
                ),
            )
        )
    )
    if not scopes:
        return ()
    found = await session.scalars(
        select(Court).where(or_(Court.code.in_(scopes), Court.province.in_(scopes)))
    )
    return found.all()
