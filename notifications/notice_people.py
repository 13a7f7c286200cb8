"""Who the people of an audience are, asked of the tables: counted for a preview, by court, and taken in batches."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Subquery, and_, case, exists, func, not_, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from directory.models import Court, Officer, OfficerPost
from directory.officers import POSTS_BY_RANK
from notifications.notice_audience import Audience
from notifications.notice_models import NoticeRecipient
from notifications.training_models import Onboarding, QuizTry, TrainingPlace

#: Why somebody cannot be written to; null while they can.
UNREACHABLE = case(
    (Officer.telegram_id.is_(None), "unlinked"),
    (Officer.blocked_at.is_not(None), "blocked"),
    else_=None,
)


def _unconfirmed(number: str) -> ColumnElement[bool]:
    return exists().where(
        NoticeRecipient.notice_id == int(number),
        NoticeRecipient.officer_id == Officer.id,
        NoticeRecipient.confirmed_at.is_(None),
    )


def _untrained(since: str) -> ColumnElement[bool]:
    at = datetime.fromisoformat(since)
    came = exists().where(TrainingPlace.officer_id == Officer.id, TrainingPlace.attended_at >= at)
    passed = exists().where(
        QuizTry.officer_id == Officer.id, QuizTry.passed.is_(True), QuizTry.ended_at >= at
    )
    begun = exists().where(Onboarding.officer_id == Officer.id, Onboarding.finished_at >= at)
    return not_(or_(came, passed, begun))


#: The conditions behind `notice_audience.NARROWINGS`.
NARROWED: Mapping[str, Callable[[str], ColumnElement[bool]]] = {
    "unconfirmed": _unconfirmed,
    "untrained": _untrained,
}


@dataclass(frozen=True, slots=True)
class Head:
    """How many people and courts an audience has, and who of them cannot be reached: people by reason."""

    people: int
    courts: int
    unreachable: Mapping[str, int]
    #: Courts of which nobody can be reached.
    silent_courts: int

    @property
    def reachable(self) -> int:
        """How many people will be written to."""
        return self.people - sum(self.unreachable.values())


@dataclass(frozen=True, slots=True)
class Person:
    """One person of an audience."""

    officer_id: int
    court_code: str
    chat_id: int | None
    unreachable: str | None
    #: "A,leader": the posts held today, the nearest to answering first.
    posts: str


async def count(
    session: AsyncSession, audience: Audience, *, now: datetime, default_timezone: str
) -> Head:
    """Count an audience as it is at `now`, however large, in a few figures."""
    by_court = await _by_court(session, audience, now, default_timezone)
    c = by_court.c
    row = (
        await session.execute(
            select(
                func.coalesce(func.sum(c.people), 0),
                func.count(),
                func.coalesce(func.sum(c.unlinked), 0),
                func.coalesce(func.sum(c.blocked), 0),
                func.coalesce(func.sum(case((c.people == c.unlinked + c.blocked, 1), else_=0)), 0),
            )
        )
    ).one()
    people, courts, unlinked, blocked, silent = map(int, row)
    reasons = {"unlinked": unlinked, "blocked": blocked}
    return Head(people, courts, {why: n for why, n in reasons.items() if n}, silent)


async def courts(
    session: AsyncSession, audience: Audience, *, now: datetime, default_timezone: str
) -> list[tuple[str, str | None]]:
    """The courts of an audience, and why nobody there can be written to: `nobody`, `unlinked`, `blocked`, or None.

    Also those without such people; only of an audience that is narrowed down to some people, just theirs.
    """
    by_court = await _by_court(session, audience, now, default_timezone)
    c = by_court.c
    unreachable = case(
        (c.people.is_(None), "nobody"),
        (c.people == c.unlinked, "unlinked"),
        (c.people == c.unlinked + c.blocked, "blocked"),
        else_=None,
    )
    found = await session.execute(
        select(Court.code, unreachable)
        .join(by_court, c.court_code == Court.code, isouter=audience.narrowing is None)
        .where(_place(audience))
        .order_by(Court.code)
    )
    return [(code, why) for code, why in found]


async def _by_court(
    session: AsyncSession, audience: Audience, now: datetime, default_timezone: str
) -> Subquery:
    """For each court with people of the audience, how many they are and how many of them cannot be reached."""
    member = await _members(session, audience, now, default_timezone)
    return (
        select(
            Officer.court_code,
            func.count().label("people"),
            func.sum(case((UNREACHABLE == "unlinked", 1), else_=0)).label("unlinked"),
            func.sum(case((UNREACHABLE == "blocked", 1), else_=0)).label("blocked"),
        )
        .join(Court, Court.code == Officer.court_code)
        .where(member)
        .group_by(Officer.court_code)
        .subquery()
    )


async def batch(
    session: AsyncSession,
    audience: Audience,
    *,
    after: int,
    most: int,
    now: datetime,
    default_timezone: str,
) -> list[Person]:
    """The next `most` people of an audience whose number is above `after`, in their numbers' order."""
    member = await _members(session, audience, now, default_timezone)
    found = await session.execute(
        select(Officer.id, Officer.court_code, Officer.telegram_id, UNREACHABLE)
        .join(Court, Court.code == Officer.court_code)
        .where(member, Officer.id > after)
        .order_by(Officer.id)
        .limit(most)
    )
    rows = found.all()
    held = await _posts(session, [row[0] for row in rows], now, default_timezone)
    return [
        Person(number, court, chat, why, ",".join(held.get(number, ())))
        for number, court, chat, why in rows
    ]


async def _posts(
    session: AsyncSession, ids: Sequence[int], now: datetime, default_timezone: str
) -> dict[int, list[str]]:
    """The posts each person holds today."""
    days = await _days(session, now, default_timezone)
    found = await session.execute(
        select(OfficerPost.officer_id, OfficerPost.post)
        .join(Officer, Officer.id == OfficerPost.officer_id)
        .join(Court, Court.code == Officer.court_code)
        .where(OfficerPost.officer_id.in_(ids), _held(days))
    )
    posts: dict[int, list[str]] = {}
    for number, post in found:
        posts.setdefault(number, []).append(post)
    return {number: sorted(some, key=_rank) for number, some in posts.items()}


def _rank(post: str) -> int:
    return POSTS_BY_RANK.index(post) if post in POSTS_BY_RANK else len(POSTS_BY_RANK)


async def _members(
    session: AsyncSession, audience: Audience, now: datetime, default_timezone: str
) -> ColumnElement[bool]:
    """Whether a person (joined to their court) is of the audience at `now`."""
    days = await _days(session, now, default_timezone)
    holds = [OfficerPost.officer_id == Officer.id, _held(days)]
    if audience.posts:
        holds.append(OfficerPost.post.in_(audience.posts))
    conditions = [
        _place(audience),
        Officer.left_at.is_(None),
        Officer.erased_at.is_(None),
        exists().where(*holds).correlate(Officer, Court),
    ]
    if audience.narrowing is not None:
        word, value = audience.narrowing
        conditions.append(NARROWED[word](value))
    return and_(*conditions)


def _place(audience: Audience) -> ColumnElement[bool]:
    conditions: list[ColumnElement[bool]] = [true()]
    if audience.province is not None:
        conditions.append(Court.province == audience.province)
    if audience.where == "city":
        conditions.append(Court.city.in_(audience.values))
    if audience.where == "court":
        conditions.append(Court.code.in_(audience.values))
    return and_(*conditions)


async def _days(
    session: AsyncSession, now: datetime, default_timezone: str
) -> dict[str | None, date]:
    """The local day by the zone that courts name; None for those that name none."""
    zones = await session.scalars(
        select(Court.timezone).where(Court.timezone.is_not(None)).distinct()
    )
    days: dict[str | None, date] = {None: now.astimezone(ZoneInfo(default_timezone)).date()}
    for name in filter(None, zones):
        days[name] = now.astimezone(ZoneInfo(name)).date()
    return days


def _held(days: Mapping[str | None, date]) -> ColumnElement[bool]:
    """Whether a post is held on the local day of its holder's court."""
    usual = days[None]
    others = {name: day for name, day in days.items() if day != usual}
    if not others:
        return _on(usual)
    abroad = [and_(Court.timezone == name, _on(day)) for name, day in others.items()]
    at_home = or_(Court.timezone.is_(None), Court.timezone.not_in(tuple(others)))
    return or_(*abroad, and_(at_home, _on(usual)))


def _on(day: date) -> ColumnElement[bool]:
    post = OfficerPost
    return and_(
        or_(post.valid_from.is_(None), post.valid_from <= day),
        or_(post.valid_to.is_(None), post.valid_to >= day),
    )
