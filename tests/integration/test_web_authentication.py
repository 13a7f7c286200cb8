"""Tokens are looked up cheaply when many come at once, and a revoked one is forgotten at once."""

import asyncio
from contextlib import asynccontextmanager

import pytest

from bot.web import authentication
from bot.web.authentication import Authenticator
from directory import tokens


class CountingDatabase:
    """The database, counting its reading transactions; `error` makes them fail."""

    def __init__(self, database):
        self._database = database
        self.wakeups = database.wakeups
        self.readings = 0
        self.error = None

    @asynccontextmanager
    async def reading(self):
        self.readings += 1
        if self.error is not None:
            raise self.error
        async with self._database.reading() as session:
            yield session


@pytest.fixture
def counting(database):
    return CountingDatabase(database)


@pytest.fixture
async def secret(database, clock):
    async with database.transaction() as session:
        return await tokens.create(session, "多次", "admin", now=clock.now())


async def test_requests_that_wait_together_share_a_transaction(counting, secret):
    authenticator = Authenticator(counting)
    callers = await asyncio.gather(*(authenticator.caller(secret) for _ in range(500)))
    assert {caller.name for caller in callers} == {"多次"}
    assert counting.readings <= 3


async def test_a_valid_token_is_remembered_for_a_moment_only(counting, secret, monkeypatch):
    authenticator = Authenticator(counting)
    for _ in range(9):
        assert await authenticator.caller(secret) is not None
    assert counting.readings <= 3
    counting.readings = 0
    monkeypatch.setattr(authentication, "MEMORY_SECONDS", 0.0)
    fresh = Authenticator(counting)
    for _ in range(3):
        assert await fresh.caller(secret) is not None
    assert counting.readings == 3


async def test_who_is_not_known_is_asked_for_each_time(counting):
    authenticator = Authenticator(counting)
    for _ in range(3):
        assert await authenticator.caller("liaison_wrong") is None
    assert counting.readings == 3


async def test_a_revocation_while_a_lookup_is_under_way_is_not_missed(
    counting, secret, database, clock
):
    authenticator = Authenticator(counting)
    under_way = asyncio.create_task(authenticator.caller(secret))
    await asyncio.sleep(0)
    async with database.transaction() as session:
        await tokens.revoke(session, "多次", now=clock.now())
    await under_way
    assert await authenticator.caller(secret) is None


async def test_a_revoked_token_is_forgotten_at_once(counting, secret, database, clock):
    authenticator = Authenticator(counting)
    assert await authenticator.caller(secret) is not None
    async with database.transaction() as session:
        await tokens.revoke(session, "多次", now=clock.now())
    assert await authenticator.caller(secret) is None
    assert counting.readings == 2


async def test_each_gets_the_answer_to_its_own_secret(counting, secret):
    authenticator = Authenticator(counting)
    right, wrong = await asyncio.gather(
        authenticator.caller(secret), authenticator.caller("liaison_wrong")
    )
    assert right.role == "admin"
    assert wrong is None


async def test_a_failed_lookup_fails_those_who_waited_and_no_later_one(counting, secret):
    authenticator = Authenticator(counting)
    counting.error = ConnectionRefusedError()
    failed = await asyncio.gather(
        *(authenticator.caller(secret) for _ in range(3)), return_exceptions=True
    )
    assert [type(error) for error in failed] == [ConnectionRefusedError] * 3
    counting.error = None
    assert await authenticator.caller(secret) is not None


async def test_who_gave_up_waiting_disturbs_nobody(counting, secret):
    authenticator = Authenticator(counting)
    impatient = asyncio.create_task(authenticator.caller(secret))
    patient = asyncio.create_task(authenticator.caller(secret))
    await asyncio.sleep(0)
    impatient.cancel()
    assert (await patient).name == "多次"
    await authenticator.close()
