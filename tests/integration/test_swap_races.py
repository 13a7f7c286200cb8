"""Swaps, handovers and check-ins under two who press at once, under strangers, and over a restart."""

import asyncio
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from bot.texts import load_texts
from directory import calendars, day_overrides, province_rules, shifts
from directory.calendars import SettledDay
from directory.duty_models import CheckIn, ProvinceRound, Shift, Swap
from directory.swaps import Kept, Moved
from notifications import check_ins, handovers, rounds, swapping
from notifications.calendar_watch import CalendarWatch
from notifications.desk import DeskRules
from notifications.ladder import LadderBook
from notifications.models import Handover, OutgoingMessage
from notifications.permissions import Actor
from notifications.swapping import Period, Wish
from notifications.told import Voice

VOICE = Voice(load_texts(), DeskRules(LadderBook.built_in(), "Asia/Shanghai", "zh-CN"))
TUESDAY = date(2019, 8, 20)


@pytest.fixture
async def people(builders):
    return await builders.liaoning()


def actor(officer, post, province="辽宁省"):
    return Actor(
        f"{officer.name}", officer.name, "officer", officer.id, officer.court_code, province, post,
        frozenset({post}),
    )  # fmt: skip


@pytest.fixture
async def swap_id(database, people, clock):
    """A asks B to stand in on Tuesday, B has agreed."""
    async with database.transaction() as session:
        row = OutgoingMessage(
            kind="reply", priority=1, chat_id=101, created_at=clock.now(), payload={"text": "…"}
        )
        session.add(row)
        await session.flush()
        wish = Wish(people.jurisdiction, "A", Period(TUESDAY, TUESDAY), people.b.id)
        swap = await swapping.ask(
            session, wish, actor(people.a, "A"), row.id, VOICE, now=clock.now()
        )
        assert isinstance(swap, Swap)
        await swapping.act(session, swap.id, "accept", actor(people.b, "B"), VOICE, now=clock.now())
        return swap.id


async def test_of_a_leader_who_approves_and_an_asker_who_takes_back_one_is_first(
    database, people, clock, swap_id
):
    async def act(action, who):
        async with database.transaction() as session:
            return await swapping.act(session, swap_id, action, who, VOICE, now=clock.now())

    rulings = await asyncio.gather(
        act("approve", actor(people.leader, "leader")), act("withdraw", actor(people.a, "A"))
    )
    assert sum(isinstance(ruling, Moved) for ruling in rulings) == 1
    async with database.reading() as session:
        swap = await session.get_one(Swap, swap_id)
        made = await session.scalar(select(func.count()).select_from(Shift))
    assert made == (1 if swap.state == "approved" else 0)
    assert swap.expires_at is None


async def test_two_leaders_who_approve_at_once_make_one_shift(database, people, clock, swap_id):
    async def approve():
        async with database.transaction() as session:
            who = actor(people.leader, "leader")
            return await swapping.act(session, swap_id, "approve", who, VOICE, now=clock.now())

    rulings = await asyncio.gather(approve(), approve())
    assert sorted(type(ruling) for ruling in rulings if isinstance(ruling, Kept)) == [Kept]
    async with database.reading() as session:
        assert await session.scalar(select(func.count()).select_from(Shift)) == 1


async def test_a_leader_of_another_court_or_province_approves_nothing(
    database, people, clock, swap_id
):
    strangers = [
        actor(people.filing_officer, "leader", "浙江省"),
        actor(people.filing_officer, "coordinator", "浙江省"),
        actor(people.a, "A"),
        Actor("路人", "", "stranger"),
    ]
    async with database.transaction() as session:
        for stranger in strangers:
            ruling = await swapping.act(
                session, swap_id, "approve", stranger, VOICE, now=clock.now()
            )
            assert ruling == Kept("not_leader")
        assert (await session.get_one(Swap, swap_id)).state == "accepted"


async def test_a_press_after_the_lapse_is_too_late_even_before_the_timekeeper_came(
    database, people, clock, swap_id
):
    later = clock.now() + timedelta(hours=24)
    async with database.transaction() as session:
        who = actor(people.leader, "leader")
        ruling = await swapping.act(session, swap_id, "approve", who, VOICE, now=later)
        assert ruling == Kept("over")
        assert await swapping.earliest_lapse(session, later) is not None
        await swapping.lapse(session, later, VOICE)
        assert (await session.get_one(Swap, swap_id)).state == "expired"
        assert await swapping.earliest_lapse(session, later) is None


@pytest.fixture
async def planned(database, people, clock):
    """The rounds are planned, and a week from now B comes on duty."""
    monday = clock.now().date()
    async with database.transaction() as session:
        await rounds.make(session, clock.now(), VOICE)
        turns = [people.a.id, people.b.id]
        await shifts.rotate(session, "辽72", "A", turns, monday, by="计划", now=clock.now())
    return people


async def handed_over(database):
    async with database.reading() as session:
        return list(await session.scalars(select(Handover)))


async def test_a_round_missed_in_the_morning_is_made_up_the_same_day(database, planned, clock):
    clock.jump(clock.now() + timedelta(days=7, hours=1))
    async with database.transaction() as session:
        assert await rounds.earliest(session, clock.now()) <= clock.now()
        await rounds.make(session, clock.now(), VOICE)
        assert await rounds.earliest(session, clock.now()) > clock.now()
    (row,) = await handed_over(database)
    assert (row.outgoing_officer_id, row.incoming_officer_id) == (planned.a.id, planned.b.id)


async def test_a_round_missed_for_days_is_not_made_up_on_a_later_day(database, planned, clock):
    clock.jump(clock.now() + timedelta(days=8, hours=-2))
    async with database.transaction() as session:
        await rounds.make(session, clock.now(), VOICE)
    assert await handed_over(database) == []


async def test_two_instances_write_one_handover(database, planned, clock):
    clock.jump(clock.now() + timedelta(days=7))

    async def work():
        async with database.transaction() as session:
            await rounds.make(session, clock.now(), VOICE)

    await asyncio.gather(work(), work())
    assert len(await handed_over(database)) == 1


async def test_only_the_incoming_officer_confirms_and_once(database, planned, clock):
    clock.jump(clock.now() + timedelta(days=7))
    async with database.transaction() as session:
        await rounds.make(session, clock.now(), VOICE)
    (row,) = await handed_over(database)
    said = []
    for officer_id in (planned.a.id, None, planned.b.id, planned.b.id):
        async with database.transaction() as session:
            said.append(
                await handovers.confirm(session, row.id, officer_id, VOICE, now=clock.now())
            )
    assert said == ["not_incoming", "not_incoming", "confirmed", "already"]
    async with database.transaction() as session:
        assert await handovers.confirm(session, 10**9, 1, VOICE, now=clock.now()) == "unknown"


async def test_a_check_in_belongs_to_one_officer_and_one_day(database, people, clock):
    async with database.transaction() as session:
        await check_ins.ask(session, [people.jurisdiction], VOICE, now=clock.now())
        await check_ins.ask(session, [people.jurisdiction], VOICE, now=clock.now())
        row = (await session.scalars(select(CheckIn))).one()
        assert row.due_at == clock.now() + timedelta(minutes=15)
    tomorrow = clock.now() + timedelta(days=1)
    said = []
    for officer_id, now in (
        (people.b.id, clock.now()),
        (people.a.id, tomorrow),
        (people.a.id, clock.now()),
        (people.a.id, clock.now()),
    ):
        async with database.transaction() as session:
            said.append(await check_ins.confirm(session, row.id, officer_id, VOICE, now=now))
    assert said == ["not_you", "over", "confirmed", "already"]


async def test_a_province_new_in_the_directory_gets_its_rounds(database, builders, people, clock):
    async with database.transaction() as session:
        await rounds.make(session, clock.now(), VOICE)
    await builders.court("新01")
    async with database.transaction() as session:
        assert await rounds.earliest(session, clock.now()) == clock.now()
        await rounds.make(session, clock.now(), VOICE)
        planned = await session.get_one(ProvinceRound, ("新疆维吾尔自治区", "handover"))
        assert planned.next_at > clock.now()
        asked = await session.get_one(ProvinceRound, ("新疆维吾尔自治区", "check_in"))
        assert asked.next_at is None
        await province_rules.change(
            session, "新疆维吾尔自治区", by="某", now=clock.now(), check_in="daily"
        )
        await rounds.make(session, clock.now(), VOICE)
        # Xinjiang opens at ten by Beijing time.
        assert f"{asked.next_at:%H:%M}" == "02:00"


async def test_of_two_who_ask_for_the_same_days_at_once_one_is_first(database, people, clock):
    async def ask(row_id):
        async with database.transaction() as session:
            wish = Wish(people.jurisdiction, "A", Period(TUESDAY, TUESDAY), people.b.id)
            return await swapping.ask(
                session, wish, actor(people.a, "A"), row_id, VOICE, now=clock.now()
            )

    async with database.transaction() as session:
        rows = [
            OutgoingMessage(
                kind="reply", priority=1, chat_id=101, created_at=clock.now(), payload={"text": "…"}
            )
            for _ in range(2)
        ]
        session.add_all(rows)
    asked = await asyncio.gather(*(ask(row.id) for row in rows))
    assert [type(one) for one in asked].count(Swap) == 1
    assert "asked_already" in asked


async def make_rounds(database, clock):
    async with database.transaction() as session:
        if await rounds.earliest(session, clock.now()) <= clock.now():
            await rounds.make(session, clock.now(), VOICE)


async def test_rounds_made_while_the_clock_was_days_ahead_are_planned_anew(
    database, planned, clock
):
    right = clock.now()
    clock.jump(right + timedelta(days=3))
    await make_rounds(database, clock)
    clock.jump(right)
    await make_rounds(database, clock)
    async with database.reading() as session:
        following = await rounds.earliest(session, clock.now())
    assert right < following <= right + timedelta(days=1)


async def test_while_a_substitute_answers_nobody_of_the_court_is_handed_the_desk_or_asked(
    database, planned, clock
):
    monday = clock.now().date() + timedelta(days=7)
    calendars.announce(
        (), [SettledDay(1, "辽72", monday, "off", name="停电", substitute_court="浙72")]
    )
    try:
        async with database.transaction() as session:
            await province_rules.change(
                session, "辽宁省", by="周琳", now=clock.now(), check_in="daily"
            )
        clock.jump(clock.now() + timedelta(days=7))
        await make_rounds(database, clock)
        assert await handed_over(database) == []
        clock.jump(clock.now() + timedelta(days=1))
        await make_rounds(database, clock)
    finally:
        calendars.announce(())
    # The change of that Monday takes place on the first day on which somebody is there.
    (row,) = await handed_over(database)
    assert (row.outgoing_officer_id, row.incoming_officer_id) == (planned.a.id, planned.b.id)
    async with database.reading() as session:
        days = list(await session.scalars(select(CheckIn.day)))
    assert days == [monday + timedelta(days=1)]


async def test_a_saturday_that_becomes_a_working_day_is_asked_about_at_its_opening(
    database, people, clock
):
    saturday = clock.now().date() + timedelta(days=5)
    async with database.transaction() as session:
        await province_rules.change(session, "辽宁省", by="周琳", now=clock.now(), check_in="daily")
        await rounds.make(session, clock.now(), VOICE)
    clock.jump(clock.now() + timedelta(days=4))
    await make_rounds(database, clock)
    watch = CalendarWatch(database, clock)
    await watch.load()
    try:
        async with database.transaction() as session:
            await day_overrides.settle(
                session, "辽72", saturday, "work", by="赵强", now=clock.now(),
                today=clock.now().date(),
            )  # fmt: skip
        assert await watch.follow()
        await make_rounds(database, clock)
        async with database.reading() as session:
            following = await session.get_one(ProvinceRound, ("辽宁省", "check_in"))
        assert following.next_at == clock.now() + timedelta(hours=23)
    finally:
        calendars.announce(())
