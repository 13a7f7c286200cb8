"""The brake on looking people up, with what follows from it: the coordinator hears of it once a day.

How it counts is `directory.disclosures`; what the asker is told is the edges' business.
"""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from directory import disclosures, duty, officers
from directory.disclosures import TooMany
from directory.models import Officer
from notifications import alerts


async def too_many(
    session: AsyncSession,
    officer: Officer,
    people: int,
    *,
    per_hour: int,
    timezone: str,
    now: datetime,
) -> TooMany | None:
    """Count `people` that `officer` (court loaded) has found; None where they may be shown.

    Args:
        session: a writing transaction.
        officer: who asks.
        people: how many the answer would name.
        per_hour: the installation's limit; 0 counts nothing.
        timezone: of courts that name none.
        now: decides the hour, and the day on which a coordinator is told.
    """
    found = await disclosures.count_look_up(session, officer.id, people, now=now, per_hour=per_hour)
    if not isinstance(found, TooMany):
        return None
    if found.first:
        court = officer.court
        standing = await duty.on_duty(session, [court], now=now, default_timezone=timezone)
        day = duty.local_day(court, now, timezone)
        facts = {
            "court": court.name,
            "officer": officer.name,
            "post": officers.main_post(officers.posts_on(officer, day)),
            "limit": per_hour,
        }
        await alerts.to_coordinators(
            session, standing[court.code], "look_ups", facts, now=now,
            once=f"look-ups:{officer.id}:{day.isoformat()}",
        )  # fmt: skip
    return found
