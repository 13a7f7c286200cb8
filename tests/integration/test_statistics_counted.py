"""Statistics from cells beside a plain recount of the events, at any moment of any story."""

import asyncio
import shutil
from collections.abc import Callable, Coroutine
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from directory import sqlite_in_process
from notifications import answer_corrections, performance, results
from notifications.season_clock import SeasonClock
from tests.statistics_desk import CODES, TYPES, StatisticsDesk

#: An hour and a half before a year ends in Beijing, which is where the stories begin.
START = datetime(2019, 12, 31, 14, 30, tzinfo=UTC)

which = st.integers(0, 5)
courts = st.lists(st.sampled_from(CODES), min_size=2, max_size=2, unique=True)

FILING = st.builds(
    lambda pair, kind, drill: ("file", *pair, kind, drill),
    courts,
    st.sampled_from(TYPES),
    st.sampled_from((False, False, True)),
)
PRESS = st.one_of(
    st.tuples(st.just("ack"), which),
    st.tuples(st.just("result"), which, st.sampled_from(results.RESULTS)),
    st.tuples(st.just("undo"), which),
    st.tuples(st.just("supplement"), which),
    st.tuples(st.just("withdraw"), which),
    st.tuples(st.just("correct"), which, st.sampled_from(answer_corrections.COUNTS_AS)),
)
TIME = st.one_of(
    st.tuples(st.just("wait"), st.sampled_from((30, 600, 2400, 40_000, 90_000))),
    st.tuples(st.just("until"), st.sampled_from((1, 2, 3)), st.just(1)),
)
REST = st.one_of(
    st.tuples(st.just("count"), st.sampled_from((1, 2, 500))),
    st.tuples(st.just("count"), st.just(500)),
    st.tuples(st.just("move"), st.sampled_from(CODES), st.sampled_from(("辽宁省", "浙江省"))),
    st.tuples(st.just("outage"), st.sampled_from((200, 2000))),
)
#: Every story begins with something counted, so that whatever follows can be counted wrongly.
PRELUDE = (
    ("file", "浙72", "辽72", "enforcement", False),
    ("file", "辽0211", "辽72", "enforcement", False),
    ("wait", 900),
    ("ack", 0),
    ("result", 1, "correction"),
    ("correct", 0, "apart"),
    ("count", 500),
)
STORY = st.lists(st.one_of(FILING, PRESS, PRESS, TIME, REST, REST), min_size=6, max_size=30).map(
    lambda steps: [*PRELUDE, *steps]
)

ASKED = (
    {"by": "province"},
    {"by": "court", "role": "collaborating", "drills": "include"},
    {"by": "day", "drills": "include", "province": "辽宁省"},
    {"by": "case_type", "role": "collaborating"},
    {"by": "court", "province": "辽宁省"},
    {"by": "day", "court": "浙72", "role": "collaborating"},
    {"by": "province", "court": "辽72", "drills": "only"},
)


@asynccontextmanager
async def desk_in_memory(template: Path):
    with TemporaryDirectory(prefix="liaison-statistics-") as folder:
        path = Path(folder) / "desk.db"
        shutil.copyfile(template, path)
        database = sqlite_in_process.opened(path)
        try:
            yield await StatisticsDesk.opened(database, SeasonClock(START))
        finally:
            await database.close()


async def agrees(desk: StatisticsDesk, since: datetime, until: datetime) -> None:
    for asked in ASKED:
        span = {"since": since, "until": until}
        told, plain = await desk.read(**asked, **span), await desk.plainly(**asked, **span)
        assert told == plain, asked


async def lived(template: Path, story: list[tuple[Any, ...]], span: tuple[int, int]) -> None:
    """Any range after any story, counted wherever the story says, and once more when all is counted."""
    async with desk_in_memory(template) as desk:
        await desk.tell(story)
        since, hours = START + timedelta(hours=span[0]), timedelta(hours=span[1])
        await agrees(desk, since, since + hours)
        await desk.count()
        await agrees(desk, since, since + hours)
        await agrees(desk, START - timedelta(days=400), START + timedelta(days=400))


def run(work: Coroutine[Any, Any, None]) -> None:
    with asyncio.Runner() as runner:
        runner.run(work)


def checked(template: Path, examples: int, *, shrink: bool = False) -> Callable[[], None]:
    phases = [Phase.generate, Phase.shrink] if shrink else [Phase.generate]

    @settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        phases=phases,
        suppress_health_check=list(HealthCheck),
    )
    @given(STORY, st.tuples(st.integers(-3, 800), st.sampled_from((1, 30, 800, 1500))))
    def check(story, span):
        run(lived(template, story, span))

    return check


def test_at_any_moment_of_any_story_the_cells_say_what_the_events_say(
    sqlite_template, sweep_everything
):
    checked(sqlite_template, 400 if sweep_everything else 12)()


def test_a_correction_that_nobody_counts_anew_is_found(sqlite_template, monkeypatch):
    honest = answer_corrections.correct

    async def unheard(session, *words, **when):
        filing = await honest(session, *words, **when)
        filing.uncounted = filing.state == "waiting"

    monkeypatch.setattr(answer_corrections, "correct", unheard)
    with pytest.raises(AssertionError):
        checked(sqlite_template, 100)()


def test_a_filing_that_is_never_taken_out_again_is_found(sqlite_template, monkeypatch):
    monkeypatch.setattr(performance.Tally, "remove", lambda *_: None)
    with pytest.raises(AssertionError):
        checked(sqlite_template, 100)()
