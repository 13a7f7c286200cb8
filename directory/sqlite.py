"""How SQLite is spoken to: a statement is one errand to the connection's thread, not four. No settings, no tables.

aiosqlite runs each call of the driver in a thread of its own, and SQLAlchemy makes a call each to open a
cursor, execute, fetch and close. Handing over to a thread and back costs more than most statements do.
"""

import sqlite3
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import aiosqlite
from sqlalchemy.dialects.sqlite.aiosqlite import (
    AsyncAdapt_aiosqlite_connection,
    AsyncAdapt_aiosqlite_cursor,
    AsyncAdapt_aiosqlite_dbapi,
)
from sqlalchemy.util.concurrency import await_

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class _Done:
    """What a statement gave; its cursor is closed by then."""

    description: Any = None
    rowcount: int = -1
    lastrowid: int | None = None
    rows: Sequence[Any] = ()


class Cursor(AsyncAdapt_aiosqlite_cursor):
    """A cursor that exists in the thread only, as long as its statement runs."""

    __slots__ = ("_done", "_size")

    _adapt_connection: "Connection"

    def __init__(self, adapt_connection: "Connection") -> None:
        self._adapt_connection = adapt_connection
        self._rows = deque()
        self._done = _Done()
        self._size = 1

    @property
    def arraysize(self) -> int:
        """How many rows `fetchmany` gives unless it is told."""
        return self._size

    @arraysize.setter
    def arraysize(self, value: int) -> None:
        self._size = value

    @property
    def description(self) -> Any:
        """The columns of the result; None when there is none."""
        return self._done.description

    @property
    def rowcount(self) -> int:
        """How many rows were changed; -1 when that means nothing."""
        return self._done.rowcount

    @property
    def lastrowid(self) -> Any:
        """The number of the row inserted last."""
        return self._done.lastrowid

    def execute(self, operation: Any, parameters: Any = None) -> Any:
        """Run a statement and fetch all it gives."""
        self._run(lambda raw: raw.execute(operation, parameters or ()))

    def executemany(self, operation: Any, seq_of_parameters: Any) -> Any:
        """Run a statement once for each set of parameters."""
        self._run(lambda raw: raw.executemany(operation, seq_of_parameters))

    def close(self) -> None:
        """Forget what was not taken; in the thread nothing is left to close."""
        self._rows.clear()

    async def _async_soft_close(self) -> None:
        """Nothing to do, the same."""

    def _run(self, call: Callable[[sqlite3.Connection], sqlite3.Cursor]) -> None:
        def work(raw: sqlite3.Connection) -> _Done:
            cursor = call(raw)
            try:
                rows = cursor.fetchall() if cursor.description else ()
                return _Done(cursor.description, cursor.rowcount, cursor.lastrowid, rows)
            finally:
                cursor.close()

        self._done = self._adapt_connection.errand(work)
        self._rows = deque(self._done.rows)


class Connection(AsyncAdapt_aiosqlite_connection):
    """A connection whose transactions cost no errand when there is none to end."""

    __slots__ = ("_uncertain",)

    _cursor_cls = Cursor  # type: ignore[assignment]
    _connection: aiosqlite.Connection  # type: ignore[assignment]

    def __init__(self, dbapi: Any, connection: aiosqlite.Connection) -> None:
        super().__init__(dbapi, connection)  # type: ignore[arg-type]
        #: A caller left before its errand was done: whether a transaction is open is not known.
        self._uncertain = False

    def errand(self, work: Callable[[sqlite3.Connection], Found]) -> Found:
        """Have the connection's thread do `work`."""
        try:
            self._uncertain = True
            found: Found = await_(self._sent(work))
        except Exception as error:  # noqa: BLE001 -- the adapter of SQLAlchemy raises it as its own
            self._uncertain = False
            self._handle_exception(error)
        self._uncertain = False
        return found

    async def _sent(self, work: Callable[[sqlite3.Connection], Found]) -> Found:
        async with self._execute_mutex:
            # The library names no public way to do several things in one go; SQLAlchemy goes in here too.
            run: Any = self._connection._execute  # noqa: SLF001
            done: Found = await run(lambda: work(self._connection._conn))  # noqa: SLF001
            return done

    def rollback(self) -> None:
        """Roll back, unless it is certain that there is nothing to."""
        if self._uncertain or self._connection.in_transaction:
            super().rollback()


class Driver(AsyncAdapt_aiosqlite_dbapi):
    """What `create_async_engine` takes as the `module` for SQLite."""

    def __init__(self) -> None:
        super().__init__(aiosqlite, sqlite3)

    def connect(self, *arg: Any, **kw: Any) -> Connection:
        """A connection with a thread of its own, which does not keep the program from ending."""
        opening = aiosqlite.connect(*arg, **kw)
        opening._thread.daemon = True  # noqa: SLF001 -- as SQLAlchemy does
        return Connection(self, await_(opening))
