"""A bulletin's figures as the tables have them: statistics of both periods and roles, times of answers. No rules."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from directory import courts
from directory.models import Court
from notifications import answer_clock, statistics
from notifications.bulletin_figures import (
    Answer,
    Line,
    Measures,
    Period,
    Sheet,
    States,
    measured,
    ranked,
)
from notifications.bulletin_rules import Rules
from notifications.desk import DeskRules
from notifications.models import Filing, Outage
from notifications.performance import Figures
from notifications.statistics import Statistics, StatisticsQuery
from notifications.statistics_series import Role, start_of

#: The key of the line that is all of them.
WHOLE = ""


@dataclass(frozen=True, slots=True)
class _Times:
    """How long answers took, by court or province, the whole under `WHOLE`; and the calendars counted with."""

    measures: Mapping[str, Measures]
    calendars: frozenset[str]


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
    asked = province, desk, now
    mine, earlier = [
        await _read(session, when, "jurisdiction", *asked) for when in (period, period.before)
    ]
    sent, sent_earlier = [
        await _read(session, when, "collaborating", *asked) for when in (period, period.before)
    ]
    times = await _times(session, period, *asked)
    times_earlier = await _times(session, period.before, *asked)

    def line(key: str, name: str) -> Line:
        return Line(
            key,
            name,
            States.of(mine[key]) if key in mine else States(),
            States.of(earlier[key]) if key in earlier else States(),
            times.measures.get(key, Measures()),
            times_earlier.measures.get(key, Measures()),
            sent[key].filings if key in sent else 0,
            sent_earlier[key].filings if key in sent_earlier else 0,
            mine[key].withdrawn if key in mine else 0,
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
        tuple(sorted(times.calendars)),
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


async def _read(
    session: AsyncSession,
    period: Period,
    role: Role,
    province: str | None,
    desk: DeskRules,
    now: datetime,
) -> dict[str, Figures]:
    since, until = bounds(period, desk.timezone)
    by: statistics.By = "province" if province is None else "court"
    query = StatisticsQuery(since=since, until=until, role=role, by=by, province=province)
    found: Statistics = await statistics.read(session, query, desk, now=now)
    return {WHOLE: found.total, **{group.key: group.figures for group in found.groups}}


# How long answers took


def _answers(since: datetime, until: datetime, province: str | None) -> Select[*tuple[Any, ...]]:
    of_province = [] if province is None else [Court.province == province]
    return (
        select(
            Filing.jurisdiction_court,
            Court.province,
            Filing.state,
            Filing.received_at,
            Filing.answer_due_at,
            Filing.answered_in_time,
            Filing.answer_wall_seconds,
            Filing.answer_working_seconds,
            Filing.calendar_version,
            Outage.began_at,
            Outage.ended_at,
        )
        .select_from(Filing)
        .join(Court, Court.code == Filing.jurisdiction_court)
        .outerjoin(Outage, Outage.id == Filing.outage_id)
        .where(
            Filing.received_at >= since,
            Filing.received_at < until,
            Filing.drill.is_(False),
            Filing.state != "withdrawn",
            *of_province,
        )
    )


async def _times(
    session: AsyncSession, period: Period, province: str | None, desk: DeskRules, now: datetime
) -> _Times:
    rows = (await session.execute(_answers(*bounds(period, desk.timezone), province))).all()
    waiting = await courts.many(
        session, {row.jurisdiction_court for row in rows if row.state == "waiting"}
    )
    answers: dict[str, list[Answer]] = defaultdict(list)
    calendars: set[str] = set()
    for row in rows:
        if row.calendar_version:
            calendars.add(row.calendar_version.split()[0])
        if _by_outage(row, now):
            continue
        answer = _answer(row, waiting, desk, now)
        answers[row.province if province is None else row.jurisdiction_court].append(answer)
        answers[WHOLE].append(answer)
    return _Times({key: measured(some) for key, some in answers.items()}, frozenset(calendars))


def _by_outage(row: Any, now: datetime) -> bool:
    """Whether it is late because the desk stood still, as `performance` counts it."""
    late = now > row.answer_due_at if row.state == "waiting" else row.answered_in_time is False
    return bool(
        late
        and row.began_at is not None
        and row.began_at < row.answer_due_at
        and row.ended_at > row.received_at
    )


def _answer(row: Any, waiting: Mapping[str, Court], desk: DeskRules, now: datetime) -> Answer:
    if row.state != "waiting":
        return Answer(row.answer_wall_seconds or 0, row.answer_working_seconds or 0, True)
    calendar = courts.calendar_of(waiting[row.jurisdiction_court], desk.timezone)
    passed = answer_clock.elapsed(calendar, row.received_at, now)
    return Answer(passed.wall_seconds, passed.working_seconds, False)
