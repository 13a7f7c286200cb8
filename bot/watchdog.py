"""Talks to systemd by its notify protocol: ready, alive, stopping. Without a socket nothing is said.

One datagram a message (sd_notify(3)); no library is needed for that.
"""

import socket

import structlog

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


class Watchdog:
    """Tells whoever started the process how it stands. Never waits and never fails the caller."""

    def __init__(self, address: str | None) -> None:
        """`address` is what NOTIFY_SOCKET says: a path, or an abstract name after `@`."""
        self._address = f"\0{address[1:]}" if address and address.startswith("@") else address
        self._complained = False

    def ready(self) -> None:
        """The start is over: filings are taken in."""
        self._say("READY=1")

    def alive(self) -> None:
        """All is well; not saying so for `WatchdogSec` has the process replaced."""
        self._say("WATCHDOG=1")

    def stopping(self) -> None:
        """The stop has begun."""
        self._say("STOPPING=1")

    def _say(self, word: str) -> None:
        if not self._address:
            return
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as link:
                link.setblocking(False)
                link.sendto(word.encode("ascii"), self._address)
        except OSError as error:
            if not self._complained:
                log.warning("watchdog_unreachable", error=type(error).__name__)
            self._complained = True
