import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select

from directory.models import Court
from tests.clock import FrozenClock, StillBusyError


@pytest.mark.parametrize("time", [1, 2])
async def test_each_test_gets_an_empty_database_with_every_table(database, builders, time):
    async with database.reading() as session:
        assert (await session.scalars(select(Court))).all() == []
    people = await builders.liaoning()
    async with database.reading() as session:
        court = await session.get(Court, people.a.court_code)
        assert court is not None
        assert court.name == "大连海事法院"


async def test_moving_on_by_an_hour_stops_at_every_deadline(clock):
    start = clock.now()
    seen = []

    async def loop() -> None:
        wake = asyncio.Event()
        while True:
            await clock.wait(clock.now() + timedelta(minutes=25), wake)
            await asyncio.sleep(0.002)
            seen.append((clock.now() - start).total_seconds() / 60)

    task = asyncio.create_task(loop())
    await clock.loops(1)
    await clock.advance(hours=1)
    assert seen == [25, 50]
    assert clock.now() == start + timedelta(hours=1)
    task.cancel()


async def test_a_wake_up_ends_a_wait_without_a_deadline_and_is_used_up():
    clock = FrozenClock()
    wake = asyncio.Event()
    task = asyncio.create_task(clock.wait(None, wake))
    await clock.loops(1)
    assert not task.done()
    wake.set()
    await task
    assert not wake.is_set()


async def test_a_product_that_never_rests_is_named(clock):
    clock.settled_when("an update is unconfirmed", lambda: False)
    with pytest.raises(StillBusyError, match="an update is unconfirmed"):
        await clock.settle(patience=0.01)


async def test_a_loop_at_work_is_waited_for(clock):
    done = []

    async def loop() -> None:
        wake = asyncio.Event()
        await clock.wait(clock.now() + timedelta(seconds=1), wake)
        await asyncio.sleep(0.05)
        done.append(clock.now())
        await clock.wait(None, wake)

    task = asyncio.create_task(loop())
    await clock.loops(1)
    await clock.advance(seconds=1)
    assert done == [clock.now()]
    task.cancel()
