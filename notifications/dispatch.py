"""The dispatcher: claims what is due, has it written and sent, records what came of it. Decides nothing itself.

`outbox_rules` says when a message may leave, `claims` takes it, `records` writes down the outcome. A message
is never sent inside a transaction, and what was sent is recorded afterwards: a crash in between sends it
again once the lease has ended.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import SystemRandom
from typing import Protocol

import structlog
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, ProgrammingError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from directory.clock import Clock
from directory.database import Database
from notifications import claims, records
from notifications.channels.port import Channel, Later, Never, Outcome, Sent
from notifications.claims import Claimed
from notifications.messages import Message
from notifications.models import OutgoingMessage
from notifications.outbox_rules import SEND_SECONDS, Rates
from notifications.rates import Pace
from notifications.records import Dropped, Finished, NotTried, OnFailed

log: structlog.stdlib.BoundLogger = structlog.get_logger()

#: How many messages may be under way at once.
CONCURRENCY = 32

#: How long an outcome waits for others to be recorded with.
GATHER_SECONDS = 0.005

#: Pauses (seconds) while the database cannot be reached.
FIRST_TROUBLE, LONGEST_TROUBLE = 0.2, 5.0

_SPREAD = SystemRandom().random

#: Faults of one record, which trying again would only repeat.
_HOPELESS = (DataError, IntegrityError, ProgrammingError)

#: The same as PostgreSQL's classes of SQLSTATE: data, integrity, syntax and access.
_OUR_FAULT = frozenset(["22", "23", "42"])


class Render(Protocol):
    """Writes a message from the present state; None when it no longer makes sense, `Never` when nobody is there to read it."""

    def __call__(
        self, session: AsyncSession, outgoing: OutgoingMessage, *, now: datetime
    ) -> Awaitable[Message | Never | None]:
        """Read only; `outgoing` belongs to no session."""
        ...


@dataclass(slots=True, eq=False)
class _Flight:
    """A claimed message under way."""

    claimed: Claimed
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    #: Written, and only waiting for its turn.
    ready: bool = False


class Dispatcher:
    """Sends what the outbox holds until it is stopped. The counters only grow.

    Args:
        database: where the outbox is; several processes may share it on PostgreSQL.
        channels: by the name in `OutgoingMessage.channel`.
        render: writes a message.
        rates: the limits kept.
        clock: the present, and waiting.
        on_failed: what follows from a final failure, in the transaction that records it.
        spread: numbers from 0 to 1 that pull retries apart.
    """

    def __init__(
        self,
        database: Database,
        channels: Mapping[str, Channel],
        render: Render,
        rates: Rates,
        clock: Clock,
        on_failed: OnFailed,
        *,
        spread: Callable[[], float] = _SPREAD,
    ) -> None:
        self._database = database
        self._channels = channels
        self._render = render
        self._rates = rates
        self._clock = clock
        self._on_failed = on_failed
        self._spread = spread
        self.gather_seconds = GATHER_SECONDS
        self._pace = Pace(rates, clock)
        self._wake = database.wakeups.event("outbox")
        self._flights: dict[int, _Flight] = {}
        self._finished: list[Finished] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._stopping = False
        self._running: asyncio.Task[None] | None = None
        self._troubles = 0
        self._gathering: asyncio.TimerHandle | None = None
        #: When the loop last got through all its work; None before the first time.
        self.last_cycle_at: datetime | None = None
        self.sent = 0
        self.edited = 0
        self.failed_for_now = 0
        self.failed_for_good = 0
        self.dropped = 0
        self.rate_limited = 0

    @property
    def under_way(self) -> int:
        """How many messages are claimed and not yet recorded."""
        return len(self._flights)

    @property
    def idle(self) -> bool:
        """Whether nothing is being written, sent or recorded.

        Messages may wait for their turn, and outcomes for a database that cannot be reached.
        """
        ready = self._troubles > 0 or all(flight.ready for flight in self._flights.values())
        return ready and not self._wake.is_set()

    async def release_leases(self) -> None:
        """Void every lease before the start: right only where no other process can be sending."""
        async with self._database.transaction() as session:
            await records.release_leases(session)

    async def run(self) -> None:
        """Send until stopped or cancelled. Survives every failure of the database and the channels."""
        self._running = asyncio.current_task()
        try:
            while not (self._stopping and not self._flights):
                try:
                    look_again = await self._cycle()
                except Exception as error:  # noqa: BLE001 - the loop must not die
                    await self._pause(error)
                    continue
                self._troubles = 0
                self.last_cycle_at = self._clock.now()
                if self._stopping and not self._flights:
                    break
                await self._clock.wait(look_again, self._wake)
        finally:
            self._running = None
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def stop(self, grace: float) -> None:
        """Claim nothing more, let calls under way end and be recorded; give up after `grace` seconds.

        What was given up may have arrived: it is sent again when its lease has ended.
        """
        self._stopping = True
        self._wake.set()
        for flight in self._flights.values():
            flight.wake.set()
        running = self._running
        if running is None:
            return
        _, late = await asyncio.wait([running], timeout=grace)
        if late:
            log.warning("messages under way were given up at the stop", count=self.under_way)
            running.cancel()
            await asyncio.wait([running])

    async def _cycle(self) -> datetime | None:
        """Record what has finished and claim what is due; returns when to look again."""
        for one in [one for one in self._finished if one.alone]:
            await self._record_alone(one)
        together = [one for one in self._finished if not one.alone]
        if self._troubles:
            together = await self._record_singly(together)
        under_way = len(self._flights) - len(together)
        async with self._database.transaction() as session:
            connection = await session.connection()
            # The present as of now: the transaction may have waited for its turn.
            now = self._clock.now()
            await records.record(connection, together)
            claim = await claims.claim(
                connection,
                self._rates,
                room=0 if self._stopping else CONCURRENCY - under_way,
                free_from=self._pace.free_from,
                now=now,
                set_back_from=self._pace.set_back_from(now),
            )
        self._land(together)
        self._launch(claim.messages)
        return claim.look_again

    async def _pause(self, error: Exception) -> None:
        """After a failed cycle: say so once, wait a little longer each time."""
        if self._troubles == 0:
            log.error("the outbox cannot be worked on, trying again", error=type(error).__name__)
        seconds = min(LONGEST_TROUBLE, FIRST_TROUBLE * (1 << min(self._troubles, 8)))
        self._troubles += 1
        until = self._clock.now() + timedelta(seconds=seconds)
        if self._stopping:  # Little time is left, but it must not be spun away.
            await asyncio.sleep(FIRST_TROUBLE)
        # A wake-up does not shorten the pause; the next cycle looks at everything anyway.
        while self._clock.now() < until and not self._stopping:
            await self._clock.wait(until, self._wake)

    async def _record_alone(self, finished: Finished) -> None:
        try:
            async with self._database.transaction() as session:
                now = self._clock.now()
                await records.record_alone(session, finished, self._on_failed, now=now)
        except Exception as error:
            if not _is_hopeless(error):
                raise
            # What should have followed from it failed: it was not delivered, so try all of it again.
            _complain("what follows from a failure could not be done", finished.claimed, error)
            self._finished.remove(finished)
            later = Later("not followed up")
            self._finished.append(
                records.after_failing(finished.claimed, later, self._spread(), self._clock.now())
            )
        else:
            self._land([finished])

    async def _record_singly(self, finished: Sequence[Finished]) -> list[Finished]:
        """After a failure: one record each, so that one that cannot be written holds up no other."""
        for one in finished:
            try:
                async with self._database.transaction() as session:
                    await records.record(await session.connection(), [one])
            except Exception as error:
                if not _is_hopeless(error):
                    raise
                _complain("an outcome could not be recorded", one.claimed, error)
            self._land([one])
        return []

    def _land(self, finished: Sequence[Finished]) -> None:
        """Forget what is recorded."""
        if not finished:
            return
        done = {id(one) for one in finished}
        self._finished = [one for one in self._finished if id(one) not in done]
        for one in finished:
            flight = self._flights.get(one.claimed.outgoing.id)
            # A lease lost to a clock set ahead may have been taken again: that flight goes on.
            if flight is not None and flight.claimed is one.claimed:
                del self._flights[one.claimed.outgoing.id]

    def _launch(self, claimed: Sequence[Claimed]) -> None:
        if not claimed:
            return
        flights = [_Flight(one) for one in claimed if not self._goes_on(one)]
        self._flights.update((flight.claimed.outgoing.id, flight) for flight in flights)
        self._spawn(self._prepare(flights))

    def _goes_on(self, claimed: Claimed) -> bool:
        """Whether the message is under way here already, its lease ended by a clock set ahead.

        Then the flight takes the new lease over: a second one would only send it twice.
        """
        flight = self._flights.get(claimed.outgoing.id)
        if flight is None:
            return False
        self._finished = [
            replace(one, claimed=claimed) if one.claimed is flight.claimed else one
            for one in self._finished
        ]
        flight.claimed = claimed
        return True

    def _spawn(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _prepare(self, flights: Sequence[_Flight]) -> None:
        """Write the messages one after the other; each leaves as soon as it is written."""
        waiting = deque(flights)
        while waiting:
            try:
                async with self._database.reading() as session:
                    await self._write(session, waiting)
            except Exception as error:  # noqa: BLE001 - a message that cannot be written waits
                if not waiting:
                    log.warning("a reading session ended badly", error=type(error).__name__)
                    return
                # The session may be spoilt: a fresh one for the others.
                flight = waiting.popleft()
                _complain("a message could not be written", flight.claimed, error)
                self._finish(flight, Later(f"render:{type(error).__name__}"))

    async def _write(self, session: AsyncSession, waiting: deque[_Flight]) -> None:
        while waiting:
            flight = waiting[0]
            message = await self._render(session, flight.claimed.outgoing, now=self._clock.now())
            waiting.popleft()
            if message is None or isinstance(message, Never):
                self._finish(flight, message or Dropped())
            else:
                self._spawn(self._deliver(flight, message))

    async def _deliver(self, flight: _Flight, message: Message) -> None:
        flight.ready = True
        outgoing = flight.claimed.outgoing
        its_turn = await self._pace.turn(
            outgoing.chat_id, flight.claimed.slot, flight.wake, lambda: self._stopping
        )
        flight.ready = False
        if not its_turn:
            self._finish(flight, NotTried())
            return
        began = self._clock.now()
        outcome: Outcome
        try:
            async with asyncio.timeout(SEND_SECONDS):
                outcome = await self._send(outgoing, message)
        except TimeoutError:
            outcome = Later("timeout", ambiguous=True)
        except Exception as error:  # noqa: BLE001 - what is unknown counts as failed for now
            _complain("a channel failed in an unknown way", flight.claimed, error)
            outcome = Later(f"unknown:{type(error).__name__}", ambiguous=True)
        self._pace.answered(outgoing.chat_id, began, self._clock.now())
        self._finish(flight, outcome)

    async def _send(self, outgoing: OutgoingMessage, message: Message) -> Outcome:
        channel = self._channels.get(outgoing.channel)
        if channel is None:
            return Never("refused", f"no channel {outgoing.channel}")
        if outgoing.message_id is not None:
            return await channel.edit(outgoing.chat_id, outgoing.message_id, message)
        reply_to = outgoing.payload.get("reply_to")
        return await channel.send(
            outgoing.chat_id, message, silent=outgoing.silent, reply_to=reply_to
        )

    def _finish(self, flight: _Flight, outcome: Outcome | Dropped | NotTried) -> None:
        """Count the outcome and hand it to the loop to be recorded."""
        now = self._clock.now()
        match outcome:
            case Sent() if flight.claimed.outgoing.message_id is None:
                self.sent += 1
            case Sent():
                self.edited += 1
            case Never():
                self.failed_for_good += 1
            case Dropped():
                self.dropped += 1
            case Later(retry_after=retry_after):
                self.failed_for_now += 1
                self.rate_limited += retry_after is not None
        if isinstance(outcome, Later):
            finished = records.after_failing(flight.claimed, outcome, self._spread(), now)
        else:
            finished = Finished(flight.claimed, outcome, now)
        self._finished.append(finished)
        if len(self._finished) >= len(self._flights):
            self._wake.set()
        elif self._gathering is None:
            # Others are under way: what ends within a moment is recorded in one transaction.
            loop = asyncio.get_running_loop()
            self._gathering = loop.call_later(self.gather_seconds, self._gathered)

    def _gathered(self) -> None:
        self._gathering = None
        self._wake.set()


def _is_hopeless(error: Exception) -> bool:
    """Whether trying the same again would fail the same: our own fault, not the connection's."""
    if not isinstance(error, DBAPIError):
        return not isinstance(error, SQLAlchemyError | OSError)
    # asyncpg's own errors come wrapped twice.
    cause = error.orig.__cause__ if error.orig is not None else None
    state = getattr(error.orig, "sqlstate", None) or ""
    return isinstance(error, _HOPELESS) or isinstance(cause, ValueError) or state[:2] in _OUR_FAULT


def _complain(what: str, claimed: Claimed, error: Exception) -> None:
    """Log a fault by its place in the code; its text may hold what nobody should read."""
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    log.error(
        what,
        row=claimed.outgoing.id,
        kind=claimed.outgoing.kind,
        error=type(error).__name__,
        where=f"{place.tb_frame.f_code.co_filename}:{place.tb_lineno}" if place else "",
    )
