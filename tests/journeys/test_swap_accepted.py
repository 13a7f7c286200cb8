"""换班: two taps, the colleague agrees, the leader approves; the roster, both sides and the group follow."""

import pytest

from directory import shifts
from tests.journeys.screens import arrivals, buttons


@pytest.fixture
async def asked(liaoning, groups, app, phones, clock):
    """A has asked B to stand in on Tuesday."""
    a = phones["A岗"]
    await a.says("/swap")
    await a.presses("8月20日（周二）")
    await a.presses("李敏 替班")
    return a


async def test_a_day_changes_hands_and_the_filing_of_that_day_pages_who_took_it(
    asked, groups, phones, file_a_filing, beijing
):
    a, b, leader = asked, phones["B岗"], phones["带班领导"]
    a.expects("【换班】待同事同意 8月20日（周二）　A岗　王建国 → 李敏")
    assert buttons(b, "【换班】") == ["同意", "不同意"]
    leader.expects_nothing("【换班】")
    assert "待带班领导批准" in await b.presses("同意")
    assert buttons(b, "【换班】") == []
    a.expects("李敏 09:30 同意")
    assert buttons(leader, "【换班】") == ["批准", "不批准"]
    b.expects_nothing("已批准")
    assert "即时生效" in await leader.presses("批准")
    for phone, chat in ((a, None), (b, None), (a, groups["辽72"])):
        phone.expects("【换班】已批准 王建国 → 李敏 赵强（带班领导） 09:30", chat)
    await beijing("09:00", day=20)
    filing = await file_a_filing()
    assert arrivals(b, filing.reference) == ["09:00"]
    a.expects_nothing(filing.reference)


async def test_a_leader_may_cancel_what_was_approved_and_the_group_s_one_message_says_so(
    asked, groups, phones, file_a_filing, beijing
):
    a, b, leader = asked, phones["B岗"], phones["带班领导"]
    await b.presses("同意")
    await leader.presses("批准")
    assert "恢复原排班" in await leader.presses("取消换班")
    assert a.count("【换班】", groups["辽72"]) == 1
    a.expects("【换班】已取消，恢复原排班", groups["辽72"])
    await beijing("09:00", day=20)
    filing = await file_a_filing()
    assert arrivals(a, filing.reference) == ["09:00"]


async def test_two_who_take_turns_by_the_week_change_places(
    liaoning, groups, app, phones, clock, database, beijing, file_a_filing
):
    async with app.database.transaction() as session:
        turns = [liaoning.a.id, liaoning.b.id]
        monday = clock.now().date()
        await shifts.rotate(session, "辽72", "A", turns, monday, by="计划", now=clock.now())
    a, b, leader = phones["A岗"], phones["B岗"], phones["带班领导"]
    await a.says("/swap")
    await a.presses("8月19日（周一）至8月25日（周日）")
    await a.presses("与 李敏 互换 8月26日（周一）至9月1日（周日）")
    await b.presses("同意")
    await leader.presses("批准")
    a.expects("8月26日（周一）至9月1日（周日）　A岗　李敏 → 王建国", groups["辽72"])
    # The week runs already: the duty changes hands at once.
    b.expects("【交接班】大连海事法院 A岗 王建国 → 李敏")
    await beijing("09:00", day=20)
    first = await file_a_filing()
    assert arrivals(b, f"{first.reference} 待签收") == ["09:00"]
    await beijing("09:00", day=27)
    second = await file_a_filing()
    assert arrivals(a, second.reference) == ["09:00"]


async def test_a_leader_simply_assigns(liaoning, groups, app, phones, beijing, file_a_filing):
    leader = phones["带班领导"]
    await leader.says("/swap")
    await leader.presses("8月21日（周三）")
    assert "已更新" in await leader.presses("李敏")
    phones["A岗"].expects(
        "【值班安排】 8月21日（周三）　A岗　李敏（原为 王建国） 赵强", groups["辽72"]
    )
    phones["B岗"].expects("【值班安排】 8月21日")
    phones["A岗"].expects("【值班安排】 8月21日")
    await beijing("09:00", day=21)
    filing = await file_a_filing()
    assert arrivals(phones["B岗"], filing.reference) == ["09:00"]


async def test_each_reads_it_in_their_own_language(liaoning, groups, app, phones):
    a, b, leader = phones["A岗"], phones["B岗"], phones["带班领导"]
    await b.says("/language en")
    await a.says("/swap")
    await a.presses("8月20日（周二）")
    await a.presses("李敏 替班")
    b.expects("[Swap] waiting for the colleague Tue 20 Aug · post A · 王建国 → 李敏")
    assert buttons(b, "[Swap]") == ["Agree", "Decline"]
    assert "the duty leader is asked" in await b.presses("Agree")
    await leader.presses("批准")
    b.expects("[Swap] approved Settled by 赵强")
    a.expects("【换班】已批准 赵强（带班领导）")
    a.expects("【换班】已批准", groups["辽72"])
