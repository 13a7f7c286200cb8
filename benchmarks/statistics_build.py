"""Filings of 5.5 years put into databases together with everything counted of them, a month at a time. Measures nothing.

The sheets of a month are made by the product's own code, in processes beside the one that invents the filings, so
a million take minutes. `agreement` holds a sample of what came of it against counting as the product does it.
"""

import sqlite3
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from datetime import timedelta
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

import asyncpg
from sqlalchemy import delete, select, update
from sqlalchemy.engine import make_url

from benchmarks.nation.generator import Nation
from benchmarks.statistics_filings import BEGIN, COLUMNS, END, plain, rows
from directory.database import Database
from notifications import statistics_cells, statistics_recount
from notifications.models import Filing
from notifications.performance import Standing, contribution
from notifications.statistics_filings import Seen
from notifications.statistics_models import CountedFiling, StatisticsSheet
from notifications.statistics_recount import SheetsOfMonth
from notifications.statistics_series import day_of, spans_of_months, spans_within

ZONE = "Asia/Shanghai"
_ZONE = ZoneInfo(ZONE)
_PROCESSES = 2
#: So many months are on their way at most, that memory does not grow with the years.
_UNDER_WAY = 4

Rows = Sequence[tuple[Any, ...]]
#: By table: its columns and rows.
Batch = Mapping[str, tuple[tuple[str, ...], Rows]]


async def build(urls: Sequence[str], nation: Nation, count: int) -> None:
    """The same filings, counted, into each database, which holds the courts; then the planners' figures anew."""
    writers = [_writer(url) for url in urls]
    provinces = {court["code"]: court["province"] for court in nation.courts}
    first = {
        "counted_courts": (("code", "province"), list(provinces.items())),
        "statistics_state": (("id", "zone", "generation", "next_at"), [(1, ZONE, 1, END)]),
    }
    for writer in writers:
        await writer.write(first)
    at = COLUMNS.index("received_at")
    months = groupby(rows(nation, count), key=lambda row: day_of(row[at], _ZONE).replace(day=1))
    with ProcessPoolExecutor(_PROCESSES, initializer=_know, initargs=(provinces,)) as pool:
        under_way: list[Future[Batch]] = []
        for _, of_month in months:
            under_way.append(pool.submit(counted, list(of_month)))
            if len(under_way) == _UNDER_WAY:
                await _write(writers, under_way.pop(0).result())
        for future in under_way:
            await _write(writers, future.result())
    for writer in writers:
        await writer.close()
    for url in urls:
        await _finish(url)


_provinces: dict[str, str] = {}


def _know(provinces: dict[str, str]) -> None:
    _provinces.update(provinces)


def counted(filings: Rows) -> Batch:
    """The filings of a month, what each is counted as, and the sheets of the month."""
    month, kept, written = SheetsOfMonth(_ZONE), [], []
    for row in filings:
        one = _seen(dict(zip(COLUMNS, row, strict=True)))
        waits = one.standing.state == "waiting"
        written.append(
            tuple(
                waits if name == "uncounted" else value
                for name, value in zip(COLUMNS, row, strict=True)
            )
        )
        if not waits:
            what = contribution(one.standing, END)
            month.add(one, what, one.provinces)
            kept.append((one.id, *one.provinces.values(), what.to_bytes()))
    sheets = [(*key, content) for key, content in month.contents().items()]
    places = ("jurisdiction_province", "collaborating_province")
    return {
        "filings": (COLUMNS, written),
        "counted_filings": (("filing_id", *places, "contribution"), kept),
        "statistics_sheets": (("series", "span", "unit", "content"), sheets),
    }


def _seen(row: Mapping[str, Any]) -> Seen:
    courts = {side: row[f"{side}_court"] for side in ("jurisdiction", "collaborating")}
    provinces = {side: _provinces[code] for side, code in courts.items()}
    names = ("answer_wall", "answer_working", "result_wall", "result_working")
    wall, working, result_wall, result_working = (row[f"{name}_seconds"] for name in names)
    standing = Standing(
        row["state"],
        len(set(provinces.values())) == 1,
        row["answer_due_at"],
        row["answered_in_time"],
        by_outage=False,
        seconds=(wall, working, result_wall, result_working),
    )
    when, type_ = row["received_at"], row["case_type"]
    return Seen(
        row["id"], when, type_, row["drill"], uncounted=False, courts=courts,
        provinces=provinces, standing=standing, counted=None,
    )  # fmt: skip


class _Sqlite:
    def __init__(self, url: str) -> None:
        self._connection = sqlite3.connect(str(make_url(url).database))
        self._connection.execute("PRAGMA synchronous=OFF")

    async def write(self, batch: Batch) -> None:
        for table, (columns, found) in batch.items():
            marks = ", ".join("?" * len(columns))
            statement = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})"
            self._connection.executemany(statement, (tuple(map(plain, row)) for row in found))
        self._connection.commit()

    async def close(self) -> None:
        self._connection.close()


class _Postgresql:
    def __init__(self, url: str) -> None:
        plain_url = make_url(url).set(drivername="postgresql")
        self._url = plain_url.render_as_string(hide_password=False)
        self._connection: asyncpg.Connection | None = None

    async def write(self, batch: Batch) -> None:
        if self._connection is None:
            self._connection = await asyncpg.connect(self._url)
        for table, (columns, found) in batch.items():
            await self._connection.copy_records_to_table(table, records=found, columns=columns)

    async def close(self) -> None:
        if self._connection is not None:
            await self._connection.close()


def _writer(url: str) -> _Sqlite | _Postgresql:
    return _Sqlite(url) if url.startswith("sqlite") else _Postgresql(url)


async def _write(writers: Sequence[_Sqlite | _Postgresql], batch: Batch) -> None:
    for writer in writers:
        await writer.write(batch)


async def _finish(url: str) -> None:
    """Years and quarters, made of the months as `statistics recount` makes them."""
    database = Database.connect(url)
    for year in range(BEGIN.year, END.year + 1):
        await statistics_recount.count_year(database, ZONE, year, now=END)
    async with database.engine.connect() as connection:
        await connection.exec_driver_sql("ANALYZE")
        await connection.commit()
    await database.close()


async def agreement(database: Database, *, whole: bool) -> str:
    """A sentence that a sample is what the product itself counts: everything, batch by batch, or the last full month.

    Raises:
        AssertionError: it is not.
    """
    if whole:
        before = await _contents(database, None)
        async with database.transaction() as session:
            await session.execute(update(Filing).values(uncounted=True))
            await session.execute(delete(CountedFiling))
            await session.execute(delete(StatisticsSheet))
        while await _batch(database):
            pass
        assert await _contents(database, None) == before
        return f"all {len(before):,} sheets are equal to those counted batch by batch"
    month = (END - timedelta(days=45)).date().replace(day=1)
    before = await _contents(database, spans_within(month))
    await statistics_recount.count_month(database, ZONE, month, now=END)
    assert await _contents(database, spans_within(month)) == before
    year = list(spans_of_months(END.year - 1))
    before_of_year = await _contents(database, year)
    await statistics_recount.count_year(database, ZONE, END.year - 1, now=END)
    assert await _contents(database, year) == before_of_year
    return f"{len(before) + len(before_of_year):,} sheets of a month and a year are equal to those of a recount"


async def _batch(database: Database) -> int | None:
    async with database.transaction() as session:
        return await statistics_cells.count(session, ZONE, now=END)


async def _contents(
    database: Database, spans: Sequence[str] | None
) -> dict[tuple[str, str, str], bytes]:
    table = StatisticsSheet
    asked = select(table.series, table.span, table.unit, table.content)
    async with database.reading() as session:
        found = await session.execute(
            asked if spans is None else asked.where(table.span.in_(spans))
        )
        return {(series, span, unit): content for series, span, unit, content in found}
