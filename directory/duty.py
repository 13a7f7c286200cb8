"""Loads who is on duty for courts at an instant. The rules of it are in `directory.roster`."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, bindparam, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from directory.courts import zone_of
from directory.models import Court, Officer, OfficerPost
from directory.roster import (
    COORDINATOR,
    COURT_POSTS,
    Duty,
    OnDutyOfficer,
    PostHolder,
    duty_of,
    on_duty_officer,
)

HIGH = "high"


def local_day(court: Court, now: datetime, default_timezone: str) -> date:
    """The court's own calendar day at `now`: the day by which terms of office are counted."""
    return now.astimezone(zone_of(court, default_timezone)).date()


async def on_duty(
    session: AsyncSession, courts: Sequence[Court], *, now: datetime, default_timezone: str
) -> dict[str, Duty]:
    """Who is on duty for each of `courts` at `now`, by code: its own posts and its province's coordinators.

    However many the courts, this is one query. People who cannot be reached are there, with the
    reason; see `roster.duty_of` for those who left. `default_timezone` is the IANA name used for
    courts that name none.
    """
    if not courts:
        return {}
    by_court, by_province = await _holders(session, courts, now)
    return {
        court.code: duty_of(
            court.code,
            [*by_court.get(court.code, ()), *by_province.get(court.province, ())],
            local_day(court, now, default_timezone),
        )
        for court in courts
    }


async def _holders(
    session: AsyncSession, courts: Sequence[Court], now: datetime
) -> tuple[dict[str, list[PostHolder]], dict[str, list[PostHolder]]]:
    """Holders of the courts' own posts by code, and coordinators by province, terms not yet judged."""
    rows = await session.execute(
        _HOLDERS,
        {
            "codes": [court.code for court in courts],
            "provinces": list({court.province for court in courts}),
        },
    )
    by_court: dict[str, list[PostHolder]] = {}
    by_province: dict[str, list[PostHolder]] = {}
    for *facts, province in rows:
        holder = _holder(facts, now)
        if holder.post == COORDINATOR:
            by_province.setdefault(province, []).append(holder)
        else:
            by_court.setdefault(holder.court_code, []).append(holder)
    return by_court, by_province


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
    session: AsyncSession, officer_ids: Collection[int], *, now: datetime
) -> dict[int, OnDutyOfficer]:
    """These officers as the chat can reach them now, whatever post they hold, by id.

    Unlike `on_duty` this does not ask whether a term has begun: who acknowledged or filed is told of
    what follows also on the day after the term ended.
    """
    rows = await session.execute(
        select(*_COLUMNS)
        .join(OfficerPost, OfficerPost.officer_id == Officer.id, isouter=True)
        .where(Officer.id.in_(officer_ids))
        .order_by(Officer.id, OfficerPost.id)
    )
    found: dict[int, OnDutyOfficer] = {}
    for facts in rows:
        person = on_duty_officer(_holder(facts, now))
        earlier = found.get(person.officer_id)
        if earlier is None or _rank(person.post) < _rank(earlier.post):
            found[person.officer_id] = person
    return found


def _rank(post: str) -> int:
    """The place of a post in the order in which it is shown."""
    order = (*COURT_POSTS, COORDINATOR)
    return order.index(post) if post in order else len(order)
