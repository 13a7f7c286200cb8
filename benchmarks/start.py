"""What the product costs to have: time to readiness, memory at rest and after work, what its imports take."""

import asyncio
import sys
import time
from collections import Counter

from benchmarks import children, intake, local_telegram, report, stage
from benchmarks.report import milliseconds, spread
from benchmarks.stage import Stage
from tests import processes

STARTS, FILINGS, TOP = 5, 1000, 15
#: Seconds of idling before memory is read.
SETTLING = 2.0


async def measure() -> None:
    """Some cold starts on each engine, one of them put to work, and the imports."""
    rows = []
    async with stage.opened(intake.COURTS) as ground:
        for engine in stage.ENGINES:
            report.say(f"start: {engine}")
            starts, spent, idle, worked, later = await _starts(ground, engine)
            rows.append(
                (
                    engine,
                    milliseconds(starts, 0),
                    milliseconds(spent, 0),
                    *(spread([v], 0, " MB") for v in (idle, worked, later)),
                )
            )
    report.table(
        f"start: {STARTS} starts of `serve` to /readyz 200, files in the kernel's cache; resident memory",
        (
            "",
            "to readiness",
            "of it processor",
            "idle",
            f"after {FILINGS} filings",
            "when all had been sent",
        ),
        rows,
        ("aim: at most 1,500 ms and 120 MB",),
    )
    await _imports()


async def _starts(
    ground: Stage, engine: str
) -> tuple[list[float], list[float], float, float, float]:
    taken: list[float] = []
    spent: list[float] = []
    idle = worked = later = 0.0
    async with (
        ground.fresh(engine) as url,
        local_telegram.running(ground.places, limited=False) as telegram,
    ):
        lifted = {f"LIAISON_RATE_{name}": "0" for name in ("GLOBAL", "GROUP", "CHAT")}
        settings = ground.settings(url) | telegram.settings() | lifted
        for number in range(STARTS):
            began = time.monotonic()
            async with children.serving(
                children.product("serve"), ground.folder, settings, ready="/readyz"
            ) as server:
                taken.append(time.monotonic() - began)
                spent.append(server.cpu())
                if number < STARTS - 1:
                    continue
                await asyncio.sleep(SETTLING)
                idle = server.memory()
                spec = intake.load_spec(ground, engine, server.address)
                await children.run(children.module("load"), spec | {"count": FILINGS})
                worked = server.memory()
                await telegram.rest(quiet=2, longest=60, at_least=3 * FILINGS)
                later = server.memory()
    return taken, spent, idle, worked, later


async def _imports() -> None:
    """The modules whose own code takes longest to load, and the sum by package, as `-X importtime` says."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-X", "importtime", "-c", "import bot.app",
        cwd=children.ROOT, env=processes.environment({}), stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    _, err = await process.communicate()
    own: list[tuple[int, str]] = []
    packages: Counter[str] = Counter()
    for line in err.decode().splitlines():
        parts = line.removeprefix("import time:").split("|")
        if len(parts) == 3 and parts[0].strip().isdigit():
            name, microseconds = parts[2].strip(), int(parts[0])
            own.append((microseconds, name))
            packages[name.partition(".")[0]] += microseconds
    total = sum(packages.values())
    report.table(
        f"imports of bot.app: {len(own)} modules in {total / 1000:.0f} ms (slower by the counting); "
        "own time by package",
        ("", "ms", "share"),
        [
            (n, f"{us / 1000:.0f}", f"{us / total * 100:.0f} %")
            for n, us in packages.most_common(TOP)
        ],
    )
    report.table(
        "imports of bot.app: the slowest modules, own time",
        ("", "ms"),
        [(name, f"{us / 1000:.1f}") for us, name in sorted(own, reverse=True)[:TOP]],
    )
