"""Bulletins as pages: who reads which, both layouts, links to filings, files."""

from datetime import UTC, date, datetime, timedelta
from urllib.parse import quote

import pytest

from notifications.bulletin_figures import Line, Period, Sheet, States, ranked
from notifications.bulletin_models import Bulletin
from tests import pages_desk

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"])

NUMBER = "辽跨域通报〔2019〕第1期"
PATH = f"/bulletins/{quote(NUMBER)}"


@pytest.fixture
async def published(app, liaoning, database):
    """A week of 辽宁 with one court."""
    lines = ranked([Line("辽72", "大连海事法院", States(6, 2), States(1), sent=3)], 5)
    period = Period(date(2019, 8, 12), date(2019, 8, 18))
    now = datetime(2019, 8, 19, 1, tzinfo=UTC)
    sheet = Sheet("辽宁省", period, lines, Line("", "辽宁省", States(6, 2), States(1)), now)
    async with database.transaction() as session:
        session.add(
            Bulletin(
                number=NUMBER, province="辽宁省", first_day=period.first, last_day=period.last,
                layout="states", figures=sheet.as_json(), published_at=now, published_by="周琳",
                contest_until=now + timedelta(days=3),
            )
        )  # fmt: skip


@pytest.fixture
async def browser(app):
    async with pages_desk.browser(app.http_address) as opened:
        yield opened


async def test_officers_of_the_province_read_it_and_open_its_filings(
    published, browser, database, liaoning, clock
):
    answer = await browser.get(PATH)
    assert answer.status == 303
    await pages_desk.sign_in(browser, database, liaoning.a, clock)
    assert PATH in await browser.text("/bulletins")
    page = await browser.text(PATH)
    assert "周报　2019-08-12—2019-08-18" in page
    assert "75%" in page
    link = (
        "/filings?court=%E8%BE%BD72&amp;role=jurisdiction&amp;since=2019-08-12&amp;until=2019-08-18"
    )
    assert link in page
    assert "90%不超过（自然）" in await browser.text(f"{PATH}?layout=measures")
    drawn = await browser.text(f"{PATH}/picture.svg?layout=states")
    assert "▼75%" in drawn
    for file, begins in (
        ("picture.png", b"\x89PNG"),
        ("table.xlsx", b"PK"),
        ("document.docx", b"PK"),
    ):
        answer = await browser.get(f"{PATH}/{file}")
        assert answer.status == 200
        assert (await answer.read()).startswith(begins)
        assert quote(NUMBER) in answer.headers["Content-Disposition"]
    assert (await browser.get(f"{PATH}/secret.txt")).status == 404


async def test_another_province_does_not(published, browser, database, liaoning, clock):
    await pages_desk.sign_in(browser, database, liaoning.filing_officer, clock)
    assert NUMBER not in await browser.text("/bulletins")
    for path in (PATH, f"{PATH}/table.xlsx"):
        assert (await browser.get(path)).status == 404
