"""The product as processes of its own: commands that end, and `serve` that stays. Reads no output but theirs."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from tests.postgres import free_port

ROOT = Path(__file__).parent.parent

#: How long (real seconds) a command may take, and a server to answer.
PATIENCE = 60.0


@dataclass(frozen=True, slots=True)
class Finished:
    """How a command ended and what it printed."""

    code: int
    out: str
    err: str


def environment(settings: dict[str, str]) -> dict[str, str]:
    """The settings and nothing else that the product would read."""
    kept = {"PATH", "HOME", "LANG", "TMPDIR"}
    return {name: os.environ[name] for name in kept if name in os.environ} | settings


async def command(*words: str, **settings: str) -> Finished:
    """Run `bot.py` with `words`; settings by name: `LIAISON_DATABASE_URL=…`."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(ROOT / "bot.py"),
        *words,
        env=environment(settings),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(PATIENCE):
            out, err = await process.communicate()
    except TimeoutError:
        process.kill()
        await process.wait()
        raise
    assert process.returncode is not None
    return Finished(process.returncode, out.decode(), err.decode())


@dataclass(slots=True)
class Serving:
    """A `serve` under way."""

    process: asyncio.subprocess.Process
    address: str
    log: Path

    async def stop(self) -> int:
        """Ask it to end as an operator does; return its exit code."""
        if self.process.returncode is None:
            self.process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(PATIENCE):
            return await self.process.wait()

    async def kill(self) -> None:
        """End it as a power cut does."""
        if self.process.returncode is None:
            self.process.kill()
        await self.process.wait()


@asynccontextmanager
async def serving(folder: Path, **settings: str) -> AsyncIterator[Serving]:
    """Run `bot.py serve` on a free port with its output in `folder`; killed at the end if still there."""
    port = free_port()
    log = folder / f"serve-{port}.log"
    with log.open("wb") as output:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            str(ROOT / "bot.py"),
            "serve",
            env=environment({"LIAISON_HTTP_PORT": str(port)} | settings),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
    running = Serving(process, f"http://127.0.0.1:{port}", log)
    try:
        await _await_answer(running)
        yield running
    finally:
        await running.kill()


async def _await_answer(running: Serving) -> None:
    async with asyncio.timeout(PATIENCE), aiohttp.ClientSession() as client:
        while True:
            if running.process.returncode is not None:
                words = running.log.read_text(errors="replace")[-3000:]
                raise AssertionError(f"serve ended with {running.process.returncode}: {words}")
            try:
                async with client.get(f"{running.address}/healthz") as answer:
                    if answer.status == 200:
                        return
            except aiohttp.ClientConnectionError:
                await asyncio.sleep(0.05)
