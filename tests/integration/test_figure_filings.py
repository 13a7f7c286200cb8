"""Each figure of a bulletin opens exactly the filings it counted, whatever became of them since. Both databases."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from urllib.parse import parse_qsl, urlsplit
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update

from bot.texts import load_texts
from bot.web.schemas import FilingListQuery
from notifications import bulletin_facts, bulletins, filing_list
from notifications.bulletin_figures import LAYOUTS, Line, Period, Sheet, States
from notifications.bulletin_links import SENT, api_links
from notifications.bulletin_models import Bulletin, BulletinContest
from notifications.bulletin_rules import Rules
from notifications.bulletin_words import BulletinWords
from notifications.filing_list import FilingQuery
from notifications.models import Filing
from notifications.season_clock import SeasonClock
from tests import bulletin_plainly
from tests.statistics_desk import DESK, StatisticsDesk

#: A Monday, 09:30 in Beijing.
MORNING = datetime(2019, 8, 19, 1, 30, tzinfo=UTC)
MONDAY = Period(date(2019, 8, 19), date(2019, 8, 19))
TUESDAY = Period(date(2019, 8, 20), date(2019, 8, 20))

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
    ("file", "浙72", "辽72", "enforcement", False),
    ("wait", 60_000),
    ("count", 500),
]


@pytest.fixture
async def desk(database):
    found = await StatisticsDesk.opened(database, SeasonClock(MORNING))
    await found.tell(BEFORE)
    return found


async def built(desk, province, period=MONDAY) -> Sheet:
    async with desk.database.reading() as session:
        return await bulletin_facts.build(
            session, province, period, Rules(), DESK, now=desk.now()
        )  # fmt: skip


async def answers(desk):
    async with desk.database.reading() as session:
        return await bulletin_plainly.answers(session, DESK, desk.now())


async def opened(desk, address: str) -> int:
    """How many filings the list at an address has, as the HTTP API understands it."""
    words = dict(parse_qsl(urlsplit(address).query))
    query = FilingQuery(**FilingListQuery.model_validate(words).model_dump(exclude={"cursor"}))
    async with desk.database.reading() as session:
        return await filing_list.count(session, query, DESK)


def counts(line: Line) -> dict[str, int]:
    """What a line says of its own period, by what it opens."""
    states, measures = line.states, line.measures
    return {
        **four(states),
        "apart": states.by_outage,
        "withdrawn": line.withdrawn,
        "settled_working": measures.working.settled,
        "within_working": measures.working.within,
        "settled_wall": measures.wall.settled,
        "within_wall": measures.wall.within,
        SENT: line.sent,
    }


def four(states: States) -> dict[str, int]:
    names = ("in_time", "late", "overdue", "pending", "total", "decided")
    return {name: getattr(states, name) for name in names}


async def all_open(desk, sheet: Sheet, lines: Iterable[Line], timed) -> None:
    """Every figure of these lines, in brackets too, opens as many filings as it says."""
    links, period = api_links(sheet, DESK.timezone), sheet.period
    for line in lines:
        for when, said in (
            (
                period,
                counts(line) | {"timed": len(timed.get(line.key or sheet.province or "", ()))},
            ),
            (period.before, four(line.before) | {SENT: line.sent_before}),
            (period.cumulated, four(line.cumulated) | {SENT: line.sent_cumulated}),
        ):
            found = {one: await opened(desk, links(line.key, one, when)) for one in said}
            assert found == said, (line.key, when)


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
    await desk.tell(AFTER)
    later = await built(desk, province, TUESDAY)
    assert later.total.cumulated != states
    assert later.total.corrected == 5
    lines = [line for line in sheet.lines if line.states.total]
    await all_open(desk, sheet, [*lines, sheet.total], timed)
    await all_open(desk, later, [later.total], {})
    # Whatever a reader can press in either layout is one of these.
    texts = load_texts().for_locale("zh-CN")
    for layout in LAYOUTS:
        rows = BulletinWords(sheet, layout, texts, ZoneInfo(DESK.timezone)).rows()
        pressed = {cell.opens: cell.text for cell in rows[0].cells if cell.opens}
        said = counts(rows[0].line)
        assert {name for name in pressed if name != "timed"} <= said.keys()
        assert all(int(text) == said[name] for name, text in pressed.items() if text.isdecimal())


@pytest.mark.parametrize("engine_name", ["sqlite"])
async def test_what_was_corrected_stands_beside_every_bulletin_that_counted_it(desk):
    sheets = [await built(desk, province) for province in ("辽宁省", None)]
    await desk.tell([("ack", 1), ("correct", 1, "in_time"), ("ack", 13), ("correct", 13, "apart")])
    async with desk.database.transaction() as session:
        made = [frozen(sheet) for sheet in sheets]
        session.add_all(made)
        await session.flush()
        for reference in ("KY-2", "KY-14"):
            filing = await session.scalar(select(Filing).where(Filing.reference == reference))
            session.add(
                BulletinContest(
                    bulletin_id=made[0].id,
                    court_code="辽72",
                    filing_id=filing.id,
                    reason="电话",
                    raised_at=desk.now(),
                    raised_by="赵强",
                    counted_as="overdue",
                    accepted=True,
                    counts_as=filing.answer_counts_as,
                    decided_at=desk.now(),
                    decided_by="周琳",
                )
            )
    async with desk.database.reading() as session:
        found = [await bulletins.corrections(session, one, DESK) for one in made]
    # KY-14 waited in time when it was counted: nothing of it was wrong.
    assert [[(c.key, c.reference, c.counted_as, c.counts_as) for c in one] for one in found] == [
        [("辽72", "KY-2", "overdue", "in_time")],
        [("辽宁省", "KY-2", "overdue", "in_time")],
    ]


def frozen(sheet: Sheet) -> Bulletin:
    return Bulletin(
        number=f"{sheet.province}第1期", province=sheet.province, first_day=sheet.period.first,
        last_day=sheet.period.last, layout="states", figures=sheet.as_json(),
        published_at=sheet.as_of, published_by="周琳", contest_until=sheet.as_of,
    )  # fmt: skip


async def test_a_filing_counted_twice_or_forgotten_is_found(desk):
    sheet, timed = await built(desk, "辽宁省"), await answers(desk)
    async with desk.database.transaction() as session:
        await session.execute(
            update(Filing).where(Filing.reference == "KY-1").values(answered_in_time=False)
        )
    with pytest.raises(AssertionError, match="in_time"):
        await all_open(desk, sheet, [sheet.total], timed)
