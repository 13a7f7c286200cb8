"""Two officers press at once: the first has it, the second is told who was first and when."""


async def test_the_second_to_press_reads_who_was_first_and_when(
    clock, phones, groups, file_a_filing, seen_by_api
):
    filing = await file_a_filing()
    card = phones["A岗"].expects(filing.reference, groups["辽72"])
    await clock.advance(minutes=4)
    first = phones["B岗"].phone.presses("签收", card, groups["辽72"])
    second = phones["A岗"].phone.presses("签收", card, groups["辽72"])
    await clock.settle()
    assert "已签收" in first.answered.text
    assert second.answered.text == "已由李敏（B岗）于 09:34 签收"
    assert second.answered.show_alert
    seen = await seen_by_api(filing.reference)
    assert seen["acknowledged_by"]["name"] == "李敏"
    assert [e["kind"] for e in seen["events"]].count("acknowledged") == 1


async def test_a_card_pressed_twice_by_the_same_person_changes_nothing(
    phones, groups, file_a_filing, seen_by_api
):
    filing = await file_a_filing()
    card = phones["A岗"].expects(filing.reference, groups["辽72"])
    await phones["A岗"].presses("签收", card, groups["辽72"])
    before = await seen_by_api(filing.reference)
    press = phones["A岗"].phone.presses_data(card.buttons[0][0].data, card)
    await phones["A岗"].clock.settle()
    assert press.answered.text == "已由王建国（A岗）于 09:30 签收"
    assert await seen_by_api(filing.reference) == before


async def test_an_acknowledgment_over_http_is_who_was_first_for_chat_too(
    phones, file_a_filing, api, clock
):
    filing = await file_a_filing()
    client = await api("admin")
    path = f"/api/v1/filings/{filing.reference}"
    body = {"officer": "辽72:李敏"}
    async with client.post(f"{path}/acknowledge", json=body) as answer:
        assert answer.status == 200
    await clock.settle()
    phones["A岗"].expects(f"{filing.reference} 已签收 李敏")
    await phones["A岗"].presses("登记立案")
    async with client.post(f"{path}/acknowledge", json=body) as answer:
        assert answer.status == 409
