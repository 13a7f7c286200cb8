"""Telegram asks for a pause, or is gone for some minutes: nobody else waits, and afterwards everything leaves."""

from bot.sandbox import Fault, FaultPlan, Limits
from tests.journeys.screens import arrivals


async def test_a_chat_told_to_wait_is_left_alone_for_so_long_while_others_go_on(
    telegram, clock, phones, groups, file_a_filing
):
    telegram.limits = Limits(per_second=None, chat_burst=None, group_per_minute=1)
    first = await file_a_filing()
    second = await file_a_filing()
    phones["A岗"].expects(first.reference, groups["辽72"])
    phones["A岗"].expects_nothing(second.reference, groups["辽72"])
    phones["A岗"].expects(f"待签收 {second.reference}")
    limited = [c for c in telegram.calls_of("sendMessage") if c.outcome == "limited"]
    assert {int(c.chat_id) for c in limited} == {groups["辽72"].id, groups["浙72"].id}
    await clock.advance(seconds=59)
    tries = [c for c in telegram.calls_of("sendMessage") if int(c.chat_id) == groups["辽72"].id]
    assert len(tries) == 2
    await clock.advance(seconds=2)
    phones["A岗"].expects(f"待签收 {second.reference}", groups["辽72"])
    assert phones["A岗"].count(second.reference) == 1
    assert phones["A岗"].count(second.reference, groups["辽72"]) == 1


async def test_after_an_outage_every_page_leaves_once_and_shows_the_present(
    telegram, clock, phones, groups, file_a_filing, api
):
    telegram.faults = FaultPlan.always(Fault.BAD_GATEWAY).only("sendMessage", "editMessageText")
    filings = [await file_a_filing() for _ in range(3)]
    client = await api("admin")
    path = f"/api/v1/filings/{filings[0].reference}/acknowledge"
    async with client.post(path, json={"officer": "辽72:李敏"}) as answer:
        assert answer.status == 200
    await clock.advance(minutes=7)
    phones["A岗"].expects_nothing()
    telegram.faults = FaultPlan.none()
    await clock.advance(seconds=31)
    for filing in filings:
        assert phones["A岗"].count(filing.reference, groups["辽72"]) == 1
    phones["A岗"].expects(f"已签收 {filings[0].reference} 李敏", groups["辽72"])
    phones["A岗"].expects(f"已用 7/30 {filings[1].reference}", groups["辽72"])
    assert set(arrivals(phones["A岗"], filings[1].reference)) <= {"09:37"}


async def test_a_press_made_while_telegram_was_gone_is_answered_afterwards(
    telegram, clock, phones, file_a_filing, seen_by_api
):
    filing = await file_a_filing()
    telegram.faults = FaultPlan.always(Fault.INTERNAL_ERROR)
    # The poll that was already waiting still brings this one.
    phones["A岗"].phone.presses("签收")
    telegram.faults = FaultPlan.none()
    await clock.settle()
    assert (await seen_by_api(filing.reference))["state"] == "acknowledged"
    await clock.advance(minutes=1)
    phones["A岗"].expects(f"已签收 {filing.reference}")
