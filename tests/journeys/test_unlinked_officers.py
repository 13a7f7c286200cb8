"""Nobody can be paged who has linked no account: whoever can is paged at once, and told why."""

from bot.sandbox import Fault, FaultPlan
from tests.journeys.screens import arrivals


async def test_b_is_paged_at_once_when_only_b_is_linked(
    clock, phones, liaoning, file_a_filing, cut_off
):
    for officer in (liaoning.a, liaoning.leader):
        await cut_off(officer)
    filing = await file_a_filing()
    card = phones["B岗"].expects(filing.reference)
    assert "A岗 王建国 未关联聊天账号，改呼B岗" in card.text
    phones["A岗"].expects_nothing(filing.reference)
    phones["省级协调员"].expects_nothing(filing.reference)
    await clock.advance(minutes=15)
    phones["省级协调员"].expects(f"{filing.reference} 带班领导 赵强 未关联聊天账号，改呼省级协调员")


async def test_the_coordinator_is_paged_at_once_when_nobody_of_the_court_is_linked(
    phones, groups, liaoning, file_a_filing, cut_off, seen_by_api
):
    for officer in (liaoning.a, liaoning.b, liaoning.leader):
        await cut_off(officer)
    filing = await file_a_filing()
    card = phones["省级协调员"].expects(filing.reference)
    assert (
        "A岗 王建国 未关联聊天账号，改呼省级协调员"
        "（B岗 李敏 未关联聊天账号；带班领导 赵强 未关联聊天账号）"
    ) in card.text
    phones["A岗"].expects(filing.reference, groups["辽72"])
    seen = await seen_by_api(filing.reference)
    assert any("A: unlinked" in event["detail"] for event in seen["events"])


async def test_where_nobody_at_all_can_be_paged_the_group_still_hears_and_the_history_says_so(
    clock, phones, groups, liaoning, file_a_filing, cut_off, seen_by_api
):
    for officer in (liaoning.a, liaoning.b, liaoning.leader, liaoning.coordinator):
        await cut_off(officer)
    filing = await file_a_filing()
    assert arrivals(phones["A岗"], filing.reference, groups["辽72"]) == ["09:30"]
    words = f"{filing.reference} 管辖法院目前无人可在聊天中呼叫，请电话联系"
    phones["协作法院A岗"].expects(words, groups["浙72"])
    seen = await seen_by_api(filing.reference)
    assert ("delivery_failed", "无人可呼叫") in [(e["kind"], e["detail"]) for e in seen["events"]]


async def test_a_lost_phone_is_paged_no_more_from_the_moment_it_is_unlinked(
    clock, phones, liaoning, file_a_filing, cut_off
):
    first = await file_a_filing()
    await cut_off(liaoning.a)
    await clock.advance(minutes=5)
    assert arrivals(phones["A岗"], first.reference) == ["09:30"]
    assert arrivals(phones["B岗"], first.reference) == ["09:35"]
    second = await file_a_filing()
    phones["A岗"].expects_nothing(second.reference)
    assert "未关联" in await phones["A岗"].presses("签收")
    phones["B岗"].expects(f"{first.reference} 尚未签收")


async def test_a_page_that_still_waits_when_its_account_is_unlinked_goes_to_the_next_at_once(
    telegram, clock, phones, liaoning, file_a_filing, cut_off
):
    telegram.faults = FaultPlan.always(Fault.BAD_GATEWAY).only("sendMessage")
    filing = await file_a_filing()
    await cut_off(liaoning.a)
    telegram.faults = FaultPlan.none()
    await clock.advance(seconds=31)
    phones["A岗"].expects_nothing(filing.reference)
    assert arrivals(phones["B岗"], filing.reference) == ["09:30"]
    phones["省级协调员"].expects("大连海事法院 有人员无法送达 王建国 未关联聊天账号")
