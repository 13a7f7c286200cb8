"""Makes one PostgreSQL database as after `db upgrade`, test after test, over a connection that stays: a new one costs more than the work."""

import asyncio
import threading
from collections.abc import Coroutine
from typing import Any, TypeVar

import asyncpg
from sqlalchemy.engine import make_url

_Value = TypeVar("_Value")

#: So many rows of one test are worth vacuuming before the next.
MANY = 2_000

_FUNCTION = """
CREATE FUNCTION pg_temp.sweep() RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE deleted bigint;
BEGIN
{tables}
PERFORM setval(format('%I', sequencename)::regclass, 1, false) FROM pg_sequences
 WHERE schemaname = 'public' AND last_value IS NOT NULL;
END $$
"""

_TABLE = """
IF EXISTS (SELECT FROM "{name}") THEN
    DELETE FROM "{name}";
    GET DIAGNOSTICS deleted = ROW_COUNT;
    IF deleted > {many} THEN RETURN NEXT '{name}'; END IF;
END IF;
"""

_LEAVE = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
 WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""


class Sweeper:
    """Empties the database `name`; lives in a thread of its own, as it outlives every test's event loop."""

    def __init__(self, server: str, name: str, tables: list[str]) -> None:
        """`tables`: their names, each before those it refers to."""
        self._url = make_url(server).set(database=name).render_as_string(hide_password=False)
        self._function = _FUNCTION.format(
            tables="".join(_TABLE.format(name=table, many=MANY) for table in tables)
        )
        self._connection: asyncpg.Connection | None = None
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True, name="sweeper")
        self._thread.start()

    def sweep(self) -> None:
        """Leave nobody connected, no row, and every number at its beginning; returns when it is so."""
        self._run(self._sweep())

    def close(self) -> None:
        """Disconnect and end the thread."""
        if self._connection is not None:
            self._run(self._connection.close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _run(self, work: Coroutine[Any, Any, _Value]) -> _Value:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    async def _sweep(self) -> None:
        if self._connection is None or self._connection.is_closed():
            self._connection = await asyncpg.connect(self._url)
            await self._connection.execute(self._function)
        await self._connection.fetch(_LEAVE)
        for (table,) in await self._connection.fetch("SELECT pg_temp.sweep()"):
            await self._connection.execute(f'VACUUM "{table}"')
