"""Quiet drills: a court that was paged about nothing for long is called once, on a working morning of its own.

Rare as filings are, a path that nobody walked for a month may lead nowhere. Only a failure is told, to
the province's coordinators. How long a province waits is in `directory.province_rules`.
"""

import math
import zlib
from datetime import datetime, timedelta

import structlog
from sqlalchemy import exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from directory import courts, province_rules
from directory.models import Court, Officer
from notifications import drill_plan, drills
from notifications.desk import DeskRules
from notifications.drill_plan import Audience, Order
from notifications.events import SYSTEM
from notifications.models import Drill, DrillFiling, Filing

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

#: At most one in so many of a province's courts is called on one day.
PART = 20


async def plan(session: AsyncSession, now: datetime, desk: DeskRules) -> None:
    """Plan today's quiet drills of every province; early in the morning, once a day."""
    statement = select(Court.province, func.count()).where(Court.level != "supreme")
    counts = [(row[0], row[1]) for row in await session.execute(statement.group_by(Court.province))]
    for province, count in sorted(counts):
        rules = await province_rules.of(session, province)
        if rules.quiet_drill_days:
            since = now - timedelta(days=rules.quiet_drill_days)
            await _plan_province(session, province, math.ceil(count / PART), since, desk, now)


async def _plan_province(
    session: AsyncSession,
    province: str,
    most: int,
    since: datetime,
    desk: DeskRules,
    now: datetime,
) -> None:
    due: dict[str, datetime] = {}
    called: list[Court] = []
    for court in sorted(await _cold(session, province, since), key=lambda c: _share(c, now)):
        calendar = courts.calendar_of(court, desk.timezone)
        at = drill_plan.quiet_instant(calendar, now, _share(court, now))
        if at is not None and len(called) < most:
            due[court.code] = at
            called.append(court)
    if not called:
        return
    audience = Audience("quiet", "", province, province)
    order = Order(audience, min(due.values()), 0, SYSTEM)
    try:
        await drills.store(session, order, called, due, desk, now=now)
    except drills.NobodyToFile:
        log.info("no_quiet_drill", reason="a single court")


def _share(court: Court, now: datetime) -> float:
    """From 0 to 1, by court and day: the same court is not called at the same minute every month."""
    return zlib.crc32(f"{court.code}:{now:%Y%m%d}".encode()) / 2**32


async def _cold(session: AsyncSession, province: str, since: datetime) -> list[Court]:
    """The courts paged about no filing since then, drills included, where anybody could be paged at all.

    A newcomer's practice keeps the path to that one person warm, not the court's.
    """
    practised = Filing.trainee_id.is_not(None)
    warm = select(Filing.jurisdiction_court).where(Filing.received_at >= since, ~practised)
    planned = (
        select(DrillFiling.court_code)
        .join(Drill, Drill.id == DrillFiling.drill_id)
        .where(DrillFiling.filing_id.is_(None), Drill.closed_at.is_(None))
    )
    linked = exists().where(
        Officer.court_code == Court.code,
        Officer.telegram_id.is_not(None),
        Officer.left_at.is_(None),
    )
    found = await session.scalars(
        select(Court).where(
            Court.province == province,
            Court.level != "supreme",
            Court.created_at < since,
            Court.code.not_in(warm),
            Court.code.not_in(planned),
            or_(Court.group_chat_id.is_not(None), linked),
        )
    )
    return list(found)
