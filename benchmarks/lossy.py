"""10,000 pages through a Telegram that loses, cuts and garbles: what is lost, what comes twice."""

import time

from benchmarks import report, stage
from directory.database import Database
from tests import databases
from tests.faults import lossy

PAGES, SEED = 10_000, 19


async def measure() -> None:
    """Once, on SQLite; the clock is frozen, so its waits cost no time."""
    report.say(f"lossy: {PAGES} pages (a minute or two)")
    async with stage.opened(0, ("sqlite",)) as ground, ground.fresh("sqlite") as url:
        # The loop makes its own courts: only the tables are wanted here.
        path = ground.folder / "empty.db"
        del url
        await databases.create_tables(databases.sqlite_url(path))
        database = Database.connect(databases.sqlite_url(path))
        began = time.monotonic()
        try:
            found = await lossy.send_pages(database, PAGES, seed=SEED)
        finally:
            await database.close()
    failed = sum(number for outcome, number in found.calls.items() if outcome != "ok")
    report.table(
        f"lossy: {found.pages} pages, one call in five goes wrong, seed {SEED}",
        ("", "figure", "aim"),
        (
            ("pages lost", len(found.lost), 0),
            ("came more than once", found.repeats, f"≤ {found.ambiguous}"),
            ("answers that left open whether it arrived", found.ambiguous, "–"),
            ("calls that went wrong", f"{failed} of {found.calls.total()}", "–"),
            ("of them 429", found.limited, "–"),
            ("frozen seconds until all was recorded", f"{found.seconds:.0f}", "–"),
            ("real seconds", f"{time.monotonic() - began:.0f}", "–"),
        ),
    )
