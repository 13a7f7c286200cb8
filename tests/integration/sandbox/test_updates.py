"""How updates reach the bot: confirmation, choice of kinds, faults of delivery, webhooks, other threads."""

import asyncio
import signal
import sys

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.sandbox import DeliveryFault, FaultPlan, Limits, LocalTelegram
from bot.sandbox.webhooks import SECRET_HEADER
from tests.integration.sandbox.desk import RawClient


@pytest.fixture
async def server():
    async with LocalTelegram(limits=Limits.lifted()) as telegram:
        telegram.api.webhook.retry_pause = 0.02
        yield telegram


@pytest.fixture
def person(server):
    return server.add_phone("张伟")


def texts(updates):
    return [update["message"]["text"] for update in updates]


async def test_an_update_comes_until_a_higher_offset_confirms_it(server, call, person):
    for word in "一二三":
        person.says(word)
    first = await call.ok("getUpdates")
    assert texts(first) == texts(await call.ok("getUpdates")) == ["一", "二", "三"]
    assert texts(await call.ok("getUpdates", limit=1)) == ["一"]
    rest = await call.ok("getUpdates", offset=first[0]["update_id"] + 1)
    assert texts(rest) == ["二", "三"]
    assert texts(await call.ok("getUpdates", offset=-1)) == ["三"]
    assert len(server.world.updates) == 1, "a negative offset forgets what lies before"
    await call.ok("getUpdates", offset=first[-1]["update_id"] + 1)
    await server.idle(timeout=0.1)


async def test_idle_says_what_was_not_confirmed(server, call, person):
    person.says("一")
    await call.ok("getUpdates")
    with pytest.raises(AssertionError, match="message"):
        await server.idle(timeout=0.01)


async def test_a_long_poll_returns_as_soon_as_something_comes(server, call, person):
    poll = asyncio.create_task(call.ok("getUpdates", timeout=30))
    await server.until(lambda: server.calls, timeout=2)
    person.says("来了")
    assert texts(await asyncio.wait_for(poll, 2)) == ["来了"]


async def test_only_the_kinds_asked_for_are_queued(call, person):
    await call.ok("getUpdates", allowed_updates=["callback_query"])
    person.says("一")
    assert await call.ok("getUpdates") == []
    await call.ok("getUpdates", allowed_updates=[])
    person.says("二")
    assert texts(await call.ok("getUpdates")) == ["二"]


async def test_polling_and_a_webhook_exclude_each_other(call):
    poll = asyncio.create_task(call("getUpdates", timeout=30))
    await asyncio.sleep(0.05)
    await call.ok("setWebhook", url="https://example.cn/hook")
    status, body = await poll
    assert (status, body["description"]) == (409, "Conflict: terminated by setWebhook request")
    status, body = await call("getUpdates")
    assert status == 409
    assert "can't use getUpdates method while webhook is active" in body["description"]
    await call.ok("deleteWebhook")
    await call.ok("getUpdates")


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"url": "http://example.cn/"}, "An HTTPS URL must be provided"),
        ({"url": "https://example.cn:8080/"}, "bad webhook"),
        ({"url": "https://example.cn:x/"}, "bad webhook"),
        ({"url": "https://example.cn/", "secret_token": "a b"}, "unallowed characters"),
    ],
)
async def test_a_wrong_webhook_is_refused(call, params, words):
    assert words in await call.no("setWebhook", **params)


async def test_an_update_may_come_twice_or_again_after_its_confirmation(server, call, person):
    server.faults = FaultPlan(deliveries={DeliveryFault.DUPLICATE: 1.0})
    person.says("一")
    double = await call.ok("getUpdates")
    assert texts(double) == ["一", "一"]
    assert double[0]["update_id"] == double[1]["update_id"]
    server.faults = FaultPlan(deliveries={DeliveryFault.REDELIVERED: 1.0})
    await call.ok("getUpdates", offset=double[0]["update_id"] + 1)
    person.says("二")
    once = (await call.ok("getUpdates"))[0]["update_id"]
    again = await call.ok("getUpdates", offset=once + 1)
    assert [update["update_id"] for update in again] == [once]
    assert await call.ok("getUpdates", offset=once + 1) == []


class Hook:
    """The bot's own address: notes what comes, answers as told."""

    def __init__(self):
        self.got = []
        self.secrets = []
        self.answers = []
        self.running = self.most = 0
        self.both = asyncio.Event()
        self.free = asyncio.Event()
        self.free.set()

    async def take(self, request):
        self.running += 1
        self.most = max(self.most, self.running)
        if self.running > 1:
            self.both.set()
        await self.free.wait()
        self.running -= 1
        status = self.answers.pop(0) if self.answers else 200
        self.secrets.append(request.headers.get(SECRET_HEADER))
        if status == 200:
            self.got.append(await request.json())
        return web.Response(status=status)


@pytest.fixture
async def hook():
    handler = Hook()
    application = web.Application()
    application.router.add_post("/hook", handler.take)
    async with TestServer(application, host="127.0.0.1") as running:
        handler.url = str(running.make_url("/hook"))
        yield handler


async def test_a_webhook_gets_updates_with_its_secret(server, call, person, hook):
    await call.ok("setWebhook", url=hook.url, secret_token="s3cret")
    person.says("一")
    await server.idle()
    assert texts(hook.got) == ["一"]
    assert hook.secrets == ["s3cret"]
    assert (await call.ok("getWebhookInfo"))["pending_update_count"] == 0


async def test_a_refused_update_is_delivered_again_in_order(server, call, person, hook):
    hook.answers = [500, 503]
    await call.ok("setWebhook", url=hook.url)
    person.says("一")
    person.says("二")
    await server.idle()
    assert texts(hook.got) == ["一", "二"]
    assert server.api.webhook.attempts == 4
    info = await call.ok("getWebhookInfo")
    assert "503" in info["last_error_message"]


async def test_chats_are_delivered_side_by_side_but_each_in_order(server, call, person, hook):
    other = server.add_phone("李娜")
    hook.free.clear()
    await call.ok("setWebhook", url=hook.url)
    for word in "一二":
        person.says(word)
        other.says(word)
    await asyncio.wait_for(hook.both.wait(), 2)
    await server.until(lambda: len(server.world.updates) == 4)
    assert hook.most == 2
    hook.free.set()
    await server.idle()
    mine = [u["message"]["text"] for u in hook.got if u["message"]["from"]["id"] == person.id]
    assert mine == ["一", "二"]


async def test_a_dead_address_is_tried_until_it_lives(server, call, person, hook):
    await call.ok("setWebhook", url="http://127.0.0.1:9/hook")
    person.says("一")
    await server.until(lambda: server.api.webhook.last_error)
    await call.ok("setWebhook", url=hook.url)
    await server.idle()
    assert texts(hook.got) == ["一"]


async def test_a_webhook_may_get_an_update_twice(server, call, person, hook):
    server.faults = FaultPlan(
        seed=1, deliveries={DeliveryFault.DUPLICATE: 0.5, DeliveryFault.REDELIVERED: 0.5}
    )
    await call.ok("setWebhook", url=hook.url)
    for word in "一二三四":
        person.says(word)
    await server.idle()
    assert sorted(texts(hook.got)) == sorted("一二三四" * 2)


async def test_a_server_in_its_own_thread_serves_phones_of_this_one():
    telegram = LocalTelegram()
    with telegram.run_in_thread():
        phone = telegram.add_phone("张伟")
        async with aiohttp.ClientSession() as session:
            call = RawClient(telegram, session)
            poll = asyncio.create_task(call.ok("getUpdates", timeout=20))
            await asyncio.sleep(0.05)
            phone.says("你好")
            assert texts(await asyncio.wait_for(poll, 3)) == ["你好"]
            send = asyncio.create_task(call.ok("sendMessage", chat_id=phone.id, text="收到"))
            assert (await phone.expects("收到")).from_bot
            await send
    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.ClientError):
            await session.get(telegram.api_url)


async def test_the_server_runs_as_a_program_of_its_own():
    program = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot.sandbox", "--no-limits", stdout=asyncio.subprocess.PIPE
    )
    try:
        address = (await asyncio.wait_for(program.stdout.readline(), 20)).decode().strip()
        async with aiohttp.ClientSession() as session:
            async with session.get(f"{address}bot123456:TEST/getMe") as answer:
                assert (await answer.json())["result"]["username"] == "liaison_bot"
            async with session.get(address) as answer:
                assert "本机电报" in await answer.text()
        program.send_signal(signal.SIGINT)
        assert await asyncio.wait_for(program.wait(), 10) == 0
    finally:
        if program.returncode is None:
            program.kill()
            await program.wait()


async def test_stopping_does_not_wait_for_a_long_poll(server, call):
    poll = asyncio.create_task(call("getUpdates", timeout=50))
    await server.until(lambda: server.calls)
    await asyncio.wait_for(server.stop(), 3)
    with pytest.raises(aiohttp.ClientError):
        await poll
