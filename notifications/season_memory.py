"""What people of a made-up season's story remember: who holds which post, under which number each item is stored. No rules."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from directory import officers
from directory.models import Officer
from notifications.season_story import Act, Seat
from notifications.told import Voice


@dataclass(slots=True)
class Memory:
    """Everything that later deeds need of earlier ones, by the item's key."""

    voice: Voice
    #: The officer of each seat.
    people: Mapping[Seat, int]
    #: The number of a notice, a session, a question, a bulletin.
    numbers: dict[str, int] = field(default_factory=dict)
    #: The contest of a bulletin, the form of a notice, the attendance code of a session.
    contests: dict[str, int] = field(default_factory=dict)
    forms: dict[str, int] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)

    async def officer(self, session: AsyncSession, seat: Seat) -> Officer:
        """Whoever holds the post, with court and posts."""
        number = self.people[seat]
        return (await officers.these(session, [number]))[number]


async def seats(session: AsyncSession) -> dict[Seat, int]:
    """Who holds each post; of several the one with the lowest number."""
    people = select(Officer).options(selectinload(Officer.posts)).order_by(Officer.id)
    held: dict[Seat, int] = {}
    for officer in await session.scalars(people):
        for one in officer.posts:
            held.setdefault(Seat(officer.court_code, one.post), officer.id)
    return held


def who(officer: Officer, act: Act) -> str:
    """A name with the post in which it acts."""
    return officers.display(officer, act.seat.post)
