"""Each figure of a bulletin opens exactly the filings it counted, whatever became of them since. Both databases."""

from dataclasses import asdict
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import update

from notifications import bulletin_facts, filing_list
from notifications.bulletin_figures import Period, Sheet
from notifications.bulletin_rules import Rules
from notifications.filing_list import FilingQuery
from notifications.models import Filing
from notifications.season_clock import SeasonClock
from tests import bulletin_plainly
from tests.statistics_desk import DESK, StatisticsDesk

#: A Monday, 09:30 in Beijing.
MORNING = datetime(2019, 8, 19, 1, 30, tzinfo=UTC)
MONDAY = Period(date(2019, 8, 19), date(2019, 8, 19))

#: What stands where when the bulletin is made. An hour after its court opened one waits since this morning.
BEFORE = [
    ("file", "浙72", "辽72", "enforcement", False),
    ("wait", 299),
    ("ack", 0),
    ("file", "浙72", "辽72", "enforcement", False),
    ("file", "辽72", "辽0211", "enforcement", True),
    ("file", "辽0211", "浙72", "enforcement", False),
    ("file", "浙72", "辽0211", "enforcement", False),
    ("withdraw", 4),
    ("outage", 2000),
    ("file", "浙72", "辽72", "civil_first_instance", False),
    ("file", "新01", "辽0211", "enforcement", False),
    ("wait", 1900),
    ("ack", 5),
    ("count", 500),
    ("file", "浙72", "辽72", "enforcement", False),
    ("file", "辽72", "新01", "enforcement", False),
    ("file", "浙72", "辽0211", "enforcement", False),
    ("wait", 700),
    ("ack", 9),
    ("ack", 6),
    # Decided before: one late that was in time, one overdue that was in time, one late for no fault of the court.
    ("file", "浙72", "辽72", "enforcement", False),
    ("file", "浙72", "辽72", "enforcement", False),
    ("file", "浙72", "辽0211", "enforcement", False),
    ("wait", 1900),
    ("ack", 10),
    ("ack", 12),
    ("correct", 10, "in_time"),
    ("correct", 11, "in_time"),
    ("correct", 12, "apart"),
    ("file", "浙72", "辽72", "enforcement", False),
    ("file", "浙72", "辽0211", "enforcement", False),
    ("file", "浙72", "新01", "enforcement", False),
    ("wait", 30),
    ("ack", 14),
]
#: What happens then: an answer taken back and given again, late answers, a withdrawal.
AFTER = [
    ("undo", 14),
    ("ack", 1),
    ("wait", 4000),
    ("ack", 14),
    ("ack", 3),
    ("withdraw", 7),
    ("ack", 8),
    ("ack", 11),
    ("correct", 1, "in_time"),
    ("correct", 5, "apart"),
    ("correct", 12, "in_time"),
    ("result", 5, "registered"),
    ("count", 500),
]


@pytest.fixture
async def desk(database):
    found = await StatisticsDesk.opened(database, SeasonClock(MORNING))
    await found.tell(BEFORE)
    return found


async def built(desk, province) -> Sheet:
    async with desk.database.reading() as session:
        return await bulletin_facts.build(
            session, province, MONDAY, Rules(), DESK, now=desk.now()
        )  # fmt: skip


async def answers(desk):
    async with desk.database.reading() as session:
        return await bulletin_plainly.answers(session, DESK, desk.now())


async def opened(desk, sheet, figure, key="", role="jurisdiction") -> int:
    since, until = bulletin_facts.bounds(sheet.period, DESK.timezone)
    place = {"court": key or None, "province": sheet.province}
    if sheet.province is None:
        place = {"province": key or None}
    query = FilingQuery(
        limit=1, figure=figure, as_of=sheet.as_of, since=since, until=until, role=role, **place
    )
    async with desk.database.reading() as session:
        return await filing_list.count(session, query, DESK)


async def all_open(desk, sheet: Sheet, timed) -> None:
    """Every figure of every line opens as many filings as it says."""
    for line in (*sheet.lines, sheet.total):
        states, measures = line.states, line.measures
        said = {
            **{name: count for name, count in asdict(states).items() if name != "by_outage"},
            "total": states.total,
            "decided": states.decided,
            "apart": states.by_outage,
            "withdrawn": line.withdrawn,
            "settled_working": measures.working.settled,
            "within_working": measures.working.within,
            "settled_wall": measures.wall.settled,
            "within_wall": measures.wall.within,
        }
        found = {figure: await opened(desk, sheet, figure, line.key) for figure in said}
        assert found == said, line.key
        place = line.key or sheet.province or ""
        assert await opened(desk, sheet, "timed", line.key) == len(timed.get(place, ()))
        assert await opened(desk, sheet, "total", line.key, "collaborating") == line.sent


@pytest.mark.parametrize("province", ["辽宁省", None])
async def test_every_figure_opens_its_filings_now_and_when_they_have_moved_on(desk, province):
    sheet = await built(desk, province)
    timed = await answers(desk)
    states = sheet.total.states
    # Nothing of it is empty: every figure could be wrong.
    assert min(states.in_time, states.late, states.overdue, states.pending, states.by_outage) > 0
    for line in (*sheet.lines, sheet.total):
        plainly = timed.get(line.key or province or "", ())
        assert line.measures == bulletin_plainly.measured(plainly), line.key
    await all_open(desk, sheet, timed)
    await desk.tell(AFTER)
    assert (await built(desk, province)).total.states != states
    await all_open(desk, sheet, timed)


async def test_a_filing_counted_twice_or_forgotten_is_found(desk):
    sheet, timed = await built(desk, "辽宁省"), await answers(desk)
    async with desk.database.transaction() as session:
        await session.execute(
            update(Filing).where(Filing.reference == "KY-1").values(answered_in_time=False)
        )
    with pytest.raises(AssertionError, match="in_time"):
        await all_open(desk, sheet, timed)
