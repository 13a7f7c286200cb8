"""Everything stored about one person, told or erased; both recorded. How words are struck out is `directory.erasure`."""

import asyncio
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Table, func, inspect, or_, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from directory import changes, disclosures, erasure, namesakes, officers
from directory.change_models import (
    Correction,
    DirectoryChange,
    Disclosure,
    LookUps,
    Verification,
)
from directory.change_values import PERSONAL, POSTS, plain
from directory.database import BUSY_SECONDS, Base, Database
from directory.duty_models import CheckIn, Leave, Shift, Swap
from directory.errors import DirectoryError
from directory.models import DirectoryRecord, Officer, OfficerPost

#: What is told row by row, and by which column a row is the person's. The rest is counted.
_TOLD: Mapping[str, tuple[type[Base], tuple[str, ...]]] = {
    "posts": (OfficerPost, ("officer_id",)),
    "changes": (DirectoryChange, ("officer_id",)),
    "disclosures": (Disclosure, ("officer_id",)),
    "seen": (Disclosure, ("viewer_id",)),
    "look_ups": (LookUps, ("officer_id",)),
    "verifications": (Verification, ("officer_id",)),
    "corrections": (Correction, ("officer_id", "reported_by_officer_id")),
    "shifts": (Shift, ("officer_id",)),
    "leaves": (Leave, ("officer_id",)),
    "swaps": (Swap, ("from_officer_id", "to_officer_id")),
    "check_ins": (CheckIn, ("officer_id",)),
}

#: Columns of a row that say nothing about the person.
_LEFT_OUT = frozenset({"id", "nonce", "messages", "message", "secret_hash"})

#: JSON columns of filings that say which officer signed, under `officer_id`.
_SIGNATURES = ("acknowledged_by", "result_by")


class StillHere(DirectoryError):
    """{person} 尚未离任，不能删除。请先登记离任（名册导入 --replace-courts，或在聊天中点“离任”），再运行 privacy erase。"""


@dataclass(frozen=True, slots=True)
class Erased:
    """What an erasure came to."""

    officer_id: int
    #: Rows changed or gone, by table.
    rows: Mapping[str, int]
    #: Other people bear the name: records that do not say which of them they mean still say it.
    shared_name: bool


async def report(
    session: AsyncSession, officer: Officer, *, who: str, now: datetime
) -> dict[str, Any]:
    """Everything stored about `officer`, as plain JSON values; that it was asked for is recorded.

    `card`, the lists of `_TOLD`, `records` about the person, `full_exports` (how often all numbers
    left in a file since the person joined), and `counts`: how many other rows name them, by table
    and column.
    """
    told: dict[str, Any] = {"officer": officer.id, "made_at": plain(now), "card": _row(officer)}
    for name, (model, columns) in _TOLD.items():
        mine = or_(*(getattr(model, column) == officer.id for column in columns))
        found = await session.scalars(select(model).where(mine).order_by(*_key(model)))
        told[name] = [_row(row) for row in found]
    subject = officers.subject(officer)
    about = or_(
        DirectoryRecord.subject == subject, DirectoryRecord.detail == f"officer {officer.id}"
    )
    records = await session.scalars(select(DirectoryRecord).where(about).order_by("id"))
    told["records"] = [_row(row) for row in records]
    told["full_exports"] = await disclosures.full_exports(session, since=officer.created_at)
    told["counts"] = await _counts(session, officer)
    session.add(DirectoryRecord(at=now, who=who, kind="privacy_report", subject=subject))
    await session.flush()
    return told


def _key(model: type[Base]) -> Iterable[Any]:
    return inspect(model).primary_key


def _row(row: Base) -> dict[str, Any]:
    return {
        column.key: plain(getattr(row, column.key))
        for column in inspect(type(row)).columns
        if column.key not in _LEFT_OUT
    }


async def _counts(session: AsyncSession, officer: Officer) -> dict[str, int]:
    """How many rows elsewhere name the person, by `table.column`; those that name nobody are left out."""
    told = {
        (model.__tablename__, column) for model, columns in _TOLD.values() for column in columns
    }
    counts: dict[str, int] = {}
    for table in Base.metadata.sorted_tables:
        for column in table.c:
            named = any(key.column.table.name == "officers" for key in column.foreign_keys)
            if named and (table.name, column.name) not in told:
                counts[f"{table.name}.{column.name}"] = await _count(
                    session, table, column == officer.id
                )
    filings = Base.metadata.tables["filings"]
    for name in _SIGNATURES:
        signed = filings.c[name]["officer_id"].as_integer() == officer.id
        counts[f"filings.{name}"] = await _count(session, filings, signed)
    if officer.telegram_id is not None:
        for name, column_name in (("drafts", "telegram_id"), ("outbox", "chat_id")):
            table = Base.metadata.tables[name]
            mine = table.c[column_name] == officer.telegram_id
            counts[f"{name}.{column_name}"] = await _count(session, table, mine)
    return {name: count for name, count in counts.items() if count}


async def _count(session: AsyncSession, table: Table, condition: Any) -> int:
    return await session.scalar(select(func.count()).select_from(table).where(condition)) or 0


async def erase(session: AsyncSession, officer: Officer, *, who: str, now: datetime) -> Erased:
    """Erase everything personal of somebody who left; the row stays, called 已删除人员 and a number.

    Filings keep that they were answered, when and from which post. Recorded, without the name; other
    systems hear of it as a change of kind `erased`. Follow the commit by `rewrite`: until then the
    bytes are still in the file. Erasing again finds what came in since.

    Raises:
        StillHere: the person has not left.
    """
    if officer.left_at is None:
        raise StillHere(person=officers.subject(officer))
    if session.get_bind().dialect.name == "sqlite":
        await session.execute(text("PRAGMA secure_delete=ON"))
    await changes.lock(session)
    person = await namesakes.person(session, officer)
    again = officer.erased_at is not None
    of_officer = OfficerPost.officer_id == officer.id
    held = list(await session.scalars(select(OfficerPost.post).where(of_officer)))
    _empty(officer, person.instead, now)
    await session.flush()
    await changes.scrub(session, officer.id)
    swept = await erasure.sweep(session, person)
    swept.add(Officer.__tablename__, 1)
    if held or not again:
        after: dict[str, Any] = dict.fromkeys(PERSONAL) | {"name": person.instead}
        if held:
            after[POSTS] = dict.fromkeys(held)
        changes.record(
            session, who=who, court_code=officer.court_code, officer_id=officer.id, kind="erased",
            before={}, after=after, now=now,
        )  # fmt: skip
    subject = officers.subject(officer)
    session.add(
        DirectoryRecord(
            at=now, who=who, kind="erased", subject=subject, detail=f"officer {officer.id}"
        )
    )
    await session.flush()
    # Objects that were read before would bring the old values back.
    session.expire_all()
    return Erased(person.id, dict(swept.rows), bool(person.namesakes))


def _empty(officer: Officer, instead: str, now: datetime) -> None:
    officer.name = instead
    for name in ("title", "department", "desk_phone", "mobile", "telegram_id", "linked_at",
                 "blocked_at", "language", "verified_at", "verified_by", "verify_next_at"):  # fmt: skip
        setattr(officer, name, None)
    officer.erased_at = officer.erased_at or now
    officer.updated_at = now


async def rewrite(database: Database, tables: Iterable[str]) -> bool:
    """Make the erased bytes go from the database's files, while others may be working with it.

    On SQLite the file is written anew and its log is emptied; on PostgreSQL the dead rows of these
    tables are given up (its log and backups go on their own time, see docs/privacy.md).

    Returns:
        False when another process held the database too long (`BUSY_SECONDS`): rewrite again later.
    """
    path = database.engine.url.database
    if database.dialect == "sqlite":
        return await asyncio.to_thread(_rewrite_file, str(path))
    engine = database.engine.execution_options(isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        for table in sorted(set(tables) & set(Base.metadata.tables)):
            await connection.execute(text(f'VACUUM "{table}"'))
    return True


def _rewrite_file(path: str) -> bool:
    with closing(sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)) as connection:
        try:
            connection.execute("PRAGMA secure_delete=ON")
            connection.execute("VACUUM")
            # The log is emptied once nobody reads from it; SQLite waits for them as long as it may.
            (busy, *_rest) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        except sqlite3.OperationalError:
            return False
    return not busy
