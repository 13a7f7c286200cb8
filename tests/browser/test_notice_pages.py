"""A notice in a real browser: a number refused and marked, corrected, previewed, sent once, its receipts, taken back."""

from urllib.parse import unquote, urlsplit

import pytest
from playwright.async_api import expect
from sqlalchemy import func, select

from notifications.notice_models import Notice
from tests import pages_desk
from tests.browser.test_directory_pages import looked_at
from tests.notice_desk import NoticeDesk
from tests.web_desk import served

MOBILE = "138 1234 5678"


@pytest.fixture
def engine_name():
    """What a browser shows does not depend on the database."""
    return "sqlite"


@pytest.fixture
async def desk(builders, database, clock):
    """Twelve people of six courts and the province's coordinator; one is unlinked, one has shut the bot out."""
    made = await builders.liaoning()
    written = NoticeDesk(database, clock)
    await written.people(12, 6, unlinked={1003}, start=1001)
    written.block({1005})
    async with served(database, clock) as running, written.at_work():
        running.coordinator = made.coordinator
        yield running


@pytest.fixture
async def page(desk, browser_page, database, clock):
    """Signed in as the coordinator; whatever it asks for is on our own host, and no number is in an address."""
    hosts, complaints, asked = set(), [], []
    browser_page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    browser_page.on("request", lambda request: asked.append(unquote(request.url)))
    browser_page.on("console", lambda said: complaints.append(said.text))
    secret = await pages_desk.session_of(database, desk.coordinator, clock)
    cookie = {"name": "liaison_session", "value": secret, "url": desk.address}
    await browser_page.context.add_cookies([cookie])
    yield browser_page
    assert hosts == {urlsplit(desk.address).netloc}
    assert [text for text in complaints if "Content Security Policy" in text] == []
    assert [url for url in asked if "5678" in url] == []


async def test_a_notice_from_the_first_word_to_its_recall(page, desk, database, clock, tmp_path):
    await page.goto(f"{desk.address}/notices/new")
    text = page.get_by_label("正文", exact=True)
    await text.fill("九月演练安排\n咨询张法官 " + MOBILE)
    await text.evaluate("field => field.setSelectionRange(0, 6)")
    await page.get_by_role("button", name="粗体").click()
    await expect(page.locator("#try mark")).to_have_text(MOBILE)
    await page.locator("#try").get_by_role("button", name="138****5678").click()
    chosen = "field => field.value.slice(field.selectionStart, field.selectionEnd)"
    assert await text.evaluate(chosen) == MOBILE
    await page.get_by_role("button", name="预览").click()
    await expect(page.get_by_role("alert").first).to_contain_text("没有发出，请更正")
    await looked_at(page, tmp_path / "refused.png")
    await text.focus()
    await page.locator("#try").get_by_role("button", name="138****5678").click()
    await page.keyboard.type("0411-8000101")
    await expect(page.locator("#try .bubble b").nth(1)).to_have_text("九月演练安排")
    await expect(page.locator("#try")).to_contain_text("人数：16 人，8 个法院")
    await page.get_by_label("确认期限").fill("2019-08-19T17:00")
    await page.get_by_role("button", name="预览").click()
    await looked_at(page, tmp_path / "preview.png")
    draft = await page.locator("[name=draft]").input_value()
    await page.get_by_role("button", name="发送，共 16 人").click()
    await expect(page.get_by_role("status").first).to_have_text("已开始发送。")
    sent = page.url.partition("?")[0]
    again = await page.request.post(
        f"{desk.address}/notices/new",
        form={"do": "send", "draft": draft},
        headers={"Origin": desk.address},
    )
    assert again.url == f"{sent}?done=sent"
    async with database.reading() as session:
        assert await session.scalar(select(func.count()).select_from(Notice)) == 1

    await clock.settle()
    await page.goto(sent)
    rows = page.locator("#found tbody tr")
    await expect(rows).to_have_count(8)
    await page.get_by_label("显示").select_option(label="未送达")
    await expect(rows).to_have_count(2)
    await expect(page.locator("#found")).to_contain_text("未关联聊天账号")
    await rows.first.locator("summary").click()
    await rows.first.get_by_role("button").first.click()
    await expect(page.get_by_role("status").first).to_have_text("已代签，并记录代签人。")
    await page.goto(f"{sent}?language=en")
    for details in await page.locator("details").all():
        await details.evaluate("one => one.open = true")
    await looked_at(page, tmp_path / "notice.png")
    await page.goto(f"{sent}?language=zh")
    await page.get_by_text("撤回通知", exact=True).click()
    await page.get_by_label("我确认撤回此通知").check()
    await page.get_by_role("button", name="确认撤回通知").click()
    await expect(page.get_by_role("status").first).to_have_text("已撤回通知。")
    await page.goto(f"{desk.address}/notices")
    await expect(page.locator("tbody")).to_contain_text("（已撤回）")
