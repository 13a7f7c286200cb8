"""What the nation's directory costs as files and at rest: `directory export` by format, `serve` with it and without."""

import asyncio
import os
import time
from pathlib import Path

from benchmarks import children, local_telegram, nation, report, stage
from benchmarks.nation import loading
from benchmarks.report import milliseconds, spread
from benchmarks.stage import Stage
from directory.clock import SystemClock
from directory.database import Database
from tests import processes

ROUNDS = 3
KINDS = ("csv", "xlsx", "vcf")
#: Seconds between two looks at a child's memory, and of rest before a server's is read.
LOOK, SETTLING = 0.01, 10.0


async def measure() -> None:
    """Exports of each kind from both engines, then starts of `serve` on an empty directory and on the nation."""
    whole = nation.generate(1)
    files: list[tuple[object, ...]] = []
    starts: list[tuple[object, ...]] = []
    async with stage.opened(0) as ground:
        for engine in stage.ENGINES:
            async with ground.fresh(engine) as url:
                report.say(f"exports: {engine}")
                starts.append(await _starts(ground, engine, url, "no court"))
                await _fill(url, whole)
                files += [await _exports(ground, engine, url, kind) for kind in KINDS]
                starts.append(await _starts(ground, engine, url, "the nation"))
    report.table(
        f"directory export: {len(whole.courts):,} courts, {whole.people:,} people",
        ("", "engine", "seconds", "processor", "peak MB", "written, MB"),
        files,
        (f"the whole command, median of {ROUNDS} [lowest–highest], .vcf of one; mobiles masked",),
    )
    report.table(
        "serve: to /readyz 200, files in the kernel's cache; resident memory at rest",
        ("directory", "engine", "to readiness", "of it processor", "idle"),
        starts,
        (f"median of {ROUNDS}; idle {SETTLING:.0f} s after readiness, the search's index built",),
    )


async def _fill(url: str, whole: nation.Nation) -> None:
    database = Database.connect(url)
    await loading.load(database, whole, SystemClock().now())
    await database.close()


async def _exports(ground: Stage, engine: str, url: str, kind: str) -> tuple[object, ...]:
    file = ground.folder / f"{engine}.{kind}"
    rounds = [await _export(url, file) for _ in range(ROUNDS if kind != "vcf" else 1)]
    written = sum(path.stat().st_size for path in ground.folder.glob(f"*{engine}*.{kind}"))
    seconds, processor, peak = zip(*rounds, strict=True)
    return (
        f".{kind}",
        engine,
        spread(list(seconds)),
        spread(list(processor)),
        f"{max(peak):.0f}",
        f"{written / 2**20:.1f}",
    )


async def _export(url: str, file: Path) -> tuple[float, float, float]:
    """Seconds, seconds of a processor, and the most memory (MB) that one export held."""
    began, spent = time.monotonic(), os.times()
    process = await asyncio.create_subprocess_exec(
        *children.product("directory", "export", str(file)),
        env=processes.environment({"LIAISON_DATABASE_URL": url}),
        stdout=asyncio.subprocess.DEVNULL,
    )
    ending, peak = asyncio.create_task(process.wait()), 0.0
    while not ending.done():
        peak = max(peak, _peak(process.pid))
        await asyncio.wait([ending], timeout=LOOK)
    assert ending.result() == 0, "the export failed"
    took, after = time.monotonic() - began, os.times()
    own = after.children_user + after.children_system - spent.children_user - spent.children_system
    return took, own, peak


def _peak(pid: int) -> float:
    """The most memory (MB) a process has held so far; 0 once it has ended."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM:")), 0.0)


async def _starts(ground: Stage, engine: str, url: str, holds: str) -> tuple[object, ...]:
    taken, spent, idle = [], [], []
    async with local_telegram.running(ground.places, limited=False) as telegram:
        for _ in range(ROUNDS):
            began = time.monotonic()
            async with children.serving(
                children.product("serve"),
                ground.folder,
                ground.settings(url) | telegram.settings(),
                ready="/readyz",
            ) as server:
                taken.append(time.monotonic() - began)
                spent.append(server.cpu())
                await asyncio.sleep(SETTLING)
                idle.append(server.memory())
    return (
        holds,
        engine,
        milliseconds(taken, 0),
        milliseconds(spent, 0),
        spread(idle, 0, " MB"),
    )
