"""The watch over log lines sees what it is there for; that it saw nothing is checked when the run ends."""

import logging
from secrets import token_urlsafe

import pytest
import structlog

from bot import logs
from bot.sandbox import LocalTelegram
from directory import tokens
from tests import log_scan


@pytest.fixture
def watch():
    """A watch of its own, so that what is planted here fails nobody else."""
    return log_scan.Watch()


@pytest.mark.parametrize(
    ("line", "kinds"),
    [
        ("打给 13812341234 无人接听", ["mobile"]),
        ("+8613812341234", ["mobile"]),
        ("at 1566178200000 ms, chat -1001381234123", []),
        ("138****1234", []),
        ("POST /bot123456:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw/getMe", ["bot token"]),
        ("Authorization: Bearer " + "a" * 43, ["secret"]),
        ("liaison_ready", []),
    ],
)
def test_what_is_a_secret(watch, line, kinds):
    record = logging.LogRecord("httpx", logging.INFO, "x.py", 1, "%s", (line,), None)
    watch.emit(record)
    assert [found.split(" in ")[0] for found in watch.found] == kinds
    # The product's own filter knows the same, for what a library writes.
    assert log_scan.faults_in(logs.scrub(line)) == []
    assert (logs.scrub(line) == line) == (kinds == [])


def test_the_product_s_own_secrets_are_recognised():
    secret = tokens.PREFIX + token_urlsafe(32)
    assert log_scan.faults_in(f"token {secret}") == ["secret"]
    assert log_scan.faults_in(f"/bot{LocalTelegram().api.token}/getMe") == ["bot token"]


def test_a_traceback_and_fields_are_read_too(watch):
    try:
        int("13812341234号")
    except ValueError as error:
        raised = (type(error), error, error.__traceback__)
    watch.emit(logging.LogRecord("x", logging.ERROR, "x.py", 7, "failed", (), raised))
    watch.processor(None, "info", {"event": "called", "number": "13812341234"})
    assert watch.found == ["mobile in x: x.py:7", "mobile in called"]
    assert watch.lines == 2


def test_the_run_is_watched(watched_logs):
    before = watched_logs.lines
    structlog.get_logger("any").error("a_line_of_structlog")
    logging.getLogger("any").error("a line of logging")
    assert watched_logs.lines == before + 2
