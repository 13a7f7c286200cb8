"""Asks for the calendars that are missing: coordinators once a week, the log each time. Nobody else is an administrator in chat."""

from datetime import datetime
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from directory.calendars import missing_years
from directory.models import Officer, OfficerPost
from directory.roster import COORDINATOR, held_on
from notifications import outbox
from notifications.desk import DeskRules

log = structlog.get_logger(__name__)


async def ask_for_years(session: AsyncSession, now: datetime, *, desk: DeskRules) -> None:
    """Tell every coordinator which years' holidays must be brought in; nothing when none is missing."""
    today = now.astimezone(ZoneInfo(desk.timezone)).date()
    missing = missing_years(today)
    if not missing:
        return
    log.warning("calendar_years_missing", years=missing, remedy="calendar import FILE")
    week = "{}-{:02}".format(*today.isocalendar()[:2])
    held = await session.execute(
        select(Officer.id, Officer.telegram_id, OfficerPost.valid_from, OfficerPost.valid_to)
        .join(OfficerPost, OfficerPost.officer_id == Officer.id)
        .where(
            OfficerPost.post == COORDINATOR,
            Officer.telegram_id.is_not(None),
            Officer.blocked_at.is_(None),
            Officer.left_at.is_(None),
        )
        .order_by(Officer.id)
    )
    coordinators = {
        officer_id: telegram_id
        for officer_id, telegram_id, first, last in held
        if telegram_id is not None and held_on(first, last, today)
    }
    await outbox.write(
        session,
        [
            outbox.row(
                "alert", telegram_id, {"what": "calendar_missing", "years": list(missing)},
                priority=outbox.LATER, now=now, officer_id=officer_id,
                dedupe_key=f"calendar:{week}:{officer_id}",
            )
            for officer_id, telegram_id in coordinators.items()
        ],
    )  # fmt: skip
