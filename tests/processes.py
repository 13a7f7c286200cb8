"""The product as processes of its own: commands that end, and `serve` that stays. Reads no output but theirs."""

import asyncio
import atexit
import functools
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from tests import log_scan
from tests.postgres import free_port

ROOT = Path(__file__).parent.parent

#: Commands that run the whole product: from `bot.py` on, as an operator does.
LONG_LIVED = frozenset({"demo", "serve"})

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
    run = _executed if words[0] in LONG_LIVED else _forked
    return await run(words, environment(settings))


async def _executed(words: Sequence[str], settings: dict[str, str]) -> Finished:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(ROOT / "bot.py"),
        *words,
        env=settings,
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


async def _forked(words: Sequence[str], settings: dict[str, str]) -> Finished:
    """In a process forked from one that has imported the product already: `tests.command_launcher`."""
    order = {"words": words, "environment": settings, "folder": str(Path.cwd())}
    mine, theirs = socket.socketpair()
    with mine, theirs, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        files = [out.fileno(), err.fileno(), theirs.fileno()]
        socket.send_fds(_launcher(), [json.dumps(order).encode()], files)
        theirs.close()
        mine.setblocking(False)
        async with asyncio.timeout(PATIENCE):
            status = await asyncio.get_running_loop().sock_recv(mine, 64)
        assert status, "the process was killed"
        out.seek(0)
        err.seek(0)
        return Finished(int(status), out.read().decode(), err.read().decode())


@functools.cache
def _launcher() -> socket.socket:
    """Where orders go; the launcher ends when this process does."""
    mine, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.command_launcher", str(theirs.fileno())],
        cwd=ROOT,
        pass_fds=[theirs.fileno()],
        stdin=subprocess.DEVNULL,
    )
    theirs.close()

    def end() -> None:
        mine.close()
        process.wait(PATIENCE)

    atexit.register(end)
    return mine


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
    found = log_scan.faults_in(log.read_text(errors="replace"))
    assert found == [], "secrets in the log of serve"


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
