"""A notice to 12,000 people under Telegram's real limits: its pace, the memory, and the pages filed meanwhile.

Of the sending, which takes seven minutes, the first `SECONDS` are watched.
`python -m benchmarks.notice whole` waits for the last one.
"""

import asyncio
import math
import sys
import time
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import update

from benchmarks import children, local_telegram, report, stage
from benchmarks.children import Server
from benchmarks.local_telegram import Arrival, Telegram
from benchmarks.report import percentile
from benchmarks.stage import Stage
from directory.clock import SystemClock
from directory.database import Database
from directory.models import Officer
from notifications import notices
from notifications.desk import DeskRules
from notifications.ladder import LadderBook
from notifications.notice_audience import Audience
from notifications.notices import Wish

#: Three people a court.
COURTS = 4000
PEOPLE = 3 * COURTS
SECONDS = 40.0
#: What the product allows itself in a second over all chats.
PER_SECOND = 29
#: Filings a second meanwhile, each of three messages.
FILINGS = 1
#: The longest a whole notice may take, in multiples of its floor.
PATIENCE = 1.5

RULES = DeskRules(LadderBook.built_in(), "Asia/Shanghai", "zh-CN")


@dataclass(slots=True)
class Watched:
    """What was seen of one notice on one engine."""

    arrivals: list[Arrival] = field(default_factory=list)
    answered: dict[str, float] = field(default_factory=dict)
    began: float = 0.0
    ended: float = 0.0
    #: Megabytes, twice a second.
    memory: list[float] = field(default_factory=list)


async def measure(*, whole: bool = False) -> None:
    """One notice an engine; before it all of one, sent into nothing as fast as it goes."""
    report.say("notice: all of it, into nothing")
    await _flat()
    rows = []
    async with stage.opened(COURTS) as ground:
        for engine in stage.ENGINES:
            report.say(f"notice: {engine}")
            rows.append((engine, *_cells(await _one(ground, engine, whole=whole))))
    report.table(
        f"notice: {PEOPLE:,} people in {COURTS:,} courts, {FILINGS} filing a second meanwhile, real limits enforced",
        ("", "messages", "÷ floor", "429", "twice", "page p50", "page p99",
         "worst", "MB at 10 s", "MB after"),
        rows,
        (
            f"÷ floor: seconds of sending × {PER_SECOND} ÷ all messages that arrived, pages among them",
            "page: from the answer 201 to the arrival at the officer's phone while the notice is being sent",
            "MB: the most memory resident in the first ten seconds, and in all that followed",
            "aim: ÷ floor at most 1.05, nothing twice, page p99 at most 2,000 ms, memory flat",
        ),
    )  # fmt: skip


async def _flat() -> None:
    """On one engine: what the dispatcher keeps does not depend on it."""
    # A stage without courts has every table and nobody in them.
    async with stage.opened(0, ("sqlite",)) as ground, ground.fresh("sqlite") as url:
        spec = {"url": url, "people": PEOPLE, "courts": COURTS}
        seen = await children.run(children.module("notice_flat"), spec)
    row = (
        f"{sum(seen['writing']):.1f} s",
        f"{max(seen['writing']) * 1000:.0f} ms",
        f"{seen['send'] * 1000:.2f} ms",
        f"{seen['correcting'] * 1000:.0f} ms",
        f"{seen['counting'] * 1000:.0f} ms",
        f"{seen['before']:.0f}",
        f"{max(seen['memory']):.0f}",
    )
    report.table(
        f"notice: {PEOPLE:,} copies written, sent and corrected, SQLite, without limits, into nothing",
        ("all written", "longest batch", "processor a copy", "correction stored", "receipts counted", "MB before",
         "MB at most"),
        [row],
        (
            f"longest batch: the transaction of {notices.BATCH} people for which a page may have to wait",
            "aim: memory flat",
        ),
    )  # fmt: skip


async def _one(ground: Stage, engine: str, *, whole: bool) -> Watched:
    watched = Watched()
    async with (
        ground.fresh(engine) as url,
        local_telegram.running(ground.places, limited=True) as telegram,
    ):
        await _settle(url)
        settings = ground.settings(url) | telegram.settings()
        async with children.serving(children.product("serve"), ground.folder, settings) as server:
            await asyncio.sleep(2)  # What a start sends is over, the index of names is built.
            database = Database.connect(url)
            try:
                await _send(database)
                watched.began = time.monotonic()
                await asyncio.gather(
                    _watch_memory(server, telegram, watched, whole=whole),
                    _file(ground, engine, server, watched),
                )
            finally:
                await database.close()
            watched.arrivals = await telegram.arrivals()
    return watched


async def _settle(url: str) -> None:
    """A desk that has run for a while has planned when it asks about each card: that is not measured here."""
    database = Database.connect(url)
    later = SystemClock().now() + timedelta(days=30)
    async with database.transaction() as session:
        await session.execute(update(Officer).values(verify_next_at=later))
    await database.close()


async def _send(database: Database) -> None:
    now = SystemClock().now()
    wish = Wish("系统今晚 20:00 维护，请提前保存。", Audience("nation"), now, "测量")
    async with database.transaction() as session:
        await notices.send(session, wish, RULES, now=now)


async def _watch_memory(
    server: Server, telegram: Telegram, watched: Watched, *, whole: bool
) -> None:
    """Sample the memory until the time is over or, of a whole notice, until all has arrived."""
    floor = PEOPLE / PER_SECOND
    until = watched.began + (PATIENCE * floor if whole else SECONDS)
    while time.monotonic() < until:
        await asyncio.sleep(0.5)
        watched.memory.append(server.memory())
        if whole and await telegram.count() >= PEOPLE + 3 * FILINGS * SECONDS:
            break
    watched.ended = time.monotonic()


async def _file(ground: Stage, engine: str, server: Server, watched: Watched) -> None:
    """Filings at a steady pace, each between another pair of courts, until shortly before the end."""
    codes = [place.code for place in ground.places]
    count = int(FILINGS * (SECONDS - 5))
    spec = {
        "address": server.address, "token": ground.tokens[engine], "connections": 4,
        "count": count, "rate": FILINGS, "prefix": "NOTICE",
        "courts": list(zip(codes[count : 2 * count], codes[:count], strict=True)),
    }  # fmt: skip
    watched.answered = (await children.run(children.module("load"), spec))["answered"]


def _cells(watched: Watched) -> tuple[object, ...]:
    sent = [
        a for a in watched.arrivals if a.outcome == "ok" and watched.began <= a.at <= watched.ended
    ]
    last = max((arrival.at for arrival in sent), default=watched.began)
    first = min((arrival.at for arrival in sent), default=watched.began)
    texts = [a.chat for a in sent if not a.reference and a.method == "sendMessage"]
    pages: dict[str, float] = {}
    for arrival in sent:
        if arrival.reference and arrival.chat > 0:
            pages.setdefault(arrival.reference, arrival.at)
    waits = [pages[name] - at for name, at in watched.answered.items() if name in pages]
    return (
        len(sent),
        f"{(last - first) * PER_SECOND / max(1, len(sent) - 1):.3f}",
        sum(arrival.outcome == "limited" for arrival in watched.arrivals),
        len(texts) - len(set(texts)),
        f"{percentile(waits, 0.5) * 1000:.0f} ms",
        f"{percentile(waits, 0.99) * 1000:.0f} ms",
        f"{max(waits, default=math.nan) * 1000:.0f} ms",
        f"{max(watched.memory[:20], default=0):.0f}",
        f"{max(watched.memory[20:], default=0):.0f}",
    )


if __name__ == "__main__":
    asyncio.run(measure(whole="whole" in sys.argv[1:]))
