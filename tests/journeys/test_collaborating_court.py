"""What the court that filed can do afterwards: 催办, once in ten minutes, and 撤回, after a second tap."""

from tests.journeys.screens import arrivals, buttons


async def test_a_nudge_reaches_the_group_and_the_officer_once_in_ten_minutes(
    clock, phones, groups, file_a_filing, seen_by_api
):
    filing = await file_a_filing()
    home = groups["浙72"]
    await clock.advance(minutes=2)
    assert "已催办" in await phones["协作法院A岗"].presses("催办", chat=home)
    phones["A岗"].expects(f"催办：待签收 {filing.reference} 宁波海事法院催办")
    phones["B岗"].expects(f"催办：待签收 {filing.reference}", groups["辽72"])
    await clock.advance(minutes=9)
    said = await phones["协作法院A岗"].presses("催办", chat=home)
    assert said == "10 分钟内只能催办一次，请于 09:42 后再试。"
    await clock.advance(minutes=1)
    assert "已催办" in await phones["协作法院A岗"].presses("催办", chat=home)
    assert arrivals(phones["A岗"], "催办：待签收") == ["09:32", "09:42"]
    seen = await seen_by_api(filing.reference)
    assert [event["kind"] for event in seen["events"]].count("nudged") == 2


async def test_a_nudge_is_answered_right_under_it(phones, groups, file_a_filing):
    filing = await file_a_filing()
    await phones["协作法院A岗"].presses("催办", chat=groups["浙72"])
    news = phones["A岗"].expects("催办：待签收")
    await phones["A岗"].presses("签收", news)
    phones["A岗"].expects(f"编号 {filing.reference} 已签收 王建国", groups["辽72"])
    phones["协作法院A岗"].expects(f"编号 {filing.reference} 已签收 王建国", groups["浙72"])


async def test_a_withdrawal_needs_a_second_tap_and_ends_every_page(
    clock, phones, groups, file_a_filing, seen_by_api
):
    filing = await file_a_filing()
    home = groups["浙72"]
    await phones["协作法院A岗"].presses("撤回", chat=home)
    assert (await seen_by_api(filing.reference))["state"] == "waiting"
    await phones["协作法院A岗"].presses("确认撤回", chat=home)
    assert (await seen_by_api(filing.reference))["state"] == "withdrawn"
    phones["A岗"].expects(f"已撤回 {filing.reference} 无需再处理")
    assert buttons(phones["A岗"], f"编号 {filing.reference}") == ["查看"]
    assert buttons(phones["协作法院A岗"], f"编号 {filing.reference}", home) == ["查看"]
    await clock.advance(minutes=40)
    phones["B岗"].expects_nothing()
    phones["省级协调员"].expects_nothing()


async def test_a_withdrawal_not_confirmed_changes_nothing(
    phones, groups, file_a_filing, seen_by_api
):
    filing = await file_a_filing()
    before = await seen_by_api(filing.reference)
    await phones["协作法院A岗"].presses("撤回", chat=groups["浙72"])
    await phones["协作法院A岗"].presses("不撤回", chat=groups["浙72"])
    phones["协作法院A岗"].expects(f"未撤回 {filing.reference}", groups["浙72"])
    assert await seen_by_api(filing.reference) == before


async def test_a_completed_filing_is_not_withdrawn_by_a_confirmation_left_open(
    phones, groups, file_a_filing, seen_by_api
):
    filing = await file_a_filing()
    await phones["协作法院A岗"].presses("撤回", chat=groups["浙72"])
    await phones["A岗"].presses("签收")
    await phones["A岗"].presses("登记立案")
    said = await phones["协作法院A岗"].presses("确认撤回", chat=groups["浙72"])
    assert "已有结果" in said
    assert (await seen_by_api(filing.reference))["state"] == "completed"


async def test_a_nudge_follows_the_filing_and_keeps_no_dead_button(
    liaoning, groups, phones, file_a_filing
):
    await file_a_filing("KY-1")
    await phones["协作法院A岗"].presses("催办", chat=groups["浙72"])
    nudge = phones["A岗"].expects("催办：待签收", groups["辽72"])
    await phones["A岗"].presses("签收", nudge, groups["辽72"])
    phones["A岗"].expects_nothing("催办：待签收", groups["辽72"])
    card = phones["A岗"].expects("催办：待反馈结果", groups["辽72"])
    await phones["A岗"].presses("登记立案", card, groups["辽72"])
    phones["A岗"].expects_nothing("催办", groups["辽72"])
