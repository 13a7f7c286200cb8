"""What the stories need beside phones: Beijing time, one filing as the API shows it, an account cut off."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest

from directory import officers
from directory.database import Database
from directory.models import Officer
from tests.clock import FrozenClock
from tests.desk import AskForClient

View = Callable[[str], Awaitable[dict[str, Any]]]


@pytest.fixture
async def seen_by_api(api: AskForClient) -> View:
    """`await seen_by_api(reference)`: the filing as a reader of the API sees it."""
    client = await api("reader")

    async def look(reference: str) -> dict[str, Any]:
        async with client.get(f"/api/v1/filings/{quote(reference, safe='')}") as answer:
            assert answer.status == 200, await answer.text()
            seen: dict[str, Any] = await answer.json()
            return seen

    return look


@pytest.fixture
def cut_off(database: Database, clock: FrozenClock) -> Callable[[Officer], Awaitable[None]]:
    """`await cut_off(officer)`: the chat account is unlinked, as `unlink OFFICER` does."""

    async def unlink(officer: Officer) -> None:
        async with database.transaction() as session:
            held = await session.get_one(Officer, officer.id)
            await officers.unlink(session, held, who="管理员", now=clock.now())

    return unlink


@pytest.fixture
def beijing(clock: FrozenClock) -> Callable[..., Awaitable[None]]:
    """`await beijing("18:00", day=24)`: move on to that time of August 2019 (or another month)."""

    async def until(time: str, day: int = 19, month: int = 8) -> None:
        hour, minute = map(int, time.split(":"))
        local = datetime(2019, month, day, hour, minute, tzinfo=UTC)
        await clock.to(local - timedelta(hours=8))

    return until
