"""换班 taken back by who asked, as long as it is not approved."""

from tests.journeys.screens import arrivals, buttons


async def ask(a):
    await a.says("/swap")
    await a.presses("8月20日（周二）")
    await a.presses("李敏 替班")


async def test_taken_back_before_the_colleague_answers(liaoning, groups, app, phones):
    a, b = phones["A岗"], phones["B岗"]
    await ask(a)
    assert "已撤回" in await a.presses("撤回")
    b.expects("【换班】申请人已撤回")
    assert buttons(b, "【换班】") == []
    # What was taken back stands in nobody's way.
    await ask(a)
    assert buttons(b, "【换班】待同事同意") == ["同意", "不同意"]


async def test_taken_back_before_the_leader_decides(
    liaoning, groups, app, phones, beijing, file_a_filing
):
    a, b, leader = phones["A岗"], phones["B岗"], phones["带班领导"]
    await ask(a)
    await b.presses("同意")
    await a.presses("撤回")
    leader.expects("【换班】申请人已撤回")
    assert buttons(leader, "【换班】") == []
    await beijing("09:00", day=20)
    filing = await file_a_filing()
    assert arrivals(a, filing.reference) == ["09:00"]


async def test_once_approved_only_a_leader_takes_it_back(liaoning, groups, app, phones):
    a, b, leader = phones["A岗"], phones["B岗"], phones["带班领导"]
    await ask(a)
    await b.presses("同意")
    await leader.presses("批准")
    assert all("撤回" not in message.labels for message in a.phone.messages())
    assert buttons(leader, "【换班】已批准") == ["取消换班"]


async def test_the_choice_itself_can_be_given_up(liaoning, groups, app, phones):
    a = phones["A岗"]
    await a.says("/swap")
    await a.presses("8月20日（周二）")
    await a.presses("取消")
    a.expects("已取消，值班安排不变。")
    phones["B岗"].expects_nothing("【换班】")
