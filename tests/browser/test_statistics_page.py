"""Statistics in a real browser: both languages, a phone's width, without a page load, by keyboard, on paper."""

import re

import pytest
from playwright.async_api import expect

from tests import pages_desk
from tests.browser.test_reading_pages import PHONE, WIDE, looked_at
from tests.web_desk import served


@pytest.fixture
def engine_name():
    """What a browser shows does not depend on the database."""
    return "sqlite"


@pytest.fixture
async def page(database, clock, builders, browser_page):
    """Chromium, signed in as the province's coordinator, after filings in time, late, waiting and of two courts."""
    liaoning = await builders.liaoning()
    await builders.court("辽0211", "大连市甘井子区人民法院")
    async with served(database, clock) as desk:
        for number in range(8):
            await desk.file(reference=f"KY-{number}")
            if number == 5:
                await clock.advance(minutes=40)
            if number:
                path = f"/api/v1/filings/KY-{number}/acknowledge"
                await desk.post(path, {"officer": "辽72:王建国"})
        await desk.file(reference="KY-9", jurisdiction_court="辽0211")
        secret = await pages_desk.session_of(database, liaoning.coordinator, clock)
        cookie = {"name": "liaison_session", "value": secret, "url": desk.address}
        await browser_page.context.add_cookies([cookie])
        await browser_page.goto(f"{desk.address}/statistics")
        yield browser_page


async def test_statistics_are_whole_on_every_width_and_on_paper_and_shut_nobody_out(page, tmp_path):
    for lang, (width, height) in (("zh", PHONE), ("en", WIDE)):
        await page.set_viewport_size({"width": width, "height": height})
        await page.goto(f"{page.url.partition('?')[0]}?language={lang}")
        await looked_at(page, tmp_path / f"statistics-{lang}-{width}.png")
        # The latest day of a chart is in sight, and on the first screen of a phone how one stands.
        chart = page.locator(".wide.together").first
        assert await chart.evaluate("c => c.scrollWidth - c.clientWidth - c.scrollLeft") < 2
        standing = await page.locator(".standing").bounding_box()
        assert standing["y"] + standing["height"] < height / 1.5
    assert (await page.locator("header.top").bounding_box())["height"] < 60
    await page.emulate_media(media="print")
    for hidden in (".choices", ".ask", ".files", "nav.pages"):
        await expect(page.locator(hidden)).to_be_hidden()
    await expect(page.locator(".groups")).to_contain_text("大连市甘井子区人民法院")
    await page.pdf(path=tmp_path / "statistics.pdf", format="A4", prefer_css_page_size=True)


async def test_figures_change_without_a_page_load_and_the_address_with_them(page):
    await page.evaluate("window.stayed = true")
    await expect(page.locator(".standing")).to_contain_text("收到 9 件")
    await page.locator("summary", has_text="日期、法院、分组").press("Enter")
    await page.get_by_label("分组").focus()
    await page.get_by_label("分组").select_option("day")
    await expect(page.locator(".groups thead")).to_contain_text("日期")
    # The form stays open and keeps the focus; what changed is said.
    await expect(page.get_by_label("分组")).to_be_focused()
    await expect(page.locator("#told")).to_contain_text("收到 9 件")
    await page.get_by_role("link", name="协作（提交的）").press("Enter")
    await expect(page.locator(".standing")).to_have_text("这段时间没有立案。")
    await expect(page).to_have_url(re.compile(r"\?role=collaborating&by=day$"))
    await page.get_by_role("link", name="管辖（收到的）").press("Enter")
    await page.get_by_role("link", name="立案数").press("Enter")
    await expect(page.locator("th[aria-sort=descending]")).to_contain_text("立案数")
    assert await page.evaluate("window.stayed")
    await page.go_back()
    await expect(page.locator("th[aria-sort=ascending]")).to_contain_text("日期")
    # Signed out elsewhere: the page that says so is opened as a page.
    await page.context.clear_cookies()
    await page.get_by_role("link", name="上月").press("Enter")
    await expect(page).to_have_url(re.compile("/sign-in"))
