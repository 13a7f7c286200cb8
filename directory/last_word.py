"""When an entry was last said to be right, by whom, and whether that is too long ago. Says nothing itself.

Who is asked, and when next, is `directory.verification`'s business.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from directory.duty_models import ProvinceRules
from directory.models import Court, Officer

#: After so many days an entry counts as unverified where its province has settled nothing.
PERIOD_DAYS = 90


@dataclass(frozen=True, slots=True)
class LastWord:
    """`at` is None where nobody ever said so; `too_old` where the province's period is over."""

    at: datetime | None = None
    by: str | None = None
    too_old: bool = False


async def of(session: AsyncSession, entry: Court | Officer, *, now: datetime) -> LastWord:
    """The last word about an entry (an officer's court loaded).

    For a court that nobody has verified itself, its people's word counts.
    """
    court = entry.court if isinstance(entry, Officer) else entry
    at, by = entry.verified_at, entry.verified_by
    if at is None and isinstance(entry, Court):
        at, by = await _by_its_people(session, entry)
    return judged(at, by, await period_of(session, court.province), now)


async def period_of(session: AsyncSession, province: str) -> int:
    """For how many days a word holds in a province; 0 for ever."""
    rules = await session.get(ProvinceRules, province)
    return rules.verify_days if rules is not None else PERIOD_DAYS


def judged(at: datetime | None, by: str | None, days: int, now: datetime) -> LastWord:
    """A word of `at`, by the province's period of `days`."""
    if at is None:
        return LastWord()
    return LastWord(at, by, days > 0 and now - at > timedelta(days=days))


async def _by_its_people(session: AsyncSession, court: Court) -> tuple[datetime | None, str | None]:
    row = await session.execute(
        select(Officer.verified_at, Officer.verified_by)
        .where(
            Officer.court_code == court.code,
            Officer.left_at.is_(None),
            Officer.verified_at.is_not(None),
        )
        .order_by(Officer.verified_at.desc())
        .limit(1)
    )
    found = row.first()
    return (found[0], found[1]) if found is not None else (None, None)
