"""The test's end of forked product processes: ask the launcher for one, talk to it, see it die. Judges nothing."""

import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from tests.faults.tripwire import Spot

ROOT = Path(__file__).parent.parent.parent

#: How long (real seconds) anything may take that must happen.
PATIENCE = 20.0

#: How often (real seconds) a condition is asked again.
GRAIN = 0.002

_Value = TypeVar("_Value")


class Died(Exception):
    """The process ended before what was waited for."""


class Broke(AssertionError):
    """The process ended by an exception of its own."""


@dataclass(slots=True, eq=False)
class Child:
    """A running product. Every wait ends with `Died` once the process is gone."""

    control: socket.socket
    log: Path
    address: str = ""
    pid: int = 0
    dead: bool = False
    _heard: bytes = b""
    _lines: list[str] = field(default_factory=list)

    def tell(self, *words: object) -> None:
        """Give an order; its answer is waited for with `hear`."""
        try:
            self.control.sendall(" ".join(map(str, words)).encode() + b"\n")
        except OSError as error:
            self.dead = True
            raise Died from error

    def order(self, *words: object) -> str:
        """Give an order and wait for its answer."""
        self.tell(*words)
        return self.hear()

    def hear(self) -> str:
        """The next line it says."""
        return self.until(lambda: self._lines.pop(0) if self._lines else None)

    def until(self, condition: Callable[[], _Value | None], patience: float = PATIENCE) -> _Value:
        """The first truthy value of `condition`.

        Raises:
            Died: the process is gone. What it did before is there for the condition all the same.
            AssertionError: it lives and nothing came.
        """
        limit = time.monotonic() + patience
        while True:
            if value := condition():
                return value
            self._listen()
            if self.dead:
                if value := condition():
                    return value
                raise Died
            if time.monotonic() > limit:
                raise AssertionError(f"nothing came within {patience:g} s; see {self.log}")

    def alive(self) -> bool:
        """Whether it is still there, looked at now."""
        self._listen(0)
        return not self.dead

    def stop(self) -> None:
        """Ask it to end in order and wait until it has."""
        with contextlib.suppress(Died):
            self.order("stop")
        self.close()

    def kill(self) -> None:
        """End a ready one without warning, at whatever line it is."""
        if self.pid and self.alive():
            os.kill(self.pid, signal.SIGKILL)
        with contextlib.suppress(Died):
            self.until(lambda: None)
        self.close()

    def close(self) -> None:
        """Hang up: a process that is still there ends in order by itself."""
        self.control.close()
        self.dead = True

    def _listen(self, patience: float = GRAIN) -> None:
        if self.dead:
            return
        readable, _, _ = select.select([self.control], [], [], patience)
        if not readable:
            return
        try:
            received = self.control.recv(1 << 20)
        except OSError:
            received = b""
        self.dead = not received
        self._heard += received
        *lines, self._heard = self._heard.split(b"\n")
        for line in lines:
            if line.startswith(b"failed "):
                raise Broke(json.loads(line.removeprefix(b"failed ")))
            self._lines.append(line.decode())


@dataclass(slots=True)
class Launcher:
    """The process that forks."""

    orders: socket.socket

    def start(self, order: dict[str, Any], *, at_start: Spot | str | None = None) -> Child:
        """A new process of the product; returns at once, `ready` waits for it.

        `at_start`: a spot to die at, or `record`, from before the product is built.
        """
        if isinstance(at_start, Spot):
            order = order | {
                "at_start": ["arm", at_start.path, str(at_start.line), str(at_start.hit)]
            }
        elif at_start is not None:
            order = order | {"at_start": [at_start]}
        mine, theirs = socket.socketpair()
        socket.send_fds(self.orders, [json.dumps(order).encode()], [theirs.fileno()])
        theirs.close()
        return Child(mine, Path(order["log"]))


def ready(child: Child) -> Child:
    """Wait until the product listens."""
    while not (line := child.hear()).startswith("ready "):
        pass
    _, pid, child.address = line.split()
    child.pid = int(pid)
    return child


@contextmanager
def launched(folder: Path, template: Path) -> Iterator[Launcher]:
    """A launcher that warms up on a copy of `template`; every process it forked is gone afterwards or goes by itself."""
    mine, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    log = folder / "launcher.log"
    with mine, log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.launcher", str(theirs.fileno()), str(template)],
            cwd=ROOT, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL,
            stdout=output, stderr=output,
        )  # fmt: skip
        theirs.close()
        try:
            mine.settimeout(60)
            assert mine.recv(64) == b"ready\n", log.read_text(errors="replace")
            yield Launcher(mine)
        finally:
            mine.close()
            process.wait(PATIENCE)
