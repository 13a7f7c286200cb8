"""Courts that were paged about nothing for long are called on a working morning; only a failure is told."""

from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select, update

from directory.duty_models import ProvinceRules
from directory.models import Court
from notifications import drill_report, drills, quiet_drills
from notifications.acknowledgements import accept
from notifications.desk import DeskRules
from notifications.filings import Submission, receive
from notifications.ladder import LadderBook
from notifications.models import Drill, DrillFiling, Filing, OutgoingMessage
from notifications.permissions import Actor

DESK = DeskRules(LadderBook.built_in(), "Asia/Shanghai", "zh-CN")

EARLY = timedelta(hours=-2, minutes=-50)  # 06:40 in Beijing on the clock's first day.


@pytest.fixture
async def people(builders, database, clock):
    found = await builders.liaoning()
    async with database.transaction() as session:
        long_ago = clock.now() - timedelta(days=90)
        await session.execute(update(Court).values(created_at=long_ago))
    clock.jump(clock.now() + EARLY)
    return found


@pytest.fixture
def plan(database, clock, people):
    async def planned():
        async with database.transaction() as session:
            await quiet_drills.plan(session, clock.now(), DESK)
        async with database.reading() as session:
            rows = await session.scalars(select(DrillFiling).order_by(DrillFiling.court_code))
            return {row.court_code: row.due_at for row in rows}

    return planned


@pytest.fixture
def work(database, clock):
    async def do():
        for one in (
            partial(drills.file_due, desk=DESK),
            partial(drill_report.report_due, desk=DESK),
            drills.close_due,
        ):
            async with database.transaction() as session:
                await one(session, clock.now())

    return do


async def stored(database, model, *conditions):
    async with database.reading() as session:
        return list(await session.scalars(select(model).where(*conditions)))


async def file_at(database, clock, code, *, days_ago, drill=False):
    async with database.transaction() as session:
        wish = Submission("KY-1", "浙72", code, "enforcement", None, drill, "立案平台")
        await receive(session, [wish], DESK, now=clock.now() - timedelta(days=days_ago))


async def test_one_court_of_a_small_province_is_called_each_day_in_the_middle_of_its_morning(
    clock, people, plan
):
    due = await plan()
    assert len(due) == 2  # One of Liaoning, one of Zhejiang.
    opening = clock.now() + timedelta(hours=1, minutes=50)
    for at in due.values():
        assert opening + timedelta(minutes=30) <= at <= opening + timedelta(hours=2, minutes=30)


@pytest.mark.parametrize("drill", [False, True])
@pytest.mark.parametrize(("days", "called"), [(29, False), (31, True)])
async def test_a_court_with_a_filing_lately_is_left_in_peace(
    database, clock, people, plan, monkeypatch, days, called, drill
):
    monkeypatch.setattr(quiet_drills, "PART", 1)
    await file_at(database, clock, "辽72", days_ago=days, drill=drill)
    assert ("辽72" in await plan()) is called


async def test_a_province_may_wait_longer_or_want_none(database, clock, people, plan, monkeypatch):
    monkeypatch.setattr(quiet_drills, "PART", 1)
    async with database.transaction() as session:
        session.add(ProvinceRules(province="辽宁省", quiet_drill_days=0, changed_at=None))
        session.add(ProvinceRules(province="浙江省", quiet_drill_days=100, changed_at=None))
    assert await plan() == {}


async def test_nobody_is_called_on_a_day_off(clock, people, plan):
    clock.jump(clock.now() - timedelta(days=1))  # Sunday.
    assert await plan() == {}


async def test_a_court_is_not_planned_twice(database, clock, people, plan, monkeypatch):
    monkeypatch.setattr(quiet_drills, "PART", 1)
    due = await plan()
    assert set(due) == {"辽", "辽72", "浙72"}  # At the high court of Zhejiang nobody is linked.
    assert await plan() == due
    assert len(await stored(database, Drill)) == 2


async def test_a_quiet_drill_that_failed_is_told_and_one_that_succeeded_is_not(
    database, clock, people, plan, work, monkeypatch
):
    monkeypatch.setattr(quiet_drills, "PART", 1)
    await plan()
    for _ in range(18):
        await clock.advance(minutes=15)
        await work()
    filings = await stored(database, Filing)
    assert {filing.jurisdiction_court for filing in filings} == {"辽", "辽72", "浙72"}
    await clock.advance(hours=4)
    await work()
    told = await stored(database, OutgoingMessage, OutgoingMessage.kind.in_(drill_report.KINDS))
    # Zhejiang has no coordinator to be told.
    assert [(row.chat_id, row.kind) for row in told] == [(104, "drill_result")]


async def test_of_a_quiet_drill_that_everybody_answered_nobody_hears(
    database, clock, people, plan, work, monkeypatch
):
    monkeypatch.setattr(quiet_drills, "PART", 1)
    await plan()
    for _ in range(18):
        await clock.advance(minutes=15)
        await work()
        for filing in await stored(database, Filing, Filing.state == "waiting"):
            actor = Actor("李", "李", "officer", 1, filing.jurisdiction_court, "辽宁省", "A", {"A"})
            async with database.transaction() as session:
                await accept(session, filing.id, actor, DESK, now=clock.now())
    await work()
    assert all(drill.reported_at for drill in await stored(database, Drill))
    told = await stored(database, OutgoingMessage, OutgoingMessage.kind.in_(drill_report.KINDS))
    assert told == []
