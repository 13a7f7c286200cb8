"""Updates are taken once, committed before they are confirmed, and given up only when the handler is wrong."""

import asyncio
from datetime import timedelta

import pytest
import structlog
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from telegram.error import Conflict, NetworkError, RetryAfter

from bot.chat import leadership, updates
from bot.chat.after_commit import AfterCommit, AnswerPress, SendSecret
from bot.chat.leadership import Leadership
from bot.chat.updates import Updates
from bot.models import Draft, ReceivedUpdate
from directory.database import Database


class FakeBot:
    """Gives the scripted answers to getUpdates, then nothing; remembers every offset."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.offsets = []
        self.empty = asyncio.Event()

    async def do_api_request(self, endpoint, api_kwargs, read_timeout):
        assert endpoint == "get_Updates"
        assert set(api_kwargs["allowed_updates"]) == {
            "message", "callback_query", "inline_query", "my_chat_member",
        }  # fmt: skip
        assert read_timeout > api_kwargs["timeout"]
        self.offsets.append(api_kwargs["offset"])
        if not self.answers:
            self.empty.set()
            await asyncio.Event().wait()
        answer = self.answers.pop(0)
        if isinstance(answer, BaseException):
            raise answer
        return answer

    async def delete_webhook(self):
        self.answers.append([])


class Desk:
    def __init__(self, database, clock):
        self.database, self.clock = database, clock
        self.seen = []
        self.faults = []

    async def handler(self, session, update, now):
        self.seen.append(update["update_id"])
        if self.faults and (fault := self.faults.pop(0)) is not None:
            session.add(self.draft(now))
            await session.flush()
            raise fault
        session.add(self.draft(now))
        return [AnswerPress(str(update["update_id"]), "好")]

    def draft(self, now):
        return Draft(chat_id=1, telegram_id=1, kind="x", data={}, nonce="n", expires_at=now)

    def updates(self, bot=None):
        bot = bot or FakeBot()
        return Updates(self.database, self.handler, bot, self.clock, AfterCommit(bot, self.clock))

    async def rows(self):
        async with self.database.reading() as session:
            found = await session.scalars(select(ReceivedUpdate).order_by(ReceivedUpdate.update_id))
            return [(row.update_id, row.state, row.attempts) for row in found]

    async def drafts(self):
        async with self.database.reading() as session:
            return len((await session.scalars(select(Draft))).all())


@pytest.fixture
def desk(database, clock, monkeypatch):
    monkeypatch.setattr(updates, "RETRY_PAUSE", 0.001)
    monkeypatch.setattr(updates, "LONGEST_PAUSE", 0.002)
    return Desk(database, clock)


async def polled(taking, bot):
    task = asyncio.create_task(taking._poll())
    await asyncio.wait_for(bot.empty.wait(), 10)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_the_offset_moves_only_after_the_commit(desk):
    bot = FakeBot([{"update_id": 7}, {"update_id": 8}], [{"update_id": 8}, {"update_id": 9}])
    await polled(desk.updates(bot), bot)
    assert bot.offsets == [0, 9, 10]
    assert desk.seen == [7, 8, 9]
    assert await desk.rows() == [(7, "done", 1), (8, "done", 1), (9, "done", 1)]


async def test_numbers_that_begin_anew_after_a_quiet_week_are_not_confirmed_unread(desk):
    bot = FakeBot([{"update_id": 70}], [], [{"update_id": 7}], [])
    await polled(desk.updates(bot), bot)
    assert desk.seen == [70, 7]
    # An offset stands only until Telegram has nothing left: a higher one would confirm what comes next.
    assert bot.offsets == [0, 71, 0, 8, 0]


async def test_a_first_poll_that_still_waits_is_no_poll_that_failed(desk):
    bot = FakeBot()
    taking = desk.updates(bot)
    await polled(taking, bot)
    assert not taking.tried
    bot = FakeBot(NetworkError("gone"))
    taking = desk.updates(bot)
    await polled(taking, bot)
    assert (taking.tried, taking.connected) == (True, False)
    bot = FakeBot([])
    taking = desk.updates(bot)
    await polled(taking, bot)
    assert (taking.tried, taking.connected) == (True, True)


async def test_a_repeated_update_does_nothing_twice(desk):
    taking = desk.updates()
    await asyncio.gather(*(taking.take({"update_id": 7}) for _ in range(5)))
    assert await desk.drafts() == 1
    assert len(taking._after._waiting) == 1


async def test_what_a_failed_handler_did_is_rolled_back_and_tried_again(desk):
    desk.faults = [ValueError("党某某"), None]
    taking = desk.updates()
    await taking.take({"update_id": 7})
    assert desk.seen == [7, 7]
    assert await desk.drafts() == 1
    assert await desk.rows() == [(7, "done", 1)]


async def test_an_update_that_fails_three_times_is_kept_reported_and_passed_by(desk):
    desk.faults = [ValueError("当事人甲")] * 3
    bot = FakeBot([{"update_id": 7, "message": {"text": "当事人甲"}}, {"update_id": 8}])
    taking = desk.updates(bot)
    with structlog.testing.capture_logs() as logs:
        await polled(taking, bot)
    assert desk.seen == [7, 7, 7, 8]
    assert await desk.rows() == [(7, "failed", 3), (8, "done", 1)]
    assert taking.given_up == 1
    async with desk.database.reading() as session:
        row = await session.get_one(ReceivedUpdate, 7)
    assert row.body == {"update_id": 7, "message": {"text": "当事人甲"}}
    assert row.error.startswith("ValueError at ")
    assert "当事人" not in row.error + str(logs)
    await taking.take({"update_id": 7})
    assert desk.seen == [7, 7, 7, 8]


async def test_an_unreachable_database_is_waited_for_and_counts_as_no_failure(desk):
    outage = OperationalError("INSERT", {}, ConnectionError("gone"))
    desk.faults = [outage, ConnectionRefusedError(), outage, outage, outage, None]
    bot = FakeBot([{"update_id": 7}])
    await polled(desk.updates(bot), bot)
    assert await desk.rows() == [(7, "done", 1)]
    assert bot.offsets == [0, 8]


async def test_by_webhook_an_outage_is_raised_so_that_telegram_repeats(desk):
    desk.faults = [OperationalError("INSERT", {}, ConnectionError("gone")), None]
    taking = desk.updates()
    with pytest.raises(OperationalError):
        await taking.take({"update_id": 7})
    assert await desk.rows() == []
    await taking.take({"update_id": 7})
    assert await desk.rows() == [(7, "done", 1)]


async def test_polling_outlives_everything_telegram_answers(desk):
    bot = FakeBot(
        NetworkError("down"),
        Conflict("terminated by other getUpdates request"),
        Conflict("can't use getUpdates method while webhook is active"),
        TypeError("junk"),
        "not a list",
        [{"update_id": 7}],
    )
    sleeps = []

    async def sleep(seconds):
        sleeps.append(seconds)

    taking = desk.updates(bot)
    original = asyncio.sleep
    try:
        asyncio.sleep = sleep
        task = asyncio.create_task(taking._poll())
        await asyncio.wait_for(bot.empty.wait(), 10)
    finally:
        asyncio.sleep = original
        task.cancel()
    assert desk.seen == [7]
    assert max(sleeps) <= 5
    assert taking.connected
    assert taking.last_poll_at == desk.clock.now()


class TestLeadership:
    @pytest.fixture
    def engine_name(self):
        return "postgresql"

    @pytest.fixture(autouse=True)
    def quick(self, monkeypatch):
        monkeypatch.setattr(leadership, "TRY_SECONDS", 0.05)

    async def test_one_works_and_another_takes_over_when_its_connection_dies(
        self, database, database_url
    ):
        other = Database.connect(database_url)
        working = []
        started = {name: asyncio.Event() for name in ("first", "second")}

        def work(name):
            async def run():
                working.append(name)
                started[name].set()
                try:
                    await asyncio.Event().wait()
                finally:
                    working.remove(name)

            return run

        first = asyncio.create_task(Leadership(database).lead(work("first")))
        await asyncio.wait_for(started["first"].wait(), 10)
        second = asyncio.create_task(Leadership(other).lead(work("second")))
        await asyncio.sleep(0.3)
        assert working == ["first"]
        async with database.engine.connect() as connection:
            await connection.exec_driver_sql(
                "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'"
                " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            )
        await asyncio.wait_for(started["second"].wait(), 10)
        await asyncio.sleep(0.3)
        assert working == ["second"]
        for task in (first, second):
            task.cancel()
        await asyncio.gather(first, second, return_exceptions=True)
        assert working == []
        await other.close()

    async def test_a_leader_that_stops_frees_the_lock_at_once(self, database, database_url):
        other = Database.connect(database_url)
        started = asyncio.Event()

        async def forever():
            await asyncio.Event().wait()

        async def begin():
            started.set()

        first = asyncio.create_task(Leadership(database).lead(forever))
        await asyncio.sleep(0.3)
        second = asyncio.create_task(Leadership(other).lead(begin))
        await asyncio.sleep(0.2)
        assert not started.is_set()
        first.cancel()
        await asyncio.gather(first, return_exceptions=True)
        await asyncio.wait_for(second, 10)
        assert started.is_set()
        await other.close()


class BusyBot:
    """Asks for a pause twice, then takes the message."""

    def __init__(self):
        self.sent, self.asked, self.taken = [], 0, asyncio.Event()

    async def send_message(self, chat_id, text, **_options):
        self.asked += 1
        if self.asked < 3:
            raise RetryAfter(timedelta(milliseconds=1))
        self.sent.append((chat_id, text))
        self.taken.set()

    async def answer_callback_query(self, query_id, **_options):
        raise RetryAfter(timedelta(seconds=30))


async def test_a_secret_that_telegram_puts_off_is_sent_later_and_holds_nothing_up(clock):
    bot = BusyBot()
    after = AfterCommit(bot, clock)
    after.put([SendSecret(7, "一次性链接"), AnswerPress("q", "好")])
    async with asyncio.timeout(5):
        await after.drain()
        await bot.taken.wait()
    assert bot.sent == [(7, "一次性链接")]
