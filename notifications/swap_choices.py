"""What `/swap` offers: the days that are somebody's own or a leader's to give, and the colleagues. Changes nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from directory import courts, duty, officers
from directory.duty import CourtRoster
from directory.models import Court, Officer
from directory.worktime import WorkCalendar, spans
from notifications.swapping import Period
from notifications.told import Voice

#: How far ahead (days) days are offered, and how far a colleague's turn to change places with is looked for.
AHEAD, LOOK_AHEAD = 14, 35

#: So many single days are offered.
MOST_DAYS = 8

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who may stand in and, with `back`, whose own turn may be taken in return."""

    officer_id: int
    name: str
    back: Period | None = None


@dataclass(frozen=True, slots=True)
class Sight:
    """A court's roster and calendar, as far ahead as swaps look."""

    court: Court
    roster: CourtRoster
    calendar: WorkCalendar
    today: date
    now: datetime

    def working(self, first: date, last: date) -> list[date]:
        """The working days between two days that are not over yet, both inclusive."""
        span = (last - first).days + 1
        days = (first + _DAY * n for n in range(max(0, span)))
        return [day for day in days if (s := spans(self.calendar, day)) and s[-1].end > self.now]

    def stands(self, officer_id: int, post: str, days: Iterable[date]) -> bool:
        """Whether the officer is on duty at the post on all these days, and there is any."""
        every = list(days)
        return bool(every) and all(
            officer_id in {one.officer_id for one in self.roster.on(day).of(post)} for day in every
        )


async def look(session: AsyncSession, court: Court, voice: Voice, *, now: datetime) -> Sight:
    """Load what the offers are made from."""
    calendar = courts.calendar_of(court, voice.desk.timezone)
    today = now.astimezone(calendar.timezone).date()
    until = today + _DAY * LOOK_AHEAD
    known = await duty.rosters(session, [court], today, until, now=now)
    return Sight(court, known[court.code], calendar, today, now)


def own(sight: Sight, officer_id: int, post: str) -> list[Period]:
    """The days on which the officer is on duty at the post: single ones, and whole weeks where they are theirs."""
    days = [
        day
        for day in sight.working(sight.today, sight.today + _DAY * AHEAD)
        if sight.stands(officer_id, post, [day])
    ]
    weeks = [
        week
        for week in _weeks(sight)
        if sight.stands(officer_id, post, sight.working(week.first, week.last))
    ]
    return [*(Period(day, day) for day in days[:MOST_DAYS]), *weeks]


def every(sight: Sight) -> list[Period]:
    """The days that a leader may give to somebody."""
    days = sight.working(sight.today, sight.today + _DAY * AHEAD)
    return [*(Period(day, day) for day in days[:MOST_DAYS]), *_weeks(sight)]


def _weeks(sight: Sight) -> list[Period]:
    """What is left of this week, and the next, where more than one working day is in it."""
    sunday = sight.today + _DAY * (6 - sight.today.weekday())
    found = []
    for first, last in ((sight.today, sunday), (sunday + _DAY, sunday + _DAY * 7)):
        working = sight.working(first, last)
        if len(working) > 1:
            found.append(Period(working[0], last))
    return found


async def colleagues(
    session: AsyncSession, sight: Sight, asker_id: int, post: str, days: Period
) -> list[Colleague]:
    """Who may stand in: holders of posts A and B; and whose next turn the asker could take in return."""
    people = [
        officer
        for officer in await officers.of_court(session, sight.court.code)
        if officer.id != asker_id and _answers(officer, days.first)
    ]
    found: list[Colleague] = []
    for officer in people:
        found.append(Colleague(officer.id, officer.name))
        back = _turn(sight, officer.id, asker_id, post, days)
        if back is not None:
            found.append(Colleague(officer.id, officer.name, back))
    return found


def _answers(officer: Officer, day: date) -> bool:
    return bool(officers.posts_on(officer, day) & {"A", "B"})


def _turn(sight: Sight, officer_id: int, asker_id: int, post: str, days: Period) -> Period | None:
    """The colleague's next turn of the same kind (a day, a week) on which the asker is not on duty."""
    candidates: Sequence[Period]
    last = sight.today + _DAY * LOOK_AHEAD
    if days.first == days.last:
        candidates = [Period(day, day) for day in sight.working(days.last + _DAY, last)]
    else:
        monday = days.last + _DAY * (7 - days.last.weekday())
        candidates = [Period(monday + _DAY * n, monday + _DAY * (n + 6)) for n in range(0, 22, 7)]
    for period in candidates:
        working = sight.working(period.first, period.last)
        theirs = period.last <= last and sight.stands(officer_id, post, working)
        if theirs and not any(sight.stands(asker_id, post, [day]) for day in working):
            return period
    return None
