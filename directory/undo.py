"""`directory undo`: takes one import back as a whole, or says what stands in the way. Rules are in `directory.undo_plan`."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnClause, Connection, column, delete, func, inspect, select, table
from sqlalchemy.ext.asyncio import AsyncSession

from directory import changes
from directory.calendars import USUAL_TIMEZONE
from directory.change_models import DirectoryChange, DirectoryImport
from directory.change_values import LEFT, POSTS, by_field, plain
from directory.database import wake
from directory.desk_farewell import farewell
from directory.errors import ImportForgotten, ImportNotFound, ImportUndone
from directory.import_changes import Entry
from directory.import_officers import PostChange
from directory.import_people import PERSON_FIELDS, Term
from directory.import_writing import CHANGES, COURTS, OFFICERS, Writer, batches
from directory.imports import load
from directory.models import DirectoryRecord, Officer
from directory.undo_plan import (
    GONE,
    IN_USE,
    Done,
    Key,
    Standing,
    Touched,
    UndoConflict,
    children,
    conflicts,
    taken_accounts,
    turned,
)

#: What would go with a person by itself, and is worth keeping all the same: who saw their number.
_KEPT = frozenset({"disclosures"})


@dataclass(frozen=True, slots=True)
class Undone:
    """An import that was taken back: how many courts and people it had touched."""

    courts: int
    people: int


async def undo(
    session: AsyncSession, import_id: int, *, who: str, now: datetime
) -> Undone | tuple[UndoConflict, ...]:
    """Take an import back: every field as it was before, unless one of them was changed since.

    People whom it added depart (their rows stay for the filings), unless their court goes as well;
    courts whom it added go when nothing points at them; who departed is back with their posts. It is
    recorded as changes of its own, and done once.

    Returns:
        What was done, or all that stands in the way; then nothing was written.

    Raises:
        ImportNotFound: no import has this number.
        ImportUndone: it was taken back before.
        ImportForgotten: its changes were deleted in the meantime.
    """
    await changes.lock(session)
    row = await session.get(DirectoryImport, import_id, populate_existing=True)
    if row is None:
        raise ImportNotFound(number=import_id)
    if row.undone_at is not None:
        raise ImportUndone(number=import_id, who=row.undone_by)
    done = await _done(session, import_id)
    if not done or any(not change.before and not change.after for change in done):
        # What was changed is kept for two years, what it was only so long (`directory.retention`).
        raise ImportForgotten(number=import_id)
    standing = await _standing(session)
    later = await _later(session, import_id)
    found = list(conflicts(done, standing, later))
    entries = [] if found else turned(done, standing, now)
    found += [*taken_accounts(entries, standing), *children(entries, standing)]
    if not found:
        found += await _pointed_at(session, entries, standing)
    if found:
        return tuple(found)
    row.undone_at, row.undone_by = now, who[: changes.LONGEST_WHO]
    detail = f"import {import_id}"
    session.add(
        DirectoryRecord(
            at=now, who=who, kind="import_undone", subject=row.files[:128], detail=detail
        )
    )
    await _write(session, entries, who, now)
    await _bid_farewell(session, entries, who, now)
    wake(session, "steps", changes.TOPIC)
    people = sum(entry.officer_id is not None for entry in entries)
    return Undone(len(entries) - people, people)


async def _bid_farewell(
    session: AsyncSession, entries: Iterable[Entry], who: str, now: datetime
) -> None:
    """Whoever departs as the import that brought them is taken back leaves the desk like anybody else."""
    gone = {e.officer_id or 0: e.court_code for e in entries if e.kind == "departed"}
    today = now.astimezone(ZoneInfo(USUAL_TIMEZONE)).date()
    await farewell(session, gone, first_day=today, by=who, now=now)


async def _done(session: AsyncSession, import_id: int) -> list[Done]:
    rows = await session.scalars(
        select(DirectoryChange)
        .where(DirectoryChange.import_id == import_id)
        .order_by(DirectoryChange.id)
    )
    return [Done(r.court_code, r.officer_id, r.kind, r.before, r.after) for r in rows]


async def _standing(session: AsyncSession) -> dict[Key, Standing]:
    """Every court and person as they are now."""
    existing = await load(session)
    erased = set(await session.scalars(select(Officer.id).where(Officer.erased_at.is_not(None))))
    found: dict[Key, Standing] = {
        code: Standing(str(values["name"]), plain(values))
        for code, values in existing.courts.items()
    }
    for number, officer in existing.officers.items():
        values = {
            "court_code": officer.court_code,
            **{name: officer.values[name] for name in PERSON_FIELDS},
            LEFT: officer.left_at,
            POSTS: officer.posts,
        }
        found[number] = Standing(officer.name, by_field(plain(values)), number in erased)
    return found


async def _later(session: AsyncSession, import_id: int) -> dict[tuple[Key, str], Touched]:
    """Who touched which field last after the import."""
    last = select(func.max(DirectoryChange.id)).where(DirectoryChange.import_id == import_id)
    rows = await session.scalars(
        select(DirectoryChange)
        .where(DirectoryChange.id > last.scalar_subquery())
        .order_by(DirectoryChange.id)
    )
    found: dict[tuple[Key, str], Touched] = {}
    for row in rows:
        key: Key = row.court_code if row.officer_id is None else row.officer_id
        names = (GONE,) if row.kind == "removed" else changes.fields_of(row)
        found |= {(key, name): Touched(row.who, row.at) for name in names}
    return found


async def _pointed_at(
    session: AsyncSession, entries: Sequence[Entry], standing: Mapping[Key, Standing]
) -> list[UndoConflict]:
    """The courts and people that would go although filings, rosters or tokens name them."""
    going = {e.officer_id or e.court_code: e for e in entries if e.kind == "removed"}
    found: list[UndoConflict] = []
    if not going:
        return found
    connection = await session.connection()
    for name, pointer, target in await connection.run_sync(_pointers):
        if name == "officers" and target == "courts":
            # The people of a court are looked at one by one.
            continue
        keys = [key for key in going if isinstance(key, str) == (target == "courts")]
        pointing: ColumnClause[Any] = column(pointer)
        query = select(pointing).select_from(table(name, pointing)).distinct()
        for some in batches(keys):
            for key in await session.scalars(query.where(pointing.in_(some))):
                entry = going[key]
                where = (entry.court_code, entry.officer_id, standing[key].name)
                found.append(UndoConflict(*where, IN_USE, name))
    return found


def _pointers(connection: Connection) -> list[tuple[str, str, str]]:
    """(table, column, `courts` or `officers`) of everything that points there and would not go by itself."""
    inspector = inspect(connection)
    return [
        (name, key["constrained_columns"][0], key["referred_table"])
        for name in inspector.get_table_names()
        for key in inspector.get_foreign_keys(name)
        if key["referred_table"] in {"courts", "officers"}
        and (key.get("options", {}).get("ondelete") != "CASCADE" or name in _KEPT)
    ]


async def _write(session: AsyncSession, entries: Sequence[Entry], who: str, now: datetime) -> None:
    writer = await Writer.of(session, now, 2 * len(entries))
    staying = [entry for entry in entries if entry.kind != "removed"]
    people = [entry for entry in staying if entry.officer_id is not None]
    # Every account that changes hands is free before anybody takes it: each is held once.
    await writer.free_accounts(e.officer_id or 0 for e in people if "telegram_id" in e.after)
    courts = (_row(e.court_code, e.after) for e in staying if e.officer_id is None)
    await writer.update(COURTS, "code", courts)
    await writer.update(OFFICERS, "id", (_row(e.officer_id, e.after, now) for e in people))
    await writer.change_posts(
        (e.officer_id or 0, change) for e in people for change in _posts(e.before, e.after)
    )
    gone = [entry for entry in entries if entry.kind == "removed"]
    # People before their courts: what is theirs alone goes with them.
    for some in batches([e.officer_id for e in gone if e.officer_id is not None]):
        await session.execute(delete(OFFICERS).where(OFFICERS.c.id.in_(some)))
    for codes in batches([e.court_code for e in gone if e.officer_id is None]):
        await session.execute(delete(COURTS).where(COURTS.c.code.in_(codes)))
    facts = {"at": now, "who": who[: changes.LONGEST_WHO], "import_id": None}
    await writer.insert(CHANGES, [entry.row(**facts) for entry in entries])
    # Whatever the session had loaded is older than what was just written past it.
    session.expire_all()


def _row(key: Key | None, values: Mapping[str, Any], now: datetime | None = None) -> dict[str, Any]:
    """The columns of one row, as `Writer.update` takes them."""
    row: dict[str, Any] = {"key": key}
    for name, value in values.items():
        if name == LEFT:
            row["left_at"] = None if value is None else datetime.fromisoformat(value)
            row["verify_next_at"] = None
        elif name == "aliases":
            row[name] = value or []
        elif name == "group_chat_id":
            row |= {name: value, "group_unreachable_at": None}
        elif name == "telegram_id" and value is not None:
            row |= {name: value, "linked_at": now, "blocked_at": None}
        elif name not in {POSTS, "telegram_id"}:
            row[name] = value
    return row


def _posts(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterable[PostChange]:
    was, becomes = before.get(POSTS) or {}, after.get(POSTS) or {}
    return [
        PostChange(post, _term(was.get(post)), _term(becomes.get(post)))
        for post in dict.fromkeys((*was, *becomes))
    ]


def _term(value: Mapping[str, str | None] | None) -> Term | None:
    if value is None:
        return None
    return Term(_day(value.get("valid_from")), _day(value.get("valid_to")))


def _day(value: str | None) -> date | None:
    return None if value is None else date.fromisoformat(value)
