"""What a story of the fallback needs: a robot's receiver, a mail server's in-tray. No assertion lives here."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_string
from email.message import EmailMessage
from email.policy import default
from typing import Any, Self

import pytest

from tests.clock import FrozenClock
from tests.fallback_receiver import Receiver, Serving

ROBOT = "wecombot://robot-key"
OWN = "mailtos://desk:word@mail.example?to={mobile}@139.example"


@dataclass
class Tray:
    """What the mail server took, by recipient."""

    letters: list[tuple[str, EmailMessage]] = field(default_factory=list)

    def to(self, mobile: str) -> list[str]:
        return [mail.get_content() for who, mail in self.letters if who.startswith(mobile)]

    def link(self, mobile: str) -> str:
        """The path of the newest signed link for this person."""
        found = re.search(r"/a/[A-Za-z0-9_-]+", self.to(mobile)[-1])
        assert found is not None, self.to(mobile)
        return found[0]


@contextmanager
def outside(monkeypatch: pytest.MonkeyPatch, clock: FrozenClock) -> Iterator[tuple[Receiver, Tray]]:
    """Robots and mail servers stand on this machine while the block lasts."""
    tray = Tray()

    class Connection:
        def __init__(self, **_options: Any) -> None:
            pass

        def __enter__(self) -> Self:
            return self

        def __exit__(self, *_fault: object) -> None:
            return

        def sendmail(self, _sender: str, recipients: list[str], text: str) -> bool:
            mail = message_from_string(text, policy=default)
            tray.letters += [(who, mail) for who in recipients]
            return True

    with Serving(Receiver(clock.now)) as receiver:
        monkeypatch.setattr("notifications.channels.apprise._client", receiver.client)
        monkeypatch.setattr("apprise.plugins.email.base.AppriseSMTPController", Connection)
        yield receiver, tray
