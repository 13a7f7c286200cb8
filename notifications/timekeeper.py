"""The loop for what falls due outside filings: swaps that lapse, check-ins, drills. Decides nothing itself.

Each kind of work says when its earliest row is due and does what is due then; that instant is a column
of a table, so nothing is forgotten in a restart. What recurs by the calendar is in `bot.schedule`.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from directory.clock import Clock
from directory.database import Database
from directory.outages import is_outage

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

#: A commit that moves an instant forward announces this topic.
TOPIC = "timed"

#: The pause after the database could not be reached, and after work failed.
OUTAGE_PAUSE = timedelta(seconds=5)
FAULT_PAUSE = timedelta(seconds=60)

#: The pause (seconds) when all that is due is in other hands: see `stepper.ELSEWHERE_PAUSE`.
ELSEWHERE_PAUSE = 0.1


@dataclass(frozen=True, slots=True)
class Soonest:
    """The `earliest` of a work that needs no more than one instant from one query: those of all works are read in one go."""

    query: Select[Any]

    async def __call__(self, session: AsyncSession, _now: datetime) -> datetime | None:
        """When that is."""
        found: datetime | None = await session.scalar(self.query)
        return found


@dataclass(frozen=True, slots=True)
class Timed:
    """One kind of work that falls due.

    `earliest` reads when the next row is due (None: nothing is planned). `work` does all that is due
    in one transaction and must leave it not due; several instances may call it at the same time.
    """

    name: str
    earliest: Callable[[AsyncSession, datetime], Awaitable[datetime | None]]
    work: Callable[[AsyncSession, datetime], Awaitable[None]]


class Timekeeper:
    """Wakes at the earliest instant of all works; one that fails rests alone."""

    def __init__(self, database: Database, clock: Clock, works: Sequence[Timed]) -> None:
        self._database = database
        self._clock = clock
        self._works = works
        self._rest: dict[str, datetime] = {}
        soonest = {w.name: w.earliest.query for w in works if isinstance(w.earliest, Soonest)}
        self._soonest = list(soonest)
        self._together = select(*(query.scalar_subquery() for query in soonest.values()))
        #: How often work failed since the start. That the database was out of reach is no failure.
        self.failures = 0

    async def run(self) -> None:
        """Work until cancelled."""
        wake = self._database.wakeups.event(TOPIC)
        while True:
            await self._clock.wait(await self._round(), wake)

    async def _round(self) -> datetime | None:
        """Do what is due; returns when to look again."""
        now = self._clock.now()
        try:
            async with self._database.reading() as session:
                upcoming = await self._upcoming(session, now)
        except Exception as error:  # noqa: BLE001 -- which work it was is told by asking each of them
            log.debug("timed_works_asked_one_by_one", error=type(error).__name__)
            upcoming = {work.name: await self._look_after(work) for work in self._works}
        else:
            due = [w for w in self._works if (at := upcoming[w.name]) is not None and at <= now]
            for work in due:
                await self._look_after(work)
            if due:
                return now
        return min((at for at in upcoming.values() if at is not None), default=None)

    async def _upcoming(self, session: AsyncSession, now: datetime) -> dict[str, datetime | None]:
        """When to look after each work. After most commits none is due: all are asked together."""
        upcoming: dict[str, datetime | None] = {}
        if self._soonest:
            found = (await session.execute(self._together)).one()
            upcoming |= zip(self._soonest, found, strict=True)
        for work in self._works:
            if (rest := self._rests_until(work, now)) is not None:
                upcoming[work.name] = rest
            elif work.name not in upcoming:
                upcoming[work.name] = await work.earliest(session, now)
        return upcoming

    def _rests_until(self, work: Timed, now: datetime) -> datetime | None:
        rest = self._rest.get(work.name)
        # A clock that was set back must not turn a pause into a day.
        return rest if rest is not None and now < rest <= now + FAULT_PAUSE else None

    async def _look_after(self, work: Timed) -> datetime | None:
        """Do what is due of one kind; returns when to look again."""
        now = self._clock.now()
        if (rest := self._rests_until(work, now)) is not None:
            return rest
        try:
            due = await self._earliest(work, now)
            if due is not None and due <= now:
                async with self._database.transaction() as session:
                    await work.work(session, now)
                due = await self._earliest(work, now)
                if due is not None and due <= now:
                    await asyncio.sleep(ELSEWHERE_PAUSE)
        except Exception as error:  # noqa: BLE001 -- whatever it was, the other works go on
            return self._put_off(work, error)
        self._rest.pop(work.name, None)
        return due

    async def _earliest(self, work: Timed, now: datetime) -> datetime | None:
        async with self._database.reading() as session:
            return await work.earliest(session, now)

    def _put_off(self, work: Timed, error: Exception) -> datetime:
        if is_outage(error):
            until = self._clock.now() + OUTAGE_PAUSE
            log.warning("timed_work_waits_for_database", work=work.name)
        else:
            until = self._clock.now() + FAULT_PAUSE
            self.failures += 1
            log.error("timed_work_failed", work=work.name, error=type(error).__name__)
        self._rest[work.name] = until
        return until
