"""The one table of recurring jobs and the loop that fires them. What a job does lives below.

Recurrences are declared here by every instance; each firing is claimed by a unique row, so one instance
runs it. A firing missed while everything was down is caught up once. A job that fails is put off, alone.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

import structlog
from apscheduler.triggers.cron import CronTrigger
from sqlalchemy import CursorResult, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from bot.chat import unreached_report
from bot.error_places import place
from bot.models import Firing
from bot.texts import load_texts
from directory import retention
from directory.clock import Clock
from directory.corrections import earliest as earliest_silence
from directory.database import Database
from directory.outages import is_outage
from notifications import (
    bulletin_drafts,
    check_ins,
    corrections,
    digests,
    drills,
    form_reminders,
    handovers,
    notice_reminders,
    notices,
    onboarding,
    questions,
    quiet_drills,
    rounds,
    shift_reports,
    statistics_cells,
    swapping,
    training,
    verification_lists,
    verifications,
)
from notifications.calendar_requests import ask_for_years
from notifications.desk import DeskRules
from notifications.drill_report import report_due
from notifications.timekeeper import Timed
from notifications.told import Voice

log = structlog.get_logger(__name__)

Work = Callable[[AsyncSession, datetime], Awaitable[None]]

#: How far back (days) a missed firing is looked for when a job never fired before.
LOOK_BACK = timedelta(days=1)
#: The pause after the database could not be reached.
OUTAGE_PAUSE = timedelta(seconds=5)
#: The pause after a job's first failure in a row; each further one doubles it, up to the longest.
FIRST_PAUSE = timedelta(seconds=10)
LONGEST_PAUSE = timedelta(hours=1)


@dataclass(slots=True)
class PutOff:
    """A job that could not be looked after: until when it rests, and how often in a row it failed."""

    until: datetime
    failures: int = 0


@dataclass(frozen=True, slots=True)
class Job:
    """A recurrence (in the desk's own zone) and what it does, in one transaction with its claim."""

    name: str
    trigger: CronTrigger
    work: Work


def jobs(desk: DeskRules) -> tuple[Job, ...]:
    """Every recurring job of the product."""

    def at(hour: int, minute: int) -> CronTrigger:
        return CronTrigger(hour=hour, minute=minute, timezone=desk.timezone)

    voice = Voice(load_texts(), desk)
    early = CronTrigger(day_of_week="mon", hour=8, minute=30, timezone=desk.timezone)
    first = CronTrigger(day=1, hour=8, minute=40, timezone=desk.timezone)
    monday = CronTrigger(day_of_week="mon", hour=9, minute=10, timezone=desk.timezone)
    return (
        Job("housekeeping", at(3, 20), housekeeping),
        Job("digests", at(5, 30), digests.enlist),
        Job("quiet_drills", at(6, 40), partial(quiet_drills.plan, desk=desk)),
        Job("shift_gaps", at(17, 30), partial(shift_reports.report, desk=desk)),
        Job("unreached", at(9, 0), partial(unreached_report.report, voice=voice)),
        Job("bulletins_weekly", early, partial(bulletin_drafts.weekly, desk=desk)),
        Job("bulletins_monthly", first, partial(bulletin_drafts.monthly, desk=desk)),
        Job("calendar_years", monday, partial(ask_for_years, desk=desk)),
    )


def timed(desk: DeskRules) -> tuple[Timed, ...]:
    """Everything outside filings that falls due at an instant kept in a table."""
    voice = Voice(load_texts(), desk)
    return (
        Timed("swaps", swapping.earliest_lapse, partial(swapping.lapse, voice=voice)),
        Timed("rounds", rounds.earliest, partial(rounds.make, voice=voice)),
        Timed(
            "handovers",
            handovers.earliest_unconfirmed,
            partial(handovers.report_unconfirmed, voice=voice),
        ),
        Timed(
            "check_ins",
            check_ins.earliest_missed,
            partial(check_ins.report_missed, voice=voice),
        ),
        Timed("corrections", earliest_silence, partial(corrections.escalate, voice=voice)),
        Timed("questions", questions.earliest, partial(questions.climb_due, voice=voice)),
        Timed(
            "verification_plans",
            verifications.earliest_unplanned,
            partial(verifications.plan, voice=voice),
        ),
        Timed(
            "verifications", verifications.earliest_asking, partial(verifications.ask, voice=voice)
        ),
        Timed(
            "verification_lists",
            verification_lists.earliest,
            partial(verification_lists.escalate, voice=voice),
        ),
        Timed("drill_filings", drills.earliest_filing, partial(drills.file_due, desk=desk)),
        Timed("drill_reports", drills.earliest_report, partial(report_due, desk=desk)),
        *_sent_out(desk),
        Timed("digests", digests.earliest, partial(digests.write_due, voice=voice)),
        Timed("onboarding", onboarding.earliest, partial(onboarding.look_after, voice=voice)),
        Timed("drill_ends", drills.earliest_end, drills.close_due),
        Timed(
            "statistics",
            partial(statistics_cells.earliest, desk=desk),
            partial(statistics_cells.count_due, desk=desk),
        ),
    )


def _sent_out(desk: DeskRules) -> tuple[Timed, ...]:
    """Notices, and the forms and trainings that ride on them."""
    return (
        Timed("notices", notices.earliest_writing, partial(notices.write_due, desk=desk)),
        Timed(
            "notice_reminders",
            notice_reminders.earliest,
            partial(notice_reminders.remind_due, desk=desk),
        ),
        Timed(
            "form_reminders",
            form_reminders.earliest,
            partial(form_reminders.remind_due, desk=desk),
        ),
        Timed("training_reminders", training.earliest_reminder, training.remind_due),
    )


class Schedule:
    """Fires the jobs at their times, on whichever instance claims a firing first."""

    def __init__(self, database: Database, clock: Clock, table: Sequence[Job]) -> None:
        self._database = database
        self._clock = clock
        self._table = table
        self._put_off: dict[str, PutOff] = {}
        #: How often jobs failed since the start. That the database was out of reach is no failure.
        self.failures = 0

    async def run(self) -> None:
        """Work until cancelled."""
        never = asyncio.Event()
        while True:
            await self._clock.wait(await self._look_after_all(), never)

    async def _look_after_all(self) -> datetime:
        """Fire what is due, put off what fails; returns when to look again."""
        resting = {job.name: until for job in self._table if (until := self._rests_until(job))}
        awake = [job for job in self._table if job.name not in resting]
        upcoming = list(resting.values())
        try:
            fired = await self._last_firings(awake) if awake else {}
        except Exception as error:  # noqa: BLE001 -- whatever it was, the loop goes on
            return min([*upcoming, *(self._rest(job, error) for job in awake)])
        for job in awake:
            try:
                upcoming.append(await self.fire_due(job, fired.get(job.name)))
            except Exception as error:  # noqa: BLE001 -- whatever it was, the other jobs go on
                upcoming.append(self._rest(job, error))
            else:
                self._put_off.pop(job.name, None)
        return min(upcoming)

    def _rests_until(self, job: Job) -> datetime | None:
        rest, now = self._put_off.get(job.name), self._clock.now()
        # A clock that was set back must not turn a pause into a day.
        return rest.until if rest is not None and now < rest.until <= now + LONGEST_PAUSE else None

    async def _last_firings(self, table: Sequence[Job]) -> Mapping[str, datetime]:
        """When each job fired last, in one look for all of them; those that never did are left out."""
        asked = (
            select(Firing.job, func.max(Firing.scheduled_at))
            # Those from a time when the clock was ahead must not keep it from firing now.
            .where(
                Firing.job.in_([job.name for job in table]),
                Firing.scheduled_at <= self._clock.now(),
            )
            .group_by(Firing.job)
        )
        async with self._database.reading() as session:
            return {job: at for job, at in await session.execute(asked)}  # noqa: C416 -- no pairs to mypy

    def _rest(self, job: Job, error: Exception) -> datetime:
        """Log why `job` rests (kind and place, never the text) and return until when."""
        rest = self._put_off.setdefault(job.name, PutOff(self._clock.now()))
        if is_outage(error):
            pause = OUTAGE_PAUSE
            log.warning("job_waits_for_database", job=job.name, error=type(error).__name__)
        else:
            pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(rest.failures, 20))
            rest.failures += 1
            self.failures += 1
            log.error("job_failed", job=job.name, error=place(error), failures=rest.failures,
                      pause_seconds=pause.total_seconds())  # fmt: skip
        rest.until = self._clock.now() + pause
        return rest.until

    async def fire_due(self, job: Job, last: datetime | None) -> datetime:
        """Fire `job` if a time of it later than `last` has passed (once, however many); return its next time."""
        now = self._clock.now()
        due = _latest(job.trigger, last or now - LOOK_BACK, now)
        if due is not None:
            async with self._database.transaction() as session:
                if await _claim(session, job.name, due, now):
                    await job.work(session, now)
                    await session.execute(
                        update(Firing)
                        .where(Firing.job == job.name, Firing.scheduled_at == due)
                        .values(done_at=now)
                    )
                    log.info("job_done", job=job.name, scheduled_at=due.isoformat())
        following: datetime = job.trigger.get_next_fire_time(now, now + timedelta(microseconds=1))
        # A trigger answers in its own zone; everything here is told in UTC.
        return following.astimezone(UTC)


def _latest(trigger: CronTrigger, after: datetime, now: datetime) -> datetime | None:
    """The last time of `trigger` that is later than `after` and not later than `now`."""
    latest: datetime | None = None
    moment = after
    while True:
        following = trigger.get_next_fire_time(moment, moment + timedelta(microseconds=1))
        if following is None or following > now:
            return latest
        latest = moment = following


async def _claim(session: AsyncSession, job: str, due: datetime, now: datetime) -> bool:
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    statement = dialect.insert(Firing).values(job=job, scheduled_at=due, claimed_at=now)
    claimed = await session.execute(statement.on_conflict_do_nothing())
    return isinstance(claimed, CursorResult) and claimed.rowcount == 1


async def housekeeping(session: AsyncSession, now: datetime) -> None:
    """Take away what is over, by the one table of `directory.retention`; say how much, never whose."""
    for purged in await retention.purge(session, now=now):
        if purged.count:
            log.info("purged", rule=purged.rule.key, rows=purged.count)
