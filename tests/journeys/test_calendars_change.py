"""Calendars that change while filings wait: clocks, steps and cards follow, whoever brought the change in."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date

import pytest

from bot.app import App
from directory import calendars, day_overrides
from tests.clock import FrozenClock


@pytest.fixture(autouse=True)
async def _nothing_stays_announced() -> AsyncIterator[None]:
    yield
    calendars.announce(())


@pytest.fixture
def closes(app: App, clock: FrozenClock):
    """`await closes("辽72", 24)`: that day of August 2019 is settled."""

    async def settle(scope: str, day: int, kind: str = "off", **more: object) -> int:
        async with app.database.transaction() as session:
            row = await day_overrides.settle(
                session, scope, date(2019, 8, day), kind,
                by="管理员", now=clock.now(), today=date(2019, 8, 19), **more,
            )  # fmt: skip
        await clock.settle()
        return row.id

    return settle


async def test_a_day_closed_while_a_filing_waits_moves_its_clock_and_its_steps(
    phones, file_a_filing, beijing, closes, seen_by_api
):
    await beijing("16:50")
    filing = await file_a_filing()
    phones["A岗"].expects("应于 8月20日 08:50 前签收")
    await closes("辽72", 20)
    phones["A岗"].expects("应于 8月21日 08:50 前签收")
    assert (await seen_by_api(filing.reference))["answer_due_at"] == "2019-08-21T00:50:00Z"
    await beijing("18:00", day=20)
    phones["带班领导"].expects_nothing(filing.reference)
    await beijing("08:36", day=21)
    phones["带班领导"].expects(filing.reference)


async def test_what_another_process_settles_is_followed_too(
    phones, file_a_filing, beijing, database, clock
):
    await beijing("16:50")
    await file_a_filing()
    async with database.transaction() as session:
        await day_overrides.settle(
            session, "辽宁省", date(2019, 8, 20), "off",
            by="管理员", now=clock.now(), today=date(2019, 8, 19),
        )  # fmt: skip
    for _ in range(500):
        if calendars.closure_on("辽宁省", "辽72", date(2019, 8, 20)) is not None:
            break
        await asyncio.sleep(0.01)
    await clock.settle()
    phones["A岗"].expects("应于 8月21日 08:50 前签收")


async def test_a_closure_taken_back_gives_the_day_back(
    phones, file_a_filing, beijing, closes, seen_by_api, app, clock
):
    number = await closes("辽宁省", 20)
    await beijing("16:50")
    filing = await file_a_filing()
    phones["A岗"].expects("应于 8月21日 08:50 前签收")
    async with app.database.transaction() as session:
        await day_overrides.take_back(session, number, by="管理员", now=clock.now())
    await clock.settle()
    assert (await seen_by_api(filing.reference))["answer_due_at"] == "2019-08-20T00:50:00Z"
    await beijing("08:36", day=20)
    phones["带班领导"].expects(filing.reference)


async def test_a_filing_keeps_the_edition_its_seconds_were_counted_with(
    phones, file_a_filing, beijing, closes, seen_by_api
):
    filing = await file_a_filing()
    assert (await seen_by_api(filing.reference))["calendar_version"] is None
    await phones["A岗"].presses("签收")
    counted = (await seen_by_api(filing.reference))["calendar_version"]
    assert counted.startswith("2019:")
    await phones["A岗"].presses("撤销")
    assert (await seen_by_api(filing.reference))["calendar_version"] is None
    await phones["A岗"].presses("签收")
    await closes("辽72", 20)
    assert (await seen_by_api(filing.reference))["calendar_version"] == counted
    await phones["A岗"].presses("登记立案")
    answer, result = (await seen_by_api(filing.reference))["calendar_version"].split()
    assert answer == counted
    assert result.startswith(f"{counted}+")


async def test_a_saturday_that_is_worked_pages_at_once(phones, file_a_filing, beijing, closes):
    await closes("辽72", 24, "work")
    await beijing("10:00", day=24)
    filing = await file_a_filing()
    card = phones["A岗"].expects(filing.reference)
    assert not card.silent
    assert "应于 10:30 前签收" in card.text


async def test_a_filing_of_saturday_night_is_heard_at_the_opening_that_a_day_keeps(
    phones, groups, file_a_filing, beijing, closes
):
    await beijing("20:00", day=24)
    filing = await file_a_filing()
    assert phones["A岗"].expects(filing.reference, groups["辽72"]).silent
    await closes("辽72", 26, "hours", hours="10:00-12:00")
    await beijing("09:59", day=26)
    phones["A岗"].expects_nothing(f"{filing.reference} 待签收")
    await beijing("10:01", day=26)
    assert not phones["A岗"].expects(filing.reference).silent
