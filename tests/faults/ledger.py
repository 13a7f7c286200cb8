"""What the database holds, read from outside the product on both engines. Plain rows; nothing is judged here."""

import asyncio
import json
import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Protocol

import asyncpg
from sqlalchemy.engine import make_url

Row = dict[str, Any]


class Ledger(Protocol):
    """Answers questions about a database that another process serves."""

    def rows(self, query: str) -> list[Row]:
        """The rows of a query, by column."""
        ...

    def close(self) -> None:
        """Let go of the database."""
        ...


class SqliteLedger:
    """Reads a SQLite file while others write it."""

    def __init__(self, url: str) -> None:
        path = make_url(url).database
        self._connection = sqlite3.connect(
            f"file:{path}?mode=ro", uri=True, timeout=30, check_same_thread=False
        )
        self._connection.row_factory = sqlite3.Row

    def rows(self, query: str) -> list[Row]:
        """The rows of a query, by column."""
        return [dict(row) for row in self._connection.execute(query)]

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()


class PostgresqlLedger:
    """Reads a PostgreSQL database in a loop of its own."""

    def __init__(self, url: str) -> None:
        # The loop of the test is another one; this must not become the thread's own.
        self._runner = asyncio.Runner(loop_factory=asyncio.new_event_loop)
        plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        self._connection: asyncpg.Connection = self._runner.run(_connect(plain))

    def rows(self, query: str) -> list[Row]:
        """The rows of a query, by column."""
        found: Sequence[Any] = self._runner.run(_fetch(self._connection, query))
        return [dict(row) for row in found]

    def close(self) -> None:
        """Disconnect."""
        self._runner.run(self._connection.close())
        self._runner.close()


async def _connect(url: str) -> Any:
    return await asyncpg.connect(url)


async def _fetch(connection: Any, query: str) -> Any:
    return await connection.fetch(query)


def open_ledger(url: str) -> Ledger:
    """The ledger of a database of either kind."""
    return SqliteLedger(url) if url.startswith("sqlite") else PostgresqlLedger(url)


def instant(value: Any) -> datetime | None:
    """A stored instant, as either engine gives it."""
    if value is None:
        return None
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


def structure(value: Any) -> Any:
    """A stored JSON value, as either engine gives it."""
    return json.loads(value) if isinstance(value, str) else value
