"""The page behind a signed link, on a phone: readable, one button, one press, and nothing before it."""

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import async_playwright
from pydantic import SecretStr
from sqlalchemy import select

from directory.models import Officer
from notifications.models import Filing
from tests import chromium, fallback_desk
from tests.fallback_desk import OWN

MOBILE = "13900000101"


@pytest.fixture
def engine_name():
    return "sqlite"


@pytest.fixture
def settings(settings):
    return settings.model_copy(update={"fallback_urls": (SecretStr(OWN),)})


@pytest.fixture
def tray(monkeypatch, clock):
    with fallback_desk.outside(monkeypatch, clock) as (_robot, tray):
        yield tray


@pytest.fixture
async def app(tray, app):
    return app


@pytest.fixture(params=["zh-CN", "en"])
async def phone(request):
    """A page on a small touch screen, and the words it must show."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=chromium.executable(), args=chromium.ARGUMENTS
        )
        context = await browser.new_context(
            **playwright.devices["Pixel 5"], locale=request.param, timezone_id="Asia/Shanghai"
        )
        page = await context.new_page()
        page.set_default_timeout(10_000)
        yield page, request.param
        await browser.close()


WORDS = {
    "zh-CN": ("签收", "待签收", "已由您签收", "王**（A岗）"),
    "en": ("Acknowledge", "Awaiting", "Acknowledged by you", "王** (post A)"),
}


async def test_an_officer_acknowledges_on_a_phone_without_account_or_app(
    app, clock, tray, phone, database, liaoning, tmp_path, file_a_filing
):
    page, language = phone
    button, waiting, done, person = WORDS[language]
    async with database.transaction() as session:
        (await session.get_one(Officer, liaoning.a.id)).mobile = MOBILE
    filing = await file_a_filing()
    await clock.advance(minutes=30)
    await page.goto(app.http_address + tray.link(MOBILE))
    text = await page.inner_text("main")
    assert waiting in text
    assert filing.reference in text
    assert person in text
    assert "王建国" not in text
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    box = await page.get_by_role("button", name=button).bounding_box()
    assert box["height"] >= 48
    found = (await Axe().run(page)).response["violations"]
    assert [fault["id"] for fault in found] == []
    await page.screenshot(path=tmp_path / "waiting.png", full_page=True)
    await page.get_by_role("button", name=button).tap()
    await page.get_by_role("status").wait_for()
    assert done in await page.inner_text("main")
    assert await page.get_by_role("button").count() == 0
    await page.screenshot(path=tmp_path / "done.png", full_page=True)
    await page.reload()
    async with database.reading() as session:
        stored = (await session.scalars(select(Filing))).one()
    assert stored.acknowledged_by["officer_id"] == liaoning.a.id
    await page.goto(app.http_address + "/a/" + "x" * 32)
    await page.get_by_role("alert").wait_for()
    await page.screenshot(path=tmp_path / "dead.png", full_page=True)
