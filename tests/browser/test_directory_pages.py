"""The directory in a real browser: found while typing, by keyboard alone, a mobile shown, an edit, both widths and languages."""

from urllib.parse import unquote, urlsplit

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import expect

from directory import changes
from directory.models import Court, Officer
from tests import pages_desk
from tests.web_desk import served

WIDE, PHONE = (1280, 900), (390, 844)
MOBILE = "13812341234"


@pytest.fixture
def engine_name():
    """What a browser shows does not depend on the database."""
    return "sqlite"


@pytest.fixture
async def people(builders, database, clock):
    made = await builders.liaoning()
    for code, name, city in (
        ("辽0106", "沈阳市铁西区人民法院", "沈阳市"),
        ("辽0303", "鞍山市铁西区人民法院", "鞍山市"),
        ("辽02", "大连市中级人民法院", "大连市"),
    ):
        await builders.court(code, name, city=city)
    await builders.court(
        "辽7201", "大连海事法院长兴岛人民法庭", level="tribunal", parent_code="辽72"
    )
    async with database.transaction() as session:
        court = await session.get_one(Court, "辽72")
        court.phone, court.address, court.city = "0411-8000100", "大连市中山区", "大连市"
        court.aliases = ["旅大海事法院（1984-06-01/1990-12-31）"]
        court.verified_at, court.verified_by = clock.now(), "辽72:赵强"
        officer = await session.get_one(Officer, made.a.id)
        officer.mobile, officer.verified_at = MOBILE, clock.now()
        changes.record(
            session, who="辽72:赵强", court_code="辽72", officer_id=made.a.id, kind="changed",
            before={"mobile": None, "posts": {"B": None}},
            after={"mobile": MOBILE, "posts": {"B": {"valid_from": "2019-09-01", "valid_to": None}}},
            now=clock.now(),
        )  # fmt: skip
    return made


@pytest.fixture
async def desk(database, clock, people):
    async with served(database, clock) as running:
        yield running


@pytest.fixture
async def page(desk, browser_page, database, clock, people):
    """Chromium, signed in as the province's coordinator; whatever it asks for is on our own host, and its policy holds."""
    hosts, complaints, asked = set(), [], []
    browser_page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    browser_page.on("request", lambda request: asked.append(unquote(request.url)))
    browser_page.on("console", lambda said: complaints.append(said.text))
    secret = await pages_desk.session_of(database, people.coordinator, clock)
    cookie = {"name": "liaison_session", "value": secret, "url": desk.address}
    await browser_page.context.add_cookies([cookie])
    yield browser_page
    assert hosts == {urlsplit(desk.address).netloc}
    assert [text for text in complaints if "Content Security Policy" in text] == []
    assert [url for url in asked if "王建国" in url or MOBILE in url] == []


async def looked_at(page, path):
    """Pictures to be looked at; nothing sticks out of a desk's or a phone's window, and axe finds nothing."""
    for width, height in (WIDE, PHONE):
        await page.set_viewport_size({"width": width, "height": height})
        await page.screenshot(path=path.with_stem(f"{path.stem}-{width}"), full_page=True)
        overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert await page.evaluate(overflow) <= 0, path.stem
    result = await Axe().run(page)
    assert result.response["violations"] == [], result.generate_report()


async def test_by_keyboard_alone_from_typing_to_a_number_and_an_edit(page, desk, people):
    await page.goto(f"{desk.address}/directory")
    await expect(page.locator("#words")).to_be_focused()
    await page.keyboard.type("tiexi", delay=10)
    await expect(page.locator("#found a.result")).to_have_count(2)
    await expect(page.locator("#count")).to_have_text("找到 2 个法院、0 名人员。")
    assert await page.locator("#count").get_attribute("aria-live") == "polite"
    await expect(page.locator("#found")).to_contain_text("鞍山市")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("ArrowDown")
    await expect(page.locator("#found a.result").nth(1)).to_be_focused()
    await page.keyboard.press("Escape")
    await page.keyboard.press("Control+A")
    await page.keyboard.type("王建国", delay=10)
    await expect(page.locator("#found a.result")).to_have_count(1)
    await expect(page.locator("#found")).to_contain_text("大连海事法院")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await expect(page).to_have_url(f"{desk.address}/directory/%E8%BE%BD72#p{people.a.id}")
    person = page.locator(f"#p{people.a.id}")
    await person.locator("summary").focus()
    await page.keyboard.press("Enter")
    for key in ("Tab", "ArrowDown", "Tab", "Enter"):
        await page.keyboard.press(key)
    await expect(person.locator(".shown")).to_contain_text(MOBILE)
    await page.goto(f"{desk.address}/directory/辽72")
    await expect(page.locator("body")).not_to_contain_text(MOBILE)
    await person.get_by_role("link", name="修改：王建国").click()
    await page.get_by_label("办公电话").fill("0411-8000199")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("status")).to_contain_text("已保存")
    await expect(person).to_contain_text("0411-8000199")


async def test_a_code_and_enter_open_the_card_and_the_code_is_copied(page, desk):
    await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await page.goto(f"{desk.address}/directory")
    await page.keyboard.type("liao72")
    await page.keyboard.press("Enter")
    await expect(page.locator("h1")).to_contain_text("大连海事法院")
    await page.get_by_role("button", name="复制代字").click()
    await expect(page.get_by_role("button", name="已复制")).to_be_visible()
    assert await page.evaluate("navigator.clipboard.readText()") == "辽72"


async def test_the_pages_are_whole_on_every_width_and_shut_nobody_out(page, desk, people, tmp_path):
    for lang in ("zh", "en"):
        await page.goto(f"{desk.address}/directory?language={lang}")
        await page.locator("#words").fill("铁西")
        await expect(page.locator("#found a.result")).to_have_count(2)
        await looked_at(page, tmp_path / f"directory-{lang}.png")
        for name, path in (
            ("court", "辽72"),
            ("edit", f"people/{people.a.id}/edit"),
            ("freshness", "freshness"),
            ("changes", "changes"),
        ):
            await page.goto(f"{desk.address}/directory/{path}")
            for details in await page.locator("details").all():
                await details.evaluate("one => one.open = true")
            await looked_at(page, tmp_path / f"{name}-{lang}.png")
