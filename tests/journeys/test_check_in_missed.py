"""到岗: asked at the opening; unconfirmed after 15 minutes B stands in, before any filing arrives."""

import pytest

from directory import province_rules
from tests.journeys.screens import arrivals, buttons


@pytest.fixture
async def daily(liaoning, groups, app, clock):
    """The province asks every working day."""
    async with app.database.transaction() as session:
        await province_rules.change(
            session, "辽宁省", by="周琳", now=clock.now(), check_in="daily", handover_at=""
        )


async def test_b_is_paged_first_with_the_reason_and_a_comes_back_late(
    daily, phones, file_a_filing, beijing
):
    a, b, leader = phones["A岗"], phones["B岗"], phones["带班领导"]
    await beijing("08:30", day=20)
    assert arrivals(a, "【到岗】 请于 08:45 前按“到岗”") == ["08:30"]
    await beijing("08:44", day=20)
    leader.expects_nothing("到岗")
    await beijing("08:45", day=20)
    leader.expects("⚠️ 大连海事法院：王建国（A岗）未按时到岗。 今日由B岗替班")
    b.expects("未按时到岗 今日由您替班")
    await beijing("09:00", day=20)
    first = await file_a_filing()
    assert arrivals(b, first.reference) == ["09:00"]
    b.expects(f"{first.reference} 王建国 今日未到岗，改呼B岗")
    a.expects_nothing(first.reference)
    assert "恢复由您值班" in await a.presses("到岗")
    b.expects("✅ 大连海事法院：王建国（A岗）已到岗，恢复值班。")
    leader.expects("✅ 大连海事法院：王建国（A岗）已到岗，恢复值班。")
    second = await file_a_filing()
    a.expects(second.reference)
    b.expects_nothing(second.reference)


async def test_who_confirms_in_time_is_on_duty_and_nobody_hears_of_it(
    daily, phones, file_a_filing, beijing
):
    a = phones["A岗"]
    await beijing("08:31", day=20)
    assert "已到岗" in await a.presses("到岗")
    a.expects("【到岗】 ✅ 08:31 已到岗")
    assert buttons(a, "【到岗】") == []
    await beijing("09:00", day=20)
    phones["带班领导"].expects_nothing("到岗")
    filing = await file_a_filing()
    a.expects(filing.reference)


async def test_nobody_is_asked_on_days_off_or_after_the_rule_was_turned_off(
    daily, app, phones, beijing, clock
):
    await beijing("12:00", day=23)
    assert phones["A岗"].count("【到岗】") == 4
    await beijing("12:00", day=25)
    assert phones["A岗"].count("【到岗】") == 4
    async with app.database.transaction() as session:
        await province_rules.change(session, "辽宁省", by="周琳", now=clock.now(), check_in="off")
    await beijing("12:00", day=27)
    assert phones["A岗"].count("【到岗】") == 4


@pytest.mark.parametrize("engine_name", ["sqlite"])  # weeks of days are counted, not stored
async def test_weekly_is_the_first_working_day_of_the_week(
    liaoning, groups, app, phones, clock, beijing
):
    async with app.database.transaction() as session:
        await province_rules.change(
            session, "辽宁省", by="周琳", now=clock.now(), check_in="weekly"
        )
    await beijing("12:00", day=30)
    assert phones["A岗"].count("【到岗】") == 1
    # Friday 13 September is a holiday, the Monday before it a day of work.
    await beijing("12:00", day=15, month=9)
    assert phones["A岗"].count("【到岗】") == 3


async def test_coordinators_settle_it_with_a_tap(liaoning, groups, app, phones, beijing):
    coordinator = phones["省级协调员"]
    await coordinator.says("/rules")
    assert "✓ 不要求" in buttons(coordinator, "辽宁省值班规则")
    await coordinator.presses("每个工作日")
    assert "✓ 每个工作日" in buttons(coordinator, "辽宁省值班规则")
    said = await coordinator.says("/rules 8:05")
    assert said is not None
    assert "自动交接班：08:05" in said.text
    said = await phones["带班领导"].says("/rules")
    assert said is not None
    assert "只有省级协调员" in said.text
    await beijing("08:30", day=20)
    assert arrivals(phones["A岗"], "【到岗】") == ["08:30"]
