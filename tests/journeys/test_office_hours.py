"""The clock is the receiving court's: lunch, evenings, weekends, holidays and make-up Saturdays."""

import pytest

from tests.journeys.screens import arrivals


async def test_lunch_stops_the_ladder_and_the_card_says_until_when(
    phones, groups, file_a_filing, beijing
):
    await beijing("11:20")
    filing = await file_a_filing()
    phones["A岗"].expects("应于 13:50 前签收")
    phones["A岗"].expects("11:30–13:30 暂停计时")
    await beijing("13:29")
    assert arrivals(phones["A岗"], filing.reference) == ["11:20", "11:25"]
    assert arrivals(phones["B岗"], filing.reference) == ["11:30"]
    phones["带班领导"].expects_nothing()
    await beijing("14:00")
    assert arrivals(phones["带班领导"], filing.reference) == ["13:35"]
    assert arrivals(phones["省级协调员"], filing.reference) == ["13:50"]


async def test_minutes_over_lunch_count_on_the_wall_and_not_as_work(
    phones, file_a_filing, beijing, seen_by_api
):
    await beijing("11:20")
    filing = await file_a_filing()
    await beijing("13:35")
    await phones["A岗"].presses("签收")
    seen = await seen_by_api(filing.reference)
    assert seen["answer_wall_seconds"] == 135 * 60
    assert seen["answer_working_seconds"] == 15 * 60
    assert seen["answered_in_time"] is True


async def test_after_closing_the_group_hears_at_once_without_a_sound_and_people_at_the_opening(
    phones, groups, file_a_filing, beijing
):
    await beijing("18:00")
    filing = await file_a_filing()
    in_the_group = phones["A岗"].expects(filing.reference, groups["辽72"])
    assert in_the_group.silent
    assert "自 8月20日 08:30 开始计时" in in_the_group.text
    phones["A岗"].expects_nothing(filing.reference)
    await beijing("08:29", day=20)
    phones["A岗"].expects_nothing(filing.reference)
    await beijing("09:00", day=20)
    assert arrivals(phones["A岗"], filing.reference) == ["08:30", "08:35"]
    assert not phones["A岗"].expects(filing.reference).silent
    assert arrivals(phones["B岗"], filing.reference) == ["08:40"]
    assert arrivals(phones["省级协调员"], filing.reference) == ["09:00"]


async def test_a_filing_of_saturday_waits_for_monday(phones, groups, file_a_filing, beijing):
    await beijing("10:00", day=24)
    filing = await file_a_filing()
    phones["A岗"].expects(f"{filing.reference} 8月26日 09:00", groups["辽72"])
    await beijing("08:00", day=26)
    phones["A岗"].expects_nothing(filing.reference)
    await beijing("08:31", day=26)
    assert arrivals(phones["A岗"], filing.reference) == ["08:30"]


@pytest.mark.parametrize("engine_name", ["sqlite"])  # weeks of hours are counted, not stored
async def test_the_national_holiday_is_no_working_time(phones, file_a_filing, beijing):
    await beijing("16:50", day=30, month=9)
    filing = await file_a_filing()
    phones["A岗"].expects(f"{filing.reference} 10月8日 08:50")
    await beijing("08:00", day=8, month=10)
    assert arrivals(phones["A岗"], filing.reference) == ["16:50", "16:55"]
    assert arrivals(phones["B岗"], filing.reference) == ["17:00"]
    phones["带班领导"].expects_nothing(filing.reference)
    await beijing("09:00", day=8, month=10)
    assert arrivals(phones["带班领导"], filing.reference) == ["08:35"]


@pytest.mark.parametrize("engine_name", ["sqlite"])  # weeks of hours are counted, not stored
async def test_the_make_up_saturday_is_worked(phones, file_a_filing, beijing):
    await beijing("10:00", day=12, month=10)
    filing = await file_a_filing()
    card = phones["A岗"].expects(filing.reference)
    assert not card.silent
    assert "应于 10:30 前签收" in card.text
    await beijing("10:10", day=12, month=10)
    assert arrivals(phones["B岗"], filing.reference) == ["10:10"]
