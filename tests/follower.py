"""Another system that follows the directory's changes, and the directory itself to hold against it. Asserts nothing."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from directory import changes
from directory.change_models import DirectoryChange
from directory.change_values import by_field, court_values, officer_values
from directory.database import Database
from directory.models import Court, Officer

#: A court by its code, a person by their number.
Directory = dict[str | int, dict[str, Any]]


@dataclass
class Follower:
    """Knows nothing but what pages of changes say."""

    database: Database
    cursor: int = 0
    directory: Directory = field(default_factory=dict)
    read: list[int] = field(default_factory=list)

    async def page(self, limit: int) -> int:
        """Read one page; how many changes were on it."""
        async with self.database.reading() as session:
            found = await changes.page(session, after=self.cursor, limit=limit)
        for change in found:
            self._take(change)
            self.cursor = change.id
            self.read.append(change.id)
        return len(found)

    async def to_the_end(self, limit: int) -> None:
        """Read until a page is empty."""
        while await self.page(limit):
            continue

    def _take(self, change: DirectoryChange) -> None:
        key = change.court_code if change.officer_id is None else change.officer_id
        if change.kind == "removed":
            del self.directory[key]
            return
        entry = self.directory.setdefault(key, {})
        entry |= by_field(change.after)
        self.directory[key] = _filled(entry)


def _filled(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in (None, [])}


async def directory_of(database: Database) -> Directory:
    """The directory as it is stored."""
    async with database.reading() as session:
        courts = await session.scalars(select(Court))
        people = await session.scalars(select(Officer).options(selectinload(Officer.posts)))
        found: Directory = {court.code: _filled(court_values(court)) for court in courts}
        return found | {one.id: _filled(by_field(officer_values(one))) for one in people}
