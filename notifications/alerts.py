"""What a provincial coordinator must know: who cannot be reached, and groups that nobody vouches for."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import structlog
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from directory.models import Court, Officer, OfficerPost
from directory.roster import COORDINATOR, Duty, held_on
from notifications import outbox

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


async def to_coordinators(
    session: AsyncSession,
    duty: Duty,
    what: str,
    facts: Mapping[str, Any],
    *,
    now: datetime,
    once: str | None = None,
) -> int:
    """Write an alert to the coordinators of the province that `duty` belongs to.

    To each who can be reached; else to those on leave; else to those of the whole nation, whose post is
    at the Supreme People's Court. Somebody must hear that nobody hears.

    Args:
        session: the transaction in which the reason for the alert is stored.
        duty: the duty of a court of that province.
        what: `no_group`, `nobody_reachable`, `unreachable` or `group_left`; picks the words.
        facts: what the words need: court and officer names, never a number.
        now: the present.
        once: a key under which the same alert is written at most once to each coordinator.

    Returns:
        How many people it is written to; 0 means that nobody at all can be told.
    """
    accounts = {
        person.officer_id: person.telegram_id
        for person in duty.to_tell("coordinator")
        if person.telegram_id is not None
    } or await _of_the_nation(session, duty.day)
    if not accounts:
        log.warning("nobody_to_alert", what=what, code=facts.get("code"))
    await outbox.write(
        session,
        [
            outbox.row(
                "alert",
                telegram_id,
                {"what": what, **facts},
                priority=outbox.LIVE,
                now=now,
                officer_id=officer_id,
                dedupe_key=f"{once}:{officer_id}" if once else None,
            )
            for officer_id, telegram_id in accounts.items()
        ],
    )
    return len(accounts)


async def _of_the_nation(session: AsyncSession, day: date) -> dict[int, int]:
    """The accounts of the coordinators at the Supreme People's Court, by officer."""
    held = await session.execute(
        select(Officer.id, Officer.telegram_id, OfficerPost.valid_from, OfficerPost.valid_to)
        .join(OfficerPost, OfficerPost.officer_id == Officer.id)
        .join(Court, Court.code == Officer.court_code)
        .where(
            Court.level == "supreme",
            OfficerPost.post == COORDINATOR,
            Officer.telegram_id.is_not(None),
            Officer.blocked_at.is_(None),
            Officer.left_at.is_(None),
        )
        .order_by(Officer.id)
    )
    return {
        officer_id: telegram_id
        for officer_id, telegram_id, first, last in held
        if telegram_id is not None and held_on(first, last, day)
    }
