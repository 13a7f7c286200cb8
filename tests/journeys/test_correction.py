"""一次性补正: the papers go back once with a list of defects; the supplement starts the result clock anew."""

from tests.journeys.screens import buttons


async def test_a_correction_stops_the_clock_and_the_supplement_starts_it_anew(
    clock, phones, groups, file_a_filing, seen_by_api
):
    filing = await file_a_filing()
    home = groups["浙72"]
    await phones["A岗"].presses("签收")
    await clock.advance(minutes=10)
    await phones["A岗"].presses("一次性补正")
    seen = await seen_by_api(filing.reference)
    assert (seen["state"], seen["result"], seen["result_due_at"]) == (
        "correcting",
        "correction",
        None,
    )
    phones["协作法院A岗"].expects(f"一次性补正 {filing.reference} 请补正后按", home)
    assert buttons(phones["协作法院A岗"], f"编号 {filing.reference}", home) == [
        "已补正",
        "撤回",
        "查看",
    ]
    await clock.advance(minutes=80)
    phones["带班领导"].expects_nothing()

    await phones["协作法院A岗"].presses("已补正", chat=home)
    seen = await seen_by_api(filing.reference)
    assert (seen["state"], seen["result"], seen["result_by"]) == ("acknowledged", None, None)
    assert seen["result_due_at"] == "2019-08-19T05:30:00Z" or seen["result_due_at"].startswith(
        "2019-08-19T06:00"
    )
    phones["A岗"].expects(f"已补正 {filing.reference} 请继续审查并反馈结果")
    phones["A岗"].expects(f"已补正 {filing.reference}", groups["辽72"])
    await phones["A岗"].presses("登记立案")
    seen = await seen_by_api(filing.reference)
    assert (seen["state"], seen["result"]) == ("completed", "registered")
    kinds = [event["kind"] for event in seen["events"]]
    assert kinds[-4:] == ["acknowledged", "correction", "supplemented", "result"]


async def test_what_is_missing_is_told_by_a_reply_and_reaches_the_court_that_filed(
    clock, phones, groups, file_a_filing, seen_by_api
):
    filing = await file_a_filing()
    await phones["A岗"].presses("签收")
    await phones["A岗"].presses("一次性补正")
    prompt = phones["A岗"].expects("一次性写明 回复本消息")
    answer = await phones["A岗"].says("缺授权委托书原件")
    assert "说明未记录" in answer.text
    assert "选择“回复”" in answer.text
    answer = await phones["A岗"].says("缺授权委托书原件", reply_to=prompt)
    assert "说明已记录" in answer.text
    seen = await seen_by_api(filing.reference)
    assert seen["result_note"] == "缺授权委托书原件"
    phones["协作法院A岗"].expects(f"{filing.reference} 补正内容：缺授权委托书原件", groups["浙72"])
    phones["A岗"].expects(f"{filing.reference} 补正内容：缺授权委托书原件", groups["辽72"])


async def test_a_note_with_a_persons_number_is_not_kept(phones, groups, file_a_filing, seen_by_api):
    filing = await file_a_filing()
    await phones["A岗"].presses("签收")
    await phones["A岗"].presses("退回")
    await phones["A岗"].presses("其他")
    prompt = phones["A岗"].expects("如需说明 回复本消息")
    answer = await phones["A岗"].says("请联系当事人 13812345678", reply_to=prompt)
    assert "手机号" in answer.text
    seen = await seen_by_api(filing.reference)
    assert seen["result_note"] is None
    phones["协作法院A岗"].expects_nothing("13812345678", groups["浙72"])
    await phones["A岗"].says("请按专属管辖重新提交", reply_to=prompt)
    assert (await seen_by_api(filing.reference))["result_note"] == "请按专属管辖重新提交"


async def test_a_note_after_ten_minutes_is_refused_and_says_what_to_do(
    clock, phones, file_a_filing, seen_by_api
):
    filing = await file_a_filing()
    await phones["A岗"].presses("签收")
    await phones["A岗"].presses("不予受理")
    prompt = phones["A岗"].expects("如需说明 回复本消息")
    await clock.advance(minutes=10)
    answer = await phones["A岗"].says("不属于本院管辖", reply_to=prompt)
    assert "已过 10 分钟" in answer.text
    assert (await seen_by_api(filing.reference))["result_note"] is None


async def test_in_the_group_the_note_is_a_reply_of_its_author_alone(
    phones, groups, file_a_filing, seen_by_api
):
    filing = await file_a_filing()
    group = groups["辽72"]
    await phones["A岗"].presses("签收", chat=group)
    await phones["A岗"].presses("一次性补正", chat=group)
    prompt = phones["A岗"].expects("一次性写明 回复本消息", group)
    # Telegram opens the reply field for those alone whom the text mentions.
    assert prompt.keyboard["force_reply"] is prompt.keyboard["selective"] is True
    mentioned = [e["url"] for e in prompt.entities if e["type"] == "text_link"]
    assert mentioned == [f"tg://user?id={phones['A岗'].id}"]
    assert prompt.text.startswith("王建国\n")
    await phones["B岗"].says("我来说两句", group, reply_to=prompt)
    assert (await seen_by_api(filing.reference))["result_note"] is None
    await phones["A岗"].says("缺营业执照", group, reply_to=prompt)
    assert (await seen_by_api(filing.reference))["result_note"] == "缺营业执照"
    phones["B岗"].expects(f"{filing.reference} 补正内容：缺营业执照", group)


async def test_a_note_of_markup_is_shown_as_it_was_written(phones, groups, file_a_filing):
    filing = await file_a_filing()
    await phones["A岗"].presses("签收")
    await phones["A岗"].presses("退回")
    await phones["A岗"].presses("其他")
    prompt = phones["A岗"].expects("如需说明 回复本消息")
    await phones["A岗"].says("<b>&管辖</b> 不明", reply_to=prompt)
    phones["协作法院A岗"].expects(f"{filing.reference} 说明：<b>&管辖</b> 不明", groups["浙72"])
