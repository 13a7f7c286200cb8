"""How the desk logs: for people or as JSON, and never a secret or a number. What is logged is said elsewhere."""

import logging
import re
import sys
from typing import Any, Literal

import structlog
from structlog.typing import EventDict, Processor

#: What must not leave in a log, whoever wrote it there: bot tokens, bearer secrets, mobile and ID numbers.
_SECRETS = (
    # No word ends before the number: addresses say /bot123456:AAH….
    (re.compile(r"(?<!\d)\d{5,12}:[A-Za-z0-9_-]{20,}"), "<token>"),
    (re.compile(r"(?i)(bearer\s+)\S+"), r"\1<token>"),
    (re.compile(r"\bliaison_[A-Za-z0-9_-]{20,}"), "<token>"),
    (re.compile(r"(?<!\d)(?:\+?86)?1[3-9]\d{9}(?!\d)"), "<mobile>"),
    (re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)"), "<id>"),
)


def scrub(text: str) -> str:
    """`text` without tokens, mobile numbers and ID numbers."""
    for pattern, instead in _SECRETS:
        text = pattern.sub(instead, text)
    return text


def _scrub_event(_logger: Any, _method: str, event: EventDict) -> EventDict:
    return {key: scrub(value) if isinstance(value, str) else value for key, value in event.items()}


def configure(form: Literal["console", "json"]) -> None:
    """Send every log line of this process to stderr in one form."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        _scrub_event,
    ]
    renderer: Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if form == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.ExtraAdder(), *shared],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    for chatty in ("httpx", "httpcore", "apscheduler", "aiosqlite", "telegram"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
