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


async def test_later_is_seen_by_the_court_that_filed_until_it_is_over(
    clock, phones, groups, file_a_filing
):
    await file_a_filing()
    await clock.advance(minutes=1)
    await phones["A岗"].presses("稍后")
    words = "王建国（A岗）选择“稍后”，09:51 再次提醒"
    phones["协作法院A岗"].expects(words, groups["浙72"])
    phones["B岗"].expects(words, groups["辽72"])
    await clock.advance(minutes=20)
    phones["协作法院A岗"].expects_nothing(words, groups["浙72"])


async def test_a_snooze_that_ends_in_silence_goes_up_the_ladder_all_the_same(
    clock, phones, file_a_filing, seen_by_api
):
    filing = await file_a_filing()
    await clock.advance(minutes=1)
    await phones["A岗"].presses("稍后")
    await clock.advance(minutes=30)
    assert arrivals(phones["A岗"], filing.reference) == ["09:30", "09:51"]
    assert arrivals(phones["B岗"], filing.reference) == ["09:40"]
    assert arrivals(phones["带班领导"], filing.reference) == ["09:45"]
    assert arrivals(phones["省级协调员"], filing.reference) == ["10:00"]
    assert (await seen_by_api(filing.reference))["state"] == "waiting"


async def test_the_groups_card_keeps_who_handed_over_to_whom(clock, phones, groups, file_a_filing):
    await file_a_filing()
    await clock.advance(minutes=1)
    await phones["A岗"].presses("转B岗")
    words = "转B岗 王建国（A岗） → 李敏（B岗） 09:31"
    phones["A岗"].expects(words, groups["辽72"])
    await phones["B岗"].presses("签收")
    phones["A岗"].expects(f"已签收 李敏 {words}", groups["辽72"])
    phones["协作法院A岗"].expects_nothing("转B岗 王建国", groups["浙72"])
