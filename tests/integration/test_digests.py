"""Digests in the tables: one of each however many instances write, none for who left, none held back by another's fault."""

import asyncio
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import selectinload

from bot.texts import load_texts
from directory.models import Court, Officer
from notifications import digest_facts, digest_settings, digests, outbox
from notifications.desk import DeskRules
from notifications.digest_models import Digest
from notifications.ladder import LadderBook
from notifications.models import OutgoingMessage
from notifications.told import Voice
from tests.clock import MONDAY_MORNING

VOICE = Voice(load_texts(), DeskRules(LadderBook.built_in(), "Asia/Shanghai", "zh-CN"))

#: Beijing.
EARLY, OPENING, CLOSING = (
    MONDAY_MORNING + timedelta(days=1, hours=hours) for hours in (-4, -1, 7.5)
)


@pytest.fixture
async def people(builders, database):
    """The people of the first filing, with digests that come on empty days as well."""
    people = await builders.liaoning()
    async with database.transaction() as session:
        await digests.enlist(session, MONDAY_MORNING)
        await session.execute(update(Digest).values(when_empty=True))
    await write(database, EARLY)
    return people


async def write(database, now, voice=VOICE):
    """All that is due, batch by batch, as the timekeeper has it done."""
    while True:
        async with database.transaction() as session:
            due = await digests.earliest(session, now)
            if due is None or due > now:
                return
            await digests.write_due(session, now, voice)


async def sent(database, *words):
    async with database.reading() as session:
        found = await session.scalars(select(OutgoingMessage).order_by(OutgoingMessage.id))
        texts = [(row, row.payload["text"]) for row in found]
    return [row for row, text in texts if all(word in text for word in words)]


async def test_of_two_instances_one_writes_each_digest(database, people):
    async def instance():
        for _ in range(3):
            async with database.transaction() as session:
                await digests.write_due(session, CLOSING, VOICE)
                await asyncio.sleep(0)

    await asyncio.gather(instance(), instance(), instance())
    rows = await sent(database, "【")
    readers = {(row.chat_id, row.payload["text"].splitlines()[0]) for row in rows}
    assert len(rows) == len(readers)
    # Three mornings of A and B come too late to be of use; the days of both courts and the province are there.
    assert sorted(row.chat_id for row in rows) == [-1002, -1001, 104]
    assert {row.priority for row in rows} == {outbox.LATER}


async def test_enlisting_again_gives_nobody_a_second_one(database, people):
    async with database.transaction() as session:
        before = await session.scalar(select(func.count(Digest.id)))
        await digests.enlist(session, EARLY)
        assert await session.scalar(select(func.count(Digest.id))) == before
    # A, B and Ningbo's A; the leader; the coordinator; the two courts and the high court with people.
    assert before == 3 + 1 + 1 + 3


async def test_while_the_chat_is_out_of_reach_one_digest_waits_and_not_one_a_day(database, people):
    for ahead in range(3):
        await write(database, OPENING + timedelta(days=ahead))
    [waiting] = [row for row in await sent(database, "【早间提醒】") if row.chat_id == 101]
    assert "8月22日（周四）" in waiting.payload["text"]


async def test_who_wants_none_gets_none_and_nobody_else_goes_without(database, people):
    async def settle(now, *, off):
        async with database.transaction() as session:
            officer = await session.get_one(
                Officer, people.a.id, options=[selectinload(Officer.court)]
            )
            row = await digest_settings.of_officer(session, officer, "officer", VOICE.desk, now=now)
            await digest_settings.settle(
                session, row, VOICE.desk, by="A", now=now, time=None, off=off, when_empty=True
            )

    await settle(EARLY, off=True)
    await write(database, OPENING)
    assert [row.chat_id for row in await sent(database, "【早间提醒】")] == [102, 105]
    await settle(OPENING, off=False)
    await write(database, OPENING + timedelta(days=1))
    assert 101 in {row.chat_id for row in await sent(database, "【早间提醒】8月21日")}


async def test_who_left_is_told_nothing_and_their_row_goes(database, people):
    async with database.transaction() as session:
        leaving = await session.get_one(Officer, people.a.id)
        leaving.left_at = EARLY
    await write(database, OPENING)
    assert [row.chat_id for row in await sent(database, "【早间提醒】")] == [102, 105]
    async with database.reading() as session:
        left = select(func.count(Digest.id)).where(Digest.officer_id == people.a.id)
        assert await session.scalar(left) == 0


async def test_what_a_clock_that_was_ahead_had_planned_is_planned_anew(database, people):
    await write(database, OPENING + timedelta(days=30))
    before = len(await sent(database, "【"))
    await write(database, OPENING)
    await write(database, OPENING + timedelta(days=1))
    assert len(await sent(database, "【早间提醒】8月21日")) == 3
    assert len(await sent(database, "【")) >= before


async def test_one_court_s_fault_keeps_no_other_s_digest_back(database, people, monkeypatch):
    honest = digest_facts.court_days

    async def court_days(session, wanted, desk, *, now):
        if any(court.code == "辽72" for court, _ in wanted):
            raise ValueError
        return await honest(session, wanted, desk, now=now)

    monkeypatch.setattr(digest_facts, "court_days", court_days)
    async with database.transaction() as session:
        await digests.write_due(session, CLOSING, VOICE)
    assert [row.chat_id for row in await sent(database, "【每日小结】")] == [-1002]
    monkeypatch.undo()
    await write(database, CLOSING + timedelta(minutes=1))
    assert [row.chat_id for row in await sent(database, "【每日小结】")] == [-1002, -1001]
    async with database.reading() as session:
        done = set(await session.scalars(select(Digest.done_on).where(Digest.kind == "court")))
    assert done == {date(2019, 8, 20)}


@pytest.fixture
async def shared(builders, database, people):
    """One group of more courts than a batch holds."""
    async with database.transaction() as session:
        for number in range(digests.BATCH + 6):
            await builders.court(f"辽03{number:02}", group_chat_id=-1003, session=session)
        await session.flush()
        await digests.enlist(session, EARLY)
        await session.execute(update(Digest).values(when_empty=True))
    await write(database, EARLY)
    return -1003


async def test_a_group_is_told_of_all_its_courts_in_one_message_that_waits_out_an_outage(
    database, shared
):
    async def waiting():
        found = await sent(database, "【每日小结】")
        return [row.payload["text"].split("\n")[0] for row in found if row.chat_id == shared]

    for ahead, day in enumerate(("8月20日（周二）", "8月21日（周三）")):
        await write(database, CLOSING + timedelta(days=ahead))
        assert await waiting() == [f"<b>【每日小结】31 家法院　{day}</b>"]
    # A court with a time of its own takes no message from those that came before.
    async with database.transaction() as session:
        own = await session.scalar(select(func.min(Digest.id)).where(Digest.court_code == "辽0300"))
        row, at = await digest_settings.hold(session, own), CLOSING + timedelta(days=1)
        await digest_settings.settle(
            session, row, VOICE.desk, by="周琳", now=at, time="17:45", off=False, when_empty=True
        )
    await write(database, CLOSING + timedelta(days=2))
    await write(database, CLOSING + timedelta(days=2, hours=1))
    assert await waiting() == [
        "<b>【每日小结】30 家法院　8月22日（周四）</b>",
        "<b>【每日小结】辽0300法院　8月22日（周四）</b>",
    ]


@pytest.mark.parametrize("engine_name", ["postgresql"])  # SQLite lets one write at a time
async def test_while_one_instance_holds_a_group_another_writes_none_of_its_courts(database, shared):
    async with database.transaction() as session:
        first = await session.scalar(
            select(func.min(Digest.id)).where(Digest.court_code.like("辽03%"))
        )
        await digest_settings.hold(session, first)
        for _ in range(3):
            async with database.transaction() as other:
                await digests.write_due(other, CLOSING, VOICE)
        assert shared not in {row.chat_id for row in await sent(database, "【")}
    await write(database, CLOSING)
    assert [row.chat_id for row in await sent(database, "【")].count(shared) == 1


async def test_the_day_of_a_court_without_a_group_reaches_its_leader_or_else_who_answers_there(
    database, people
):
    async with database.transaction() as session:
        (await session.get_one(Court, "辽72")).group_chat_id = None
    heard = []
    for ahead, gone in enumerate((people.leader, people.a, people.b)):
        await write(database, CLOSING + timedelta(days=ahead))
        heard += [
            row.chat_id
            for row in await sent(database, "大连海事法院　8月2")
            if row.chat_id not in heard
        ]
        async with database.transaction() as session:
            (await session.get_one(Officer, gone.id)).left_at = CLOSING + timedelta(days=ahead)
    assert heard == [103, 101, 102]
