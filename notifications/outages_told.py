"""After an outage: how long nobody could be paged, what was late because of it, and telling the coordinators.

The desk signs that it lives, again and again; a gap between two signs is the outage. Who signs, and how
a process that stood still is told from a clock that was set, is `bot.heartbeat`'s business.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from directory import duty
from directory.models import Court
from directory.roster import Duty
from notifications import outbox
from notifications.desk import DeskRules
from notifications.models import Filing, Outage, SignOfLife

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

#: The part of the desk whose signs count here: the loops and the database together.
LOOP = "loop"

#: A shorter gap is no outage: a restart, an upgrade of the machine.
GAP = timedelta(minutes=5)

#: So many references are named to a coordinator.
MOST_REFERENCES = 20


async def sign(session: AsyncSession, now: datetime) -> datetime | None:
    """Write that the desk lives; returns when it last did (None: never before).

    Of two processes that come back together the second one finds the first one's sign.
    """
    earlier: datetime | None = await session.scalar(
        select(SignOfLife.at).where(SignOfLife.part == LOOP).with_for_update()
    )
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    statement = dialect.insert(SignOfLife).values(part=LOOP, at=now)
    await session.execute(
        statement.on_conflict_do_update(index_elements=["part"], set_={"at": now})
    )
    return earlier


async def note(
    session: AsyncSession, began_at: datetime, ended_at: datetime, desk: DeskRules
) -> Outage | None:
    """Record an outage, mark what was late because of it, tell every coordinator once. None for a short gap."""
    if ended_at - began_at <= GAP:
        return None
    outage = Outage(began_at=began_at, ended_at=ended_at, told_at=ended_at)
    session.add(outage)
    await session.flush()
    late = await _mark(session, outage)
    delayed = await _delayed(session, outage)
    minutes = int((ended_at - began_at).total_seconds()) // 60
    log.error("outage", outage=outage.id, minutes=minutes, late=len(late), delayed=delayed.total())
    await _tell(session, outage, late, delayed, minutes, desk)
    return outage


async def blame(session: AsyncSession, filing: Filing) -> None:
    """A filing was answered late: mark it when an outage took from the time it had."""
    if filing.answered_in_time is not False or filing.outage_id is not None:
        return
    filing.outage_id = await session.scalar(
        select(Outage.id)
        .where(Outage.ended_at > filing.received_at, Outage.began_at < filing.answer_due_at)
        .order_by(Outage.began_at.desc())
        .limit(1)
    )


def _due_within(outage: Outage) -> ColumnElement[bool]:
    return or_(
        and_(
            Filing.state == "waiting",
            Filing.answer_due_at > outage.began_at,
            Filing.answer_due_at <= outage.ended_at,
        ),
        and_(
            Filing.state == "acknowledged",
            Filing.result_due_at > outage.began_at,
            Filing.result_due_at <= outage.ended_at,
        ),
    )


async def _mark(session: AsyncSession, outage: Outage) -> list[tuple[str, str]]:
    """Mark what fell due while nobody could be paged; returns (province, reference) of the real filings."""
    found = (
        await session.execute(
            select(Filing.id, Court.province, Filing.reference, Filing.drill)
            .join(Court, Court.code == Filing.jurisdiction_court)
            .where(_due_within(outage))
            .order_by(Filing.received_at, Filing.id)
        )
    ).all()
    if found:
        await session.execute(
            update(Filing)
            .where(Filing.id.in_([row.id for row in found]), Filing.outage_id.is_(None))
            .values(outage_id=outage.id)
            .execution_options(synchronize_session=False)
        )
    return [(row.province, row.reference) for row in found if not row.drill]


async def _delayed(session: AsyncSession, outage: Outage) -> Counter[str]:
    """How many filings, by province, missed a page meanwhile; the loop makes up for it now."""
    found = await session.scalars(
        select(Court.province)
        .join(Filing, Filing.jurisdiction_court == Court.code)
        .where(
            Filing.next_step_at > outage.began_at,
            Filing.next_step_at <= outage.ended_at,
            Filing.drill.is_(False),
        )
    )
    return Counter(found)


async def _tell(
    session: AsyncSession,
    outage: Outage,
    late: Sequence[tuple[str, str]],
    delayed: Counter[str],
    minutes: int,
    desk: DeskRules,
) -> None:
    zone = ZoneInfo(desk.timezone)
    high = list(await session.scalars(select(Court).where(Court.level == "high")))
    duties = await duty.on_duty(session, high, now=outage.ended_at, default_timezone=desk.timezone)
    for court in high:
        mine = [reference for province, reference in late if province == court.province]
        facts = {
            "began": f"{outage.began_at.astimezone(zone):%m-%d %H:%M}",
            "ended": f"{outage.ended_at.astimezone(zone):%m-%d %H:%M}",
            "minutes": minutes,
            "late": mine[:MOST_REFERENCES],
            "late_count": len(mine),
            "delayed": delayed[court.province],
        }
        await _tell_province(session, duties[court.code], outage, facts)


async def _tell_province(
    session: AsyncSession, today: Duty, outage: Outage, facts: dict[str, object]
) -> None:
    await outbox.write(
        session,
        [
            outbox.row(
                "outage",
                person.telegram_id,
                facts,
                priority=outbox.LIVE,
                now=outage.ended_at,
                officer_id=person.officer_id,
                dedupe_key=f"outage:{outage.id}:{person.officer_id}",
            )
            for person in today.to_tell("coordinator")
            if person.telegram_id is not None
        ],
    )
