"""Reading what statistics are added up from: cells, and filings that no cell holds. Adding up is `statistics`' business."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from notifications.models import Filing
from notifications.performance import Tally
from notifications.statistics_filings import COUNTED_SIDES, SIDES, Seen, read_row, seen
from notifications.statistics_models import StatisticsCell, StatisticsState
from notifications.statistics_series import Cover, Kind, Role, case_type_of

#: Cells hold every value up to so many filings, and groups are exact at least up to so many.
EXACT_UP_TO = 3000

Part = Literal["unit", "span", "case_type", "whole"]


@dataclass(frozen=True, slots=True)
class Source:
    """Which cells are read, and what of a cell names its group."""

    kind: Kind
    series: tuple[str, ...]
    #: None: every unit.
    units: tuple[str, ...] | None
    cover: Cover
    part: Part


@dataclass(frozen=True, slots=True)
class Whose:
    """The filings in question: side, drills or not (None: both), and where their court of that side is."""

    role: Role
    drill: bool | None
    province: str | None
    court: str | None


async def state(session: AsyncSession) -> tuple[str, int]:
    """With which zone's days the cells were counted, and their generation; an empty zone when none was."""
    asked = select(StatisticsState.zone, StatisticsState.generation)
    found = (await session.execute(asked)).first()
    return (found[0], found[1]) if found else ("", 0)


async def arrivals(session: AsyncSession) -> tuple[datetime, datetime] | None:
    """When the first and the last filing arrived; None when there is none."""
    first = select(func.min(Filing.received_at)).scalar_subquery()
    last = select(func.max(Filing.received_at)).scalar_subquery()
    low, high = (await session.execute(select(first, last))).one()
    return None if low is None else (low, high)


async def cells(session: AsyncSession, source: Source) -> defaultdict[str, Tally]:
    """The tallies of the cells of a source, by group."""
    tallies: defaultdict[str, Tally] = defaultdict(Tally)
    if not source.cover.spans or source.units == ():
        return tallies
    wanted = [StatisticsCell.series.in_(source.series), StatisticsCell.span.in_(source.cover.spans)]
    if source.units is not None:
        wanted.append(StatisticsCell.unit.in_(source.units))
    parts = {
        "unit": StatisticsCell.unit,
        "span": StatisticsCell.span,
        "case_type": StatisticsCell.series,
    }
    column: Any = parts.get(source.part)
    size = (
        select(column, func.sum(StatisticsCell.filings).label("filings")).group_by(column)
        if column is not None
        else select(func.sum(StatisticsCell.filings).label("filings"))
    )
    sizes = size.where(*wanted).subquery("sizes")
    # The values of a few are carried whole; of many, only how many lie in each bin.
    few = sizes.c.filings <= EXACT_UP_TO
    has_bins, has_values = StatisticsCell.bins.is_not(None), StatisticsCell.exact.is_not(None)
    asked = select(
        StatisticsCell.series,
        StatisticsCell.span,
        StatisticsCell.unit,
        StatisticsCell.summary,
        case((and_(has_values, or_(few, ~has_bins)), StatisticsCell.exact)),
        case((and_(has_bins, or_(~few, ~has_values)), StatisticsCell.bins)),
    ).where(*wanted)
    same = sizes.c[column.key] == column if column is not None else sizes.c.filings.is_not(None)
    for series, span, unit, summary, exact, bins in await session.execute(asked.join(sizes, same)):
        names = {"unit": unit, "span": span, "whole": ""}
        key = case_type_of(series) if source.part == "case_type" else names[source.part]
        tallies[key].add_part(summary, exact, bins)
    return tallies


async def loose(
    session: AsyncSession,
    whose: Whose,
    since: datetime,
    until: datetime,
    middle: tuple[datetime, datetime],
    moved: Collection[str],
) -> Iterable[Seen]:
    """Filings of `[since, until)` that the cells of `middle` do not hold as they stand.

    All outside `middle`; within it those that are not counted yet, and those of courts that moved.
    """
    first, last = middle
    at = Filing.received_at
    within = and_(at >= first, at < last)
    asked = [and_(within, Filing.uncounted)]
    if since < first:
        asked.append(and_(at >= since, at < first))
    if last < until:
        asked.append(and_(at >= last, at < until))
    if moved:
        of_moved = or_(Filing.jurisdiction_court.in_(moved), Filing.collaborating_court.in_(moved))
        asked.append(and_(within, ~Filing.uncounted, of_moved))
    scope = _scope(whose)
    found: list[Seen] = []
    for wanted in asked:
        rows = await session.execute(seen().where(wanted, *scope))
        found += map(read_row, rows)
    return found


def _scope(whose: Whose) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    if whose.drill is not None:
        wanted.append(Filing.drill == whose.drill)
    columns: Mapping[Role, InstrumentedAttribute[str]] = {
        "jurisdiction": Filing.jurisdiction_court,
        "collaborating": Filing.collaborating_court,
    }
    if whose.court is not None:
        wanted.append(columns[whose.role] == whose.court)
    elif whose.province is not None:
        # A court that moved away was counted here: what it was counted as has to go.
        wanted.append(
            or_(
                SIDES[whose.role].province == whose.province,
                COUNTED_SIDES[whose.role] == whose.province,
            )
        )
    return wanted
