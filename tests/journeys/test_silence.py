"""Nobody answers: the ladder goes on to the next person, and the first to answer ends it for all."""


async def test_silence_reaches_the_b_post(clock, phones, file_a_filing):
    await file_a_filing()
    phones["A岗"].expects("待签收")
    phones["B岗"].expects_nothing()
    await clock.advance(minutes=10)
    phones["B岗"].expects("尚未签收")
    phones["带班领导"].expects_nothing()


async def test_the_leader_and_the_coordinator_hear_of_a_silent_court(clock, phones, file_a_filing):
    await file_a_filing()
    await clock.advance(minutes=15)
    phones["带班领导"].expects("尚未签收")
    phones["省级协调员"].expects_nothing()
    await clock.advance(minutes=15)
    phones["省级协调员"].expects("尚未签收")


async def test_one_press_ends_the_ladder_and_every_card_says_who(
    clock, phones, groups, file_a_filing
):
    filing = await file_a_filing()
    await clock.advance(minutes=10)
    await phones["B岗"].presses("签收")
    for name in ("A岗", "B岗"):
        phones[name].expects("已签收 李敏")
    phones["A岗"].expects(f"已签收 {filing.reference}", groups["辽72"])
    phones["协作法院A岗"].expects(f"已签收 {filing.reference}", groups["浙72"])
    await clock.advance(minutes=30)
    phones["带班领导"].expects_nothing()
