"""What a provincial coordinator must know: who cannot be reached, and groups that nobody vouches for."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from directory.roster import Duty
from notifications import outbox


async def to_coordinators(
    session: AsyncSession,
    duty: Duty,
    what: str,
    facts: Mapping[str, Any],
    *,
    now: datetime,
    once: str | None = None,
) -> int:
    """Write an alert to each reachable coordinator of the province that `duty` belongs to.

    Args:
        session: the transaction in which the reason for the alert is stored.
        duty: the duty of a court of that province.
        what: `no_group`, `nobody_reachable`, `unreachable` or `group_left`; picks the words.
        facts: what the words need: court and officer names, never a number.
        now: the present.
        once: a key under which the same alert is written at most once to each coordinator.

    Returns:
        How many coordinators it is written to; 0 means that nobody of the province can be told.
    """
    coordinators = duty.reachable("coordinator")
    await outbox.write(
        session,
        [
            outbox.row(
                "alert",
                person.telegram_id,
                {"what": what, **facts},
                priority=outbox.LIVE,
                now=now,
                officer_id=person.officer_id,
                dedupe_key=f"{once}:{person.officer_id}" if once else None,
            )
            for person in coordinators
            if person.telegram_id is not None
        ],
    )
    return len(coordinators)
