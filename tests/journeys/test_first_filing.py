"""18 August 2019, Ningbo to Dalian: page, acknowledgment, result, and where everybody can read it."""

from tests.journeys.screens import arrivals, buttons

WAITING = ["签收", "转B岗", "查看"]
DECIDING = ["登记立案", "一次性补正", "转诉前调解", "不予受理", "退回", "撤销", "查看"]


async def test_a_page_goes_to_the_group_and_to_the_officer_on_duty(phones, groups, file_a_filing):
    filing = await file_a_filing("KY-2019-000001")
    for card in (
        phones["A岗"].expects("KY-2019-000001", groups["辽72"]),
        phones["A岗"].expects("KY-2019-000001"),
    ):
        assert card.text.startswith("【跨域立案】待签收　KY-2019-000001　大连海事法院")
        for fact in (
            "应于 10:00 前签收",
            "协作法院：宁波海事法院",
            "管辖法院：大连海事法院",
            "案件类型：民事一审",
            "到达时间：09:30",
            "王建国（A岗）、李敏（B岗）",
            "已用 0/30 工作分钟（截至 09:30）",
        ):
            assert fact in card.text
        assert not card.silent
    assert buttons(phones["A岗"], filing.reference, groups["辽72"]) == WAITING
    assert buttons(phones["A岗"], filing.reference) == ["签收", "转B岗", "稍后", "查看"]
    phones["B岗"].expects_nothing()


async def test_the_court_that_filed_sees_the_same_filing_live_with_its_own_buttons(
    phones, groups, file_a_filing
):
    filing = await file_a_filing()
    home = groups["浙72"]
    assert buttons(phones["协作法院A岗"], f"待签收 {filing.reference}", home) == [
        "催办",
        "撤回",
        "查看",
    ]
    await phones["A岗"].presses("签收")
    card = phones["协作法院A岗"].expects(f"{filing.reference} 编号 已签收 王建国 反馈结果", home)
    assert card.labels == ["催办", "撤回", "查看"]
    assert arrivals(phones["协作法院A岗"], "已签收 用时", home) == ["09:30", "09:30"]
    phones["协作法院A岗"].expects_nothing()


async def test_acknowledged_on_one_phone_every_card_says_who_when_and_how_fast(
    clock, phones, groups, file_a_filing
):
    filing = await file_a_filing()
    await clock.advance(minutes=4, seconds=10)
    said = await phones["A岗"].presses("签收")
    assert "已签收" in said
    for chat in (groups["辽72"], None):
        card = phones["A岗"].expects(filing.reference, chat)
        assert "已签收" in card.text.splitlines()[0]
        assert "已签收　王建国（A岗）　09:34　用时 4 分钟" in card.text
        assert "应于 10:34 前反馈结果" in card.text
        assert card.edited_at is not None
        assert card.labels == DECIDING
    assert phones["A岗"].count(filing.reference) == 1


async def test_registered_in_the_group_the_filing_is_closed_for_everybody(
    clock, phones, groups, file_a_filing
):
    filing = await file_a_filing()
    await phones["A岗"].presses("签收", chat=groups["辽72"])
    await clock.advance(minutes=20)
    assert "协作法院" in await phones["B岗"].presses("登记立案", chat=groups["辽72"])
    card = phones["A岗"].expects(filing.reference, groups["辽72"])
    assert card.text.startswith(f"【跨域立案】已登记立案　{filing.reference}")
    assert "登记立案　李敏（B岗）　09:50　用时 20 分钟" in card.text
    assert card.labels == ["撤销", "查看"]
    phones["协作法院A岗"].expects(f"已登记立案 {filing.reference} 李敏", groups["浙72"])
    await clock.advance(minutes=3)
    assert buttons(phones["A岗"], filing.reference, groups["辽72"]) == ["查看"]
    await clock.advance(hours=2)
    phones["带班领导"].expects_nothing()


async def test_the_api_tells_the_whole_story_in_order(clock, phones, file_a_filing, seen_by_api):
    filing = await file_a_filing()
    await clock.advance(minutes=4)
    await phones["A岗"].presses("签收")
    await clock.advance(minutes=26)
    await phones["A岗"].presses("登记立案")
    seen = await seen_by_api(filing.reference)
    assert [event["kind"] for event in seen["events"]] == [
        "received",
        "paged",
        "paged",
        "delivered",
        "delivered",
        "acknowledged",
        "result",
    ]
    delivered = [e["detail"] for e in seen["events"] if e["kind"] == "delivered"]
    assert sorted(delivered) == ["telegram A", "telegram 辽72 group"]
    assert seen["state"], seen["result"] == ("completed", "registered")
    assert seen["acknowledged_by"] == {"name": "王建国", "court": "辽72", "post": "A"}
    assert seen["result_by"] == seen["acknowledged_by"]
    assert (seen["answer_wall_seconds"], seen["answer_working_seconds"]) == (240, 240)
    assert (seen["result_wall_seconds"], seen["result_working_seconds"]) == (1560, 1560)
    assert seen["answered_in_time"] is True
    assert [e["who"] for e in seen["events"][-2:]] == ["王建国（A岗）"] * 2


async def test_a_drill_walks_the_same_path_and_says_so(phones, groups, file_a_filing):
    filing = await file_a_filing(drill=True)
    for device, chat in (("A岗", groups["辽72"]), ("A岗", None), ("协作法院A岗", groups["浙72"])):
        card = phones[device].expects(filing.reference, chat)
        assert card.text.startswith("【演练】")
