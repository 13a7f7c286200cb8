"""Signing in: the link works once and only by its button, forms come from our own pages, viewers are today's."""

import pytest
from aiohttp import ClientSession
from sqlalchemy import select

from bot import schedule, web_sessions
from bot.models import WebLogin, WebSession
from bot.settings import Settings
from directory import officers, tokens
from directory.models import Officer
from tests import pages_desk
from tests.web_desk import served


@pytest.fixture
async def desk(database, clock):
    async with served(database, clock) as running:
        yield running


@pytest.fixture
async def browser(desk):
    async with pages_desk.browser(desk.address) as opened:
        yield opened


@pytest.fixture
async def people(builders):
    return await builders.liaoning()


@pytest.fixture
def link(database, clock, people):
    """`await link()`: the path of a fresh link for post A of the court."""

    async def make(officer=None):
        async with database.transaction() as session:
            code = await web_sessions.make_link(session, (officer or people.a).id, now=clock.now())
        return f"/sign-in/{code}"

    return make


async def signed_in(browser, desk):
    """Who the desk takes the browser for."""
    secret = browser.cookies.get("liaison_session", "")
    async with desk.database.reading() as session:
        return await web_sessions.viewer(
            session, secret, now=desk.clock.now(), timezone="Asia/Shanghai"
        )


async def test_a_link_signs_in_by_its_button_and_only_once(browser, desk, link, people):
    path = await link()
    page = await browser.get(path)
    assert page.status == 200
    assert "登录" in await page.text()
    pressed = await browser.post(path)
    assert (pressed.status, pressed.headers["Location"]) == (303, "/board")
    viewer = await signed_in(browser, desk)
    assert (viewer.name, viewer.scope_court, viewer.scope_province) == ("王建国", "辽72", None)
    browser.cookies.clear()
    again = await browser.post(path)
    assert again.status == 410
    assert "已用过或已过期" in await again.text()
    assert await signed_in(browser, desk) is None
    assert (await browser.get(path)).status == 410


async def test_a_crawler_that_opens_the_link_signs_nobody_in_and_uses_nothing_up(
    browser, desk, link
):
    path = await link()
    for _ in range(3):
        page = await browser.get(path)
        assert page.status == 200
        assert "王建国" not in await page.text()
        assert "noindex" in page.headers["X-Robots-Tag"]
    assert browser.cookies == {}
    assert (await browser.post(path)).status == 303


async def test_a_link_is_worth_nothing_after_five_minutes(browser, clock, link):
    path = await link()
    await clock.advance(minutes=5)
    assert (await browser.get(path)).status == 410
    assert (await browser.post(path)).status == 410
    assert browser.cookies == {}


async def test_only_the_newest_link_of_a_person_works(browser, link):
    older, newer = await link(), await link()
    assert (await browser.post(older)).status == 410
    assert (await browser.post(newer)).status == 303


async def test_the_cookie_is_kept_from_scripts_and_other_sites_and_only_hashes_are_stored(
    browser, desk, link
):
    path = await link()
    answer = await browser.post(path)
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie
    secrets = {path.rpartition("/")[2], browser.cookies["liaison_session"]}
    async with desk.database.reading() as session:
        logins, sessions = await _all(session, WebLogin), await _all(session, WebSession)
    stored = {login.code_hash for login in logins} | {held.secret_hash for held in sessions}
    assert len(stored) == 2
    assert stored & secrets == set()


async def _all(session, model):
    return list(await session.scalars(select(model)))


@pytest.mark.parametrize(
    ("public", "secure"), [("https://{host}", True), ("http://{host}", False), (None, False)]
)
async def test_behind_https_the_cookie_travels_by_https_alone(
    database, clock, people, link, public, secure
):
    host = "liaison.example"
    settings = Settings(public_url=public.format(host=host) if public else None)
    async with served(database, clock, settings=settings) as desk, ClientSession() as client:
        headers = {"Host": host, "Origin": f"https://{host}"}
        answer = await client.post(
            desk.address + await link(), headers=headers, allow_redirects=False
        )
        assert answer.status == 303
        assert ("Secure" in answer.headers["Set-Cookie"]) is secure


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "null"},
        {"Origin": "https://elsewhere.example"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "{address}"},
        {"Sec-Fetch-Site": "same-site", "Origin": "{address}"},
        {"Sec-Fetch-Site": "same-origin"},
    ],
)
async def test_a_form_from_elsewhere_is_refused_and_uses_nothing_up(browser, desk, link, headers):
    path = await link()
    said = {name: value.format(address=desk.address) for name, value in headers.items()}
    answer = await browser.post(path, headers=said)
    assert answer.status == 403
    assert "不是从本站页面发出" in await answer.text()
    assert browser.cookies == {}
    assert (await browser.post(path)).status == 303


async def test_signing_out_forgets_the_browser(browser, desk, link):
    await browser.post(await link())
    held = dict(browser.cookies)
    assert (await browser.post("/sign-out", headers={})).status == 403
    assert await signed_in(browser, desk) is not None
    answer = await browser.post("/sign-out")
    assert (answer.status, answer.headers["Location"]) == (303, "/sign-in")
    assert browser.cookies == {}
    browser.cookies = held
    assert await signed_in(browser, desk) is None


async def test_twelve_hours_later_one_signs_in_again(browser, desk, clock, link):
    await browser.post(await link())
    await clock.advance(hours=11, minutes=59)
    assert await signed_in(browser, desk) is not None
    await clock.advance(minutes=1)
    assert await signed_in(browser, desk) is None


async def _leave(session, officer, now):
    officer.left_at = now


async def _end_posts(session, officer, now):
    officer.posts.clear()


async def _unlink(session, officer, now):
    await officers.unlink(session, officer, who="管理员", now=now)


@pytest.mark.parametrize("change", [_leave, _end_posts, _unlink])
async def test_who_left_or_lost_the_account_is_signed_out_at_once(
    browser, desk, clock, link, people, change
):
    await browser.post(await link())
    pending = await link()
    async with desk.database.transaction() as session:
        held = await session.get_one(Officer, people.a.id)
        await session.refresh(held, ["posts", "court"])
        await change(session, held, clock.now())
    assert await signed_in(browser, desk) is None
    assert (await browser.post(pending)).status == 410


async def test_a_session_of_a_lost_phone_does_not_live_again_with_the_new_one(
    browser, desk, clock, link, people
):
    await browser.post(await link())
    await clock.advance(minutes=1)
    async with desk.database.transaction() as session:
        held = await session.get_one(Officer, people.a.id)
        held.telegram_id, held.linked_at = 999, clock.now()
    assert await signed_in(browser, desk) is None


async def test_a_coordinator_sees_the_province_and_the_supreme_court_all(
    browser, desk, builders, link, people
):
    await browser.post(await link(people.coordinator))
    viewer = await signed_in(browser, desk)
    assert (viewer.scope_court, viewer.scope_province) == (None, "辽宁省")
    await builders.court("最高法", "最高人民法院", level="supreme", province="全国")
    highest = await builders.officer("最高法", "孙敏", "coordinator", 900)
    await browser.post(await link(highest))
    viewer = await signed_in(browser, desk)
    assert (viewer.scope_court, viewer.scope_province, viewer.place) == (None, None, "")


@pytest.mark.parametrize("role", ["board", "reader", "coordinator", "admin"])
async def test_a_token_signs_in_by_the_form_and_never_by_an_address(browser, desk, people, role):
    secret = await desk.token(role, court="辽72")
    await browser.get(f"/sign-in?token={secret}")
    assert browser.cookies == {}
    answer = await browser.post("/sign-in", {"token": f" {secret} ", "next": "/board?x=1"})
    assert (answer.status, answer.headers["Location"]) == (303, "/board?x=1")
    viewer = await signed_in(browser, desk)
    assert (viewer.role, viewer.scope_court, viewer.place) == (role, "辽72", "大连海事法院")


async def test_a_screen_stays_signed_in_until_its_token_is_revoked(browser, desk, clock, people):
    secret = await desk.token("board", name="大厅", province="辽宁省")
    answer = await browser.post("/sign-in", {"token": secret})
    assert "Max-Age=2592000" in answer.headers["Set-Cookie"]
    await clock.advance(days=29)
    assert (await signed_in(browser, desk)).is_screen
    async with desk.database.transaction() as session:
        await tokens.revoke(session, "大厅", now=clock.now())
    assert await signed_in(browser, desk) is None


@pytest.mark.parametrize("secret", ["", "liaison_wrong", "x" * 5000])
async def test_a_wrong_token_is_refused_in_words(browser, desk, secret):
    answer = await browser.post("/sign-in", {"token": secret})
    assert answer.status == 403
    assert "令牌无效" in await answer.text()
    assert browser.cookies == {}


async def test_a_platform_token_opens_no_page(browser, desk, people):
    answer = await browser.post("/sign-in", {"token": await desk.token("intake")})
    assert answer.status == 403


@pytest.mark.parametrize(
    "target", ["//evil.example", "https://evil.example", "/\\evil.example", "/x\r\nSet-Cookie: a=b"]
)
async def test_after_signing_in_nobody_is_led_to_another_site(browser, desk, people, target):
    answer = await browser.post("/sign-in", {"token": await desk.token("reader"), "next": target})
    assert (answer.status, answer.headers["Location"]) == (303, "/board")


async def test_what_is_over_is_swept(browser, desk, clock, link, people):
    await browser.post(await link())
    await clock.advance(days=31)
    async with desk.database.transaction() as session:
        await schedule.housekeeping(session, clock.now())
        assert await _all(session, WebLogin) == []
        assert await _all(session, WebSession) == []


async def test_a_page_is_spoken_in_the_language_last_asked_for(browser, desk):
    english = await browser.get("/sign-in?language=en")
    assert english.headers["Content-Language"] == "en"
    assert "Send /web to the bot" in await english.text()
    assert (await browser.get("/sign-in")).headers["Content-Language"] == "en"
    assert (await browser.get("/sign-in?language=zh")).headers["Content-Language"] == "zh-CN"


async def test_a_link_from_the_chat_leads_to_the_page_that_was_asked_for(browser, link):
    path = "/deliveries?day=2019-08-19&officer=%E7%8E%8B"
    assert (await browser.get(path)).status == 303
    pressed = await browser.post(await link())
    assert (pressed.status, pressed.headers["Location"]) == (303, path)
    assert list(browser.cookies) == ["liaison_session"]
    assert (await browser.post(await link())).headers["Location"] == "/board"


async def test_nothing_else_that_a_browser_kept_is_followed(browser, link):
    for kept in ("//evil.example", "https://evil.example", "", "/" * 600):
        browser.cookies["liaison_next"] = kept
        assert (await browser.post(await link())).headers["Location"] == "/board"


async def test_a_boards_lost_stream_is_no_page_to_come_back_to(browser, link):
    assert (await browser.get("/board/events")).status == 303
    assert (await browser.post(await link())).headers["Location"] == "/board"
