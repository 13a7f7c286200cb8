"""A court that has linked no group is paged directly, and its coordinator is told, once a day."""

import pytest

from directory.models import Court
from tests.desk import filer
from tests.journeys.screens import arrivals


@pytest.fixture
async def file_to_a_court_without_group(app, clock, database, liaoning):
    async with database.transaction() as session:
        court = await session.get_one(Court, liaoning.jurisdiction.code)
        court.group_chat_id = None
    return filer(app, clock, liaoning)


async def test_the_officers_are_paged_directly_and_the_coordinator_hears_at_once(
    phones, file_to_a_court_without_group
):
    filing = await file_to_a_court_without_group()
    phones["A岗"].expects(f"待签收 {filing.reference}")
    alert = phones["省级协调员"].expects("大连海事法院 未关联群")
    assert "/link 辽72" in alert.text


async def test_the_coordinator_is_not_told_again_on_the_same_day(
    clock, phones, file_to_a_court_without_group, beijing
):
    await file_to_a_court_without_group()
    await clock.advance(minutes=12)
    await file_to_a_court_without_group()
    assert arrivals(phones["省级协调员"], "未关联群") == ["09:30"]
    await beijing("09:00", day=20)
    await file_to_a_court_without_group()
    assert arrivals(phones["省级协调员"], "未关联群") == ["09:30", "09:00"]
