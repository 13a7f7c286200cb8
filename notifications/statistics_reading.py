"""Reading what statistics are added up from: cells, and filings that no cell holds. Adding up is `statistics`' business."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Literal

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    CompoundSelect,
    Select,
    and_,
    bindparam,
    case,
    func,
    or_,
    select,
    union_all,
)
from sqlalchemy.ext.asyncio import AsyncSession

from directory.models import Court
from notifications.models import Filing
from notifications.performance import Tally
from notifications.statistics_filings import COUNTED_PROVINCES, Seen, read_row, seen
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
    given: dict[str, Any] = {"series": source.series, "spans": source.cover.spans}
    if source.units is not None:
        given["units"] = source.units
    # A court's values are never so many that they had to be left out.
    statement = _cells(source.part, some=source.units is not None, many=source.kind != "court")
    rows = await session.execute(statement, given)
    for series, span, unit, summary, exact, bins in rows:
        names = {"unit": unit, "span": span, "whole": ""}
        key = case_type_of(series) if source.part == "case_type" else names[source.part]
        tallies[key].add_part(summary, exact, bins)
    return tallies


@cache
def _cells(part: Part, *, some: bool, many: bool) -> Select[*tuple[Any, ...]]:
    """What `cells` asks: of all units or of `some`; of `many` filings only how many values lie in each bin."""
    wanted = [
        StatisticsCell.series.in_(bindparam("series", expanding=True)),
        StatisticsCell.span.in_(bindparam("spans", expanding=True)),
    ]
    if some:
        wanted.append(StatisticsCell.unit.in_(bindparam("units", expanding=True)))
    has_bins, has_values = StatisticsCell.bins.is_not(None), StatisticsCell.exact.is_not(None)
    names = (
        StatisticsCell.series,
        StatisticsCell.span,
        StatisticsCell.unit,
        StatisticsCell.summary,
    )
    if not many:
        return select(*names, StatisticsCell.exact, case((~has_values, StatisticsCell.bins))).where(
            *wanted
        )
    parts = {
        "unit": StatisticsCell.unit,
        "span": StatisticsCell.span,
        "case_type": StatisticsCell.series,
    }
    column: Any = parts.get(part)
    size: Any = func.sum(StatisticsCell.filings).label("filings")
    grouped = select(size) if column is None else select(column, size).group_by(column)
    sizes = grouped.where(*wanted).subquery("sizes")
    few = sizes.c.filings <= EXACT_UP_TO
    same = sizes.c[column.key] == column if column is not None else sizes.c.filings.is_not(None)
    asked = select(
        *names,
        case((and_(has_values, or_(few, ~has_bins)), StatisticsCell.exact)),
        case((and_(has_bins, or_(~few, ~has_values)), StatisticsCell.bins)),
    )
    return asked.where(*wanted).join(sizes, same)


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
    statement = _loose(
        whose.role,
        drill=whose.drill,
        by_court=whose.court is not None,
        by_province=whose.court is None and whose.province is not None,
        before=since < first,
        after=last < until,
        moved=bool(moved),
    )
    given: dict[str, Any] = {"since": since, "first": first, "last": last, "until": until}
    given |= {"moved": list(moved), "court": whose.court, "province": whose.province}
    return map(read_row, await session.execute(statement, given))


@cache
def _loose(
    role: Role,
    *,
    drill: bool | None,
    by_court: bool,
    by_province: bool,
    before: bool,
    after: bool,
    moved: bool,
) -> CompoundSelect[*tuple[Any, ...]]:
    """What `loose` asks. Made once for each kind of question: making it takes longer than answering it."""
    at = Filing.received_at
    first, last = bindparam("first", type_=at.type), bindparam("last", type_=at.type)
    within = and_(at >= first, at < last)
    asked = [and_(within, Filing.uncounted)]
    if before:
        asked.append(and_(at >= bindparam("since", type_=at.type), at < first))
    if after:
        asked.append(and_(at >= last, at < bindparam("until", type_=at.type)))
    codes: BindParameter[Any] = bindparam("moved", expanding=True)
    if moved:
        of_moved = or_(Filing.jurisdiction_court.in_(codes), Filing.collaborating_court.in_(codes))
        asked.append(and_(within, ~Filing.uncounted, of_moved))
    scope: list[ColumnElement[bool]] = [] if drill is None else [Filing.drill == drill]
    court = {
        "jurisdiction": Filing.jurisdiction_court,
        "collaborating": Filing.collaborating_court,
    }[role]
    if by_court:
        scope.append(court == bindparam("court"))
    if by_province:
        # A court that moved away was counted here: what it was counted as has to go.
        here: BindParameter[Any] = bindparam("province")
        lies_here = court.in_(select(Court.code).where(Court.province == here))
        was_here = [and_(Filing.uncounted, COUNTED_PROVINCES[role] == here)]
        was_here += [and_(court.in_(codes), COUNTED_PROVINCES[role] == here)] if moved else []
        scope.append(or_(lies_here, *was_here))
    return union_all(*(seen().where(wanted, *scope) for wanted in asked))
