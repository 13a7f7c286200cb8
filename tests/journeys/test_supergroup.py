"""A group becomes a supergroup with a new number: pages follow it, however the product learns of it."""

import pytest

from bot.sandbox.world import World


@pytest.fixture
def basic_group(groups):
    groups["辽72"].chat.type = "group"
    return groups["辽72"]


async def test_pages_follow_a_group_that_said_where_it_went(
    clock, phones, basic_group, file_a_filing
):
    new = basic_group.migrate()
    await clock.settle()
    filing = await file_a_filing()
    phones["A岗"].expects(f"待签收 {filing.reference}", new)
    await phones["A岗"].presses("签收", chat=new)
    phones["A岗"].expects(f"已签收 {filing.reference} 王建国", new)


async def test_pages_follow_a_group_that_moved_unheard(
    monkeypatch, telegram, clock, phones, basic_group, file_a_filing
):
    with monkeypatch.context() as deaf:
        deaf.setattr(World, "tell_bot", lambda _world, _message: None)
        new = basic_group.migrate()
    filing = await file_a_filing()
    refused = [call for call in telegram.calls_of("sendMessage") if call.outcome == "refused"]
    assert [int(call.chat_id) for call in refused] == [basic_group.id]
    phones["A岗"].expects(f"待签收 {filing.reference}", new)
    phones["省级协调员"].expects_nothing()
    await phones["B岗"].presses("签收", chat=new)
    phones["A岗"].expects(f"已签收 {filing.reference} 李敏", new)


async def test_a_filing_paged_before_the_move_is_answered_after_it(
    clock, phones, basic_group, file_a_filing, seen_by_api
):
    filing = await file_a_filing()
    new = basic_group.migrate()
    await clock.settle()
    await phones["A岗"].presses("签收")
    await clock.advance(minutes=45)
    phones["A岗"].expects(f"尚未反馈结果 {filing.reference}")
    assert (await seen_by_api(filing.reference))["state"] == "acknowledged"
    second = await file_a_filing()
    phones["B岗"].expects(second.reference, new)
