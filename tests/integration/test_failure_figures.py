"""What fails without anybody waiting for an answer shows in the figures."""

import aiohttp
import pytest
from apscheduler.triggers.cron import CronTrigger

from bot import schedule
from bot.chat import updates
from tests import desk


async def figures(app):
    async with (
        aiohttp.ClientSession() as client,
        client.get(f"{app.http_address}/metrics") as answer,
    ):
        lines = (await answer.text()).splitlines()
    return {
        line.rsplit(" ", 1)[0]: float(line.rsplit(" ", 1)[1]) for line in lines if line[0] != "#"
    }


@pytest.fixture
def engine_name():
    return "sqlite"


async def test_an_update_that_was_given_up_is_counted(app, monkeypatch):
    assert (await figures(app))["liaison_updates_given_up_total"] == 0

    async def fails(session, update, now):
        raise ValueError

    monkeypatch.setattr(updates, "RETRY_PAUSE", 0)
    monkeypatch.setattr(app.chat.updates, "_handler", fails)
    await app.chat.handle({"update_id": 700_000_001})
    assert (await figures(app))["liaison_updates_given_up_total"] == 1


async def test_a_recurring_job_that_failed_is_counted(settings, clock, monkeypatch):
    async def fails(session, now):
        raise ValueError

    broken = schedule.Job("broken", CronTrigger(minute="0,30"), fails)
    monkeypatch.setattr(schedule, "jobs", lambda timezone: (broken,))
    async with desk.running(settings, clock, first_start=True) as app:
        assert (await figures(app))["liaison_jobs_failed_total"] == 1
