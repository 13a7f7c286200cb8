"""Looks for what no loop would ever take up again, sets it going, and says so. No rule of its own lives here.

A filing whose next step was lost, a page nobody will send, a drill that stands still: each would be
silence without an end. That one is found means that something else is wrong: it is logged as an error,
counted, and told to the coordinators of the province.
"""

import asyncio
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

import structlog
from sqlalchemy import ColumnElement, and_, exists, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from directory import courts, duty
from directory.clock import Clock
from directory.database import Database, wake
from directory.models import Court
from directory.outages import is_outage
from notifications import alerts, changes, outbox, paging
from notifications.desk import DeskRules
from notifications.drills import OPEN
from notifications.escalation import WakeAt
from notifications.models import Drill, DrillFiling, Filing, OutgoingMessage, RateBudget
from notifications.timekeeper import TOPIC

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

#: How often (real seconds) everything is looked through.
EVERY = 600.0

#: What is due waits so long at the most while its loop works.
PATIENCE = timedelta(minutes=5)

#: A message that failed for now is tried again within 5 minutes; a later time was never meant.
FURTHEST = timedelta(hours=1)

#: How far back filings are looked through; all of them at the start.
RECENT = timedelta(days=30)

#: So many of one kind are mended in one transaction; the rest at the next look.
BATCH = 200

#: So many references are named to a coordinator.
MOST_REFERENCES = 10

Fault = Literal["no_next_step", "step_overdue", "page_lost", "page_overdue", "drill_stuck"]

_RUNNING = ("waiting", "acknowledged")


@dataclass(frozen=True, slots=True)
class Repair:
    """One thing set going again; `filing` is the one it belongs to, if any."""

    fault: Fault
    filing: Filing | None = None


class Auditor:
    """Audits at the start and every ten real minutes. Several instances may: what is mended is no fault."""

    def __init__(self, database: Database, desk: DeskRules, clock: Clock) -> None:
        self._database = database
        self._desk = desk
        self._clock = clock
        self._since: datetime | None = None
        #: How much was mended since the start.
        self.repairs = 0

    async def run(self) -> None:
        """Work until cancelled. An unreachable database is looked at later."""
        while True:
            try:
                await self.look()
            except Exception as error:
                if not is_outage(error):
                    raise
                log.warning("audit_waits_for_database", error=type(error).__name__)
            await asyncio.sleep(EVERY)

    async def look(self) -> list[Repair]:
        """Audit once, in short transactions; the first time through all filings."""
        now = self._clock.now()
        first = self._since is None
        self._since = self._since or now
        since = None if first else now - RECENT
        async with self._database.transaction() as session:
            repairs = await audit(session, self._desk, now=now, at_work=self._since, since=since)
        # Filings whose ladder is at its end have no next step either: there may be any number of them.
        below: int | None = None
        while True:
            async with self._database.transaction() as session:
                lost, below = await lost_steps(
                    session, self._desk, now=now, since=since, below=below
                )
                await _report(session, lost, self._desk, now)
            repairs += lost
            if below is None:
                break
        self.repairs += len(repairs)
        return repairs


async def audit(
    session: AsyncSession,
    desk: DeskRules,
    *,
    now: datetime,
    at_work: datetime,
    since: datetime | None = None,
) -> list[Repair]:
    """Find and mend; returns what was mended.

    Args:
        session: a writing transaction.
        desk: the rules of this desk.
        now: the present.
        at_work: since when the loops have been at work: before, everything may be overdue.
        since: only filings received from then on are looked through for a lost step; None: all. Of
            them the latest are; `lost_steps` goes through the rest.
    """
    lost, _ = await lost_steps(session, desk, now=now, since=since)
    # Held up only by what the loops had the time to do.
    limit = now - PATIENCE if at_work <= now - PATIENCE else None
    repairs = [*lost, *await _lost_pages(session, now)]
    if limit is not None:
        repairs += await _overdue_steps(session, limit)
        repairs += await _overdue_pages(session, limit)
        repairs += await _stuck_drills(session, limit, now)
    await _report(session, repairs, desk, now)
    return repairs


async def _report(
    session: AsyncSession, repairs: list[Repair], desk: DeskRules, now: datetime
) -> None:
    """Say what was mended: in the log, and to coordinators."""
    if repairs:
        for fault, count in Counter(repair.fault for repair in repairs).items():
            log.error("audit_repaired", fault=fault, count=count)
        await _tell(session, repairs, desk, now)


async def lost_steps(
    session: AsyncSession,
    desk: DeskRules,
    *,
    now: datetime,
    since: datetime | None = None,
    below: int | None = None,
) -> tuple[list[Repair], int | None]:
    """Mend open filings without a next step although their ladder has one, or 撤销 is still to be closed.

    Looks at no more than `BATCH`, the latest of those numbered below `below`.

    Returns:
        What was mended, and the `below` of the next batch; None when there is no other.
    """
    statement = select(Filing).where(Filing.state.in_(_RUNNING), Filing.next_step_at.is_(None))
    if since is not None:
        statement = statement.where(Filing.received_at >= since)
    if below is not None:
        statement = statement.where(Filing.id < below)
    found = list(
        await session.scalars(
            statement.order_by(Filing.id.desc())
            .limit(BATCH)
            .with_for_update(skip_locked=True)
            .execution_options(populate_existing=True)
        )
    )
    if not found:
        return [], None
    further = found[-1].id if len(found) == BATCH else None
    ground = await paging.load_ground(
        session,
        {filing.jurisdiction_court for filing in found},
        {filing.collaborating_court for filing in found},
        desk,
        now=now,
        people={
            officer_id
            for filing in found
            if (officer_id := (filing.acknowledged_by or {}).get("officer_id")) is not None
        },
    )
    lost = [f for f in found if changes.undo_until(f) or _has_a_step(f, ground, desk, now)]
    for filing in lost:
        filing.next_step_at = now
    if lost:
        await session.flush()
        wake(session, "steps")
    return [Repair("no_next_step", filing) for filing in lost], further


def _has_a_step(filing: Filing, ground: paging.Ground, desk: DeskRules, now: datetime) -> bool:
    """Whether the rules have something to do for it, now or later."""
    actions = paging.decide(filing, ground, desk, now=now)
    return any(not isinstance(action, WakeAt) or action.at is not None for action in actions)


async def _overdue_steps(session: AsyncSession, limit: datetime) -> list[Repair]:
    """Steps that are due for long: the loop is called again, nothing else is known to be wrong."""
    found = list(
        await session.scalars(
            select(Filing).where(Filing.next_step_at < limit).order_by(Filing.id).limit(BATCH)
        )
    )
    if found:
        wake(session, "steps")
    return [Repair("step_overdue", filing) for filing in found]


async def _lost_pages(session: AsyncSession, now: datetime) -> list[Repair]:
    """Messages that were never sent and that no claim would ever take: without a time, or far from now."""
    row = OutgoingMessage
    # A chat that asked to be left alone for longer is left alone.
    held = exists().where(RateBudget.chat_id == row.chat_id, RateBudget.free_at >= row.not_before)
    lost = and_(
        row.outcome.is_(None),
        row.shown.is_(None),
        or_(
            and_(row.not_before.is_(None), row.leased_until.is_(None)),
            row.leased_until > now + FURTHEST,
            and_(row.not_before > now + FURTHEST, row.created_at <= now, ~held),
        ),
    )
    return await _send_again(session, lost, "page_lost", {"not_before": now})


async def _overdue_pages(session: AsyncSession, limit: datetime) -> list[Repair]:
    """Pages due for long that nobody is sending. Their place in the order is kept: the oldest goes first."""
    row = OutgoingMessage
    overdue = and_(
        row.outcome.is_(None),
        row.shown.is_(None),
        row.priority == outbox.PAGE,
        row.not_before < limit,
        or_(row.leased_until.is_(None), row.leased_until < limit),
    )
    return await _send_again(session, overdue, "page_overdue", {})


async def _send_again(
    session: AsyncSession,
    condition: ColumnElement[bool],
    fault: Fault,
    values: dict[str, datetime],
) -> list[Repair]:
    row = OutgoingMessage
    found = (
        await session.execute(
            select(row.id, row.filing_id)
            .where(condition)
            .order_by(row.id)
            .limit(BATCH)
            .with_for_update(skip_locked=True)
        )
    ).all()
    if not found:
        return []
    await session.execute(
        update(row)
        .where(row.id.in_([one.id for one in found]))
        .values(leased_until=None, lease=None, **values)
        .execution_options(synchronize_session=False)
    )
    wake(session, "outbox")
    wanted = {one.filing_id for one in found if one.filing_id is not None}
    by_id = {f.id: f for f in await session.scalars(select(Filing).where(Filing.id.in_(wanted)))}
    return [Repair(fault, by_id.get(one.filing_id)) for one in found]


async def _stuck_drills(session: AsyncSession, limit: datetime, now: datetime) -> list[Repair]:
    """Drills that were not begun, ended or reported in time, or whose filings go on after the end."""
    not_begun = select(DrillFiling.drill_id).where(
        DrillFiling.filing_id.is_(None), DrillFiling.due_at < limit
    )
    late = await session.scalars(
        select(Drill.id)
        .where(
            or_(
                and_(Drill.closed_at.is_(None), Drill.ends_at > now, Drill.id.in_(not_begun)),
                and_(Drill.closed_at.is_(None), Drill.ends_at < limit),
                and_(Drill.reported_at.is_(None), Drill.ends_at < limit),
            )
        )
        .limit(BATCH)
    )
    repairs = [Repair("drill_stuck") for _ in late]
    going_on = (
        await session.execute(
            select(Drill, Filing)
            .join(DrillFiling, DrillFiling.drill_id == Drill.id)
            .join(Filing, Filing.id == DrillFiling.filing_id)
            .where(Drill.closed_at > now - RECENT, Filing.state.in_(OPEN))
            .limit(BATCH)
        )
    ).all()
    for drill, filing in going_on:
        drill.closed_at = None
        repairs.append(Repair("drill_stuck", filing))
    if repairs:
        await session.flush()
        wake(session, TOPIC)
    return repairs


async def _tell(
    session: AsyncSession, repairs: list[Repair], desk: DeskRules, now: datetime
) -> None:
    """One alert to the coordinators of each province whose filings were mended."""
    filings = {r.filing.id: r.filing for r in repairs if r.filing is not None}
    if not filings:
        return
    found = await courts.many(session, {f.jurisdiction_court for f in filings.values()})
    first: dict[str, Court] = {}
    for court in sorted(found.values(), key=lambda court: court.code):
        first.setdefault(court.province, court)
    duties = await duty.on_duty(
        session, list(first.values()), now=now, default_timezone=desk.timezone
    )
    for province, court in first.items():
        mine = sorted(
            filing.reference
            for filing in filings.values()
            if found[filing.jurisdiction_court].province == province
        )
        facts = {"references": mine[:MOST_REFERENCES], "count": len(mine)}
        await alerts.to_coordinators(session, duties[court.code], "repaired", facts, now=now)
