"""Which courts a drill calls and when: spread, partners, the end, a quiet hour."""

from datetime import UTC, datetime, timedelta

import pytest

from directory.calendars import calendar_for
from notifications import drill_plan

START = datetime(2019, 8, 19, 1, 30, tzinfo=UTC)  # Monday, 09:30 in Beijing.
USUAL = calendar_for("08:30-11:30 13:30-17:00", None, "Asia/Shanghai")
LATE = calendar_for("10:00-14:00 16:00-19:30", None, "Asia/Shanghai")


def beijing(day, hour, minute=0):
    return datetime(2019, 8, day, hour, minute, tzinfo=UTC) - timedelta(hours=8)


@pytest.mark.parametrize(
    ("spread", "seconds"),
    [(0, [0, 0, 0, 0]), (300, [0, 75, 150, 225]), (10, [0, 2, 5, 7])],
)
def test_filings_are_spread_evenly_on_whole_seconds_in_the_codes_order(spread, seconds):
    due = drill_plan.instants(["辽03", "辽01", "辽04", "辽02"], START, spread)
    assert list(due) == ["辽01", "辽02", "辽03", "辽04"]
    assert [(at - START).total_seconds() for at in due.values()] == seconds


def test_a_national_drill_calls_every_court_once_within_five_minutes():
    due = drill_plan.instants([f"辽{n:04}" for n in range(3500)], START, 300)
    assert len(due) == 3500
    assert max(due.values()) < START + timedelta(minutes=5)


@pytest.mark.parametrize("count", [2, 3, 128])
def test_every_court_has_another_court_of_the_drill_as_its_partner(count):
    codes = [f"辽{n:02}" for n in range(count)]
    ring = drill_plan.partners(codes)
    assert sorted(ring) == sorted(ring.values()) == sorted(codes)
    assert all(court != other for court, other in ring.items())


def test_one_court_alone_has_no_partner_in_its_drill():
    assert drill_plan.partners(["辽72"]) == {}


@pytest.mark.parametrize(
    ("last", "end"),
    [
        ([(USUAL, beijing(19, 9, 30))], beijing(19, 10, 30)),
        ([(USUAL, beijing(19, 11, 0))], beijing(19, 14, 0)),
        ([(USUAL, beijing(19, 20, 0))], beijing(20, 9, 30)),
        ([(USUAL, beijing(19, 9, 30)), (LATE, beijing(19, 9, 30))], beijing(19, 11, 0)),
    ],
)
def test_a_drill_lasts_an_hour_of_working_time_after_the_last_filing(last, end):
    assert drill_plan.ends_at(last) == end


@pytest.mark.parametrize(
    ("calendar", "now", "share", "at"),
    [
        (USUAL, beijing(19, 5, 30), 0.0, beijing(19, 9, 0)),
        (USUAL, beijing(19, 5, 30), 0.5, beijing(19, 10, 0)),
        (LATE, beijing(19, 5, 30), 0.0, beijing(19, 10, 30)),
        (USUAL, beijing(19, 10, 30), 0.0, beijing(19, 10, 30)),
        (USUAL, beijing(19, 11, 10), 0.0, None),
        (USUAL, beijing(18, 5, 30), 0.5, None),  # Sunday
    ],
)
def test_a_quiet_drill_comes_in_the_middle_of_a_working_morning(calendar, now, share, at):
    assert drill_plan.quiet_instant(calendar, now, share) == at


def test_a_reference_says_which_drill_and_which_court():
    assert drill_plan.reference(START, 7, "辽0211") == "YL-20190819-7-辽0211"
