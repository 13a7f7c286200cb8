"""The loop for what falls due outside filings: what it asks of the database, and what a work that fails leaves to the others."""

import asyncio
import contextlib
from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import event, literal, select, text

from directory.database import UtcDateTime
from notifications.timekeeper import FAULT_PAUSE, Soonest, Timed, Timekeeper


class Work:
    """Something that is due `after` and done once."""

    def __init__(self, clock, name, after, asked="SELECT 1"):
        self.due = clock.now() + after
        self.clock = clock
        self.done = []
        self.asked = asked
        self.timed = Timed(name, self.earliest, self.work)

    async def earliest(self, session, _now):
        await session.execute(text(self.asked))
        return self.due

    async def work(self, _session, now):
        self.done.append(now)
        self.due = None


@pytest.fixture
async def keep(database, clock):
    """`await keep(works)`: a timekeeper of these works, at rest."""
    async with contextlib.AsyncExitStack() as stack:

        async def started(*works):
            keeper = Timekeeper(database, clock, [work.timed for work in works])
            task = asyncio.create_task(keeper.run())
            stack.callback(task.cancel)
            await clock.loops(1)
            return keeper

        yield started


async def test_one_transaction_asks_all_works_while_none_is_due(database, clock, keep):
    begun = []
    event.listen(database.engine.sync_engine, "begin", begun.append)
    works = [Work(clock, f"work {n}", timedelta(minutes=n)) for n in range(5, 25)]
    await keep(*works)
    assert len(begun) == 1
    start = clock.now()
    await clock.advance(minutes=6)
    assert [work.done for work in works[:3]] == [
        [start + timedelta(minutes=5)],
        [start + timedelta(minutes=6)],
        [],
    ]


async def test_works_that_wait_for_a_column_are_read_in_one_statement(database, clock, keep):
    asked = []
    event.listen(
        database.engine.sync_engine, "before_cursor_execute", lambda *call: asked.append(call[2])
    )
    done = []

    async def note(_session, now):
        done.append(now)

    at = clock.now() + timedelta(minutes=3)
    columns = [Soonest(select(literal(at + timedelta(minutes=n), UtcDateTime))) for n in range(9)]
    await keep(*(SimpleNamespace(timed=Timed(str(n), c, note)) for n, c in enumerate(columns)))
    assert sum("SELECT" in statement for statement in asked) == 1
    assert done == []


async def test_a_work_that_cannot_be_asked_rests_and_keeps_no_other_from_its_time(clock, keep):
    broken = Work(clock, "broken", timedelta(minutes=1), asked="SELECT nothing FROM nowhere")
    sound = Work(clock, "sound", timedelta(minutes=2))
    keeper = await keep(broken, sound)
    start = clock.now()
    await clock.advance(minutes=2)
    assert (broken.done, sound.done) == ([], [start + timedelta(minutes=2)])
    assert keeper.failures >= 2
    broken.asked = "SELECT 1"
    await clock.advance(seconds=FAULT_PAUSE.total_seconds())
    assert len(broken.done) == 1
