"""What the web application is made of, handed in from outside. Builds nothing and serves nothing."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from aiohttp import web

from bot.settings import Settings
from directory.clock import Clock
from directory.database import Database
from directory.search import Searcher
from directory.texts import Texts
from notifications.desk import DeskRules
from notifications.filings import Receipt, Submission

#: How the chat stands: reached at the last try, not reached, or not configured.
Chat = Literal["connected", "unreachable", "off"]

#: Takes one update of the chat and returns when it is durable; an exception means: send it again.
HandleUpdate = Callable[[dict[str, Any]], Awaitable[None]]


class Intake(Protocol):
    """Where filings are handed in; `notifications.intake.IntakeQueue` in the product."""

    async def submit(self, submission: Submission) -> Receipt:
        """Store a filing and its first pages; returns only once they are durable."""
        ...


@dataclass(frozen=True, slots=True)
class Outbox:
    """The state of the outgoing messages. Nothing in it is personal."""

    #: Messages and edits that are due or will be.
    waiting: int
    #: Messages given up for good.
    failed: int
    #: Age (seconds) of the oldest new message that should have left by now; None when none is late.
    oldest_undelivered_seconds: float | None


@dataclass(frozen=True, slots=True)
class Health:
    """How the desk stands at one instant."""

    #: None when the database could not be asked.
    outbox: Outbox | None
    #: Seconds since the loop last finished a cycle; None before the first.
    loop_idle_seconds: float | None
    chat: Chat
    #: By how much (seconds) the process was late at the last look: what runs in it holds it up.
    loop_lag_seconds: float = 0.0
    #: Filings that statistics still read one by one; None when the database could not be asked.
    uncounted_filings: int | None = None


class HealthSource(Protocol):
    """Says how the desk stands; `bot.web.health.DeskHealth` in the product."""

    async def health(self) -> Health:
        """The present state. Never raises because of an unreachable database."""
        ...


@dataclass(frozen=True, slots=True)
class WebParts:
    """Everything the handlers use."""

    database: Database
    desk: DeskRules
    texts: Texts
    clock: Clock
    intake: Intake
    settings: Settings
    health: HealthSource
    searcher: Searcher
    #: None when updates do not come by webhook.
    handle_update: HandleUpdate | None = None


PARTS = web.AppKey("parts", WebParts)


def parts_of(request: web.Request) -> WebParts:
    """The parts of the application that serves this request."""
    return request.app[PARTS]


#: Headers of an answer, or extra members of a problem.
Extra = Mapping[str, Any]
