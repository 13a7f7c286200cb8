"""The duty board in a real browser: on a wall, on a desk, on a phone; counting by itself, live, in both languages."""

import re

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import expect

from directory import officers, tokens
from directory.models import Officer
from tests import pages_desk

#: The README's picture is the one taken on the desk.
WALL, DESK, PHONE = (1920, 1080), (1440, 810), (390, 844)

#: What a waiting filing and an overdue one say, and an acknowledged one.
WORDS = {
    "zh": ("待签收", "已超时", "已签收，待反馈", "无法送达"),
    "en": (
        "Awaiting acknowledgment",
        "Overdue",
        "Acknowledged, awaiting result",
        "cannot be reached",
    ),
}


@pytest.fixture
def engine_name():
    """What a browser shows does not depend on the database."""
    return "sqlite"


@pytest.fixture
async def busy(app, file_a_filing, phones, clock, builders, liaoning):
    """A morning at Dalian: answered, in time, late, waiting, a drill."""
    await builders.officer("辽72", "孙丽", "B")
    courts = [await builders.court(code, name) for code, name in (
        ("沪72", "上海海事法院"), ("京02", "北京市第二中级人民法院"))]  # fmt: skip
    first = await file_a_filing("KY-2019-000101", by=courts[0])
    await clock.advance(minutes=4)
    await phones["A岗"].presses("签收", phones["A岗"].expects(first.reference))
    second = await file_a_filing("（2019）京02跨立字第88号", by=courts[1], case_type="enforcement")
    await clock.advance(minutes=14)
    await phones["B岗"].presses("签收", phones["B岗"].expects(second.reference))
    await phones["B岗"].presses("登记立案", phones["B岗"].expects(second.reference))
    await file_a_filing("KY-2019-000103", case_type="administrative_first_instance")
    await clock.advance(minutes=18)
    await file_a_filing("KY-2019-000104", by=courts[0])
    await file_a_filing("YL-2019-0007", drill=True)
    await clock.advance(minutes=15)
    await file_a_filing("KY-2019-000105", case_type="civil_retrial_application")
    await clock.advance(minutes=1, seconds=20)
    return app


@pytest.fixture
async def signed_in(busy, browser_page, database, clock, liaoning):
    """Chromium, signed in as an officer of the court; `await signed_in(officer)` as another."""

    async def sign_in(officer=None):
        secret = await pages_desk.session_of(database, officer or liaoning.a, clock)
        cookie = {"name": "liaison_session", "value": secret, "url": busy.http_address}
        await browser_page.context.add_cookies([cookie])
        return browser_page

    return sign_in


async def whole(page):
    """Nothing sticks out, and nobody is shut out."""
    overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert await page.evaluate(overflow) <= 0
    result = await Axe().run(page)
    assert result.response["violations"] == [], result.generate_report()


@pytest.mark.parametrize("lang", WORDS)
async def test_the_board_on_a_wall_a_desk_and_a_phone(signed_in, busy, tmp_path, lang):
    page = await signed_in()
    waiting, late, taken, _unreached = WORDS[lang]
    for size in (WALL, DESK, PHONE):
        await page.set_viewport_size({"width": size[0], "height": size[1]})
        await page.goto(f"{busy.http_address}/board?language={lang}")
        await expect(page.locator("body")).to_have_attribute("data-live", "yes")
        filings = page.locator(".filing")
        await expect(filings).to_have_count(5)
        await expect(filings.first).to_contain_text(late)
        await expect(page.locator(".filing", has_text="KY-2019-000105")).to_contain_text(waiting)
        await expect(page.locator(".filing", has_text="KY-2019-000101")).to_contain_text(taken)
        await page.screenshot(path=tmp_path / f"board-{lang}-{size[0]}.png")
        await whole(page)
    assert await page.get_attribute("html", "lang") == ("en" if lang == "en" else "zh-CN")


async def test_letters_on_the_wall_are_big_enough_for_four_metres(signed_in, busy):
    page = await signed_in()
    await page.set_viewport_size({"width": WALL[0], "height": WALL[1]})
    await page.goto(f"{busy.http_address}/board")
    least = dict.fromkeys(
        (".filing .reference", ".filing .courts", ".filing .state", ".duty li"), 28
    )
    for name, points in {**least, ".clock .used": 56}.items():
        # In one go: the first event of the stream replaces what was just found.
        size = await page.evaluate(
            "name => parseFloat(getComputedStyle(document.querySelector(name)).fontSize)", name
        )
        assert size >= points, name
    # Everything that matters is above the lower edge: nobody scrolls a wall.
    last = "[...document.querySelectorAll('.filing')].at(-1).getBoundingClientRect().bottom"
    assert 0 < await page.evaluate(last) <= WALL[1]


async def test_the_clocks_count_in_the_browser_and_the_board_follows_what_happens(
    signed_in, busy, phones, clock
):
    page = await signed_in()
    await page.goto(f"{busy.http_address}/board")
    await expect(page.locator("body")).to_have_attribute("data-live", "yes")
    filing = page.locator(".filing", has_text="KY-2019-000105")
    await expect(filing.locator(".used")).to_have_text(re.compile(r"01:2[2-9]"))
    await phones["A岗"].presses("签收", phones["A岗"].expects("KY-2019-000105"))
    await expect(filing).to_contain_text("已签收，待反馈")
    await expect(page.locator(".answers")).to_contain_text("KY-2019-000105")


async def test_whose_account_is_cut_off_is_asked_to_sign_in(
    signed_in, busy, liaoning, database, clock
):
    page = await signed_in()
    await page.goto(f"{busy.http_address}/board")
    await expect(page.locator("body")).to_have_attribute("data-live", "yes")
    async with database.transaction() as session:
        officer = await session.get_one(Officer, liaoning.a.id)
        await officers.unlink(session, officer, who="管理员", now=clock.now())
    await page.reload()
    await expect(page.locator("h1")).to_have_text("登录")


async def test_from_the_link_in_the_chat_to_the_board_by_keyboard(
    app, groups, phones, browser_page
):
    message = await phones["A岗"].says("/web")
    link = message.text.split()[-1]
    await browser_page.goto(link)
    await expect(browser_page.get_by_role("button", name="登录")).to_be_focused()
    await whole(browser_page)
    await browser_page.keyboard.press("Enter")
    await expect(browser_page.locator("h1")).to_contain_text("大连海事法院")
    await browser_page.get_by_role("button", name="退出").click()
    await expect(browser_page.locator("h1")).to_have_text("登录")


async def test_a_screen_signs_in_by_its_token(app, groups, api, browser_page, database, clock):
    async with database.transaction() as session:
        secret = await tokens.create(session, "大厅", "board", province="辽宁省", now=clock.now())
    await browser_page.goto(f"{app.http_address}/board")
    await whole(browser_page)
    await browser_page.get_by_label("令牌").fill(secret)
    await browser_page.get_by_label("令牌").press("Enter")
    await expect(browser_page.locator("h1")).to_contain_text("辽宁省")
    await expect(browser_page.locator("body")).to_have_attribute("data-live", "yes")
    assert secret not in browser_page.url
