"""Liaoning's four months of 2019 through the real code on a simulated clock: its figures, and what it took."""

import asyncio
import gc
import logging
import multiprocessing
import os
import resource
import time
from concurrent.futures import ProcessPoolExecutor

import structlog

from benchmarks import report
from bot import season_stage
from notifications import season_figures
from notifications.season_figures import SeasonFigures
from notifications.season_play import Played

#: What the season may take (seconds) on two processors.
LIMIT = 180

#: Filings that different courts decide have nothing to do with each other: a process for each processor.
PARTS = max(1, min(4, os.cpu_count() or 1))


async def measure() -> None:
    """Play the whole season; an error for a filing that was forgotten or miscounted."""
    began, before = time.monotonic(), _worked()
    with ProcessPoolExecutor(PARTS, multiprocessing.get_context("spawn")) as pool:
        parts = list(pool.map(_part, range(PARTS)))
    took, worked = time.monotonic() - began, _worked() - before
    found = parts[0][0]
    for figures, _, _ in parts[1:]:
        found += figures
    wrong = [fault for _, faults, _ in parts for fault in faults]
    sent, edited, failed = (
        sum(getattr(played, name) for _, _, played in parts)
        for name in ("sent", "edited", "failed")
    )
    report.table(
        "the season from 18 August to 20 December 2019",
        ("", "value"),
        [
            *season_figures.lines(found),
            ("messages", f"{sent:,} sent, {edited:,} edits, {failed} failed"),
            ("forgotten or miscounted", f"{len(wrong)}"),
            (
                "machine time",
                f"{took:.0f} s in {PARTS} processes, {worked:.0f} s of one processor (limit {LIMIT} s)",
            ),
        ],
        (
            "seconds are working seconds; messages go to memory, limits lifted; SQLite without waiting for the disk",
        ),
    )
    if wrong or failed:
        raise AssertionError("\n".join(wrong) or f"{failed} messages failed")


def _part(number: int) -> tuple[SeasonFigures, list[str], Played]:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    return asyncio.run(_play(number))


async def _play(number: int) -> tuple[SeasonFigures, list[str], Played]:
    played = season_stage.shipped_season().part(number, PARTS)
    gc.freeze()
    async with season_stage.opened(played) as stage:
        outcome = await stage.play.run()
        return (
            await season_figures.figures(stage.database),
            await season_figures.forgotten(stage.database),
            outcome,
        )


def _worked() -> float:
    """Seconds of a processor that ended child processes used."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
