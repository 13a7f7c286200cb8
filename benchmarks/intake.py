"""Filings per second through the real interface, beside a bare handler that makes three rows durable."""

import random
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from benchmarks import children, local_telegram, report, stage
from benchmarks.report import milliseconds, percentile, spread
from benchmarks.stage import Stage

CONNECTIONS, COURTS = 16, 128
WARMING, COUNT, ROUNDS = 200, 2000, 3

#: The product, and the two floors.
VARIANTS = ("product", "group", "single")
_WORDS = {
    "product": "the product",
    "group": "floor: waiting requests share a commit",
    "single": "floor: a transaction for each request",
}


@dataclass(slots=True)
class Rounds:
    """What the rounds of one variant gave."""

    rates: list[float] = field(default_factory=list)
    p50: list[float] = field(default_factory=list)
    p99: list[float] = field(default_factory=list)
    #: Milliseconds of processor that the server spent on a filing.
    cost: list[float] = field(default_factory=list)
    #: Share of one processor used by the server, by PostgreSQL and by the client.
    server: list[float] = field(default_factory=list)
    database: list[float] = field(default_factory=list)
    client: list[float] = field(default_factory=list)


async def measure() -> None:
    """Both engines, the variants in turn, round after round."""
    async with stage.opened(COURTS) as ground:
        for engine in stage.ENGINES:
            results = {variant: Rounds() for variant in VARIANTS}
            for number in range(ROUNDS):
                for variant in VARIANTS:
                    report.say(f"intake, {engine}, round {number + 1}: {_WORDS[variant]}")
                    await one_round(ground, engine, variant, results[variant])
            _show(engine, results)


async def one_round(ground: Stage, engine: str, variant: str, into: Rounds) -> None:
    """A fresh database and fresh processes; warmed, then measured."""
    async with (
        ground.fresh(engine) as url,
        local_telegram.running(ground.places, limited=True) as telegram,
    ):
        settings = ground.settings(url)
        if variant == "product":
            command = children.product("serve")
            settings |= telegram.settings()
        else:
            command = children.module("floor", variant)
        async with children.serving(command, ground.folder, settings) as server:
            spec = load_spec(ground, engine, server.address)
            await children.run(children.module("load"), spec | {"count": WARMING, "prefix": "WARM"})
            before, database = server.cpu(), children.cpu_of_all("postgres: ")
            seen = await children.run(children.module("load"), spec)
            _note(seen, server.cpu() - before, children.cpu_of_all("postgres: ") - database, into)


def load_spec(ground: Stage, engine: str, address: str) -> dict[str, Any]:
    """Filings between random pairs of courts, every reference another."""
    dice = random.Random(19)
    codes = [place.code for place in ground.places]
    return {
        "address": address,
        "token": ground.tokens[engine],
        "connections": CONNECTIONS,
        "count": COUNT,
        "rate": None,
        "prefix": "BENCH",
        "courts": [dice.sample(codes, 2) for _ in range(1000)],
    }


def _note(seen: dict[str, Any], server: float, database: float, into: Rounds) -> None:
    statuses = Counter(seen["statuses"])
    if set(statuses) != {"201"}:
        raise AssertionError(f"not every filing was taken: {statuses}")
    seconds = seen["seconds"]
    into.rates.append(len(seen["latencies"]) / seconds)
    into.p50.append(percentile(seen["latencies"], 0.5))
    into.p99.append(percentile(seen["latencies"], 0.99))
    into.cost.append(server / len(seen["latencies"]) * 1000)
    into.server.append(server / seconds * 100)
    into.database.append(database / seconds * 100)
    into.client.append(seen["cpu"] / seconds * 100)


def _show(engine: str, results: dict[str, Rounds]) -> None:
    product = results["product"]
    rows = []
    for variant, found in results.items():
        pairs = zip(product.rates, found.rates, strict=True)
        ratios = [ours / theirs for ours, theirs in pairs]
        rows.append(
            (
                _WORDS[variant],
                spread(found.rates),
                "" if variant == "product" else spread(ratios, 2),
                milliseconds(found.p50),
                milliseconds(found.p99),
                spread(found.cost, 2, " ms"),
                spread(found.server, 0, " %"),
                spread(found.database, 0, " %") if engine == "postgresql" else "–",
                spread(found.client, 0, " %"),
            )
        )
    report.table(
        f"intake on {engine}: {COUNT} filings a round at {CONNECTIONS} connections, {COURTS} courts, "
        f"{ROUNDS} rounds in turn",
        (
            "",
            "filings/s",
            "product ÷ this",
            "p50",
            "p99",
            "CPU a filing",
            "server CPU",
            "database CPU",
            "client CPU",
        ),
        rows,
        (
            "median of the rounds [lowest–highest]; CPU in percent of one processor",
            "the product checks a token and writes 1 filing, 3 events and 3 messages; the floor 1, 1 and 1",
            "the product sends meanwhile, at its default pace, to the local Telegram",
            "aim: at least 1,000/s and 0.40 of the floor",
        ),
    )
