"""Statistics as people and other systems ask for them: any range, any scope, by province, court, case type or day.

What is counted in cells is added up, what is not yet (or fills no whole span) is read from the filings, so an
answer is right at once and takes no longer for many filings than for few. Definitions are `performance`'s.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from directory.models import Court
from notifications import statistics_reading as reading
from notifications.desk import DeskRules
from notifications.filings import CASE_TYPES
from notifications.performance import Figures, Tally, contribution
from notifications.statistics_filings import Seen, moved_courts
from notifications.statistics_reading import Part, Source, Whose
from notifications.statistics_series import (
    ALL,
    NATION,
    Cover,
    Kind,
    Role,
    cover,
    day_of,
    levels,
    series,
    start_of,
)

By = Literal["province", "court", "case_type", "day"]
Drills = Literal["exclude", "only", "include"]

_DRILLS: Mapping[Drills, tuple[bool, ...]] = {
    "exclude": (False,),
    "only": (True,),
    "include": (False, True),
}

#: How often an answer is begun again when a batch was counted in its midst.
_ATTEMPTS = 5

#: The one group of a source that is not divided.
_WHOLE = ""

#: More courts than any province has.
_FEW_COURTS = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class StatisticsQuery:
    """What is asked for.

    Attributes:
        since: inclusive, by `received_at`.
        until: exclusive.
        role: the side on which a filing belongs to a province or court.
        by: what makes a group. Days are the desk's.
        drills: real filings alone, drills alone, or both.
        province: only filings whose court of this role lies there.
        court: only filings of this court; nothing when it lies outside `province`.
    """

    since: datetime
    until: datetime
    role: Role = "jurisdiction"
    by: By = "province"
    drills: Drills = "exclude"
    province: str | None = None
    court: str | None = None

    @property
    def kind(self) -> Kind:
        """What the whole of the filings belongs to."""
        if self.court is not None:
            return "court"
        return "nation" if self.province is None else "province"


@dataclass(frozen=True, slots=True)
class Group:
    """The figures of one province, court, case type or day.

    `key` is the province's name, the court's code, the case type or the day (`2019-08-18`); `name` is
    what is shown for it, in Chinese.
    """

    key: str
    name: str
    figures: Figures


@dataclass(frozen=True, slots=True)
class Statistics:
    """Groups in the order of their keys, those without a filing left out, and all of them together.

    `answered_up_to`: of all together, by clock, how many were answered within 5, 15, 30, 60 minutes, and at all.
    """

    groups: tuple[Group, ...]
    total: Figures
    answered_up_to: Mapping[str, tuple[int, ...]]


async def read(
    session: AsyncSession, query: StatisticsQuery, desk: DeskRules, *, now: datetime
) -> Statistics:
    """Add up what is asked for, as it stands at `now`. Changes nothing; any session will do."""
    groups, total = await tallies(session, query, desk, now=now)
    names = await _names(session, query.by, groups)
    return Statistics(
        tuple(
            Group(key, names.get(key, key), groups[key].figures())
            for key in sorted(groups)
            if not groups[key].is_empty
        ),
        total.figures(),
        total.answered_up_to(),
    )


async def tallies(
    session: AsyncSession, query: StatisticsQuery, desk: DeskRules, *, now: datetime
) -> tuple[dict[str, Tally], Tally]:
    """What `read` tells of, by key and in total, for whoever has something to add or to take out."""
    zone = ZoneInfo(desk.timezone)
    if query.court is not None and query.province is not None:
        where = await session.scalar(select(Court.province).where(Court.code == query.court))
        if where != query.province:
            return {}, Tally()
        query = replace(query, province=None)
    span = await _span(session, query, zone)
    before = await reading.state(session)
    for _ in range(_ATTEMPTS):
        # Days of another zone make up no range of ours: then all is read from the filings.
        kept = before[0] == desk.timezone
        groups, total = await _add_up(session, query, span, zone, kept=kept, now=now)
        after = await reading.state(session)
        if after == before:
            break
        before = after
    return groups, total


async def _span(
    session: AsyncSession, query: StatisticsQuery, zone: ZoneInfo
) -> tuple[datetime, datetime]:
    """The part of the range in which filings arrived, in whole years at its ends where it was cut."""
    found = await reading.arrivals(session)
    if found is None:
        return query.since, query.since
    first, last = (day_of(at, zone) for at in found)
    begin = start_of(first.replace(month=1, day=1), zone)
    end = start_of(last.replace(month=12, day=31) + timedelta(days=1), zone)
    since = max(query.since, begin)
    return since, max(since, min(query.until, end))


async def _add_up(
    session: AsyncSession,
    query: StatisticsQuery,
    span: tuple[datetime, datetime],
    zone: ZoneInfo,
    *,
    kept: bool,
    now: datetime,
) -> tuple[dict[str, Tally], Tally]:
    """The groups' tallies, and the whole's."""
    of_total = _source_of_total(query, span, zone, kept=kept)
    total = await reading.cells(session, of_total)
    sources = [(of_total, total)]
    middle = (of_total.cover.first, of_total.cover.last)
    # A province alone is one group, and a court alone: the whole.
    if not (alone := query.by == query.kind or (query.by, query.kind) == ("province", "court")):
        of_groups = await _source_of_groups(session, query, span, zone, kept=kept)
        sources.append((of_groups, await reading.cells(session, of_groups)))
        middle = _shared(of_groups.cover, of_total.cover, span[1])
    moved = await moved_courts(session) if kept else frozenset[str]()
    drills = _DRILLS[query.drills]
    whose = Whose(query.role, drills[0] if len(drills) == 1 else None, query.province, query.court)
    for one in await reading.loose(session, whose, *span, middle, moved):
        stale = one.uncounted or not moved.isdisjoint(one.courts.values())
        for source, tallies in sources:
            _take_in(one, source, tallies, query, zone, stale=stale, now=now)
    whole = total[_WHOLE]
    if alone:
        return {await _key_of_whole(session, query): whole}, whole
    return sources[1][1], whole


def _shared(one: Cover, other: Cover, until: datetime) -> tuple[datetime, datetime]:
    """What both covers hold; empty, at the end, when they share nothing."""
    first, last = max(one.first, other.first), min(one.last, other.last)
    return (first, last) if first < last else (until, until)


def _take_in(
    one: Seen,
    source: Source,
    tallies: dict[str, Tally],
    query: StatisticsQuery,
    zone: ZoneInfo,
    *,
    stale: bool,
    now: datetime,
) -> None:
    """Add a filing that the source's cells do not hold, or not as it stands; then take out what they hold."""
    counted = source.cover.holds(one.received_at)
    if counted and not stale:
        return
    key = _key(one, one.provinces, source, query, zone)
    if key is not None:
        tallies[key].add(contribution(one.standing, now))
    if counted and one.counted is not None:
        # The cells of a court are its own, wherever it lay; those of a province hold what lay there then.
        then = one.provinces if source.kind == "court" else one.counted.provinces
        key = _key(one, then, source, query, zone)
        if key is not None:
            tallies[key].remove(one.counted.contribution)


def _key(
    one: Seen,
    provinces: Mapping[Role, str],
    source: Source,
    query: StatisticsQuery,
    zone: ZoneInfo,
) -> str | None:
    """The group of a filing whose courts lie in these provinces; None when it is not asked for."""
    units = one.units(query.role, provinces)
    if query.province is not None and units["province"] != query.province:
        return None
    if query.court is not None and units["court"] != query.court:
        return None
    if source.part == "whole":
        return _WHOLE
    if query.by == "day":
        return day_of(one.received_at, zone).isoformat()
    return one.case_type if query.by == "case_type" else units[query.by]


def _source_of_total(
    query: StatisticsQuery, span: tuple[datetime, datetime], zone: ZoneInfo, *, kept: bool
) -> Source:
    shown = levels(query.kind, by_case_type=False) if kept else ()
    unit = query.court or query.province or NATION
    names = _series(query, query.kind, (ALL,))
    return Source(query.kind, names, (unit,), cover(*span, zone, shown), "whole")


async def _source_of_groups(
    session: AsyncSession,
    query: StatisticsQuery,
    span: tuple[datetime, datetime],
    zone: ZoneInfo,
    *,
    kept: bool,
) -> Source:
    kind, part = query.kind, _PARTS[query.by]
    types: tuple[str, ...] = (ALL,)
    units: tuple[str, ...] | None = (query.court or query.province or NATION,)
    shown = levels(kind, by_case_type=query.by == "case_type")
    if query.by == "case_type":
        types = tuple(CASE_TYPES)
    elif query.by == "day":
        shown = tuple(level for level in shown if level == "day")
    elif query.by == "province":
        kind, units, shown = "province", None, levels("province", by_case_type=False)
    else:
        kind, shown = "court", levels("court", by_case_type=False)
        units = await _courts_of(session, query.province)
    covered = cover(*span, zone, shown if kept else ())
    return Source(kind, _series(query, kind, types), units, covered, part)


_PARTS: Mapping[By, Part] = {
    "province": "unit",
    "court": "unit",
    "case_type": "case_type",
    "day": "span",
}


def _series(query: StatisticsQuery, kind: Kind, types: Collection[str]) -> tuple[str, ...]:
    return tuple(
        series(query.role, kind, case_type, drill=drill)
        for drill in _DRILLS[query.drills]
        for case_type in types
    )


async def _courts_of(session: AsyncSession, province: str | None) -> tuple[str, ...] | None:
    """The codes of a province's courts; None for all there are."""
    if province is None:
        return None
    return tuple(await session.scalars(select(Court.code).where(Court.province == province)))


async def _key_of_whole(session: AsyncSession, query: StatisticsQuery) -> str:
    if query.by == "court":
        return query.court or ""
    if query.court is None:
        return query.province or ""
    found = await session.scalar(select(Court.province).where(Court.code == query.court))
    return found or ""


async def _names(session: AsyncSession, by: By, keys: Collection[str]) -> Mapping[str, str]:
    """What is shown for the keys, where it is not the key itself."""
    if by == "case_type":
        return CASE_TYPES
    if by != "court":
        return {}
    # Of so many that it is next to all, all: a longer list of keys costs more than it spares.
    wanted = [Court.code.in_(keys)] if len(keys) <= _FEW_COURTS else []
    rows = await session.execute(select(Court.code, Court.name).where(*wanted))
    return {code: name for code, name in rows}  # noqa: C416 -- rows are no pairs to mypy
