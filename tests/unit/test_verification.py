"""When cards are asked about: spread over the period, on working days, in the court's hours; when silence goes on."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from directory.calendars import calendar_for
from directory.verification import list_at, next_asking, next_day, share, silence_at
from directory.worktime import is_open

CALENDAR = calendar_for("08:30-11:30 13:30-17:00", None, "Asia/Shanghai")
MONDAY = datetime(2019, 8, 19, 1, 30, tzinfo=UTC)


def asked(officer_id, **but):
    known = {
        "added_at": MONDAY, "verified_at": None, "days": 90, "calendar": CALENDAR, "now": MONDAY,
    }  # fmt: skip
    return next_asking(officer_id, **known | but)


def test_people_of_one_import_come_one_after_the_other_and_only_in_office_hours():
    found = [asked(number) for number in range(1, 2001)]
    assert all(is_open(CALENDAR, at) for at in found)
    assert min(found) >= MONDAY + timedelta(days=90)
    # A span of days off at the end is all that may come besides.
    assert max(found) <= MONDAY + timedelta(days=192)
    days = Counter(at.date() for at in found)
    assert len(days) > 45
    assert len({at.time() for at in found}) > 60


def test_a_verification_holds_for_one_period():
    later = asked(7, verified_at=MONDAY + timedelta(days=10))
    assert timedelta(days=99) < later - MONDAY < timedelta(days=104)


def test_what_is_overdue_is_spread_from_now_on():
    found = [asked(n, added_at=MONDAY - timedelta(days=900)) for n in range(1, 301)]
    assert min(found) > MONDAY - timedelta(days=1)
    assert max(found) < MONDAY + timedelta(days=100)
    assert len({at.date() for at in found}) > 30


def test_a_share_is_the_same_on_every_machine():
    assert share(1) == share(1) != share(2)
    assert all(0 <= share(number) < 1 for number in range(100))


@pytest.mark.parametrize(
    ("since", "until"),
    [
        ((2019, 8, 19), (2019, 8, 26)),
        ((2019, 8, 23), (2019, 8, 30)),
        ((2019, 8, 24), (2019, 8, 30)),
        # 29 September and 12 October are made up for the week of the National Day.
        ((2019, 9, 30), (2019, 10, 12)),
    ],
)
def test_silence_goes_on_after_five_working_days(since, until):
    asked_at = datetime(*since, 2, 0, tzinfo=UTC)
    assert silence_at(CALENDAR, asked_at) == datetime(*until, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("since", "until"),
    [
        ((2019, 8, 19, 0, 10), (2019, 8, 19, 1, 0)),
        ((2019, 8, 19, 1, 0), (2019, 8, 19, 1, 0)),
        ((2019, 8, 19, 1, 1), (2019, 8, 20, 1, 0)),
        ((2019, 8, 23, 9, 0), (2019, 8, 26, 1, 0)),
        ((2019, 9, 30, 9, 0), (2019, 10, 8, 1, 0)),
    ],
)
def test_a_list_is_written_once_on_each_working_morning(since, until):
    assert list_at(CALENDAR, datetime(*since, tzinfo=UTC)) == datetime(*until, tzinfo=UTC)


def test_a_court_that_opens_for_a_moment_has_a_list_all_the_same():
    short = calendar_for("09:00-09:10", None, "Asia/Shanghai")
    at = list_at(short, MONDAY)
    assert is_open(short, at)
    assert is_open(short, next_day(7, short, MONDAY))


def test_who_cannot_be_asked_now_is_asked_on_the_next_working_day():
    friday = MONDAY + timedelta(days=4)
    found = {next_day(number, CALENDAR, friday) for number in range(200)}
    assert {at.date() for at in found} == {(MONDAY + timedelta(days=7)).date()}
    assert all(is_open(CALENDAR, at) for at in found)
    assert len(found) > 40
