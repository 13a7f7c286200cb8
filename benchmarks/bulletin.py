"""A bulletin of a province and of the nation over few and many filings; and what its pictures, workbook and Word take."""

import gc
import time
from collections.abc import Callable
from datetime import timedelta
from zoneinfo import ZoneInfo

from benchmarks import report, stage, statistics_build
from benchmarks.nation.generator import Nation, generate
from benchmarks.nation.loading import load as load_nation
from benchmarks.report import percentile
from benchmarks.statistics import DESK, SIZES, ZONE
from benchmarks.statistics_filings import END
from bot.texts import load_texts
from directory.clock import SystemClock
from directory.database import Database
from notifications import bulletin_facts, sheet_drawing
from notifications.bulletin_document import document
from notifications.bulletin_figures import Period, Sheet
from notifications.bulletin_links import page_links
from notifications.bulletin_picture import pngs
from notifications.bulletin_rules import Rules
from notifications.bulletin_words import BulletinWords
from notifications.bulletin_workbook import workbook

#: So many bulletins of each kind, each a week later than the one before.
ROUNDS = 20
DRAWN = 10

#: What is asked for: whose, and how many days.
QUESTIONS: dict[str, tuple[str | None, int]] = {
    "a province, a week": ("辽宁省", 7),
    "a province, 30 days": ("辽宁省", 30),
    "a province, a year": ("辽宁省", 365),
    "the nation, a week": (None, 7),
    "the nation, 30 days": (None, 30),
    "the nation, a year": (None, 365),
}


async def measure(sizes: tuple[int, ...] = SIZES) -> None:
    """Each size: built on both engines at once, asked; then the files of the last province's bulletin."""
    country = generate(officers=3_600)
    drawn: Sheet | None = None
    async with stage.opened(0) as ground:
        for size in sizes:
            async with ground.fresh("sqlite") as one, ground.fresh("postgresql") as other:
                drawn = await _measure({"sqlite": one, "postgresql": other}, size, country)
    if drawn is not None:
        _files(drawn)


async def _measure(urls: dict[str, str], size: int, country: Nation) -> Sheet:
    databases = {engine: Database.connect(url) for engine, url in urls.items()}
    for database in databases.values():
        await load_nation(database, country, SystemClock().now())
    began = time.monotonic()
    await statistics_build.build(list(urls.values()), country, size)
    report.say(f"{size:,} filings, built in {time.monotonic() - began:.0f} s")
    # As `serve` does once it has started: what will never be garbage is not looked through again.
    gc.collect()
    gc.freeze()
    for engine, database in databases.items():
        try:
            rows = [await _ask(database, name) for name in QUESTIONS]
            drawn = await _built(database, "辽宁省", 30, 0)
        finally:
            await database.close()
        report.table(
            f"bulletins over {size:,} filings in 5.5 years, {engine}",
            ("", "filings in one", "p50", "p99", "processor p50"),
            rows,
            (f"{ROUNDS} of each",),
        )
    return drawn


async def _built(database: Database, province: str | None, days: int, back: int) -> Sheet:
    last = END.astimezone(ZoneInfo(ZONE)).date() - timedelta(days=1 + 7 * back)
    period = Period(last - timedelta(days=days - 1), last)
    async with database.reading() as session:
        return await bulletin_facts.build(session, province, period, Rules(), DESK, now=END)


async def _ask(database: Database, name: str) -> tuple[object, ...]:
    province, days = QUESTIONS[name]
    most = 0
    waited: list[float] = []
    spent: list[float] = []
    await _built(database, province, days, 0)
    for back in range(ROUNDS):
        began, worked = time.perf_counter(), time.process_time()
        sheet = await _built(database, province, days, back)
        waited.append(time.perf_counter() - began)
        spent.append(time.process_time() - worked)
        most = max(most, sheet.total.states.total)
    return (
        name,
        most,
        *(f"{percentile(waited, share) * 1000:,.1f} ms" for share in (0.5, 0.99)),
        f"{percentile(spent, 0.5) * 1000:,.1f} ms",
    )


def _files(sheet: Sheet) -> None:
    translate = load_texts().for_locale(DESK.locale)
    states, measures = (
        BulletinWords(sheet, layout, translate, ZoneInfo(ZONE)) for layout in ("states", "measures")
    )
    links = page_links("https://liaison.example", sheet)
    makers: dict[str, Callable[[], bytes]] = {
        f"pictures ({sheet.pictures}), by states": lambda: _drawn(states),
        f"pictures ({sheet.pictures}), by measures": lambda: _drawn(measures),
        "workbook": lambda: workbook(states, measures, links),
        "Word": lambda: document(states),
    }
    report.table(
        f"files of a bulletin of {len(states.rows())} courts",
        ("", "p50", "processor p50", "size"),
        [_file(name, make) for name, make in makers.items()],
        (f"{DRAWN} of each, in one process after the first",),
    )


def _drawn(words: BulletinWords) -> bytes:
    # Each time from the beginning: the last ones are kept for further groups.
    sheet_drawing._png.cache_clear()  # noqa: SLF001 -- it is what is measured
    return b"".join(pngs(words))


def _file(name: str, make: Callable[[], bytes]) -> tuple[object, ...]:
    size = len(make())
    waited: list[float] = []
    spent: list[float] = []
    for _ in range(DRAWN):
        began, worked = time.perf_counter(), time.process_time()
        make()
        waited.append(time.perf_counter() - began)
        spent.append(time.process_time() - worked)
    return (
        name,
        f"{percentile(waited, 0.5) * 1000:,.0f} ms",
        f"{percentile(spent, 0.5) * 1000:,.0f} ms",
        f"{size / 1000:,.0f} kB",
    )
