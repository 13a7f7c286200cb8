"""A bulletin's figures from the tables: unanswered ones with the time that passed; drills, withdrawn and outages apart."""

from dataclasses import replace
from datetime import UTC, date, datetime

from notifications import bulletin_facts
from notifications.bulletin_figures import Period, States
from notifications.bulletin_rules import Rules
from notifications.season_clock import SeasonClock
from tests.statistics_desk import DESK, StatisticsDesk

#: A Monday, 09:30 in Beijing.
MORNING = datetime(2019, 8, 19, 1, 30, tzinfo=UTC)
MONDAY = Period(date(2019, 8, 19), date(2019, 8, 19))

HOUR = 3600


async def told(database, *steps):
    desk = await StatisticsDesk.opened(database, SeasonClock(MORNING))
    await desk.tell(steps)
    return desk


async def built(desk, province="辽宁省", period=MONDAY):
    async with desk.database.reading() as session:
        return await bulletin_facts.build(
            session, province, period, replace(Rules(), least=1), DESK, now=desk.now()
        )


async def test_what_is_unanswered_counts_and_what_is_no_filing_does_not(database):
    desk = await told(
        database,
        ("file", "浙72", "辽72", "enforcement", False),
        ("wait", 299),
        ("ack", 0),
        ("file", "浙72", "辽72", "enforcement", False),
        ("file", "辽72", "辽0211", "enforcement", True),
        ("file", "辽0211", "浙72", "enforcement", False),
        ("file", "浙72", "辽0211", "enforcement", False),
        ("withdraw", 4),
        ("count", 500),
        ("wait", HOUR),
    )
    sheet = await built(desk)
    maritime, basic = sheet.line("辽72"), sheet.line("辽0211")
    assert maritime.states == States(in_time=1, overdue=1)
    assert (maritime.rank, maritime.sent, maritime.withdrawn) == (1, 0, 0)
    # An hour and a second have passed for the one that nobody answered.
    assert maritime.measures.wall.p90 == HOUR + 1
    assert maritime.measures.working.p90 == HOUR + 1
    assert (maritime.measures.waiting, maritime.measures.working.within) == (1, 1)
    assert (basic.states, basic.rank, basic.sent, basic.withdrawn) == (States(), None, 1, 1)
    assert sheet.total.states == maritime.states
    assert (sheet.total.sent, sheet.total.withdrawn) == (1, 1)
    assert len(sheet.calendars) == 1
    nation = await built(desk, province=None)
    assert nation.line("辽宁省").states == maritime.states
    assert nation.line("浙江省").states == States(overdue=1)


async def test_what_an_outage_made_late_stands_apart(database):
    desk = await told(
        database,
        ("file", "浙72", "辽72", "enforcement", False),
        ("outage", 2000),
        ("ack", 0),
    )
    line = (await built(desk)).line("辽72")
    assert (line.states.late, line.states.by_outage, line.states.rate) == (1, 1, None)
    assert (line.rank, line.measures.wall.settled) == (None, 0)


async def test_the_day_before_is_another_period(database):
    desk = await told(
        database,
        ("file", "浙72", "辽72", "enforcement", False),
        ("wait", 60),
        ("ack", 0),
        ("wait", 24 * HOUR),
        ("file", "浙72", "辽72", "enforcement", False),
        ("wait", 60),
        ("ack", 1),
    )
    tuesday = Period(date(2019, 8, 20), date(2019, 8, 20))
    line = (await built(desk, period=tuesday)).line("辽72")
    assert (line.states.total, line.before.total) == (1, 1)
    assert line.measures_before.wall.mean == 61
    both = Period(date(2019, 8, 19), date(2019, 8, 20))
    async with desk.database.reading() as session:
        trend = await bulletin_facts.trend(
            session, "辽宁省", "辽72", both, DESK, now=desk.now()
        )  # fmt: skip
    assert [(part.first.day, states.in_time) for part, states in trend] == [(19, 2)]
