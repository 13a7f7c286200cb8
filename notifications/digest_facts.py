"""Loads what digests are made of, for a whole batch of courts or people at once. When and to whom they go is `digests`' business."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import case, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from directory import courts, duty
from directory.calendars import closure_on
from directory.duty import CourtRoster
from directory.models import Court, Officer
from directory.roster import COURT_POSTS, PLANNED_POSTS, Duty, OnDutyOfficer
from directory.worktime import Span, spans
from notifications import statistics
from notifications.desk import DeskRules
from notifications.digest_filings import OLDEST, Waiting, count, open_of, shown, span_of
from notifications.digest_plan import Days
from notifications.digest_words import (
    CourtFacts,
    OfficerFacts,
    ProvinceFacts,
    WeekFacts,
)
from notifications.messages import OnDutyLine
from notifications.models import Filing, Handover
from notifications.rounds import at_desk
from notifications.statistics import StatisticsQuery

#: So many courts are loaded at once; both engines limit the parameters of one statement.
_BATCH = 500

_DAY = timedelta(days=1)


def days_of(court: Court, timezone: str) -> Days:
    """When the court's own people are at work: not on a day on which a substitute answers for it."""
    calendar = courts.calendar_of(court, timezone)

    def at_work(day: date) -> Sequence[Span]:
        if closure_on(court.province, court.code, day) is not None:
            return ()
        return spans(calendar, day)

    return Days(calendar.timezone, at_work)


async def mornings(
    session: AsyncSession, wanted: Sequence[tuple[Officer, date]], desk: DeskRules, *, now: datetime
) -> dict[int, OfficerFacts]:
    """The mornings of these people (courts loaded) by their numbers; who is on leave or has left has none."""
    places = {officer.court_code: officer.court for officer, _ in wanted}
    found = await open_of(session, places, now)
    rosters = await _rosters(session, places, [day for _, day in wanted], now)
    told = await _handed_over(session, wanted)
    facts: dict[int, OfficerFacts] = {}
    for officer, day in wanted:
        place, roster = places[officer.court_code], rosters[officer.court_code]
        days = days_of(place, desk.timezone)
        today, before = roster.on(day), days.last_at_work(day)
        if _is_away(today, officer.id):
            continue
        post = _post(today, officer.id)
        first = officer.id in {one.officer_id for one in at_desk(today)}
        mine = [
            one
            for one in found[officer.court_code]
            if (first and one.state == "waiting") or _is_theirs(one, officer.id, first=first)
        ]
        facts[officer.id] = OfficerFacts(
            day=day,
            court=place.name,
            post=post,
            begins=post is not None
            and before is not None
            and _post(roster.on(before), officer.id) != post,
            open=shown(mine, days.zone, now, days.spans(before)[-1].end if before else None),
            handed_over=(officer.id, day) in told,
        )
    return facts


async def _handed_over(
    session: AsyncSession, wanted: Sequence[tuple[Officer, date]]
) -> set[tuple[int, date]]:
    """Who of these took over in a handover of their day."""
    rows = await session.execute(
        select(Handover.incoming_officer_id, Handover.day).where(
            Handover.court_code.in_({officer.court_code for officer, _ in wanted}),
            Handover.day.in_({day for _, day in wanted}),
        )
    )
    return {(officer, day) for officer, day in rows if officer is not None}


def _is_theirs(one: Waiting, officer_id: int, *, first: bool) -> bool:
    """Taken or filed by this person; by nobody known, it is for whoever stands first at the desk."""
    if one.state == "waiting":
        return False
    by = (
        one.filed_by if one.state == "correcting" else (one.acknowledged_by or {}).get("officer_id")
    )
    return by == officer_id or (by is None and first)


def _is_away(today: Duty, officer_id: int) -> bool:
    every = (person for post in today.posts.values() for person in post)
    return any(
        person.officer_id == officer_id and person.unreachable in {"on_leave", "left"}
        for person in every
    )


def _post(today: Duty, officer_id: int) -> str | None:
    """The nearest post to answering at which somebody stands that day."""
    return next(
        (
            post
            for post in PLANNED_POSTS
            if any(person.officer_id == officer_id for person in today.of(post))
        ),
        None,
    )


async def court_days(
    session: AsyncSession, wanted: Sequence[tuple[Court, date]], desk: DeskRules, *, now: datetime
) -> dict[str, CourtFacts]:
    """The days of these courts by code."""
    places = {court.code: court for court, _ in wanted}
    found = await open_of(session, places, now)
    days = {code: days_of(court, desk.timezone) for code, court in places.items()}
    following = {court.code: days[court.code].next_at_work(day) for court, day in wanted}
    rosters = await _rosters(session, places, [d for d in following.values() if d], now)
    ranges = {court.code: [span_of(day, day, days[court.code].zone)] for court, day in wanted}
    counted = await count(session, ranges, now)
    facts: dict[str, CourtFacts] = {}
    for court, day in wanted:
        following_day = following[court.code]
        figures = counted[court.code][0]
        facts[court.code] = CourtFacts(
            day=day,
            court=court.name,
            received=figures.received.figures(),
            handed_in=figures.handed_in.figures(),
            drills=figures.drills.figures(),
            open=shown(_real(found[court.code]), days[court.code].zone, now),
            next_day=following_day,
            next_duty=_desk(rosters[court.code], following_day),
        )
    return facts


def _real(some: Iterable[Waiting]) -> list[Waiting]:
    return [one for one in some if not one.drill]


def _desk(roster: CourtRoster, day: date | None) -> list[OnDutyLine]:
    """Who stands at the desk on a day, each once."""
    if day is None:
        return []
    there = roster.on(day)
    people: dict[int, OnDutyLine] = {}
    for post in PLANNED_POSTS:
        for one in there.of(post):
            if one.unreachable not in {"left", "on_leave"}:
                people.setdefault(one.officer_id, OnDutyLine(one.name, post, None, _not_then(one)))
    return list(people.values())


def _not_then(one: OnDutyOfficer) -> str | None:
    """Why somebody could not be paged on another day; being on leave is no reason that can be said of today."""
    return one.unreachable if one.unreachable in {"unlinked", "blocked"} else None


async def weeks(
    session: AsyncSession, wanted: Sequence[tuple[Court, date]], desk: DeskRules, *, now: datetime
) -> dict[str, WeekFacts]:
    """The weeks of these courts that hold the days named with them, by code."""
    places = {court.code: court for court, _ in wanted}
    found = await open_of(session, places, now)
    days = {code: days_of(court, desk.timezone) for code, court in places.items()}
    mondays = {court.code: day - _DAY * day.weekday() for court, day in wanted}
    ranges = {
        code: [
            span_of(monday, monday + 6 * _DAY, days[code].zone),
            span_of(monday - 7 * _DAY, monday - _DAY, days[code].zone),
        ]
        for code, monday in mondays.items()
    }
    counted = await count(session, ranges, now)
    ahead = [monday + _DAY * n for monday in mondays.values() for n in (7, 13)]
    rosters = await _rosters(session, places, ahead, now)
    facts: dict[str, WeekFacts] = {}
    for court, day in wanted:
        code, monday = court.code, mondays[court.code]
        this, before = counted[code]
        facts[code] = WeekFacts(
            first=monday,
            last=day,
            court=court.name,
            received=this.received.figures(),
            before=before.received.figures(),
            handed_in=this.handed_in.figures(),
            open=shown(_real(found[code]), days[code].zone, now),
            coming=_coming(rosters[code], days[code], monday + 7 * _DAY),
        )
    return facts


def _coming(
    roster: CourtRoster, days: Days, monday: date
) -> list[tuple[date, date, tuple[str, ...]]]:
    """Who stands first at the desk on the days at work from this Monday on, days with the same people together."""
    coming: list[tuple[date, date, tuple[str, ...]]] = []
    for day in (monday + _DAY * number for number in range(7)):
        if not days.spans(day):
            continue
        names = tuple(o.name for o in at_desk(roster.on(day)) if o.unreachable != "left")
        if coming and coming[-1][2] == names:
            coming[-1] = coming[-1][0], day, names
        else:
            coming.append((day, day, names))
    return coming


async def province_day(
    session: AsyncSession, province: str | None, day: date, desk: DeskRules, *, now: datetime
) -> ProvinceFacts:
    """The day of a province, or with None of the nation, by the desk's zone.

    Of the nation it is not asked which courts cannot be paged: that is the provinces' own.
    """
    since, until = span_of(day, day, ZoneInfo(desk.timezone))
    query = StatisticsQuery(since=since, until=until, province=province)
    drills = StatisticsQuery(since=since, until=until, province=province, drills="only")
    waiting, overdue, late = await _waiting(session, province, now)
    return ProvinceFacts(
        day=day,
        province=province,
        received=(await statistics.read(session, query, desk, now=now)).total,
        drills=(await statistics.read(session, drills, desk, now=now)).total,
        waiting=waiting,
        overdue=overdue,
        late=late,
        without_duty=await _without_duty(session, province, desk, now) if province else (),
    )


async def _waiting(
    session: AsyncSession, province: str | None, now: datetime
) -> tuple[int, int, list[tuple[str, int]]]:
    """How many wait, how many of them are overdue, and where."""
    unit = Court.name if province else Court.province
    late = func.sum(case((Filing.answer_due_at < now, 1), else_=0))
    scope = [Court.province == province] if province else []
    rows = await session.execute(
        select(unit, func.count(), late)
        .join(Court, Court.code == Filing.jurisdiction_court)
        .where(
            Filing.state == "waiting",
            Filing.received_at >= now - OLDEST,
            Filing.drill.is_(False),
            *scope,
        )
        .group_by(*([Court.code, unit] if province else [unit]))
    )
    found = [(str(name), int(count), int(overdue or 0)) for name, count, overdue in rows]
    named = sorted(((name, n) for name, _, n in found if n), key=lambda one: (-one[1], one[0]))
    return sum(c for _, c, _ in found), sum(n for _, n in named), named


async def _without_duty(
    session: AsyncSession, province: str, desk: DeskRules, now: datetime
) -> list[str]:
    """Courts at work today where somebody holds a post, but nobody is there who could be paged."""
    every = list(
        await session.scalars(select(Court).where(Court.province == province).order_by(Court.code))
    )
    names = []
    for start in range(0, len(every), _BATCH):
        batch = [
            court
            for court in every[start : start + _BATCH]
            if (days := days_of(court, desk.timezone)).spans(days.today(now))
        ]
        found = await duty.on_duty(session, batch, now=now, default_timezone=desk.timezone)
        for court in batch:
            today = found[court.code]
            held = any(today.of(post) for post in COURT_POSTS)
            if held and not any(today.reachable(post) for post in PLANNED_POSTS):
                names.append(court.name)
    return names


async def _rosters(
    session: AsyncSession, places: Mapping[str, Court], some: Sequence[date], now: datetime
) -> dict[str, CourtRoster]:
    """The desks of these courts around some days."""
    around = some or [now.date()]
    first, last = min(around) - 2 * _BACK, max(around) + _DAY
    return await duty.rosters(session, list(places.values()), first, last, now=now)


#: The day at work before a day is at most so far away, the longest holiday between.
_BACK = timedelta(days=6)
