"""Rows of tables as a season's recorded files keep them, column by column, and back into another database. No story.

People are kept by court and name: whoever is not in the other directory is left out of what they did.
"""

import gzip
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import partial
from typing import Any

from sqlalchemy import Column, Date, RowMapping, Table, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from directory.database import UtcDateTime
from directory.models import Officer

Rows = Iterable[dict[str, Any]]

#: The number of today's officer for each recorded one; None where there is nobody of that court and name.
People = Mapping[int, int | None]

#: Rows of one statement.
_BATCH = 2000

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def packed(document: dict[str, Any]) -> bytes:
    """The content of a file."""
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    return gzip.compress(text.encode(), mtime=0)


def opened(content: bytes) -> dict[str, Any]:
    """What `packed` made one of."""
    document: dict[str, Any] = json.loads(gzip.decompress(content))
    return document


async def people_of(session: AsyncSession) -> dict[int, list[str]]:
    """Everybody in the directory: court and name by number."""
    found = await session.execute(
        select(Officer.id, Officer.court_code, Officer.name).order_by(Officer.id)
    )
    return {number: [court, name] for number, court, name in found}


async def today(session: AsyncSession, recorded: Mapping[str, Sequence[str]]) -> People:
    """Who of the recorded people is who in this directory."""
    known = {(court, name): number for number, (court, name) in (await people_of(session)).items()}
    return {int(old): known.get((court, name)) for old, (court, name) in recorded.items()}


def kept(
    table: Table, rows: Sequence[RowMapping], *, without: Iterable[Column[Any]] = ()
) -> dict[str, Any]:
    """Rows as the file has them. Columns that are empty throughout are left out."""
    left_out = frozenset(without)
    columns = [
        column
        for column in table.c
        if column not in left_out and any(row[column] is not None for row in rows)
    ]
    return {
        "columns": [column.name for column in columns],
        # Column by column: what is alike stands together and packs well.
        "values": [[_plain(row[column]) for row in rows] for column in columns],
    }


def rows(table: Table, document: Mapping[str, Any], people: People) -> Rows:
    """The rows that `kept` took. One whose key is a person of whom nobody is left is left out."""
    names: Sequence[str] = document["columns"]
    columns = [table.c[name] for name in names]
    needed = [column.name for column in columns if _is_person(column) and not column.nullable]
    values = [
        _restored(column, some, people)
        for column, some in zip(columns, document["values"], strict=True)
    ]
    for one in zip(*values, strict=True):
        row = dict(zip(names, one, strict=True))
        if all(row[name] is not None for name in needed):
            yield row


def _restored(column: Column[Any], values: Sequence[Any], people: People) -> Sequence[Any]:
    """A column's values as they were before `_plain`; people by today's numbers."""
    change: Callable[[Any], Any]
    if isinstance(column.type, UtcDateTime):
        change = partial(datetime.fromtimestamp, tz=UTC)
    elif isinstance(column.type, Date):
        change = date.fromisoformat
    elif _is_person(column):
        change = people.get
    else:
        return values
    return [None if value is None else change(value) for value in values]


async def write(session: AsyncSession, table: Table, all_of: Rows) -> None:
    """Insert rows that have the same columns."""
    found = list(all_of)
    for first in range(0, len(found), _BATCH):
        await session.execute(insert(table), found[first : first + _BATCH])


def _is_person(column: Column[Any]) -> bool:
    return any(key.column is Officer.__table__.c.id for key in column.foreign_keys)


def _plain(value: Any) -> Any:
    """Instants as seconds since 1970, with a fraction only where there is one; days as they are written."""
    if isinstance(value, datetime):
        seconds = (value - _EPOCH).total_seconds()
        return int(seconds) if seconds.is_integer() else seconds
    return value.isoformat() if isinstance(value, date) else value
