"""Drills: ordered as rows, turned into real filings marked 演练 as they fall due, and ended. No result sheet.

A court in a drill takes the whole path: the intake, its ladder, its pages, its buttons. Who seems to
file is another court of the drill. What comes of it is in `drill_facts` and `drill_report`.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import ColumnElement, and_, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from directory import courts
from directory.database import wake
from directory.errors import LiaisonError
from directory.models import Court
from directory.worktime import WorkCalendar
from notifications import drill_plan, events, filings, outbox
from notifications.desk import DeskRules
from notifications.drill_plan import Audience, Order
from notifications.events import SYSTEM
from notifications.filings import Receipt, Submission
from notifications.models import Drill, DrillFiling, Filing
from notifications.timekeeper import TOPIC, Soonest

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

#: How many filings of drills share one transaction: all courts at once must hold up no real filing.
BATCH = 150

CASE_TYPE = "civil_first_instance"

#: Why the filings of a drill are taken back at its end, as their history says it.
OVER = "演练结束"

OPEN = ("waiting", "acknowledged", "correcting")


class NobodyToFile(LiaisonError):
    """通讯录中没有其他法院，无法演练：演练需要另一个法院作为协作法院。"""


class NobodyToCall(LiaisonError):
    """所选范围内没有法院。"""


def members(audience: Audience) -> ColumnElement[bool]:
    """Which courts are of an audience; the Supreme People's Court takes no filings."""
    condition: ColumnElement[bool] = Court.level != "supreme"
    if audience.kind == "court":
        condition = and_(condition, Court.code == audience.value)
    if audience.kind == "city":
        condition = and_(condition, Court.city == audience.value)
    if audience.province is not None:
        condition = and_(condition, Court.province == audience.province)
    return condition


async def count(session: AsyncSession, audience: Audience) -> int:
    """How many courts an audience has."""
    statement = select(func.count()).select_from(Court).where(members(audience))
    return await session.scalar(statement) or 0


async def order(session: AsyncSession, wish: Order, desk: DeskRules, *, now: datetime) -> Drill:
    """Plan a drill in this transaction; its filings follow when they fall due.

    Raises:
        NobodyToCall: the audience has no court.
        NobodyToFile: there is no other court in the directory that could file.
    """
    found = list(await session.scalars(select(Court).where(members(wish.audience))))
    if not found:
        raise NobodyToCall
    due = drill_plan.instants([c.code for c in found], wish.starts_at, wish.spread_seconds)
    return await store(session, wish, found, due, desk, now=now)


async def store(
    session: AsyncSession,
    wish: Order,
    called: Sequence[Court],
    due: Mapping[str, datetime],
    desk: DeskRules,
    *,
    now: datetime,
) -> Drill:
    """Write a drill of these courts, each due at its own instant.

    Raises:
        NobodyToFile: see `order`.
    """
    if len(called) == 1 and await neighbour(session, called[0]) is None:
        raise NobodyToFile
    drill = Drill(
        audience=wish.audience.as_json(),
        province=wish.audience.province,
        quiet=wish.audience.kind == "quiet",
        ordered_by=wish.ordered_by,
        ordered_by_officer_id=wish.officer_id,
        created_at=now,
        starts_at=wish.starts_at,
        spread_seconds=wish.spread_seconds,
        ends_at=drill_plan.ends_at(_last_due(called, due, desk)),
        reported_at=None,
        cancelled_at=None,
        closed_at=None,
    )
    session.add(drill)
    await session.flush()
    session.add_all(
        DrillFiling(drill_id=drill.id, court_code=code, due_at=at, filing_id=None)
        for code, at in due.items()
    )
    await session.flush()
    wake(session, TOPIC)
    return drill


def _last_due(
    called: Sequence[Court], due: Mapping[str, datetime], desk: DeskRules
) -> list[tuple[WorkCalendar, datetime]]:
    """The last instant under each calendar: three thousand courts keep a handful of hours."""
    alike: dict[tuple[str, str | None, str | None], Court] = {}
    last: dict[tuple[str, str | None, str | None], datetime] = {}
    for court in called:
        kind = (court.province, court.hours, court.timezone)
        alike.setdefault(kind, court)
        last[kind] = max(last.get(kind, due[court.code]), due[court.code])
    return [(courts.calendar_of(alike[kind], desk.timezone), at) for kind, at in last.items()]


async def neighbour(session: AsyncSession, court: Court) -> str | None:
    """Another court, which seems to file: the province's high court, else any of the province, else any at all."""
    code: str | None = await session.scalar(
        select(Court.code)
        .where(Court.code != court.code)
        .order_by(Court.province != court.province, Court.level != "high", Court.code)
        .limit(1)
    )
    return code


async def cancel(session: AsyncSession, drill_id: int, *, now: datetime) -> Drill | None:
    """End a drill early: nothing more is sent, what is open is taken back. None when it is over already."""
    drill: Drill | None = await session.scalar(
        select(Drill)
        .where(Drill.id == drill_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if drill is None or drill.cancelled_at is not None or drill.ends_at <= now:
        return None
    if drill.reported_at is not None:
        return None
    drill.cancelled_at = now
    drill.ends_at = now
    await session.flush()
    wake(session, TOPIC)
    return drill


async def under_way(session: AsyncSession, *conditions: ColumnElement[bool]) -> list[Drill]:
    """Drills somebody ordered that are not over, the next to end first."""
    found = await session.scalars(
        select(Drill)
        .where(Drill.reported_at.is_(None), Drill.quiet.is_(False), *conditions)
        .order_by(Drill.ends_at, Drill.id)
    )
    return list(found)


# What falls due: the filings


def _due(now: datetime) -> ColumnElement[bool]:
    """Filings to come of drills that are not over; what was not sent by the end is never sent."""
    return and_(DrillFiling.filing_id.is_(None), Drill.ends_at > now, Drill.closed_at.is_(None))


async def earliest_filing(session: AsyncSession, now: datetime) -> datetime | None:
    """When the next court of any drill is due."""
    at: datetime | None = await session.scalar(
        select(func.min(DrillFiling.due_at))
        .join(Drill, Drill.id == DrillFiling.drill_id)
        .where(_due(now))
    )
    return at


async def file_due(session: AsyncSession, now: datetime, desk: DeskRules) -> None:
    """Take in the filings that are due, at most `BATCH`: the timekeeper comes back for the rest at once."""
    rows = list(
        await session.scalars(
            select(DrillFiling)
            .join(Drill, Drill.id == DrillFiling.drill_id)
            .where(_due(now), DrillFiling.due_at <= now)
            .order_by(DrillFiling.due_at, DrillFiling.court_code)
            .limit(BATCH)
            .with_for_update(of=DrillFiling, skip_locked=True)
        )
    )
    for drill_id in dict.fromkeys(row.drill_id for row in rows):
        mine = [row for row in rows if row.drill_id == drill_id]
        await _file(session, await session.get_one(Drill, drill_id), mine, desk, now)


async def _file(
    session: AsyncSession,
    drill: Drill,
    rows: Sequence[DrillFiling],
    desk: DeskRules,
    now: datetime,
) -> None:
    counterparts = await _counterparts(session, drill, rows)
    day = drill.starts_at.astimezone(ZoneInfo(desk.timezone))
    submissions = [
        Submission(
            reference=drill_plan.reference(day, drill.id, row.court_code),
            collaborating_court=counterparts[row.court_code],
            jurisdiction_court=row.court_code,
            case_type=CASE_TYPE,
            filed_at=None,
            drill=True,
            filed_by=drill.ordered_by,
        )
        for row in rows
    ]
    receipts = await filings.receive(session, submissions, desk, now=now)
    for row, receipt in zip(rows, receipts, strict=True):
        await _take_in(session, row, receipt)
    await session.flush()


async def _take_in(session: AsyncSession, row: DrillFiling, receipt: Receipt) -> None:
    if receipt.filing is not None and receipt.outcome != "conflict":
        row.filing_id = receipt.filing.id
        return
    # Somebody filed under this very name: the court is left out rather than tried for ever.
    log.error("drill_filing_refused", drill=row.drill_id, outcome=receipt.outcome)
    await session.delete(row)


async def _counterparts(
    session: AsyncSession, drill: Drill, rows: Sequence[DrillFiling]
) -> dict[str, str]:
    """The court that files at each court."""
    codes = list(
        await session.scalars(
            select(DrillFiling.court_code).where(DrillFiling.drill_id == drill.id)
        )
    )
    ring = drill_plan.partners(codes)
    if ring:
        return ring
    found: dict[str, str] = {}
    for row in rows:
        other = await neighbour(session, await courts.get(session, row.court_code))
        if other is None:
            raise NobodyToFile
        found[row.court_code] = other
    return found


# What falls due: the end


#: When the next drill's open filings must be taken back.
earliest_end = Soonest(select(func.min(Drill.ends_at)).where(Drill.closed_at.is_(None)))


async def close_due(session: AsyncSession, now: datetime) -> None:
    """Take back what is open of the drills that ended, at most `BATCH` filings at a time."""
    ended = list(
        await session.scalars(
            select(Drill)
            .where(Drill.closed_at.is_(None), Drill.ends_at <= now)
            .order_by(Drill.ends_at)
            .with_for_update(skip_locked=True)
        )
    )
    room = BATCH
    for drill in ended:
        left = await _open_filings(session, drill.id, room)
        await take_back(session, left, now)
        room -= len(left)
        if room <= 0:
            return
        drill.closed_at = now


async def _open_filings(session: AsyncSession, drill_id: int, most: int) -> list[int]:
    """The numbers of filings still open, locked."""
    of_drill = select(DrillFiling.filing_id).where(DrillFiling.drill_id == drill_id)
    found = await session.scalars(
        select(Filing.id)
        .where(Filing.id.in_(of_drill), Filing.state.in_(OPEN))
        .order_by(Filing.id)
        .limit(most)
        .with_for_update()
    )
    return list(found)


async def take_back(session: AsyncSession, filing_ids: Sequence[int], now: datetime) -> None:
    """End these filings of drills. The cards say that the drill is over; nobody is written to anew."""
    if not filing_ids:
        return
    await session.execute(
        update(Filing)
        .where(Filing.id.in_(filing_ids))
        .values(state="withdrawn", result_due_at=None, undo=None, next_step_at=None)
        .execution_options(synchronize_session=False)
    )
    happened = {"at": now, "kind": "withdrawn", "who": SYSTEM, "detail": OVER}
    await events.write(session, [{"filing_id": key, **happened} for key in filing_ids])
    await outbox.refresh_many(session, filing_ids, now=now)


# What falls due: the result


def unanswered(
    drill_id: InstrumentedAttribute[int] | int, province: str | None = None
) -> ColumnElement[bool]:
    """Whether a court of the drill (or of one province in it) was not called yet, or did not answer."""
    statement = (
        select(DrillFiling.court_code)
        .join(Filing, Filing.id == DrillFiling.filing_id, isouter=True)
        .where(DrillFiling.drill_id == drill_id, Filing.acknowledged_at.is_(None))
    )
    if province is not None:
        statement = statement.join(Court, Court.code == DrillFiling.court_code)
        statement = statement.where(Court.province == province)
    return exists(statement.correlate(Drill))


async def earliest_report(session: AsyncSession, now: datetime) -> datetime | None:
    """When the next drill is over: now for one that everybody answered, else at its end."""
    unreported = Drill.reported_at.is_(None)
    answered = await session.scalar(
        select(Drill.id).where(unreported, ~unanswered(Drill.id)).limit(1)
    )
    if answered is not None:
        return now
    at: datetime | None = await session.scalar(select(func.min(Drill.ends_at)).where(unreported))
    return at


async def over(session: AsyncSession, now: datetime) -> list[Drill]:
    """The drills that are over and have no result sheet yet, locked."""
    found = await session.scalars(
        select(Drill)
        .where(Drill.reported_at.is_(None), or_(Drill.ends_at <= now, ~unanswered(Drill.id)))
        .order_by(Drill.ends_at)
        .with_for_update(skip_locked=True)
    )
    return list(found)


def answered(session: AsyncSession, filing: Filing) -> None:
    """A filing was acknowledged: when it is a drill's, the drill may be over now."""
    if filing.drill:
        wake(session, TOPIC)
