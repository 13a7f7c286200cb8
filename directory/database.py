"""The database on both engines: connections, transactions, durable settings and the UTC column type. No tables."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from datetime import UTC, datetime
from typing import Any, Self

from sqlalchemy import BigInteger, DateTime, Integer, MetaData, event, text
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.ext.asyncio import (
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

from directory import postgresql, sqlite
from directory.wakeups import Wakeups

#: Big enough for chat ids and a hundred years of rows; SQLite only numbers plain INTEGER keys itself.
BigKey = BigInteger().with_variant(Integer, "sqlite")

#: How long (seconds) a writer waits for another before it gives up.
BUSY_SECONDS = 15

_READING = {"liaison_reading": True}

_NOTIFY = text("SELECT pg_notify(:channel, word) FROM unnest(CAST(:spoken AS text[])) AS word")


class UtcDateTime(TypeDecorator[datetime]):
    """An instant. Takes aware datetimes only, gives them back in UTC; SQLite itself would drop the zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Refuse naive values; store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            message = f"naive datetime {value!r}: every stored instant carries its zone"
            raise ValueError(message)
        # SQLite's own type writes the hands of the clock and leaves the zone out.
        return value if value.tzinfo is UTC else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Give back aware UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """The base of every table of the product."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: UtcDateTime()}  # noqa: RUF012


def wake(session: AsyncSession, *topics: str) -> None:
    """Ask that the loops waiting for `topics` look again once this transaction has committed."""
    session.info.setdefault("wake", set()).update(topics)


class Database:
    """One database and the ways into it. Close it when done."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine
        self.wakeups = Wakeups(engine)
        self._sessions = async_sessionmaker(engine, expire_on_commit=False)
        # SQLite has one writer; waiting in line costs less than being turned away and trying again.
        self._writing: AbstractAsyncContextManager[None] = (
            asyncio.Lock() if self.dialect == "sqlite" else nullcontext()
        )

    @classmethod
    def connect(cls, url: str) -> Self:
        """Open `url` (`sqlite+aiosqlite:///…` or `postgresql+asyncpg://…`); connects on first use.

        Errors name statements without their values, which may be of people.
        """
        if url.startswith("sqlite"):
            engine = create_async_engine(
                url,
                module=sqlite.Driver(),
                connect_args={"timeout": BUSY_SECONDS},
                hide_parameters=True,
            )
            _prepare_sqlite(engine)
        else:
            engine = create_async_engine(
                url,
                pool_size=12,
                max_overflow=8,
                hide_parameters=True,
                **postgresql.ways_in(url),
            )
            postgresql.ask_before_use(engine)
        return cls(engine)

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self.engine.dialect.name

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        """A writing transaction: commits at the end of the block, rolls back on any exception."""
        async with self._writing, self._sessions() as session:
            async with session.begin():
                yield session
                topics: set[str] = session.info.get("wake", set())
                await self._announce(session, topics)
            self.wakeups.set(topics)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        """A reading transaction: takes no write lock and leaves nothing behind."""
        async with self._sessions() as session:
            await session.connection(execution_options=_READING)
            yield session

    async def close(self) -> None:
        """Stop listening and close every connection."""
        await self.wakeups.stop()
        await self.engine.dispose()

    async def _announce(self, session: AsyncSession, topics: Iterable[str]) -> None:
        spoken = self.wakeups.spoken(topics)
        if spoken and self.dialect == "postgresql":
            await session.execute(_NOTIFY, {"channel": Wakeups.CHANNEL, "spoken": spoken})


def _prepare_sqlite(engine: AsyncEngine) -> None:
    """Durable WAL, enforced foreign keys, and a write lock taken at BEGIN.

    FULL makes a commit survive power loss (NORMAL does not in WAL mode). BEGIN IMMEDIATE because a
    transaction that reads first and writes later fails at once when another wrote in between.
    """

    @event.listens_for(engine.sync_engine, "connect")
    def connect(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def begin(connection: Connection) -> None:
        reading = connection.get_execution_options().get("liaison_reading")
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")
