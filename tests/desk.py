"""The whole product inside a test: built as `serve` builds it, on the frozen clock, and the ways into it."""

import itertools
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, nullcontext
from typing import Protocol
from unittest import mock

import aiohttp
from sqlalchemy import exists, insert, select

from bot.app import App, build
from bot.chat import application as chat
from bot.models import Firing
from bot.settings import Settings
from directory import tokens
from directory.database import Database
from directory.models import Court
from notifications.filings import Submission
from notifications.models import Filing
from tests.builders import Liaoning
from tests.clock import FrozenClock

#: The loops that come to rest in the clock once the product has started: the dispatcher, the stepper,
#: the schedule, the timekeeper, the watch over calendars and the answers to presses.
LOOPS = 6


class FileAFiling(Protocol):
    """Takes a filing in and lets the product come to rest."""

    async def __call__(
        self,
        reference: str | None = None,
        *,
        to: Court | str | None = None,
        by: Court | str | None = None,
        case_type: str = "civil_first_instance",
        drill: bool = False,
    ) -> Filing:
        """From 浙72 to 辽72 unless said otherwise."""
        ...


class AskForClient(Protocol):
    """Gives an HTTP client with a fresh token."""

    async def __call__(
        self, role: str = "admin", *, court: str | None = None, province: str | None = None
    ) -> aiohttp.ClientSession:
        """Paths are relative to the product's address: `client.get("/api/v1/filings")`."""
        ...


async def _fired(app: App, clock: FrozenClock) -> None:
    """Have it on record that each recurring job was done, unless the database remembers any."""
    now = clock.now()
    rows = [
        {"job": job.name, "scheduled_at": now, "claimed_at": now, "done_at": now}
        for job in app.schedule._table
    ]
    async with app.database.transaction() as session:
        if not await session.scalar(select(exists().select_from(Firing))):
            await session.execute(insert(Firing), rows)


async def _leave_menus(*_words: object) -> None:
    """Set no menu."""


@asynccontextmanager
async def running(
    settings: Settings, clock: FrozenClock, *, first_start: bool = False
) -> AsyncIterator[App]:
    """Build and start the product, wait until it rests, stop it afterwards.

    Unless it is its `first_start` it was there a moment ago: what recurs was done and the menus are set.
    """
    app = build(settings, clock)
    if not first_start:
        await _fired(app, clock)
    with nullcontext() if first_start else mock.patch.object(chat, "set_menus", _leave_menus):
        async with _started(app, clock):
            yield app


@asynccontextmanager
async def _started(app: App, clock: FrozenClock) -> AsyncIterator[None]:
    await app.start()

    def messages_rest() -> bool:
        # A flight may wait for its turn, in the clock; anything else is work.
        return all(clock.is_waiting(flight.wake) for flight in app.dispatcher._flights.values())

    clock.settled_when("a message is under way", messages_rest)
    try:
        await clock.loops(LOOPS)
        await clock.settle()
        yield
    finally:
        clock.forget("a message is under way")
        await app.stop()


def filer(app: App, clock: FrozenClock, people: Liaoning) -> FileAFiling:
    """How a story files: through the intake, as the HTTP interface does."""
    numbers = itertools.count(1)

    async def file_a_filing(
        reference: str | None = None,
        *,
        to: Court | str | None = None,
        by: Court | str | None = None,
        case_type: str = "civil_first_instance",
        drill: bool = False,
    ) -> Filing:
        receipt = await app.intake.submit(
            Submission(
                reference=reference or f"KY-2019-{next(numbers):06d}",
                collaborating_court=_code(by or people.collaborating),
                jurisdiction_court=_code(to or people.jurisdiction),
                case_type=case_type,
                filed_at=None,
                drill=drill,
                filed_by="立案平台",
                filed_by_officer_id=None,
            )
        )
        assert receipt.outcome == "new", receipt
        assert receipt.filing is not None
        await clock.settle()
        return receipt.filing

    return file_a_filing


def _code(court: Court | str) -> str:
    return court if isinstance(court, str) else court.code


@asynccontextmanager
async def clients(
    app: App, database: Database, clock: FrozenClock
) -> AsyncIterator[Callable[..., Awaitable[aiohttp.ClientSession]]]:
    """HTTP clients, each with a token of its own; closed afterwards."""
    numbers = itertools.count(1)
    async with AsyncExitStack() as stack:

        async def ask(
            role: str = "admin", *, court: str | None = None, province: str | None = None
        ) -> aiohttp.ClientSession:
            name = f"{role}-{next(numbers)}"
            async with database.transaction() as session:
                secret = await tokens.create(
                    session, name, role, court=court, province=province, now=clock.now()
                )
            return await stack.enter_async_context(
                aiohttp.ClientSession(
                    app.http_address, headers={"Authorization": f"Bearer {secret}"}
                )
            )

        yield ask
