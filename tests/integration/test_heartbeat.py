"""The desk's own pulse: signs of life, outages told from set clocks, pings only while all works, systemd."""

import socket
from datetime import timedelta

import pytest
import structlog
from aiohttp import web
from pydantic import HttpUrl
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from bot import heartbeat
from bot.heartbeat import Pulse
from bot.watchdog import Watchdog
from notifications.desk import DeskRules
from notifications.ladder import LadderBook
from notifications.models import Outage, SignOfLife
from tests.desk import running

DESK = DeskRules(LadderBook.built_in(), "Asia/Shanghai", "zh-CN")


class World:
    """What the pulse looks at; a test sets it."""

    def __init__(self):
        self.loops = self.chat = True
        self.seconds = 1000.0


class Listener:
    """An address that is pinged."""

    def __init__(self):
        self.pings = 0
        self.status = 200
        self.url = ""

    async def answer(self, request):
        self.pings += 1
        return web.Response(status=self.status)


@pytest.fixture
def world():
    return World()


@pytest.fixture
async def listener():
    heard = Listener()
    site = web.Application()
    site.router.add_get("/ping/sesame", heard.answer)
    runner = web.AppRunner(site)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    heard.url = f"http://127.0.0.1:{runner.addresses[0][1]}/ping/sesame"
    yield heard
    await runner.cleanup()


@pytest.fixture
def systemd(tmp_path):
    """A socket as systemd opens one; `heard()` is what was said to it."""
    path = str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as link:
        link.bind(path)
        link.setblocking(False)

        def heard():
            words = []
            while True:
                try:
                    words.append(link.recv(100).decode())
                except BlockingIOError:
                    return words

        yield path, heard


@pytest.fixture
def pulse(database, clock, world, listener, systemd):
    return Pulse(
        database, clock, DESK, lambda: world.loops, lambda: world.chat, listener.url,
        Watchdog(systemd[0]), lambda: world.seconds,
    )  # fmt: skip


async def later(pulse, clock, world, seconds):
    world.seconds += seconds
    clock.jump(clock.now() + timedelta(seconds=seconds))
    await pulse.look()


async def rows(database, model):
    async with database.reading() as session:
        return list(await session.scalars(select(model)))


async def test_a_sign_of_life_is_written_every_half_minute(database, clock, world, pulse):
    await pulse.begin()
    began = clock.now()
    await later(pulse, clock, world, 29)
    assert [sign.at for sign in await rows(database, SignOfLife)] == [began]
    await later(pulse, clock, world, 1)
    assert [sign.at for sign in await rows(database, SignOfLife)] == [clock.now()]
    assert await rows(database, Outage) == []


async def test_loops_that_stand_still_sign_nothing_and_are_an_outage_afterwards(
    database, clock, world, pulse
):
    await pulse.begin()
    began = clock.now()
    world.loops = False
    for _ in range(10):
        await later(pulse, clock, world, 60)
    world.loops = True
    await later(pulse, clock, world, 60)
    [outage] = await rows(database, Outage)
    assert (outage.began_at, outage.ended_at) == (began, clock.now())


async def test_a_clock_that_is_set_is_no_outage(database, clock, world, pulse):
    await pulse.begin()
    clock.jump(clock.now() + timedelta(days=3))
    await later(pulse, clock, world, 30)
    clock.jump(clock.now() - timedelta(days=9))
    await later(pulse, clock, world, 30)
    assert await rows(database, Outage) == []


async def test_while_another_process_signed_nobody_was_without_pages(database, clock, world, pulse):
    await pulse.begin()
    world.loops = False
    await later(pulse, clock, world, 600)
    other = Pulse(database, clock, DESK, lambda: True, lambda: True, None, Watchdog(None))
    async with database.transaction() as session:
        (await session.get_one(SignOfLife, "loop")).at = clock.now()
    await other.begin()
    world.loops = True
    await later(pulse, clock, world, 30)
    assert await rows(database, Outage) == []


async def test_a_ping_is_sent_only_while_loops_database_and_chat_work(
    clock, world, pulse, listener
):
    await pulse.beat()
    assert listener.pings == 0, "before the first sign"
    await pulse.begin()
    await pulse.beat()
    assert (listener.pings, pulse.pings) == (1, 1)
    for part in ("loops", "chat"):
        setattr(world, part, False)
        await pulse.beat()
        setattr(world, part, True)
    world.seconds += heartbeat.FRESH + 1
    await pulse.beat()
    assert listener.pings == 1, "the last commit is too old"
    await later(pulse, clock, world, 0)
    await pulse.beat()
    assert listener.pings == 2


async def test_a_database_that_takes_no_write_stops_the_ping(
    database, clock, world, pulse, listener, monkeypatch
):
    await pulse.begin()

    async def refused(session, now):
        raise OperationalError("INSERT", {}, ConnectionError("gone"))

    monkeypatch.setattr(heartbeat.outages_told, "sign", refused)
    await later(pulse, clock, world, 60)
    await pulse.beat()
    assert listener.pings == 0


async def test_a_ping_that_is_not_taken_is_counted_said_once_and_names_no_address(
    world, pulse, listener
):
    await pulse.begin()
    listener.status = 500
    with structlog.testing.capture_logs() as logs:
        await pulse.beat()
        pulse.heartbeat_url = "http://127.0.0.1:1/ping/sesame"
        await pulse.beat()
    assert pulse.failed_pings == 2
    assert [line["event"] for line in logs] == ["heartbeat_not_taken"]
    assert "sesame" not in str(logs)


async def test_systemd_is_fed_while_the_loops_live_and_not_when_they_stick(
    clock, world, pulse, systemd
):
    heard = systemd[1]
    await pulse.begin()
    await later(pulse, clock, world, 5)
    assert heard() == ["WATCHDOG=1"]
    world.loops = False
    await later(pulse, clock, world, 5)
    assert heard() == []


async def test_neither_the_chat_nor_the_database_being_out_has_the_process_replaced(
    clock, world, pulse, systemd, monkeypatch
):
    heard = systemd[1]
    await pulse.begin()
    world.chat = False
    await later(pulse, clock, world, 5)
    assert heard() == ["WATCHDOG=1"]

    def gone():
        raise OperationalError("BEGIN", {}, ConnectionError("gone"))

    monkeypatch.setattr(pulse.database, "transaction", gone, raising=False)
    world.loops = False
    await later(pulse, clock, world, 60)
    assert heard() == ["WATCHDOG=1"]


async def test_the_product_says_when_it_is_ready_and_when_it_stops(
    settings, clock, systemd, monkeypatch, liaoning
):
    monkeypatch.setenv("NOTIFY_SOCKET", systemd[0])
    async with running(settings, clock):
        assert systemd[1]()[0] == "READY=1"
    assert "STOPPING=1" in systemd[1]()


async def test_a_socket_that_is_gone_is_said_once_and_fails_nobody():
    watchdog = Watchdog("/nonexistent/notify")
    with structlog.testing.capture_logs() as logs:
        watchdog.ready()
        watchdog.alive()
    assert [line["event"] for line in logs] == ["watchdog_unreachable"]


async def test_the_product_pings_once_a_poll_was_answered(
    settings, clock, listener, liaoning, phones
):
    told = settings.model_copy(update={"heartbeat_url": HttpUrl(listener.url)})
    async with running(told, clock) as app:
        assert not app.chat_works()
        await phones["A岗"].says("/me")
        assert app.chat_works()
        await app.pulse.beat()
        assert listener.pings == 1
