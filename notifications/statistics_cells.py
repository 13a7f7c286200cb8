"""Counting filings into sheets, batch by batch, long after their own transactions: no filing waits for statistics.

A filing that changes is marked in the transaction that changes it (`Filing.uncounted`); here it is taken out as
what it was counted as and put in as it stands. One instance counts at a time. Reading is in `statistics`.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from typing import Any, cast
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import ColumnElement, Table, delete, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from directory.models import Court
from notifications.desk import DeskRules
from notifications.models import Filing
from notifications.performance import Contribution, contribution, is_settled
from notifications.statistics_filings import Seen, moved_courts, read_row, seen
from notifications.statistics_models import (
    CountedCourt,
    CountedFiling,
    StatisticsSheet,
    StatisticsState,
)
from notifications.statistics_series import ROLES, Role, SheetKey, day_of, lines_of
from notifications.statistics_sheets import Sheet

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

#: How many filings are counted in one transaction, and what follows while more are waiting: pages go first.
BATCH = 25
BREATH = timedelta(seconds=0.25)

#: How long the desk waits for more filings once all are counted.
PAUSE = timedelta(minutes=10)

_Before = aliased(CountedFiling)


@dataclass(slots=True)
class Change:
    """What comes into a sheet and what leaves it, by line."""

    added: list[tuple[str, Contribution]] = field(default_factory=list)
    removed: list[tuple[str, Contribution]] = field(default_factory=list)


def countable() -> ColumnElement[bool]:
    """Filings to be counted: not as they stand yet, and settled, or counted before and open again."""
    counted = select(_Before.filing_id).where(_Before.filing_id == Filing.id).exists()
    return Filing.uncounted & or_(Filing.state != "waiting", counted)


async def uncounted(session: AsyncSession, most: int = 10_000) -> int:
    """How many filings are to be counted; of very many only that there are `most` or more."""
    found = select(Filing.id).where(countable()).limit(most).subquery()
    return await session.scalar(select(func.count()).select_from(found)) or 0


async def earliest(session: AsyncSession, now: datetime, desk: DeskRules) -> datetime | None:
    """When the next batch is due; None with nothing to count: `changes.changed` wakes whoever asks."""
    found = await session.scalar(select(StatisticsState))
    if found is not None and found.zone != desk.timezone:
        log.warning("statistics_of_another_zone", counted=found.zone, wanted=desk.timezone)
        return None
    if await session.scalar(select(Filing.id).where(countable()).limit(1)) is None:
        return None
    return now if found is None else found.next_at


async def count_due(session: AsyncSession, now: datetime, desk: DeskRules) -> None:
    """Count one batch and say when the next one is due."""
    await count(session, desk.timezone, now=now)


async def count(
    session: AsyncSession, timezone: str, *, now: datetime, most: int | None = None
) -> int | None:
    """Count at most so many filings (a batch), oldest first; returns how many. None: another instance is at it.

    Nothing is counted while the sheets hold the days of another zone than `timezone`.
    """
    held = await hold(session, timezone, now=now)
    if held is None or held.zone != timezone:
        return None
    await follow_moves(session)
    most = BATCH if most is None else most
    asked = seen().where(countable()).order_by(Filing.received_at).limit(most)
    rows = await session.execute(asked.with_for_update(of=Filing, skip_locked=True))
    batch = [read_row(row) for row in rows]
    if batch:
        await _apply(session, _changes(batch, ZoneInfo(timezone), now))
        await remember(session, batch, now)
        held.generation += 1
    held.next_at = now + (BREATH if len(batch) == most else PAUSE)
    await session.flush()
    return len(batch)


async def hold(session: AsyncSession, timezone: str, *, now: datetime) -> StatisticsState | None:
    """Keep others from counting until this transaction ends; None when another is at it."""
    first = _insert(session, StatisticsState).values(id=1, zone=timezone, generation=0, next_at=now)
    await session.execute(first.on_conflict_do_nothing())
    found: StatisticsState | None = await session.scalar(
        select(StatisticsState)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    return found


async def follow_moves(session: AsyncSession) -> None:
    """Have everything of a court counted anew that has come to another province."""
    moved = await moved_courts(session)
    if not moved:
        return
    of_moved = or_(Filing.jurisdiction_court.in_(moved), Filing.collaborating_court.in_(moved))
    await session.execute(
        update(Filing)
        .where(of_moved)
        .values(uncounted=True)
        .execution_options(synchronize_session=False)
    )
    present = select(Court.province).where(Court.code == CountedCourt.code).scalar_subquery()
    await session.execute(
        update(CountedCourt)
        .where(CountedCourt.code.in_(moved))
        .values(province=present)
        .execution_options(synchronize_session=False)
    )


def _changes(batch: Iterable[Seen], zone: tzinfo, now: datetime) -> dict[SheetKey, Change]:
    """What the filings of a batch change in which sheets."""
    changes: dict[SheetKey, Change] = defaultdict(Change)
    for one in batch:
        settled = is_settled(one.standing.state)
        new = contribution(one.standing, now) if settled else None
        old = one.counted
        if old is not None and new == old.contribution and one.provinces == old.provinces:
            continue
        if old is not None:
            for key, line in lines(one, old.provinces, zone):
                changes[key].removed.append((line, old.contribution))
        if new is not None:
            for key, line in lines(one, one.provinces, zone):
                changes[key].added.append((line, new))
    return changes


def lines(one: Seen, provinces: Mapping[Role, str], zone: tzinfo) -> Iterable[tuple[SheetKey, str]]:
    """Every sheet, and its line, in which a filing with its courts in these provinces is counted."""
    day = day_of(one.received_at, zone)
    for role in ROLES:
        units = one.units(role, provinces)
        yield from lines_of(role, one.case_type, day, units, drill=one.drill)


async def _apply(session: AsyncSession, changes: Mapping[SheetKey, Change]) -> None:
    """Write the changed sheets; one that holds nothing any more goes."""
    sheets = await _load(session, changes)
    for key, change in changes.items():
        sheet = sheets[key]
        for line, one in change.added:
            sheet.add(line, one)
        for line, one in change.removed:
            sheet.remove(line, one)
    await store(session, {key: sheet.content() for key, sheet in sheets.items()})


async def _load(session: AsyncSession, keys: Iterable[SheetKey]) -> dict[SheetKey, Sheet]:
    """These sheets, empty ones for those that are not there."""
    sheets = {key: Sheet() for key in keys}
    wanted: dict[str, tuple[set[str], set[str]]] = defaultdict(lambda: (set(), set()))
    for series, span, unit in sheets:
        wanted[series][0].add(span)
        wanted[series][1].add(unit)
    table = StatisticsSheet
    for series, (spans, units) in wanted.items():
        rows = await session.execute(
            select(table.series, table.span, table.unit, table.content).where(
                table.series == series, table.span.in_(spans), table.unit.in_(units)
            )
        )
        for series_, span, unit, content in rows:
            if (sheet := sheets.get((series_, span, unit))) is not None:
                sheet.add_sheet(content)
    return sheets


async def store(session: AsyncSession, contents: Mapping[SheetKey, bytes | None]) -> None:
    """Write sheets; those without content are taken away."""
    rows = [
        {"series": series, "span": span, "unit": unit, "content": content}
        for (series, span, unit), content in contents.items()
        if content is not None
    ]
    insert = _insert(session, StatisticsSheet)
    new = {"content": insert.excluded["content"]}
    if rows:
        await session.execute(insert.on_conflict_do_update(
            index_elements=["series", "span", "unit"], set_=new), rows)  # fmt: skip
    for (series, span, unit), content in contents.items():
        if content is None:
            await session.execute(
                delete(StatisticsSheet).where(
                    StatisticsSheet.series == series,
                    StatisticsSheet.span == span,
                    StatisticsSheet.unit == unit,
                )
            )


async def remember(session: AsyncSession, batch: Sequence[Seen], now: datetime) -> None:
    """Write down what each filing was counted as; one that is open again is counted as nothing."""
    settled = [one for one in batch if is_settled(one.standing.state)]
    reopened = [one.id for one in batch if not is_settled(one.standing.state)]
    if reopened:
        await session.execute(delete(CountedFiling).where(CountedFiling.filing_id.in_(reopened)))
    if not settled:
        return
    insert = _insert(session, CountedFiling)
    columns = ("jurisdiction_province", "collaborating_province", "contribution")
    await session.execute(
        insert.on_conflict_do_update(
            index_elements=["filing_id"], set_={name: insert.excluded[name] for name in columns}
        ),
        [
            {
                "filing_id": one.id,
                "jurisdiction_province": one.provinces["jurisdiction"],
                "collaborating_province": one.provinces["collaborating"],
                "contribution": contribution(one.standing, now).to_bytes(),
            }
            for one in settled
        ],
    )
    places = {one.courts[role]: one.provinces[role] for one in settled for role in ROLES}
    await session.execute(
        _insert(session, CountedCourt).on_conflict_do_nothing(),
        [{"code": code, "province": province} for code, province in places.items()],
    )
    await session.execute(
        update(Filing)
        .where(Filing.id.in_([one.id for one in settled]))
        .values(uncounted=False)
        .execution_options(synchronize_session=False)
    )


def _insert(session: AsyncSession, model: type[Any]) -> Any:
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    return dialect.insert(cast("Table", model.__table__))
