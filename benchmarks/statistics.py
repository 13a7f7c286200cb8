"""Statistics over 5.5 years of filings, few and many: what an answer takes, beside a plain GROUP BY over the filings."""

import gc
import random
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlalchemy.engine import make_url

from benchmarks import report, stage, statistics_build
from benchmarks.nation.generator import Nation, generate
from benchmarks.nation.loading import load as load_nation
from benchmarks.report import percentile
from benchmarks.statistics_build import ZONE
from benchmarks.statistics_filings import BEGIN, DAYS, END
from directory.clock import SystemClock
from directory.database import Database
from notifications import statistics, statistics_recount
from notifications.desk import DeskRules
from notifications.ladder import LadderBook
from notifications.statistics import StatisticsQuery

SIZES = (1_000, 100_000, 1_000_000)
ROUNDS, PLAIN_ROUNDS = 100, 2

DESK = DeskRules(LadderBook.built_in(), ZONE, "zh-CN")

#: By name: what is asked, the longest range (days), how many ranges, and whose column a plain query groups by if one is asked.
QUESTIONS: dict[str, tuple[dict[str, Any], int, int, str | None]] = {
    "nation by province": ({"by": "province"}, DAYS, ROUNDS, "courts.province"),
    "nation by case type": ({"by": "case_type"}, DAYS, ROUNDS, None),
    "nation by day, a quarter": ({"by": "day"}, 92, ROUNDS, None),
    "nation by court": ({"by": "court"}, DAYS, 20, None),
    "a province by court": ({"by": "court", "province": "辽宁省"}, DAYS, ROUNDS, "courts.code"),
    "a province, by province": ({"by": "province", "province": "辽宁省"}, DAYS, ROUNDS, None),
    "a province by case type": ({"by": "case_type", "province": "辽宁省"}, DAYS, ROUNDS, None),
    "a province by day, a quarter": ({"by": "day", "province": "辽宁省"}, 92, ROUNDS, None),
}

#: Counts, mean and both quantiles of one measure: a quarter of what the product tells.
_PLAIN = """
    WITH asked AS (
        SELECT {key} AS name, filings.state, answered_in_time, answer_wall_seconds AS seconds
        FROM filings JOIN courts ON courts.code = filings.jurisdiction_court
        WHERE received_at >= :since AND received_at < :until AND NOT drill {narrow}
    ), ranked AS (
        SELECT name, seconds, row_number() OVER (PARTITION BY name ORDER BY seconds) AS place,
               count(*) OVER (PARTITION BY name) AS many
        FROM asked WHERE state <> 'withdrawn' AND seconds IS NOT NULL
    ), quantiles AS (
        SELECT name, min(CASE WHEN place * 2 >= many THEN seconds END) AS median,
               min(CASE WHEN place * 10 >= many * 9 THEN seconds END) AS p90 FROM ranked GROUP BY name
    )
    SELECT asked.name, count(*), sum(CASE WHEN asked.state = 'withdrawn' THEN 1 ELSE 0 END),
           sum(CASE WHEN answered_in_time THEN 1 ELSE 0 END), avg(seconds), min(median), min(p90)
    FROM asked LEFT JOIN quantiles ON quantiles.name = asked.name GROUP BY asked.name
"""


async def measure() -> None:
    """Each size: built on both engines at once, held against the product's own counting, asked."""
    country = generate(officers=3_600)
    async with stage.opened(0) as ground:
        for size in SIZES:
            async with ground.fresh("sqlite") as one, ground.fresh("postgresql") as other:
                await _measure({"sqlite": one, "postgresql": other}, size, country)


async def _measure(urls: dict[str, str], size: int, country: Nation) -> None:
    report.say(f"{size:,} filings")
    databases = {engine: Database.connect(url) for engine, url in urls.items()}
    for database in databases.values():
        await load_nation(database, country, SystemClock().now())
    before = {
        engine: await _bytes(database, urls[engine]) for engine, database in databases.items()
    }
    began = time.monotonic()
    await statistics_build.build(list(urls.values()), country, size)
    report.say(f"built in {time.monotonic() - began:.0f} s")
    # As `serve` does once it has started: what will never be garbage is not looked through again.
    gc.collect()
    gc.freeze()
    for engine, database in databases.items():
        try:
            grown = await _bytes(database, urls[engine]) - before[engine]
            rows = [await _ask(database, name) for name in QUESTIONS]
            # Last: it leaves another database behind.
            counted = await _counting(database, whole=size == SIZES[0])
        finally:
            await database.close()
        report.table(
            f"{size:,} filings over 5.5 years, {engine}",
            ("", "groups", "p50", "p99", "processor p50", "p99", "plain GROUP BY"),
            rows,
            (
                f"filings and what is counted of them take {grown / 1e6:,.0f} MB, {await _shares(urls[engine])}",
                counted,
                f"{ROUNDS} ranges at random to the second (all courts: 20), {PLAIN_ROUNDS} by plain SQL for one measure of four",
            ),
        )


async def _counting(database: Database, *, whole: bool) -> str:
    """What counting takes as the product does it, and that the bulk built is the same."""
    began, worked = time.monotonic(), time.process_time()
    told = await statistics_build.agreement(database, whole=whole)
    took, worked = time.monotonic() - began, time.process_time() - worked
    return f"{told}: {took:.1f} s, {worked:.1f} s of the processor"


async def count(database: Database) -> None:
    """Count everything as `statistics recount` does after an upgrade."""
    month = BEGIN.astimezone(ZoneInfo(ZONE)).date().replace(day=1)
    while month <= END.date():
        await statistics_recount.count_month(database, ZONE, month, now=END)
        month = (month + timedelta(days=32)).replace(day=1)
    for year in range(BEGIN.year, END.year + 1):
        await statistics_recount.count_year(database, ZONE, year, now=END)
    async with database.engine.connect() as connection:
        await connection.exec_driver_sql("ANALYZE")
        await connection.commit()


async def _shares(url: str) -> str:
    """How much of it is sheets."""
    database = Database.connect(url)
    async with database.reading() as session:
        size = await session.scalar(text("SELECT sum(length(content)) FROM statistics_sheets"))
    await database.close()
    return f"of it {int(size or 0) / 1e6:,.0f} MB the contents of sheets"


async def _bytes(database: Database, url: str) -> int:
    if database.dialect == "sqlite":
        return Path(str(make_url(url).database)).stat().st_size  # noqa: ASYNC240 -- nothing else runs
    async with database.reading() as session:
        size = await session.scalar(text("SELECT pg_database_size(current_database())"))
    return int(size or 0)


async def _ask(database: Database, name: str) -> tuple[object, ...]:
    asked, longest, rounds, key = QUESTIONS[name]
    dice = random.Random(7)
    ranges = [_range(dice, longest) for _ in range(rounds)]
    groups = 0
    await _read(database, asked, ranges[0])
    spent: list[float] = []
    waited: list[float] = []
    for span in ranges:
        began, worked = time.perf_counter(), time.process_time()
        groups = max(groups, await _read(database, asked, span))
        waited.append(time.perf_counter() - began)
        spent.append(time.process_time() - worked)
    beside: list[float] = []
    if key is not None:
        narrow = "AND courts.province = :province" if "province" in asked else ""
        plain = text(_PLAIN.format(key=key, narrow=narrow))
        for span in ranges[:PLAIN_ROUNDS]:
            began = time.perf_counter()
            await _plainly(database, plain, asked, span)
            beside.append(time.perf_counter() - began)
    shown = [(waited, 0.5), (waited, 0.99), (spent, 0.5), (spent, 0.99)]
    return (
        name,
        groups,
        *(f"{percentile(values, share) * 1000:,.1f} ms" for values, share in shown),
        f"{percentile(beside, 0.5) * 1000:,.0f} ms" if beside else "",
    )


def _range(dice: random.Random, longest: int) -> tuple[datetime, datetime]:
    first, last = sorted(BEGIN + timedelta(seconds=dice.randrange(DAYS * 86_400)) for _ in "ab")
    return first, min(last, first + timedelta(days=longest))


async def _read(database: Database, asked: dict[str, Any], span: tuple[datetime, datetime]) -> int:
    query = StatisticsQuery(since=span[0], until=span[1], **asked)
    async with database.reading() as session:
        return len((await statistics.read(session, query, DESK, now=END)).groups)


async def _plainly(
    database: Database, plain: Any, asked: dict[str, Any], span: tuple[datetime, datetime]
) -> None:
    since, until = span
    values: dict[str, Any] = {"since": since, "until": until}
    if database.dialect == "sqlite":
        values = {
            key: at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f") for key, at in values.items()
        }
    if "province" in asked:
        values["province"] = asked["province"]
    async with database.reading() as session:
        (await session.execute(plain, values)).all()
