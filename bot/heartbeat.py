"""The desk's own pulse, in real time: signs of life in the database, the heartbeat address, the watchdog.

It runs by the machine's own seconds, not by the desk's clock: setting a clock makes no outage, and a
machine that slept has one. What an outage means is in `notifications.outages_told`.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

import structlog
from aiohttp import ClientError, ClientSession, ClientTimeout
from sqlalchemy import select

from bot.watchdog import Watchdog
from directory.clock import Clock, elapsed_seconds
from directory.database import Database
from directory.outages import is_outage
from notifications import outages_told
from notifications.desk import DeskRules

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

#: Seconds between looks, between signs of life, and between pings.
TICK, SIGN, BEAT = 5.0, 30.0, 60.0

#: How long (seconds) the database may take for a sign, and the heartbeat address for an answer.
SIGN_TIMEOUT, PING_TIMEOUT = 10.0, 10.0

#: The same for the last sign: the stop must be over in time.
LAST_SIGN_TIMEOUT = 1.5

#: A sign older than this (seconds) says nothing of the present.
FRESH = SIGN + SIGN_TIMEOUT + 2 * TICK


@dataclass(slots=True)
class Pulse:
    """Signs, pings and feeds the watchdog while the desk works. The counters only grow."""

    database: Database
    clock: Clock
    desk: DeskRules
    #: Whether the loops got through their work lately.
    loops_work: Callable[[], bool]
    #: Whether the chat answered lately.
    chat_works: Callable[[], bool]
    #: Where to ping; may hold a secret and is never logged.
    heartbeat_url: str | None
    watchdog: Watchdog
    #: The real seconds; a test hands in its own.
    elapsed: Callable[[], float] = elapsed_seconds
    #: By how much (seconds) the loop was late at the last look.
    lag_seconds: float = 0.0
    pings: int = 0
    failed_pings: int = 0
    _signed: float | None = field(default=None, init=False)
    _tried: float = field(default=0.0, init=False)
    _database_out: bool = field(default=False, init=False)
    _told: bool = field(default=False, init=False)

    async def begin(self) -> None:
        """Before anything is paged: the first sign; a gap since the last one is an outage."""
        await self._sign(loops=True)

    async def end(self) -> None:
        """At an orderly stop: the last moment at which the desk worked."""
        if self._signed is None:
            return
        try:
            async with asyncio.timeout(LAST_SIGN_TIMEOUT), self.database.transaction() as session:
                await outages_told.sign(session, self.clock.now())
        except Exception as error:
            if not is_outage(error):
                raise
            log.warning("no_last_sign_of_life", error=type(error).__name__)

    async def run(self) -> None:
        """Sign and feed the watchdog until cancelled."""
        while True:
            began = self.elapsed()
            await asyncio.sleep(TICK)
            self.lag_seconds = max(0.0, self.elapsed() - began - TICK)
            await self.look()

    async def look(self) -> None:
        """Sign when it is time to; tell the watchdog whether the loops live."""
        if self.elapsed() - self._tried >= SIGN:
            await self._sign(loops=self.loops_work())
        # To be started anew mends neither a database out of reach nor the chat: only stuck loops.
        if self.loops_work() or self._database_out:
            self.watchdog.alive()

    async def _sign(self, *, loops: bool) -> None:
        self._tried = self.elapsed()
        try:
            async with asyncio.timeout(SIGN_TIMEOUT), self.database.transaction() as session:
                if not loops:
                    await session.execute(select(1))
                    self._database_out = False
                    return
                now = self.clock.now()
                earlier = await outages_told.sign(session, now)
                if earlier is not None and self._stood_still():
                    await outages_told.note(session, earlier, now, self.desk)
        except Exception as error:
            if not is_outage(error):
                raise
            self._database_out = True
            log.warning("no_sign_of_life", error=type(error).__name__)
            return
        self._database_out = False
        self._signed = self.elapsed()

    def _stood_still(self) -> bool:
        """Whether this process may have paged nobody for long: it just began, or could not sign."""
        if self._signed is None:
            return True
        return self.elapsed() - self._signed > outages_told.GAP.total_seconds()

    @property
    def works(self) -> bool:
        """Whether loops, database and chat work: nothing less is worth a ping."""
        fresh = self._signed is not None and self.elapsed() - self._signed <= FRESH
        return fresh and self.loops_work() and self.chat_works()

    async def run_heartbeat(self) -> None:
        """Ping once a minute while everything works, until cancelled."""
        while True:
            await self.beat()
            await asyncio.sleep(BEAT)

    async def beat(self) -> None:
        """Ping once if everything works. That nobody answers is counted and said once."""
        if self.heartbeat_url is None or not self.works:
            return
        try:
            async with (
                ClientSession(timeout=ClientTimeout(total=PING_TIMEOUT)) as client,
                client.get(self.heartbeat_url) as answer,
            ):
                fault = None if answer.status < 400 else str(answer.status)
        except (ClientError, OSError, ValueError) as error:  # TimeoutError is an OSError.
            fault = type(error).__name__
        if fault is None:
            self.pings += 1
            self._told = False
            return
        self.failed_pings += 1
        if not self._told:
            log.warning("heartbeat_not_taken", fault=fault)
        self._told = True


def fresh(cycle: datetime | None, now: datetime, seconds: float) -> bool:
    """Whether something that happened at `cycle` is at most so old."""
    return cycle is not None and (now - cycle).total_seconds() <= seconds
