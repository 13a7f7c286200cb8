"""Rounds of many provinces in one transaction: a faulty one fails alone; and no batch is without bound."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bot.texts import load_texts
from directory import province_rules, shifts
from directory.duty_models import CheckIn, ProvinceRound
from directory.models import Officer
from notifications import check_ins, handovers, rounds
from notifications.desk import DeskRules
from notifications.ladder import LadderBook
from notifications.models import Handover
from notifications.told import Voice

VOICE = Voice(load_texts(), DeskRules(LadderBook.built_in(), "Asia/Shanghai", "zh-CN"))


@pytest.fixture
async def planned(database, builders, clock):
    """A week from now other people come on duty in two provinces."""
    people = await builders.liaoning()
    other = await builders.officer("浙72", "钱进", "A", 777)
    async with database.transaction() as session:
        await rounds.make(session, clock.now(), VOICE)
        monday = clock.now().date()
        clerk = await session.scalar(select(Officer.id).where(Officer.name == "陈洁"))
        for code, turns in (("辽72", [people.a.id, people.b.id]), ("浙72", [clerk, other.id])):
            await shifts.rotate(session, code, "A", turns, monday, by="计划", now=clock.now())
    clock.jump(clock.now() + timedelta(days=7))
    return people


async def handed_over(database):
    async with database.reading() as session:
        return set(await session.scalars(select(Handover.court_code)))


async def make(database, clock):
    async with database.transaction() as session:
        await rounds.make(session, clock.now(), VOICE)


async def test_a_faulty_province_does_not_take_the_others_round_and_is_made_up(
    database, planned, clock, monkeypatch
):
    of = province_rules.of

    async def faulty(session, province):
        if province == "辽宁省":
            # A statement that the database refuses: on PostgreSQL nothing more would be written.
            await session.execute(select(func.no_such_function()))
        return await of(session, province)

    monkeypatch.setattr(province_rules, "of", faulty)
    await make(database, clock)
    assert await handed_over(database) == {"浙72"}
    async with database.reading() as session:
        row = await session.get_one(ProvinceRound, ("辽宁省", "handover"))
        assert clock.now() < row.next_at <= clock.now() + timedelta(minutes=2)
    monkeypatch.undo()
    clock.jump(clock.now() + timedelta(minutes=2))
    await make(database, clock)
    assert await handed_over(database) == {"浙72", "辽72"}


async def test_what_is_overdue_is_told_of_in_batches_the_longest_due_first(
    database, planned, clock, monkeypatch
):
    monkeypatch.setattr(check_ins, "MOST_AT_ONCE", 1)
    monkeypatch.setattr(handovers, "MOST_AT_ONCE", 1)
    await make(database, clock)
    async with database.transaction() as session:
        for court in (planned.jurisdiction, planned.collaborating):
            await check_ins.ask(session, [court], VOICE, now=clock.now())
    clock.jump(clock.now() + timedelta(hours=1))
    for left in (1, 0):
        async with database.transaction() as session:
            await check_ins.report_missed(session, clock.now(), VOICE)
            await handovers.report_unconfirmed(session, clock.now(), VOICE)
        async with database.reading() as session:
            waiting = [
                await session.scalar(select(func.count(column)))
                for column in (CheckIn.due_at, Handover.confirm_by)
            ]
            dues = [
                await check_ins.earliest_missed(session, clock.now()),
                await handovers.earliest_unconfirmed(session, clock.now()),
            ]
        assert waiting == [left, left]
        assert all((due is None) == (left == 0) for due in dues)
