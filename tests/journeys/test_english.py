"""An officer who chose English is spoken to in English; the group keeps the court's language."""


async def test_the_officer_reads_the_card_the_answer_and_the_buttons_in_english(
    phones, groups, file_a_filing
):
    answer = await phones["A岗"].says("/language en")
    assert "English" in answer.text
    filing = await file_a_filing()
    card = phones["A岗"].expects(filing.reference)
    assert card.text.startswith(
        f"[Cross-region filing] Awaiting acknowledgment · {filing.reference}"
    )
    assert "Acknowledgment due by 10:00" in card.text
    assert card.labels == ["Acknowledge", "To post B", "Later", "Details"]
    phones["B岗"].expects(f"待签收 {filing.reference}", groups["辽72"])
    said = await phones["A岗"].presses("Acknowledge")
    assert said.isascii()
    assert "two minutes" in said
    phones["A岗"].expects("Acknowledged 王建国 (post A) took 0 min")
    phones["B岗"].expects("已签收 王建国（A岗）", groups["辽72"])


async def test_in_the_group_the_private_answer_is_english_and_the_card_is_not(
    phones, groups, file_a_filing
):
    await phones["B岗"].says("/language en")
    filing = await file_a_filing()
    await phones["A岗"].presses("签收", chat=groups["辽72"])
    said = await phones["B岗"].presses("撤销", chat=groups["辽72"])
    assert said.isascii()
    card = phones["B岗"].expects(filing.reference, groups["辽72"])
    assert "已签收" in card.text


async def test_the_whole_menu_of_commands_answers_in_english(phones, groups, file_a_filing):
    await phones["A岗"].says("/language en")
    await file_a_filing()
    chinese_names = set("大连海事法院宁波王建国李敏赵强周琳陈洁辽浙省高级人民法浙江代")
    for command in ("/help", "/me", "/duty", "/pending", "/court 辽72", "/find 海事", "/file"):
        answer = await phones["A岗"].says(command)
        left = {c for c in answer.text + "".join(answer.labels) if "一" <= c <= "鿿"}
        assert left <= chinese_names, (command, answer.text, left)


async def test_back_to_chinese(phones, file_a_filing):
    await phones["A岗"].says("/language en")
    await phones["A岗"].says("/language zh")
    await file_a_filing()
    phones["A岗"].expects("待签收 应于 10:00 前签收")
