"""The ways into the database: commits of other processes are heard, errors name no values."""

import asyncio

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from directory import wakeups
from directory.database import Database, wake


class StartingUp(Exception):
    """As asyncpg says, unwrapped, that a server accepts no connection yet."""

    sqlstate = "57P03"


class Unready:
    """An engine whose first connection is refused."""

    def __init__(self, engine):
        self.engine = engine
        self.dialect = engine.dialect
        self.refused = asyncio.Event()

    def connect(self):
        if not self.refused.is_set():
            self.refused.set()
            raise StartingUp
        return self.engine.connect()


@pytest.fixture
def impatient(monkeypatch):
    monkeypatch.setattr(wakeups, "WATCH_SECONDS", 0.02)


async def test_a_refusal_of_whatever_kind_does_not_end_the_listening(
    database, database_url, impatient
):
    database.wakeups._engine = unready = Unready(database.engine)
    heard = database.wakeups.event("steps")
    await database.wakeups.start()
    elsewhere = Database.connect(database_url)
    try:
        async with asyncio.timeout(5):
            await unready.refused.wait()
            # Being back is itself a reason to look; what is asked here is whether commits are heard.
            await asyncio.sleep(0.3)
            heard.clear()
            async with elsewhere.transaction() as session:
                await session.connection()
                await session.execute(text("CREATE TABLE anything (id INTEGER)"))
                wake(session, "steps")
            await heard.wait()
    finally:
        await elsewhere.close()


async def test_an_error_says_nothing_of_the_values_it_was_given(database):
    with pytest.raises(DBAPIError) as caught:
        async with database.transaction() as session:
            await session.execute(
                text("SELECT * FROM nowhere WHERE name = :name"), {"name": "王建国"}
            )
    assert "王建国" not in str(caught.value)
