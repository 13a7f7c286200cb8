"""交接班: at 08:20 where somebody else comes on duty, and by command; what waits goes with the duty."""

import pytest

from directory import province_rules, shifts
from tests.journeys.screens import arrivals, buttons


@pytest.fixture
async def by_turns(liaoning, groups, app, clock):
    """A and B take turns at post A by the week, A first."""
    async with app.database.transaction() as session:
        turns = [liaoning.a.id, liaoning.b.id]
        day = clock.now().date()
        await shifts.rotate(session, "辽72", "A", turns, day, by="计划", now=clock.now())


async def test_open_filings_go_with_the_duty_and_are_confirmed_once(
    by_turns, phones, groups, file_a_filing, beijing, clock
):
    a, b = phones["A岗"], phones["B岗"]
    await beijing("16:30", day=23)
    done = await file_a_filing("KY-1")
    await a.presses("签收")
    await a.presses("登记立案")
    open_one = await file_a_filing("KY-2")
    await a.presses("签收")
    await beijing("08:19", day=26)
    b.expects_nothing("【交接班】")
    await beijing("08:20", day=26)
    note = b.expects(
        "【交接班】大连海事法院 A岗 王建国 → 李敏 已办 1 件，待办 1 件，其中今日到期 1 件"
    )
    assert arrivals(b, "【交接班】") == ["08:20"]
    assert done.reference in note.text
    assert f"{open_one.reference}　已签收　今日 09:00 到期" in note.text
    brief = a.expects("【交接班】", groups["辽72"])
    assert "待 李敏 确认接班" in brief.text
    assert open_one.reference not in brief.text
    # The filing itself is in the new officer's hands.
    await b.presses("登记立案", b.expects("KY-2 已签收 王建国"))
    a.expects("KY-2 登记立案 李敏", groups["辽72"])
    assert "已确认接班" in await b.presses("确认接班")
    a.expects("✅ 李敏 08:20 已确认接班", groups["辽72"])
    assert a.count("【交接班】", groups["辽72"]) == 1
    assert buttons(b, "【交接班】") == []
    await beijing("09:00", day=26)
    phones["带班领导"].expects_nothing("未确认接班")


async def test_unconfirmed_after_half_an_hour_the_leader_is_told(by_turns, phones, beijing):
    await beijing("08:49", day=26)
    phones["带班领导"].expects_nothing("接班")
    await beijing("08:50", day=26)
    phones["带班领导"].expects("⚠️ 大连海事法院：李敏 30 分钟内未确认接班。")
    await phones["B岗"].presses("确认接班")
    phones["B岗"].expects("✅ 李敏 08:50 已确认接班")


async def test_nobody_hands_over_where_the_same_officer_stays(by_turns, phones, groups, beijing):
    await beijing("17:00", day=23)
    for phone in (phones["A岗"], phones["B岗"]):
        phone.expects_nothing("【交接班】")
    phones["A岗"].expects_nothing("【交接班】", groups["辽72"])


async def test_who_cannot_be_reached_is_named_to_the_leader_at_once(
    by_turns, phones, liaoning, cut_off, beijing
):
    await cut_off(liaoning.b)
    await beijing("08:20", day=26)
    phones["带班领导"].expects("⚠️ 大连海事法院：李敏 未关联聊天账号，交接班无法送达。")


@pytest.mark.parametrize("engine_name", ["sqlite"])  # two weeks go by for a time of day
async def test_the_province_may_choose_another_time_or_none(
    by_turns, app, phones, groups, beijing, clock
):
    async with app.database.transaction() as session:
        await province_rules.change(
            session, "辽宁省", by="周琳", now=clock.now(), handover_at="08:05"
        )
    await beijing("08:10", day=26)
    assert arrivals(phones["B岗"], "【交接班】") == ["08:05"]
    async with app.database.transaction() as session:
        await province_rules.change(session, "辽宁省", by="周琳", now=clock.now(), handover_at="")
    await beijing("12:00", day=2, month=9)
    assert phones["A岗"].count("【交接班】", groups["辽72"]) == 1


async def test_by_command_to_the_next_on_duty_and_not_twice(
    by_turns, phones, groups, file_a_filing, beijing
):
    a, b = phones["A岗"], phones["B岗"]
    await beijing("16:50", day=23)
    filing = await file_a_filing()
    shown = await a.says("/handover")
    assert shown is not None
    assert filing.reference in shown.text
    assert shown.labels == ["李敏（下一班 8月26日（周一））"]
    assert "待 李敏 确认" in await a.presses("李敏（下一班 8月26日（周一））")
    b.expects(f"【交接班】 王建国 → 李敏 {filing.reference}　待签收")
    await a.says("/handover")
    assert "今日已向 李敏 交接过" in await a.presses("李敏（下一班 8月26日（周一））")
    assert b.count("【交接班】") == 1


async def test_only_who_is_on_duty_or_leads_hands_over(by_turns, phones):
    said = await phones["B岗"].says("/handover")
    assert said is not None
    assert "只有当班人员或带班领导" in said.text
    said = await phones["带班领导"].says("/handover")
    assert said is not None
    assert "李敏（下一班 8月26日（周一））" in said.labels
