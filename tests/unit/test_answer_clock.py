"""The clock of one filing, by a table of arrivals and readings."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from directory.office_hours import DEFAULT_HOURS, OfficeHours
from directory.worktime import DayTable, WorkCalendar
from notifications import answer_clock

SHANGHAI = ZoneInfo("Asia/Shanghai")
COURT = WorkCalendar(OfficeHours.parse(DEFAULT_HOURS), SHANGHAI, DayTable({}, frozenset({2019})))


def at(text):
    """`10 09:00` is 10 October 2019, a Thursday, in Shanghai."""
    day, _, clock = text.partition(" ")
    return datetime.fromisoformat(f"{date(2019, 10, int(day))}T{clock}").replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("clock", "arrives", "now", "used_minutes", "due", "warn", "starts", "overdue"),
    [
        ("working", "10 09:00", "10 09:10", 10, "10 09:30", "10 09:15", "10 09:00", False),
        ("working", "10 09:00", "10 09:30", 30, "10 09:30", "10 09:15", "10 09:00", False),
        ("working", "10 09:00", "10 09:30:01", 30, "10 09:30", "10 09:15", "10 09:00", True),
        ("working", "10 11:20", "10 12:30", 10, "10 13:50", "10 13:35", "10 11:20", False),
        ("working", "10 18:00", "10 19:00", 0, "11 09:00", "11 08:45", "11 08:30", False),
        ("working", "11 16:50", "14 08:45", 25, "14 08:50", "14 08:35", "11 16:50", False),
        ("wall", "10 11:20", "10 12:30", 70, "10 11:50", "10 11:35", "10 11:20", True),
        ("wall", "10 18:00", "10 18:20", 20, "10 18:30", "10 18:15", "10 18:00", False),
    ],
)
def test_reading(clock, arrives, now, used_minutes, due, warn, starts, overdue):
    reading = answer_clock.reading(COURT, clock, at(arrives), 30 * 60, at(now))
    assert reading.used_minutes == used_minutes
    assert reading.target_minutes == 30
    assert (reading.due_at, reading.warn_at) == (at(due), at(warn))
    assert reading.starts_at == at(starts)
    assert reading.overdue is overdue
    assert reading.due_at.tzinfo is UTC


def test_minutes_are_rounded_down():
    reading = answer_clock.reading(COURT, "working", at("10 09:00"), 1800, at("10 09:09:59.999"))
    assert (reading.used_seconds, reading.used_minutes) == (599, 9)


def test_the_working_clock_tells_when_it_stands_still_and_the_wall_clock_never_does():
    working = answer_clock.reading(COURT, "working", at("10 11:20"), 1800, at("10 12:00"))
    assert [(span.start, span.end) for span in working.pauses] == [(at("10 11:30"), at("10 13:30"))]
    assert not working.open_now
    wall = answer_clock.reading(COURT, "wall", at("10 11:20"), 1800, at("10 11:25"))
    assert wall.pauses == ()
    assert wall.open_now


def test_an_arrival_at_night_pauses_until_the_opening():
    reading = answer_clock.reading(COURT, "working", at("10 18:00"), 1800, at("10 18:01"))
    assert [(span.start, span.end) for span in reading.pauses] == [(at("10 18:00"), at("11 08:30"))]


def test_a_due_time_in_a_year_not_announced_is_estimated():
    late = datetime(2019, 12, 31, 16, 50, tzinfo=SHANGHAI)
    assert answer_clock.reading(COURT, "working", late, 1800, late).estimated
    assert not answer_clock.reading(COURT, "wall", late, 1800, late).estimated
    assert not answer_clock.reading(COURT, "working", late, 60, late).estimated


@pytest.mark.parametrize(
    ("start", "end", "wall_minutes", "working_minutes"),
    [
        ("10 11:20", "10 13:40", 140, 20),
        ("11 17:00", "14 08:30", 63 * 60 + 30, 0),
        ("10 10:00", "10 09:00", 0, 0),
    ],
)
def test_both_kinds_of_time_are_told(start, end, wall_minutes, working_minutes):
    elapsed = answer_clock.elapsed(COURT, at(start), at(end))
    assert elapsed.by("wall") == elapsed.wall_seconds == wall_minutes * 60
    assert elapsed.by("working") == elapsed.working_seconds == working_minutes * 60


@pytest.mark.parametrize(("seconds", "in_time"), [(0, True), (1800, True), (1801, False)])
def test_the_last_second_of_the_target_is_in_time(seconds, in_time):
    assert answer_clock.in_time(seconds, 1800) is in_time
