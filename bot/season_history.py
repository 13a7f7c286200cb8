"""What a played season left behind, kept in one small file for the demo: filings, their events, who was paged.

`python -m bot.season_history` plays the season and writes the file anew (minutes); a test holds its
beginning against the generator. Messages are not kept, only pages, and all of them at rest.
"""

import asyncio
import logging
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import structlog
from sqlalchemy import Table, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot import season_stage, season_tables
from directory.database import Database
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


async def recorded(database: Database, played: Season) -> bytes:
    """The file of a season that was played on `database`."""
    document: dict[str, Any] = {"digest": played.digest}
    async with database.reading() as session:
        document["people"] = await season_tables.people_of(session)
        for name, table in _TABLES.items():
            asked = select(table).order_by(table.c.id)
            if table is OUTBOX:
                asked = asked.where(OUTBOX.c.step.is_not(None))
            rows = (await session.execute(asked)).mappings().all()
            # What makes buttons hard to guess is random, and nobody presses those again.
            document[name] = season_tables.kept(table, rows, without=[OUTBOX.c.nonce])
    return season_tables.packed(document)


def shipped() -> dict[str, Any]:
    """The season that ships with the product."""
    return season_tables.opened(FILE.read_bytes())


async def load(session: AsyncSession, document: dict[str, Any]) -> int:
    """Write a recorded season into a database that holds the demo's directory and no filing; how many filings.

    People are found by court and name: whoever is not in the directory is left out of what they did.
    """
    people = await season_tables.today(session, document["people"])
    for name, table in _TABLES.items():
        rows = season_tables.rows(table, document[name], people)
        await season_tables.write(session, table, rows_of_today(rows, people))
    return len(document["filings"]["values"][0])


def rows_of_today(rows: season_tables.Rows, people: season_tables.People) -> season_tables.Rows:
    """Filings name who answered them inside a value: by the numbers of today's directory."""
    for row in rows:
        for name in ("acknowledged_by", "result_by"):
            if row.get(name):
                row[name] = row[name] | {"officer_id": people.get(row[name].get("officer_id"))}
        yield row


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
