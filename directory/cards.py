"""Courts and people of the tables made into vCards, one or all of them. How a card is written is in `directory.vcards`."""

from collections.abc import AsyncIterator, Callable, Sequence
from datetime import date, datetime
from io import BytesIO
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload, selectinload

from directory import vcards
from directory.models import Court, Officer
from directory.roster import POSTS_BY_RANK, held_on
from directory.texts import Translate
from directory.vcards import Card

#: The people of so many courts are held at once.
AT_ONCE = 200


async def book(
    session: AsyncSession,
    *,
    full: bool,
    zone: ZoneInfo,
    today: date,
    post_word: Callable[[str], str],
    translate: Translate,
) -> bytes:
    """Every court's card, and after it those of its people; who left is not among them.

    Args:
        session: any transaction.
        full: whether mobile numbers are written; the caller has recorded why.
        zone: the installation's; days of verification are told in it.
        today: decides which posts are held.
        post_word: how a post is called.
        translate: the language of notes and categories.
    """
    # In batches: all 50,000 people at once, with what is loaded beside them, are hundreds of megabytes.
    written = BytesIO()
    codes = list(await session.scalars(select(Court.code).order_by(Court.code)))
    for start in range(0, len(codes), AT_ONCE):
        cards = [
            card
            async for card in _batch(
                session, codes[start : start + AT_ONCE], full=full, zone=zone, today=today,
                post_word=post_word,
            )
        ]  # fmt: skip
        written.write(vcards.book(cards, translate))
    return written.getvalue()


async def _batch(
    session: AsyncSession,
    codes: Sequence[str],
    *,
    full: bool,
    zone: ZoneInfo,
    today: date,
    post_word: Callable[[str], str],
) -> AsyncIterator[Card]:
    """The cards of these courts and their people."""
    courts = await session.scalars(select(Court).where(Court.code.in_(codes)).order_by(Court.code))
    query = select(Officer).options(joinedload(Officer.court), selectinload(Officer.posts))
    here = query.where(Officer.court_code.in_(codes), Officer.left_at.is_(None))
    people: dict[str, list[Officer]] = {}
    for officer in await session.scalars(here.order_by(Officer.court_code, Officer.id)):
        people.setdefault(officer.court_code, []).append(officer)
    for court in courts:
        yield of_court(court, zone)
        for officer in people.get(court.code, ()):
            held = {p.post for p in officer.posts if held_on(p.valid_from, p.valid_to, today)}
            posts = tuple(post_word(post) for post in POSTS_BY_RANK if post in held)
            yield of_officer(officer, posts, zone, mobile=officer.mobile if full else None)


def of_court(court: Court, zone: ZoneInfo) -> Card:
    """The court's own card: desk phone and address; the day of verification in `zone`."""
    return Card(
        f"liaison-court-{court.code}", court.name, court.code, desk_phone=court.phone,
        address=court.address, city=court.city, province=court.province,
        verified=_day(court.verified_at, zone),
    )  # fmt: skip


def of_officer(
    officer: Officer, posts: tuple[str, ...], zone: ZoneInfo, *, mobile: str | None = None
) -> Card:
    """A person's card (court loaded) with the words for the posts; the number only when it is handed in."""
    court = officer.court
    return Card(
        f"liaison-officer-{officer.id}", court.name, court.code, officer.name, officer.title,
        officer.department, posts, officer.desk_phone or court.phone, mobile,
        court.address, court.city, court.province, _day(officer.verified_at, zone),
    )  # fmt: skip


def _day(at: datetime | None, zone: ZoneInfo) -> date | None:
    return None if at is None else at.astimezone(zone).date()
