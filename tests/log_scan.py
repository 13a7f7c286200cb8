"""Watches every log line of a test run for what must never stand in one. Judges the lines before any filter.

What a `serve` in a process of its own has logged is read where it is started, in `tests.processes`.
"""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import structlog

#: What must not be logged: mobile numbers, the bot's token, secrets of the interface.
FORBIDDEN = {
    "mobile": re.compile(r"(?<!\d)(?:\+?86)?1[3-9]\d{9}(?!\d)"),
    # The local Telegram's own is a short one.
    "bot token": re.compile(r"(?<!\d)\d{5,12}:(?:[A-Za-z0-9_-]{20,}|TEST\b)"),
    "secret": re.compile(r"\bliaison_[A-Za-z0-9_-]{20,}|(?i:bearer\s+[A-Za-z0-9_-]{20,})"),
}

#: Libraries that `bot.logs` keeps quiet below warnings, because they do name addresses.
QUIET = ("httpx", "httpcore", "apscheduler", "aiosqlite", "telegram")


def faults_in(text: str) -> list[str]:
    """Which kinds of secrets the text holds."""
    return [kind for kind, pattern in FORBIDDEN.items() if pattern.search(text)]


class Watch(logging.Handler):
    """Reads each line on its way, whoever writes it; remembers where a secret stood, never which."""

    def __init__(self) -> None:
        super().__init__(logging.NOTSET)
        self.found: list[str] = []
        self.lines = 0
        self._format = logging.Formatter()

    def emit(self, record: logging.LogRecord) -> None:
        """Look at a line of the standard library's logging, its traceback too."""
        self._look(self._format.format(record), f"{record.name}: {record.filename}:{record.lineno}")

    def processor(self, _logger: Any, _method: str, event: Any) -> Any:
        """Look at a line of structlog before it is written."""
        self._look(repr(event), str(event.get("event")))
        return event

    def _look(self, text: str, place: str) -> None:
        self.lines += 1
        self.found += [f"{kind} in {faults_in(place) or place}" for kind in faults_in(text)]


@contextmanager
def watching() -> Iterator[Watch]:
    """Watch until the block ends, at the levels that `bot.logs` sets."""
    watch = Watch()
    root = logging.getLogger()
    level = root.level
    root.addHandler(watch)
    root.setLevel(logging.INFO)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    structlog.configure(processors=[watch.processor, *structlog.get_config()["processors"]])
    try:
        yield watch
    finally:
        root.removeHandler(watch)
        root.setLevel(level)
