"""How far a person's name may be replaced: everywhere, or only where it surely means them. Words only, plus one look.

Two people may bear one name, and a name may be part of another's or of a place's (宁波 is a city and
could be a person).
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from directory.change_models import DirectoryChange
from directory.erased_names import instead_of
from directory.models import Court, Officer
from directory.officers import mask_mobile

#: Keys under which JSON says which officer an entry is of.
_IDENTITIES = ("officer_id", "officer")


@dataclass(frozen=True, slots=True)
class Words:
    """What is replaced by what."""

    id: int
    instead: str
    #: The name as its first group, and the longer words that hold it, which are left alone; None
    #: where the name may mean somebody else.
    name: re.Pattern[str] | None
    #: The bare names, for entries that say by number that they are the person's.
    names: tuple[str, ...]
    numbers: re.Pattern[str] | None

    def in_text(self, text: str) -> str:
        """The text without the person."""
        if self.numbers is not None:
            text = self.numbers.sub("", text)
        if self.name is None:
            return text
        return self.name.sub(lambda found: self.instead if found[1] else found[0], text)

    def in_json(self, value: Any) -> Any:
        """The value without the person, however deep."""
        if isinstance(value, str):
            return self.in_text(value)
        if isinstance(value, list):
            return [self.in_json(one) for one in value]
        if isinstance(value, Mapping):
            mine = any(value.get(key) == self.id for key in _IDENTITIES)
            return {
                key: self.instead if mine and one in self.names else self.in_json(one)
                for key, one in value.items()
            }
        return value


@dataclass(frozen=True, slots=True)
class Person:
    """Whom to strike out, and what they are found by."""

    id: int
    instead: str
    names: tuple[str, ...]
    numbers: tuple[str, ...]
    accounts: tuple[int, ...]
    #: Their courts, now and before, and the courts in which somebody else is called so.
    courts: frozenset[str]
    namesakes: frozenset[str]
    #: Names of others, of courts and places that hold one of the names.
    longer: tuple[str, ...]

    @property
    def links(self) -> tuple[str, ...]:
        """How messages lead to the account."""
        return tuple(f"tg://user?id={account}" for account in self.accounts)

    def is_of(self, courts: Iterable[str | None]) -> bool:
        """Whether what happened between these courts can name the person and no namesake."""
        known = frozenset(courts)
        return bool(known & self.courts) and not known & self.namesakes

    def words(self, *, own: bool) -> Words:
        """What to replace in a row; `own` when a name in it is surely the person's."""
        name = None
        if self.names and (own or not self.namesakes):
            left = [re.escape(word) for word in sorted(self.longer, key=len, reverse=True)]
            theirs = [re.escape(word) for word in sorted(self.names, key=len, reverse=True)]
            name = re.compile("|".join([*left, f"({'|'.join(theirs)})"]))
        struck = [rf"{re.escape(link)}(?!\d)" for link in self.links]
        struck += [rf"(?<!\d){re.escape(number)}(?!\d)" for number in self.numbers]
        numbers = re.compile("|".join(struck)) if struck else None
        return Words(self.id, self.instead, name, self.names, numbers)


async def person(session: AsyncSession, officer: Officer) -> Person:
    """Everything `officer` is or was found by, from the card and from the record of changes."""
    instead = instead_of(officer.id)
    names: set[str | None] = {officer.name}
    numbers: set[str | None] = {officer.mobile}
    accounts: set[int | None] = {officer.telegram_id}
    courts: set[str] = {officer.court_code}
    for change in await session.scalars(
        select(DirectoryChange).where(DirectoryChange.officer_id == officer.id)
    ):
        courts.add(change.court_code)
        for values in (change.before, change.after):
            names.add(values.get("name"))
            numbers.add(values.get("mobile"))
            accounts.add(values.get("telegram_id"))
            courts.add(str(values.get("court_code") or change.court_code))
    called = {name for name in names if name} - {instead}
    others = await _others(session, officer.id, called)
    whole = {number for number in numbers if number}
    masked = {mask_mobile(number) for number in whole if len(number) >= 11}
    return Person(
        id=officer.id,
        instead=instead,
        names=tuple(sorted(called)),
        numbers=tuple(sorted(whole | {number for number in masked if number})),
        accounts=tuple(sorted(account for account in accounts if account)),
        courts=frozenset(courts),
        namesakes=frozenset(court for name, court in others if name in called),
        longer=tuple(sorted({*(n for n, _ in others), *await _places(session, called)} - called)),
    )


async def _others(
    session: AsyncSession, officer_id: int, names: Iterable[str]
) -> list[tuple[str, str]]:
    """Name and court of everybody else whose name is or holds one of these."""
    holding = [Officer.name.contains(name, autoescape=True) for name in names]
    if not holding:
        return []
    found = await session.execute(
        select(Officer.name, Officer.court_code).where(Officer.id != officer_id, or_(*holding))
    )
    return [(name, court) for name, court in found]


async def _places(session: AsyncSession, names: Iterable[str]) -> set[str]:
    """Names of courts and places that hold one of these."""
    found: set[str] = set()
    for column in (Court.name, Court.province, Court.city, Court.county, Court.address):
        holding = [column.contains(name, autoescape=True) for name in names]
        if holding:
            found |= {
                place
                for place in await session.scalars(select(column).where(or_(*holding)))
                if place
            }
    return found
