"""Imports: loads the directory, has the plan made, has it written and recorded in one transaction. Decides nothing itself.

Written for 3,500 courts and 50,000 people in seconds: a handful of statements, each over many rows.
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from directory import changes, import_changes
from directory.calendars import USUAL_TIMEZONE
from directory.change_models import DirectoryChange, DirectoryImport
from directory.change_values import LEFT, by_field
from directory.database import Database, wake
from directory.desk_farewell import farewell
from directory.errors import ImportRefused
from directory.import_courts import CourtAdded, CourtChanged
from directory.import_files import read_files
from directory.import_officers import OfficerAdded, OfficerChanged
from directory.import_people import PERSON_FIELDS, ExistingOfficer, Term
from directory.import_plan import Existing, Plan, Refusal, plan
from directory.import_staleness import Later, LaterChanges
from directory.import_tables import COURT_COLUMNS, ExportMark, Table
from directory.import_writing import (
    CHANGES,
    COURTS,
    OFFICERS,
    POSTS,
    Progress,
    Writer,
    nobody_told,
    size,
)
from directory.models import DirectoryRecord

#: Kinds of changes after which a person is of the court who was not before.
_JOINING = frozenset({"added", "returned", "moved"})


async def load(session: AsyncSession, later: LaterChanges | None = None) -> Existing:
    """The whole directory as the plan wants it, those who left included, in three queries."""
    courts: dict[str, Mapping[str, Any]] = {}
    names = [column.field for column in COURT_COLUMNS]
    for row in (await session.execute(select(*(COURTS.c[name] for name in names)))).mappings():
        courts[row["code"]] = {**row, "aliases": tuple(row["aliases"])}
    posts: dict[int, dict[str, Term]] = {}
    held = await session.execute(
        select(POSTS.c.officer_id, POSTS.c.post, POSTS.c.valid_from, POSTS.c.valid_to).order_by(
            POSTS.c.id
        )
    )
    for officer_id, post, valid_from, valid_to in held:
        posts.setdefault(officer_id, {})[post] = Term(valid_from, valid_to)
    wanted = ("id", "court_code", "left_at", *PERSON_FIELDS)
    query = select(*(OFFICERS.c[name] for name in wanted)).order_by(OFFICERS.c.id)
    officers: dict[int, ExistingOfficer] = {}
    for row in (await session.execute(query)).mappings():
        officers[row["id"]] = ExistingOfficer(
            row["id"],
            row["court_code"],
            {name: row[name] for name in PERSON_FIELDS},
            row["left_at"] is not None,
            posts.get(row["id"], {}),
            row["left_at"],
        )
    return Existing(courts, officers, later or {})


async def preview(
    session: AsyncSession,
    tables: Sequence[Table],
    *,
    replace_courts: Collection[str] = (),
    today: date,
    who: str = "",
    overwrite: bool = False,
    timezone: str = USUAL_TIMEZONE,
) -> Plan | Refusal:
    """What `bring_in` would do with these tables now."""
    later = {} if overwrite else await _later(session, tables, who, ZoneInfo(timezone))
    existing = await load(session, later)
    return plan(existing, tables, replace_courts=replace_courts, today=today)


async def bring_in(
    session: AsyncSession,
    tables: Sequence[Table],
    *,
    replace_courts: Collection[str] = (),
    who: str,
    today: date,
    now: datetime,
    overwrite: bool = False,
    timezone: str = USUAL_TIMEZONE,
    progress: Progress = nobody_told,
) -> Plan | Refusal:
    """Import the tables, or nothing of them.

    Args:
        session: a writing transaction.
        tables: what `import_files.read_files` gave.
        replace_courts: codes of courts whose people the tables hold in full.
        who: under whose name it is recorded.
        today: the installation's local day, on which posts end.
        now: when it is recorded; UTC.
        overwrite: whether a workbook may set back what was changed after it was exported.
        timezone: in which a refusal says when something was changed.
        progress: told how many rows have been written, of how many.

    Returns:
        What was done, with its `import_id` (an empty plan has written nothing, not even a record),
        or the faults.
    """
    await changes.lock(session)
    later = {} if overwrite else await _later(session, tables, who, ZoneInfo(timezone))
    existing = await load(session, later)
    planned = plan(existing, tables, replace_courts=replace_courts, today=today)
    if isinstance(planned, Refusal) or planned.is_empty:
        return planned
    import_id = await _record(session, planned, _files(tables), who, now)
    writer = await Writer.of(session, now, size(planned), progress)
    ids = await writer.apply(planned)
    found = import_changes.entries(planned, ids, existing.officers, now)
    facts = {"at": now, "who": who[: changes.LONGEST_WHO], "import_id": import_id}
    await writer.insert(CHANGES, [entry.row(**facts) for entry in found])
    # Whatever the session had loaded is older than what was just written past it.
    session.expire_all()
    leaving = {gone.id: gone.court_code for gone in planned.departed}
    await farewell(session, leaving, first_day=today, by=who, now=now)
    wake(session, "steps", "timed", changes.TOPIC)
    return replace(planned, import_id=import_id)


async def _record(session: AsyncSession, planned: Plan, files: str, who: str, now: datetime) -> int:
    """Record the import as a whole; its number."""
    counts = _counts(planned)
    row = DirectoryImport(at=now, who=who, files=files[:256], counts=counts)
    session.add(row)
    detail = json.dumps(counts)
    session.add(
        DirectoryRecord(at=now, who=who, kind="imported", subject=files[:128], detail=detail)
    )
    await session.flush()
    return row.id


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


async def history(session: AsyncSession, *, limit: int = 50) -> list[DirectoryImport]:
    """The imports, newest first: those that can be taken back, and those that were."""
    query = select(DirectoryImport).order_by(DirectoryImport.id.desc()).limit(limit)
    return list(await session.scalars(query))


def _files(tables: Iterable[Table]) -> str:
    """The names of the files, without where they lay."""
    return "、".join(dict.fromkeys(table.file.rpartition("/")[2] for table in tables))


def _counts(planned: Plan) -> dict[str, int]:
    """What is kept of an import besides its changes: how much it did, no person's data."""
    return {
        "courts_added": sum(isinstance(c, CourtAdded) for c in planned.added),
        "courts_changed": sum(isinstance(c, CourtChanged) for c in planned.changed),
        "officers_added": sum(isinstance(c, OfficerAdded) for c in planned.added),
        "officers_changed": sum(isinstance(c, OfficerChanged) for c in planned.changed),
        "officers_departed": len(planned.departed),
    }


async def _later(
    session: AsyncSession, tables: Iterable[Table], who: str, zone: ZoneInfo
) -> LaterChanges:
    """What was changed after the oldest of the workbooks was exported; nothing for other files."""
    marks = [table.mark for table in tables if table.mark is not None]
    known = [mark for mark in marks if await _is_ours(session, mark)]
    if not known:
        return {}
    since = await session.scalars(
        select(DirectoryChange)
        .where(DirectoryChange.id > min(mark.number for mark in known))
        .order_by(DirectoryChange.id)
    )
    later: dict[str | int, dict[str, Later]] = {}
    for change in since:
        at = f"{change.at.astimezone(zone):%Y-%m-%d %H:%M}"
        own = change.import_id is not None and change.who == who
        key = change.court_code if change.officer_id is None else change.officer_id
        fields = later.setdefault(key, {})
        before = by_field(change.before)
        for name in (*changes.fields_of(change), *([LEFT] if change.kind in _JOINING else [])):
            former = fields[name].former if name in fields else ()
            fields[name] = Later(change.who, at, (*former, before.get(name)), own)
    return later


async def _is_ours(session: AsyncSession, mark: ExportMark) -> bool:
    """Whether the mark is of this directory: numbers of another one mean nothing here."""
    if mark.number == 0:
        return True
    at = await session.scalar(select(DirectoryChange.at).where(DirectoryChange.id == mark.number))
    return at is not None and at.isoformat() == mark.at
