"""Processes under measurement: started, waited for, their time on the processor read from the kernel, ended."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

from tests import processes
from tests.postgres import free_port

ROOT = processes.ROOT

#: Seconds a server may take until it answers.
PATIENCE = 60.0

#: The longest line (bytes) that a child may answer with.
LONGEST_LINE = 256 * 2**20

_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(slots=True)
class Server:
    """A server that answers at `address`."""

    process: asyncio.subprocess.Process
    address: str
    log: Path

    @property
    def pid(self) -> int:
        """Its number."""
        return self.process.pid

    def cpu(self) -> float:
        """Seconds it has spent on a processor so far."""
        return cpu_seconds(self.pid)

    def memory(self) -> float:
        """Megabytes of memory resident now (RSS)."""
        for line in Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
        raise AssertionError("the kernel does not say how much memory it uses")


def cpu_seconds(pid: int) -> float:
    """Seconds a process has spent on a processor, in user and in system mode."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def cpu_of_all(words: str) -> float:
    """The same of every process whose command line holds `words`, such as a database's workers."""
    total = 0.0
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if words in (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode():
                total += cpu_seconds(int(folder.name))
        except (OSError, UnicodeDecodeError):
            continue
    return total


def product(*words: str) -> list[str]:
    """The command line of the product."""
    return [sys.executable, str(ROOT / "bot.py"), *words]


def sampled(*words: str) -> list[str]:
    """The command line of the product under the sampler: a file for what is found, then the words."""
    return module("sampled", *words)


def module(name: str, *words: str) -> list[str]:
    """The command line of a module of the benchmarks."""
    return [sys.executable, "-m", f"benchmarks.{name}", *words]


@asynccontextmanager
async def serving(
    command: Sequence[str], folder: Path, settings: Mapping[str, str], *, ready: str = "/healthz"
) -> AsyncIterator[Server]:
    """Run a server that takes its port from LIAISON_HTTP_PORT; asked to end afterwards."""
    port = free_port()
    log = folder / f"server-{port}.log"
    with log.open("wb") as output:
        process = await asyncio.create_subprocess_exec(
            *command,
            cwd=ROOT,
            env=processes.environment({"LIAISON_HTTP_PORT": str(port), **settings}),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
    server = Server(process, f"http://127.0.0.1:{port}", log)
    try:
        await _await_answer(server, ready)
        yield server
    finally:
        await _end(process)


async def _await_answer(server: Server, ready: str) -> None:
    async with asyncio.timeout(PATIENCE), aiohttp.ClientSession() as client:
        while True:
            if server.process.returncode is not None:
                words = server.log.read_text(errors="replace")[-3000:]
                raise AssertionError(f"it ended with {server.process.returncode}: {words}")
            try:
                async with client.get(server.address + ready) as answer:
                    if answer.status == 200:
                        return
            except aiohttp.ClientConnectionError:
                pass
            await asyncio.sleep(0.005)


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is not None:
        return
    process.terminate()
    try:
        async with asyncio.timeout(15):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()


async def run(command: Sequence[str], spec: Any) -> Any:
    """Run a child that reads one JSON document and prints one."""
    process = await asyncio.create_subprocess_exec(
        *command,
        cwd=ROOT,
        env=processes.environment({}),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    out, _ = await process.communicate(json.dumps(spec).encode())
    if process.returncode:
        raise AssertionError(f"{command} ended with {process.returncode}")
    return json.loads(out)


@dataclass(slots=True)
class Talker:
    """A child that answers each line with a line, both JSON."""

    process: asyncio.subprocess.Process

    async def ask(self, question: Any) -> Any:
        """One question and its answer."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(question).encode() + b"\n")
        await self.process.stdin.drain()
        line = await self.process.stdout.readline()
        if not line:
            raise AssertionError(f"the child ended with {await self.process.wait()}")
        return json.loads(line)


@asynccontextmanager
async def talking(command: Sequence[str]) -> AsyncIterator[Talker]:
    """Run such a child; it ends when its input does."""
    process = await asyncio.create_subprocess_exec(
        *command,
        cwd=ROOT,
        env=processes.environment({}),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=LONGEST_LINE,
    )
    try:
        yield Talker(process)
    finally:
        assert process.stdin is not None
        process.stdin.close()
        await _end(process)
