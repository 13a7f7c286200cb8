"""Reading what statistics are added up from: sheets, and filings that no sheet holds. Adding those up is `statistics`' business."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    CompoundSelect,
    Select,
    and_,
    bindparam,
    func,
    or_,
    select,
    union_all,
)
from sqlalchemy.ext.asyncio import AsyncSession

from directory.models import Court
from notifications.models import Filing
from notifications.performance import Contribution, Tally
from notifications.statistics_filings import COUNTED_PROVINCES, Seen, read_row, seen
from notifications.statistics_models import CountedFiling, StatisticsSheet, StatisticsState
from notifications.statistics_series import Cover, Role
from notifications.statistics_sheets import Stored, stored


@dataclass(frozen=True, slots=True)
class Source:
    """Which sheets are read, and what of them.

    Attributes:
        series: their names.
        units: their units; None for all there are.
        cover: their spans.
        days: spans that make a group each; they need not be in the cover.
        by_line: whether each line makes a group.
        court: only this line.
    """

    series: tuple[str, ...]
    units: tuple[str, ...] | None
    cover: Cover
    days: tuple[str, ...] = ()
    by_line: bool = False
    court: str | None = None


@dataclass(frozen=True, slots=True)
class Whose:
    """The filings in question: side, drills or not (None: both), and where their court of that side is."""

    role: Role
    drill: bool | None
    province: str | None
    court: str | None


async def state(session: AsyncSession) -> tuple[str, int]:
    """With which zone's days the sheets were counted, and their generation; an empty zone when none was."""
    asked = select(StatisticsState.zone, StatisticsState.generation)
    found = (await session.execute(asked)).first()
    return (found[0], found[1]) if found else ("", 0)


async def arrivals(session: AsyncSession) -> tuple[datetime, datetime] | None:
    """When the first and the last filing arrived; None when there is none."""
    first = select(func.min(Filing.received_at)).scalar_subquery()
    last = select(func.max(Filing.received_at)).scalar_subquery()
    low, high = (await session.execute(select(first, last))).one()
    return None if low is None else (low, high)


async def sheets(session: AsyncSession, source: Source) -> tuple[defaultdict[str, Tally], Tally]:
    """The tallies of the groups of a source, and of the whole."""
    groups: defaultdict[str, Tally] = defaultdict(Tally)
    whole = Tally()
    spans, days = frozenset(source.cover.spans), frozenset(source.days)
    if not spans or source.units == ():
        return groups, whole
    given: dict[str, Any] = {"series": source.series, "spans": [*spans | days]}
    if source.units is not None:
        given["units"] = source.units
    for span, content in await session.execute(_sheets(some=source.units is not None), given):
        sheet = stored(content)
        if span in spans:
            _add(sheet, whole, source.court)
            if source.by_line:
                for key in sheet.lines:
                    sheet.add_line_to(groups[key], key)
        if span in days:
            _add(sheet, groups[span], source.court)
    return groups, whole


def _add(sheet: Stored, tally: Tally, court: str | None) -> None:
    if court is None:
        sheet.add_whole_to(tally)
    else:
        sheet.add_line_to(tally, court)


@cache
def _sheets(*, some: bool) -> Select[*tuple[Any, ...]]:
    """What `sheets` asks: of all units or of `some`."""
    wanted = [
        StatisticsSheet.series.in_(bindparam("series", expanding=True)),
        StatisticsSheet.span.in_(bindparam("spans", expanding=True)),
    ]
    if some:
        wanted.append(StatisticsSheet.unit.in_(bindparam("units", expanding=True)))
    return select(StatisticsSheet.span, StatisticsSheet.content).where(*wanted)


async def loose(
    session: AsyncSession,
    whose: Whose,
    since: datetime,
    until: datetime,
    moved: Collection[str],
) -> Iterable[Seen]:
    """Filings of `[since, until)` that are not counted as they stand: changed since, or of courts that moved."""
    statement = _loose(
        whose.role,
        drill=whose.drill,
        by_court=whose.court is not None,
        by_province=whose.court is None and whose.province is not None,
        moved=bool(moved),
    )
    given: dict[str, Any] = {"since": since, "until": until, "moved": list(moved)}
    given |= {"court": whose.court, "province": whose.province}
    return map(read_row, await session.execute(statement, given))


@cache
def _loose(
    role: Role, *, drill: bool | None, by_court: bool, by_province: bool, moved: bool
) -> CompoundSelect[*tuple[Any, ...]]:
    """What `loose` asks. Made once for each kind of question: making it takes longer than answering it."""
    at = Filing.received_at
    within = and_(at >= bindparam("since", type_=at.type), at < bindparam("until", type_=at.type))
    asked = [and_(within, Filing.uncounted)]
    codes: BindParameter[Any] = bindparam("moved", expanding=True)
    if moved:
        of_moved = or_(Filing.jurisdiction_court.in_(codes), Filing.collaborating_court.in_(codes))
        asked.append(and_(within, ~Filing.uncounted, of_moved))
    scope: list[ColumnElement[bool]] = [] if drill is None else [Filing.drill == drill]
    court = _COURTS[role]
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


_COURTS: dict[Role, Any] = {
    "jurisdiction": Filing.jurisdiction_court,
    "collaborating": Filing.collaborating_court,
}


async def outside(
    session: AsyncSession,
    whose: Whose,
    by: str,
    since: datetime,
    until: datetime,
    cover: Cover,
    moved: Collection[str],
) -> Iterable[tuple[Any, Contribution]]:
    """Filings counted as they stand that arrived in `[since, until)` outside the cover: what each is grouped by, and what it adds.

    By day it is grouped by when it arrived, else by the province, court's code or case type.
    """
    before, after = since < cover.first, cover.last < until
    if not (before or after):
        return ()
    statement = _outside(
        whose.role,
        by,
        drill=whose.drill,
        by_court=whose.court is not None,
        by_province=whose.court is None and whose.province is not None,
        before=before,
        after=after,
        moved=bool(moved),
    )
    given: dict[str, Any] = {"since": since, "first": cover.first, "last": cover.last}
    given |= {"until": until, "moved": list(moved)}
    given |= {"court": whose.court, "province": whose.province}
    rows = await session.execute(statement, given)
    return [(key, Contribution.from_bytes(content)) for key, content in rows if content is not None]


@cache
def _outside(
    role: Role,
    by: str,
    *,
    drill: bool | None,
    by_court: bool,
    by_province: bool,
    before: bool,
    after: bool,
    moved: bool,
) -> CompoundSelect[*tuple[Any, ...]]:
    """What `outside` asks, made once for each kind of question.

    What was counted is looked up filing by filing: joined, PostgreSQL reads all there is of it for the few at the
    ends of the range. A filing that is counted as it stands was counted where its courts lie now, unless they moved.
    """
    at = Filing.received_at
    since, first, last, until = (
        bindparam(name, type_=at.type) for name in ("since", "first", "last", "until")
    )
    # An empty cover lies at the end.
    asked = [and_(at >= since, at < first)] if before else []
    asked += [and_(at >= last, at < until)] if after else []
    scope: list[ColumnElement[bool]] = [~Filing.uncounted]
    if drill is not None:
        scope.append(Filing.drill == drill)
    if by_court:
        scope.append(_COURTS[role] == bindparam("court"))
    if by_province:
        scope.append(Court.province == bindparam("province"))
    if moved:
        codes: BindParameter[Any] = bindparam("moved", expanding=True)
        scope += [Filing.jurisdiction_court.not_in(codes), Filing.collaborating_court.not_in(codes)]
    keys = {
        "province": Court.province,
        "court": _COURTS[role],
        "case_type": Filing.case_type,
        "day": at,
    }
    counted = select(CountedFiling.contribution).where(CountedFiling.filing_id == Filing.id)
    rows = select(keys[by], counted.scalar_subquery()).select_from(Filing)
    if by_province or by == "province":
        rows = rows.join(Court, Court.code == _COURTS[role])
    return union_all(*(rows.where(wanted, *scope) for wanted in asked))
