"""Keeps this process counting with the calendars that are stored: at the start, and after another process changed them.

A change may come from the command line or from another instance. Open filings are looked at again by
their own steps, which count anew when they are due.
"""

import asyncio

import structlog
from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from directory import announced_years, calendars, day_overrides
from directory.announced_years import TOPIC
from directory.clock import Clock
from directory.database import Database, wake
from directory.duty_models import DayOverride, HolidayYear
from directory.outages import is_outage
from notifications import rounds
from notifications.models import Filing

log = structlog.get_logger(__name__)

#: The pause (seconds) after the database could not be reached.
OUTAGE_PAUSE = 5.0

#: What changes with every change of what calendars are made of.
Trace = tuple[object, ...]

# Made once: on SQLite it is asked after every commit of another connection.
_TRACE = select(
    select(func.count(HolidayYear.year)).scalar_subquery(),
    select(func.max(HolidayYear.imported_at)).scalar_subquery(),
    select(func.max(DayOverride.id)).scalar_subquery(),
    select(func.count(DayOverride.cancelled_at)).scalar_subquery(),
)


async def announce_stored(session: AsyncSession) -> bool:
    """Count with the stored years and settled days from now on; whether that changes anything."""
    years = await announced_years.every(session)
    return calendars.announce(years, await day_overrides.every(session))


class CalendarWatch:
    """One a process. `load` before anything is counted, `run` for as long as it serves."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._trace: Trace | None = None

    async def load(self) -> None:
        """Announce what is stored, and have all that waits follow it: it may have changed while nobody served."""
        async with self._database.reading() as session:
            self._trace = await _trace(session)
            await announce_stored(session)
        if any(self._trace):
            await self._look_again()

    async def run(self) -> None:
        """Follow every change until cancelled."""
        changed = self._database.wakeups.event(TOPIC)
        while True:
            try:
                await self.follow()
            except Exception as error:
                if not is_outage(error):
                    raise
                log.warning("calendars_wait_for_database", error=type(error).__name__)
                await asyncio.sleep(OUTAGE_PAUSE)
                continue
            await self._clock.wait(None, changed)

    async def follow(self) -> bool:
        """Count by what is stored now, if that has changed; whether it has."""
        async with self._database.reading() as session:
            trace = await _trace(session)
            if trace == self._trace:
                return False
            await announce_stored(session)
        # Kept only once the filings follow: an outage between the two is made good by the next look.
        await self._look_again()
        self._trace = trace
        log.info("calendars_changed", missing=calendars.missing_years(self._clock.now().date()))
        return True

    async def _look_again(self) -> None:
        """Filings and rounds follow: what they wait for may come at another time now."""
        async with self._database.transaction() as session:
            await session.execute(
                update(Filing)
                .where(Filing.state.in_(("waiting", "acknowledged")))
                .values(next_step_at=self._clock.now())
                .execution_options(synchronize_session=False)
            )
            wake(session, "steps")
            await rounds.look_again(session, self._clock.now())


async def _trace(session: AsyncSession) -> Trace:
    return tuple((await session.execute(_TRACE)).one())
