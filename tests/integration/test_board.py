"""The board shows each viewer what is theirs, keeps up with what happens, and says nothing personal."""

import asyncio

import pytest

from bot.web import board as board_page
from directory import tokens
from notifications import board
from notifications.board import Scope
from tests import pages_desk


@pytest.fixture
async def browser(app):
    async with pages_desk.browser(app.http_address) as opened:
        yield opened


@pytest.fixture
def load(app, database, clock):
    async def read(court=None, province=None):
        async with database.reading() as session:
            return await board.load(session, Scope(court, province), app.desk, now=clock.now())

    return read


async def test_an_open_filing_is_on_the_boards_of_both_courts_their_provinces_and_the_nation(
    file_a_filing, load, builders
):
    filing = await file_a_filing()
    await builders.court("京", "北京市高级人民法院")
    for scope in (
        {"court": "辽72"},
        {"court": "浙72"},
        {"province": "辽宁省"},
        {"province": "浙江省"},
        {},
    ):
        seen = await load(**scope)
        assert [one.reference for one in seen.open] == [filing.reference], scope
        assert seen.figures.waiting == 1
    for scope in ({"court": "辽"}, {"province": "北京市"}):
        seen = await load(**scope)
        assert (seen.open, seen.figures.waiting) == ((), 0), scope


async def test_its_clock_goes_on_in_the_browser_from_what_is_told(file_a_filing, load, clock):
    await file_a_filing()
    await clock.advance(minutes=12, seconds=5)
    (filing,) = (await load(court="辽72")).open
    ticking = filing.ticking
    assert (ticking.used_seconds, ticking.target_seconds) == (725, 1800)
    assert (ticking.running, ticking.overdue, filing.phase) == (True, False, "answer")
    assert f"{ticking.flips_at:%H:%M}" == "03:30"
    assert board_page.clock_words(725) == "12:05"
    assert board_page.clock_words(3725) == "1:02:05"
    await clock.advance(hours=2, minutes=30)
    (filing,) = (await load(court="辽72")).open
    assert filing.ticking.running is False
    assert filing.ticking.overdue
    assert filing.ticking.used_seconds == 2 * 3600
    assert f"{filing.ticking.flips_at:%H:%M}" == "05:30"


async def test_what_was_answered_today_is_counted_and_named_and_drills_are_not(
    file_a_filing, phones, clock, load
):
    first, second = await file_a_filing(), await file_a_filing()
    await file_a_filing(drill=True)
    await clock.advance(minutes=4)
    await phones["A岗"].presses("签收", phones["A岗"].expects(first.reference))
    waiting = phones["A岗"].expects(second.reference)
    seen = await load(court="辽72")
    figures = seen.figures
    assert (figures.received_today, figures.answered_today, figures.in_time_today) == (2, 1, 1)
    assert (figures.waiting, figures.acknowledged, figures.mean_seconds_today) == (2, 1, 240)
    assert figures.earlier_today == 0
    (answer,) = seen.answered
    assert (answer.reference, answer.by["name"], answer.in_time) == (
        first.reference,
        "王建国",
        True,
    )
    drill = next(one for one in seen.open if one.drill)
    assert drill.phase == "answer"
    assert (await load(court="浙72")).figures.answered_today == 0
    await clock.advance(days=1)
    later = await load(court="辽72")
    assert (later.figures.answered_today, later.answered) == (0, ())
    # More can be answered than came: then the board says that it came before.
    await phones["A岗"].presses("签收", waiting)
    figures = (await load(court="辽72")).figures
    assert (figures.received_today, figures.answered_today, figures.earlier_today) == (0, 1, 1)


async def test_who_is_on_duty_is_named_and_who_cannot_be_reached(file_a_filing, load, builders):
    seen = await load(court="辽72")
    assert [(person.name, person.post) for person in seen.duty[0].people] == [
        ("王建国", "A"),
        ("李敏", "B"),
        ("赵强", "leader"),
    ]
    assert [line.court for line in (await load(province="辽宁省")).duty] == ["辽宁省高级人民法院"]
    await file_a_filing()
    lines = {line.court: line.people for line in (await load(province="辽宁省")).duty}
    assert [person.name for person in lines["大连海事法院"]] == ["王建国", "李敏"]
    assert [person.name for person in lines["辽宁省高级人民法院"]] == ["周琳"]
    await builders.court("辽0211")
    assert (await load(court="辽0211")).duty[0].people == ()


async def test_of_many_filings_the_most_urgent_are_named_and_the_others_counted(
    file_a_filing, load, clock
):
    for number in range(board.MOST_OPEN + 3):
        await file_a_filing(f"KY-{number}")
        await clock.advance(seconds=30)
    seen = await load(court="辽72")
    assert [one.reference for one in seen.open] == [f"KY-{n}" for n in range(board.MOST_OPEN)]
    assert seen.more_open == 3


async def test_the_board_asks_for_signing_in_and_comes_back_to_it(browser):
    for path in ("/board", "/board/events"):
        answer = await browser.get(path)
        assert answer.status == 303
        assert answer.headers["Location"] == f"/sign-in?next={path}"


async def test_an_officer_sees_the_own_court_and_nothing_of_others(
    browser, database, clock, file_a_filing, builders, liaoning
):
    filing = await file_a_filing()
    await builders.court("沪72", "上海海事法院")
    stranger = await builders.officer("沪72", "吴敏", "A", 501)
    await pages_desk.sign_in(browser, database, stranger, clock)
    page = await browser.text("/board")
    assert "上海海事法院" in page
    assert filing.reference not in page
    await pages_desk.sign_in(browser, database, liaoning.a, clock)
    page = await browser.text("/board")
    assert filing.reference in page
    assert "王建国" in page


async def test_nothing_personal_is_on_a_board(browser, database, clock, builders, liaoning):
    await builders.officer("辽72", "孙丽", "B", mobile="13812345678", desk_phone="0411-1234567")
    await pages_desk.sign_in(browser, database, liaoning.a, clock)
    page = await browser.text("/board")
    assert "孙丽" in page
    assert "1381234" not in page
    assert "138****" not in page
    assert "0411" not in page


async def test_a_board_token_opens_the_board(browser, database, clock, liaoning):
    async with database.transaction() as session:
        secret = await tokens.create(session, "大厅", "board", court="辽72", now=clock.now())
    await browser.post("/sign-in", {"token": secret})
    assert "大连海事法院" in await browser.text("/board")


async def test_the_board_speaks_english_when_asked(
    browser, database, clock, file_a_filing, liaoning
):
    await file_a_filing()
    await pages_desk.sign_in(browser, database, liaoning.a, clock)
    page = await browser.text("/board?language=en")
    assert "Duty board" in page
    assert "working min" in page
    assert "Acknowledgment due by" in page
    assert "待签收" not in page


class Stream:
    """Reads server-sent events one by one."""

    def __init__(self, answer):
        self._answer = answer

    async def next(self):
        """(kind, data) of the next event; pings are passed over."""
        kind, data = "message", []
        async with asyncio.timeout(10):
            while True:
                line = (await self._answer.content.readline()).decode().rstrip("\r\n")
                name, _colon, value = line.partition(": ")
                if name == "event":
                    kind = value
                elif name == "data":
                    data.append(value)
                elif not line and data:
                    return kind, "\n".join(data)
                elif self._answer.content.at_eof():
                    return "end", ""


async def test_an_open_board_hears_of_filings_of_its_scope_and_ends_with_the_session(
    browser, database, clock, file_a_filing, builders, liaoning, phones
):
    await pages_desk.sign_in(browser, database, liaoning.a, clock)
    answer = await browser.get("/board/events")
    assert answer.content_type == "text/event-stream"
    stream = Stream(answer)
    assert "目前没有未办结的立案" in (await stream.next())[1]
    filing = await file_a_filing()
    seen = ""
    while filing.reference not in seen:
        _kind, seen = await stream.next()
    await phones["A岗"].presses("签收")
    while "已签收，待反馈" not in seen:
        _kind, seen = await stream.next()
    await browser.post("/sign-out")
    await file_a_filing()
    kind = "message"
    while kind == "message":
        kind, _data = await stream.next()
    assert kind == board_page.SIGNED_OUT
    answer.close()


async def test_a_board_elsewhere_is_not_woken(app, file_a_filing, builders):
    await builders.court("京72", "北京海事法院")
    feed = app.site[board_page.FEED]
    with (
        feed.listening(Scope(court="京72")) as elsewhere,
        feed.listening(Scope(province="辽宁省")) as province,
        feed.listening(Scope()) as nation,
    ):
        await file_a_filing()
        await asyncio.wait_for(province.changed.wait(), 10)
        for listener in (elsewhere, province, nation):
            listener.changed.clear()
        await asyncio.sleep(1.2)
        await file_a_filing()
        await asyncio.wait_for(province.changed.wait(), 10)
        assert nation.changed.is_set()
        assert not elsewhere.changed.is_set()


async def test_stopping_the_product_ends_open_boards(browser, app, database, clock, liaoning):
    await pages_desk.sign_in(browser, database, liaoning.a, clock)
    stream = Stream(await browser.get("/board/events"))
    await stream.next()
    began = asyncio.get_running_loop().time()
    await app._runner.cleanup()
    assert asyncio.get_running_loop().time() - began < 1.5
    assert (await stream.next())[0] == "end"
