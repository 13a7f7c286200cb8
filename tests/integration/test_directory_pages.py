"""`/directory` over real HTTP: who finds whom, without a name in any address, and how often."""

import pytest

from bot.settings import Settings
from directory.models import Officer
from tests import pages_desk
from tests.web_desk import served

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"])

MOBILE = "13812341234"


@pytest.fixture
async def people(builders, database):
    made = await builders.liaoning()
    async with database.transaction() as session:
        (await session.get_one(Officer, made.a.id)).mobile = MOBILE
    return made


@pytest.fixture
async def desk(database, clock, people):
    async with served(database, clock, settings=Settings(lookups_per_hour=8)) as running:
        yield running


@pytest.fixture
async def reader(desk, database, clock):
    """`await reader(officer)`: a browser signed in as this officer."""
    async with pages_desk.browsers(desk.address, database, clock) as sign:
        yield sign


LIVE = {"HX-Request": "true"}


async def typed(browser, words, *, entered=False):
    """What stands in the list while somebody types, or once they pressed Enter."""
    data = {"q": words} if entered else {"q": words, "typing": "1"}
    answer = await browser.post("/directory", data, browser.headers | LIVE)
    assert answer.status == 200, await answer.text()
    assert answer.headers["Cache-Control"] == "no-store"
    return await answer.text()


async def test_nobody_finds_anything_without_signing_in(desk):
    async with pages_desk.browser(desk.address) as browser:
        assert (await browser.get("/directory")).status == 303
        assert (await browser.post("/directory", {"q": "辽72"})).status == 303
        live = await browser.post("/directory", {"q": "辽72"}, browser.headers | LIVE)
        assert live.headers["HX-Redirect"] == "/sign-in?next=/directory"
        assert "大连" not in await live.text()


async def test_a_search_comes_from_our_own_page_and_its_words_stand_in_no_address(reader, people):
    browser = await reader(people.a)
    elsewhere = {"Origin": "https://elsewhere.example", "Sec-Fetch-Site": "cross-site"}
    assert (await browser.post("/directory", {"q": "陈洁"}, elsewhere)).status == 403
    page = await (await browser.post("/directory", {"q": "陈洁"})).text()
    assert "陈洁" in page
    assert "q=" not in page
    policy = (await browser.get("/directory")).headers["Content-Security-Policy"]
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy


async def test_courts_are_found_as_somebody_types_and_the_one_meant_is_opened(reader, people):
    browser = await reader(people.a)
    found = await typed(browser, "海事")
    assert found.index("大连海事法院") < found.index("宁波海事法院"), "the own province first"
    assert "<html" not in found
    assert "找到 2 个法院" in found
    assert "辽72" in await typed(browser, "dlhs")
    opened = await browser.post("/directory", {"q": " 辽 72 "})
    assert (opened.status, opened.headers["Location"]) == (303, "/directory/%E8%BE%BD72")
    assert "没有找到" in await typed(browser, "不存在的地方")
    assert "<b>" not in await typed(browser, "<b>")
    theirs = await typed(await reader(people.filing_officer), "海事")
    assert theirs.index("宁波海事法院") < theirs.index("大连海事法院")


async def test_what_was_found_is_said_in_english_too(reader, people):
    browser = await reader(people.a)
    answer = await browser.post("/directory?language=en", {"q": "海事", "typing": "1"})
    page = await answer.text()
    assert "Found: courts 2, people 0." in page
    assert "没有" not in page
    assert "找到" not in page


async def test_many_people_are_named_once_asked_for_and_counted_once_an_hour(
    reader, people, builders, clock
):
    for number in range(6):
        await builders.officer("浙72", f"欧阳明{'一二三四五六'[number]}", None)
    browser = await reader(people.a)
    assert "陈洁" in await typed(browser, "陈洁"), "few people are named while somebody types"
    many = await typed(browser, "欧阳")
    assert "欧阳明一" not in many
    assert "另有 6 名人员" in many
    assert "欧阳明一" in await typed(browser, "欧阳", entered=True)
    assert "欧阳明一" in await typed(browser, "欧阳"), "who was shown is no news"
    assert "欧阳明一" in await typed(browser, "欧阳明一")
    assert "王建国" in await typed(browser, "王建国"), "colleagues are nothing that is looked up"
    await builders.officer("浙72", "司徒兰", "B")
    assert "司徒兰" in await typed(browser, "司徒兰"), "the eighth is still answered"
    assert "周琳" not in (refused := await typed(browser, "周琳"))
    assert "本小时查询人员已达上限（8 人），10:00 后可继续" in refused
    assert "宁波海事法院" in await typed(browser, "宁波"), "courts are no people"
    await clock.advance(minutes=31)
    assert "周琳" in await typed(browser, "周琳")


async def test_no_mobile_is_in_the_list(reader, people):
    page = await typed(await reader(people.coordinator), "王建国")
    assert "王建国" in page
    assert MOBILE[:7] not in page


async def test_a_wall_screen_finds_nothing(desk, database, clock):
    secret = await desk.token("board")
    async with pages_desk.browser(desk.address) as browser:
        await browser.post("/sign-in", {"token": secret})
        assert (await browser.get("/directory")).status == 403
        assert (await browser.post("/directory", {"q": "陈洁"})).status == 403
