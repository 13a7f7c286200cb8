"""Where the time goes: samples of the product taking filings in, and of the product sending without limits."""

import asyncio
import json
import os
import signal
from collections.abc import Mapping
from typing import Any

from benchmarks import children, intake, local_telegram, report, stage
from benchmarks.latency import LIFTED
from benchmarks.sampled import OURS
from benchmarks.stage import Stage

FILINGS, TOP = 3000, 15


async def measure() -> None:
    """Intake with sending at its default pace, then sending alone."""
    async with stage.opened(intake.COURTS) as ground:
        for engine in stage.ENGINES:
            report.say(f"profile, {engine}: intake")
            found, seconds, cpu = await _intake(ground, engine)
            _show(f"intake on {engine}", FILINGS, found, seconds, cpu)
        report.say("profile: the dispatcher")
        found, messages, seconds, cpu = await _dispatcher(ground, "sqlite")
        _show("sending on sqlite, limits lifted", messages, found, seconds, cpu)


async def _intake(ground: Stage, engine: str) -> tuple[Mapping[str, Any], float, float]:
    async with (
        ground.fresh(engine) as url,
        local_telegram.running(ground.places, limited=True) as telegram,
    ):
        path = ground.folder / "samples.json"
        command = children.sampled(str(path), "serve")
        settings = ground.settings(url) | telegram.settings()
        async with children.serving(command, ground.folder, settings) as server:
            spec = intake.load_spec(ground, engine, server.address)
            warm = spec | {"count": intake.WARMING, "prefix": "WARM"}
            await children.run(children.module("load"), warm)
            os.kill(server.pid, signal.SIGUSR1)
            before = server.cpu()
            seen = await children.run(children.module("load"), spec | {"count": FILINGS})
            cpu = server.cpu() - before
        return json.loads(path.read_text()), seen["seconds"], cpu


async def _dispatcher(ground: Stage, engine: str) -> tuple[Mapping[str, Any], int, float, float]:
    """File first, at the slowest pace of sending; then start anew and let everything leave."""
    async with (
        ground.fresh(engine) as url,
        local_telegram.running(ground.places, limited=False) as telegram,
    ):
        slow = dict.fromkeys(LIFTED, "1")
        settings = ground.settings(url) | telegram.settings()
        command = children.product("serve")
        async with children.serving(command, ground.folder, settings | slow) as server:
            spec = intake.load_spec(ground, engine, server.address)
            await children.run(children.module("load"), spec | {"count": FILINGS // 3})
        path = ground.folder / "samples.json"
        command = children.sampled(str(path), "serve")
        async with children.serving(command, ground.folder, settings | LIFTED) as server:
            os.kill(server.pid, signal.SIGUSR1)
            before, cpu = await telegram.count(), server.cpu()
            began = asyncio.get_running_loop().time()
            await telegram.rest(quiet=1.0, longest=60, at_least=FILINGS - 50)
            arrivals = await telegram.arrivals()
            seconds = asyncio.get_running_loop().time() - began - 1.0
            cpu = server.cpu() - cpu
        return json.loads(path.read_text()), len(arrivals) - before, seconds, cpu


def _show(title: str, number: int, found: Mapping[str, Any], seconds: float, cpu: float) -> None:
    samples = max(1, found["samples"])

    def share(count: int) -> str:
        return f"{count / samples * 100:.1f} %"

    ours = [(name, count) for name, count in found["total"] if name.startswith(OURS)]
    columns = ("", "samples", "share")
    report.table(
        f"{title}: {number} in {seconds:.1f} s ({number / seconds:,.0f}/s), "
        f"{cpu / number * 1000:.2f} ms of processor each; own time, by package",
        columns,
        [(name, count, share(count)) for name, count in found["packages"][:TOP]],
    )
    report.table(
        f"{title}: own time, by function",
        columns,
        [(name, count, share(count)) for name, count in found["own"][:TOP]],
    )
    report.table(
        f"{title}: by the product's function nearest to the work, with the libraries it calls",
        columns,
        [(name, count, share(count)) for name, count in found["nearest"][:TOP]],
    )
    report.table(
        f"{title}: the product's own functions, with all they call",
        columns,
        [(name, count, share(count)) for name, count in ours[: 2 * TOP]],
        ("samples of processor time under a sampler, which itself costs some percent",),
    )
