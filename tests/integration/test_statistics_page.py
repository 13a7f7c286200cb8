"""`/statistics`: whose figures each viewer sees, and that every figure opens exactly the filings it counts."""

import html
import re
from urllib.parse import quote, unquote

import pytest

from tests import pages_desk
from tests.web_desk import served

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"])

PATH = "/statistics"
LIAONING, ZHEJIANG = quote("辽宁省"), quote("浙江省")


@pytest.fixture
async def liaoning(builders):
    await builders.court("辽0211", "大连市甘井子区人民法院")
    return await builders.liaoning()


@pytest.fixture
async def desk(database, clock, liaoning):
    """Answered in time and late, overdue and not yet due, withdrawn, a drill; within and across provinces."""
    async with served(database, clock) as desk:
        for number, changes in enumerate(
            ({}, {}, {"jurisdiction_court": "辽0211", "collaborating_court": "辽72"},
             {"drill": True}, {}, {"jurisdiction_court": "浙72", "collaborating_court": "辽72"}),
            1,
        ):  # fmt: skip
            await desk.file(reference=f"KY-{number}", **changes)
        result = {"result": "registered", "officer": "辽72:王建国"}
        await desk.post("/api/v1/filings/KY-5/withdraw", {"reason": "误报"})
        await clock.advance(minutes=10)
        await desk.post("/api/v1/filings/KY-1/result", result)
        await clock.advance(minutes=30)
        await desk.post("/api/v1/filings/KY-2/result", result)
        await desk.file(reference="KY-7")
        yield desk


@pytest.fixture
async def sign(desk, database, clock):
    async with pages_desk.browsers(desk.address, database, clock) as sign:
        yield sign


async def every_figure_opens_its_filings(browser, page):
    """How many figures were followed; each list says, and holds, as many filings as the figure told."""
    links = re.findall(r'<a href="(/filings\?[^"]+)">(\d+)</a>', page)
    for link, count in dict.fromkeys(links):
        opened = await browser.text(html.unescape(link))
        assert re.search(r"共 (\d+) 件", opened)[1] == count, link
        assert opened.count('<td><a href="/filings/') == int(count), link
    return len(set(links))


async def test_the_nation_is_seen_by_province_and_every_figure_opens_its_filings(desk, sign):
    browser = await sign(await desk.token("reader"))
    page = await browser.text(PATH)
    assert (
        "收到 5 件，按期率 25%（目标 90%，件数少，仅供参考）；待签收 3 件，其中已超期 2 件。"
        in page
    )
    assert await every_figure_opens_its_filings(browser, page) >= 9
    day = await browser.text(f"{PATH}?by=day&court={quote('辽72')}&period=today")
    assert await every_figure_opens_its_filings(browser, day) >= 3
    sent = await browser.text(f"{PATH}?role=collaborating&by=court&province={LIAONING}")
    assert "提交 2 件，对方法院按期率 0%" in sent
    assert "名次" not in re.sub(r"<li>.*?</li>", "", sent)
    assert await every_figure_opens_its_filings(browser, sent) >= 2
    assert "收到 1 件" in await browser.text(f"{PATH}?drills=only")
    assert "没有找到法院“火星”" in await browser.text(f"{PATH}?court={quote('火星')}")
    assert "截止日期不能早于起始日期" in await browser.text(f"{PATH}?since=2019-08-02&until=2019-08-01")  # fmt: skip
    assert (await browser.get(f"{PATH}?province={quote('火星省')}")).status == 404


async def test_a_coordinator_sees_the_own_province_by_court(desk, sign, liaoning):
    browser = await sign(liaoning.coordinator)
    page = await browser.text(PATH)
    assert "收到 4 件，按期率 33.3%" in page
    assert "大连海事法院" in page
    assert "大连市甘井子区人民法院" in page
    assert "宁波海事法院" not in page
    assert await every_figure_opens_its_filings(browser, page) >= 6
    for query in (f"province={ZHEJIANG}", "province=all", f"court={quote('浙72')}"):
        assert (await browser.get(f"{PATH}?{query}")).status == 403, query
    text = await (await browser.get(f"{PATH}.csv?by=court")).text(encoding="utf-8-sig")
    lines = text.splitlines()
    assert [line.split(",")[:3] for line in lines[1:]] == [
        ["辽72", "大连海事法院", "3"], ["辽0211", "大连市甘井子区人民法院", "1"], ["", "合计", "4"],
    ]  # fmt: skip
    file = await browser.get(f"{PATH}.xlsx")
    assert (await file.read()).startswith(b"PK")
    assert "统计-辽宁省-2019-07-21-2019-08-19.xlsx" in unquote(file.headers["Content-Disposition"])


async def test_an_officer_sees_the_own_court_and_no_more_than_the_provinces_sums(
    desk, sign, liaoning
):
    browser = await sign(liaoning.a)
    page = await browser.text(PATH)
    assert "大连海事法院：管辖" in page
    assert "收到 3 件，按期率 50%" in page
    assert await every_figure_opens_its_filings(browser, page) >= 3
    sums = await browser.text(f"{PATH}?province={LIAONING}&by=court")
    assert "辽宁省合计" in sums
    assert "收到 4 件，按期率 33.3%" in sums
    assert "甘井子" not in sums
    assert "/filings?" not in sums
    assert "甘井子" not in await (await browser.get(f"{PATH}.csv?province={LIAONING}&by=court")).text()  # fmt: skip
    for query in (f"court={quote('辽0211')}", f"province={ZHEJIANG}", "province=all"):
        for path in (PATH, f"{PATH}.csv", f"{PATH}.xlsx"):
            assert (await browser.get(f"{path}?{query}")).status == 403, query


async def test_an_officer_of_the_supreme_court_compares_with_the_nations_sums(
    desk, sign, builders, liaoning
):
    await builders.court("最高法", "最高人民法院", province="北京市", level="supreme")
    browser = await sign(await builders.officer("最高法", "郑洁", "A", 900))
    assert "这段时间没有立案" in await browser.text(PATH)
    sums = await browser.text(f"{PATH}?province=all&period=today")
    assert "全国合计：管辖" in sums
    assert "收到 5 件" in sums
    assert "/filings?" not in sums


async def test_the_days_before_stand_beside_these(desk, sign, clock):
    await clock.advance(days=1)
    await desk.file(reference="KY-8")
    browser = await sign(await desk.token("reader"))
    page = await browser.text(f"{PATH}?period=today")
    assert "收到 1 件" in page
    assert "上期 5</span>" in page
    assert "上期为 2019-08-19。" in page


async def test_nobody_else_looks(desk, sign):
    of_court = await sign(await desk.token("reader", court="辽72"))
    assert "收到 3 件" in await of_court.text(PATH)
    assert (await of_court.get(f"{PATH}?province={LIAONING}")).status == 200
    assert "收到 4 件" not in await (await of_court.get(f"{PATH}?province={LIAONING}")).text()
    screen = await sign(await desk.token("board"))
    assert (await screen.get(PATH)).status == 403
    async with pages_desk.browser(desk.address) as nobody:
        assert (await nobody.get(PATH)).status == 303
