"""Drills on both databases: planned once, filed in batches by the real intake, ended, counted apart."""

from datetime import timedelta
from functools import partial
from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import func, select

from bot.texts import load_texts
from notifications import drill_facts, drill_report, drills
from notifications.acknowledgements import accept
from notifications.desk import DeskRules
from notifications.drill_plan import Audience, Order
from notifications.filings import find
from notifications.ladder import LadderBook
from notifications.models import Drill, DrillFiling, Filing, OutgoingMessage
from notifications.permissions import Actor
from notifications.rendering import Renderer

DESK = DeskRules(LadderBook.built_in(), "Asia/Shanghai", "zh-CN")
LIAONING = Audience("province", "辽宁省", "辽宁省", "辽宁省")


@pytest.fixture
async def people(builders):
    found = await builders.liaoning()
    await builders.court("辽0211", city="大连市")
    return found


@pytest.fixture
def ordered(database, clock, people):
    async def order(audience=LIAONING, spread=0, after=timedelta()):
        wish = Order(
            audience, clock.now() + after, spread, "周琳（省级协调员）", people.coordinator.id
        )
        async with database.transaction() as session:
            return (await drills.order(session, wish, DESK, now=clock.now())).id

    return order


@pytest.fixture
def work(database, clock):
    """Do what is due now, as the timekeeper does."""

    async def do():
        for one in (
            partial(drills.file_due, desk=DESK),
            partial(drill_report.report_due, desk=DESK),
            drills.close_due,
        ):
            async with database.transaction() as session:
                await one(session, clock.now())

    return do


async def stored(database, model, *conditions):
    async with database.reading() as session:
        return list(await session.scalars(select(model).where(*conditions)))


def answering(people):
    return Actor("王建国（A岗）", "王建国", "officer", people.a.id, "辽72", "辽宁省", "A", {"A"})


async def test_each_court_of_a_province_gets_a_filing_by_another_court_of_it(
    database, clock, ordered, work
):
    drill_id = await ordered()
    await work()
    filings = await stored(database, Filing)
    assert {filing.jurisdiction_court for filing in filings} == {"辽", "辽72", "辽0211"}
    assert {filing.collaborating_court for filing in filings} == {"辽", "辽72", "辽0211"}
    assert all(f.collaborating_court != f.jurisdiction_court for f in filings)
    assert all(filing.drill and filing.state == "waiting" for filing in filings)
    assert {f.reference for f in filings} == {
        f"YL-20190819-{drill_id}-{code}" for code in ("辽", "辽72", "辽0211")
    }
    rows = await stored(database, DrillFiling)
    assert {row.filing_id for row in rows} == {filing.id for filing in filings}


async def test_a_court_alone_is_filed_at_by_its_high_court(database, ordered, work):
    await ordered(Audience("court", "辽72", "大连海事法院", "辽宁省"))
    await work()
    [filing] = await stored(database, Filing)
    assert (filing.collaborating_court, filing.jurisdiction_court) == ("辽", "辽72")


async def test_a_city_is_called_without_the_courts_of_others(database, ordered, work):
    await ordered(Audience("city", "大连市", "大连市", "辽宁省"))
    await work()
    [filing] = await stored(database, Filing)
    assert filing.jurisdiction_court == "辽0211"


async def test_an_audience_without_courts_is_refused(ordered):
    with pytest.raises(drills.NobodyToCall):
        await ordered(Audience("city", "沈阳市", "沈阳市", "辽宁省"))


async def test_nothing_is_filed_before_its_time_and_nothing_twice(database, clock, ordered, work):
    await ordered(spread=300, after=timedelta(minutes=10))
    await work()
    assert await stored(database, Filing) == []
    async with database.reading() as session:
        due = await drills.earliest_filing(session, clock.now())
    assert due == clock.now() + timedelta(minutes=10)
    await clock.advance(minutes=11)
    for _ in range(2):
        await work()
    assert len(await stored(database, Filing)) == 1
    await clock.advance(minutes=4)
    await work()
    assert len(await stored(database, Filing)) == 3


async def test_many_courts_at_once_are_filed_in_batches(
    database, clock, ordered, work, monkeypatch
):
    monkeypatch.setattr(drills, "BATCH", 2)
    await ordered()
    async with database.transaction() as session:
        await drills.file_due(session, clock.now(), DESK)
    assert len(await stored(database, Filing)) == 2
    await work()
    assert len(await stored(database, Filing)) == 3


async def test_at_its_end_a_drill_is_reported_and_what_is_open_is_taken_back(
    database, clock, people, ordered, work
):
    drill_id = await ordered()
    await work()
    await clock.advance(minutes=4)
    reference = f"YL-20190819-{drill_id}-辽72"
    async with database.transaction() as session:
        filing = await find(session, reference)
        await accept(session, filing.id, answering(people), DESK, now=clock.now())
    await work()
    assert await stored(database, Drill, Drill.reported_at.is_not(None)) == []
    await clock.advance(minutes=56)
    await work()
    [drill] = await stored(database, Drill)
    assert drill.reported_at == drill.closed_at == drill.ends_at == clock.now()
    assert {f.state for f in await stored(database, Filing)} == {"withdrawn"}
    assert {f.next_step_at for f in await stored(database, Filing)} == {None}
    async with database.reading() as session:
        outcome = await drill_facts.load(session, drill, None, DESK, now=clock.now())
    found = {court.code: court for court in outcome.courts}
    assert (found["辽72"].wall_seconds, found["辽72"].by, found["辽72"].in_time) == (
        240,
        "王建国",
        True,
    )
    # The high court has nobody but the coordinator; the district court has nobody of its own.
    assert [court.code for court in outcome.missing] == ["辽", "辽0211"]
    sheets = await stored(database, OutgoingMessage, OutgoingMessage.kind.in_(drill_report.KINDS))
    assert {(row.chat_id, row.kind) for row in sheets} == {
        (104, "drill_result"),
        (104, "drill_sheet"),
    }


async def test_a_drill_that_all_answered_is_reported_at_once(
    database, clock, people, ordered, work
):
    drill_id = await ordered(Audience("court", "辽72", "大连海事法院", "辽宁省"))
    await work()
    await clock.advance(seconds=95)
    async with database.transaction() as session:
        filing = await find(session, f"YL-20190819-{drill_id}-辽72")
        await accept(session, filing.id, answering(people), DESK, now=clock.now())
    async with database.reading() as session:
        assert await drills.earliest_report(session, clock.now()) == clock.now()
    await work()
    [drill] = await stored(database, Drill)
    assert drill.reported_at == clock.now()
    # The result may still be given until the end.
    assert [f.state for f in await stored(database, Filing)] == ["acknowledged"]


async def test_the_sheet_says_the_same_as_text_and_as_workbook_in_both_languages(
    database, clock, people, ordered, work
):
    await ordered()
    await work()
    await clock.advance(minutes=60)
    await work()
    renderer = Renderer(load_texts(), DESK)
    sheets = await stored(database, OutgoingMessage, OutgoingMessage.kind.in_(drill_report.KINDS))
    text, sheet = sorted(sheets, key=lambda row: row.kind)
    async with database.reading() as session:
        said = await renderer.render(session, text, now=clock.now())
        sent = await renderer.render(session, sheet, now=clock.now())
    assert "【演练】结果" in said.text
    assert "应答 0/3 个法院" in said.text
    assert sent.document.name == "YL-20190819-1.xlsx"
    rows = CalamineWorkbook.from_filelike(BytesIO(sent.document.content)).get_sheet_by_index(0)
    table = rows.to_python()
    heading = next(i for i, row in enumerate(table) if row[0] == "序号")
    assert {row[1] for row in table[heading + 1 :]} == {"辽", "辽72", "辽0211"}
    async with database.transaction() as session:
        (await session.get_one(type(people.coordinator), people.coordinator.id)).language = "en"
    async with database.reading() as session:
        said = await renderer.render(session, text, now=clock.now())
    assert "Answered: 0/3 courts" in said.text


async def test_a_cancelled_drill_calls_nobody_more_and_takes_back_what_is_open(
    database, clock, ordered, work
):
    drill_id = await ordered(spread=300)
    await work()
    async with database.transaction() as session:
        assert await drills.cancel(session, drill_id, now=clock.now()) is not None
    await work()
    assert [f.state for f in await stored(database, Filing)] == ["withdrawn"]
    await clock.advance(minutes=10)
    await work()
    assert len(await stored(database, Filing)) == 1
    async with database.reading() as session:
        assert await drills.earliest_filing(session, clock.now()) is None
        assert await drills.earliest_report(session, clock.now()) is None
        assert await drills.earliest_end(session, clock.now()) is None
    async with database.transaction() as session:
        assert await drills.cancel(session, drill_id, now=clock.now()) is None


async def test_what_an_outage_kept_from_being_sent_is_not_sent_after_the_end(
    database, clock, ordered, work
):
    await ordered(after=timedelta(minutes=5))
    await clock.advance(hours=3)
    await work()
    assert await stored(database, Filing) == []
    [drill] = await stored(database, Drill)
    async with database.reading() as session:
        outcome = await drill_facts.load(session, drill, None, DESK, now=clock.now())
        count = await session.scalar(select(func.count()).select_from(DrillFiling))
    assert {court.state for court in outcome.courts} == {"not_sent"}
    assert count == 3
