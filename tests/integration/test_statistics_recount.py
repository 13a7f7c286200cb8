"""`statistics recount`: equal when it is, and what it names and mends when it is not. Both databases."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update

from directory.database import Database
from notifications import statistics_cells
from notifications.models import Filing
from notifications.performance import Contribution
from notifications.season_clock import SeasonClock
from notifications.statistics_models import CountedFiling, StatisticsSheet
from notifications.statistics_recount import recount
from notifications.statistics_sheets import Sheet
from tests import processes
from tests.integration.test_statistics_counted import START
from tests.statistics_desk import DESK, StatisticsDesk

#: Across the end of a year; what is open, corrected, supplemented, undone, withdrawn, a drill, moved away.
STORY = [
    ("file", "浙72", "辽72", "enforcement", False),
    ("file", "辽0211", "辽72", "enforcement", False),
    ("file", "浙72", "辽0211", "civil_first_instance", False),
    ("file", "浙72", "辽0211", "civil_first_instance", True),
    ("wait", 600),
    ("ack", 0),
    ("result", 1, "registered"),
    ("undo", 1),
    ("ack", 2),
    ("ack", 3),
    ("count",),
    ("result", 2, "correction"),
    ("until", 1, 1),
    ("file", "辽72", "浙72", "enforcement", False),
    ("file", "新01", "辽72", "enforcement", False),
    ("wait", 90_000),
    ("supplement", 2),
    ("withdraw", 4),
    ("result", 5, "returned"),
    ("result", 0, "mediation"),
    ("count",),
    ("file", "浙72", "辽72", "enforcement", False),
    ("ack", 6),
    ("move", "辽0211", "浙江省"),
    ("wait", 60),
]
WITHDRAWN = Contribution(1, (None,) * 4)
SPAN = {"since": START - timedelta(days=1), "until": START + timedelta(days=40)}
ASKED = ({"by": "province"}, {"by": "day", "role": "collaborating", "drills": "include"},
         {"by": "court", "province": "浙江省"}, {"by": "case_type"})  # fmt: skip


@pytest.fixture
async def desk(database) -> StatisticsDesk:
    desk = await StatisticsDesk.opened(database, SeasonClock(START))
    await desk.tell(STORY)
    return desk


async def recounted(desk: StatisticsDesk):
    steps = []
    found = await recount(
        desk.database, DESK.timezone, now=desk.now(), progress=lambda *step: steps.append(step)
    )
    assert steps
    assert steps[-1][0] == steps[-1][1]
    return found


async def agrees(desk: StatisticsDesk) -> None:
    for asked in ASKED:
        assert await desk.read(**asked, **SPAN) == await desk.plainly(**asked, **SPAN), asked


async def test_on_both_databases_cells_say_what_events_say_before_and_after_a_recount(desk):
    await agrees(desk)
    found = await recounted(desk)
    assert found.is_equal, found
    assert (found.filings, found.late) == (7, 3)
    await agrees(desk)
    await desk.count()
    await agrees(desk)
    again = await recounted(desk)
    assert again.is_equal, again
    assert again.late == 0
    assert again.sheets > 20


async def test_counting_anew_what_was_never_counted_gives_the_same_cells_as_batches_do(desk):
    await desk.count()
    async with desk.database.reading() as session:
        batches = await contents(session)
    async with desk.database.transaction() as session:
        await session.execute(update(Filing).values(uncounted=True))
        for model in (CountedFiling, StatisticsSheet):
            await session.execute(model.__table__.delete())
    found = await recounted(desk)
    assert found.is_equal, found
    async with desk.database.reading() as session:
        assert await contents(session) == batches


async def contents(session):
    rows = await session.execute(select(*StatisticsSheet.__table__.columns))
    return {tuple(row[:3]): tuple(row[3:]) for row in rows}


async def test_a_wrong_cell_a_wrong_filing_and_a_history_that_says_otherwise_are_named(desk):
    await desk.count()
    async with desk.database.transaction() as session:
        sheet = await session.scalar(
            select(StatisticsSheet).where(
                StatisticsSheet.span == "2020",
                StatisticsSheet.unit == "",
                StatisticsSheet.series == "jur/nati/prov",
            )
        )
        wrong = Sheet()
        wrong.add_sheet(sheet.content)
        wrong.add("辽宁省", WITHDRAWN)
        sheet.content = wrong.content()
        # Changed past all the product's own ways, so nobody was told.
        await session.execute(
            update(Filing).where(Filing.reference == "KY-1").values(answer_wall_seconds=1)
        )
    found = await recounted(desk)
    assert not found.is_equal
    assert found.wrong_lines == ["jur/nati/prov 2020 辽宁省"]
    assert found.wrong_filings == ["KY-1"]
    assert found.contradictory == ["KY-1"]
    again = await recounted(desk)
    assert (again.wrong_lines, again.wrong_filings) == ([], [])
    assert again.contradictory == ["KY-1"]  # Which of the two is right no machine can say.


async def test_filings_are_counted_by_themselves_a_batch_at_a_time_by_one_instance(
    desk, monkeypatch
):
    monkeypatch.setattr(statistics_cells, "BATCH", 2)

    async def due():
        async with desk.database.reading() as session:
            return await statistics_cells.earliest(session, desk.now(), DESK)

    async def work():
        async with desk.database.transaction() as session:
            await statistics_cells.count_due(session, desk.now(), DESK)

    await desk.wait(700)
    assert await due() <= desk.now()
    await work()
    assert await due() == desk.now() + statistics_cells.BREATH
    await desk.wait(1)
    if desk.database.dialect == "postgresql":
        async with desk.database.transaction() as other:
            assert await statistics_cells.hold(other, DESK.timezone, now=desk.now()) is not None
            assert await desk.count() is None
    await work()
    await agrees(desk)
    assert await due() is None  # Nothing is left; the next change says so.
    async with desk.database.reading() as session:
        assert await statistics_cells.uncounted(session) == 0
    await desk.tell([("file", "浙72", "辽72", "enforcement", False), ("ack", 7)])
    assert await due() > desk.now()  # A single one waits for others.
    await desk.wait(600)
    assert await due() <= desk.now()


async def test_days_of_another_zone_are_read_from_the_filings_until_they_are_counted_anew(desk):
    await desk.count()
    desk.desk = DESK.__class__(DESK.ladder, "Asia/Urumqi", "zh-CN")
    await agrees(desk)
    assert await desk.count() is None
    found = await recount(desk.database, "Asia/Urumqi", now=desk.now(), progress=lambda *_: None)
    assert found.other_zone
    assert not found.is_equal
    await agrees(desk)
    async with desk.database.reading() as session:
        assert await statistics_cells.uncounted(session) == 0


async def test_the_command_says_in_a_sentence_whether_all_is_equal(sqlite_url):
    database = Database.connect(sqlite_url)
    desk = await StatisticsDesk.opened(database, SeasonClock(START))
    await desk.tell(STORY[:8])
    settings = {"LIAISON_DATABASE_URL": sqlite_url, "LIAISON_LOCALE": "en"}
    first = await processes.command("statistics", "recount", **settings)
    assert (first.code, first.err) == (0, "")
    assert first.out.splitlines()[0] == "Filings that had not been counted yet, and are now: 1."
    assert "Compared 4 filings" in first.out
    assert "all equal" in first.out
    async with database.transaction() as session:
        await session.execute(delete(StatisticsSheet).where(StatisticsSheet.span == "2019"))
    await database.close()
    second = await processes.command("statistics", "recount", **settings)
    assert second.code == 1
    assert "Figures that were wrong, mended" in second.out
