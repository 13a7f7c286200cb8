"""What a played season left behind, kept in one small file for the demo: filings, their events, who was paged.

`python -m bot.season_history` plays the season and writes the file anew (minutes); a test holds its
beginning against the generator. Messages are not kept, only pages, and all of them at rest.
"""

import asyncio
import gzip
import json
import logging
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import structlog
from sqlalchemy import Table, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot import season_stage
from directory.database import Database, UtcDateTime
from directory.models import Officer
from notifications import season_figures
from notifications.messages import Message
from notifications.models import Filing, FilingEvent, OutgoingMessage
from notifications.season import Season

FILE = Path(__file__).with_name("season_history.json.gz")

#: The instant at which the desk of the story is opened again: its last afternoon, everything answered.
OPENS_AT = datetime(2019, 12, 20, 15, 30, tzinfo=season_stage.calendar().timezone).astimezone(UTC)

FILINGS = cast("Table", Filing.__table__)
EVENTS = cast("Table", FilingEvent.__table__)
OUTBOX = cast("Table", OutgoingMessage.__table__)
_TABLES = {"filings": FILINGS, "events": EVENTS, "pages": OUTBOX}

#: Rows of one statement.
_BATCH = 2000

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


async def recorded(database: Database, played: Season) -> bytes:
    """The file of a season that was played on `database`."""
    document: dict[str, Any] = {"digest": played.digest}
    async with database.reading() as session:
        people = await session.execute(
            select(Officer.id, Officer.court_code, Officer.name).order_by(Officer.id)
        )
        document["people"] = {number: [court, name] for number, court, name in people}
        for name, table in _TABLES.items():
            asked = select(table).order_by(table.c.id)
            if table is OUTBOX:
                asked = asked.where(OUTBOX.c.step.is_not(None))
            rows = (await session.execute(asked)).mappings().all()
            columns = [
                column
                for column in table.c
                # What makes buttons hard to guess is random, and nobody presses those again.
                if column is not OUTBOX.c.nonce and any(row[column] is not None for row in rows)
            ]
            document[name] = {
                "columns": [column.name for column in columns],
                # Column by column: what is alike stands together and packs well.
                "values": [[_plain(row[column]) for row in rows] for column in columns],
            }
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    return gzip.compress(text.encode(), mtime=0)


def shipped() -> dict[str, Any]:
    """The season that ships with the product."""
    return opened(FILE.read_bytes())


def opened(content: bytes) -> dict[str, Any]:
    """What `recorded` packed."""
    document: dict[str, Any] = json.loads(gzip.decompress(content))
    return document


async def load(session: AsyncSession, document: dict[str, Any]) -> int:
    """Write a recorded season into a database that holds the demo's directory and no filing; how many filings.

    People are found by court and name: whoever is not in the directory is left out of what they did.
    """
    found = await session.execute(select(Officer.court_code, Officer.name, Officer.id))
    today = {(court, name): number for court, name, number in found}
    people = {
        int(old): today.get((court, name)) for old, (court, name) in document["people"].items()
    }
    for name, table in _TABLES.items():
        rows = list(_rows(table, document[name], people))
        for first in range(0, len(rows), _BATCH):
            await session.execute(insert(table), rows[first : first + _BATCH])
    return len(document["filings"]["values"][0])


def _rows(
    table: Table, kept: dict[str, Any], people: dict[int, int | None]
) -> Iterable[dict[str, Any]]:
    columns: Sequence[str] = kept["columns"]
    instants = {name for name in columns if isinstance(table.c[name].type, UtcDateTime)}
    for values in zip(*kept["values"], strict=True):
        row = dict(zip(columns, values, strict=True))
        for name in instants:
            if row[name] is not None:
                row[name] = datetime.fromtimestamp(row[name], UTC)
        for name in ("officer_id", "filed_by_officer_id"):
            if row.get(name) is not None:
                row[name] = people.get(row[name])
        for name in ("acknowledged_by", "result_by"):
            if row.get(name):
                row[name] = row[name] | {"officer_id": people.get(row[name].get("officer_id"))}
        yield row


def _plain(value: Any) -> Any:
    """Instants as seconds since 1970, with a fraction only where there is one."""
    if not isinstance(value, datetime):
        return value
    seconds = (value - _EPOCH).total_seconds()
    return int(seconds) if seconds.is_integer() else seconds


async def unwritten(
    session: AsyncSession,  # noqa: ARG001 -- the words of the port `Render`
    outgoing: OutgoingMessage,  # noqa: ARG001
    *,
    now: datetime,  # noqa: ARG001
) -> Message:
    """What messages say is not kept, so it need not be written."""
    return Message("…")


async def _make() -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    played = season_stage.shipped_season()
    async with season_stage.opened(played, render=unwritten) as stage:
        await stage.play.run()
        if wrong := await season_figures.forgotten(stage.database):
            raise SystemExit("\n".join(wrong))
        for name, value in season_figures.lines(await season_figures.figures(stage.database)):
            print(f"{name}: {value}")  # noqa: T201 -- what the file holds, for whoever makes it
        content = await recorded(stage.database, played)
    FILE.write_bytes(content)


if __name__ == "__main__":
    asyncio.run(_make())
