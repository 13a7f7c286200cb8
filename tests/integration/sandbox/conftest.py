"""What the tests of the local Telegram share: a server without limits on a clock of its own, a raw client, a person."""

import importlib
import sys
from types import ModuleType

import aiohttp
import pytest

from bot.sandbox import Limits, LocalTelegram
from tests.clock import FrozenClock
from tests.integration.sandbox.desk import RawClient


@pytest.fixture(scope="session")
def aiogram() -> ModuleType:
    """The other client, imported when asked for: it takes seconds, and one worker runs all that needs it."""
    for part in ("client.session.aiohttp", "client.telegram", "exceptions", "types"):
        importlib.import_module(f"aiogram.{part}")
    return sys.modules["aiogram"]


@pytest.fixture
def moved():
    return FrozenClock()


@pytest.fixture
async def server(moved):
    async with LocalTelegram(limits=Limits.lifted(), clock=moved.now) as telegram:
        yield telegram


@pytest.fixture
async def call(server):
    async with aiohttp.ClientSession() as session:
        yield RawClient(server, session)


@pytest.fixture
def person(server):
    phone = server.add_phone("张伟")
    phone.start()
    return phone


@pytest.fixture
def group(server, person):
    return server.add_group("大连海事法院立案组", [person])
