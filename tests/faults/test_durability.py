"""What SIGKILL cannot show: commits are synced. And the life of `serve` as a process: one at a time, ended, restarted."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import aiohttp
import pytest
from sqlalchemy import text

from bot.sandbox import Limits, LocalTelegram
from directory.database import Database
from tests import processes
from tests.faults import world
from tests.faults.ledger import open_ledger
from tests.processes import serving

#: SIGTERM must end `serve` within so many seconds.
STOP_SECONDS = 15.0

#: A restarted `serve` must begin to send what was promised within so many.
RESUME_SECONDS = 60.0


@pytest.fixture
async def database(sqlite_url) -> AsyncIterator[Database]:
    opened = Database.connect(sqlite_url)
    yield opened
    await opened.close()


async def test_every_connection_syncs_each_commit_to_the_disk(database):
    """FULL syncs the log at each commit; NORMAL, the usual companion of WAL, only at checkpoints."""
    full = 2
    async with AsyncExitStack() as stack:
        # One after the other would get the same connection of the pool again.
        several = [await stack.enter_async_context(database.reading()) for _ in range(4)]
        several.append(await stack.enter_async_context(database.transaction()))
        for session in several:
            found = [
                await session.scalar(text(f"PRAGMA {name}"))
                for name in ("synchronous", "journal_mode", "foreign_keys")
            ]
            assert found == [full, "wal", 1]


async def test_a_writing_transaction_takes_its_lock_at_the_beginning(database, sqlite_url):
    """Two that read first and write later both come through: neither is turned away half done."""
    other = Database.connect(sqlite_url)

    async def read_then_write(through: Database, number: int) -> None:
        async with through.transaction() as session:
            count = await session.scalar(text("SELECT count(*) FROM drafts"))
            await asyncio.sleep(0.05)
            await session.execute(
                text(
                    "INSERT INTO drafts (chat_id, telegram_id, kind, data, nonce, expires_at) "
                    "VALUES (:n, :count, 'file', '{}', 'n', '2019-08-19 00:00:00')"
                ),
                {"n": number, "count": count},
            )

    await asyncio.gather(*(read_then_write((database, other)[n % 2], n) for n in range(8)))
    async with database.reading() as session:
        seen = await session.scalars(text("SELECT telegram_id FROM drafts ORDER BY telegram_id"))
        # Each saw what the one before it had written.
        assert list(seen) == list(range(8))
    await other.close()


@pytest.fixture
async def telegram() -> AsyncIterator[LocalTelegram]:
    """A local Telegram on the machine's own clock, for processes that live by it."""
    async with LocalTelegram(limits=Limits.lifted()) as server:
        yield server


class Desk:
    """What a `serve` of its own needs: settings, people with phones, a token."""

    def __init__(self, telegram: LocalTelegram, settings: dict[str, str], secret: str) -> None:
        self.telegram = telegram
        self.settings = settings
        self.secret = secret

    async def file(self, client: aiohttp.ClientSession, address: str, reference: str) -> int:
        """Hand a filing in; the status of the answer."""
        body = {
            "reference": reference, "collaborating_court": "浙72", "jurisdiction_court": "辽72",
            "case_type": "civil_first_instance",
        }  # fmt: skip
        headers = {"Authorization": f"Bearer {self.secret}"}
        url = f"{address}/api/v1/filings"
        async with client.post(url, json=body, headers=headers) as answer:
            return answer.status

    def paged(self, chat_id: int) -> str:
        """All that a chat shows."""
        return "\n".join(m.text for m in self.telegram.world.chats[chat_id].messages.values())


@pytest.fixture
async def desk(sqlite_url, telegram, tmp_path) -> Desk:
    people, secret = await world.staff(sqlite_url)
    phone = telegram.add_phone(people.a.name, people.a.telegram_id)
    telegram.world.private_chat(phone.user)
    for court in (people.jurisdiction, people.collaborating):
        telegram.add_group(
            court.name, [phone], supergroup=True, announced=False, group_id=court.group_chat_id
        )
    ladder = tmp_path / "ladder.toml"
    # These tests run at any hour of the day.
    ladder.write_text('outside_hours = "page"\n')
    settings = {
        "LIAISON_DATABASE_URL": sqlite_url,
        "LIAISON_TELEGRAM_TOKEN": telegram.api.token,
        "LIAISON_TELEGRAM_API_URL": telegram.api_url,
        "LIAISON_LADDER": str(ladder),
        "LIAISON_RATE_GLOBAL": "0",
        "LIAISON_RATE_GROUP": "0",
        "LIAISON_RATE_CHAT": "0",
    }
    return Desk(telegram, settings, secret)


async def test_a_second_serve_on_the_same_sqlite_is_refused_with_a_sentence(desk, tmp_path):
    async with serving(tmp_path, **desk.settings) as first:
        second = await processes.command("serve", LIAISON_HTTP_PORT="0", **desk.settings)
        assert second.code == 1
        assert "SQLite" in second.err
        assert "Traceback" not in second.err
        async with aiohttp.ClientSession() as client:
            assert await desk.file(client, first.address, "KY-1") == 201
        assert await first.stop() == 0
    async with serving(tmp_path, **desk.settings) as again:
        assert again.process.returncode is None


async def test_sigterm_in_the_middle_of_a_burst_ends_serve_with_0_and_loses_nothing_answered(
    desk, tmp_path, sqlite_url
):
    answered: list[str] = []

    async def one(client: aiohttp.ClientSession, address: str, reference: str) -> None:
        try:
            status = await desk.file(client, address, reference)
        except aiohttp.ClientError:
            return
        if status in {200, 201}:
            answered.append(reference)

    async with serving(tmp_path, **desk.settings) as running, aiohttp.ClientSession() as client:
        burst = [
            asyncio.create_task(one(client, running.address, f"KY-{number:03d}"))
            for number in range(150)
        ]
        for some in asyncio.as_completed(burst):
            await some
            if len(answered) >= 20:
                break
        start = time.monotonic()
        assert await running.stop() == 0
        took = time.monotonic() - start
        await asyncio.gather(*burst)
    assert took < STOP_SECONDS
    ledger = open_ledger(sqlite_url)
    stored = {row["reference"] for row in ledger.rows("SELECT reference FROM filings")}
    ledger.close()
    assert set(answered) <= stored
    async with serving(tmp_path, **desk.settings):
        for chat_id in (101, -1001):
            await desk.telegram.until(
                lambda chat_id=chat_id: all(r in desk.paged(chat_id) for r in answered),
                timeout=RESUME_SECONDS,
            )


async def test_after_a_kill_the_next_serve_sends_what_was_promised_within_seconds(desk, tmp_path):
    """Telegram is down while twenty filings come in; the power fails; Telegram and `serve` come back."""
    references = [f"KY-{number:03d}" for number in range(20)]
    async with serving(tmp_path, **desk.settings) as running, aiohttp.ClientSession() as client:
        await desk.telegram.stop()
        statuses = await asyncio.gather(
            *(desk.file(client, running.address, reference) for reference in references)
        )
        assert statuses == [201] * len(references)
        await running.kill()
    await desk.telegram.start()
    start = time.monotonic()
    async with serving(tmp_path, **desk.settings):
        await desk.telegram.until(lambda: "KY-" in desk.paged(101), timeout=RESUME_SECONDS)
        first = time.monotonic() - start
        await desk.telegram.until(
            lambda: all(r in desk.paged(101) and r in desk.paged(-1001) for r in references),
            timeout=RESUME_SECONDS,
        )
    # A message's retry pause may have begun before the kill: half a minute at the most.
    assert first < 35, f"{first:.1f} s"
