"""When a province's courts are looked at for a handover or a check-in, each by its own clock and calendar.

The next instant of each province and kind is a row of `ProvinceRound`, so that a restart forgets
nothing; a round missed while everything was down is made up on the same day. What a handover and a
check-in are is in `handovers` and `check_ins`.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta

import structlog
from sqlalchemy import ColumnElement, and_, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from directory import courts, duty, province_rules
from directory.calendars import closure_on
from directory.database import wake
from directory.duty_models import ProvinceRound
from directory.models import Court
from directory.outages import is_outage
from directory.province_rules import Rules
from directory.roster import Duty, OnDutyOfficer
from directory.worktime import Span, WorkCalendar, spans
from notifications import check_ins, handovers
from notifications.timekeeper import FAULT_PAUSE
from notifications.told import Voice

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

HANDOVER, CHECK_IN = "handover", "check_in"
KINDS = (HANDOVER, CHECK_IN)

#: How far (days) the next check-in or the last working day is looked for; the longest holiday is shorter.
HORIZON = 40

#: So many rounds are made in one transaction; at the hour of the nation's handover the others follow a second
#: later, and filings that arrive meanwhile wait for none of it.
MOST_AT_ONCE = 8

_DAY = timedelta(days=1)


async def earliest(session: AsyncSession, now: datetime) -> datetime | None:
    """When the next round of any province is due; at once where a province has none planned yet."""
    unplanned = await session.scalar(
        select(Court.province).where(Court.province.not_in(select(ProvinceRound.province))).limit(1)
    )
    set_back = await session.scalar(select(ProvinceRound.province).where(_ahead(now)).limit(1))
    if unplanned is not None or set_back is not None:
        return now
    due: datetime | None = await session.scalar(select(func.min(ProvinceRound.next_at)))
    return due


def _ahead(now: datetime) -> ColumnElement[bool]:
    """Rounds made while the clock was ahead: they are planned anew, or days would pass without any."""
    return and_(ProvinceRound.done_until > now, ProvinceRound.next_at.is_not(None))


async def look_again(session: AsyncSession, now: datetime) -> None:
    """Have every round planned anew by calendars that have changed: an opening may come sooner than planned."""
    await session.execute(
        update(ProvinceRound)
        .where(ProvinceRound.next_at > now)
        .values(next_at=now)
        .execution_options(synchronize_session=False)
    )
    wake(session, "timed")


async def make(session: AsyncSession, now: datetime, voice: Voice) -> None:
    """Make the rounds that are due, the longest due first, and plan the next."""
    await _plan_new(session, now)
    due = await session.scalars(
        select(ProvinceRound)
        .where(or_(ProvinceRound.next_at <= now, _ahead(now)))
        .order_by(ProvinceRound.next_at, ProvinceRound.province, ProvinceRound.kind)
        .limit(MOST_AT_ONCE)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    for row in list(due):
        try:
            async with session.begin_nested():
                await _make_one(session, row, voice, now)
        except Exception as error:
            if is_outage(error):
                raise
            # A province's fault must not take the round of the others.
            await _put_off(session, row, error, now)
    await session.flush()


async def _put_off(
    session: AsyncSession, row: ProvinceRound, error: Exception, now: datetime
) -> None:
    """Try a round again later; it stays due from when it was, and is made up on the same day."""
    await session.refresh(row)
    row.next_at = now + FAULT_PAUSE
    log.error("round_failed", province=row.province, kind=row.kind, error=type(error).__name__)


async def _make_one(session: AsyncSession, row: ProvinceRound, voice: Voice, now: datetime) -> None:
    """One province's round of one kind, and when its next is."""
    rules = await province_rules.of(session, row.province)
    mine = list(
        await session.scalars(
            select(Court).where(Court.province == row.province).order_by(Court.code)
        )
    )
    since, row.done_until = min(row.done_until, now), now
    if row.kind == HANDOVER:
        row.next_at = _next_handover(rules, mine, voice, now)
        await _hand_over(session, rules, mine, since, voice, now)
    else:
        row.next_at = _next_check_in(rules, mine, voice, now)
        await _check_in(session, rules, mine, since, voice, now)
    await session.flush()


async def _plan_new(session: AsyncSession, now: datetime) -> None:
    """Give provinces that just came into the directory their rounds, due at once to be planned."""
    provinces = await session.scalars(
        select(Court.province)
        .where(Court.province.not_in(select(ProvinceRound.province)))
        .distinct()
    )
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    for province in list(provinces):
        for kind in KINDS:
            values = {"province": province, "kind": kind, "done_until": now, "next_at": now}
            await session.execute(
                dialect.insert(ProvinceRound).values(values).on_conflict_do_nothing()
            )


async def _hand_over(
    session: AsyncSession,
    rules: Rules,
    mine: Sequence[Court],
    since: datetime,
    voice: Voice,
    now: datetime,
) -> None:
    """Hand over wherever somebody else is on duty than on the working day before."""
    at = rules.handover_time
    if at is None:
        return
    changing: dict[str, tuple[Court, date, date]] = {}
    for court in mine:
        calendar = courts.calendar_of(court, voice.desk.timezone)
        today = now.astimezone(calendar.timezone).date()
        struck = since < _instant(calendar, today, at) <= now
        if not struck or not _at_work(court, calendar, today):
            continue
        before = last_working_day(court, calendar, today)
        if before is not None:
            changing[court.code] = court, before, today
    if not changing:
        return
    first = min(before for _, before, _ in changing.values())
    last = max(today for _, _, today in changing.values())
    known = await duty.rosters(
        session, [court for court, _, _ in changing.values()], first, last, now=now
    )
    for code, (court, before, today) in changing.items():
        pair = changed(at_desk(known[code].on(before)), at_desk(known[code].on(today)))
        if pair is not None:
            await handovers.hand_over(session, court, "A", *pair, voice, now=now)


def at_desk(day: Duty) -> tuple[OnDutyOfficer, ...]:
    """Who answers first on a day: the holders of post A who are not on leave, else those of B."""
    for post in ("A", "B"):
        there = tuple(one for one in day.of(post) if one.unreachable not in {"left", "on_leave"})
        if there:
            return there
    return day.of("A")


def changed(
    before: Sequence[OnDutyOfficer], after: Sequence[OnDutyOfficer]
) -> tuple[int | None, int] | None:
    """Who hands over to whom (officers' ids); None when the same people stay, or nobody comes."""
    old = [officer.officer_id for officer in before]
    new = [officer.officer_id for officer in after if officer.unreachable != "left"]
    if set(old) == set(new) or not new:
        return None
    incoming = next((one for one in new if one not in old), new[0])
    return next((one for one in old if one not in new), None), incoming


async def _check_in(
    session: AsyncSession,
    rules: Rules,
    mine: Sequence[Court],
    since: datetime,
    voice: Voice,
    now: datetime,
) -> None:
    """Ask at every court that opened since the last round and is open on a day of asking."""
    asked = []
    for court in mine:
        calendar = courts.calendar_of(court, voice.desk.timezone)
        today = now.astimezone(calendar.timezone).date()
        opened = _asks_at(rules, calendar, today)
        closing = _at_work(court, calendar, today)
        if closing and opened is not None and since < opened <= now < closing[-1].end:
            asked.append(court)
    if asked:
        await check_ins.ask(session, asked, voice, now=now)


def _asks_at(rules: Rules, calendar: WorkCalendar, day: date) -> datetime | None:
    """When the officer on duty is asked on this day: at the opening, or not at all."""
    opened = spans(calendar, day)
    if not opened or rules.check_in == "off":
        return None
    if rules.check_in == "weekly":
        monday = day - timedelta(days=day.weekday())
        if any(spans(calendar, monday + _DAY * n) for n in range(day.weekday())):
            return None
    return opened[0].start


def _next_check_in(
    rules: Rules, mine: Sequence[Court], voice: Voice, now: datetime
) -> datetime | None:
    """The next opening of any of the courts on a day of asking."""
    if rules.check_in == "off":
        return None
    found: list[datetime] = []
    for calendar in {courts.calendar_of(court, voice.desk.timezone) for court in mine}:
        today = now.astimezone(calendar.timezone).date()
        openings = (_asks_at(rules, calendar, today + _DAY * n) for n in range(HORIZON))
        opening = next((one for one in openings if one is not None and one > now), None)
        if opening is not None:
            found.append(opening)
    return min(found, default=now + _DAY * HORIZON)


def _next_handover(
    rules: Rules, mine: Iterable[Court], voice: Voice, now: datetime
) -> datetime | None:
    """The next time the clocks of these courts show the hour of the handover."""
    at = rules.handover_time
    if at is None:
        return None
    found: list[datetime] = []
    for calendar in {courts.calendar_of(court, voice.desk.timezone) for court in mine}:
        today = now.astimezone(calendar.timezone).date()
        strikes = (_instant(calendar, today + _DAY * n, at) for n in range(3))
        found += [strike for strike in strikes if strike > now][:1]
    return min(found, default=now + _DAY)


def last_working_day(court: Court, calendar: WorkCalendar, day: date) -> date | None:
    """The last day before `day` on which the court's own people worked; None where there was none for long."""
    earlier = (day - _DAY * n for n in range(1, HORIZON))
    return next((one for one in earlier if _at_work(court, calendar, one)), None)


def _at_work(court: Court, calendar: WorkCalendar, day: date) -> tuple[Span, ...]:
    """When the court's own people are at their desk: not on a day on which a substitute answers for it."""
    if closure_on(court.province, court.code, day) is not None:
        return ()
    return spans(calendar, day)


def _instant(calendar: WorkCalendar, day: date, at: time) -> datetime:
    return datetime.combine(day, at, calendar.timezone).astimezone(UTC)
