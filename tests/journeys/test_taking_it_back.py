"""撤销: a wrong tap is taken back by who made it, within two minutes, as if it had never been."""

from tests.journeys.screens import arrivals, buttons


async def test_an_acknowledgment_taken_back_leaves_state_and_clock_as_they_were(
    clock, phones, groups, file_a_filing, seen_by_api
):
    filing = await file_a_filing()
    before = await seen_by_api(filing.reference)
    await clock.advance(minutes=2)
    await phones["A岗"].presses("签收")
    await clock.advance(seconds=119)
    assert "已撤销" in await phones["A岗"].presses("撤销")
    card = phones["A岗"].expects(filing.reference, groups["辽72"])
    assert card.text.startswith("【跨域立案】待签收")
    assert "应于 10:00 前签收" in card.text
    seen = await seen_by_api(filing.reference)
    changed = {key for key in seen if seen[key] != before[key]}
    assert changed == {"events"}
    assert [event["kind"] for event in seen["events"]][-2:] == ["acknowledged", "undone"]
    phones["协作法院A岗"].expects(f"签收已撤销 {filing.reference} 待签收", groups["浙72"])


async def test_steps_taken_before_are_not_taken_again_and_missed_ones_follow(
    clock, phones, groups, file_a_filing
):
    filing = await file_a_filing()
    await clock.advance(minutes=9)
    await phones["A岗"].presses("签收")
    await clock.advance(seconds=90)
    phones["B岗"].expects_nothing()
    await phones["A岗"].presses("撤销")
    assert arrivals(phones["A岗"], filing.reference) == ["09:30", "09:35"]
    assert arrivals(phones["B岗"], filing.reference) == ["09:40"]
    await clock.advance(minutes=25)
    assert arrivals(phones["B岗"], filing.reference) == ["09:40"]
    assert arrivals(phones["带班领导"], filing.reference) == ["09:45"]
    assert arrivals(phones["省级协调员"], filing.reference) == ["10:00"]


async def test_after_two_minutes_the_button_is_gone_and_a_late_press_is_told_so(
    clock, phones, groups, file_a_filing, seen_by_api
):
    filing = await file_a_filing()
    await phones["A岗"].presses("签收")
    card = phones["A岗"].expects(filing.reference)
    [undo] = [b for row in card.buttons for b in row if b.text == "撤销"]
    await clock.advance(minutes=2)
    assert "撤销" not in buttons(phones["A岗"], filing.reference)
    assert "撤销" not in buttons(phones["A岗"], filing.reference, groups["辽72"])
    press = phones["A岗"].phone.presses_data(undo.data, card)
    await clock.settle()
    assert "没有可以撤销" in press.answered.text or "2 分钟" in press.answered.text
    assert (await seen_by_api(filing.reference))["state"] == "acknowledged"


async def test_only_the_author_takes_it_back(phones, groups, file_a_filing, seen_by_api):
    filing = await file_a_filing()
    await phones["A岗"].presses("签收", chat=groups["辽72"])
    said = await phones["B岗"].presses("撤销", chat=groups["辽72"])
    assert said == "只有本人可以撤销自己的操作。"
    assert (await seen_by_api(filing.reference))["state"] == "acknowledged"


async def test_a_result_taken_back_opens_the_filing_again_with_its_old_deadline(
    clock, phones, groups, file_a_filing, seen_by_api
):
    filing = await file_a_filing()
    await phones["A岗"].presses("签收")
    await clock.advance(minutes=30)
    before = await seen_by_api(filing.reference)
    await phones["A岗"].presses("不予受理")
    await clock.advance(minutes=1)
    await phones["A岗"].presses("撤销")
    seen = await seen_by_api(filing.reference)
    assert {key for key in seen if seen[key] != before[key]} == {"events"}
    assert "登记立案" in buttons(phones["A岗"], f"已签收 {filing.reference}")
    phones["协作法院A岗"].expects(f"结果已撤销 {filing.reference} 已签收", groups["浙72"])
    await clock.advance(minutes=29)
    phones["带班领导"].expects(f"尚未反馈结果 {filing.reference}")
