"""Runs the product under a sampler: `python -m benchmarks.sampled FILE serve`. Writes JSON to FILE at the end.

A timer of processor time interrupts the process (as often as the kernel's clock allows, 250 times a second of work on
most machines) and notes who is at work and who waits for it, down to the coroutine that began it all.
"""

import json
import signal
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import greenlet  # type: ignore[import-untyped]

from benchmarks.children import ROOT

INTERVAL = 0.001

#: The packages of the product.
OURS = ("bot/", "notifications/", "directory/")

_own: Counter[str] = Counter()
_total: Counter[str] = Counter()
_packages: Counter[str] = Counter()
#: By the product's function that is nearest to the work, with the libraries it calls.
_nearest: Counter[str] = Counter()


def _sample(_number: int, frame: FrameType | None) -> None:
    if frame is None:
        return
    _own[_name(frame)] += 1
    _packages[_package(frame.f_code.co_filename)] += 1
    names: dict[str, None] = {}
    for caller in _callers(frame):
        names.setdefault(_name(caller))
    _total.update(names.keys())
    _nearest[next((name for name in names if name.startswith(OURS)), "(none of them)")] += 1


def _callers(frame: FrameType | None) -> Iterator[FrameType]:
    """The frames from the innermost outwards; SQLAlchemy works in greenlets, whose callers are their parents'."""
    current: greenlet.greenlet | None = greenlet.getcurrent()
    while current is not None:
        while frame is not None:
            yield frame
            frame = frame.f_back
        current = current.parent
        frame = current.gr_frame if current is not None else None


def _name(frame: FrameType) -> str:
    path = frame.f_code.co_filename
    for begin in ("/site-packages/", "/lib/python3.11/", f"{ROOT}/"):
        path = path.rpartition(begin)[2]
    return f"{path}:{frame.f_code.co_qualname}"


def _package(path: str) -> str:
    if "/site-packages/" in path:
        return path.rpartition("/site-packages/")[2].partition("/")[0].removesuffix(".py")
    if path.startswith(str(ROOT)):
        return path.removeprefix(f"{ROOT}/").partition("/")[0]
    return Path(path).stem if "/asyncio/" not in path else "asyncio"


def main(path: str, *words: str) -> None:
    """Sample from the first import to the end; SIGUSR1 forgets what was seen so far."""
    sys.argv = ["bot.py", *words]
    sys.path.insert(0, str(ROOT))
    signal.signal(signal.SIGPROF, _sample)
    signal.signal(signal.SIGUSR1, _forget)
    from bot.cli.main import main as run  # noqa: PLC0415 -- as the script does

    signal.setitimer(signal.ITIMER_PROF, INTERVAL, INTERVAL)
    try:
        run()
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        Path(path).write_text(json.dumps(_found()))


def _forget(_number: int, _frame: Any) -> None:
    for counter in (_own, _total, _packages, _nearest):
        counter.clear()


def _found() -> dict[str, Any]:
    return {
        "samples": _own.total(),
        "own": _own.most_common(60),
        "total": _total.most_common(300),
        "nearest": _nearest.most_common(60),
        "packages": _packages.most_common(20),
    }


if __name__ == "__main__":
    main(*sys.argv[1:])
