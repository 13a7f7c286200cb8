"""A court that is closed for a day: its substitute's desk, or one officer, stands in its place."""

from datetime import date

import pytest

from directory import calendars, duty
from directory.calendars import SettledDay
from tests.clock import MONDAY_MORNING

TODAY = date(2019, 8, 19)


@pytest.fixture(autouse=True)
def _nothing_stays_announced():
    yield
    calendars.announce(())


@pytest.fixture
async def seen(database, builders):
    """`await seen(SettledDay(…))`: the duty of the Dalian maritime court that Monday."""
    people = await builders.liaoning()
    other = await builders.court("辽02")
    await builders.officer(other, "孙悦", "A", 201)
    await builders.officer(other, "钱进", "leader", 202)

    async def look(*settled):
        calendars.announce((), settled)
        async with database.reading() as session:
            found = await duty.on_duty(
                session, [people.jurisdiction], now=MONDAY_MORNING, default_timezone="Asia/Shanghai"
            )
        return found["辽72"]

    look.people = people
    return look


def names(found, post):
    return [person.name for person in found.of(post)]


async def test_another_court_answers_with_its_posts_and_the_province_keeps_its_coordinator(seen):
    found = await seen(SettledDay(1, "辽72", TODAY, "off", name="停电", substitute_court="辽02"))
    assert (names(found, "A"), names(found, "B"), names(found, "leader")) == (
        ["孙悦"],
        [],
        ["钱进"],
    )
    assert names(found, "coordinator") == ["周琳"]
    assert (found.stand_in.reason, found.stand_in.name) == ("停电", "辽宁省大连市中级人民法院")


async def test_one_officer_takes_post_a_and_the_court_stays_behind(seen):
    settled = SettledDay(
        1, "辽宁省", TODAY, "off", substitute_officer_id=seen.people.filing_officer.id
    )
    found = await seen(settled)
    assert names(found, "A") == [seen.people.filing_officer.name]
    assert names(found, "B") == ["李敏"]
    assert found.of("A")[0].post == "A"
    assert found.stand_in.court_code == "浙72"


@pytest.mark.parametrize(
    "settled",
    [
        SettledDay(1, "辽72", TODAY, "off"),
        SettledDay(1, "辽72", date(2019, 8, 20), "off", substitute_court="辽02"),
        SettledDay(1, "辽72", TODAY, "work", substitute_court="辽02"),
        SettledDay(1, "辽02", TODAY, "off", substitute_court="浙72"),
    ],
)
async def test_on_any_other_day_the_court_answers_itself(seen, settled):
    found = await seen(settled)
    assert names(found, "A") == ["王建国"]
    assert found.stand_in is None


async def test_a_substitute_that_is_closed_itself_is_not_followed_further(seen):
    found = await seen(
        SettledDay(1, "辽72", TODAY, "off", substitute_court="辽02"),
        SettledDay(2, "辽02", TODAY, "off", substitute_court="浙72"),
    )
    assert names(found, "A") == ["孙悦"]
