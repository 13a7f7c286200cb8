"""The roster decides whom a filing calls: a planned shift, leave, and a shift that nobody could answer."""

from datetime import date, timedelta

import pytest
from sqlalchemy import update

from directory import shifts
from directory.models import OfficerPost
from tests.journeys.screens import arrivals

MONDAY = date(2019, 8, 19)


@pytest.fixture
def enter(database, clock):
    """`await enter(officer, day)`: somebody of 辽72 stands at A on that day of August."""

    async def assign(officer, day, post="A"):
        async with database.transaction() as session:
            await shifts.assign(
                session, "辽72", post, officer.id, date(2019, 8, day), date(2019, 8, day),
                source="plan", by="赵强", now=clock.now(),
            )  # fmt: skip

    return assign


async def test_who_is_planned_is_paged_instead_of_the_posts_holder(
    clock, phones, groups, builders, enter, liaoning, file_a_filing
):
    stand_in = await builders.officer("辽72", "孙丽", "B", 109)
    phone = phones.give("孙丽", "孙丽", telegram_id=109)
    await phone.says("/start")
    await enter(stand_in, 19)
    filing = await file_a_filing()
    card = phone.expects(filing.reference)
    assert "孙丽（A岗）" in card.text
    assert arrivals(phones["A岗"], filing.reference) == []
    await phone.presses("签收")
    assert "孙丽" in phones["A岗"].expects(f"已签收 {filing.reference}", groups["辽72"]).text


async def test_leave_passes_the_page_to_b_with_the_reason(
    database, clock, phones, liaoning, file_a_filing
):
    async with database.transaction() as session:
        await shifts.leave(session, liaoning.a.id, MONDAY, MONDAY, by="王建国", now=clock.now())
    filing = await file_a_filing()
    card = phones["B岗"].expects(filing.reference)
    assert "A岗 王建国 今日休假，改呼B岗" in card.text
    phones["A岗"].expects_nothing(filing.reference)


async def test_a_shift_that_nobody_could_answer_is_told_to_the_leader_twice(
    clock, phones, builders, enter, liaoning, app, beijing
):
    unlinked = await builders.officer("辽72", "孙丽", "B")
    await enter(unlinked, 22)
    told = "大连海事法院值班有空缺"
    await beijing("17:31", day=19)
    first = phones["带班领导"].expects(told)
    assert "8月22日（周四）　A岗　孙丽　未关联聊天账号" in first.text
    await beijing("17:31", day=20)
    assert len(arrivals(phones["带班领导"], told)) == 1
    await beijing("17:31", day=21)
    assert len(arrivals(phones["带班领导"], told)) == 2
    await beijing("17:31", day=22)
    assert len(arrivals(phones["带班领导"], told)) == 2
    phones["省级协调员"].expects_nothing(told)


async def test_a_post_that_will_stand_empty_is_told_as_well(
    database, clock, phones, liaoning, app, beijing
):
    async with database.transaction() as session:
        await session.execute(
            update(OfficerPost)
            .where(OfficerPost.officer_id == liaoning.a.id)
            .values(valid_to=date(2019, 8, 21))
        )
    await beijing("17:31", day=19)
    told = phones["带班领导"].expects("值班有空缺")
    assert "8月22日（周四）　A岗　无人值班" in told.text
    assert "8月20日" not in told.text


async def test_without_a_reachable_leader_the_coordinator_is_told(
    clock, phones, enter, liaoning, cut_off, app, beijing
):
    await enter(liaoning.b, 20)
    for officer in (liaoning.b, liaoning.leader):
        await cut_off(officer)
    await beijing("17:31", day=19)
    told = phones["省级协调员"].expects("大连海事法院值班有空缺")
    assert "8月20日（周二）　A岗　李敏　未关联聊天账号" in told.text
    assert "带班领导无法送达" in told.text


async def test_on_a_friday_monday_is_the_next_working_day_and_a_sound_roster_is_not_spoken_of(
    clock, database, phones, liaoning, app, beijing
):
    await beijing("17:31", day=22)
    phones["带班领导"].expects_nothing("值班有空缺")
    monday = MONDAY + timedelta(days=7)
    async with database.transaction() as session:
        await shifts.leave(session, liaoning.a.id, monday, monday, by="王建国", now=clock.now())
    await beijing("17:31", day=23)
    told = phones["带班领导"].expects("值班有空缺")
    assert "8月26日（周一）　A岗　王建国　休假" in told.text
