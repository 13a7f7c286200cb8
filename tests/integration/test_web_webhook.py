"""Telegram's webhook: only Telegram may speak there, and it hears 200 only for what is stored."""

import io
import json

import pytest

from bot.settings import Settings
from tests.web_desk import served

PATH = "/telegram/%E6%9B%B4%E6%96%B0"
SECRET = "s3cret_0"
UPDATE = {"update_id": 7, "message": {"text": "/help"}}


class Updates:
    def __init__(self):
        self.taken = []
        self.fails = False

    async def handle(self, update):
        if self.fails:
            raise RuntimeError("the handler broke")
        self.taken.append(update)


@pytest.fixture
def updates():
    return Updates()


@pytest.fixture
async def desk(database, clock, updates):
    settings = Settings(
        telegram_mode="webhook",
        telegram_webhook_url="https://liaison.example.cn/telegram/更新",
        telegram_webhook_secret=SECRET,
    )
    async with served(database, clock, settings=settings, handle_update=updates.handle) as desk:
        yield desk


async def send(desk, update=UPDATE, secret=SECRET, data=None):
    headers = {"X-Telegram-Bot-Api-Secret-Token": secret} if secret is not None else {}
    return await desk.ask(
        "POST",
        PATH,
        token="",
        headers=headers,
        data=io.BytesIO(data or json.dumps(update).encode()),
    )


async def test_an_update_is_handed_on(desk, updates):
    assert (await send(desk)).status == 200
    assert updates.taken == [UPDATE]


@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET + "0", "秘密"])
async def test_who_does_not_know_the_secret_is_refused(desk, updates, secret):
    assert (await send(desk, secret=secret)).status == 403
    assert updates.taken == []


async def test_what_could_not_be_stored_is_500_so_that_telegram_sends_it_again(desk, updates):
    updates.fails = True
    assert (await send(desk)).status == 500
    updates.fails = False
    assert (await send(desk)).status == 200
    assert updates.taken == [UPDATE]


@pytest.mark.parametrize(
    "data", [b"{", b"[]", b"7", b"{}", b'{"update_id": "7"}', b"\xff", b"[" * 100_000]
)
async def test_what_is_no_update_is_400(desk, updates, data):
    assert (await send(desk, data=data)).status == 400
    assert updates.taken == []


async def test_an_update_may_have_up_to_one_mebibyte(desk, updates):
    most = json.dumps({"update_id": 7, "x": "y" * 1_000_000}).encode()
    assert (await send(desk, data=most.ljust(1024 * 1024))).status == 200
    assert (await send(desk, data=most.ljust(1024 * 1024 + 1))).status == 413
    assert len(updates.taken) == 1


async def test_the_path_is_not_named_in_the_figures(desk):
    await send(desk)
    figures = await (await desk.get("/metrics", token="")).text()
    assert 'route="telegram_webhook"' in figures
    assert "/telegram/" not in figures


async def test_polling_serves_no_webhook(database, clock, updates):
    async with served(database, clock, handle_update=updates.handle) as desk:
        assert (await send(desk)).status == 404
