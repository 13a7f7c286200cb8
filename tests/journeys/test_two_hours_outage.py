"""The desk was down for two hours: coordinators read how long, and what was late because of it, once."""

from datetime import timedelta

from sqlalchemy import select

from notifications.models import Filing, Outage, OutgoingMessage
from tests.desk import filer, running
from tests.journeys.screens import arrivals


async def stored(database, model):
    async with database.reading() as session:
        return list(await session.scalars(select(model).order_by(model.id)))


async def test_two_hours_outage(settings, clock, phones, groups, liaoning, database):
    coordinator = phones["省级协调员"]
    clock.jump(clock.now() - timedelta(minutes=30))
    async with running(settings, clock) as app:
        file_a_filing = filer(app, clock, liaoning)
        silent = await file_a_filing()
        answered = await file_a_filing()
        await phones["A岗"].presses("签收", phones["A岗"].expects(answered.reference))
        await clock.advance(minutes=2)
    clock.jump(clock.now() + timedelta(hours=2))
    async with running(settings, clock):
        said = coordinator.expects("系统曾停止呼叫 2 小时 0 分钟")
        assert "08-19 09:02 至 08-19 11:02，现已恢复。" in said.text
        # One fell due for its answer, the other for its result.
        assert "因此超时 2 件" in said.text
        assert silent.reference in said.text
        assert answered.reference in said.text
        # The ladder is made up for at once, and only once.
        phones["B岗"].expects(f"尚未签收 {silent.reference}")
        await clock.advance(minutes=1)
        assert coordinator.count("系统曾停止呼叫") == 1
    [outage] = await stored(database, Outage)
    assert outage.ended_at - outage.began_at == timedelta(hours=2)
    assert {filing.outage_id for filing in await stored(database, Filing)} == {outage.id}


async def test_what_was_received_before_and_answered_late_after_it_is_marked_too(
    settings, clock, phones, groups, liaoning, database
):
    async with running(settings, clock) as app:
        filing = await filer(app, clock, liaoning)()
    clock.jump(clock.now() + timedelta(minutes=20))
    async with running(settings, clock):
        said = phones["省级协调员"].expects("系统曾停止呼叫 20 分钟")
        assert "因此超时" not in said.text
        assert "呼叫推迟 1 件" in said.text
        await clock.advance(minutes=15)
        await phones["A岗"].presses("签收", phones["A岗"].expects(filing.reference))
    [stands] = await stored(database, Filing)
    assert stands.answered_in_time is False
    assert stands.outage_id is not None


async def test_an_answer_in_time_is_nobodys_fault(
    settings, clock, phones, groups, liaoning, database
):
    async with running(settings, clock) as app:
        filing = await filer(app, clock, liaoning)()
    clock.jump(clock.now() + timedelta(minutes=20))
    async with running(settings, clock):
        await phones["A岗"].presses("签收", phones["A岗"].expects(filing.reference))
    [stands] = await stored(database, Filing)
    assert (stands.answered_in_time, stands.outage_id) == (True, None)


async def test_a_gap_in_which_nothing_was_due_is_said_shortly(
    settings, clock, phones, groups, liaoning
):
    async with running(settings, clock):
        pass
    clock.jump(clock.now() + timedelta(hours=9))
    async with running(settings, clock):
        said = phones["省级协调员"].expects("系统曾停止呼叫 9 小时 0 分钟")
        assert said.text.splitlines()[-1] == "期间本省没有到期的立案。"


async def test_a_short_restart_is_no_outage(settings, clock, phones, groups, liaoning, database):
    async with running(settings, clock) as app:
        await filer(app, clock, liaoning)()
    clock.jump(clock.now() + timedelta(minutes=5))
    async with running(settings, clock):
        phones["省级协调员"].expects_nothing()
    assert await stored(database, Outage) == []


async def test_two_stops_are_two_outages_and_each_is_told(
    settings, clock, phones, groups, liaoning, database
):
    for _ in range(3):
        async with running(settings, clock):
            await clock.settle()
        clock.jump(clock.now() + timedelta(minutes=30))
    async with running(settings, clock):
        assert arrivals(phones["省级协调员"], "系统曾停止呼叫 30 分钟") == [
            "10:00",
            "10:30",
            "11:00",
        ]
    assert len(await stored(database, Outage)) == 3
    told = [m for m in await stored(database, OutgoingMessage) if m.kind == "outage"]
    assert len(told) == 3
