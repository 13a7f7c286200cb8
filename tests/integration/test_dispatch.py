"""The dispatcher on both databases: what is promised leaves once, in order, and is recorded."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from directory.database import wake
from notifications.models import OutgoingMessage
from notifications.outbox_rules import LEASE, Rates
from notifications.records import release_leases
from tests.outbox_desk import Desk, page, until


@pytest.fixture
def desk(database, clock) -> Desk:
    return Desk(database, clock)


@pytest.fixture
async def filing(builders, desk):
    await builders.liaoning()
    return await desk.file()


async def test_a_committed_message_leaves_at_once_and_is_recorded(desk, clock):
    async with desk.running() as dispatcher:
        await desk.say(7, "你好", silent=True)
        await clock.settle()
        row = await desk.row()
    assert desk.channel.texts(7) == ["你好"]
    assert desk.channel.chats[7][0].silent
    assert (row.outcome, row.message_id, row.shown, row.not_before) == ("sent", 1, 1, None)
    assert (row.sent_at, row.lease, row.leased_until) == (clock.now(), None, None)
    assert (dispatcher.sent, dispatcher.last_cycle_at) == (1, clock.now())


async def test_what_was_committed_before_the_start_leaves_too(desk, clock):
    await desk.say(7, "一")
    async with desk.running():
        await clock.settle()
    assert desk.channel.texts(7) == ["一"]


async def test_a_message_for_later_waits_for_its_time(desk, clock):
    async with desk.running():
        await desk.say(7, "早", not_before=clock.now() + timedelta(minutes=5))
        await clock.advance(seconds=299)
        assert desk.channel.texts(7) == []
        await clock.advance(seconds=1)
        assert desk.channel.texts(7) == ["早"]


async def test_a_pages_arrival_is_part_of_the_history_without_its_chat(desk, clock, filing):
    async with desk.running():
        await page(desk, filing, 101)
        await page(desk, filing, -1001, "group", court_code="辽72")
        await desk.say(105, "news", kind="acknowledged", filing_id=filing.id)
        await clock.settle()
    assert sorted(await desk.events()) == [
        ("delivered", "telegram A"),
        ("delivered", "telegram 辽72 group"),
    ]


async def test_a_card_is_edited_when_its_filing_moves_on(desk, clock, database, filing):
    async with desk.running() as dispatcher:
        await page(desk, filing, 101)
        await clock.settle()
        await desk.refresh(filing)
        await clock.settle()
        row = await desk.row()
    assert desk.channel.texts(101) == ["card v2"]
    assert [call.method for call in desk.channel.calls] == ["send", "edit"]
    assert (row.shown, row.wanted, row.not_before) == (2, 2, None)
    assert (dispatcher.sent, dispatcher.edited) == (1, 1)
    assert await desk.events() == [("delivered", "telegram A")]


async def test_a_card_that_changed_while_it_was_on_its_way_is_edited_right_after(
    desk, clock, database, filing
):
    desk.channel.open.clear()
    async with desk.running():
        await page(desk, filing, 101)
        await until(lambda: desk.channel.calls)
        await desk.refresh(filing)
        desk.channel.open.set()
        await clock.settle()
    assert desk.channel.texts(101) == ["card v2"]


async def test_nothing_is_recorded_as_sent_before_it_was_sent(desk, clock, filing):
    desk.channel.open.clear()
    async with desk.running():
        await page(desk, filing, 101)
        await until(lambda: desk.channel.calls)
        row = await desk.row()
        assert (row.outcome, row.message_id, row.not_before) == (None, None, clock.now())
        assert row.leased_until == clock.now() + LEASE
        assert await desk.events() == []


async def test_a_crash_between_sending_and_recording_sends_again_within_a_minute(desk, clock):
    desk.channel.open.clear()
    await desk.say(7, "一")
    crashed = asyncio.create_task(desk.dispatcher().run())
    await until(lambda: desk.channel.calls)
    crashed.cancel()
    await asyncio.wait([crashed])
    desk.channel.open.set()
    async with desk.running():
        await clock.advance(seconds=39)
        assert desk.channel.texts(7) == []
        await clock.advance(seconds=1)
        assert desk.channel.texts(7) == ["一"]


async def test_leases_of_a_dead_process_can_be_voided_at_the_start(desk, clock, database):
    await desk.say(7, "一")
    async with database.transaction() as session:
        row = await session.scalar(select(OutgoingMessage))
        row.lease, row.leased_until = "dead", clock.now() + LEASE
    async with database.transaction() as session:
        await release_leases(session)
    async with desk.running():
        await clock.settle()
    assert desk.channel.texts(7) == ["一"]


async def test_what_no_longer_makes_sense_is_dropped(desk, clock):
    async with desk.running() as dispatcher:
        await desk.say(7, "stale")
        await clock.settle()
        row = await desk.row()
    assert (row.outcome, row.not_before) == ("dropped", None)
    assert desk.channel.calls == []
    assert dispatcher.dropped == 1


async def test_a_chat_is_sent_one_message_at_a_time_in_order(desk, clock):
    texts = [str(number) for number in range(30)]
    async with desk.running():
        await desk.say(-7, *texts)
        for chat in range(1, 20):
            await desk.say(chat, "并行")
        await clock.settle()
    assert desk.channel.texts(-7) == texts
    assert desk.channel.most_in_one_chat == 1
    assert desk.channel.most_under_way > 1


async def test_a_stop_lets_calls_end_and_gives_back_what_was_not_begun(desk, clock):
    for chat in range(1, 5):
        await desk.say(chat, "一")
    desk.channel.open.clear()
    dispatcher = desk.dispatcher(Rates(29, 0, 0))
    task = asyncio.create_task(dispatcher.run())
    await until(lambda: desk.channel.calls)
    stopping = asyncio.create_task(dispatcher.stop(5))
    await asyncio.sleep(0)
    assert not task.done()
    desk.channel.open.set()
    await stopping
    await task
    rows = await desk.rows()
    assert [row.outcome for row in rows] == ["sent", None, None, None]
    assert all(row.lease is None for row in rows)


async def test_a_stop_gives_up_a_call_that_does_not_end(desk):
    await desk.say(1, "一")
    desk.channel.open.clear()
    dispatcher = desk.dispatcher()
    task = asyncio.create_task(dispatcher.run())
    await until(lambda: desk.channel.calls)
    await dispatcher.stop(0.01)
    assert task.done()
    row = await desk.row()
    assert (row.outcome, row.lease is None) == (None, False)


async def test_every_wake_up_ends_in_rest(desk, clock, database):
    async with desk.running() as dispatcher:
        await clock.settle()
        for _ in range(3):
            async with database.transaction() as session:
                await session.scalar(select(func.count()).select_from(OutgoingMessage))
                wake(session, "outbox")
            await clock.settle()
        assert dispatcher.under_way == 0
