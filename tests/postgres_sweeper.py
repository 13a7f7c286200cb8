"""Makes one PostgreSQL database as after `db upgrade`, test after test, over a connection that stays: a new one costs more than the work."""

import asyncio
import threading
from collections.abc import Coroutine
from typing import Any, TypeVar

import asyncpg
from sqlalchemy.engine import make_url

_Value = TypeVar("_Value")

#: A table with more rows than this is cut off rather than deleted from: each row deleted is looked for in every
#: table that refers to it, among the rows just deleted there, by a plan made when that table was empty.
MANY = 300

_FUNCTION = """
CREATE FUNCTION pg_temp.sweep() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    filled text[] := ARRAY[]::text[];
    many boolean := false;
    found bigint;
    one text;
BEGIN
{tables}
IF many THEN
    EXECUTE 'TRUNCATE ' || array_to_string(filled, ', ') || ' CASCADE';
ELSE
    FOREACH one IN ARRAY filled LOOP EXECUTE 'DELETE FROM ' || one; END LOOP;
END IF;
PERFORM setval(format('%I', sequencename)::regclass, 1, false) FROM pg_sequences
 WHERE schemaname = 'public' AND last_value IS NOT NULL;
END $$
"""

_TABLE = """
SELECT count(*) INTO found FROM (SELECT FROM "{name}" LIMIT {many} + 1) AS few;
IF found > 0 THEN filled := filled || '"{name}"'::text; many := many OR found > {many}; END IF;
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
        await self._connection.fetch("SELECT pg_temp.sweep()")
