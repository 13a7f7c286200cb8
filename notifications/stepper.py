"""The loop that wakes at the earliest `next_step_at` and takes the steps that are due. Decides nothing itself."""

import asyncio
from datetime import datetime, timedelta

import structlog
from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from directory import courts
from directory.clock import Clock
from directory.database import Database
from directory.outages import is_outage
from notifications import changes, outbox, paging, recounting
from notifications.desk import DeskRules
from notifications.models import Filing

#: How many filings share one transaction.
BATCH = 100

#: How long (seconds) a filing rests whose step failed by a fault in the program or its data.
FAULT_PAUSE = 60

#: The pause (seconds) when all that is due is in other hands: locks last as long as transactions do, by no
#: clock that could be set.
ELSEWHERE_PAUSE = 0.1

#: The longest pause (seconds) while the database cannot be reached.
OUTAGE_PAUSE = 5.0

#: How long (seconds) commits that come one upon the other share a look: no step is due so soon after one.
GATHER_SECONDS = 0.05

#: That there is a step must be said: SQLite uses the index of those only for a question about those.
_EARLIEST = select(func.min(Filing.next_step_at)).where(Filing.next_step_at.is_not(None))

log = structlog.get_logger(__name__)


class Stepper:
    """Takes every filing's next step when its time has come. Any number of instances share the work."""

    def __init__(self, database: Database, desk: DeskRules, clock: Clock) -> None:
        self._database = database
        self._desk = desk
        self._clock = clock
        #: When the loop last looked at everything; `/readyz` asks.
        self.last_cycle_at: datetime | None = None

    async def run(self) -> None:
        """Work until cancelled. An unreachable database is waited for."""
        wake = self._database.wakeups.event("steps")
        failures = 0
        while True:
            try:
                until = await self._earliest()
                # Asked by reading first: most wake-ups are about something that is not due yet.
                while until is not None and until <= self._clock.now():
                    if not await self.step_what_is_due():
                        self.last_cycle_at = self._clock.now()
                        await asyncio.sleep(ELSEWHERE_PAUSE)
                    until = await self._earliest()
                self.last_cycle_at = self._clock.now()
                failures = 0
            except Exception as error:
                if not is_outage(error):
                    raise
                failures += 1
                log.warning("steps_wait_for_database", error=type(error).__name__)
                await asyncio.sleep(min(OUTAGE_PAUSE, 0.2 * 2**failures))
                continue
            await self._clock.wait(until, wake)
            if until is None or until > self._clock.now():
                await asyncio.sleep(GATHER_SECONDS)

    async def step_what_is_due(self) -> int:
        """Take what is due together; when that fails, each alone, so that one filing holds up no other."""
        try:
            return await self.step_due()
        except Exception as error:
            if is_outage(error):
                raise
            log.exception("steps_failed_together")
        async with self._database.reading() as session:
            due = select(Filing.id).where(Filing.next_step_at <= self._clock.now())
            ids = (await session.scalars(due.order_by(Filing.next_step_at).limit(BATCH))).all()
        for filing_id in ids:
            try:
                await self.step_due(filing_id)
            except Exception as error:
                if is_outage(error):
                    raise
                log.exception("step_failed", filing=filing_id)
                await self._put_off(filing_id)
        return len(ids)

    async def _put_off(self, filing_id: int) -> None:
        until = self._clock.now() + timedelta(seconds=FAULT_PAUSE)
        async with self._database.transaction() as session:
            await session.execute(
                update(Filing).where(Filing.id == filing_id).values(next_step_at=until)
            )

    async def step_due(self, only: int | None = None) -> int:
        """Take what is due, at most `BATCH` filings (or `only` one) in one transaction; returns how many."""
        now = self._clock.now()
        due_now = select(Filing).where(Filing.next_step_at <= now)
        if only is not None:
            due_now = due_now.where(Filing.id == only)
        async with self._database.transaction() as session:
            due = (
                await session.scalars(
                    due_now.order_by(Filing.next_step_at)
                    .limit(BATCH)
                    .with_for_update(skip_locked=True)
                )
            ).all()
            if not due:
                return 0
            ground = await paging.load_ground(
                session,
                {filing.jurisdiction_court for filing in due},
                {filing.collaborating_court for filing in due},
                self._desk,
                now=now,
                people={officer_id for filing in due if (officer_id := _acknowledger_id(filing))},
            )
            for filing in due:
                await _close_undo(session, filing, now)
                court = ground.courts[filing.jurisdiction_court]
                if recounting.recount(filing, courts.calendar_of(court, self._desk.timezone)):
                    await outbox.refresh_cards(session, filing, now=now)
            steps = [paging.take_step(filing, ground, self._desk, now=now) for filing in due]
            await paging.store(session, steps, ground, now=now)
            for step in steps:
                # 稍后 is over: the cards that spoke of it follow.
                if any((page["step"] or "").startswith("snooze:") for page in step.pages):
                    await outbox.refresh_cards(session, step.filing, now=now)
        return len(due)

    async def _earliest(self) -> datetime | None:
        async with self._database.reading() as session:
            earliest: datetime | None = await session.scalar(_EARLIEST)
            return earliest


def _acknowledger_id(filing: Filing) -> int | None:
    return (filing.acknowledged_by or {}).get("officer_id")


async def _close_undo(session: AsyncSession, filing: Filing, now: datetime) -> None:
    """Two minutes are over: take 撤销 off the cards, behind everything more urgent."""
    until = changes.undo_until(filing)
    if until is not None and until <= now:
        filing.undo = None
        await outbox.refresh_cards(session, filing, now=now, priority=outbox.LATER)
