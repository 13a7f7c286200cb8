"""Loads who is on duty for courts at an instant. The rules of it are in `directory.roster`."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import and_, bindparam, literal_column, or_, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from directory import closures, shifts
from directory.courts import many, zone_of
from directory.duty_models import CheckIn, Leave, Rotation, Shift
from directory.models import Court, Officer, OfficerPost
from directory.roster import (
    COORDINATOR,
    COURT_POSTS,
    NO_PLANS,
    Away,
    DatedShift,
    Duty,
    OnDutyOfficer,
    Plans,
    PostHolder,
    Turns,
    Unreachable,
    duty_of,
    next_change,
    on_duty_officer,
)

HIGH = "high"

#: How far ahead a change of duty is looked for when somebody asks until when.
FORESEEN = timedelta(days=400)

_DAY = timedelta(days=1)


def local_day(court: Court, now: datetime, default_timezone: str) -> date:
    """The court's own calendar day at `now`: the day by which terms of office are counted."""
    return now.astimezone(zone_of(court, default_timezone)).date()


@dataclass(frozen=True, slots=True)
class CourtRoster:
    """What is known of one court's desk over some days: its people and its plans."""

    code: str
    holders: tuple[PostHolder, ...]
    plans: Plans = NO_PLANS

    def on(self, day: date) -> Duty:
        """Who stands there on a local day."""
        return duty_of(self.code, self.holders, day, self.plans)

    def change_after(
        self, day: date, until: date, posts: Iterable[str] = (*COURT_POSTS, COORDINATOR)
    ) -> date | None:
        """The first day after `day`, at most `until`, with other people at `posts`; None when none is known."""
        return next_change(self.code, self.holders, self.plans, day, until=until, posts=posts)


async def on_duty(
    session: AsyncSession,
    courts: Sequence[Court],
    *,
    now: datetime,
    default_timezone: str,
    ahead: timedelta | None = None,
) -> dict[str, Duty]:
    """Who is on duty for each of `courts` at `now`, by code: its own posts and its province's coordinators.

    However many the courts, this is two queries, and a third where somebody stands in who holds no
    post. People who cannot be reached are there, with the reason; see `roster.duty_of` for those who
    left. `default_timezone` is the IANA name used for courts that name none. With `ahead` the next
    change within that time is looked for as well (`Duty.changes_on`). A court that is closed that day
    is answered for by its substitute, if it has one (`Duty.stand_in`).
    """
    duties = await _own(session, courts, now=now, default_timezone=default_timezone, ahead=ahead)
    if ahead is not None:
        duties = closures.foreseen(courts, duties, (now + ahead).date())
    closed = closures.closed(courts, {code: duty.day for code, duty in duties.items()})
    if not closed:
        return duties

    async def desks(codes: Collection[str]) -> dict[str, tuple[str, Duty]]:
        found = await many(session, codes)
        own = await _own(
            session, list(found.values()), now=now, default_timezone=default_timezone, ahead=None
        )
        return {code: (court.name, own[code]) for code, court in found.items()}

    return await closures.stand_in(
        duties, closed, desks, lambda officers: people(session, officers, now=now)
    )


async def _own(
    session: AsyncSession,
    courts: Sequence[Court],
    *,
    now: datetime,
    default_timezone: str,
    ahead: timedelta | None,
) -> dict[str, Duty]:
    """Who stands at the courts' own desks, closed or not."""
    span = _DAY if ahead is None else ahead + _DAY
    known = await rosters(
        session, courts, now.date() - _DAY, now.date() + span, now=now
    )  # a day more at each end: local days differ from UTC's
    duties: dict[str, Duty] = {}
    for court in courts:
        roster = known[court.code]
        today = local_day(court, now, default_timezone)
        duty = roster.on(today)
        if ahead is not None:
            duty = replace(duty, changes_on=roster.change_after(today, today + ahead))
        duties[court.code] = duty
    return duties


async def rosters(
    session: AsyncSession, courts: Sequence[Court], first: date, last: date, *, now: datetime
) -> dict[str, CourtRoster]:
    """The desks of `courts` as they are known for the local days from `first` to `last`, by code.

    `now` decides who has left. Plans outside these days are not loaded.
    """
    if not courts:
        return {}
    values = {
        "codes": [court.code for court in courts],
        "provinces": list({court.province for court in courts}),
        "first": first,
        "last": last,
    }
    by_court, by_province = await _holders(session, values, now)
    planned = [tuple(row) for row in await session.execute(_PLANS, values)]
    found: dict[str, CourtRoster] = {}
    plans = await _plans(session, planned, (*by_court.values(), *by_province.values()), now)
    for court in courts:
        coordinators = by_province.get(court.province, [])
        mine = plans.get(court.code, NO_PLANS)
        if plans:
            beyond = {holder.court_code for holder in coordinators} - {court.code}
            away = tuple(a for code in beyond if code in plans for a in plans[code].away)
            mine = replace(mine, away=mine.away + away) if away else mine
        holders = (*by_court.get(court.code, ()), *coordinators)
        found[court.code] = CourtRoster(court.code, holders, mine)
    return found


async def _holders(
    session: AsyncSession, values: Mapping[str, Any], now: datetime
) -> tuple[dict[str, list[PostHolder]], dict[str, list[PostHolder]]]:
    """Holders of the courts' own posts by code, and coordinators by province, terms not yet judged."""
    rows = await session.execute(_HOLDERS, values)
    by_court: dict[str, list[PostHolder]] = {}
    by_province: dict[str, list[PostHolder]] = {}
    for *facts, province in rows:
        holder = _holder(facts, now)
        if holder.post == COORDINATOR:
            by_province.setdefault(province, []).append(holder)
        else:
            by_court.setdefault(holder.court_code, []).append(holder)
    return by_court, by_province


async def _plans(
    session: AsyncSession,
    planned: Sequence[Sequence[Any]],
    holders: Iterable[Iterable[PostHolder]],
    now: datetime,
) -> dict[str, Plans]:
    """The rows of `_PLANS` by court, with the facts of those whom they name."""
    if not planned:
        return {}
    shifts: dict[str, list[DatedShift]] = {}
    turns: dict[str, list[Turns]] = {}
    away: dict[str, list[Away]] = {}
    for kind, code, row, post, officer, first, last, source, days, officers in planned:
        if kind == "shift":
            shifts.setdefault(code, []).append(DatedShift(row, post, officer, first, last, source))
        elif kind == "rotation":
            turns.setdefault(code, []).append(Turns(row, post, first, last, days, tuple(officers)))
        else:
            away.setdefault(code, []).append(Away(officer, first, last, kind))
    named = {shift.officer_id for some in shifts.values() for shift in some}
    named |= {n for some in turns.values() for one in some for n in one.officer_ids}
    facts = {h.officer_id: h for some in holders for h in some if h.officer_id in named}
    if missing := named - facts.keys():
        rows = await session.execute(select(*_PERSON).where(Officer.id.in_(missing)))
        facts |= {holder.officer_id: holder for holder in (_holder(row, now) for row in rows)}
    return {
        code: Plans(
            tuple(shifts.get(code, ())),
            tuple(turns.get(code, ())),
            tuple(away.get(code, ())),
            facts,
        )
        for code in {*shifts, *turns, *away}
    }


# Columns rather than objects: this runs for every filing, and half of its time went into objects.
_COLUMNS = (
    Officer.id,
    Officer.name,
    OfficerPost.post,
    Officer.court_code,
    OfficerPost.valid_from,
    OfficerPost.valid_to,
    Officer.telegram_id,
    Officer.language,
    Officer.desk_phone,
    Officer.mobile,
    Officer.blocked_at,
    Officer.left_at,
)

_of_courts = Court.code.in_(bindparam("codes", expanding=True))
_of_provinces = and_(
    Court.level == HIGH, Court.province.in_(bindparam("provinces", expanding=True))
)

# Made once: this runs for every filing, and making it cost as much as running it.
_HOLDERS = (
    select(*_COLUMNS, Court.province)
    .join(Court, Court.code == Officer.court_code)
    .join(OfficerPost, OfficerPost.officer_id == Officer.id)
    # Which courts at all, said of courts alone, lets their indexes be used before any person is read.
    .where(
        or_(_of_courts, _of_provinces),
        or_(
            and_(_of_courts, OfficerPost.post.in_(COURT_POSTS)),
            and_(_of_provinces, OfficerPost.post == COORDINATOR),
        ),
    )
)


_NOTHING: Any = literal_column("NULL")

#: Somebody as `_COLUMNS` has them, post and term aside.
_PERSON = (
    *_COLUMNS[:2],
    _NOTHING.label("post"),
    _COLUMNS[3],
    _NOTHING.label("valid_from"),
    _NOTHING.label("valid_to"),
    *_COLUMNS[6:],
)

# One statement for all that may be planned: a court without plans costs four looks into indexes.
# Rotations stand first: their columns give the types, and everywhere else NULL fits.
_rotations = select(
    literal_column("'rotation'"),
    Rotation.court_code,
    Rotation.id,
    Rotation.post,
    _NOTHING.label("officer_id"),
    Rotation.starts_on,
    Rotation.ends_on,
    literal_column("''"),
    Rotation.days,
    Rotation.officer_ids,
).where(
    Rotation.court_code.in_(bindparam("codes", expanding=True)),
    Rotation.starts_on <= bindparam("last"),
    or_(Rotation.ends_on.is_(None), Rotation.ends_on >= bindparam("first")),
)
_shifts = select(
    literal_column("'shift'"),
    Shift.court_code,
    Shift.id,
    Shift.post,
    Shift.officer_id,
    Shift.first_day,
    Shift.last_day,
    Shift.source,
    _NOTHING,
    _NOTHING,
).where(
    Shift.court_code.in_(bindparam("codes", expanding=True)),
    Shift.last_day >= bindparam("first"),
    Shift.first_day <= bindparam("last"),
    Shift.cancelled_at.is_(None),
)
_leaves = (
    select(
        literal_column("'on_leave'"),
        Officer.court_code,
        Leave.id,
        _NOTHING,
        Leave.officer_id,
        Leave.first_day,
        Leave.last_day,
        _NOTHING,
        _NOTHING,
        _NOTHING,
    )
    .join(Officer, Officer.id == Leave.officer_id)
    .where(
        Officer.court_code.in_(
            select(Court.code).where(or_(_of_courts, _of_provinces)).scalar_subquery()
        ),
        Leave.last_day >= bindparam("first"),
        Leave.first_day <= bindparam("last"),
        Leave.cancelled_at.is_(None),
    )
)
_absent = select(
    literal_column("'absent'"),
    CheckIn.court_code,
    CheckIn.id,
    _NOTHING,
    CheckIn.officer_id,
    CheckIn.day,
    CheckIn.day,
    _NOTHING,
    _NOTHING,
    _NOTHING,
).where(
    CheckIn.court_code.in_(bindparam("codes", expanding=True)),
    CheckIn.day.between(bindparam("first"), bindparam("last")),
    CheckIn.missed_at.is_not(None),
    CheckIn.confirmed_at.is_(None),
)
_PLANS = union_all(_rotations, _shifts, _leaves, _absent)


def _holder(facts: Sequence[Any], now: datetime) -> PostHolder:
    """A row of `_COLUMNS` as the roster takes it; somebody without any post holds an empty one."""
    officer_id, name, post, court, valid_from, valid_to, *contact, blocked_at, left_at = facts
    telegram_id, language, desk_phone, mobile = contact
    return PostHolder(
        officer_id=officer_id,
        name=name,
        post=post or "",
        court_code=court,
        valid_from=valid_from,
        valid_to=valid_to,
        telegram_id=telegram_id,
        language=language,
        blocked=blocked_at is not None,
        left=left_at is not None and left_at <= now,
        desk_phone=desk_phone,
        mobile=mobile,
    )


async def people(
    session: AsyncSession,
    officer_ids: Collection[int],
    *,
    now: datetime,
    default_timezone: str | None = None,
) -> dict[int, OnDutyOfficer]:
    """These officers as the chat can reach them now, whatever post they hold, by id.

    Unlike `on_duty` this does not ask whether a term has begun: who acknowledged or filed is told of
    what follows also on the day after the term ended. Whether they are on leave today is asked only
    with `default_timezone`, for those who are to be called and not just told.
    """
    away: dict[int, Unreachable] = {}
    if default_timezone is not None:
        gone = await shifts.on_leave(session, officer_ids, now, default_timezone)
        away = dict.fromkeys(gone, "on_leave")
    rows = await session.execute(
        select(*_COLUMNS)
        .join(OfficerPost, OfficerPost.officer_id == Officer.id, isouter=True)
        .where(Officer.id.in_(officer_ids))
        .order_by(Officer.id, OfficerPost.id)
    )
    found: dict[int, OnDutyOfficer] = {}
    for facts in rows:
        person = on_duty_officer(_holder(facts, now), away)
        earlier = found.get(person.officer_id)
        if earlier is None or _rank(person.post) < _rank(earlier.post):
            found[person.officer_id] = person
    return found


def _rank(post: str) -> int:
    """The place of a post in the order in which it is shown."""
    order = (*COURT_POSTS, COORDINATOR)
    return order.index(post) if post in order else len(order)
