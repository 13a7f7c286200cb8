"""Counts the lines of the product as a process passes them, and ends the process at the one it was told. Tests only."""

import os
import signal
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

ROOT = Path(__file__).parent.parent.parent

#: What is counted: the product, but neither the local Telegram nor the commands around it.
PACKAGES = ("bot/", "notifications/", "directory/")
NOT_COUNTED = ("bot/sandbox/", "bot/cli/", "bot/migrations/")


@dataclass(frozen=True, slots=True, order=True)
class Spot:
    """The moment just before a line of the product is executed for the `hit`-th time."""

    path: str
    line: int
    hit: int = 1

    def __str__(self) -> str:
        return f"{self.path}:{self.line}#{self.hit}"


def counted(filename: str) -> str | None:
    """The path within the product of a file whose lines are counted."""
    try:
        path = str(Path(filename).relative_to(ROOT))
    except ValueError:
        return None
    return path if path.startswith(PACKAGES) and not path.startswith(NOT_COUNTED) else None


class Recorder:
    """Notes how often each line is passed, in the order of first passing."""

    def __init__(self) -> None:
        self._paths: dict[str, str | None] = {}
        self.hits: dict[tuple[str, int], int] = {}

    def start(self) -> None:
        """Begin; frames that are resumed from now on are seen."""
        _trace(self._entered)

    def stop(self) -> None:
        """End."""
        _trace(None)

    def _entered(self, frame: FrameType, event: str, _arg: Any) -> Any:
        name = frame.f_code.co_filename
        if name not in self._paths:
            self._paths[name] = counted(name)
        path = self._paths[name]
        return self._passed if path is not None else None

    def _passed(self, frame: FrameType, event: str, _arg: Any) -> Any:
        if event == "line":
            key = (self._paths[frame.f_code.co_filename] or "", frame.f_lineno)
            self.hits[key] = self.hits.get(key, 0) + 1
        return self._passed


class Tripwire:
    """Ends this process without warning at one spot."""

    def __init__(self, spot: Spot) -> None:
        self._spot = spot
        self._filename = str(ROOT / spot.path)
        self._left = spot.hit
        self._holds: dict[CodeType, bool] = {}

    def arm(self) -> None:
        """Begin to watch; frames that are resumed from now on are seen."""
        _trace(self._entered)

    def disarm(self) -> None:
        """Stop watching."""
        _trace(None)

    def _entered(self, frame: FrameType, event: str, _arg: Any) -> Any:
        code = frame.f_code
        if code.co_filename != self._filename:
            return None
        if code not in self._holds:
            self._holds[code] = any(line == self._spot.line for _, _, line in code.co_lines())
        return self._passed if self._holds[code] else None

    def _passed(self, frame: FrameType, event: str, _arg: Any) -> Any:
        if event == "line" and frame.f_lineno == self._spot.line:
            self._left -= 1
            if self._left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
        return self._passed


def _trace(function: Any) -> None:
    threading.settrace(function)
    sys.settrace(function)
