"""`/pending`: several chosen by their boxes and answered with one tap, each judged on its own; every page's fate told."""


async def test_several_are_acknowledged_with_one_tap_and_what_was_not_possible_is_said(
    clock, phones, file_a_filing, seen_by_api
):
    first, second, third = [await file_a_filing() for _ in range(3)]
    await clock.advance(minutes=2)
    listed = await phones["B岗"].says("/pending")
    assert listed.labels[:6] == ["☐ 1", "查看 1", "☐ 2", "查看 2", "☐ 3", "查看 3"]
    await phones["B岗"].presses("全选", listed)
    listed = phones["B岗"].expects("未办结 3 件")
    await phones["B岗"].presses("☑ 3", listed)
    listed = phones["B岗"].expects("未办结 3 件")
    assert listed.labels[:6] == ["☑ 1", "查看 1", "☑ 2", "查看 2", "☐ 3", "查看 3"]
    await phones["A岗"].presses("签收", phones["A岗"].expects(f"编号 {first.reference}"))
    await clock.advance(minutes=1)
    said = await phones["B岗"].presses("签收所选（2）", listed)
    assert said == "已签收 1/2 件"
    phones["B岗"].expects(
        f"⚠️ {first.reference}：已由王建国（A岗）于 09:32 签收 ✅ {second.reference}：已签收"
    )
    states = {f.reference: await seen_by_api(f.reference) for f in (first, second, third)}
    assert states[first.reference]["acknowledged_by"]["name"] == "王建国"
    assert states[second.reference]["acknowledged_by"]["name"] == "李敏"
    assert states[second.reference]["answer_wall_seconds"] == 180
    assert states[third.reference]["state"] == "waiting"
    assert "☐ 3" in phones["B岗"].expects("未办结 3 件").labels


async def test_the_list_says_of_each_page_whether_it_arrived(
    clock, phones, telegram, file_a_filing, liaoning
):
    phones["A岗"].phone.blocks_bot()
    await file_a_filing()
    await clock.advance(minutes=10)
    listed = await phones["省级协调员"].says("/pending")
    assert "大连海事法院（法院群） 已送达" in listed.text
    assert "王建国（A岗） 未送达：聊天账号无法送达" in listed.text
    assert "李敏（B岗） 已送达" in listed.text


async def test_a_coordinator_orders_several_at_once(clock, phones, file_a_filing, seen_by_api):
    filings = [await file_a_filing() for _ in range(2)]
    await phones["A岗"].presses("签收")
    listed = await phones["省级协调员"].says("/pending")
    await phones["省级协调员"].presses("全选", listed)
    await phones["省级协调员"].presses("督办所选（2）")
    for filing in filings:
        phones["带班领导"].expects(f"督办 {filing.reference}")
        kinds = [event["kind"] for event in (await seen_by_api(filing.reference))["events"]]
        assert "supervised" in kinds


async def test_nobody_of_another_court_ticks_or_answers_in_a_group(
    builders, clock, phones, groups, file_a_filing, seen_by_api
):
    filing = await file_a_filing()
    await builders.court("辽0211")
    other = phones.give_officer("他院A岗", await builders.officer("辽0211", "张伟", "A", 301))
    groups["辽72"].joined_by(other.phone)
    listed = await phones["A岗"].says("/pending", groups["辽72"])
    assert "无权" in await other.presses("☐ 1", listed, groups["辽72"])
    await phones["A岗"].presses("☐ 1", listed, groups["辽72"])
    said = await other.presses("签收所选（1）", chat=groups["辽72"])
    assert said == "已签收 0/1 件"
    seen = await seen_by_api(filing.reference)
    assert seen["state"] == "waiting"
    assert seen["events"][-1]["kind"] == "refused"


async def test_nothing_chosen_answers_nothing(phones, file_a_filing, seen_by_api):
    filing = await file_a_filing()
    await phones["A岗"].says("/pending")
    assert await phones["A岗"].presses("签收所选（0）") == "请先点选立案。"
    assert (await seen_by_api(filing.reference))["state"] == "waiting"


async def test_the_nations_coordinator_sees_what_is_late_anywhere(
    builders, phones, file_a_filing, clock
):
    supreme = await builders.court("最高法", "最高人民法院", level="supreme")
    officer = await builders.officer(supreme, "何平", "coordinator", 901)
    phones.give_officer("最高法", officer)
    nation = phones["最高法"]
    filing = await file_a_filing()
    assert "全国没有超时的立案" in (await nation.says("/pending")).text
    await clock.advance(minutes=31)
    listed = await nation.says("/pending")
    assert "全国超时未办结 1 件" in listed.text
    assert filing.reference in listed.text
    # To look at, not to answer: that is the province's.
    assert listed.labels == ["查看 1"]
    await nation.presses("查看 1", listed)
    nation.expects(f"{filing.reference} 大连海事法院")
    assert "1 件" in (await nation.says("/pending 辽72")).text
