"""Filed with the wrong court: it is returned with the right one named, and goes there in one tap, each hop for itself."""

import pytest

from tests.journeys.screens import buttons


@pytest.fixture
async def ganjingzi(builders, phones, liaoning):
    """The court that decides in truth, with an officer on duty."""
    await builders.court("辽02")
    court = await builders.court("辽0211")
    phones.give_officer("甘井子A岗", await builders.officer(court, "张伟", "A", 301))
    return court


async def returned(phones, groups, words="辽0211"):
    await phones["A岗"].presses("签收")
    await phones["A岗"].presses("退回")
    await phones["A岗"].presses("不属本院管辖")
    return await phones["A岗"].says(words, reply_to=phones["A岗"].expects("写明有管辖权的法院"))


async def test_one_tap_sends_it_to_the_court_that_was_proposed_with_a_clock_of_its_own(
    clock, phones, groups, ganjingzi, file_a_filing, seen_by_api
):
    filing = await file_a_filing()
    await clock.advance(minutes=5)
    said = await returned(phones, groups)
    assert "建议转送辽宁省大连市甘井子区人民法院（辽0211）" in said.text
    home = groups["浙72"]
    news = phones["协作法院A岗"].expects("退回原因：不属本院管辖，建议由 请转送", home)
    label = "转送 辽宁省大连市甘井子区人民法院"
    assert news.labels == [label, "其他法院…", "查看"]
    await clock.advance(minutes=3)
    told = await phones["协作法院A岗"].presses(label, news, home)
    assert told == f"已转送辽宁省大连市甘井子区人民法院，新编号 {filing.reference}-2"
    first, second = (
        await seen_by_api(filing.reference),
        await seen_by_api(f"{filing.reference}-2"),
    )
    assert (first["previous"], first["next"]) == (None, f"{filing.reference}-2")
    assert (second["previous"], second["next"]) == (filing.reference, None)
    assert first["return_reason"] == "not_ours"
    assert first["proposed_court"]["code"] == "辽0211"
    assert (second["state"], second["received_at"]) == ("waiting", "2019-08-19T01:38:00Z")
    assert second["answer_due_at"] == "2019-08-19T02:08:00Z"
    phones["甘井子A岗"].expects(
        f"{filing.reference}-2 转送自：{filing.reference}（大连海事法院退回）"
    )
    # No button that would do it again is left anywhere.
    assert buttons(phones["协作法院A岗"], "案件类型 已转送", home) == ["查看"]


async def test_the_history_is_told_by_both(clock, phones, groups, ganjingzi, file_a_filing):
    filing = await file_a_filing()
    await returned(phones, groups)
    await phones["协作法院A岗"].presses("转送 辽宁省大连市甘井子区人民法院", chat=groups["浙72"])
    await clock.advance(minutes=1)
    await phones["甘井子A岗"].presses("签收")
    await phones["甘井子A岗"].presses("查看")
    phones["甘井子A岗"].expects(f"〔{filing.reference}〕已退回 不属本院管辖 已转送 张伟")
    await phones["A岗"].presses("查看", phones["A岗"].expects(f"编号 {filing.reference} 已转送"))
    phones["A岗"].expects(f"已转送 〔{filing.reference}-2〕已签收 张伟")


async def test_a_return_that_was_sent_on_cannot_be_taken_back(
    phones, groups, ganjingzi, file_a_filing, seen_by_api
):
    filing = await file_a_filing()
    await returned(phones, groups)
    card = phones["A岗"].expects(f"编号 {filing.reference} 退回")
    undo = next(b for row in card.buttons for b in row if b.text == "撤销")
    await phones["协作法院A岗"].presses("转送 辽宁省大连市甘井子区人民法院", chat=groups["浙72"])
    assert "撤销" not in phones["A岗"].expects(f"编号 {filing.reference} 退回").labels
    press = phones["A岗"].phone.presses_data(undo.data, card)
    await phones["A岗"].clock.settle()
    assert press.answered.text == "此件退回后已转送其他法院，不能再更改。"
    assert (await seen_by_api(filing.reference))["state"] == "completed"


async def test_the_collaborating_court_may_name_another_court_and_confirms_it(
    clock, phones, groups, ganjingzi, file_a_filing, seen_by_api
):
    filing = await file_a_filing()
    await phones["A岗"].presses("签收")
    await phones["A岗"].presses("退回")
    home = groups["浙72"]
    await phones["协作法院A岗"].presses("转送其他法院…", chat=home)
    question = phones["协作法院A岗"].expects("写明要转送的法院", home)
    answer = await phones["协作法院A岗"].says("没有的法院", home, question)
    assert "查不到" in answer.text
    await phones["协作法院A岗"].says("甘井子", home, question)
    await phones["协作法院A岗"].presses("转送 辽宁省大连市甘井子区人民法院（辽0211）", chat=home)
    assert (await seen_by_api(filing.reference))["next"] == f"{filing.reference}-2"


async def test_a_name_of_several_courts_is_settled_by_a_tap(
    builders, phones, groups, ganjingzi, file_a_filing, seen_by_api
):
    await builders.court("辽0106", "铁西区人民法院", city="沈阳市")
    await builders.court("辽0302", "铁西区人民法院", city="鞍山市")
    filing = await file_a_filing()
    said = await returned(phones, groups, "铁西区人民法院")
    assert said.labels == ["铁西区人民法院（辽0106）", "铁西区人民法院（辽0302）"]
    await phones["A岗"].presses("铁西区人民法院（辽0302）", said)
    assert (await seen_by_api(filing.reference))["proposed_court"]["code"] == "辽0302"


async def test_the_next_hop_counts_on_and_its_own_court_is_not_proposed_again(
    clock, phones, groups, ganjingzi, file_a_filing, seen_by_api
):
    filing = await file_a_filing()
    said = await returned(phones, groups, "辽72")
    assert said.text == "该院刚退回此件，请选择其他法院。"
    await phones["A岗"].says("辽0211", reply_to=phones["A岗"].expects("写明有管辖权的法院"))
    home = groups["浙72"]
    await phones["协作法院A岗"].presses("转送 辽宁省大连市甘井子区人民法院", chat=home)
    await phones["甘井子A岗"].presses("签收")
    await phones["甘井子A岗"].presses("退回")
    await phones["甘井子A岗"].presses("不属本院管辖")
    await phones["甘井子A岗"].says("辽02")
    await phones["协作法院A岗"].presses(
        "转送 辽宁省大连市中级人民法院",
        phones["协作法院A岗"].expects(f"{filing.reference}-2 退回", home),
        home,
    )
    third = await seen_by_api(f"{filing.reference}-3")
    assert third["previous"] == f"{filing.reference}-2"
