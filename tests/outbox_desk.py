"""A dispatcher with the channel in memory, and what a test wants to do with it. No assertion lives here."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

from sqlalchemy import select

from directory.database import Database
from notifications import outbox
from notifications.channels.memory import MemoryChannel
from notifications.dispatch import Dispatcher
from notifications.messages import Message
from notifications.models import Filing, FilingEvent, OutgoingMessage
from notifications.outbox_rules import Rates
from tests.clock import FrozenClock

LIFTED = Rates(0, 0, 0)


async def written(session, outgoing, *, now):
    """Write a message from its payload and, for a card, its filing's version."""
    text = outgoing.payload.get("text", outgoing.kind)
    if text == "stale":
        return None
    if text == "broken":
        message = "the template is wrong"
        raise KeyError(message)
    if outgoing.filing_id is not None:
        filing = await session.get_one(Filing, outgoing.filing_id)
        text = f"{text} v{filing.version}"
    return Message(text)


class Desk:
    """A dispatcher and what a test wants to do with it."""

    def __init__(self, database: Database, clock: FrozenClock) -> None:
        self.database = database
        self.clock = clock
        self.channel = MemoryChannel()
        self.failures: list[tuple[int, str]] = []
        self.on_failed: Callable[..., Awaitable[None]] = self.note_failure

    async def note_failure(self, session, outgoing, reason, *, now):
        self.failures.append((outgoing.id, reason))

    def dispatcher(self, rates: Rates = LIFTED) -> Dispatcher:
        async def failed(session, outgoing, reason, *, now):
            await self.on_failed(session, outgoing, reason, now=now)

        return Dispatcher(
            self.database, {"telegram": self.channel}, written, rates, self.clock, failed,
            spread=lambda: 0.0,
        )  # fmt: skip

    @asynccontextmanager
    async def running(self, *rates: Rates) -> AsyncIterator[Dispatcher]:
        """One dispatcher for each of `rates`, all on the same database."""
        started = [self.dispatcher(one) for one in rates or (LIFTED,)]
        tasks = [
            asyncio.create_task(one.run(), name=f"dispatcher {number}")
            for number, one in enumerate(started)
        ]
        self.clock.settled_when("outbox", lambda: all(one.idle for one in started))
        try:
            await self.clock.loops(len(started))
            yield started[0]
        finally:
            self.clock.forget("outbox")
            self.channel.open.set()
            # With the clock frozen nobody's turn comes: what waits for it is given back.
            for one in started:
                await one.stop(5)
            await asyncio.gather(*tasks, return_exceptions=True)

    async def say(self, chat_id: int, *texts: str, **columns) -> None:
        priority = columns.pop("priority", outbox.REPLY)
        kind = columns.pop("kind", "reply")
        rows = [
            outbox.row(
                kind, chat_id, {"text": text}, priority=priority, now=self.clock.now(), **columns
            )
            for text in texts
        ]
        async with self.database.transaction() as session:
            await outbox.write(session, rows)

    async def rows(self) -> list[OutgoingMessage]:
        async with self.database.reading() as session:
            found = await session.scalars(select(OutgoingMessage).order_by(OutgoingMessage.id))
            return list(found)

    async def file(self) -> Filing:
        """A waiting filing of 浙72 at 辽72, without any message."""
        now = self.clock.now()
        filing = Filing(
            reference="KY-1", reference_key="KY-1", state="waiting", collaborating_court="浙72",
            jurisdiction_court="辽72", case_type="civil_first_instance", filed_at=now, received_at=now,
            filed_by="intake", clock="working", answer_target_seconds=1800,
            result_target_seconds=3600, answer_due_at=now + timedelta(minutes=30),
            steps_taken=[], snoozes=[],
        )  # fmt: skip
        async with self.database.transaction() as session:
            session.add(filing)
        return filing

    async def refresh(self, filing: Filing) -> None:
        """The filing moves on: every copy of its card is to show it."""
        async with self.database.transaction() as session:
            current = await session.get_one(Filing, filing.id)
            await outbox.refresh_cards(session, current, now=self.clock.now())

    async def row(self) -> OutgoingMessage:
        (row,) = await self.rows()
        return row

    async def events(self) -> list[tuple[str, str]]:
        async with self.database.reading() as session:
            found = await session.execute(
                select(FilingEvent.kind, FilingEvent.detail).order_by(FilingEvent.id)
            )
            return [(kind, detail) for kind, detail in found]


async def page(desk: Desk, filing: Filing, chat_id: int, post: str = "A", **columns) -> None:
    view = "group" if chat_id < 0 else "officer"
    row = outbox.card(
        filing, chat_id, view, "page", now=desk.clock.now(), step=f"answer:0:{post}", **columns
    )
    async with desk.database.transaction() as session:
        await outbox.write(session, [row])


async def until(condition: Callable[[], object], patience: float = 5.0) -> None:
    """Wait in real time until something has happened."""
    async with asyncio.timeout(patience):
        while not condition():  # noqa: ASYNC110 - a condition of anything, not an event
            await asyncio.sleep(0.001)
