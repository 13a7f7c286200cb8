"""Office hours and working seconds: tables of known cases, and properties that hold for all."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from directory import worktime
from directory.office_hours import DEFAULT_HOURS, BadOfficeHours, OfficeHours
from directory.worktime import DayKind, DayTable, NoWorkingDay, Span, WorkCalendar

SEASONS = "05-01/09-30: 08:30-11:30 14:00-17:30; 10-01/04-30: 08:30-11:30 13:30-17:00"
DAYS = DayTable(
    {date(2019, 10, 7): DayKind.OFF, date(2019, 10, 12): DayKind.WORK}, frozenset({2019})
)
ZONES = ("Asia/Shanghai", "Asia/Urumqi", "America/New_York")


def calendar(hours=DEFAULT_HOURS, zone="Asia/Shanghai", days=DAYS):
    return WorkCalendar(OfficeHours.parse(hours), ZoneInfo(zone), days)


def at(text, zone="Asia/Shanghai"):
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("08:30-11:30 13:30-17:00", "08:30-11:30 13:30-17:00"),
        ("8:30-11:30 13:30-17:00", "08:30-11:30 13:30-17:00"),
        ("08：30－11：30　13：30—17：00", "08:30-11:30 13:30-17:00"),
        ("8:30～11:30、13:30至17:00", "08:30-11:30 13:30-17:00"),
        ("08:30 - 11:30, 13:30 - 17:00", "08:30-11:30 13:30-17:00"),
        ("08:00-12:00 12:00-17:00", "08:00-17:00"),
        ("00:00-24:00", "00:00-24:00"),
        (SEASONS, SEASONS),
        (SEASONS.replace(";", "；").replace(":", "：").replace("/", "／"), SEASONS),
        (SEASONS + ";", SEASONS),
        (
            "03-01/10-31: 09:00-17:00; 11-01/02-28: 10:00-16:00",
            "03-01/10-31: 09:00-17:00; 11-01/02-28: 10:00-16:00",
        ),
    ],
)
def test_hours_are_read_and_written_back(text, written):
    hours = OfficeHours.parse(text)
    assert str(hours) == written
    assert OfficeHours.parse(str(hours)) == hours


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "没有写任何时段"),
        (" ; ", "没有写任何时段"),
        ("全天", "“全天”"),
        ("08:30-25:00", "25:00"),
        ("08:60-11:00", "08:60"),
        ("11:30-08:30", "结束不晚于开始"),
        ("08:30-08:30", "结束不晚于开始"),
        ("08:30-12:00 11:00-17:00", "重叠"),
        ("13:30-17:00 08:30-11:30", "次序"),
        ("05-01/09-30: 08:30-11:30", "不属于任何季节"),
        ("05-01/10-01: 08:30-11:30; 10-01/04-30: 09:00-12:00", "10-01 落在两个季节里"),
        ("02-30/09-30: 08:30-11:30; 10-01/02-29: 09:00-12:00", "没有 02-30 这一天"),
        ("05-01/09-30 08:30-11:30; 10-01/04-30: 09:00-12:00", "应写成“月-日/月-日"),
        ("08:30-11:30; 13:30-17:00", "季节“08:30-11:30”"),
    ],
)
def test_wrong_hours_are_refused_with_what_is_wrong(text, fault):
    with pytest.raises(BadOfficeHours) as refusal:
        OfficeHours.parse(text)
    assert fault in str(refusal.value.fault)
    assert refusal.value.text == text
    assert "08:30-11:30 13:30-17:00" in str(refusal.value)


@pytest.mark.parametrize(
    ("day", "opens_in_the_afternoon"),
    [
        ("2019-05-06", "14:00"),
        ("2019-09-30", "14:00"),
        ("2019-10-08", "13:30"),
        ("2020-01-02", "13:30"),
    ],
)
def test_seasons_change_the_hours_and_wrap_the_year_end(day, opens_in_the_afternoon):
    _, afternoon = worktime.spans(calendar(SEASONS), date.fromisoformat(day))
    assert afternoon.start == at(f"{day}T{opens_in_the_afternoon}")


def test_a_leap_day_between_two_seasons_belongs_to_the_earlier():
    hours = OfficeHours.parse("03-01/10-31: 09:00-17:00; 11-01/02-28: 10:00-16:00")
    assert hours.parts_on(date(2024, 2, 29)) == hours.parts_on(date(2024, 2, 28))


@pytest.mark.parametrize(
    ("day", "open_spans"),
    [
        ("2019-10-11", 2),  # Friday
        ("2019-10-12", 2),  # Saturday, 调休
        ("2019-10-13", 0),  # Sunday
        ("2019-10-07", 0),  # Monday, National Day
    ],
)
def test_holidays_and_make_up_days_go_before_weekdays(day, open_spans):
    assert len(worktime.spans(calendar(), date.fromisoformat(day))) == open_spans


@pytest.mark.parametrize(
    ("moment", "is_open", "next_opening", "closes_at"),
    [
        ("2019-10-10T09:00", True, "2019-10-10T09:00", "2019-10-10T11:30"),
        ("2019-10-10T08:30", True, "2019-10-10T08:30", "2019-10-10T11:30"),
        ("2019-10-10T08:29:59", False, "2019-10-10T08:30", "2019-10-10T11:30"),
        ("2019-10-10T11:29:59", True, "2019-10-10T11:29:59", "2019-10-10T11:30"),
        ("2019-10-10T11:30", False, "2019-10-10T13:30", "2019-10-10T17:00"),
        ("2019-10-10T17:00", False, "2019-10-11T08:30", "2019-10-11T11:30"),
        ("2019-10-11T18:00", False, "2019-10-12T08:30", "2019-10-12T11:30"),
        ("2019-10-12T18:00", False, "2019-10-14T08:30", "2019-10-14T11:30"),
    ],
)
def test_opening_and_closing(moment, is_open, next_opening, closes_at):
    court = calendar()
    assert worktime.is_open(court, at(moment)) is is_open
    assert worktime.next_opening(court, at(moment)) == at(next_opening)
    assert worktime.closes_at(court, at(moment)) == at(closes_at)


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [
        ("2019-10-10T09:00", "2019-10-10T09:30", 30),
        ("2019-10-10T11:00", "2019-10-10T14:00", 60),
        ("2019-10-10T12:00", "2019-10-10T13:00", 0),
        ("2019-10-10T16:50", "2019-10-11T08:40", 20),
        ("2019-10-11T16:50", "2019-10-14T08:40", 20 + 390),
        ("2019-10-10T09:30", "2019-10-10T09:00", 0),
        ("2019-10-01T00:00", "2019-11-01T00:00", 390 * 23),
    ],
)
def test_working_time_between_two_instants(start, end, minutes):
    assert worktime.working_seconds(calendar(), at(start), at(end)) == minutes * 60


@pytest.mark.parametrize(
    ("start", "minutes", "end"),
    [
        ("2019-10-10T09:00", 30, "2019-10-10T09:30"),
        ("2019-10-10T11:20", 30, "2019-10-10T13:50"),
        ("2019-10-10T11:00", 30, "2019-10-10T11:30"),
        ("2019-10-10T12:00", 0, "2019-10-10T13:30"),
        ("2019-10-10T16:50", 30, "2019-10-11T08:50"),
        ("2019-10-11T16:50", 30, "2019-10-12T08:50"),
        ("2019-10-12T18:00", 30, "2019-10-14T09:00"),
        ("2019-10-01T00:00", 390 * 23, "2019-10-31T17:00"),
    ],
)
def test_adding_working_time(start, minutes, end):
    assert worktime.add_working(calendar(), at(start), minutes * 60) == at(end)


def test_the_pauses_are_the_closed_spans():
    assert worktime.pauses(calendar(), at("2019-10-10T11:00"), at("2019-10-11T09:00")) == (
        Span(at("2019-10-10T11:30"), at("2019-10-10T13:30")),
        Span(at("2019-10-10T17:00"), at("2019-10-11T08:30")),
    )


@pytest.mark.parametrize(
    ("start", "end", "estimated"),
    [
        ("2019-01-01T00:00", "2019-12-31T23:59", False),
        ("2019-12-31T16:30", "2020-01-01T00:30", True),
        ("2018-12-31T23:59", "2019-01-01T09:00", True),
        ("2018-06-01T09:00", "2020-06-01T09:00", True),
    ],
)
def test_a_year_nobody_announced_is_estimated(start, end, estimated):
    assert worktime.is_estimated(calendar(), at(start), at(end)) is estimated


def test_urumqi_opens_two_hours_after_shanghai():
    moment = at("2019-10-10T07:00")
    east = worktime.next_opening(calendar(), moment)
    west = worktime.next_opening(calendar(zone="Asia/Urumqi"), moment)
    assert west - east == timedelta(hours=2)


@pytest.mark.parametrize(
    ("day", "hours", "opens_utc", "seconds"),
    [
        ("2019-03-08", "08:30-17:00", "2019-03-08T13:30", 30600),  # winter time
        ("2019-03-11", "08:30-17:00", "2019-03-11T12:30", 30600),  # summer time
        ("2019-03-10", "00:00-24:00", "2019-03-10T05:00", 23 * 3600),  # the change in spring
        ("2019-11-03", "00:00-24:00", "2019-11-03T04:00", 25 * 3600),  # the change in autumn
        ("2019-03-10", "01:00-02:30 03:30-04:00", "2019-03-10T06:00", 3600 + 1800),
        ("2019-03-10", "02:15-02:45 09:00-10:00", "2019-03-10T13:00", 3600),
    ],
)
def test_summer_time_moves_the_hours(day, hours, opens_utc, seconds):
    every_day = DayTable({date.fromisoformat(day): DayKind.WORK}, frozenset({2019}))
    found = worktime.spans(calendar(hours, "America/New_York", every_day), date.fromisoformat(day))
    assert found[0].start == datetime.fromisoformat(opens_utc).replace(tzinfo=UTC)
    assert sum(span.seconds for span in found) == seconds


def test_a_calendar_without_a_working_day_says_so():
    first = date(2019, 1, 1)
    closed = DayTable(
        {first + timedelta(days=n): DayKind.OFF for n in range(800)}, frozenset({2019, 2020})
    )
    for question in (
        worktime.next_opening,
        worktime.closes_at,
        lambda court, moment: worktime.add_working(court, moment, 60),
    ):
        with pytest.raises(NoWorkingDay, match="没有工作日"):
            question(calendar(days=closed), at("2019-01-02T09:00"))


def test_naive_instants_and_negative_seconds_are_refused():
    with pytest.raises(ValueError, match="aware"):
        worktime.is_open(calendar(), at("2019-10-10T09:00").replace(tzinfo=None))
    with pytest.raises(ValueError, match="negative"):
        worktime.add_working(calendar(), at("2019-10-10T09:00"), -1)


instants = st.integers(min_value=0, max_value=364 * 86_400_000).map(
    lambda milliseconds: datetime(2019, 1, 1, tzinfo=UTC) + timedelta(milliseconds=milliseconds)
)
calendars = st.builds(
    calendar,
    st.sampled_from([DEFAULT_HOURS, SEASONS, "00:00-24:00", "01:30-02:30 09:00-17:00"]),
    st.sampled_from(ZONES),
)


@settings(max_examples=150, deadline=None)
@given(calendars, instants, st.integers(min_value=0, max_value=400_000))
def test_adding_and_counting_agree_whatever_the_fraction_of_a_second(court, start, seconds):
    end = worktime.add_working(court, start, seconds)
    assert worktime.working_seconds(court, start, end) == seconds
    if seconds:
        one_earlier = end - timedelta(seconds=1)
        assert worktime.working_seconds(court, start, one_earlier) == seconds - 1


@settings(max_examples=100, deadline=None)
@given(calendars, st.lists(instants, min_size=3, max_size=3).map(sorted))
def test_working_time_adds_up_and_pauses_are_the_rest(court, three):
    first, middle, last = three
    whole = worktime.working_seconds(court, first, last)
    assert whole == worktime.working_seconds(court, first, middle) + worktime.working_seconds(
        court, middle, last
    )
    still = sum(span.seconds for span in worktime.pauses(court, first, last))
    wall = (worktime.whole_second(last) - worktime.whole_second(first)).total_seconds()
    assert whole + still == wall
