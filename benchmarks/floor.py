"""The floor of intake: a bare handler that reads JSON and makes three rows durable. No token, no rules, no pages.

`python -m benchmarks.floor single` gives each request a transaction of its own, `group` one to all that wait.
The rows go into the product's own tables, with their indexes and references, through the same driver.
"""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from itertools import count
from typing import Any, Protocol, cast

import aiosqlite
import asyncpg
from aiohttp import web
from sqlalchemy import Table
from sqlalchemy.engine import make_url

from notifications.models import Filing, FilingEvent, OutgoingMessage

#: One row each, in this order.
TABLES = tuple(cast("Table", model.__table__) for model in (Filing, FilingEvent, OutgoingMessage))
COLUMNS = [[column.name for column in table.columns] for table in TABLES]

Rows = Sequence[list[Any]]


class Store(Protocol):
    """Makes the three rows of some requests durable, in one transaction."""

    async def open(self, url: str) -> None:
        """Connect."""

    async def write(self, requests: Sequence[Rows]) -> None:
        """Returns when they are durable."""


class Sqlite:
    """One connection, one transaction at a time."""

    async def open(self, url: str) -> None:
        """Connect with the product's settings."""
        self._turn = asyncio.Lock()
        self._connection = await aiosqlite.connect(
            str(make_url(url).database), isolation_level=None
        )
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            await self._connection.execute(f"PRAGMA {pragma}")
        self._statements = [
            f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"
            for table, names in zip(TABLES, COLUMNS, strict=True)
        ]

    async def write(self, requests: Sequence[Rows]) -> None:
        """Three statements and a commit."""
        async with self._turn:
            await self._connection.execute("BEGIN IMMEDIATE")
            for statement, rows in zip(self._statements, zip(*requests, strict=True), strict=True):
                await self._connection.executemany(statement, rows)
            await self._connection.execute("COMMIT")


class Postgresql:
    """A connection for each transaction under way."""

    async def open(self, url: str) -> None:
        """Connect."""
        plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        self._pool = await asyncpg.create_pool(plain, min_size=16, max_size=16)
        self._statements = [
            f"INSERT INTO {table.name} ({', '.join(names)}) "
            f"VALUES ({', '.join(f'${n}' for n in range(1, len(names) + 1))})"
            for table, names in zip(TABLES, COLUMNS, strict=True)
        ]

    async def write(self, requests: Sequence[Rows]) -> None:
        """Three statements and a commit."""
        async with self._pool.acquire() as connection, connection.transaction():
            for statement, rows in zip(self._statements, zip(*requests, strict=True), strict=True):
                if len(rows) == 1:
                    await connection.execute(statement, *rows[0])
                else:
                    await connection.executemany(statement, rows)


class Group:
    """Lets the requests that wait at the same time share a transaction."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._waiting: list[tuple[Rows, asyncio.Future[None]]] = []
        self._task: asyncio.Task[None] | None = None

    async def write(self, requests: Sequence[Rows]) -> None:
        """Returns when the request's rows are durable."""
        done = asyncio.get_running_loop().create_future()
        self._waiting.append((requests[0], done))
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._work())
        await done

    async def _work(self) -> None:
        await asyncio.sleep(0)
        while self._waiting:
            batch, self._waiting = self._waiting, []
            await self._store.write([rows for rows, _ in batch])
            for _, done in batch:
                done.set_result(None)


_NUMBERS = count(1)


def three_rows(body: dict[str, Any], instant: Any) -> Rows:
    """The filing, its first event and its first message, every column given."""
    number = next(_NUMBERS)
    filing = {
        "id": number, "reference": body["reference"], "reference_key": body["reference"],
        "state": "waiting", "collaborating_court": body["collaborating_court"],
        "jurisdiction_court": body["jurisdiction_court"], "case_type": body["case_type"],
        "drill": False, "filed_at_given": False, "filed_at": instant, "received_at": instant,
        "filed_by": "测量", "clock": "working", "answer_target_seconds": 1800,
        "result_target_seconds": 3600, "answer_due_at": instant, "steps_taken": '["answer:0:A"]',
        "snoozes": "[]", "supplements": 0, "version": 1, "next_step_at": instant,
    }  # fmt: skip
    event = {
        "id": number, "filing_id": number, "at": instant, "kind": "received", "who": "测量",
        "detail": "",
    }  # fmt: skip
    message = {
        "id": number, "kind": "card", "priority": 0, "channel": "telegram", "chat_id": number,
        "filing_id": number, "step": "answer:0:A", "nonce": "abcdefgh", "silent": False,
        "payload": '{"view": "officer", "heading": "page", "reason": null}', "wanted": 1,
        "attempts": 0, "created_at": instant, "not_before": instant,
    }  # fmt: skip
    rows = (filing, event, message)
    return [[row.get(name) for name in names] for row, names in zip(rows, COLUMNS, strict=True)]


def application(url: str, mode: str) -> web.Application:
    """The handler and nothing else."""
    is_sqlite = url.startswith("sqlite")
    store: Store = Sqlite() if is_sqlite else Postgresql()
    writer = Group(store) if mode == "group" else store

    async def opened(_app: web.Application) -> AsyncIterator[None]:
        await store.open(url)
        yield

    async def file(request: web.Request) -> web.Response:
        body = json.loads(await request.read())
        now = datetime.now(UTC)
        instant = now.strftime("%Y-%m-%d %H:%M:%S.%f") if is_sqlite else now
        await writer.write([three_rows(body, instant)])
        return web.json_response({"reference": body["reference"], "state": "waiting"}, status=201)

    async def healthz(_request: web.Request) -> web.Response:
        return web.Response(text="ok")

    app = web.Application()
    app.cleanup_ctx.append(opened)
    app.router.add_post("/api/v1/filings", file)
    app.router.add_get("/healthz", healthz)
    return app


if __name__ == "__main__":
    web.run_app(
        application(os.environ["LIAISON_DATABASE_URL"], sys.argv[1]),
        host="127.0.0.1",
        port=int(os.environ["LIAISON_HTTP_PORT"]),
        access_log=None,
        print=None,
    )
