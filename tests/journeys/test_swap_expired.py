"""换班 that nobody answers: it lapses after a day or when the shift begins, and both sides are told."""

from tests.journeys.screens import arrivals, buttons


async def ask(a, day):
    await a.says("/swap")
    await a.presses(day)
    await a.presses("李敏 替班")


async def test_without_an_answer_it_lapses_after_a_day(liaoning, groups, app, phones, beijing):
    a, b = phones["A岗"], phones["B岗"]
    await ask(a, "8月22日（周四）")
    a.expects("8月20日 09:30 前未答复即失效")
    await beijing("09:29", day=20)
    b.expects("【换班】待同事同意")
    await beijing("09:30", day=20)
    assert arrivals(a, "【换班】已过期，未生效") == ["09:30", "09:30"]
    assert arrivals(b, "【换班】已过期，未生效") == ["09:30", "09:30"]
    assert buttons(b, "【换班】") == []


async def test_it_lapses_when_the_shift_begins(
    liaoning, groups, app, phones, beijing, file_a_filing
):
    a, b, leader = phones["A岗"], phones["B岗"], phones["带班领导"]
    await beijing("16:00")
    await ask(a, "8月20日（周二）")
    await beijing("17:00")
    await b.presses("同意")
    leader.expects("8月20日 08:30 前未答复即失效")
    await beijing("08:30", day=20)
    a.expects("【换班】已过期，未生效")
    b.expects("【换班】已过期，未生效")
    assert buttons(leader, "【换班】") == []
    filing = await file_a_filing()
    assert arrivals(a, filing.reference) == ["08:30"]


async def test_each_step_has_its_own_day(liaoning, groups, app, phones, beijing):
    a, b = phones["A岗"], phones["B岗"]
    await ask(a, "8月23日（周五）")
    await beijing("09:00", day=20)
    await b.presses("同意")
    await beijing("08:59", day=21)
    phones["带班领导"].expects("【换班】待带班领导批准")
    await beijing("09:00", day=21)
    a.expects("【换班】已过期，未生效")
