"""换班 that comes to nothing because somebody says no, or cannot be asked at all."""

from datetime import timedelta

from directory import shifts
from directory.models import Officer
from tests.journeys.screens import arrivals, buttons


async def ask(a):
    await a.says("/swap")
    await a.presses("8月20日（周二）")
    return await a.presses("李敏 替班")


async def test_the_colleague_says_no_and_the_asker_hears_it(
    liaoning, groups, app, phones, beijing, file_a_filing
):
    a, b = phones["A岗"], phones["B岗"]
    await ask(a)
    assert "不同意" in await b.presses("不同意")
    assert a.count("【换班】同事不同意") == 2
    assert buttons(a, "【换班】") == []
    assert buttons(b, "【换班】") == []
    phones["带班领导"].expects_nothing("【换班】")
    a.expects_nothing("【换班】", groups["辽72"])
    await beijing("09:00", day=20)
    filing = await file_a_filing()
    assert arrivals(a, filing.reference) == ["09:00"]


async def test_the_leader_says_no_and_both_hear_it(
    liaoning, groups, app, phones, beijing, file_a_filing
):
    a, b, leader = phones["A岗"], phones["B岗"], phones["带班领导"]
    await ask(a)
    await b.presses("同意")
    await leader.presses("不批准")
    for phone in (a, b):
        phone.expects("【换班】未获批准 赵强（带班领导）")
    a.expects_nothing("【换班】", groups["辽72"])
    await beijing("09:00", day=20)
    filing = await file_a_filing()
    assert arrivals(a, filing.reference) == ["09:00"]


async def test_who_is_not_linked_cannot_be_asked_and_that_is_said_at_once(
    liaoning, groups, app, phones, cut_off
):
    await cut_off(liaoning.b)
    a = phones["A岗"]
    said = await ask(a)
    assert "李敏 未关联聊天账号，无法征求意见" in said
    phones["B岗"].expects_nothing("【换班】")
    # The choice stays open for another colleague.
    assert "取消" in buttons(a, "请选择同事")


async def test_who_is_on_leave_on_that_day_is_not_asked(liaoning, groups, app, phones, clock):
    async with app.database.transaction() as session:
        day = clock.now().date()
        await shifts.leave(
            session, liaoning.b.id, day + timedelta(days=1), day + timedelta(days=3),
            by="李敏", now=clock.now(),
        )  # fmt: skip
    assert "李敏 在这些日期休假" in await ask(phones["A岗"])
    phones["B岗"].expects_nothing("【换班】")


async def test_without_anybody_who_can_approve_nobody_is_asked(
    liaoning, groups, app, phones, cut_off
):
    await cut_off(liaoning.leader)
    await cut_off(liaoning.coordinator)
    assert "联系不到带班领导" in await ask(phones["A岗"])
    phones["B岗"].expects_nothing("【换班】")


async def test_without_a_leader_the_coordinator_approves(liaoning, groups, app, phones, cut_off):
    await cut_off(liaoning.leader)
    await ask(phones["A岗"])
    await phones["B岗"].presses("同意")
    await phones["省级协调员"].presses("批准")
    phones["A岗"].expects("【换班】已批准 周琳（省级协调员）", groups["辽72"])


async def test_who_is_not_on_duty_has_nothing_to_swap(liaoning, groups, app, phones, builders):
    await builders.officer("辽72", "吴刚", "technician", 108)
    phones.give("技术人员", "吴刚", 108)
    said = await phones["技术人员"].says("/swap")
    assert said is not None
    assert "没有您的值班" in said.text


async def test_a_second_request_for_the_same_days_waits_for_the_first(
    liaoning, groups, app, phones
):
    a = phones["A岗"]
    await ask(a)
    assert "进行中的换班申请" in await ask(a)


async def test_a_colleague_who_left_meanwhile_is_not_approved(
    liaoning, groups, app, phones, database, clock
):
    await ask(phones["A岗"])
    await phones["B岗"].presses("同意")
    async with database.transaction() as session:
        gone = await session.get_one(Officer, liaoning.b.id)
        gone.left_at = clock.now()
    assert "不能批准" in await phones["带班领导"].presses("批准")
