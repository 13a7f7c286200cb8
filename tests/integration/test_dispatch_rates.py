"""The dispatcher's pace on both databases: even, shared, and below every limit as Telegram counts them."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import insert, text, update

from bot.sandbox.limits import Limits, Meter
from directory.database import Database
from notifications import claims, outbox
from notifications.models import OutgoingMessage, RateBudget
from notifications.outbox_rules import Rates
from tests.outbox_desk import LIFTED, Desk, page


@pytest.fixture
def desk(database, clock) -> Desk:
    return Desk(database, clock)


@pytest.fixture
async def filing(builders, desk):
    await builders.liaoning()
    return await desk.file()


async def test_a_page_goes_before_everything_older(desk, clock, filing):
    for chat in range(20, 60):
        await desk.say(chat, "旧")
    await page(desk, filing, 101)
    async with desk.running(Rates(10, 0, 0)):
        await clock.settle()
        assert [call.chat_id for call in desk.channel.calls] == [101]


async def test_two_processes_send_every_message_once_and_each_chat_in_order(desk, clock):
    texts = [str(number) for number in range(5)]
    async with desk.running(LIFTED, LIFTED):
        for chat in range(1, 13):
            await desk.say(chat, *texts)
        await clock.settle()
    assert all(desk.channel.texts(chat) == texts for chat in range(1, 13))
    assert desk.channel.most_in_one_chat == 1


@pytest.fixture
def strict(desk, clock):
    """Telegram's own way of counting, over the frozen clock."""
    meter, refused, at = Meter(Limits.real()), [], []
    start = clock.now()
    call = desk.channel._call

    async def counted(made):
        seconds = (clock.now() - start).total_seconds()
        at.append(seconds)
        if meter.admit(made.chat_id, seconds):
            refused.append((made, seconds))
        return await call(made)

    desk.channel._call = counted
    return refused, at


@pytest.mark.parametrize("processes", [1, 2])
async def test_a_burst_is_spread_evenly_below_the_limit_of_all_chats(
    desk, clock, strict, processes
):
    refused, at = strict
    for chat in range(1, 101):
        await desk.say(chat, "演练")
    async with desk.running(*[Rates()] * processes):
        await clock.advance(seconds=3.5)
    assert refused == []
    assert len(desk.channel.calls) == 100
    assert at[-1] < 99 / 29 * 1.02, "pacing must not cost time"


async def test_a_group_gets_twenty_in_a_minute_and_holds_up_no_other(desk, clock, strict):
    refused, _ = strict
    async with desk.running(Rates()):
        await desk.say(-7, *[str(number) for number in range(45)], priority=outbox.PAGE)
        await clock.settle()
        await desk.say(8, "其他")
        await clock.advance(seconds=0.1)
        assert desk.channel.texts(8) == ["其他"]
        await clock.advance(seconds=59)
        assert len(desk.channel.texts(-7)) == 20
        await clock.advance(minutes=2)
    assert desk.channel.texts(-7) == [str(number) for number in range(45)]
    assert refused == []


async def test_a_private_chat_gets_one_a_second_edits_included(desk, clock, strict, database):
    refused, _ = strict
    async with desk.running(Rates()):
        async with database.transaction() as session:
            number = await outbox.reply(session, 7, "一", now=clock.now())
        await clock.settle()
        async with database.transaction() as session:
            await outbox.edit_reply(session, number, "二", now=clock.now())
        await desk.say(7, "三")
        await clock.advance(seconds=1)
        assert desk.channel.texts(7) == ["一"]
        await clock.advance(seconds=2)
    assert desk.channel.texts(7) == ["二", "三"]
    assert refused == []


async def test_a_new_page_waits_behind_a_handful_only(desk, clock, filing):
    async with desk.running(Rates()):
        for chat in range(1, 200):
            await desk.say(chat, "通知", priority=outbox.LATER)
        await clock.advance(seconds=1)
        before = len(desk.channel.calls)
        await page(desk, filing, 1001)
        await clock.advance(seconds=1)
        order = [call.chat_id for call in desk.channel.calls[before:]]
    assert order.index(1001) <= 9


async def test_a_clock_set_back_does_not_stop_the_sending(desk, clock):
    async with desk.running(Rates(29, 0, 0)):
        await desk.say(1, "一")
        await clock.settle()
        clock.jump(clock.now() - timedelta(hours=1))
        await desk.say(2, "二")
        await clock.settle()
    assert desk.channel.texts(2) == ["二"]


async def test_when_thousands_fall_due_at_once_each_look_touches_a_few_rows(postgresql_url, clock):
    """A notice that is recalled makes all its copies due, long before the planner hears of it."""
    database, now = Database.connect(postgresql_url), clock.now()
    same = {"kind": "notice", "priority": outbox.LATER, "shown": 1, "outcome": "sent"}
    rows = [{**same, "chat_id": chat, "created_at": now} for chat in range(1, 2001)]
    async with database.transaction() as session:
        await session.execute(insert(OutgoingMessage), rows)
        chats = [{"chat_id": chat, "free_at": now, "recent": []} for chat in range(1, 201)]
        await session.execute(insert(RateBudget), chats)
        await session.execute(text("ANALYZE outbox, rate_budgets"))
        await session.execute(update(OutgoingMessage).values(not_before=now, wanted=2))
    async with database.transaction() as session:
        connection = await session.connection()
        asked = claims._DUE.compile(dialect=connection.dialect)
        values = tuple({"now": now, "limit": 34}[name] for name in asked.positiontup)
        told = await connection.exec_driver_sql(f"EXPLAIN (ANALYZE, TIMING OFF) {asked}", values)
        plan = "\n".join(row[0] for row in told)
    await database.close()
    looked_at = re.findall(r"rows=(\d+) loops=(\d+)|Rows Removed by Filter: (\d+)", plan)
    assert (
        sum(
            int(rows or 0) * int(loops or 0) + int(removed or 0)
            for rows, loops, removed in looked_at
        )
        < 1000
    ), plan
