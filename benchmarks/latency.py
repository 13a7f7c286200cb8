"""From the answer 201 to the message arriving at the local Telegram, limits lifted, beside a plain bot."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from benchmarks import children, local_telegram, report, stage
from benchmarks.report import milliseconds, percentile, spread
from benchmarks.stage import Stage

#: Filings per second, and how many.
PACES = ((1, 15), (20, 300))
ROUNDS = 2
#: As many courts file as are filed to; none comes twice in a round, warming included.
WARMING = 20
HALF = WARMING + sum(number for _, number in PACES)

VARIANTS = ("product, sqlite", "product, postgresql", "plain bot")
LIFTED = {"LIAISON_RATE_GLOBAL": "0", "LIAISON_RATE_GROUP": "0", "LIAISON_RATE_CHAT": "0"}


@dataclass(slots=True)
class Waits:
    """Seconds from the answer to an arrival, and to how many filings nothing came."""

    officer: list[float] = field(default_factory=list)
    group: list[float] = field(default_factory=list)
    #: Percentiles of the officer's page, by round.
    p50: list[float] = field(default_factory=list)
    p99: list[float] = field(default_factory=list)
    lost: int = 0


async def measure() -> None:
    """The variants in turn, round after round."""
    results = {(name, rate): Waits() for name in VARIANTS for rate, _ in PACES}
    async with stage.opened(2 * HALF) as ground:
        for number in range(ROUNDS):
            for name in VARIANTS:
                report.say(f"latency, round {number + 1}: {name}")
                await _one_round(ground, name, {rate: results[name, rate] for rate, _ in PACES})
    _show(results)


async def _one_round(ground: Stage, name: str, into: Mapping[int, Waits]) -> None:
    engine = "postgresql" if "postgresql" in name else "sqlite"
    async with (
        ground.fresh(engine) as url,
        local_telegram.running(ground.places, limited=False) as telegram,
    ):
        settings = ground.settings(url) | telegram.settings() | LIFTED
        command = children.product("serve")
        if name == "plain bot":
            command = children.module("plain_bot", "lifted", str(ground.places_file))
        async with children.serving(command, ground.folder, settings) as server:
            codes = [place.code for place in ground.places]
            pairs = list(zip(codes[HALF:], codes[:HALF], strict=True))
            answered: dict[str, float] = {}
            for rate, number in ((20, WARMING), *PACES):
                spec = {
                    "address": server.address, "token": ground.tokens[engine], "connections": 16,
                    "count": number, "rate": rate, "prefix": f"P{rate}N{number}",
                    "courts": pairs[:number],
                }  # fmt: skip
                pairs = pairs[number:]
                seen = await children.run(children.module("load"), spec)
                answered |= seen["answered"]
                await telegram.rest(quiet=0.5, longest=20)
            arrivals = await telegram.arrivals()
    for rate, number in PACES:
        _note(answered, arrivals, f"P{rate}N{number}-", into[rate])


def _note(
    answered: Mapping[str, float],
    arrivals: list[local_telegram.Arrival],
    prefix: str,
    into: Waits,
) -> None:
    """A filing's first message to a person is the page; negative chats are groups, the filing court's last."""
    officer: dict[str, float] = {}
    group: dict[str, float] = {}
    for arrival in arrivals:
        if arrival.reference.startswith(prefix):
            first = officer if arrival.chat > 0 else group
            first.setdefault(arrival.reference, arrival.at)
    mine = {name: at for name, at in answered.items() if name.startswith(prefix)}
    waits = [officer[name] - at for name, at in mine.items() if name in officer]
    into.officer += waits
    into.group += [group[name] - at for name, at in mine.items() if name in group]
    into.p50.append(percentile(waits, 0.5))
    into.p99.append(percentile(waits, 0.99))
    into.lost += sum(name not in officer or name not in group for name in mine)


def _show(results: Mapping[tuple[str, int], Waits]) -> None:
    rows = []
    for rate, _ in PACES:
        for name in VARIANTS:
            waits = results[name, rate]
            rows.append(
                (
                    name,
                    f"{rate}/s",
                    len(waits.officer),
                    milliseconds(waits.p50),
                    milliseconds(waits.p99),
                    milliseconds([max(waits.officer, default=0.0)]),
                    milliseconds([percentile(waits.group, 0.5)]),
                    milliseconds([percentile(waits.group, 0.99)]),
                    spread([float(waits.lost)]),
                )
            )
    report.table(
        f"latency: from the 201 to the arrival at the local Telegram, limits lifted, {ROUNDS} rounds in turn",
        (
            "",
            "filings",
            "n",
            "officer p50",
            "officer p99",
            "worst",
            "group p50",
            "group p99",
            "lost",
        ),
        rows,
        (
            "median of the rounds [lowest–highest]; every filing between another pair of courts",
            "three messages a filing: the group's, the officer's, and the filing court's",
            "below zero: it had arrived before the client had read the answer",
            "aim: p50 at most 10 ms, p99 at most 50 ms",
        ),
    )
