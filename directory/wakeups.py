"""Wake-ups: how a commit, here or in another process, reaches the loops that wait. Carries no data."""

import asyncio
import contextlib
import secrets
from collections.abc import Iterable
from typing import Any, ClassVar

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

#: How often (seconds) SQLite is asked whether another process committed, and a lost LISTEN is mended.
WATCH_SECONDS = 1.0


class Wakeups:
    """One event per waiting loop, set after each commit that concerns it.

    PostgreSQL tells every instance by LISTEN/NOTIFY. SQLite has no such thing: `PRAGMA data_version`
    changes when another connection commits, so a command-line process is noticed within a second.
    """

    CHANNEL: ClassVar[str] = "liaison"

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._events: dict[str, list[asyncio.Event]] = {}
        self._task: asyncio.Task[None] | None = None
        #: Tells this process's own announcements, of which its loops know already.
        self._sender = secrets.token_hex(4)

    def spoken(self, topics: Iterable[str]) -> list[str]:
        """What to announce to other processes so that their loops waiting for `topics` wake."""
        return [f"{topic} {self._sender}" for topic in topics]

    def event(self, topic: str) -> asyncio.Event:
        """A fresh event that every later commit announcing `topic` sets."""
        event = asyncio.Event()
        self._events.setdefault(topic, []).append(event)
        return event

    def set(self, topics: Iterable[str]) -> None:
        """Wake the loops of this process that wait for `topics`."""
        for topic in topics:
            for event in self._events.get(topic, ()):
                event.set()

    async def start(self) -> None:
        """Begin to hear of other processes' commits."""
        self._task = asyncio.create_task(self._watch(), name="wakeups")

    async def stop(self) -> None:
        """Stop hearing."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
            self._task = None

    async def _watch(self) -> None:
        listen = self._watch_sqlite if self._engine.dialect.name == "sqlite" else self._listen
        while True:
            # A lost connection may have missed a wake-up: look at everything, then listen anew.
            # While connecting, drivers raise errors of their own kinds: none of them ends the hearing.
            with contextlib.suppress(Exception):
                async with self._engine.connect() as connection:
                    await listen(connection)
            self.set(self._events)
            await asyncio.sleep(WATCH_SECONDS)

    async def _watch_sqlite(self, connection: AsyncConnection) -> None:
        raw = await connection.get_raw_connection()
        driver: Any = raw.driver_connection
        seen: int | None = None
        while True:
            cursor = await driver.execute("PRAGMA data_version")
            row = await cursor.fetchone()
            await cursor.close()
            if seen is not None and row[0] != seen:
                self.set(self._events)
            seen = row[0]
            await asyncio.sleep(WATCH_SECONDS)

    async def _listen(self, connection: AsyncConnection) -> None:
        raw = await connection.get_raw_connection()
        driver: Any = raw.driver_connection

        def heard(_connection: object, _pid: int, _channel: str, spoken: str) -> None:
            topic, _, sender = spoken.partition(" ")
            if sender != self._sender:
                self.set([topic])

        await driver.add_listener(self.CHANNEL, heard)
        while True:
            await asyncio.sleep(10 * WATCH_SECONDS)
            await connection.execute(text("SELECT 1"))
            await connection.commit()
