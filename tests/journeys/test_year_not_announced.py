"""A year that nobody has announced: marked wherever it is used, asked for from December on, then brought in."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from directory import announced_years, calendars
from directory.holiday_years import parse_year
from tests.clock import FrozenClock

#: Friday 4 December 2026, 10:00 in Beijing; the notice for 2027 is not out.
DECEMBER = datetime(2026, 12, 4, 2, tzinfo=UTC)


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock(DECEMBER)


@pytest.fixture(autouse=True)
async def _nothing_stays_announced() -> AsyncIterator[None]:
    yield
    calendars.announce(())


async def test_a_year_brought_in_takes_the_mark_of_an_estimate_away(
    phones, file_a_filing, clock, app, seen_by_api
):
    # A Monday; the administrator has forgotten it.
    clock.jump(DECEMBER.replace(year=2027, month=1, day=4))
    await clock.settle()
    filing = await file_a_filing()
    phones["A岗"].expects("预估")
    document = {
        "year": 2027,
        "notices": [{"title": "关于2027年部分节假日安排的通知", "number": "国办发明电〔2026〕9号"}],
        "off": {"2027-01-01": "元旦", "2027-01-04": "元旦"},
    }
    async with app.database.transaction() as session:
        await announced_years.bring_in(session, parse_year(document), who="管理员", now=clock.now())
    await clock.settle()
    card = phones["A岗"].expects(f"{filing.reference} 1月5日")
    assert "预估" not in card.text
    assert (await seen_by_api(filing.reference))["answer_due_at"] == "2027-01-05T01:00:00Z"


async def test_coordinators_are_asked_for_next_year_on_mondays_of_december(
    groups, app, phones, clock, api
):
    phones["省级协调员"].expects_nothing("节假日安排")
    await clock.to(DECEMBER.replace(day=8))
    phones["省级协调员"].expects("尚无2027年的节假日安排")
    await clock.to(DECEMBER.replace(day=13))
    assert phones["省级协调员"].count("节假日安排") == 1
    await clock.to(DECEMBER.replace(day=14))
    assert phones["省级协调员"].count("节假日安排") == 2
    client = await api("reader")
    async with client.get("/metrics") as answer:
        assert "liaison_calendar_years_missing 1.0" in await answer.text()


async def test_nobody_is_asked_in_november(groups, app, phones, clock):
    clock.jump(datetime(2026, 11, 16, tzinfo=UTC))
    await clock.settle()
    await clock.to(datetime(2026, 11, 24, tzinfo=UTC))
    phones["省级协调员"].expects_nothing("节假日安排")
