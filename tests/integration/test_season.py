"""Two weeks of the made-up season through the real code, and the same replayed under a ladder."""

import logging
from datetime import date

import pytest
import structlog
from sqlalchemy import func, select, update

from bot import season_history, season_stage, season_tables
from directory.change_models import DirectoryChange
from directory.models import Court, Officer
from notifications import past_filings, season_figures
from notifications.ladder import LadderBook
from notifications.ladder_simulation import simulate
from notifications.models import Filing, OutgoingMessage

SHIPPED = season_history.FILE

#: The beginning of the season that the suite has time for.
UNTIL = date(2019, 9, 1)


@pytest.fixture(scope="module", autouse=True)
def quiet():
    """Only what goes wrong is worth a line."""
    settings = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    yield
    structlog.configure(**settings)


async def test_a_fortnight_of_the_season_is_played_and_no_filing_is_forgotten(record_property):
    played = season_stage.shipped_season().until(UNTIL)
    async with season_stage.opened(played) as stage:
        outcome = await stage.play.run()
        found = await season_figures.figures(stage.database)
        assert await season_figures.forgotten(stage.database) == []
        await _replay_agrees(stage, found)
        await _the_shipped_history_begins_so(stage)
        await _everybodys_account_is_recorded(stage)
        await _faults_are_found(stage)
    assert outcome.failed == 0
    assert found.filings == len(played.filings)
    assert 0.9 < found.share < 1
    assert 6 * 60 < found.mean_answer < 13 * 60
    assert found.reached["B"] > found.reached["leader"] > 0
    record_property("the season's fortnight", dict(season_figures.lines(found)))


async def _everybodys_account_is_recorded(stage):
    recorded = select(func.count()).where(DirectoryChange.kind == "changed")
    written = [Officer.telegram_id, Court.group_chat_id]
    async with stage.database.reading() as session:
        of_all = [await session.scalar(select(func.count(column))) for column in written]
        assert await session.scalar(recorded) == sum(of_all) > 700


async def _replay_agrees(stage, found):
    """`ladder simulate` under the ladder of the day says what happened, from the tables and from the seed."""
    on_duty = season_stage.shipped_duty()
    calendars = dict.fromkeys(on_duty, season_stage.calendar())
    async with stage.database.reading() as session:
        stored = await past_filings.stored(session, season_stage.TIMEZONE)
    ladders = {
        (filing.collaborating, filing.jurisdiction): LadderBook.built_in().default
        for filing in stored
    }
    for filings in (stored, past_filings.of_season(stage.season, calendars)):
        figures = simulate(filings, ladders, calendars, on_duty)
        assert figures.filings == found.filings
        assert figures.share == pytest.approx(found.share, abs=0.02)
        assert figures.mean_seconds == pytest.approx(found.mean_answer, rel=0.06)


async def _the_shipped_history_begins_so(stage):
    """What ships for the demo is what the generator and the product make of the season."""
    mine = await season_history.recorded(stage.database, stage.season)
    played, shipped = (season_tables.opened(content) for content in (mine, SHIPPED.read_bytes()))
    assert shipped["digest"] == season_stage.shipped_season().digest
    for name in ("reference", "state", "answer_working_seconds", "result", "steps_taken"):
        ours, theirs = (_column(kept["filings"], name) for kept in (played, shipped))
        assert theirs[: len(ours)] == ours, name


def _column(kept, name):
    return kept["values"][kept["columns"].index(name)]


async def _faults_are_found(stage):
    """The proof can fail: what is broken by hand is named."""
    async with stage.database.transaction() as session:
        await session.execute(
            update(Filing).where(Filing.id == 1).values(answer_working_seconds=-1)
        )
        await session.execute(
            update(Filing).where(Filing.id == 2).values(state="waiting", next_step_at=None)
        )
        await session.execute(
            update(OutgoingMessage)
            .where(OutgoingMessage.filing_id == 3, OutgoingMessage.step.is_not(None))
            .values(outcome="failed")
        )
    wrong = "\n".join(await season_figures.forgotten(stage.database))
    assert "LN-2019-00001: answer" in wrong
    assert "LN-2019-00002: waiting without a next step" in wrong
    assert "of filing 3: failed" in wrong
