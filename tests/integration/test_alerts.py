"""What somebody must hear is heard: on leave, without a coordinator, of a desk that nobody holds."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update

from directory import duty, shifts
from directory.models import Officer, OfficerPost
from notifications import alerts, outages_told, shift_reports
from notifications.desk import DeskRules
from notifications.ladder import LadderBook
from notifications.models import OutgoingMessage

DESK = DeskRules(LadderBook.built_in(), "Asia/Shanghai", "zh-CN")


@pytest.fixture
async def people(builders):
    return await builders.liaoning()


@pytest.fixture
def told(database):
    """`await told("alert")`: to which accounts messages of this kind were written."""

    async def accounts(kind):
        async with database.reading() as session:
            rows = select(OutgoingMessage.chat_id).where(OutgoingMessage.kind == kind)
            return list(await session.scalars(rows.order_by(OutgoingMessage.id)))

    return accounts


async def alert(database, clock, court):
    async with database.transaction() as session:
        found = await duty.on_duty(
            session, [court], now=clock.now(), default_timezone=DESK.timezone
        )
        facts = {"court": court.name, "code": court.code}
        return await alerts.to_coordinators(
            session, found[court.code], "nobody_reachable", facts, now=clock.now()
        )


async def on_leave(database, clock, officer):
    today = clock.now().date()
    async with database.transaction() as session:
        await shifts.leave(session, officer.id, today, today, by="周琳", now=clock.now())


async def test_a_sole_coordinator_on_leave_is_told_all_the_same(database, clock, people, told):
    await on_leave(database, clock, people.coordinator)
    assert await alert(database, clock, people.jurisdiction) == 1
    assert await told("alert") == [104]
    async with database.transaction() as session:
        ago = clock.now() - timedelta(hours=2)
        await outages_told.note(session, ago, clock.now(), DESK)
    assert await told("outage") == [104]


async def test_another_coordinator_who_is_there_is_told_instead(
    database, clock, builders, people, told
):
    await builders.officer("辽", "吴芳", "coordinator", 114)
    await on_leave(database, clock, people.coordinator)
    assert await alert(database, clock, people.jurisdiction) == 1
    assert await told("alert") == [114]


async def test_where_the_province_has_nobody_the_nation_is_told(
    database, clock, builders, people, told
):
    async with database.transaction() as session:
        await session.execute(
            update(Officer).where(Officer.id == people.coordinator.id).values(telegram_id=None)
        )
    assert await alert(database, clock, people.jurisdiction) == 0
    supreme = await builders.court("最高法", "最高人民法院", level="supreme", province="北京市")
    await builders.officer(supreme, "郑国", "coordinator", 901)
    await builders.officer(supreme, "冯安", "technician", 902)
    assert await alert(database, clock, people.jurisdiction) == 1
    assert await told("alert") == [901]


@pytest.mark.parametrize(("days", "count"), [(0, 1), (1, 0)], ids=["Monday", "Tuesday"])
async def test_a_desk_that_nobody_holds_is_told_weekly_to_whoever_is_left(
    database, clock, people, days, count
):
    """Nobody of it is on the list of those whom the chat does not reach: there is nobody to be on it."""
    async with database.transaction() as session:
        await session.execute(delete(OfficerPost).where(OfficerPost.post == "leader"))
        await session.execute(delete(OfficerPost).where(OfficerPost.officer_id == people.a.id))
        await session.execute(delete(Officer).where(Officer.court_code == "浙72"))
    clock.jump(clock.now() + timedelta(days=days, hours=8))
    async with database.transaction() as session:
        await shift_reports.report(session, clock.now(), desk=DESK)
    async with database.reading() as session:
        told = list(await session.scalars(select(OutgoingMessage)))
    # The high court, where the coordinator alone serves, has no desk that could be empty.
    assert [(row.chat_id, row.payload["court"]) for row in told] == [(104, "大连海事法院")] * count
