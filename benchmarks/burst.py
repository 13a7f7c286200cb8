"""500 filings at once under Telegram's real limits: the time beside the floor, refusals, losses, order."""

import asyncio
from dataclasses import dataclass

from benchmarks import children, local_telegram, report, stage
from benchmarks.local_telegram import Arrival
from benchmarks.stage import Place, Stage

FILINGS = 500
#: A group's page, an officer's page, and the card of the court that filed.
MESSAGES = 3 * FILINGS
#: What Telegram lets through in a second, over all chats.
PER_SECOND = 30
LONGEST = 150.0

VARIANTS = ("product, sqlite", "product, postgresql", "plain bot")


@dataclass(slots=True)
class Result:
    """What came of one burst."""

    seconds: float
    arrived: int
    limited: int
    lost: int
    repeated: int
    #: News that arrived while pages were still waiting.
    early_news: int
    #: When the last page had arrived, in seconds.
    pages_done: float


async def measure() -> None:
    """One burst a variant: each takes about a minute."""
    rows = []
    async with stage.opened(FILINGS) as ground:
        for name in VARIANTS:
            report.say(f"burst: {name} (about a minute)")
            rows.append((name, *_cells(await _one_burst(ground, name))))
    report.table(
        f"burst: {FILINGS} filings to {FILINGS} courts, {MESSAGES} messages, real limits enforced "
        f"(floor {MESSAGES / PER_SECOND:.0f} s)",
        ("", "seconds", "÷ floor", "arrived", "429", "lost", "twice", "pages done", "early news"),
        rows,
        (
            "seconds from the first filing to the last arrival; the floor is messages ÷ 30 a second",
            "pages done: when the last page had arrived; early news: of 500, those before the last page",
            "aim: at most 1.05, no 429, nothing lost, pages before news",
        ),
    )


def _cells(result: Result) -> tuple[object, ...]:
    return (
        f"{result.seconds:.1f}",
        f"{result.seconds / (MESSAGES / PER_SECOND):.3f}",
        result.arrived,
        result.limited,
        result.lost,
        result.repeated,
        f"{result.pages_done:.1f} s",
        result.early_news,
    )


async def _one_burst(ground: Stage, name: str) -> Result:
    engine = "postgresql" if "postgresql" in name else "sqlite"
    # Each court is filed to once and files once, as on the day of a national drill.
    shifted = ground.places[1:] + ground.places[:1]
    pairs = list(zip(shifted, ground.places, strict=True))
    async with (
        ground.fresh(engine) as url,
        local_telegram.running(ground.places, limited=True) as telegram,
    ):
        settings = ground.settings(url) | telegram.settings()
        command = children.product("serve")
        if name == "plain bot":
            command = children.module("plain_bot", "limited", str(ground.places_file))
        async with children.serving(command, ground.folder, settings) as server:
            await asyncio.sleep(1)  # What a start sends to nobody is over.
            spec = {
                "address": server.address, "token": ground.tokens[engine], "connections": 16,
                "count": FILINGS, "rate": None, "prefix": "BURST",
                "courts": [[filing.code, deciding.code] for filing, deciding in pairs],
            }  # fmt: skip
            seen = await children.run(children.module("load"), spec)
            await telegram.rest(quiet=8, longest=LONGEST, at_least=MESSAGES)
            return _result(await telegram.arrivals(), pairs, seen["began"])


def _result(arrivals: list[Arrival], pairs: list[tuple[Place, Place]], began: float) -> Result:
    expected: dict[tuple[str, int], str] = {}
    for number, (filing, deciding) in enumerate(pairs):
        reference = f"BURST-{number:06d}"
        expected[reference, deciding.group] = expected[reference, deciding.officer] = "page"
        expected[reference, filing.group] = "news"
    arrived: dict[tuple[str, int], float] = {}
    repeated = 0
    for arrival in arrivals:
        if arrival.outcome == "ok" and arrival.method == "sendMessage":
            key = (arrival.reference, arrival.chat)
            repeated += key in arrived
            arrived.setdefault(key, arrival.at)
    pages = [at for key, at in arrived.items() if expected.get(key) == "page"]
    last_page = max(pages, default=began)
    news = [at for key, at in arrived.items() if expected.get(key) == "news"]
    return Result(
        seconds=max(arrived.values(), default=began) - began,
        arrived=len(arrived.keys() & expected.keys()),
        limited=sum(arrival.outcome == "limited" for arrival in arrivals),
        lost=len(expected.keys() - arrived.keys()),
        repeated=repeated,
        early_news=sum(at < last_page for at in news),
        pages_done=last_page - began,
    )
