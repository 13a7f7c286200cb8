"""Two instances, an outage, a batch that fills the outbox: each card is asked about once, and no page waits for it."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from bot.texts import load_texts
from directory import province_rules, shifts
from directory.change_models import Verification
from directory.database import Database
from directory.models import Officer
from notifications import outbox, verification_lists, verifications
from notifications.desk import DeskRules
from notifications.ladder import LadderBook
from notifications.models import OutgoingMessage
from notifications.outbox_rules import Rates
from notifications.told import Voice
from tests.outbox_desk import Desk

VOICE = Voice(load_texts(), DeskRules(LadderBook.built_in(), "Asia/Shanghai", "zh-CN"))


async def _in_turn(databases, work, now, times=3):
    """Every instance does what it finds due, again and again, at the same time."""

    async def one(database):
        for _ in range(times):
            async with database.transaction() as session:
                await work(session, now, VOICE)

    await asyncio.gather(*(one(database) for database in databases))


async def _count(database, model):
    async with database.reading() as session:
        return await session.scalar(select(func.count()).select_from(model))


@pytest.mark.parametrize("engine_name", ["postgresql"])
async def test_two_instances_plan_ask_and_list_each_person_once(
    liaoning, database, database_url, builders, clock
):
    other = Database.connect(database_url)
    now = clock.now()
    for number in range(30):
        await builders.officer("辽72", f"人{number}", "B", 500 + number if number % 2 else None)
    await _in_turn((database, other), verifications.plan, now)
    async with database.transaction() as session:
        assert await verifications.earliest_unplanned(session, now) is None
        await session.execute(update(Officer).values(verify_next_at=now))
    await _in_turn((database, other), verifications.ask, now)
    # 35 people; half of the 30 are reached, and all five who stand at the desk.
    assert (await _count(database, Verification), await _count(database, OutgoingMessage)) == (
        35,
        20,
    )
    week_later = now + timedelta(days=7)
    await _in_turn((database, other), verification_lists.escalate, week_later)
    async with database.reading() as session:
        written = await session.scalars(
            select(OutgoingMessage).where(OutgoingMessage.dedupe_key.is_distinct_from(None))
        )
        lists = [row for row in written if row.dedupe_key.startswith("verify:list:")]
        states = await session.execute(
            select(Verification.state, func.count()).group_by(Verification.state)
        )
        assert dict(states.all()) == {"leader": 35}
    # One list of the court's 32; the three who would be asked about themselves wait for the province's.
    assert [row.dedupe_key for row in lists] == ["verify:list:辽72:2019-08-26"]
    assert [len(part["people"]) for part in lists[0].payload["list"]["parts"]] == [8, 8, 8, 8]
    assert await _count(database, OutgoingMessage) == 24
    await other.close()


async def test_after_an_outage_once_and_in_the_courts_hours(liaoning, database, clock):
    asked_of = liaoning.a.id

    async def due_since(at):
        async with database.transaction() as session:
            await session.execute(
                update(Officer).values(verify_next_at=datetime(2030, 1, 1, tzinfo=UTC))
            )
            mine = update(Officer).where(Officer.id == asked_of)
            await session.execute(mine.values(verify_next_at=at))

    # Three weeks late, at night: not before the next morning; then once, and not again in the period.
    night = datetime(2019, 9, 9, 14, 0, tzinfo=UTC)
    await due_since(clock.now())
    await _in_turn((database,), verifications.ask, night)
    assert await _count(database, Verification) == 0
    async with database.reading() as session:
        planned = await verifications.earliest_asking(session, night)
    assert (
        datetime(2019, 9, 10, 1, 0, tzinfo=UTC) <= planned < datetime(2019, 9, 10, 9, 0, tzinfo=UTC)
    )
    await _in_turn((database,), verifications.ask, planned)
    assert await _count(database, Verification) == 1
    await _in_turn((database,), verifications.ask, planned + timedelta(days=89))
    assert await _count(database, Verification) == 1
    # Nobody answered in a whole period: that one ends, and the person is asked anew.
    async with database.reading() as session:
        again = await verifications.earliest_asking(session, night)
    again = again.replace(hour=2)
    assert timedelta(days=89) < again - planned < timedelta(days=91)
    await due_since(again)
    await _in_turn((database,), verifications.ask, again)
    async with database.reading() as session:
        states = await session.scalars(select(Verification.state).order_by(Verification.id))
        assert states.all() == ["closed", "asked"]


@pytest.mark.parametrize("engine_name", ["sqlite"])
async def test_nobody_is_asked_on_leave_where_the_province_asks_none_or_again_while_it_waits(
    liaoning, database, clock
):
    now, today = clock.now(), clock.now().date()
    async with database.transaction() as session:
        await shifts.leave(session, liaoning.a.id, today, today, by="cli", now=now)
        await province_rules.change(session, "浙江省", by="cli", now=now, verify_days=0)
        session.add(
            Verification(
                officer_id=liaoning.b.id,
                asked_at=now - timedelta(days=9),
                state="leader",
                next_at=None,
            )
        )
        left = await session.get_one(Officer, liaoning.leader.id)
        left.left_at = now
    await _in_turn((database,), verifications.plan, now)
    async with database.transaction() as session:
        await session.execute(update(Officer).values(verify_next_at=now))
    await _in_turn((database,), verifications.ask, now)
    async with database.reading() as session:
        asked = select(Verification.officer_id).where(Verification.asked_at == now)
        assert (await session.scalars(asked)).all() == [liaoning.coordinator.id]
        when = select(Officer.id, Officer.verify_next_at)
        planned = {number: (at.date() - today).days for number, at in await session.execute(when)}
    # The next morning; when that asking is a period old; to be looked at again.
    assert planned[liaoning.a.id] == 1
    assert (planned[liaoning.b.id], planned[liaoning.coordinator.id]) == (81, 90)
    assert planned[liaoning.filing_officer.id] == planned[liaoning.leader.id] == 90


@pytest.mark.parametrize("engine_name", ["sqlite"])
async def test_a_list_is_no_longer_than_anybody_reads_and_the_rest_follow(
    liaoning, database, builders, clock
):
    now = clock.now()
    people = [await builders.officer("辽72", f"人{number}", "B") for number in range(45)]
    async with database.transaction() as session:
        session.add_all(
            Verification(officer_id=one.id, asked_at=now, state="asked", next_at=now)
            for one in people
        )
    await _in_turn((database,), verification_lists.escalate, now)
    query = select(Verification.state, func.count()).group_by(Verification.state)
    async with database.reading() as session:
        assert dict((await session.execute(query)).all()) == {"asked": 5, "leader": 40}
        tomorrow = await verification_lists.earliest(session, now)
        assert await session.scalar(select(func.count()).select_from(OutgoingMessage)) == 5
    assert tomorrow == datetime(2019, 8, 20, 1, 0, tzinfo=UTC)
    await _in_turn((database,), verification_lists.escalate, tomorrow)
    async with database.reading() as session:
        assert dict((await session.execute(query)).all()) == {"leader": 45}


@pytest.mark.parametrize("engine_name", ["sqlite"])
async def test_a_provinces_list_waits_for_a_coordinator_who_is_reached(liaoning, database, clock):
    now = clock.now()
    async with database.transaction() as session:
        session.add(
            Verification(officer_id=liaoning.b.id, asked_at=now, state="leader", next_at=now)
        )
        (await session.get_one(Officer, liaoning.coordinator.id)).blocked_at = now
    await _in_turn((database,), verification_lists.escalate, now)
    async with database.transaction() as session:
        again = await verification_lists.earliest(session, now)
        assert await session.scalar(select(func.count()).select_from(OutgoingMessage)) == 0
        (await session.get_one(Officer, liaoning.coordinator.id)).blocked_at = None
    # Five working days later, on the morning of a list.
    assert again == datetime(2019, 8, 26, 1, 0, tzinfo=UTC)
    await _in_turn((database,), verification_lists.escalate, again)
    async with database.reading() as session:
        assert (await session.scalars(select(Verification.state))).all() == ["province"]
        assert await session.scalar(select(func.count()).select_from(OutgoingMessage)) == 1


@pytest.mark.parametrize("engine_name", ["sqlite"])
async def test_a_page_overtakes_a_batch_of_askings(builders, database, clock):
    await builders.court("辽72")
    for number in range(75):
        await builders.officer("辽72", f"人{number}", "B", 500 + number)
    async with database.transaction() as session:
        await session.execute(update(Officer).values(verify_next_at=clock.now()))
    await _in_turn((database,), verifications.ask, clock.now())
    desk = Desk(database, clock)
    async with desk.running(Rates()):
        await clock.advance(seconds=1)
        before = len(desk.channel.calls)
        await desk.say(8, "呼叫", priority=outbox.PAGE)
        await clock.advance(seconds=0.4)
        said = [call.text for call in desk.channel.calls]
    # A quarter of a second of messages had their instants already.
    assert 20 < before < 40
    assert before <= said.index("呼叫") <= before + 9
    assert len(said) < 75
