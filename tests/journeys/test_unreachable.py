"""A phone that cannot be reached: the next person is paged now, with the reason, and the coordinator told."""

from tests.journeys.screens import arrivals


async def test_a_page_that_a_blocked_bot_cannot_deliver_goes_to_b_at_once(
    telegram, phones, file_a_filing, seen_by_api
):
    telegram.world.blocked.add(phones["A岗"].id)
    filing = await file_a_filing()
    card = phones["B岗"].expects(filing.reference)
    assert f"{card.sent_at:%H:%M}" == "01:30"
    assert "A岗 王建国 聊天账号无法送达，改呼B岗" in card.text
    phones["省级协调员"].expects("大连海事法院 有人员无法送达 王建国")
    seen = await seen_by_api(filing.reference)
    assert ("delivery_failed", "telegram A: blocked") in [
        (event["kind"], event["detail"]) for event in seen["events"]
    ]


async def test_who_blocked_the_bot_before_is_passed_over_without_a_try(
    telegram, clock, phones, file_a_filing
):
    phones["A岗"].phone.blocks_bot()
    await clock.settle()
    filing = await file_a_filing()
    phones["B岗"].expects(f"{filing.reference} A岗 王建国 聊天账号无法送达，改呼B岗")
    tried = [call.chat_id for call in telegram.calls_of("sendMessage")]
    assert phones["A岗"].id not in tried


async def test_who_unblocks_the_bot_is_paged_again(clock, phones, file_a_filing):
    phones["A岗"].phone.blocks_bot()
    await clock.settle()
    phones["A岗"].phone.unblocks_bot()
    await clock.settle()
    filing = await file_a_filing()
    phones["A岗"].expects(f"待签收 {filing.reference}")
    phones["B岗"].expects_nothing(filing.reference)


async def test_one_blocked_after_the_other_the_page_climbs_to_who_can_be_reached(
    telegram, phones, file_a_filing
):
    for name in ("A岗", "B岗", "带班领导"):
        telegram.world.blocked.add(phones[name].id)
    filing = await file_a_filing()
    assert arrivals(phones["省级协调员"], f"{filing.reference} 编号") == ["09:30"]
    phones["省级协调员"].expects(
        f"{filing.reference} 带班领导 赵强 聊天账号无法送达，改呼省级协调员"
    )


async def test_a_group_that_put_the_bot_out_is_reported_and_the_officers_are_paged_directly(
    clock, phones, groups, file_a_filing
):
    groups["辽72"].kick_bot(phones["A岗"].phone)
    await clock.settle()
    phones["省级协调员"].expects("大连海事法院 的群无法送达 /link 辽72")
    filing = await file_a_filing()
    phones["A岗"].expects(f"待签收 {filing.reference}")


async def test_a_group_lost_unseen_is_noticed_by_the_page_and_loses_nobody(
    telegram, phones, groups, file_a_filing
):
    chat = groups["辽72"].chat
    chat.members[telegram.world.bot.id].status = "kicked"
    filing = await file_a_filing()
    phones["A岗"].expects(f"待签收 {filing.reference}")
    phones["省级协调员"].expects("大连海事法院 的群无法送达")
    phones["B岗"].expects_nothing()
    await phones["A岗"].presses("签收")
    phones["协作法院A岗"].expects(f"已签收 {filing.reference}", groups["浙72"])


async def test_a_group_that_takes_the_bot_back_is_paged_again(clock, phones, groups, file_a_filing):
    groups["辽72"].kick_bot(phones["A岗"].phone)
    await clock.settle()
    groups["辽72"].add_bot(phones["A岗"].phone)
    await clock.settle()
    filing = await file_a_filing()
    phones["A岗"].expects(f"待签收 {filing.reference}", groups["辽72"])


async def test_a_card_that_missed_a_change_while_the_bot_was_blocked_shows_it_afterwards(
    clock, phones, groups, file_a_filing
):
    filing = await file_a_filing()
    phones["A岗"].phone.blocks_bot()
    await clock.settle()
    await phones["B岗"].presses("签收", chat=groups["辽72"])
    phones["A岗"].expects(f"待签收 {filing.reference}")
    phones["A岗"].phone.unblocks_bot()
    await clock.settle()
    phones["A岗"].expects(f"已签收 {filing.reference}")


async def test_who_was_unblocked_unseen_and_writes_is_reachable_again(
    telegram, clock, phones, groups, file_a_filing
):
    filing = await file_a_filing()
    telegram.world.blocked.add(phones["A岗"].id)
    await phones["B岗"].presses("签收", chat=groups["辽72"])
    telegram.world.blocked.discard(phones["A岗"].id)
    phones["A岗"].expects(f"待签收 {filing.reference}")
    await phones["A岗"].says("/help")
    phones["A岗"].expects(f"已签收 {filing.reference}")
    following = await file_a_filing()
    phones["A岗"].expects(f"待签收 {following.reference}")


async def test_a_page_that_never_arrived_is_not_sent_late(telegram, clock, phones, file_a_filing):
    telegram.world.blocked.add(phones["A岗"].id)
    filing = await file_a_filing()
    phones["B岗"].expects(f"待签收 {filing.reference}")
    telegram.world.blocked.discard(phones["A岗"].id)
    await phones["A岗"].says("/help")
    phones["A岗"].expects_nothing(filing.reference)


async def test_a_group_that_takes_the_bot_back_sees_what_it_missed(
    clock, phones, groups, file_a_filing
):
    filing = await file_a_filing()
    groups["辽72"].kick_bot(phones["A岗"].phone)
    await clock.settle()
    await phones["A岗"].presses("签收")
    phones["B岗"].expects(f"待签收 {filing.reference}", groups["辽72"])
    groups["辽72"].add_bot(phones["A岗"].phone)
    await clock.settle()
    phones["B岗"].expects(f"已签收 {filing.reference}", groups["辽72"])
