"""Filings, the timeline of one and deliveries in a real browser: both languages, a phone's width, on paper."""

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import expect

from tests import pages_desk

WIDE, PHONE = (1280, 900), (390, 844)


@pytest.fixture
def engine_name():
    """What a browser shows does not depend on the database."""
    return "sqlite"


@pytest.fixture
async def morning(app, telegram, file_a_filing, phones, clock, builders, liaoning):
    """A page that A's phone refused, one answered by B, a drill, somebody never linked."""
    await builders.officer("辽72", "孙丽", "B")
    await builders.court("沪72", "上海海事法院")
    telegram.world.blocked.add(phones["A岗"].id)
    first = await file_a_filing("（2019）沪72跨立字第12号", by="沪72", case_type="enforcement")
    await clock.advance(minutes=6)
    await phones["B岗"].presses("签收", phones["B岗"].expects(first.reference))
    await file_a_filing("KY-2019-000103")
    await file_a_filing("YL-2019-0007", drill=True)
    await clock.advance(minutes=12)
    return first


@pytest.fixture
async def page(morning, app, browser_page, database, clock, liaoning):
    """Chromium, signed in as the province's coordinator."""
    secret = await pages_desk.session_of(database, liaoning.coordinator, clock)
    cookie = {"name": "liaison_session", "value": secret, "url": app.http_address}
    await browser_page.context.add_cookies([cookie])
    return browser_page


@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_the_pages_are_whole_on_every_width_and_shut_nobody_out(page, app, tmp_path, lang):
    for width, height in (WIDE, PHONE):
        await page.set_viewport_size({"width": width, "height": height})
        await page.goto(f"{app.http_address}/filings?language={lang}")
        await looked_at(page, tmp_path / f"filings-{lang}-{width}.png")
        await page.get_by_role("link", name="（2019）沪72跨立字第12号").click()
        await expect(page.locator("h1")).to_contain_text("（2019）沪72跨立字第12号")
        await looked_at(page, tmp_path / f"filing-{lang}-{width}.png")
        await page.goto(f"{app.http_address}/deliveries")
        await looked_at(page, tmp_path / f"deliveries-{lang}-{width}.png")
    await page.pdf(path=tmp_path / f"deliveries-{lang}.pdf", format="A4")
    await page.goto(f"{app.http_address}/duty-sheet")
    await looked_at(page, tmp_path / f"duty-sheet-{lang}.png")
    await page.emulate_media(media="print")
    await expect(page.locator("form.filters")).to_be_hidden()
    await expect(page.locator("table.sheet")).to_contain_text("大连海事法院")
    await expect(page.locator(".new-sheet ul.tree").first).to_be_visible()
    await page.pdf(path=tmp_path / f"duty-sheet-{lang}.pdf", format="A4")


async def looked_at(page, path):
    """A picture to be looked at; nothing sticks out of the window, and axe finds nothing."""
    await page.screenshot(path=path, full_page=True)
    overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert await page.evaluate(overflow) <= 0
    result = await Axe().run(page)
    assert result.response["violations"] == [], result.generate_report()


async def test_a_search_by_keyboard(page, app):
    await page.goto(f"{app.http_address}/filings")
    await page.keyboard.press("Tab")
    await expect(page.locator(".skip")).to_be_focused()
    await page.get_by_label("编号").fill("KY-2019")
    await page.get_by_label("编号").press("Enter")
    await expect(page.locator("tbody tr")).to_have_count(1)
    await page.get_by_label("演练").select_option("only")
    await page.get_by_label("编号").fill("")
    await page.get_by_role("button", name="查询").click()
    await expect(page.locator("tbody tr")).to_have_count(1)
    await expect(page.locator("tbody")).to_contain_text("YL-2019-0007")
