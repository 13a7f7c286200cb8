"""转B岗 and 稍后: who cannot act now says so with one tap, and the filing loses no minute."""

from tests.journeys.screens import arrivals, buttons


async def test_b_is_paged_now_when_a_hands_over_and_only_once(
    clock, phones, groups, file_a_filing, seen_by_api
):
    filing = await file_a_filing()
    await clock.advance(minutes=1)
    assert "正在呼叫" in await phones["A岗"].presses("转B岗")
    phones["B岗"].expects(f"{filing.reference} 王建国（A岗）转来")
    assert "转B岗" not in buttons(phones["A岗"], filing.reference, groups["辽72"])
    assert arrivals(phones["B岗"], filing.reference) == ["09:31"]
    seen = await seen_by_api(filing.reference)
    assert "handed_over" in [event["kind"] for event in seen["events"]]
    assert seen["state"] == "waiting"


async def test_later_spares_the_reminder_and_comes_back_while_others_are_paged_as_ever(
    clock, phones, file_a_filing
):
    filing = await file_a_filing()
    await clock.advance(minutes=1)
    assert "稍后" in await phones["A岗"].presses("稍后")
    assert "稍后" not in buttons(phones["A岗"], filing.reference)
    await clock.advance(minutes=19)
    assert arrivals(phones["A岗"], filing.reference) == ["09:30"]
    assert arrivals(phones["B岗"], filing.reference) == ["09:40"]
    await clock.advance(minutes=1)
    phones["A岗"].expects(f"{filing.reference} 您此前选择了“稍后”，现再次提醒")
    assert arrivals(phones["A岗"], filing.reference) == ["09:30", "09:51"]


async def test_details_tell_the_path_in_private_as_a_message_and_in_the_group_to_the_asker(
    clock, phones, groups, file_a_filing
):
    filing = await file_a_filing()
    await clock.advance(minutes=10)
    said = await phones["B岗"].presses("查看", chat=groups["辽72"])
    assert filing.reference in said
    assert "王建国（A岗）" in said
    count = len(groups["辽72"].messages())
    await phones["A岗"].presses("查看")
    phones["A岗"].expects(
        f"{filing.reference} 收到立案 王建国（A岗） 李敏（B岗） 指定由大连海事法院管辖"
    )
    assert len(groups["辽72"].messages()) == count
