"""The program is stopped in the middle and started anew on the same database: nothing lost, nothing twice."""

from collections import Counter
from datetime import timedelta

from bot.sandbox import Fault, FaultPlan
from tests.desk import filer, running
from tests.journeys.screens import arrivals


async def test_what_fell_due_while_it_was_down_is_caught_up_once(
    settings, clock, phones, groups, liaoning
):
    async with running(settings, clock) as app:
        filing = await filer(app, clock, liaoning)()
        await clock.advance(minutes=6)
    assert arrivals(phones["A岗"], filing.reference) == ["09:30", "09:35"]
    await clock.advance(minutes=14)
    async with running(settings, clock) as app:
        assert arrivals(phones["A岗"], filing.reference) == ["09:30", "09:35"]
        assert arrivals(phones["B岗"], filing.reference) == ["09:50"]
        assert arrivals(phones["带班领导"], filing.reference) == ["09:50"]
        assert arrivals(phones["A岗"], filing.reference, groups["辽72"]) == ["09:30", "09:50"]
        phones["省级协调员"].expects_nothing(filing.reference)
        await clock.advance(minutes=10)
        assert arrivals(phones["省级协调员"], filing.reference) == ["10:00"]
        assert app.dispatcher.failed_for_good == 0


async def test_a_press_made_while_it_was_down_counts_when_it_is_back(
    settings, clock, phones, groups, liaoning
):
    async with running(settings, clock) as app:
        filing = await filer(app, clock, liaoning)()
    press = phones["A岗"].phone.presses("签收", chat=groups["辽72"])
    clock.jump(clock.now() + timedelta(minutes=2))
    async with running(settings, clock):
        phones["A岗"].expects(f"已签收 {filing.reference} 王建国 09:32", groups["辽72"])
        assert "已签收" in press.answered.text


async def test_pages_that_could_not_leave_before_the_stop_leave_after_the_start(
    telegram, settings, clock, phones, groups, liaoning
):
    async with running(settings, clock) as app:
        telegram.faults = FaultPlan.always(Fault.BAD_GATEWAY).only("sendMessage")
        filing = await filer(app, clock, liaoning)()
    phones["A岗"].expects_nothing()
    telegram.faults = FaultPlan.none()
    await clock.advance(seconds=30)
    async with running(settings, clock):
        await clock.advance(seconds=30)
        phones["A岗"].expects(f"待签收 {filing.reference}")
        assert phones["A岗"].count(filing.reference) == 1
        assert phones["A岗"].count(filing.reference, groups["辽72"]) == 1


async def test_an_update_delivered_again_after_the_start_does_nothing_a_second_time(
    telegram, settings, clock, phones, groups, liaoning
):
    async with running(settings, clock) as app:
        await filer(app, clock, liaoning)()
        await phones["协作法院A岗"].presses("催办", chat=groups["浙72"])
        pressed = [c for c in telegram.calls_of("getUpdates") if c.result]
    # Telegram forgot that it was confirmed.
    [update] = [u for call in pressed for u in call.result if "callback_query" in u]
    async with running(settings, clock) as app:
        await app.chat.handle(update)
        await clock.settle()
        assert arrivals(phones["A岗"], "催办：待签收") == ["09:30"]
        said = await phones["协作法院A岗"].presses("催办", chat=groups["浙72"])
        assert "10 分钟内只能催办一次" in said


async def test_stopped_and_started_after_every_step_the_story_reads_as_if_it_never_was(
    settings, clock, phones, groups, liaoning
):
    async with running(settings, clock) as app:
        filing = await filer(app, clock, liaoning)()
    async with running(settings, clock):
        await phones["A岗"].presses("签收")
    async with running(settings, clock):
        await phones["A岗"].presses("一次性补正")
    async with running(settings, clock):
        prompt = phones["A岗"].expects("一次性写明 回复本消息")
        await phones["A岗"].says("缺身份证明复印件", reply_to=prompt)
    async with running(settings, clock):
        await phones["协作法院A岗"].presses("已补正", chat=groups["浙72"])
    async with running(settings, clock):
        await phones["A岗"].presses("登记立案")
        phones["协作法院A岗"].expects(f"已登记立案 {filing.reference}", groups["浙72"])
        texts = Counter(m.text for m in phones["A岗"].phone.messages() if m.from_bot)
        assert [text for text, count in texts.items() if count > 1] == []
