"""Which instance polls the chat: on PostgreSQL the holder of an advisory lock, on SQLite the only one there is."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

import structlog
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from directory.database import Database

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

#: Any number that nothing else locks.
LOCK = 7_261_002

#: How often (seconds) others try to take over, and the holder makes sure that it still holds.
TRY_SECONDS = 3.0

#: How long (seconds) the database may take to say that the lock is held.
CHECK_SECONDS = 3.0

#: A holder whose machine vanished without a word is noticed by the server within eight seconds.
_KEEPALIVE = (
    "SET tcp_keepalives_idle = 3",
    "SET tcp_keepalives_interval = 2",
    "SET tcp_keepalives_count = 2",
)


class Leadership:
    """Runs something on one instance at a time; another takes over within ten seconds."""

    def __init__(self, database: Database) -> None:
        self._database = database
        #: Whether this instance does the work now.
        self.holds = False

    async def lead(self, work: Callable[[], Awaitable[None]]) -> None:
        """Do `work` whenever this instance may; ends only when cancelled or when `work` does.

        `work` is cancelled when the connection that holds the lock is lost, for then the lock is
        free and another instance has begun.
        """
        if self._database.dialect == "sqlite":
            self.holds = True
            try:
                await work()
            finally:
                self.holds = False
            return
        while True:
            try:
                if await self._try(work):
                    return
            except (SQLAlchemyError, OSError) as error:
                log.warning("leadership_waits_for_database", error=type(error).__name__)
            await asyncio.sleep(TRY_SECONDS)

    async def _try(self, work: Callable[[], Awaitable[None]]) -> bool:
        """True when `work` ended by itself."""
        async with self._database.engine.connect() as plain:
            connection = await plain.execution_options(isolation_level="AUTOCOMMIT")
            if not await connection.scalar(
                text("SELECT pg_try_advisory_lock(:key)"), {"key": LOCK}
            ):
                return False
            try:
                for statement in _KEEPALIVE:
                    await connection.execute(text(statement))
                return await self._lead(connection, work)
            finally:
                # The lock belongs to the session: it must not go back to the pool and live on.
                await asyncio.shield(connection.invalidate())

    async def _lead(self, connection: AsyncConnection, work: Callable[[], Awaitable[None]]) -> bool:
        self.holds = True
        log.info("leadership_taken")
        task = asyncio.ensure_future(work())
        try:
            while not (await asyncio.wait({task}, timeout=TRY_SECONDS))[0]:
                async with asyncio.timeout(CHECK_SECONDS):
                    await connection.execute(text("SELECT 1"))
            task.result()
            return True
        finally:
            self.holds = False
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.wait({task})
            log.info("leadership_given_up")
