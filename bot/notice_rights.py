"""Who may write notices, to whom, and sign for others; which audiences are offered and meant: the same in chat and on pages."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Self

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from directory import search
from directory.models import Court, Officer
from directory.roster import COORDINATOR
from directory.search import Searcher
from notifications.notice_audience import (
    Audience,
    Reach,
    Signer,
    may_look_after,
    may_write,
    ordered,
)
from notifications.notice_facts import Scope

#: Between several cities or courts that were typed.
_BETWEEN = re.compile(r"[、，,；;\s]+")

#: So many courts or cities may be named in one go.
MOST_NAMED = 60


@dataclass(frozen=True, slots=True)
class Meant:
    """What typed words mean: one audience, or several to choose from, or the first words that mean nothing."""

    audiences: tuple[Audience, ...] = ()
    unknown: str = ""


@dataclass(frozen=True, slots=True)
class Writer:
    """Somebody as a writer of notices: how far they reach (None: they write none), and their own province."""

    reach: Reach | None
    province: str | None

    @classmethod
    def of(cls, officer: Officer | None, posts: Collection[str]) -> Self:
        """An officer by the posts held today; nobody without one."""
        if officer is None:
            return cls(None, None)
        province = officer.court.province
        if COORDINATOR not in posts:
            return cls(None, province)
        return cls("nation" if officer.court.level == "supreme" else "province", province)

    @property
    def scope(self) -> Scope:
        """Whose receipts a coordinator sees."""
        return Scope() if self.reach == "nation" else Scope(province=self.province)

    def may_send(self, audience: Audience) -> bool:
        """Whether the audience is within reach today."""
        return may_write(audience, self.reach, self.province)

    def looks_after(self, province: str | None) -> bool:
        """Whether a notice of that province (None: the nation's) is theirs to correct, recall and remind of."""
        return may_look_after(province, self.reach, self.province)


def signer(officer: Officer | None, posts: frozenset[str]) -> Signer | None:
    """An officer as somebody who may confirm for others; None for nobody."""
    if officer is None:
        return None
    writer = Writer.of(officer, posts)
    return Signer(officer.id, officer.court_code, officer.court.province, posts, writer.reach)


async def offered(session: AsyncSession, writer: Writer) -> list[Audience]:
    """What the writer may choose without typing, the widest first."""
    own = writer.province
    if writer.reach == "nation":
        names = select(Court.province).distinct().order_by(Court.province)
        provinces = await session.scalars(names.where(Court.level != "supreme"))
        return [Audience("nation"), *(Audience("province", name) for name in provinces)]
    if own is None:
        return []
    cities = await session.scalars(
        select(Court.city)
        .where(Court.province == own, Court.city.is_not(None))
        .group_by(Court.city)
        .order_by(func.min(Court.code))
    )
    of_cities = [Audience("city", own, (city,), (city,)) for city in cities if city]
    return [Audience("province", own), *of_cities]


async def meant(session: AsyncSession, writer: Writer, searcher: Searcher, text: str) -> Meant:
    """The cities, or the courts, that typed words name; beside courts a city stands for all of its courts."""
    words = ordered([word for word in _BETWEEN.split(text.strip()) if word])[:MOST_NAMED]
    if not words:
        return Meant(unknown=text)
    cities = await _cities(session, writer, words)
    provinces = {province for province, _city in cities.values()}
    if len(cities) == len(words) and len(provinces) == 1:
        names = ordered([city for _province, city in cities.values()])
        return Meant((Audience("city", provinces.pop(), names, names),))
    found: list[Court] = []
    for word in words:
        if word in cities:
            found += await _courts_in(session, *cities[word])
            continue
        said = await search.resolve(session, word, province=writer.province, searcher=searcher)
        if said.court is not None:
            found.append(said.court)
        elif len(words) == 1 and said.choices:
            return Meant(tuple(_of_courts([court]) for court in said.choices[:8]))
        else:
            return Meant(unknown=word)
    return Meant((_of_courts(found),))


async def _cities(
    session: AsyncSession, writer: Writer, words: Sequence[str]
) -> dict[str, tuple[str, str]]:
    """The words that name a city within reach, with or without 市, each with its province and its name."""
    names = {word: (word, f"{word}市") for word in words}
    every = [name for some in names.values() for name in some]
    rows = await session.execute(
        select(Court.city, Court.province).where(Court.city.in_(every)).distinct()
    )
    provinces: dict[str, set[str]] = {}
    for city, province in rows:
        if city is not None and writer.may_send(Audience("province", province)):
            provinces.setdefault(city, set()).add(province)
    cities = {
        word: next((name for name in some if name in provinces), None)
        for word, some in names.items()
    }
    # A name that two provinces have says of neither which is meant.
    return {
        word: (next(iter(provinces[city])), city)
        for word, city in cities.items()
        if city is not None and len(provinces[city]) == 1
    }


async def _courts_in(session: AsyncSession, province: str, city: str) -> Sequence[Court]:
    found = await session.scalars(
        select(Court).where(Court.province == province, Court.city == city).order_by(Court.code)
    )
    return found.all()


def _of_courts(courts: Sequence[Court]) -> Audience:
    """These courts as an audience; of several provinces it is the nation's."""
    provinces = {court.province for court in courts}
    province = provinces.pop() if len(provinces) == 1 else None
    codes = ordered([court.code for court in courts])
    names = ordered([f"{court.name}（{court.code}）" for court in courts])
    return Audience("court", province, codes, names)
