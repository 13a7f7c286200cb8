"""Imports: loads the directory, has the plan made, writes it in one transaction. Decides nothing itself.

Written for 3,500 courts and 50,000 people in seconds: a handful of statements, each over many rows.
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Table as SqlTable
from sqlalchemy import bindparam, delete, func, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from directory.database import Database, wake
from directory.errors import ImportRefused
from directory.import_courts import CourtAdded, CourtChanged
from directory.import_files import read_files
from directory.import_officers import Departed, OfficerAdded, OfficerChanged, PostChange
from directory.import_people import PERSON_FIELDS, ExistingOfficer, Term
from directory.import_plan import Existing, Plan, Refusal, plan
from directory.import_tables import COURT_COLUMNS, Table
from directory.models import Court, DirectoryRecord, Officer, OfficerPost

T = TypeVar("T")

#: Two imports at once would each plan against a directory that the other changes (PostgreSQL).
_LOCK = 5_240_117

#: Rows in one statement; both engines limit the parameters of one.
_BATCH = 1000


def _table(model: type[Court | Officer | OfficerPost]) -> SqlTable:
    table = model.__table__
    assert isinstance(table, SqlTable)  # noqa: S101
    return table


_COURTS, _OFFICERS, _POSTS = _table(Court), _table(Officer), _table(OfficerPost)


async def load(session: AsyncSession) -> Existing:
    """The whole directory as the plan wants it, those who left included, in three queries."""
    courts: dict[str, Mapping[str, Any]] = {}
    names = [column.field for column in COURT_COLUMNS]
    for row in (await session.execute(select(*(_COURTS.c[name] for name in names)))).mappings():
        courts[row["code"]] = {**row, "aliases": tuple(row["aliases"])}
    posts: dict[int, dict[str, Term]] = {}
    held = await session.execute(
        select(_POSTS.c.officer_id, _POSTS.c.post, _POSTS.c.valid_from, _POSTS.c.valid_to).order_by(
            _POSTS.c.id
        )
    )
    for officer_id, post, valid_from, valid_to in held:
        posts.setdefault(officer_id, {})[post] = Term(valid_from, valid_to)
    wanted = ("id", "court_code", "left_at", *PERSON_FIELDS)
    query = select(*(_OFFICERS.c[name] for name in wanted)).order_by(_OFFICERS.c.id)
    officers: dict[int, ExistingOfficer] = {}
    for row in (await session.execute(query)).mappings():
        officers[row["id"]] = ExistingOfficer(
            row["id"],
            row["court_code"],
            {name: row[name] for name in PERSON_FIELDS},
            row["left_at"] is not None,
            posts.get(row["id"], {}),
        )
    return Existing(courts, officers)


async def preview(
    session: AsyncSession,
    tables: Sequence[Table],
    *,
    replace_courts: Collection[str] = (),
    today: date,
) -> Plan | Refusal:
    """What `bring_in` would do with these tables now."""
    return plan(await load(session), tables, replace_courts=replace_courts, today=today)


async def bring_in(
    session: AsyncSession,
    tables: Sequence[Table],
    *,
    replace_courts: Collection[str] = (),
    who: str,
    today: date,
    now: datetime,
) -> Plan | Refusal:
    """Import the tables, or nothing of them.

    Args:
        session: a writing transaction.
        tables: what `import_files.read_files` gave.
        replace_courts: codes of courts whose people the tables hold in full.
        who: under whose name it is recorded.
        today: the installation's local day, on which posts end.
        now: when it is recorded; UTC.

    Returns:
        What was done (an empty plan has written nothing, not even a record), or the faults.
    """
    if session.get_bind().dialect.name == "postgresql":
        await session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    planned = await preview(session, tables, replace_courts=replace_courts, today=today)
    if isinstance(planned, Plan) and not planned.is_empty:
        await _apply(session, planned, now)
        session.add(_record(planned, tables, who, now))
        wake(session, "steps")
    return planned


async def import_demo(
    database: Database, paths: Sequence[Path], *, now: datetime
) -> tuple[int, int]:
    """Import the directory that ships with the product; how many courts and people it brought.

    Raises:
        ImportRefused: a shipped file was changed and is wrong now.
    """
    tables, faults = read_files(paths)
    async with database.transaction() as session:
        planned = await bring_in(session, tables, who="demo", today=now.date(), now=now)
        if isinstance(planned, Refusal) or faults:
            found = len(faults) + (len(planned.faults) if isinstance(planned, Refusal) else 0)
            raise ImportRefused(count=found)
    courts = sum(isinstance(change, CourtAdded) for change in planned.added)
    return courts, len(planned.added) - courts


async def _apply(session: AsyncSession, planned: Plan, now: datetime) -> None:
    added, changed = planned.added, planned.changed
    await _insert_courts(session, [c for c in added if isinstance(c, CourtAdded)], now)
    await _update_courts(session, [c for c in changed if isinstance(c, CourtChanged)], now)
    officers = [c for c in changed if isinstance(c, OfficerChanged)]
    await _depart(session, planned.departed, now)
    await _let_go(session, planned.released, officers, now)
    await _update_officers(session, officers, now)
    await _insert_officers(session, [c for c in added if isinstance(c, OfficerAdded)], now)
    posts = [(c.id, change) for c in officers for change in c.posts]
    posts += [(c.id, change) for c in planned.departed for change in c.posts]
    await _change_posts(session, posts)
    # Whatever the session had loaded is older than what was just written past it.
    session.expire_all()


async def _insert_courts(session: AsyncSession, added: list[CourtAdded], now: datetime) -> None:
    rows = [
        {
            **court.values,
            "aliases": list(court.values["aliases"]),
            "created_at": now,
            "updated_at": now,
        }
        for court in added
    ]
    for batch in _batches(rows):
        await session.execute(insert(_COURTS), batch)


async def _update_courts(session: AsyncSession, changed: list[CourtChanged], now: datetime) -> None:
    rows: list[dict[str, Any]] = []
    for court in changed:
        values: dict[str, Any] = {change.field: change.after for change in court.changes}
        if "aliases" in values:
            values["aliases"] = list(values["aliases"])
        if "group_chat_id" in values:
            values["group_unreachable_at"] = None
        rows.append({"key": court.code, **values, "updated_at": now})
    await _update(session, _COURTS, "code", rows)


async def _depart(session: AsyncSession, departed: Iterable[Departed], now: datetime) -> None:
    rows = [{"key": officer.id, "left_at": now, "updated_at": now} for officer in departed]
    await _update(session, _OFFICERS, "id", rows)


async def _let_go(
    session: AsyncSession, released: Iterable[int], changed: list[OfficerChanged], now: datetime
) -> None:
    """Free every account that changes hands before anybody takes one: each is held once."""
    moving = [
        officer.id
        for officer in changed
        if any(c.field == "telegram_id" and c.before is not None for c in officer.changes)
    ]
    free = {"telegram_id": None, "linked_at": None, "blocked_at": None, "updated_at": now}
    await _update(session, _OFFICERS, "id", [{"key": n, **free} for n in (*released, *moving)])


async def _update_officers(
    session: AsyncSession, changed: list[OfficerChanged], now: datetime
) -> None:
    rows: list[dict[str, Any]] = []
    for officer in changed:
        values: dict[str, Any] = {change.field: change.after for change in officer.changes}
        if "telegram_id" in values:
            values |= {"linked_at": now, "blocked_at": None}
        if officer.returned:
            values["left_at"] = None
        rows.append({"key": officer.id, **values, "updated_at": now})
    await _update(session, _OFFICERS, "id", rows)


async def _insert_officers(session: AsyncSession, added: list[OfficerAdded], now: datetime) -> None:
    """Insert people and their posts; numbers that files bring along are kept."""
    numbered = [officer for officer in added if officer.new_id is not None]
    # First, so that numbers given by the database never meet one that is still to come.
    for batch in _batches(numbered):
        rows = [{"id": officer.new_id, **_officer_row(officer, now)} for officer in batch]
        await session.execute(insert(_OFFICERS), rows)
    if numbered and session.get_bind().dialect.name == "postgresql":
        await session.execute(
            select(
                func.setval(
                    func.pg_get_serial_sequence("officers", "id"),
                    select(func.max(_OFFICERS.c.id)).scalar_subquery(),
                )
            )
        )
    highest = await session.scalar(select(func.max(_OFFICERS.c.id))) or 0
    unnumbered = [officer for officer in added if officer.new_id is None]
    for batch in _batches(unnumbered):
        await session.execute(insert(_OFFICERS), [_officer_row(o, now) for o in batch])
    # Asked for afterwards: SQLite would return each number in a statement of its own. Without a
    # number of their own, new people of one court never share a name.
    query = select(_OFFICERS.c.id, _OFFICERS.c.court_code, _OFFICERS.c.name)
    given = await session.execute(query.where(_OFFICERS.c.id > highest))
    ids: dict[tuple[str, str], int] = {(code, name): n for n, code, name in given}
    posts = [(officer.new_id, officer.posts) for officer in numbered]
    posts += [(ids[o.court_code, o.values["name"]], o.posts) for o in unnumbered]
    held = [_post_row(n, post, term) for n, terms in posts for post, term in terms.items()]
    for some in _batches(held):
        await session.execute(insert(_POSTS), some)


def _officer_row(officer: OfficerAdded, now: datetime) -> dict[str, Any]:
    linked = officer.values["telegram_id"] is not None
    return {
        "court_code": officer.court_code,
        **officer.values,
        "linked_at": now if linked else None,
        "created_at": now,
        "updated_at": now,
    }


def _post_row(officer_id: int | None, post: str, term: Term) -> dict[str, Any]:
    return {
        "officer_id": officer_id,
        "post": post,
        "valid_from": term.valid_from,
        "valid_to": term.valid_to,
    }


async def _change_posts(session: AsyncSession, changes: Iterable[tuple[int, PostChange]]) -> None:
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
    mine = (_POSTS.c.officer_id == bindparam("of_officer")) & (
        _POSTS.c.post == bindparam("of_post")
    )
    terms: dict[str, Any] = {"valid_from": bindparam("first"), "valid_to": bindparam("last")}
    connection = await session.connection()
    for statement, rows in (
        (delete(_POSTS).where(mine), gone),
        (update(_POSTS).where(mine).values(terms), moved),
        (insert(_POSTS), added),
    ):
        for batch in _batches(rows):
            await connection.execute(statement, batch)


async def _update(
    session: AsyncSession, table: SqlTable, key: str, rows: Iterable[dict[str, Any]]
) -> None:
    """Update rows by `key`, those that set the same columns together."""
    alike: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for row in rows:
        alike.setdefault(tuple(sorted(row)), []).append(row)
    # The connection, not the session: a session would take a list of rows for one by primary key.
    connection = await session.connection()
    for names, group in alike.items():
        values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in names if name != "key"}
        statement = update(table).where(table.c[key] == bindparam("the_key")).values(values)
        renamed = [
            {"the_key" if name == "key" else f"new_{name}": value for name, value in row.items()}
            for row in group
        ]
        for batch in _batches(renamed):
            await connection.execute(statement, batch)


def _batches(rows: Sequence[T]) -> Iterable[list[T]]:
    return (list(rows[start : start + _BATCH]) for start in range(0, len(rows), _BATCH))


def _record(planned: Plan, tables: Iterable[Table], who: str, now: datetime) -> DirectoryRecord:
    """What is kept of an import: from which files and how much, no person's data."""
    files = "、".join(dict.fromkeys(table.file.rpartition("/")[2] for table in tables))
    counts = {
        "courts_added": sum(isinstance(c, CourtAdded) for c in planned.added),
        "courts_changed": sum(isinstance(c, CourtChanged) for c in planned.changed),
        "officers_added": sum(isinstance(c, OfficerAdded) for c in planned.added),
        "officers_changed": sum(isinstance(c, OfficerChanged) for c in planned.changed),
        "officers_departed": len(planned.departed),
    }
    return DirectoryRecord(
        at=now, who=who, kind="imported", subject=files[:128], detail=json.dumps(counts)
    )
