"""What costs much and comes out the same is done once in a process, not once for every product that a test builds; no product opens more connections than it needs."""

import asyncio
import contextlib
import functools
from typing import Any

from httpx._transports import default as transports
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg
from sqlalchemy.dialects.sqlite.aiosqlite import SQLiteDialect_aiosqlite
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool, ConnectionPoolEntry
from sqlalchemy.util import LRUCache
from sqlalchemy.util.concurrency import await_
from sqlalchemy.util.queue import Empty

from directory import database

#: More statements than the product has.
MANY = 8_000


class OneByOne(AsyncAdaptedQueuePool):
    """Opens one connection after the other: all loops start at once, and most have done when one more is open."""

    @functools.cached_property
    def _opening(self) -> asyncio.Lock:
        return asyncio.Lock()

    def _do_get(self) -> ConnectionPoolEntry:
        with contextlib.suppress(Empty):
            return self._pool.get(block=False)
        await_(self._opening.acquire())
        try:
            return super()._do_get()
        finally:
            self._opening.release()


@functools.cache
def share() -> None:
    """Let every bot and every `Database` that is made from now on find what others read and compiled."""
    _read_certificates_once()
    _compile_once()


def _read_certificates_once() -> None:
    """Nobody speaks TLS here, and reading the certificates takes longer than anything else at a start."""
    transports.create_ssl_context = functools.cache(transports.create_ssl_context)


def _compile_once() -> None:
    """A product has one engine, with which SQLAlchemy keeps what it compiled; tests have one after the other."""
    compiled: LRUCache[Any, Any] = LRUCache(MANY)

    def create(*words: Any, **options: Any) -> AsyncEngine:
        engine = create_async_engine(*words, poolclass=OneByOne, **options)
        engine.sync_engine._compiled_cache = compiled
        return engine

    database.create_async_engine = create
    # What was compiled is found by the dialect, and every engine has its own of these.
    for dialect in (SQLiteDialect_aiosqlite, PGDialect_asyncpg):
        dialect.__eq__ = lambda one, other: type(one) is type(other)
        dialect.__hash__ = lambda one: hash(type(one))
