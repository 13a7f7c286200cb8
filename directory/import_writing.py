"""Imports written: a plan made into a handful of statements over many rows each. Decides nothing, records nothing."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Executable, bindparam, delete, func, insert, select, update
from sqlalchemy import Table as SqlTable
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from directory.change_models import DirectoryChange
from directory.import_courts import CourtAdded, CourtChanged
from directory.import_officers import Departed, OfficerAdded, OfficerChanged, PostChange
from directory.import_people import Term
from directory.import_plan import Plan
from directory.models import Court, Officer, OfficerPost

T = TypeVar("T")

#: Told how many rows have been written, of how many.
Progress = Callable[[int, int], None]

#: Rows in one statement; both engines limit the parameters of one.
_BATCH = 1000


def _table(model: type[Court | Officer | OfficerPost | DirectoryChange]) -> SqlTable:
    table = model.__table__
    assert isinstance(table, SqlTable)  # noqa: S101
    return table


COURTS, OFFICERS, POSTS = _table(Court), _table(Officer), _table(OfficerPost)
CHANGES = _table(DirectoryChange)


def nobody_told(_rows: int, _of: int) -> None:
    """For writers whom nobody watches."""


def size(planned: Plan) -> int:
    """How many rows writing the plan and recording it takes."""
    people = [*planned.added, *planned.changed, *planned.departed]
    posts = [len(c.posts) for c in people if not isinstance(c, CourtAdded | CourtChanged)]
    return 2 * len(people) + sum(posts)


class Writer:
    """Writes past the session, in batches, and tells how far it is."""

    def __init__(
        self, connection: AsyncConnection, now: datetime, total: int, progress: Progress
    ) -> None:
        self._connection = connection
        self._now = now
        self._done, self._total = 0, total
        self._progress = progress

    @classmethod
    async def of(
        cls, session: AsyncSession, now: datetime, total: int, progress: Progress = nobody_told
    ) -> "Writer":
        """A writer of about `total` rows in the session's transaction, after what that held back."""
        await session.flush()
        return cls(await session.connection(), now, total, progress)

    async def apply(self, planned: Plan) -> list[int]:
        """Write the plan; the numbers of the people added, in the plan's order."""
        added, changed = planned.added, planned.changed
        await self._insert_courts([c for c in added if isinstance(c, CourtAdded)])
        await self._update_courts([c for c in changed if isinstance(c, CourtChanged)])
        officers = [c for c in changed if isinstance(c, OfficerChanged)]
        await self._depart(planned.departed)
        await self._let_go(planned.released, officers)
        await self._update_officers(officers)
        ids = await self._insert_officers([c for c in added if isinstance(c, OfficerAdded)])
        posts = [(c.id, change) for c in officers for change in c.posts]
        posts += [(c.id, change) for c in planned.departed for change in c.posts]
        await self.change_posts(posts)
        return ids

    async def insert(self, table: SqlTable, rows: Sequence[Mapping[str, Any]]) -> None:
        """Insert rows of one shape."""
        await self._run(insert(table), rows)

    async def update(self, table: SqlTable, key: str, rows: Iterable[dict[str, Any]]) -> None:
        """Update rows by the column `key`, whose value each gives as `"key"`; same columns together."""
        alike: dict[tuple[str, ...], list[dict[str, Any]]] = {}
        for row in rows:
            alike.setdefault(tuple(sorted(row)), []).append(row)
        for names, group in alike.items():
            values: dict[str, Any] = {n: bindparam(f"new_{n}") for n in names if n != "key"}
            values["updated_at"] = self._now
            statement = update(table).where(table.c[key] == bindparam("the_key")).values(values)
            renamed = [
                {"the_key" if n == "key" else f"new_{n}": value for n, value in row.items()}
                for row in group
            ]
            await self._run(statement, renamed)

    async def change_posts(self, changes: Iterable[tuple[int, PostChange]]) -> None:
        """Give, move and take away posts of people, named by their numbers."""
        added: list[dict[str, Any]] = []
        moved: list[dict[str, Any]] = []
        gone: list[dict[str, Any]] = []
        for officer_id, change in changes:
            key = {"of_officer": officer_id, "of_post": change.post}
            if change.after is None:
                gone.append(key)
            elif change.before is None:
                added.append(_post_row(officer_id, change.post, change.after))
            else:
                term = {"first": change.after.valid_from, "last": change.after.valid_to}
                moved.append(key | term)
        mine = (POSTS.c.officer_id == bindparam("of_officer")) & (
            POSTS.c.post == bindparam("of_post")
        )
        terms: dict[str, Any] = {"valid_from": bindparam("first"), "valid_to": bindparam("last")}
        await self._run(delete(POSTS).where(mine), gone)
        await self._run(update(POSTS).where(mine).values(terms), moved)
        await self._run(insert(POSTS), added)

    async def _run(self, statement: Executable, rows: Sequence[Mapping[str, Any]]) -> None:
        for batch in batches(rows):
            await self._connection.execute(statement, batch)
            self._done += len(batch)
            self._progress(self._done, max(self._done, self._total))

    async def _insert_courts(self, added: list[CourtAdded]) -> None:
        dates = {"created_at": self._now, "updated_at": self._now}
        rows = [{**c.values, "aliases": list(c.values["aliases"]), **dates} for c in added]
        await self.insert(COURTS, rows)

    async def _update_courts(self, changed: list[CourtChanged]) -> None:
        rows: list[dict[str, Any]] = []
        for court in changed:
            values: dict[str, Any] = {change.field: change.after for change in court.changes}
            if "aliases" in values:
                values["aliases"] = list(values["aliases"])
            if "group_chat_id" in values:
                values["group_unreachable_at"] = None
            rows.append({"key": court.code, **values})
        await self.update(COURTS, "code", rows)

    async def _depart(self, departed: Iterable[Departed]) -> None:
        gone = {"left_at": self._now, "verify_next_at": None}
        rows = [{"key": officer.id, **gone} for officer in departed]
        await self.update(OFFICERS, "id", rows)

    async def _let_go(self, released: Iterable[int], changed: list[OfficerChanged]) -> None:
        """Free every account that changes hands before anybody takes one: each is held once."""
        moving = [
            officer.id
            for officer in changed
            if any(c.field == "telegram_id" and c.before is not None for c in officer.changes)
        ]
        await self.free_accounts((*released, *moving))

    async def free_accounts(self, officer_ids: Iterable[int]) -> None:
        """Take the chat accounts from these people."""
        free = {"telegram_id": None, "linked_at": None, "blocked_at": None}
        await self.update(OFFICERS, "id", [{"key": number, **free} for number in officer_ids])

    async def _update_officers(self, changed: list[OfficerChanged]) -> None:
        rows: list[dict[str, Any]] = []
        for officer in changed:
            values: dict[str, Any] = {change.field: change.after for change in officer.changes}
            if "telegram_id" in values:
                values |= {"linked_at": self._now, "blocked_at": None}
            if officer.returned:
                values |= {"left_at": None, "verify_next_at": None}
            rows.append({"key": officer.id, **values})
        await self.update(OFFICERS, "id", rows)

    async def _insert_officers(self, added: list[OfficerAdded]) -> list[int]:
        """Insert people and their posts; numbers that files bring along are kept."""
        # First, so that numbers given by the database never meet one that is still to come.
        numbered = [officer for officer in added if officer.new_id is not None]
        await self.insert(OFFICERS, [{"id": o.new_id, **self._officer_row(o)} for o in numbered])
        if numbered and self._connection.dialect.name == "postgresql":
            await self._connection.execute(
                select(
                    func.setval(
                        func.pg_get_serial_sequence("officers", "id"),
                        select(func.max(OFFICERS.c.id)).scalar_subquery(),
                    )
                )
            )
        highest = await self._connection.scalar(select(func.max(OFFICERS.c.id))) or 0
        await self.insert(OFFICERS, [self._officer_row(o) for o in added if o.new_id is None])
        # Asked for afterwards: SQLite would return each number in a statement of its own. Without a
        # number of their own, new people of one court never share a name.
        query = select(OFFICERS.c.id, OFFICERS.c.court_code, OFFICERS.c.name)
        given = await self._connection.execute(query.where(OFFICERS.c.id > highest))
        known: dict[tuple[str, str], int] = {(code, name): n for n, code, name in given}
        ids = [o.new_id or known[o.court_code, o.values["name"]] for o in added]
        await self.insert(
            POSTS,
            [
                _post_row(number, post, term)
                for number, officer in zip(ids, added, strict=True)
                for post, term in officer.posts.items()
            ],
        )
        return ids

    def _officer_row(self, officer: OfficerAdded) -> dict[str, Any]:
        linked = officer.values["telegram_id"] is not None
        return {
            "court_code": officer.court_code,
            **officer.values,
            "linked_at": self._now if linked else None,
            "created_at": self._now,
            "updated_at": self._now,
        }


def _post_row(officer_id: int, post: str, term: Term) -> dict[str, Any]:
    return {
        "officer_id": officer_id,
        "post": post,
        "valid_from": term.valid_from,
        "valid_to": term.valid_to,
    }


def batches(rows: Sequence[T]) -> Iterable[list[T]]:
    """The rows, so many at a time as one statement takes."""
    return (list(rows[start : start + _BATCH]) for start in range(0, len(rows), _BATCH))
