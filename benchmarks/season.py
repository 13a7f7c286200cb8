"""Liaoning's four months of 2019 through the real code on a simulated clock: its figures, and what it took."""

import gc
import logging
import time

import structlog

from benchmarks import report
from bot import season_stage
from notifications import season_figures

#: What the season may take (seconds) on two processors.
LIMIT = 180


async def measure() -> None:
    """Play the whole season; an error for a filing that was forgotten or miscounted."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    played = season_stage.shipped_season()
    gc.freeze()
    async with season_stage.opened(played) as stage:
        began, worked = time.monotonic(), time.process_time()
        outcome = await stage.play.run()
        took, worked = time.monotonic() - began, time.process_time() - worked
        found = await season_figures.figures(stage.database)
        wrong = await season_figures.forgotten(stage.database)
    report.table(
        f"the season from {played.filings[0].at:%d %B} to {played.filings[-1].at:%d %B %Y}",
        ("", "value"),
        [
            *season_figures.lines(found),
            ("messages", f"{outcome.sent:,} sent, {outcome.edited:,} edits, {outcome.failed} failed"),
            ("forgotten or miscounted", f"{len(wrong)}"),
            ("machine time", f"{took:.0f} s ({worked:.0f} s of one processor; limit {LIMIT} s)"),
        ],
        ("seconds are working seconds; messages go to memory, limits lifted; SQLite without waiting for the disk",),
    )  # fmt: skip
    if wrong or outcome.failed:
        raise AssertionError("\n".join(wrong) or f"{outcome.failed} messages failed")
