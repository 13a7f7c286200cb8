"""What the duty board shows of a court, a province or the nation at one instant. Words and pictures are elsewhere.

No party and no number of a person is in it: a board hangs where visitors pass.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo
from typing import Literal
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from directory import courts, duty
from directory.models import Court
from directory.roster import COORDINATOR, Duty, OnDutyOfficer
from directory.worktime import NoWorkingDay, WorkCalendar, closes_at, is_open, next_opening
from notifications.answer_clock import reading
from notifications.changes import clock_of
from notifications.desk import DeskRules
from notifications.filings import CASE_TYPES
from notifications.models import Filing

#: So many open filings fit a wall screen, the most urgent first; of the others the number is told.
MOST_OPEN = 6
#: So many of the latest answers are named.
MOST_ANSWERED = 5
#: So many courts' people on duty are named where the board is not one court's own.
MOST_COURTS = 6

#: What is open for longer than this is history that somebody forgot to close, and no wall's business.
OLDEST = timedelta(days=90)

_OPEN = ("waiting", "acknowledged", "correcting")

Phase = Literal["answer", "result", "correction"]


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose filings: one court's, one province's or, with neither, all."""

    court: str | None = None
    province: str | None = None
    #: With a court: the closed courts that it answers for today.
    served: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Ticking:
    """A filing's clock, enough for a browser to go on counting. Seconds are the clock's own."""

    used_seconds: int
    target_seconds: int
    due_at: datetime
    working: bool
    #: Whether it counts now, and when that next changes (None: not foreseen, or never).
    running: bool
    flips_at: datetime | None
    #: The due time rests on a year whose holidays are not announced.
    estimated: bool

    @property
    def overdue(self) -> bool:
        """More than the target is used."""
        return self.used_seconds > self.target_seconds


@dataclass(frozen=True, slots=True)
class OpenFiling:
    """One filing that waits for somebody."""

    reference: str
    drill: bool
    #: A msgid.
    case_type: str
    phase: Phase
    collaborating: str
    jurisdiction: str
    #: The zone of the jurisdiction court, in which its times are told.
    zone: tzinfo
    #: None while a correction is awaited: then no clock runs.
    ticking: Ticking | None
    #: {"name", "post"} of who acknowledged.
    taken_by: Mapping[str, object] | None


@dataclass(frozen=True, slots=True)
class Answered:
    """One filing acknowledged today."""

    reference: str
    jurisdiction: str
    by: Mapping[str, object] | None
    at: datetime
    zone: tzinfo
    #: Seconds of the filing's own clock.
    seconds: int
    in_time: bool


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts. Drills are left out of what is said of today."""

    waiting: int
    acknowledged: int
    correcting: int
    overdue: int
    received_today: int
    answered_today: int
    in_time_today: int
    #: How many of those answered today had come before: what was answered can be more than what came.
    earlier_today: int
    mean_seconds_today: int | None


@dataclass(frozen=True, slots=True)
class OnDuty:
    """Who answers for one court now; nobody in `people` means that nobody does."""

    court: str
    people: tuple[OnDutyOfficer, ...]


@dataclass(frozen=True, slots=True)
class Board:
    """Everything on the board as of one instant."""

    as_of: datetime
    #: The zone of the court whose board it is, else the desk's.
    zone: tzinfo
    figures: Figures
    open: tuple[OpenFiling, ...]
    answered: tuple[Answered, ...]
    duty: tuple[OnDuty, ...]

    @property
    def more_open(self) -> int:
        """How many open filings are not named."""
        counts = self.figures
        return counts.waiting + counts.acknowledged + counts.correcting - len(self.open)


async def load(session: AsyncSession, scope: Scope, desk: DeskRules, *, now: datetime) -> Board:
    """Read the board of `scope`.

    Raises:
        CourtNotFound: the scope's court is no longer in the directory.
    """
    own = await courts.get(session, scope.court) if scope.court is not None else None
    zone = courts.zone_of(own, desk.timezone) if own is not None else ZoneInfo(desk.timezone)
    filings = await _most_urgent(session, scope, now)
    latest = await _latest_answers(session, scope, _midnight(now, zone))
    codes = {filing.jurisdiction_court for filing in (*filings, *latest)}
    found = await courts.many(session, codes | {filing.collaborating_court for filing in filings})
    return Board(
        as_of=now,
        zone=zone,
        figures=await _figures(session, scope, _midnight(now, zone), now),
        open=tuple(_open(filing, found, desk, now) for filing in filings),
        answered=tuple(_answered(filing, found, desk) for filing in latest),
        duty=await _duty(session, own, scope, _that_wait(filings, found), desk, now=now),
    )


def _midnight(now: datetime, zone: tzinfo) -> datetime:
    """When the present local day began."""
    return datetime.combine(now.astimezone(zone).date(), time(), zone)


def _within(scope: Scope, *, both_sides: bool) -> list[ColumnElement[bool]]:
    """Filings of the scope: those it decides, and with `both_sides` those it handed in."""
    columns = [Filing.jurisdiction_court]
    if both_sides:
        columns.append(Filing.collaborating_court)
    if scope.court is not None:
        served = Filing.jurisdiction_court.in_(scope.served)
        return [
            or_(*(column == scope.court for column in columns), *([served] if scope.served else []))
        ]
    if scope.province is not None:
        codes = select(Court.code).where(Court.province == scope.province)
        return [or_(*(column.in_(codes) for column in columns))]
    return []


def _is_open(scope: Scope, now: datetime) -> list[ColumnElement[bool]]:
    return [
        Filing.state.in_(_OPEN),
        Filing.trainee_id.is_(None),
        Filing.received_at >= now - OLDEST,
        *_within(scope, both_sides=True),
    ]


_DUE = case(
    (Filing.state == "waiting", Filing.answer_due_at),
    (Filing.state == "acknowledged", Filing.result_due_at),
)


async def _most_urgent(session: AsyncSession, scope: Scope, now: datetime) -> Sequence[Filing]:
    found = await session.scalars(
        select(Filing)
        .where(*_is_open(scope, now))
        .order_by(_DUE.is_(None), _DUE, Filing.id)
        .limit(MOST_OPEN)
    )
    return found.all()


async def _latest_answers(session: AsyncSession, scope: Scope, since: datetime) -> Sequence[Filing]:
    found = await session.scalars(
        select(Filing)
        .where(*_answered_since(scope, since))
        .order_by(Filing.acknowledged_at.desc(), Filing.id.desc())
        .limit(MOST_ANSWERED)
    )
    return found.all()


def _answered_since(scope: Scope, since: datetime) -> list[ColumnElement[bool]]:
    return [
        # Said of the arrival as well, for that has an index.
        Filing.received_at >= since - OLDEST,
        Filing.acknowledged_at >= since,
        Filing.drill.is_(False),
        *_within(scope, both_sides=False),
    ]


async def _figures(
    session: AsyncSession, scope: Scope, midnight: datetime, now: datetime
) -> Figures:
    late = case((now > _DUE, 1), else_=0)
    states: dict[str, tuple[int, int]] = {}
    for state, count, overdue in await session.execute(
        select(Filing.state, func.count(), func.sum(late))
        .where(*_is_open(scope, now))
        .group_by(Filing.state)
    ):
        states[state] = count, overdue
    seconds = case(
        (Filing.clock == "wall", Filing.answer_wall_seconds), else_=Filing.answer_working_seconds
    )
    answered, in_time, earlier, mean = (
        await session.execute(
            select(
                func.count(),
                func.sum(case((Filing.answered_in_time.is_(True), 1), else_=0)),
                func.sum(case((Filing.received_at < midnight, 1), else_=0)),
                func.avg(seconds),
            ).where(*_answered_since(scope, midnight))
        )
    ).one()
    received = await session.scalar(
        select(func.count()).where(
            Filing.received_at >= midnight,
            Filing.drill.is_(False),
            Filing.state != "withdrawn",
            *_within(scope, both_sides=False),
        )
    )
    return Figures(
        waiting=states.get("waiting", (0, 0))[0],
        acknowledged=states.get("acknowledged", (0, 0))[0],
        correcting=states.get("correcting", (0, 0))[0],
        overdue=sum(int(overdue or 0) for _count, overdue in states.values()),
        received_today=received or 0,
        answered_today=answered,
        in_time_today=int(in_time or 0),
        earlier_today=int(earlier or 0),
        mean_seconds_today=None if mean is None else int(mean),
    )


def _open(filing: Filing, found: Mapping[str, Court], desk: DeskRules, now: datetime) -> OpenFiling:
    court = found[filing.jurisdiction_court]
    calendar = courts.calendar_of(court, desk.timezone)
    phases: dict[str, Phase] = {"waiting": "answer", "acknowledged": "result"}
    return OpenFiling(
        reference=filing.reference,
        drill=filing.drill,
        case_type=CASE_TYPES.get(filing.case_type, filing.case_type),
        phase=phases.get(filing.state, "correction"),
        collaborating=found[filing.collaborating_court].name,
        jurisdiction=court.name,
        zone=calendar.timezone,
        ticking=_ticking(filing, calendar, now),
        taken_by=filing.acknowledged_by,
    )


def _ticking(filing: Filing, calendar: WorkCalendar, now: datetime) -> Ticking | None:
    if filing.state == "waiting":
        since, target = filing.received_at, filing.answer_target_seconds
    elif filing.state == "acknowledged" and filing.result_clock_from is not None:
        since, target = filing.result_clock_from, filing.result_target_seconds
    else:
        return None
    clock = clock_of(filing)
    read = reading(calendar, clock, since, target, now)
    working = clock == "working"
    return Ticking(
        used_seconds=read.used_seconds,
        target_seconds=target,
        due_at=read.due_at,
        working=working,
        running=read.open_now or not working,
        flips_at=_flips_at(calendar, now) if working else None,
        estimated=read.estimated,
    )


def _flips_at(calendar: WorkCalendar, now: datetime) -> datetime | None:
    try:
        return closes_at(calendar, now) if is_open(calendar, now) else next_opening(calendar, now)
    except NoWorkingDay:
        return None


def _answered(filing: Filing, found: Mapping[str, Court], desk: DeskRules) -> Answered:
    court = found[filing.jurisdiction_court]
    working = clock_of(filing) == "working"
    seconds = filing.answer_working_seconds if working else filing.answer_wall_seconds
    return Answered(
        reference=filing.reference,
        jurisdiction=court.name,
        by=filing.acknowledged_by,
        at=filing.acknowledged_at or filing.received_at,
        zone=courts.zone_of(court, desk.timezone),
        seconds=seconds or 0,
        in_time=bool(filing.answered_in_time),
    )


def _that_wait(filings: Iterable[Filing], found: Mapping[str, Court]) -> list[Court]:
    """The courts whose people must act now, the most urgent first."""
    codes = [filing.jurisdiction_court for filing in filings if filing.state != "correcting"]
    return [found[code] for code in dict.fromkeys(codes)][:MOST_COURTS]


async def _duty(
    session: AsyncSession,
    own: Court | None,
    scope: Scope,
    waiting: list[Court],
    desk: DeskRules,
    *,
    now: datetime,
) -> tuple[OnDuty, ...]:
    """A court's own people; else those of the courts that must act, and the province's coordinators."""
    if own is not None:
        today = (await duty.on_duty(session, [own], now=now, default_timezone=desk.timezone))[
            own.code
        ]
        return (OnDuty(own.name, _distinct(today, ("A", "B", "leader"))),)
    wanted = list(waiting)
    high = None
    if scope.province is not None:
        high = await session.scalar(
            select(Court)
            .where(and_(Court.province == scope.province, Court.level == duty.HIGH))
            .order_by(Court.code)
            .limit(1)
        )
    asked = [*wanted, *([high] if high is not None and high not in wanted else [])]
    found = await duty.on_duty(session, asked, now=now, default_timezone=desk.timezone)
    lines = [OnDuty(court.name, _first(found[court.code])) for court in wanted]
    if high is not None:
        lines.append(OnDuty(high.name, _distinct(found[high.code], (COORDINATOR,))))
    return tuple(lines)


def _first(today: Duty) -> tuple[OnDutyOfficer, ...]:
    """A and B; where nobody holds either, the leader."""
    return _distinct(today, ("A", "B")) or _distinct(today, ("leader",))


def _distinct(today: Duty, posts: Iterable[str]) -> tuple[OnDutyOfficer, ...]:
    """The holders of these posts; a person of two posts is named once."""
    people = [person for post in posts for person in today.of(post)]
    return tuple({person.officer_id: person for person in reversed(people)}.values())[::-1]
