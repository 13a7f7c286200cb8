"""督办: the coordinator's order reaches everybody who could answer, at once and not too often."""

from tests.journeys.screens import arrivals, buttons


async def test_an_order_reaches_duty_b_leader_and_group_at_once_and_stands_on_every_card(
    clock, phones, groups, file_a_filing, seen_by_api
):
    filing = await file_a_filing()
    await clock.advance(minutes=30)
    assert "督办" in buttons(phones["省级协调员"], "尚未签收")
    assert "已督办" in await phones["省级协调员"].presses("督办")
    for name in ("A岗", "B岗", "带班领导"):
        phones[name].expects(f"督办：待签收 {filing.reference} 周琳（省级协调员）督办，请立即签收")
    news = phones["A岗"].expects("督办：待签收 大连海事法院", groups["辽72"])
    phones["协作法院A岗"].expects("案件类型 督办 周琳（省级协调员） 10:00", groups["浙72"])
    await phones["B岗"].presses("签收", news, groups["辽72"])
    seen = await seen_by_api(filing.reference)
    assert seen["acknowledged_by"]["name"] == "李敏"
    assert ("supervised", "周琳（省级协调员）") in [(e["kind"], e["who"]) for e in seen["events"]]


async def test_one_order_in_ten_minutes_by_button_or_by_command(clock, phones, file_a_filing):
    filing = await file_a_filing()
    coordinator = phones["省级协调员"]
    said = await coordinator.says(f"/supervise {filing.reference}")
    assert "已督办" in said.text
    await clock.advance(minutes=9)
    said = await coordinator.says(f"/supervise {filing.reference}")
    assert "10 分钟内只能督办一次，请于 09:40 后再试" in said.text
    await clock.advance(minutes=1)
    await coordinator.says(f"/supervise {filing.reference}")
    assert arrivals(phones["带班领导"], "督办：待签收") == ["09:30", "09:40"]


async def test_nobody_else_orders_and_nothing_that_is_over_is_ordered(
    phones, file_a_filing, seen_by_api
):
    filing = await file_a_filing()
    for name in ("A岗", "带班领导", "协作法院A岗"):
        said = await phones[name].says(f"/supervise {filing.reference}")
        assert "只有管辖法院所在省的协调员可以督办" in said.text
    await phones["A岗"].presses("签收")
    await phones["A岗"].presses("登记立案")
    said = await phones["省级协调员"].says(f"/supervise {filing.reference}")
    assert "已有结果" in said.text
    kinds = [event["kind"] for event in (await seen_by_api(filing.reference))["events"]]
    assert "supervised" not in kinds


async def test_the_result_is_ordered_from_whoever_acknowledged(clock, phones, file_a_filing):
    filing = await file_a_filing()
    await phones["A岗"].presses("签收")
    await clock.advance(minutes=5)
    await phones["省级协调员"].says(f"/supervise {filing.reference}")
    phones["A岗"].expects(f"督办：待反馈结果 {filing.reference} 请立即反馈结果")


async def test_an_order_that_reaches_nobody_says_so_and_may_be_given_again_at_once(
    builders, phones, file_a_filing, seen_by_api
):
    court = await builders.court("辽02")
    filing = await file_a_filing(to=court)
    coordinator = phones["省级协调员"]
    for _ in range(2):
        said = await coordinator.says(f"/supervise {filing.reference}")
        assert "督办没有送达" in said.text
    kinds = [event["kind"] for event in (await seen_by_api(filing.reference))["events"]]
    assert "supervised" not in kinds
