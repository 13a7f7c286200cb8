"""A bulletin in a real browser: on a phone, and on paper, where no column may be missing."""

from datetime import UTC, date, datetime, timedelta

import pytest

from notifications.bulletin_figures import Line, Measures, Period, Sheet, States, Took, ranked
from notifications.bulletin_models import Bulletin
from tests import pages_desk
from tests.browser.test_reading_pages import PHONE, looked_at
from tests.web_desk import served

#: What A4 across has between its margins, in pixels.
A4_ACROSS = 1032


@pytest.fixture
def engine_name():
    """What a browser shows does not depend on the database."""
    return "sqlite"


@pytest.fixture
async def page(database, clock, builders, browser_page):
    """Chromium, signed in as an officer of a court, after their province's week was published."""
    liaoning = await builders.liaoning()
    week = Period(date(2019, 8, 12), date(2019, 8, 18))
    # Figures as wide as they come.
    took = Took(1234, 1357, 123_456.7, 123_456.7, 234_567)
    wide = {
        "before": States(1234, 56, 7, 8), "cumulated": States(12_345, 678), "sent": 1234,
        "measures": Measures(took, took), "measures_before": Measures(took, took),
    }  # fmt: skip
    lines = [
        Line(code, f"大兴安岭地区{code}铁路运输中级人民法院", States(1234, 56, 7, 8), **wide)
        for code in ("辽0001", "辽72")
    ]
    total = Line("", "辽宁省", States(2468, 112, 14, 16), **wide)
    now = datetime(2019, 8, 19, 1, tzinfo=UTC)
    async with database.transaction() as session:
        session.add(
            Bulletin(
                number="辽跨域通报〔2019〕第1期", province="辽宁省", first_day=week.first,
                last_day=week.last, layout="states", published_at=now, published_by="周琳",
                figures=Sheet("辽宁省", week, ranked(lines, 5), total, now).as_json(),
                contest_until=now + timedelta(days=3),
            )
        )  # fmt: skip
    async with served(database, clock) as desk:
        secret = await pages_desk.session_of(database, liaoning.a, clock)
        cookie = {"name": "liaison_session", "value": secret, "url": desk.address}
        await browser_page.context.add_cookies([cookie])
        await browser_page.goto(f"{desk.address}/bulletins")
        yield browser_page


async def test_a_bulletin_is_whole_on_a_phone_and_on_paper(page, tmp_path):
    await page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    await page.goto(f"{page.url}?language=en")
    assert await page.locator("main table").evaluate("table => table.scrollWidth") < PHONE[0]
    await page.locator("main table a").click()
    await looked_at(page, tmp_path / "bulletin.png")
    await page.emulate_media(media="print")
    await page.set_viewport_size({"width": A4_ACROSS, "height": 700})
    for layout in ("states", "measures"):
        await page.goto(f"{page.url.partition('?')[0]}?layout={layout}&language=zh")
        sheet = await page.locator(".bulletin table").bounding_box()
        assert sheet["x"] + sheet["width"] <= A4_ACROSS
