"""Recurring jobs: fired once at their times, and a job that fails is put off without holding up the others."""

import asyncio
from contextlib import asynccontextmanager
from datetime import timedelta

import structlog
from apscheduler.triggers.cron import CronTrigger
from sqlalchemy import event, select
from sqlalchemy.exc import OperationalError

from bot.models import Firing
from bot.schedule import LONGEST_PAUSE, Job, Schedule
from tests.clock import MONDAY_MORNING as START


class Work:
    """What a job does: notes when, after raising the faults it was given."""

    def __init__(self, *faults):
        self.faults = list(faults)
        self.tried = []
        self.done = []

    async def __call__(self, session, now):
        self.tried.append(now - START)
        if self.faults and (fault := self.faults.pop(0)) is not None:
            raise fault
        self.done.append(now - START)


def hourly(name, work):
    """At the full hour and the half; the clock starts at half past nine."""
    return Job(name, CronTrigger(minute="0,30", timezone="Asia/Shanghai"), work)


@asynccontextmanager
async def running(database, clock, *jobs):
    schedule = Schedule(database, clock, jobs)
    task = asyncio.create_task(schedule.run(), name="schedule")
    await clock.loops(1)
    await clock.settle()
    try:
        yield schedule
    finally:
        assert not task.done(), "the loop broke"
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def minutes(*numbers):
    return [timedelta(minutes=number) for number in numbers]


async def test_a_job_fires_at_its_times_and_each_firing_is_recorded(database, clock):
    work = Work()
    async with running(database, clock, hourly("report", work)):
        await clock.advance(minutes=61)
    assert work.done == minutes(0, 30, 60)
    async with database.reading() as session:
        done = list(await session.scalars(select(Firing.done_at).order_by(Firing.done_at)))
    assert [moment - START for moment in done] == work.done


async def test_a_job_that_fails_holds_up_no_other(database, clock):
    broken = Work(*[ValueError("党某某")] * 100)
    sound = Work()
    async with running(database, clock, hourly("broken", broken), hourly("sound", sound)):
        await clock.advance(minutes=61)
    assert sound.done == minutes(0, 30, 60)
    assert broken.done == []


async def test_a_failing_job_is_tried_again_after_growing_pauses(database, clock):
    work = Work(*[ValueError()] * 4)
    async with running(database, clock, hourly("report", work)) as schedule:
        await clock.advance(minutes=29)
    assert work.tried == [timedelta(seconds=s) for s in (0, 10, 30, 70, 150)]
    assert work.done == [timedelta(seconds=150)]
    assert schedule.failures == 4


async def test_pauses_grow_no_longer_than_an_hour_and_begin_anew_after_a_success(database, clock):
    work = Work(*[ValueError()] * 12, None, ValueError())
    async with running(database, clock, hourly("report", work)):
        await clock.advance(hours=12)
    pauses = [later - earlier for earlier, later in zip(work.tried, work.tried[1:], strict=False)]
    assert pauses[10:12] == [LONGEST_PAUSE] * 2
    assert pauses[13] == timedelta(seconds=10)


async def test_a_failure_is_logged_by_its_kind_and_place_and_not_by_its_text(database, clock):
    work = Work(ValueError("党某某 13800000000"))
    with structlog.testing.capture_logs() as logs:
        async with running(database, clock, hourly("report", work)):
            pass
    [failure] = [line for line in logs if line["event"] == "job_failed"]
    assert failure["log_level"] == "error"
    assert failure["job"] == "report"
    assert failure["error"].startswith("ValueError at ")
    assert "test_schedule.py" in failure["error"]
    assert "党某某" not in str(logs)


async def test_what_a_failing_job_did_is_rolled_back_with_its_claim(database, clock):
    async def half(session, now):
        session.add(Firing(job="by-product", scheduled_at=now, claimed_at=now))
        await session.flush()
        raise ValueError

    async with running(database, clock, hourly("report", half)):
        pass
    async with database.reading() as session:
        assert list(await session.scalars(select(Firing))) == []


async def test_a_database_out_of_reach_is_waited_for_and_counts_as_no_failure(database, clock):
    outage = OperationalError("INSERT", {}, ConnectionError("gone"))
    work = Work(outage, ConnectionRefusedError(), outage)
    async with running(database, clock, hourly("report", work)) as schedule:
        await clock.advance(minutes=1)
    assert work.tried == [timedelta(seconds=s) for s in (0, 5, 10, 15)]
    assert schedule.failures == 0


async def test_a_clock_that_is_set_back_does_not_prolong_a_pause(database, clock):
    work = Work(ValueError())
    async with running(database, clock, hourly("report", work)):
        clock.jump(START - timedelta(days=2))
        await clock.settle()
        assert len(work.done) == 1


async def test_a_job_that_fired_while_the_clock_was_days_ahead_does_not_wait_for_that_day(
    database, clock
):
    work = Work()
    async with running(database, clock, hourly("report", work)):
        clock.jump(START + timedelta(days=3))
        await clock.settle()
        clock.jump(START + timedelta(minutes=1))
        await clock.settle()
        await clock.advance(minutes=60)
    assert work.done == [timedelta(0), timedelta(days=3), *minutes(30, 60)]


async def test_when_each_job_fired_last_is_asked_for_all_of_them_at_once(database, clock):
    asked = []

    def note(_connection, _cursor, statement, *_):
        if "max(firings.scheduled_at)" in statement:
            asked.append(statement)

    event.listen(database.engine.sync_engine, "before_cursor_execute", note)
    jobs = {name: Work() for name in ("one", "two", "three")}
    async with running(database, clock, *(hourly(name, work) for name, work in jobs.items())):
        assert len(asked) == 1
    assert [work.done for work in jobs.values()] == [minutes(0)] * 3
