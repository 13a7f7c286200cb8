"""The search over the nation of 3,500 courts and 50,000 people, beside what else could have answered, in one run."""

import asyncio
import os
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

import aiohttp
from rapidfuzz import process
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from benchmarks import children, nation, report, search_judge, stage
from benchmarks.report import milliseconds, percentile, spread
from directory.clock import SystemClock
from directory.database import Database
from directory.search import Searcher
from directory.search_index import DirectoryIndex

#: How often every judged query is asked of the index, and over HTTP.
ROUNDS, ROUNDS_OVER_HTTP = 5, 2
#: So many queries of a kind are enough where one takes tens of milliseconds.
OF_THE_SLOW = 12
BUILDS = 3

#: What others can be asked as well, with how often it is asked.
PLAIN = {
    "two characters": ("铁西", "鼓楼", "建国", "海事", "长春", "玉兰"),
    "a court's name": ("甘井子区人民法院", "大连市中级人民法院", "宁波海事法院"),
    "a person's name": ("王建国", "张伟", "欧阳修"),
    "a typing error": ("甘并子区人民法院", "呼和浩持市中级人民法院", "哈尔宾市中级人民法院"),
}

_LIKE = "SELECT name FROM {table} WHERE name {like} :words LIMIT 20"
_TABLES = ("courts", "officers")

Ask = Callable[[str], Awaitable[object]]


@dataclass(slots=True)
class Ticker:
    """How long the event loop was held up while something else ran (seconds)."""

    longest: float = 0.0
    over: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> None:
        """Look every millisecond until `over`."""
        while not self.over.is_set():
            before = time.monotonic()
            await asyncio.sleep(0.001)
            self.longest = max(self.longest, time.monotonic() - before - 0.001)


async def measure() -> None:
    """Build, ask in process and over HTTP, and ask the others."""
    async with stage.opened(0) as ground:
        whole = nation.generate(1)
        built = []
        others: dict[str, dict[str, list[float]]] = {}
        over_http = {}
        for engine in stage.ENGINES:
            report.say(f"search: {engine}")
            async with ground.fresh(engine) as url:
                database = Database.connect(url)
                await nation.load(database, whole, SystemClock().now())
                await database.close()
                built.append(await _built(engine, url))
                over_http[engine] = await _over_http(ground, engine, url)
                others |= await _databases(engine, url)
        report.say("search: in process")
        index = search_judge.indexed(whole)
        of_kind = _in_process(index)
        ours = {kind: _asked(index, words) for kind, words in PLAIN.items()}
        others = {"this search": ours} | others | {"rapidfuzz WRatio": _rapidfuzz(whole)}
    _show(whole, built, of_kind, others, over_http)


async def _built(engine: str, url: str) -> tuple[object, ...]:
    """Whole builds in processes of their own."""
    found = [
        await children.run(children.module("search_build"), {"url": url}) for _ in range(BUILDS)
    ]
    return (
        engine,
        spread([one["seconds"] for one in found], 2, " s"),
        spread([one["processor"] for one in found], 2, " s"),
        milliseconds([one["held_up"] for one in found], 0),
        spread([one["megabytes"] for one in found], 0, " MB"),
    )


def _cases() -> list[search_judge.Case]:
    found = [
        case
        for file in (search_judge.BEFORE, search_judge.AFTER)
        for case in search_judge.cases(file)
    ]
    return sorted(found, key=lambda case: case.kind)


def _in_process(index: DirectoryIndex) -> dict[str, list[float]]:
    """Seconds for courts and people together, by kind of query."""
    taken: dict[str, list[float]] = {}
    for number in range(ROUNDS + 1):
        for kind, cases in groupby(_cases(), key=lambda case: case.kind):
            for case in cases:
                began = time.perf_counter()
                index.find(case.query, province=case.province, people=True)
                # The first round makes the tables of characters and the caches.
                if number:
                    taken.setdefault(kind, []).append(time.perf_counter() - began)
    return taken


def _asked(index: DirectoryIndex, words: Iterable[str]) -> list[float]:
    return [_timed(lambda one=one: index.find(one, people=True)) for one in words for _ in range(9)]


def _timed(ask: Callable[[], object]) -> float:
    began = time.perf_counter()
    ask()
    return time.perf_counter() - began


def _rapidfuzz(whole: nation.Nation) -> dict[str, list[float]]:
    """`process.extract` with its default scorer over all names, each once."""
    rows = (*whole.courts, *whole.officers)
    names = list(dict.fromkeys(row["name"] for row in rows))
    return {
        kind: [_timed(lambda one=one: process.extract(one, names, limit=20)) for one in words]
        for kind, words in PLAIN.items()
    }


async def _databases(engine: str, url: str) -> dict[str, dict[str, list[float]]]:
    """LIKE on SQLite; ILIKE on PostgreSQL, without and with pg_trgm."""
    database = Database.connect(url)
    like = "LIKE" if engine == "sqlite" else "ILIKE"

    async def ask(words: str) -> None:
        async with database.reading() as session:
            for table in _TABLES:
                query = text(_LIKE.format(table=table, like=like))
                (await session.execute(query, {"words": f"%{words}%"})).all()

    found = {f"{engine} {like}": await _all(ask)}
    if engine == "postgresql":
        found |= await _with_trigrams(database, ask)
    await database.close()
    return found


async def _with_trigrams(database: Database, ask: Ask) -> dict[str, dict[str, list[float]]]:
    async def similar(words: str) -> None:
        async with database.reading() as session:
            for table in _TABLES:
                query = f"SELECT name FROM {table} WHERE name % :words ORDER BY name <-> :words LIMIT 20"
                (await session.execute(text(query), {"words": words})).all()

    try:
        async with database.transaction() as session:
            await session.execute(text("CREATE EXTENSION pg_trgm"))
            for table in _TABLES:
                index = f"CREATE INDEX trigrams_{table} ON {table} USING gin (name gin_trgm_ops)"
                await session.execute(text(index))
        async with database.transaction() as session:
            await session.execute(text("ANALYZE"))
    except DBAPIError as error:
        report.say(f"pg_trgm cannot be had: {str(error.orig)[:80]}")
        return {}
    return {
        "postgresql ILIKE, pg_trgm": await _all(ask),
        "pg_trgm similarity": await _all(similar),
    }


async def _all(ask: Ask) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {}
    for kind, words in PLAIN.items():
        for number in range(4):
            for one in words:
                began = time.perf_counter()
                await ask(one)
                if number:
                    found.setdefault(kind, []).append(time.perf_counter() - began)
    return found


async def _over_http(ground: stage.Stage, engine: str, url: str) -> list[float]:
    """Seconds of `GET /courts?q=` with the judged queries, one connection."""
    taken = []
    async with (
        children.serving(
            children.product("serve"), ground.folder, ground.settings(url), ready="/readyz"
        ) as server,
        aiohttp.ClientSession(
            headers={"Authorization": f"Bearer {ground.tokens[engine]}"}
        ) as client,
    ):
        # The first answer waits for the index.
        for number in range(ROUNDS_OVER_HTTP + 1):
            for case in _cases():
                query = case.query.strip()
                if not query or len(query) > 64:
                    continue
                began = time.perf_counter()
                async with client.get(
                    f"{server.address}/api/v1/courts", params={"q": query, "limit": "20"}
                ) as answer:
                    await answer.read()
                    assert answer.status == 200, (query, answer.status)
                if number:
                    taken.append(time.perf_counter() - began)
    return taken


async def build_once(url: str) -> dict[str, float]:
    """Build the index of this database once, in this process."""
    database = Database.connect(url)
    async with database.reading() as session:
        await session.execute(text("SELECT 1"))
    searcher, ticker = Searcher(database), Ticker()
    ticking = asyncio.create_task(ticker.run())
    before, began, spent = _memory(), time.monotonic(), time.process_time()
    await searcher.refresh()
    seconds, processor = time.monotonic() - began, time.process_time() - spent
    ticker.over.set()
    await ticking
    await searcher.find("甘并子 ganjz", people=True)
    megabytes = _memory() - before
    await database.close()
    return {
        "seconds": seconds,
        "processor": processor,
        "held_up": ticker.longest,
        "megabytes": megabytes,
    }


def _memory() -> float:
    """Megabytes resident in this process now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def _show(
    whole: nation.Nation,
    built: list[tuple[object, ...]],
    of_kind: dict[str, list[float]],
    others: dict[str, dict[str, list[float]]],
    over_http: dict[str, list[float]],
) -> None:
    report.table(
        f"search index: {len(whole.courts):,} courts and {whole.people:,} people, a process of its own",
        ("", "build", "of it processor", "loop held up at most", "more memory"),
        built,
        (f"median of {BUILDS} [lowest–highest]; aims: at most 3 s and 120 MB",),
    )
    every = [value for values in of_kind.values() for value in values]
    rows = [*of_kind.items(), ("all", every)]
    rows += [(f"GET /courts?q=, {engine}", taken) for engine, taken in over_http.items()]
    report.table(
        "search: courts and people together, the judged queries",
        ("kind of query", "n", "p50 ms", "p99 ms", "longest ms"),
        [
            (
                kind,
                len(taken),
                *(f"{percentile(taken, part) * 1000:.2f}" for part in (0.5, 0.99, 1.0)),
            )
            for kind, taken in rows
        ],
        ("aims: p50 at most 1 ms, p99 at most 5 ms in process; 15 ms through HTTP (courts alone)",),
    )
    report.table(
        "search beside others: milliseconds, p50 / p99",
        ("", *PLAIN),
        [(name, *(_two(taken[kind]) for kind in PLAIN)) for name, taken in others.items()],
        (
            "the databases look for courts and for people by one statement each, by what a name holds; they know no",
            "pinyin, no initials, no former names and no ranking, and find nothing for a typing error but by similarity",
        ),
    )


def _two(taken: list[float]) -> str:
    return " / ".join(f"{percentile(taken, part) * 1000:.2f}" for part in (0.5, 0.99))
