"""Shifts that nobody could answer: told to the court's leader three working days before and the evening before.

Who stands at the desk is `directory.duty`'s to say. A desk that is empty as a matter of course is
told of once a week; where there is no reachable leader, the coordinator is told.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from directory import courts, duty
from directory.calendars import closure_on
from directory.duty import CourtRoster
from directory.models import Court, Officer
from directory.roster import COURT_POSTS, PLANNED_POSTS, Duty, OnDutyOfficer
from directory.worktime import WorkCalendar, spans
from notifications import outbox
from notifications.desk import DeskRules

#: So many working days before a shift its gap is told first.
WORKING_DAYS_BEFORE = 3

#: Within so many days three working days are found, or the court is closed and nobody is missed.
_LOOK_AHEAD = 30

#: So many courts are loaded at once; both engines limit the parameters of one statement.
_BATCH = 500

_DAY = timedelta(days=1)

#: Of whom the coordinator hears every morning anyway: whom the chat does not reach.
_HEARD_DAILY = frozenset({"unlinked", "blocked"})


@dataclass(frozen=True, slots=True)
class Gap:
    """A post at which nobody can be paged on a day. `officer` and `reason` say why; without, it is empty."""

    day: date
    post: str
    officer: str | None = None
    reason: str | None = None
    #: It is so today as well, without any plan: the directory wants mending, not the roster.
    standing: bool = False


def gaps(roster: CourtRoster, today: date, days: list[date]) -> Iterator[Gap]:
    """The gaps of a desk on these days: post A always, B and the leader where somebody was planned."""
    now = roster.on(today)
    for day in days:
        then = roster.on(day)
        for post in PLANNED_POSTS:
            planned = roster.plans.standing(post, day) is not None
            if (post != "A" and not planned) or then.reachable(post):
                continue
            people = then.of(post)
            standing = not planned and _same(now.of(post), people)
            if not people:
                yield Gap(day, post, standing=standing)
            for person in people:
                yield Gap(day, post, person.name, person.unreachable, standing)


def _same(some: tuple[OnDutyOfficer, ...], others: tuple[OnDutyOfficer, ...]) -> bool:
    return [(o.officer_id, o.unreachable) for o in some] == [
        (o.officer_id, o.unreachable) for o in others
    ]


def days_to_look_at(calendar: WorkCalendar, today: date) -> list[date]:
    """The next working day and the third from `today`; none on a day without work, when nobody reads."""
    if not spans(calendar, today):
        return []
    ahead = (today + _DAY * number for number in range(1, _LOOK_AHEAD + 1))
    working = [day for day in ahead if spans(calendar, day)][:WORKING_DAYS_BEFORE]
    return sorted({working[0], working[-1]}) if working else []


def begins_the_week(calendar: WorkCalendar, today: date) -> bool:
    """Whether `today` is the first working day of its week."""
    return not any(
        spans(calendar, today - _DAY * number) for number in range(1, today.weekday() + 1)
    )


async def report(session: AsyncSession, now: datetime, *, desk: DeskRules) -> None:
    """Tell of every court's gaps at `now`, in the evening; a second time on one day tells nothing."""
    served = await session.scalars(
        select(Court)
        .where(Court.code.in_(select(Officer.court_code).where(Officer.left_at.is_(None))))
        .order_by(Court.code)
    )
    found = served.all()
    for start in range(0, len(found), _BATCH):
        batch = found[start : start + _BATCH]
        first = now.date() - _DAY
        last = first + _DAY * (_LOOK_AHEAD + 2)
        rosters = await duty.rosters(session, batch, first, last, now=now)
        for court in batch:
            await _tell(session, court, rosters[court.code], desk, now)


async def _tell(
    session: AsyncSession, court: Court, roster: CourtRoster, desk: DeskRules, now: datetime
) -> None:
    today = duty.local_day(court, now, desk.timezone)
    calendar = courts.calendar_of(court, desk.timezone)
    found = list(gaps(roster, today, _days_at_work(court, calendar, today)))
    if not found:
        return
    desk_today = roster.on(today)
    readers, by_leader = _readers(desk_today)
    weekly = begins_the_week(calendar, today)
    told = [
        gap
        for gap in found
        if not gap.standing or (weekly and (by_leader or _unheard_of(gap, desk_today)))
    ]
    if not told:
        return
    payload = {
        "court": court.name,
        "by_leader": by_leader,
        "gaps": [
            {
                "day": gap.day.isoformat(),
                "post": gap.post,
                "officer": gap.officer,
                "reason": gap.reason,
            }
            for gap in told
        ],
    }
    rows = [
        outbox.row(
            "shift_gaps",
            person.telegram_id,
            payload,
            priority=outbox.LIVE,
            now=now,
            officer_id=person.officer_id,
            dedupe_key=f"shift_gaps:{court.code}:{today}:{person.officer_id}",
        )
        for person in readers
        if person.telegram_id is not None
    ]
    await outbox.write(session, rows)


def _days_at_work(court: Court, calendar: WorkCalendar, today: date) -> list[date]:
    """The days to look at; on one on which the court is closed a substitute answers, or nobody has to."""
    return [
        day
        for day in days_to_look_at(calendar, today)
        if closure_on(court.province, court.code, day) is None
    ]


def _unheard_of(gap: Gap, today: Duty) -> bool:
    """Whether a coordinator hears of a standing gap in no other way: daily they hear of those out of reach.

    Where nobody but the coordinator serves, nobody was ever meant to stand at a desk.
    """
    return gap.reason not in _HEARD_DAILY and any(today.of(post) for post in COURT_POSTS)


def _readers(today: Duty) -> tuple[tuple[OnDutyOfficer, ...], bool]:
    """The court's reachable leaders, else the province's coordinators; and whether they are leaders."""
    leaders = today.reachable("leader")
    return (leaders, True) if leaders else (today.to_tell("coordinator"), False)
