"""Searching filings, the timeline of one, what was delivered: each viewer sees the own scope and no more."""

from urllib.parse import quote

import pytest

from directory import tokens
from directory.models import Officer
from notifications.models import Filing
from tests import pages_desk


@pytest.fixture
async def browser(app):
    async with pages_desk.browser(app.http_address) as opened:
        yield opened


@pytest.fixture
def signed_in(browser, database, clock, liaoning):
    """`await signed_in(officer)`: the browser, signed in as this officer (post A of the court)."""

    async def sign_in(officer=None):
        await pages_desk.sign_in(browser, database, officer or liaoning.a, clock)
        return browser

    return sign_in


@pytest.fixture
async def stranger(builders, liaoning):
    """An officer of a court that has nothing to do with the filings."""
    court = await builders.court("沪72", "上海海事法院")
    return await builders.officer(court, "吴敏", "A", 501)


async def test_signing_in_is_asked_for(browser, app):
    for path in ("/filings", "/filings/KY-1", "/deliveries"):
        answer = await browser.get(path)
        assert answer.status == 303
        assert answer.headers["Location"].startswith("/sign-in?next=/")


async def test_an_officer_of_another_court_sees_nothing(signed_in, file_a_filing, stranger):
    filing = await file_a_filing()
    browser = await signed_in(stranger)
    assert filing.reference not in await browser.text("/filings")
    assert filing.reference not in await browser.text("/filings?court=辽72")
    assert filing.reference not in await browser.text("/deliveries")
    assert "王建国" not in await browser.text("/deliveries")
    answer = await browser.get(f"/filings/{filing.reference}")
    assert answer.status == 404
    assert "王建国" not in await answer.text()
    assert (await browser.get("/filings/NOWHERE-1")).status == 404


async def test_both_courts_and_the_provinces_coordinator_see_a_filing(
    signed_in, file_a_filing, liaoning
):
    filing = await file_a_filing()
    for officer in (liaoning.a, liaoning.filing_officer, liaoning.coordinator):
        browser = await signed_in(officer)
        assert filing.reference in await browser.text("/filings")
        page = await browser.text(f"/filings/{filing.reference}")
        assert "宁波海事法院" in page
        assert "大连海事法院" in page


async def test_filings_are_found_by_reference_court_state_date_and_drill(
    signed_in, file_a_filing, phones, builders, clock
):
    await builders.court("京02", "北京市第二中级人民法院")
    first = await file_a_filing("（2019）辽72跨1号")
    await phones["A岗"].presses("签收")
    await clock.advance(days=1)
    await file_a_filing("KY-2", by="京02", drill=True)
    browser = await signed_in()

    async def found(query):
        page = await browser.text(f"/filings?{query}")
        return [name for name in (first.reference, "KY-2") if f">{name}<" in page]

    assert await found("") == [first.reference, "KY-2"]
    assert await found("q=(2019)辽72") == [first.reference]
    assert await found("q=KY-2") == ["KY-2"]
    assert await found("q=%25") == []
    assert await found("court=京02") == ["KY-2"]
    assert await found("court=北京市第二中级人民法院&role=collaborating") == ["KY-2"]
    assert await found("court=京02&role=jurisdiction") == []
    assert await found("state=acknowledged") == [first.reference]
    assert await found("state=waiting") == ["KY-2"]
    assert await found("since=2019-08-20") == ["KY-2"]
    assert await found("until=2019-08-19") == [first.reference]
    assert await found("drill=only") == ["KY-2"]
    assert await found("drill=exclude") == [first.reference]
    assert await found("state=nonsense&role=nonsense&drill=nonsense") == [first.reference, "KY-2"]


NOT_UNDERSTOOD = {
    "court=不存在的法院": "没有找到法院“不存在的法院”",
    "since=昨天": "日期“昨天”无法识别",
    "until=0001-01-01": "无法识别",
    "cursor=!": "页码无法识别",
    "court=海事法院": "可能是以下法院",
}


async def test_what_cannot_be_understood_is_said(signed_in, file_a_filing):
    await file_a_filing()
    pages = await signed_in()
    for query, said in NOT_UNDERSTOOD.items():
        page = await pages.text(f"/filings?{query}")
        assert said in page
        assert "<tbody>" not in page


async def test_what_was_typed_comes_back_escaped(signed_in, app, liaoning):
    page = await (await signed_in()).text("/filings?q=%22%3E%3Cscript%3E")
    assert "<script>" not in page
    assert "&#34;&gt;&lt;script&gt;" in page


async def test_a_long_list_is_read_page_by_page(signed_in, file_a_filing, monkeypatch):
    monkeypatch.setattr("bot.web.filing_pages.ON_A_PAGE", 2)
    references = [(await file_a_filing()).reference for _ in range(5)]
    browser = await signed_in()
    path, read = "/filings", []
    while path:
        page = await browser.text(path)
        read += [name for name in reversed(references) if f">{name}<" in page]
        _before, marker, after = page.partition('rel="next" href="')
        path = after.partition('"')[0].replace("&amp;", "&") if marker else None
    assert read == references[::-1]


async def test_the_timeline_says_who_was_paged_when_how_and_whether_it_arrived(
    signed_in, telegram, file_a_filing, phones, clock
):
    telegram.world.blocked.add(phones["A岗"].id)
    filing = await file_a_filing()
    await clock.advance(minutes=6)
    await phones["B岗"].presses("签收")
    page = await (await signed_in()).text(f"/filings/{filing.reference}")
    for words in (
        "王建国（A岗）",
        "未送达：聊天账号无法送达",
        "已送达（因A岗聊天账号无法送达）",
        "李敏（B岗）",
        "法院群",
        "2019-08-19 09:30:00",
        "09:36:00</td>",
        "收到立案",
        "用时 6 分钟",
        "按时",
    ):
        assert words in page, words
    english = await (await signed_in()).text(f"/filings/{filing.reference}?language=en")
    assert "Everything that happened" in english
    assert "收到立案" not in english


async def test_the_hops_of_papers_sent_on_lead_to_each_other(
    signed_in, file_a_filing, database, builders, stranger, liaoning
):
    first = await file_a_filing("KY-7")
    second = await file_a_filing("KY-7-2", to="沪72")
    async with database.transaction() as session:
        (await session.get_one(Filing, first.id)).next_id = second.id
        (await session.get_one(Filing, second.id)).previous_id = first.id
    mine = await (await signed_in(liaoning.filing_officer)).text("/filings/KY-7")
    assert '<a href="/filings/KY-7-2">' in mine
    theirs = await (await signed_in(stranger)).text("/filings/KY-7-2")
    assert "KY-7<" in theirs or "KY-7 " in theirs
    assert '<a href="/filings/KY-7">' not in theirs
    page = await (await signed_in(liaoning.a)).text("/filings/KY-7")
    assert '<a href="/filings/KY-7-2">' not in page
    assert "上海海事法院" in page


async def test_a_reference_with_a_slash_can_be_opened(signed_in, file_a_filing):
    filing = await file_a_filing("辽/2019（7）号")
    browser = await signed_in()
    address = f"/filings/{quote(filing.reference, safe='')}"
    assert address.replace("%28", "(") in (await browser.text("/filings")).replace("%28", "(")
    assert filing.reference in await browser.text(address)


async def test_deliveries_show_failures_first_and_whom_chat_cannot_reach(
    signed_in, telegram, file_a_filing, phones, clock, builders, liaoning
):
    await builders.officer("辽72", "孙丽", "B")
    telegram.world.blocked.add(phones["A岗"].id)
    filing = await file_a_filing()
    await clock.advance(minutes=5)
    page = await (await signed_in(liaoning.coordinator)).text("/deliveries")
    assert filing.reference in page
    failed, _heading, rest = page.partition("无法呼叫的人员")
    assert "王建国（A岗）" in failed
    assert "未送达：聊天账号无法送达" in failed
    assert "09:30:00" in failed
    assert "孙丽" in rest
    assert "从未邀请" in rest
    assert "李敏（B岗）" in rest.partition("其他呼叫")[2]
    yesterday = await (await signed_in(liaoning.coordinator)).text("/deliveries?day=2019-08-18")
    assert filing.reference not in yesterday
    assert "当日没有未送达的呼叫" in yesterday


async def test_a_whole_reference_finds_its_filing_and_later_hops_and_a_part_all_that_begin_so(
    signed_in, file_a_filing
):
    for reference in ("KY-7", "KY-7-2", "KY-70", "KX-7"):
        await file_a_filing(reference)
    browser = await signed_in()

    async def found(words):
        page = await browser.text(f"/filings?q={words}")
        return {name for name in ("KY-7", "KY-7-2", "KY-70", "KX-7") if f">{name}<" in page}

    assert await found("KY-7") == {"KY-7", "KY-7-2"}
    assert await found("KY-") == {"KY-7", "KY-7-2", "KY-70"}
    assert await found("KY_7") == set()


async def test_a_coordinator_narrows_deliveries_to_a_court_or_a_person_of_the_province_only(
    signed_in, file_a_filing, liaoning, clock
):
    filing = await file_a_filing()
    await clock.advance(minutes=11)
    browser = await signed_in(liaoning.coordinator)
    assert filing.reference in await browser.text("/deliveries?court=辽72")
    assert filing.reference not in await browser.text("/deliveries?court=辽")
    assert filing.reference not in await browser.text("/deliveries?court=浙72")
    assert "没有找到法院" in await browser.text("/deliveries?court=不存在的法院")
    assert "可能是以下法院" in await browser.text("/deliveries?court=海事法院")
    page = await browser.text("/deliveries?officer=李敏")
    assert "李敏（B岗）" in page
    assert "王建国（A岗）" not in page
    assert filing.reference not in await browser.text("/deliveries?officer=%25")


async def test_no_mobile_number_is_on_any_page(signed_in, file_a_filing, database, liaoning):
    async with database.transaction() as session:
        (await session.get_one(Officer, liaoning.a.id)).mobile = "13812345678"
    filing = await file_a_filing()
    browser = await signed_in()
    for path in ("/filings", f"/filings/{filing.reference}", "/deliveries", "/board"):
        assert "1381234" not in await browser.text(path)


async def test_a_board_token_opens_none_of_them(browser, api, database, clock, liaoning):
    async with database.transaction() as session:
        secret = await tokens.create(session, "大厅", "board", court="辽72", now=clock.now())
    await browser.post("/sign-in", {"token": secret})
    for path in ("/filings", "/deliveries", "/filings/KY-1"):
        answer = await browser.get(path)
        assert answer.status == 403, path
        assert "只能打开值班看板" in await answer.text()


async def test_signs_that_a_database_refuses_break_no_page(signed_in, app):
    browser = await signed_in()
    for path in ("/filings?q=%00", "/filings?court=%00a", "/deliveries?court=%00&officer=%00"):
        await browser.text(path)
    assert (await browser.get("/duty-sheet?province=%00x")).status == 404


async def test_a_day_that_cannot_be_is_said(signed_in, app):
    browser = await signed_in()
    for path in ("/deliveries?day=", "/duty-sheet?day=", "/duty-sheet.xlsx?day="):
        for day in ("nonsense", "0001-01-01", "9999-12-31"):
            answer = await browser.get(path + day)
            assert answer.status == 422
            assert f"日期“{day}”无法识别" in await answer.text()
        assert (await browser.get(path)).status == 200
