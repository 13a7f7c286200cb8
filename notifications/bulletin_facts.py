"""A bulletin's figures as the tables have them: statistics of all its periods and roles. Times are `bulletin_times`'."""

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from directory.models import Court
from notifications import bulletin_times, statistics
from notifications.bulletin_figures import Line, Measures, Period, Sheet, States, ranked
from notifications.bulletin_rules import Rules
from notifications.desk import DeskRules
from notifications.models import Filing
from notifications.statistics import StatisticsQuery
from notifications.statistics_series import Role, start_of

#: The key of the line that is all of them.
WHOLE = ""


async def build(
    session: AsyncSession,
    province: str | None,
    period: Period,
    rules: Rules,
    desk: DeskRules,
    *,
    now: datetime,
) -> Sheet:
    """Everything of a province's bulletin by court, of the nation's by province, as it stands at `now`."""
    whens = (period, period.before, period.cumulated)
    mine = [_query(when, province, desk) for when in whens]
    others = [_query(when, province, desk, "collaborating") for when in whens]
    read = await bulletin_times.read(session, mine[:2], [mine[2], *others], WHOLE, desk, now=now)
    told, told_before = read.told
    cumulated, sent, sent_before, sent_cumulated = read.counts
    corrected = await _corrected(session, mine[2])

    def line(key: str, name: str) -> Line:
        here, before = told.get(key), told_before.get(key)
        return Line(
            key,
            name,
            States() if here is None else States.counted(here.counts),
            States() if before is None else States.counted(before.counts),
            Measures() if here is None else here.measures,
            Measures() if before is None else before.measures,
            States.counted(cumulated[key]) if key in cumulated else States(),
            corrected[key],
            _filings(sent, key),
            _filings(sent_before, key),
            _filings(sent_cumulated, key),
            0 if here is None else here.counts["withdrawn"],
        )

    names = await _names(session, province)
    lines = [line(key, name) for key, name in names.items()]
    return Sheet(
        province,
        period,
        ranked(lines, rules.least),
        line(WHOLE, province or ""),
        now,
        rules.target_percent,
        rules.least,
        await _calendars(session, mine[0]),
        max(one.quantile_error for one in told.values()),
    )


def bounds(period: Period, timezone: str) -> tuple[datetime, datetime]:
    """The instants (UTC) between which filings of a period arrive; the second is not part of it."""
    zone = ZoneInfo(timezone)
    return start_of(period.first, zone), start_of(period.last + timedelta(days=1), zone)


async def trend(
    session: AsyncSession,
    province: str | None,
    key: str,
    period: Period,
    desk: DeskRules,
    *,
    now: datetime,
) -> list[tuple[Period, States]]:
    """How one line of a bulletin stood in each part of its period, as it stands at `now`."""
    since, until = bounds(period, desk.timezone)
    whose = {"province": key} if province is None else {"court": key}
    query = StatisticsQuery(since=since, until=until, by="day", **whose)  # type: ignore[arg-type]
    found = await statistics.read(session, query, desk, now=now)
    days = {date.fromisoformat(one.key): States.of(one.figures) for one in found.groups}
    return [
        (part, sum((s for d, s in days.items() if part.first <= d <= part.last), States()))
        for part in period.parts()
    ]


async def _names(session: AsyncSession, province: str | None) -> dict[str, str]:
    if province is None:
        found = (
            select(Court.province)
            .where(Court.level != "supreme")
            .distinct()
            .order_by(Court.province)
        )
        return {name: name for name in await session.scalars(found)}
    rows = await session.execute(
        select(Court.code, Court.name).where(Court.province == province).order_by(Court.code)
    )
    return {code: name for code, name in rows}  # noqa: C416 -- rows are no pairs to mypy


def _query(
    period: Period, province: str | None, desk: DeskRules, role: Role = "jurisdiction"
) -> StatisticsQuery:
    since, until = bounds(period, desk.timezone)
    by: statistics.By = "province" if province is None else "court"
    return StatisticsQuery(since=since, until=until, role=role, by=by, province=province)


def _filings(counts: Mapping[str, Mapping[str, int]], key: str) -> int:
    one = counts.get(key, {})
    return one.get("within_province", 0) + one.get("cross_province", 0)


def _within(query: StatisticsQuery) -> list[ColumnElement[bool]]:
    found = [
        Filing.received_at >= query.since,
        Filing.received_at < query.until,
        Filing.drill.is_(False),
    ]
    if query.province is not None:
        mine = select(Court.code).where(Court.province == query.province)
        found.append(Filing.jurisdiction_court.in_(mine))
    return found


async def _corrected(session: AsyncSession, query: StatisticsQuery) -> Counter[str]:
    """How many filings of each line were corrected: by court, or by province."""
    unit = Court.province if query.by == "province" else Court.code
    rows = await session.execute(
        select(unit, func.count())
        .select_from(Filing)
        .join(Court, Court.code == Filing.jurisdiction_court)
        .where(
            *_within(query),
            # As the index has it.
            or_(Filing.outage_id.is_not(None), Filing.answer_counts_as.is_not(None)),
            Filing.answer_counts_as.is_not(None),
            Filing.state != "withdrawn",
        )
        .group_by(unit)
    )
    found = Counter({key: count for key, count in rows})  # noqa: C416 -- rows are no pairs to mypy
    found[WHOLE] = found.total()
    return found


async def _calendars(session: AsyncSession, query: StatisticsQuery) -> tuple[str, ...]:
    """The editions with which the answers of the period were counted."""
    rows = await session.scalars(
        select(Filing.calendar_version)
        .where(*_within(query), Filing.calendar_version.is_not(None))
        .distinct()
    )
    return tuple(sorted({edition.split()[0] for edition in rows if edition}))
