"""Nobody answers: the ladder goes on to the next person, and the first to answer ends it for all."""

from tests.journeys.screens import arrivals


async def test_silence_reaches_the_b_post(clock, phones, file_a_filing):
    await file_a_filing()
    phones["A岗"].expects("待签收")
    phones["B岗"].expects_nothing()
    await clock.advance(minutes=10)
    phones["B岗"].expects("尚未签收")
    phones["带班领导"].expects_nothing()


async def test_the_leader_and_the_coordinator_hear_of_a_silent_court(clock, phones, file_a_filing):
    await file_a_filing()
    await clock.advance(minutes=15)
    phones["带班领导"].expects("尚未签收")
    phones["省级协调员"].expects_nothing()
    await clock.advance(minutes=15)
    phones["省级协调员"].expects("尚未签收")


async def test_everybody_is_paged_at_the_minute_the_ladder_says(
    clock, phones, groups, file_a_filing, seen_by_api
):
    filing = await file_a_filing()
    await clock.advance(minutes=45)
    assert arrivals(phones["A岗"], filing.reference) == ["09:30", "09:35"]
    assert arrivals(phones["B岗"], filing.reference) == ["09:40"]
    assert arrivals(phones["带班领导"], filing.reference) == ["09:45"]
    assert arrivals(phones["省级协调员"], filing.reference) == ["10:00"]
    assert arrivals(phones["A岗"], filing.reference, groups["辽72"]) == ["09:30", "09:40"]
    seen = await seen_by_api(filing.reference)
    said = [(e["at"][11:16], e["kind"]) for e in seen["events"] if e["kind"] != "delivered"]
    assert said == [
        ("01:30", "received"),
        ("01:30", "paged"),
        ("01:30", "paged"),
        ("01:35", "reminded"),
        ("01:40", "escalated"),
        ("01:40", "reminded"),
        ("01:45", "escalated"),
        ("02:00", "escalated"),
    ]


async def test_whoever_is_paged_later_reads_who_was_paged_in_vain_and_whom_to_ring(
    clock, phones, file_a_filing
):
    await file_a_filing()
    await clock.advance(minutes=15)
    card = phones["带班领导"].expects("尚未签收")
    assert "已呼未应：王建国（A岗） 09:30、09:35；李敏（B岗） 09:40" in card.text
    assert "王建国（A岗，☎ 0411-8000101）" in card.text


async def test_one_press_ends_the_ladder_and_every_card_says_who(
    clock, phones, groups, file_a_filing
):
    filing = await file_a_filing()
    await clock.advance(minutes=10)
    await phones["B岗"].presses("签收")
    for name in ("A岗", "B岗"):
        phones[name].expects("已签收 李敏")
    phones["A岗"].expects(f"已签收 {filing.reference}", groups["辽72"])
    phones["协作法院A岗"].expects(f"已签收 {filing.reference}", groups["浙72"])
    await clock.advance(minutes=30)
    phones["带班领导"].expects_nothing()


async def test_a_result_that_does_not_come_is_asked_for_and_then_told_to_leader_and_coordinator(
    clock, phones, file_a_filing
):
    await file_a_filing()
    await phones["A岗"].presses("签收")
    await clock.advance(minutes=44)
    phones["A岗"].expects_nothing("尚未反馈结果")
    await clock.advance(minutes=1)
    phones["A岗"].expects("尚未反馈结果")
    phones["带班领导"].expects_nothing()
    await clock.advance(minutes=15)
    phones["带班领导"].expects("尚未反馈结果")
    phones["省级协调员"].expects("尚未反馈结果")
    phones["B岗"].expects_nothing()
