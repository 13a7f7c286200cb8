"""A robot takes twenty letters a minute: many at once are spread, none is refused, and no page in chat waits."""

import asyncio

import pytest

from notifications import outbox
from notifications.channels.apprise import AppriseChannel
from notifications.channels.memory import MemoryChannel
from notifications.dispatch import Dispatcher
from notifications.outbox_rules import Rates
from tests.fallback_receiver import Receiver, Serving
from tests.outbox_desk import Desk, written

LETTERS = 45


@pytest.fixture
def robot(clock):
    with Serving(Receiver(clock.now)) as serving:
        yield serving


@pytest.fixture
async def dispatcher(database, clock, robot):
    channel = AppriseChannel(["wecombot://robot-key"], client=robot.client)
    chat = MemoryChannel()
    desk = Desk(database, clock)
    made = Dispatcher(
        database, {"telegram": chat, "apprise": channel}, written, Rates(29, 20, 1), clock,
        desk.note_failure, spread=lambda: 0.0,
    )  # fmt: skip
    task = asyncio.create_task(made.run())
    clock.settled_when("outbox", lambda: made.idle)
    await clock.loops(1)
    yield made, channel.ways[0].number, chat, desk
    clock.forget("outbox")
    await made.stop(5)
    await asyncio.gather(task, return_exceptions=True)


async def test_a_burst_of_letters_is_spread_and_none_is_refused(dispatcher, clock, robot):
    _made, number, chat, desk = dispatcher
    texts = [f"第 {n} 封" for n in range(LETTERS)]
    await desk.say(number, *texts, channel="apprise", priority=outbox.PAGE)
    await desk.say(77, "待签收", priority=outbox.PAGE)
    await clock.advance(seconds=2)
    assert chat.texts(77) == ["待签收"]
    await clock.advance(seconds=58)
    assert len(robot.taken) == 20
    await clock.advance(minutes=2)
    assert [taken.text for taken in robot.taken] == texts
    assert robot.refused == 0


async def test_a_robot_that_had_enough_is_left_alone_for_a_minute(dispatcher, clock, robot):
    _made, number, chat, desk = dispatcher
    robot.script.append((200, {}, b'{"errcode":45009,"errmsg":"api freq out of limit"}'))
    await desk.say(number, "一", "二", channel="apprise", priority=outbox.PAGE)
    await clock.advance(seconds=59)
    assert robot.taken == []
    await desk.say(77, "待签收", priority=outbox.PAGE)
    await clock.advance(seconds=1)
    assert chat.texts(77) == ["待签收"]
    await clock.advance(seconds=5)
    assert [taken.text for taken in robot.taken] == ["一", "二"]
