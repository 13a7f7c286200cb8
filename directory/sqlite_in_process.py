"""SQLite for simulations: statements run where they are asked for, and nothing is made durable. Never for `serve`.

Handing each statement to the connection's thread and back costs a simulation most of its time, and waiting
for the disk the rest. The tables, the statements and the rules are those of the product all the same.
"""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import event
from sqlalchemy.engine import Connection as SyncConnection
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.util.concurrency import await_

from directory import sqlite
from directory.database import Database

Found = TypeVar("Found")


async def _at_once() -> None:
    """Nothing to wait for."""


class Connection(sqlite.Connection):
    """A connection that does its work in the caller's thread."""

    __slots__ = ()

    def errand(self, work: Callable[[sqlite3.Connection], Found]) -> Found:
        """Do `work` at once."""
        await_(_at_once())  # SQLAlchemy holds a driver that never awaits for a wrong one.
        try:
            return work(self._connection._conn)  # noqa: SLF001 -- the library names no public way in
        except Exception as error:  # noqa: BLE001 -- the adapter of SQLAlchemy raises it as its own
            self._handle_exception(error)

    def commit(self) -> None:
        """Commit, in this thread too."""
        self.errand(sqlite3.Connection.commit)

    def rollback(self) -> None:
        """Roll back, in this thread too."""
        self.errand(sqlite3.Connection.rollback)


class Driver(sqlite.Driver):
    """What `create_async_engine` takes as the `module`."""

    def connect(self, *arg: Any, **kw: Any) -> Connection:
        """A connection that any thread may use."""
        plain = super().connect(*arg, **kw | {"check_same_thread": False})
        return Connection(self, plain._connection)  # noqa: SLF001 -- the same connection, asked directly


def opened(path: Path) -> Database:
    """The database in this file, fast and without any promise to survive a crash."""
    engine = create_async_engine(
        f"sqlite+aiosqlite:///{path}", module=Driver(), hide_parameters=True
    )

    @event.listens_for(engine.sync_engine, "connect")
    def connect(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=OFF", "foreign_keys=ON"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def begin(connection: SyncConnection) -> None:
        reading = connection.get_execution_options().get("liaison_reading")
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")

    return Database(engine)
