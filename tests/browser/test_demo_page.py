"""The demo as a visitor meets it: the page arrives on the phones, one tap in the browser, every card changes."""

import pytest
from playwright.async_api import expect

from bot.cli.demo_check import REFERENCE
from tests.browser.demo_scene import demo, first_filing, opened, private, screen

WIDE, NARROW = (1440, 900), (390, 844)

#: The installation's language; the words on the page: tap, state, tap, state, deadline.
LANGUAGES = {
    "zh": ("zh-CN", "签收", "已签收", "登记立案", "已登记立案", "应于 10:00 前签收"),
    "en": (
        "en",
        "Acknowledge",
        "Acknowledged",
        "Registered",
        "Registered",
        "Acknowledgment due by 10:00",
    ),
}


@pytest.mark.parametrize("lang", LANGUAGES)
async def test_a_visitor_sees_the_page_arrive_taps_and_sees_every_card_change(
    browser_page, tmp_path, lang
):
    locale, tap, acknowledged, decide, decided, due = LANGUAGES[lang]
    async with demo(locale) as stage:
        await opened(browser_page, stage, lang, *WIDE)
        await first_filing(stage)
        group, direct = (screen(browser_page, stage, name) for name in ("B岗", "A岗"))
        home = screen(browser_page, stage, "协作法院")
        card = group.locator(".message", has_text=REFERENCE)
        await expect(card).to_contain_text(due)
        await private(direct)
        mine = direct.locator(".message", has_text=REFERENCE)
        await expect(mine).to_contain_text(due)
        await pictures(browser_page, tmp_path / f"{lang}-arrived")

        # On a phone's own width, as an officer would.
        await mine.get_by_role("button", name=tap, exact=True).click()
        await expect(direct.locator(".toast")).to_contain_text(acknowledged)
        for message in (mine, card):
            await expect(message).to_contain_text(f"✅ {acknowledged}")
            await expect(message.get_by_role("button", name=tap, exact=True)).to_have_count(0)
        await expect(home.locator(".message", has_text=f"✅ {acknowledged}").first).to_be_visible()
        await browser_page.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})
        await pictures(browser_page, tmp_path / f"{lang}-answered")

        await card.get_by_role("button", name=decide, exact=True).click()
        for message in (mine, card):
            await expect(message).to_contain_text(decided)
        await expect(home.locator(".message", has_text=decided)).to_have_count(2)
        status, filing = await stage.call("GET", f"/api/v1/filings/{REFERENCE}")
        assert (status, filing["state"], filing["result"]) == (200, "completed", "registered")
        assert filing["acknowledged_by"]["post"] == "A"
        assert filing["result_by"]["post"] == "B"


async def pictures(page, path):
    """A picture of each width, to be looked at; nothing may stick out on either."""
    for width, height in (WIDE, NARROW):
        await page.set_viewport_size({"width": width, "height": height})
        await page.screenshot(path=f"{path}-{width}.png", full_page=True)
        overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert await page.evaluate(overflow) <= 0


async def test_a_tap_on_the_wrong_phone_is_refused_on_that_phone_alone(browser_page):
    async with demo("zh-CN") as stage:
        stranger = stage.telegram.add_phone("路人")
        stage.groups["辽72"].joined_by(stranger)
        stage.phones["路人"] = stranger
        await first_filing(stage)
        await browser_page.goto(stage.telegram.page_url)
        await browser_page.locator("#picker summary").click()
        await browser_page.get_by_role("checkbox", name="路人").check()
        await browser_page.locator("#picker summary").click()
        phone = screen(browser_page, stage, "路人")
        await (
            phone.locator(".message", has_text=REFERENCE)
            .get_by_role("button", name="签收", exact=True)
            .click()
        )
        await expect(phone.locator("dialog p")).to_contain_text("未关联任何人员")
        await expect(screen(browser_page, stage, "A岗").locator("dialog")).to_have_count(0)
        _status, filing = await stage.call("GET", f"/api/v1/filings/{REFERENCE}")
        assert filing["state"] == "waiting"
        assert [event["kind"] for event in filing["events"]].count("refused") == 1
