"""Statistics as people and other systems ask for them: any range, any scope, by province, court, case type or day.

What is counted in sheets is added up, what is not yet (or fills no whole day) is read from the filings, so an
answer is right at once and takes no longer for many filings than for few. Definitions are `performance`'s.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
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
from notifications.statistics_reading import Source, Whose
from notifications.statistics_series import (
    KEPT,
    NATION,
    Cover,
    Kind,
    Role,
    Split,
    cover,
    day_of,
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
    [(groups, total)] = await tallies(session, [query], desk, now=now)
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
    session: AsyncSession, queries: Sequence[StatisticsQuery], desk: DeskRules, *, now: datetime
) -> list[tuple[dict[str, Tally], Tally]]:
    """What `read` tells of, by key and in total, of several questions and one state of what is counted.

    For whoever has something to add or to take out.
    """
    zone = ZoneInfo(desk.timezone)
    asked = [await _placed(session, query) for query in queries]
    arrivals, before = await reading.arrivals(session), await reading.state(session)
    for _ in range(_ATTEMPTS):
        # Days of another zone make up no range of ours: then all is read from the filings.
        kept, moved = before[0] == desk.timezone, await moved_courts(session)
        found: list[tuple[dict[str, Tally], Tally]] = []
        for query in asked:
            if query is None:
                found.append(({}, Tally()))
                continue
            span = _span(query, arrivals, zone)
            source = _source(query, span, zone, kept=kept)
            found.append(await _add_up(session, query, span, source, moved, zone, now=now))
        after = await reading.state(session)
        if after == before:
            break
        before = after
    return found


async def _placed(session: AsyncSession, query: StatisticsQuery) -> StatisticsQuery | None:
    """The question with its court's province; None where the court lies in another, or is none."""
    if query.court is None:
        return query
    where = await session.scalar(select(Court.province).where(Court.code == query.court))
    return replace(query, province=where) if where and query.province in (None, where) else None


def _span(
    query: StatisticsQuery, found: tuple[datetime, datetime] | None, zone: ZoneInfo
) -> tuple[datetime, datetime]:
    """The part of the range in which filings arrived, in whole years at its ends where it was cut."""
    if found is None:
        return query.since, query.since
    first, last = (day_of(at, zone) for at in found)
    begin = start_of(first.replace(month=1, day=1), zone)
    end = start_of(last.replace(month=12, day=31) + timedelta(days=1), zone)
    since = max(query.since, begin)
    return since, max(since, min(query.until, end))


def _source(
    query: StatisticsQuery, span: tuple[datetime, datetime], zone: ZoneInfo, *, kept: bool
) -> Source:
    """Which sheets tell most of what is asked for."""
    # Case types of a single court are not kept, nor is anything by days of another zone.
    told = kept and (query.court is None or query.by != "case_type")
    kind, split = _kept_by(query)
    return Source(
        tuple(series(query.role, kind, split, drill=drill) for drill in _DRILLS[query.drills]),
        None if kind == "province" and query.province is None else (query.province or NATION,),
        cover(*span, zone, KEPT[kind, split]) if told else Cover((), span[1], span[1]),
        days=cover(*span, zone, ("day",)).spans if told and query.by == "day" else (),
        by_line=not (_is_alone(query) or query.by == "day" or query.court is not None),
        court=query.court,
    )


def _kept_by(query: StatisticsQuery) -> tuple[Kind, Split]:
    """Of which units, by what, the sheets are that tell most of it."""
    if query.court is not None or query.by == "court":
        return "province", "court"
    if query.province is not None:
        return "province", "court" if query.by == "day" else "case_type"
    return "nation", "province" if query.by == "province" else "case_type"


def _is_alone(query: StatisticsQuery) -> bool:
    """Whether the whole is the only group: a province by province, a court by court or province."""
    return query.by == query.kind or (query.by, query.kind) == ("province", "court")


async def _add_up(
    session: AsyncSession,
    query: StatisticsQuery,
    span: tuple[datetime, datetime],
    source: Source,
    moved: frozenset[str],
    zone: ZoneInfo,
    *,
    now: datetime,
) -> tuple[dict[str, Tally], Tally]:
    """The groups' tallies, and the whole's."""
    groups, whole = await reading.sheets(session, source)
    drills = _DRILLS[query.drills]
    whose = Whose(query.role, drills[0] if len(drills) == 1 else None, query.province, query.court)
    asked = (session, whose, query.by, *span, source.cover, moved)
    for key, counted in await reading.outside(*asked):
        whole.add(counted)
        groups[day_of(key, zone).isoformat() if query.by == "day" else key].add(counted)
    for one in await reading.loose(session, whose, *span, moved):
        _take_in(one, source.cover, groups, whole, query, zone, now=now)
    if _is_alone(query):
        groups = defaultdict(Tally, {_key_of_whole(query): whole})
    return groups, whole


def _take_in(
    one: Seen,
    covered: Cover,
    groups: defaultdict[str, Tally],
    whole: Tally,
    query: StatisticsQuery,
    zone: ZoneInfo,
    *,
    now: datetime,
) -> None:
    """Add a filing that is not counted as it stands; then take out what sheets hold of it."""
    if (key := _key(one, one.provinces, query, zone)) is not None:
        adds = contribution(one.standing, now)
        groups[key].add(adds)
        whole.add(adds)
    if covered.holds(one.received_at) and one.counted is not None:
        key = _key(one, one.counted.provinces, query, zone)
        if key is not None:
            groups[key].remove(one.counted.contribution)
            whole.remove(one.counted.contribution)


def _key(
    one: Seen, provinces: Mapping[Role, str], query: StatisticsQuery, zone: ZoneInfo
) -> str | None:
    """The group of a filing whose courts lie in these provinces; None when it is not asked for."""
    units = one.units(query.role, provinces)
    if query.province is not None and units["province"] != query.province:
        return None
    if query.court is not None and units["court"] != query.court:
        return None
    if query.by == "day":
        return day_of(one.received_at, zone).isoformat()
    return one.case_type if query.by == "case_type" else units[query.by]


def _key_of_whole(query: StatisticsQuery) -> str:
    return (query.court if query.by == "court" else query.province) or ""


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
