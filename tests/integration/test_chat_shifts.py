"""`/shift` and `/leave` by tapping: who may, what is said first, what is written, who is told, and taking it back."""

from datetime import date

import pytest
from sqlalchemy import select

from directory import shifts
from directory.duty_models import Leave, Shift

pytestmark = pytest.mark.usefixtures("app", "groups")


@pytest.fixture
def rows(database):
    """`await rows(Shift)`: what stands, as (officer, first, last)."""

    async def read(model):
        async with database.reading() as session:
            found = await session.scalars(select(model).where(model.cancelled_at.is_(None)))
            return [
                (one.officer_id, one.first_day.isoformat(), one.last_day.isoformat())
                for one in found
            ]

    return read


async def test_a_leader_plans_a_shift_in_three_taps_and_both_officers_are_told(
    phones, liaoning, rows
):
    leader = phones["带班领导"]
    shown = await leader.says("/shift")
    assert "大连海事法院（辽72）　A岗" in shown.text
    assert "8月19日（周一）至9月2日（周一）　王建国" in shown.text
    await leader.presses("李敏")
    await leader.presses("明天")
    assert "✅ 8月20日（周二）　A岗　李敏" in leader.phone.last().text
    assert await rows(Shift) == [(liaoning.b.id, "2019-08-20", "2019-08-20")]
    for name in ("B岗", "A岗"):
        told = phones[name].expects("值班安排：8月20日（周二）　A岗　李敏")
        assert "操作人：赵强" in told.text
    await leader.presses("撤销")
    assert await rows(Shift) == []
    phones["B岗"].expects("值班安排已撤销：8月20日（周二）　A岗　李敏")


async def test_days_may_be_typed_and_another_post_planned(phones, liaoning, rows):
    leader = phones["带班领导"]
    await leader.says("/shift")
    await leader.presses("改排B岗")
    await leader.presses("王建国")
    answer = await leader.says("8-24..8月26日")
    assert "✅ 8月24日（周六）至8月26日（周一）　B岗　王建国" in leader.phone.last().text, answer
    assert await rows(Shift) == [(liaoning.a.id, "2019-08-24", "2019-08-26")]


async def test_what_is_planned_already_is_said_and_goes_only_when_confirmed(
    database, clock, phones, liaoning, rows
):
    day = date(2019, 8, 20)
    async with database.transaction() as session:
        await shifts.assign(
            session, "辽72", "A", liaoning.leader.id, day, day,
            source="plan", by="x", now=clock.now(),
        )  # fmt: skip
        await shifts.leave(session, liaoning.b.id, day, day, by="x", now=clock.now())
    leader = phones["带班领导"]
    await leader.says("/shift")
    await leader.presses("李敏")
    await leader.presses("明天")
    said = leader.phone.last().text
    assert "8月20日（周二）已排 赵强" in said
    assert "8月20日（周二）此人休假" in said
    assert len(await rows(Shift)) == 1
    await leader.presses("仍然指定")
    assert await rows(Shift) == [
        (liaoning.leader.id, "2019-08-20", "2019-08-20"),
        (liaoning.b.id, "2019-08-20", "2019-08-20"),
    ]


async def test_only_leaders_and_coordinators_plan(phones, builders, liaoning, rows):
    refused = await phones["A岗"].says("/shift")
    assert "只有本院带班领导和省级协调员可以排班" in refused.text
    await builders.court("浙0201")
    refused = await phones["省级协调员"].says("/shift 浙0201")
    assert "只有本院带班领导和省级协调员可以排班" in refused.text
    shown = await phones["省级协调员"].says("/shift 辽72")
    assert "大连海事法院" in shown.text
    await phones["省级协调员"].presses("取消")
    assert "已取消" in phones["省级协调员"].phone.last().text
    assert await rows(Shift) == []


async def test_an_officer_enters_leave_hears_what_follows_and_takes_it_back(phones, liaoning, rows):
    a = phones["A岗"]
    await a.says("/leave")
    await a.presses("明天")
    said = a.phone.last().text
    assert "✅ 已登记休假：王建国　8月20日（周二）" in said
    assert "8月20日（周二）A岗仍排 王建国" in said
    assert await rows(Leave) == [(liaoning.a.id, "2019-08-20", "2019-08-20")]
    phones["带班领导"].expects("已登记休假：王建国　8月20日（周二） 操作人：王建国")
    again = await a.says("/leave 8-20")
    assert "已登记过" in a.phone.last().text, again
    await a.says("/leave")
    assert "已登记 8月20日（周二）" in a.phone.last().text
    await a.presses("撤销 8月20日（周二）")
    assert await rows(Leave) == []
    phones["带班领导"].expects("已撤销休假：王建国")


async def test_a_leader_enters_leave_for_a_colleague_and_nobody_else_does(phones, liaoning, rows):
    await phones["B岗"].says("/leave")
    assert "为同事登记" not in phones["B岗"].phone.last().labels
    leader = phones["带班领导"]
    await leader.says("/leave")
    await leader.presses("为同事登记")
    await leader.presses("王建国")
    await leader.says("8-20~8-23")
    assert await rows(Leave) == [(liaoning.a.id, "2019-08-20", "2019-08-23")]
    phones["A岗"].expects("已登记休假：王建国　8月20日（周二）至8月23日（周五）")


async def test_words_that_are_no_days_are_answered_with_an_example(phones, rows):
    answer = await phones["A岗"].says("/leave 改天")
    assert "日期“改天”无法识别" in answer.text
    answer = await phones["A岗"].says("/leave 7-30")
    assert "无法识别" in answer.text
    assert await rows(Leave) == []


async def test_in_a_group_nothing_is_planned(phones, groups):
    assert "私聊" in (await phones["带班领导"].says("/shift", groups["辽72"])).text
    assert "私聊" in (await phones["A岗"].says("/leave", groups["辽72"])).text


async def test_typed_days_answer_the_question_asked_last(phones, liaoning, rows):
    leader = phones["带班领导"]
    await leader.says("/shift")
    await leader.presses("李敏")
    await leader.says("/leave")
    await leader.says("8-20")
    assert await rows(Leave) == [(liaoning.leader.id, "2019-08-20", "2019-08-20")]
    assert await rows(Shift) == []
    await leader.says("8-21")
    assert await rows(Shift) == [(liaoning.b.id, "2019-08-21", "2019-08-21")]


async def test_what_is_asked_about_days_can_be_given_up(phones, rows):
    for name, command in (("A岗", "/leave"), ("带班领导", "/shift"), ("带班领导", "/closed")):
        await phones[name].says(command)
        assert "已取消" in (await phones[name].says("/cancel")).text
        await phones[name].says("8-20")
        assert (await rows(Leave), await rows(Shift)) == ([], []), command


async def test_a_name_of_several_courts_is_answered_with_them(phones, builders, rows):
    for code, name in (("辽0103", "沈阳市铁西区人民法院"), ("辽0302", "鞍山市铁西区人民法院")):
        await builders.court(code, name)
    for command in ("/shift 铁西", "/closed 铁西"):
        said = await phones["省级协调员"].says(command)
        assert "“铁西”可能是以下法院" in said.text
        assert "辽0302" in said.text
