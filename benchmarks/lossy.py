"""10,000 pages through a Telegram that loses, cuts and garbles: what is lost, what comes twice."""

import logging
import time
from collections import Counter

from benchmarks import report, stage
from directory.database import Database
from tests.faults import lossy

#: In portions, each with another seed and a database of its own.
PORTIONS, PAGES, SEED = 20, 500, 19


async def measure() -> None:
    """On SQLite; the clock is frozen, so waiting costs no time."""
    # Every broken answer would be printed, thousands of them.
    logging.getLogger("telegram").setLevel(logging.CRITICAL)
    calls: Counter[str] = Counter()
    lost = repeats = ambiguous = limited = 0
    longest = 0.0
    began = time.monotonic()
    async with stage.opened(0, ("sqlite",)) as ground:
        for number in range(PORTIONS):
            found = await _portion(ground, SEED + number)
            lost += len(found.lost)
            repeats += found.repeats
            ambiguous += found.ambiguous
            limited += found.limited
            longest = max(longest, found.seconds)
            calls.update(found.calls)
            report.say(f"lossy: {(number + 1) * PAGES} pages, {lost} lost, {repeats} repeated")
    failed = calls.total() - calls["ok"]
    report.table(
        f"lossy: {PORTIONS * PAGES} pages, one call in five goes wrong, seeds {SEED} to "
        f"{SEED + PORTIONS - 1}",
        ("", "figure", "aim"),
        (
            ("pages lost", lost, 0),
            ("came more than once", repeats, f"≤ {ambiguous}"),
            ("answers that left open whether it arrived", ambiguous, "–"),
            ("calls that went wrong", f"{failed} of {calls.total()}", "–"),
            ("of them 429", limited, "–"),
            ("longest portion, frozen seconds", f"{longest:.0f}", "–"),
            ("real seconds", f"{time.monotonic() - began:.0f}", "–"),
        ),
    )


async def _portion(ground: stage.Stage, seed: int) -> lossy.Report:
    async with ground.fresh("sqlite") as url:
        database = Database.connect(url)
        try:
            return await lossy.send_pages(database, PAGES, seed=seed)
        finally:
            await database.close()
