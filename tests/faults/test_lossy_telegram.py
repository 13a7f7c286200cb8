"""A Telegram that loses, cuts, garbles and refuses: no page is lost, and none comes twice without a doubt."""

import pytest

from bot.sandbox.faults import Fault
from directory.database import Database
from tests.faults import lossy


@pytest.fixture
async def database(sqlite_url):
    opened = Database.connect(sqlite_url)
    yield opened
    await opened.close()


async def test_a_thousand_pages_through_a_lossy_telegram_all_arrive(database, record_property):
    report = await lossy.send_pages(database, 1000, seed=19)
    record_property("lossy Telegram", str(report))
    assert report.pages == 1000
    assert report.lost == []
    assert 0 < report.repeats <= report.ambiguous
    # The trouble took place: every kind of it, and refusals for going too fast.
    assert {f"fault:{fault}" for fault in lossy.TROUBLE} <= set(report.calls)
    assert report.limited > 0


async def test_a_sound_telegram_shows_every_page_once(database):
    report = await lossy.send_pages(database, 100, trouble={})
    assert (report.lost, report.repeats, report.ambiguous) == ([], 0, 0)


@pytest.mark.parametrize("fault", [Fault.INTERNAL_ERROR, Fault.BAD_GATEWAY])
async def test_a_message_that_was_not_carried_out_is_repeated_until_it_is(database, fault):
    """Nothing was done under these faults: whatever the product believes, nothing may come twice."""
    report = await lossy.send_pages(database, 60, seed=3, trouble={fault: 0.5})
    assert (report.lost, report.repeats) == ([], 0)
    assert report.calls[f"fault:{fault}"] > 10
