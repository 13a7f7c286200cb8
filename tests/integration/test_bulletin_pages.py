"""Bulletins as pages: who reads which, both layouts, links to filings, files."""

from datetime import UTC, date, datetime, timedelta
from urllib.parse import parse_qsl, quote, urlsplit

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
    lines = ranked(
        [Line("辽72", "大连海事法院", States(6, 2), States(1), sent=3, cumulated=States(9))], 5
    )
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
    # Each figure, and what was cumulated in brackets behind it, leads to exactly its filings.
    assert 'href="?opens=late&amp;of=%E8%BE%BD72">2</a>' in page
    assert 'href="?opens=in_time&amp;of=%E8%BE%BD72&amp;when=cumulated"' in page
    for asked, expected in (
        ("opens=late&of=辽72", {"figure": "late", "role": "jurisdiction", "since": "2019-08-12"}),
        ("opens=sent", {"figure": "total", "role": "collaborating", "until": "2019-08-18"}),
        (
            "opens=x&when=cumulated",
            {"figure": "total", "since": "2019-01-01", "until": "2019-08-11"},
        ),
    ):
        answer = await browser.get(f"{PATH}?{asked}")
        leads = dict(parse_qsl(urlsplit(answer.headers["Location"]).query))
        assert answer.status == 303
        assert leads | expected | {"as_of": "2019-08-19T01:00:00Z", "province": "辽宁省"} == leads
        assert leads.get("court") == ("辽72" if "of=" in asked else None)
        listed = await browser.text(answer.headers["Location"])
        assert "共 0 件，按 2019-08-19 09:00:00 时的状态" in listed
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
