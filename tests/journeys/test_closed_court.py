"""A court closed for a day whose pages another court, or one officer, answers."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import date

import pytest

from bot.app import App
from directory import calendars, day_overrides
from directory.day_overrides import Substitute
from tests import pages_desk
from tests.clock import FrozenClock
from tests.journeys.screens import arrivals


@pytest.fixture(autouse=True)
async def _nothing_stays_announced() -> AsyncIterator[None]:
    yield
    calendars.announce(())


@pytest.fixture
async def neighbour(builders, phones):
    """The intermediate court of Dalian, whose A and B stand in."""
    court = await builders.court("辽02")
    for name, post, number in (("孙悦", "A", 201), ("钱进", "B", 202)):
        phones.give_officer(name, await builders.officer(court, name, post, number))
    return court


@pytest.fixture
def closed(app: App, clock: FrozenClock) -> Callable[..., Awaitable[None]]:
    """`await closed(Substitute(…))`: the maritime court is closed on Monday 19 August."""

    async def settle(substitute: Substitute | None) -> None:
        async with app.database.transaction() as session:
            await day_overrides.settle(
                session, "辽72", date(2019, 8, 19), "off", name="停电", substitute=substitute,
                by="赵强（带班领导）", now=clock.now(), today=date(2019, 8, 19),
            )  # fmt: skip
        await clock.settle()

    return settle


async def test_the_substitute_court_is_paged_and_may_answer(
    neighbour, phones, file_a_filing, beijing, closed, seen_by_api
):
    await closed(Substitute(court="辽02"))
    filing = await file_a_filing()
    card = phones["孙悦"].expects(filing.reference)
    assert "管辖法院今日不办公（停电），由辽宁省大连市中级人民法院代班" in card.text
    assert "应于 10:00 前签收" in card.text
    assert "孙悦（A岗）" in card.text
    await beijing("09:41")
    assert arrivals(phones["钱进"], filing.reference) == ["09:40"]
    assert arrivals(phones["A岗"], filing.reference) == []
    assert arrivals(phones["B岗"], filing.reference) == []
    await phones["孙悦"].presses("签收")
    seen = await seen_by_api(filing.reference)
    assert seen["acknowledged_by"] == {"name": "孙悦", "court": "辽02", "post": "A"}
    assert seen["answer_working_seconds"] == 11 * 60


async def test_duty_names_who_stands_in(liaoning, neighbour, phones, app, closed):
    await closed(Substitute(court="辽02"))
    await phones["A岗"].says("/duty")
    said = phones["A岗"].expects("本院不办公（停电），由辽宁省大连市中级人民法院代班").text
    assert "孙悦" in said
    assert "王建国" not in said
    assert "现为办公时间" in said
    await phones["A岗"].says("/duty 8月20日")
    assert "王建国" in phones["A岗"].expects("8月20日").text


async def test_who_took_it_as_a_substitute_gives_the_result_the_next_day_and_nobody_else_of_that_court(
    neighbour, phones, file_a_filing, beijing, closed, seen_by_api
):
    await closed(Substitute(court="辽02"))
    filing = await file_a_filing()
    await beijing("16:59")
    await phones["孙悦"].presses("签收")
    await beijing("09:00", day=20)
    await phones["钱进"].presses("登记立案")
    assert (await seen_by_api(filing.reference))["state"] == "acknowledged"
    await phones["孙悦"].presses("登记立案")
    assert (await seen_by_api(filing.reference))["state"] == "completed"


async def test_one_officer_stands_in_and_silence_climbs_at_home(
    liaoning, phones, file_a_filing, beijing, closed
):
    officer = liaoning.filing_officer
    await closed(Substitute(officer_id=officer.id))
    filing = await file_a_filing(by="辽")
    card = phones["协作法院A岗"].expects(f"{filing.reference} 停电")
    assert f"{officer.name}（A岗）" in card.text
    await beijing("09:41")
    phones["B岗"].expects(filing.reference)
    await phones["协作法院A岗"].presses("签收")
    phones["协作法院A岗"].expects("已签收")


async def test_without_a_substitute_the_court_is_silent_until_it_opens(
    phones, groups, file_a_filing, beijing, closed
):
    await closed(None)
    filing = await file_a_filing()
    assert phones["A岗"].expects(filing.reference, groups["辽72"]).silent
    phones["A岗"].expects("应于 8月20日 09:00 前签收", groups["辽72"])
    await beijing("08:29", day=20)
    assert arrivals(phones["A岗"], filing.reference) == []
    await beijing("08:31", day=20)
    assert arrivals(phones["A岗"], filing.reference) == ["08:30"]


async def test_the_substitutes_see_it_in_their_list_and_answer_it_there(
    neighbour, phones, file_a_filing, beijing, closed, seen_by_api
):
    await closed(Substitute(court="辽02"))
    first, second = [await file_a_filing() for _ in range(2)]
    listed = await phones["钱进"].says("/pending")
    assert listed.labels[:4] == ["☐ 1", "查看 1", "☐ 2", "查看 2"]
    await phones["钱进"].presses("查看 2", listed)
    assert "签收" in phones["钱进"].expects(f"编号 {second.reference}").labels
    await phones["钱进"].presses("☐ 1", listed)
    said = await phones["钱进"].presses("签收所选（1）", phones["钱进"].expects("未办结 2 件"))
    assert said == "已签收 1/1 件"
    assert (await seen_by_api(first.reference))["acknowledged_by"]["name"] == "钱进"
    await beijing("09:00", day=20)
    listed = await phones["钱进"].says("/pending")
    assert first.reference in listed.text
    assert second.reference not in listed.text
    await phones["孙悦"].says("/pending")
    phones["孙悦"].expects("没有未办结的立案")


async def test_one_officer_who_stands_in_has_it_in_the_list(
    liaoning, phones, file_a_filing, closed
):
    await closed(Substitute(officer_id=liaoning.filing_officer.id))
    filing = await file_a_filing(by="辽")
    listed = await phones["协作法院A岗"].says("/pending")
    assert filing.reference in listed.text
    assert listed.labels[0] == "☐ 1"


async def test_the_substitutes_pages_and_board_show_it_for_that_day(
    neighbour, app, database, clock, builders, file_a_filing, beijing, closed
):
    await closed(Substitute(court="辽02"))
    filing = await file_a_filing()
    paths = ("/filings", f"/filings/{filing.reference}", "/board")
    async with pages_desk.browser(app.http_address) as browser:
        officer = await builders.officer("辽02", "冯刚", "B", 203)
        await pages_desk.sign_in(browser, database, officer, clock)
        for path in paths:
            assert filing.reference in await browser.text(path), path
        assert filing.reference not in await browser.text("/filings?role=collaborating")
        await beijing("09:00", day=20)
        await pages_desk.sign_in(browser, database, officer, clock)
        assert filing.reference not in await browser.text("/filings")
        assert filing.reference not in await browser.text("/board")
        assert (await browser.get(f"/filings/{filing.reference}")).status == 404
