"""Which filings a figure counts, as they stood at an instant: what a bulletin's figures open. Counts and lists nothing.

A frozen figure is opened long after it was counted: what was answered, taken back by 撤销 or withdrawn since then
has to stand as it stood. The rules are those of `performance` and `bulletin_figures`, here as conditions.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, get_args

from sqlalchemy import ColumnElement, and_, not_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from directory import courts, worktime
from notifications import answer_clock
from notifications.answer_clock import Elapsed
from notifications.bulletin_figures import WITHIN_SECONDS
from notifications.changes import UNDO_SECONDS, clock_of
from notifications.desk import DeskRules
from notifications.event_course import KINDS, replay
from notifications.events import Happened
from notifications.ladder import Clock
from notifications.models import Filing, FilingEvent, Outage

#: `in_time` 期内审核, `late` 超期审核, `overdue` 超期待审核, `pending` 期内待审核; `total` is these four, `withdrawn`
#: is apart. `apart` are those late or overdue for no fault of the court, `decided` all whose punctuality
#: is settled without those, `timed` all whose time counts: neither apart nor corrected. By clock: `settled_…` of
#: which the share within 30 minutes is taken, `within_…` answered within them.
Figure = Literal[
    "total", "in_time", "late", "overdue", "pending", "decided", "apart", "withdrawn", "timed",
    "settled_working", "within_working", "settled_wall", "within_wall",
]  # fmt: skip
FIGURES: tuple[Figure, ...] = get_args(Figure)

#: No holidays are so long that 30 working minutes did not pass meanwhile.
_LONGEST_HOLIDAYS = timedelta(days=30)

Conditions = Sequence[ColumnElement[bool]]


@dataclass(frozen=True, slots=True)
class _TakenBack:
    """An answer that stood at an instant and was taken back soon after: what it took, whether it was in time."""

    took: Elapsed
    in_time: bool


@dataclass(frozen=True, slots=True)
class _Stood:
    """How filings stood at an instant, as conditions."""

    withdrawn: ColumnElement[bool]
    answered: ColumnElement[bool]
    in_time: ColumnElement[bool]
    overdue: ColumnElement[bool]
    apart: ColumnElement[bool]
    corrected: ColumnElement[bool]


async def conditions(
    session: AsyncSession, figure: Figure, as_of: datetime, within: Conditions, desk: DeskRules
) -> list[ColumnElement[bool]]:
    """The filings that a figure counted at `as_of`, of those that are `within`."""
    taken_back = await _taken_back(session, as_of, within, desk)
    stood = _stood(as_of, taken_back)
    if figure == "withdrawn":
        return [stood.withdrawn]
    late = and_(stood.answered, not_(stood.in_time))
    overdue = and_(not_(stood.answered), not_(stood.in_time), stood.overdue)
    apart = and_(or_(late, overdue), stood.apart)
    timed = and_(not_(apart), not_(stood.corrected))
    found: dict[str, ColumnElement[bool]] = {
        "in_time": stood.in_time,
        "late": late,
        "overdue": overdue,
        "pending": and_(not_(stood.answered), not_(stood.in_time), not_(stood.overdue)),
        "apart": apart,
        "decided": and_(or_(stood.in_time, late, overdue), not_(apart)),
        "timed": timed,
    }
    wanted = [not_(stood.withdrawn)]
    if figure in found:
        wanted.append(found[figure])
    elif figure != "total":
        kind, _underscore, name = figure.partition("_")
        clock: Clock = "wall" if name == "wall" else "working"
        share = _within(clock, stood.answered, taken_back)
        if kind == "settled":
            open_ = [*within, not_(stood.withdrawn), not_(stood.answered)]
            share = await _settled(session, clock, as_of, stood.answered, open_, desk)
        wanted += [timed, share]
    return wanted


def _stood(as_of: datetime, taken_back: Mapping[int, _TakenBack]) -> _Stood:
    withdrawn = and_(Filing.state == "withdrawn", _happened("withdrawn", as_of))
    answered = and_(Filing.acknowledged_at.is_not(None), Filing.acknowledged_at <= as_of)
    in_time: ColumnElement[bool] = Filing.answered_in_time.is_(True)
    if taken_back:
        answered = or_(answered, Filing.id.in_(taken_back))
        late = [number for number, one in taken_back.items() if not one.in_time]
        in_time = and_(or_(in_time, Filing.id.in_(taken_back)), Filing.id.not_in(late))
    corrected = and_(Filing.answer_corrected_at.is_not(None), Filing.answer_corrected_at <= as_of)
    return _Stood(
        withdrawn,
        answered,
        or_(and_(answered, in_time), and_(corrected, Filing.answer_counts_as == "in_time")),
        Filing.answer_due_at < as_of,
        or_(_by_outage(answered, as_of), and_(corrected, Filing.answer_counts_as == "apart")),
        corrected,
    )


def _happened(kind: str, as_of: datetime) -> ColumnElement[bool]:
    asked = select(FilingEvent.id).where(
        FilingEvent.filing_id == Filing.id, FilingEvent.kind == kind, FilingEvent.at <= as_of
    )
    return asked.exists()


def _by_outage(answered: ColumnElement[bool], as_of: datetime) -> ColumnElement[bool]:
    """Whether an outage took from its time: marked when it fell due in it, or when it was answered late."""
    fell_due = and_(Filing.answer_due_at > Outage.began_at, Filing.answer_due_at <= Outage.ended_at)
    asked = select(Outage.id).where(
        Outage.id == Filing.outage_id,
        Outage.ended_at <= as_of,
        Outage.began_at < Filing.answer_due_at,
        Outage.ended_at > Filing.received_at,
        or_(answered, fell_due, _happened("acknowledged", as_of)),
    )
    return asked.exists()


def _within(
    clock: Clock, answered: ColumnElement[bool], taken_back: Mapping[int, _TakenBack]
) -> ColumnElement[bool]:
    took = Filing.answer_working_seconds if clock == "working" else Filing.answer_wall_seconds
    within = and_(answered, took.is_not(None), took <= WITHIN_SECONDS)
    soon = [n for n, one in taken_back.items() if one.took.by(clock) <= WITHIN_SECONDS]
    if not taken_back:
        return within
    return or_(and_(within, Filing.id.not_in(taken_back)), Filing.id.in_(soon))


async def _settled(
    session: AsyncSession,
    clock: Clock,
    as_of: datetime,
    answered: ColumnElement[bool],
    waiting: Conditions,
    desk: DeskRules,
) -> ColumnElement[bool]:
    """Answered, or waiting for more than 30 minutes of the clock."""
    lately = worktime.whole_second(as_of) - timedelta(seconds=WITHIN_SECONDS)
    if clock == "wall":
        return or_(answered, Filing.received_at < lately)
    rows = await session.execute(
        select(Filing.id, Filing.jurisdiction_court, Filing.received_at).where(
            *waiting, Filing.received_at >= as_of - _LONGEST_HOLIDAYS
        )
    )
    found = list(rows)
    places = await courts.many(session, {code for _number, code, _at in found})
    calendars = {code: courts.calendar_of(one, desk.timezone) for code, one in places.items()}
    still = [
        number
        for number, code, at in found
        if answer_clock.elapsed(calendars[code], at, as_of).working_seconds <= WITHIN_SECONDS
    ]
    return or_(answered, Filing.id.not_in(still))


async def _taken_back(
    session: AsyncSession, as_of: datetime, within: Conditions, desk: DeskRules
) -> dict[int, _TakenBack]:
    """Filings that were answered at `as_of` and have no such answer any more, by number."""
    waits = or_(Filing.acknowledged_at.is_(None), Filing.acknowledged_at > as_of)
    back = select(FilingEvent.filing_id).where(
        FilingEvent.filing_id.in_(select(Filing.id).where(*within, waits)),
        FilingEvent.kind == "undone",
        FilingEvent.at > as_of,
        FilingEvent.at <= as_of + timedelta(seconds=UNDO_SECONDS),
    )
    filings = list(await session.scalars(select(Filing).where(Filing.id.in_(back))))
    events = await session.execute(
        select(FilingEvent.filing_id, FilingEvent.at, FilingEvent.kind, FilingEvent.who)
        .where(
            FilingEvent.filing_id.in_([one.id for one in filings]),
            FilingEvent.kind.in_(KINDS),
            FilingEvent.at <= as_of,
        )
        .order_by(FilingEvent.filing_id, FilingEvent.at, FilingEvent.id)
    )
    histories: dict[int, list[Happened]] = defaultdict(list)
    for number, at, kind, who in events:
        histories[number].append(Happened(at, kind, who, ""))
    places = await courts.many(session, {one.jurisdiction_court for one in filings})
    found = {}
    for filing in filings:
        answered_at = replay(histories[filing.id]).acknowledged_at
        if answered_at is not None:
            calendar = courts.calendar_of(places[filing.jurisdiction_court], desk.timezone)
            took = answer_clock.elapsed(calendar, filing.received_at, answered_at)
            used = took.by(clock_of(filing))
            in_time = answer_clock.in_time(used, filing.answer_target_seconds)
            found[filing.id] = _TakenBack(took, in_time)
    return found
