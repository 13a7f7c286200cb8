"""`/closed`: a leader closes the court for a day and names who stands in; it can be taken back."""

from collections.abc import AsyncIterator

import pytest

from directory import calendars


@pytest.fixture(autouse=True)
async def _nothing_stays_announced() -> AsyncIterator[None]:
    yield
    calendars.announce(())


@pytest.fixture
async def neighbour(builders, phones):
    court = await builders.court("辽02")
    phones.give_officer("孙悦", await builders.officer(court, "孙悦", "A", 201))
    return court


async def test_a_leader_closes_today_and_the_named_court_is_told_and_paged(
    liaoning, neighbour, phones, app, file_a_filing
):
    leader = phones["带班领导"]
    await leader.says("/closed")
    await leader.presses("8月19日（周一）")
    await leader.says("辽02")
    leader.expects("已安排：大连海事法院（辽72） 不办公，由 （辽02）代班")
    phones["孙悦"].expects("大连海事法院（辽72） 不办公，由您代班应答")
    filing = await file_a_filing()
    phones["孙悦"].expects(f"{filing.reference} 管辖法院今日不办公")
    await leader.says("/closed")
    await leader.presses("取消安排：8月19日（周一）")
    again = await file_a_filing()
    phones["A岗"].expects(again.reference)
    assert calendars.settled_for("辽宁省", "辽72") == ()


async def test_without_a_substitute_the_clocks_stop(liaoning, groups, phones, app, file_a_filing):
    await phones["省级协调员"].says("/closed 辽72")
    await phones["省级协调员"].presses("8月19日（周一）")
    await phones["省级协调员"].presses("不设代班，暂停计时")
    await file_a_filing()
    phones["A岗"].expects("应于 8月20日 09:00 前签收", groups["辽72"])


async def test_nobody_else_closes_a_court(liaoning, phones, app):
    for times, words in enumerate(("/closed", "/closed 辽72", "/closed 浙72"), 1):
        await phones["A岗"].says(words)
        assert phones["A岗"].count("只有带班领导") == times
    await phones["带班领导"].says("/closed 浙72")
    phones["带班领导"].expects("只有带班领导")
    assert calendars.settled_for("辽宁省", "辽72") == ()


async def test_while_the_day_is_not_chosen_other_texts_go_their_own_way(
    liaoning, phones, app, seen_by_api
):
    leader = phones["带班领导"]
    asked = await leader.says("/closed")
    await leader.says("KY-9 辽72 浙72 民事一审")
    leader.expects_nothing("请先点按钮选择日期")
    leader.expects("KY-9")
    await leader.presses("取消", asked)
    leader.expects("已取消，未作安排")
