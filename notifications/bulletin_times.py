"""How long answers took, for a bulletin: statistics, with what still waits put in and what counts apart taken out.

Honest by rule: an unanswered filing counts with the time that has passed; what the desk's own standstill made late
is in no time, and neither is what a coordinator corrected: what was measured of it was found not to hold.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, or_, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from directory import courts
from directory.models import Court
from notifications import answer_clock, statistics
from notifications.answer_clock import Elapsed
from notifications.bulletin_figures import WITHIN_SECONDS, Measures, Took
from notifications.desk import DeskRules
from notifications.distributions import MARKS
from notifications.models import Filing, Outage
from notifications.performance import Contribution, Tally
from notifications.statistics import StatisticsQuery

#: How often everything is read anew because a filing moved on meanwhile.
_ATTEMPTS = 5

_MARK = MARKS.index(WITHIN_SECONDS)


@dataclass(frozen=True, slots=True)
class Told:
    """What statistics count of some filings, and how long answers took, as exactly as `quantile_error` says."""

    counts: Mapping[str, int]
    measures: Measures
    quantile_error: float


@dataclass(frozen=True, slots=True)
class _Otherwise:
    """A filing whose time statistics do not know yet, or know and should not count."""

    id: int
    court: str
    #: The line it belongs to.
    key: str
    received_at: datetime
    waiting: bool
    #: It counts in no time.
    out: bool
    seconds: tuple[int | None, int | None]


@dataclass(frozen=True, slots=True)
class Read:
    """By court or province, the whole under its name: of the timed periods everything, of the others counts alone."""

    told: list[dict[str, Told]]
    counts: list[dict[str, Mapping[str, int]]]


async def read(
    session: AsyncSession,
    timed: Sequence[StatisticsQuery],
    counted: Sequence[StatisticsQuery],
    whole: str,
    desk: DeskRules,
    *,
    now: datetime,
) -> Read:
    """Statistics of several questions at one moment; `timed` are of the jurisdiction side without drills."""
    # A reading on SQLite sees one moment from its beginning to its end.
    attempts = 1 if session.get_bind().dialect.name == "sqlite" else _ATTEMPTS
    before = None if attempts == 1 else [await _otherwise(session, one, now) for one in timed]
    for _ in range(attempts):
        found = await statistics.tallies(session, [*timed, *counted], desk, now=now)
        after = [await _otherwise(session, one, now) for one in timed]
        if after == before:
            break
        before = after
    every = [{**groups, whole: total} for groups, total in found]
    told = [
        await _adjusted(session, tallies, others, whole, desk, now)
        for tallies, others in zip(every[: len(timed)], after, strict=True)
    ]
    counts: list[dict[str, Mapping[str, int]]] = [
        {key: tally.counts() for key, tally in tallies.items()} for tallies in every[len(timed) :]
    ]
    return Read(told, counts)


async def _adjusted(
    session: AsyncSession,
    tallies: Mapping[str, Tally],
    others: Sequence[_Otherwise],
    whole: str,
    desk: DeskRules,
    now: datetime,
) -> dict[str, Told]:
    """With the times of what waits, without those of what counts in no time."""
    waits = [one for one in others if one.waiting and not one.out]
    places = await courts.many(session, {one.court for one in waits})
    waiting: dict[str, list[Elapsed]] = defaultdict(list)
    for one in waits:
        calendar = courts.calendar_of(places[one.court], desk.timezone)
        took = answer_clock.elapsed(calendar, one.received_at, now)
        for key in (one.key, whole):
            waiting[key].append(took)
            tallies[key].add(_times(took.wall_seconds, took.working_seconds))
    for one in others:
        if one.out and not one.waiting:
            for key in (one.key, whole):
                tallies[key].remove(_times(*one.seconds))
    return {key: _told(tally, waiting[key]) for key, tally in tallies.items()}


def _times(wall: int | None, working: int | None) -> Contribution:
    """A time and no count."""
    return Contribution(0, (wall, working, None, None))


def _told(tally: Tally, waiting: Sequence[Elapsed]) -> Told:
    """Counts, and both clocks. What waits counts in the share as soon as more than 30 minutes of it have passed.

    Not to answer never looks better than to answer late.
    """
    figures, up_to = tally.figures(), tally.answered_up_to()

    def took(clock: str, fresh: int) -> Took:
        marks = up_to[clock]
        mean, median, p90 = (
            getattr(figures, f"{what}_answer_{clock}_seconds") for what in ("mean", "median", "p90")
        )
        return Took(marks[_MARK] - fresh, marks[-1] - fresh, mean, median, p90)

    measures = Measures(
        took("wall", _fresh(one.wall_seconds for one in waiting)),
        took("working", _fresh(one.working_seconds for one in waiting)),
        len(waiting),
    )
    return Told(tally.counts(), measures, figures.quantile_error)


def _fresh(seconds: Iterable[int]) -> int:
    return sum(one <= WITHIN_SECONDS for one in seconds)


async def _otherwise(
    session: AsyncSession, query: StatisticsQuery, now: datetime
) -> list[_Otherwise]:
    """The few filings that wait, that an outage marked, that were corrected; indexes of their own hold them."""
    marked = or_(Filing.outage_id.is_not(None), Filing.answer_counts_as.is_not(None))
    rows = await session.execute(
        union_all(
            _asked(query, Filing.uncounted.is_(True), Filing.state == "waiting"),
            _asked(query, marked, Filing.state.not_in(("waiting", "withdrawn"))),
        )
    )
    return sorted((_read(row, query, now) for row in rows), key=lambda one: one.id)


def _read(row: Row[Any], query: StatisticsQuery, now: datetime) -> _Otherwise:
    waiting = row.state == "waiting"
    late = now > row.answer_due_at if waiting else row.answered_in_time is False
    by_outage = (
        late
        and row.began_at is not None
        and row.began_at < row.answer_due_at
        and row.ended_at > row.received_at
    )
    return _Otherwise(
        row.id,
        row.jurisdiction_court,
        row.province if query.by == "province" else row.jurisdiction_court,
        row.received_at,
        waiting,
        by_outage or row.answer_counts_as is not None,
        (row.answer_wall_seconds, row.answer_working_seconds),
    )


def _asked(query: StatisticsQuery, *which: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    within = [] if query.province is None else [Court.province == query.province]
    return (
        select(
            Filing.id,
            Filing.jurisdiction_court,
            Court.province,
            Filing.state,
            Filing.received_at,
            Filing.answer_due_at,
            Filing.answered_in_time,
            Filing.answer_counts_as,
            Outage.began_at,
            Outage.ended_at,
            Filing.answer_wall_seconds,
            Filing.answer_working_seconds,
        )
        .select_from(Filing)
        .join(Court, Court.code == Filing.jurisdiction_court)
        .outerjoin(Outage, Outage.id == Filing.outage_id)
        .where(
            *which,
            Filing.received_at >= query.since,
            Filing.received_at < query.until,
            Filing.drill.is_(False),
            *within,
        )
    )
