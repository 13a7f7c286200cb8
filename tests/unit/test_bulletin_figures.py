"""What a bulletin counts, whom it ranks, and what a correction changes."""

from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest

from directory.calendars import calendar_for
from notifications.bulletin_figures import (
    Line,
    Measures,
    Period,
    Sheet,
    States,
    Took,
    ranked,
)
from notifications.bulletin_models import Bulletin
from notifications.bulletins import contest_until, contested_until
from tests.bulletin_plainly import Answer, measured


def court(code, in_time=0, late=0, overdue=0, pending=0, by_outage=0):
    return Line(code, f"{code}法院", States(in_time, late, overdue, pending, by_outage))


@pytest.mark.parametrize(
    ("states", "total", "decided", "rate"),
    [
        (States(9, 1, 0, 0), 10, 10, Fraction(9, 10)),
        # What waits in time may still become either.
        (States(9, 1, 0, 5), 15, 10, Fraction(9, 10)),
        # Unanswered and overdue is late, delivered or not.
        (States(9, 0, 1, 0), 10, 10, Fraction(9, 10)),
        # The desk's own standstill is nobody's fault.
        (States(9, 1, 1, 0, by_outage=2), 11, 9, Fraction(1)),
        (States(0, 0, 0, 3), 3, 0, None),
        (States(0, 1, 0, 0, by_outage=1), 1, 0, None),
        (States(), 0, 0, None),
    ],
)
def test_the_rate_is_of_what_is_settled(states, total, decided, rate):
    assert (states.total, states.decided, states.rate) == (total, decided, rate)


@pytest.mark.parametrize(
    ("courts", "least", "ranks"),
    [
        ([court("a", 9, 1), court("b", 10), court("c", 5, 5)], 5, {"a": 2, "b": 1, "c": 3}),
        # 9/10 and 18/20 are the same; the next is third.
        ([court("a", 9, 1), court("b", 18, 2), court("c", 1, 9)], 5, {"a": 1, "b": 1, "c": 3}),
        # Four filings are shown and not ranked; five are.
        ([court("a", 4), court("b", 4, 1)], 5, {"a": None, "b": 1}),
        # Pending ones make no sample.
        ([court("a", 4, pending=9)], 5, {"a": None}),
        ([court("a", 1), court("b")], 1, {"a": 1, "b": None}),
        ([court("b")], 0, {"b": None}),
        ([], 5, {}),
    ],
)
def test_equals_share_a_rank_and_few_have_none(courts, least, ranks):
    assert {one.key: one.rank for one in ranked(courts, least)} == ranks


def test_the_share_within_30_working_minutes_has_a_rank_of_its_own():
    quick = measured([Answer(90_000, 60, True)] * 5)
    slow = measured([Answer(60, 60, True)] * 4 + [Answer(4_000, 4_000, True)])
    a = replace(court("a", 1, 4), measures=quick)
    b = replace(court("b", 5), measures=slow)
    assert [(one.key, one.rank, one.rank_measures) for one in ranked([a, b], 5)] == [
        ("a", 2, 1),
        ("b", 1, 2),
    ]


@pytest.mark.parametrize(
    ("answers", "wall"),
    [
        ([], Took()),
        ([Answer(1800, 0, True)], Took(1, 1, 1800, 1800, 1800)),
        ([Answer(1801, 0, True)], Took(0, 1, 1801, 1801, 1801)),
        # Not answered for an hour: counted as an hour, and not within.
        ([Answer(60, 0, True), Answer(3600, 0, False)], Took(1, 2, 1830, 1830, 3600)),
        # Not answered for a minute: counted as a minute, and still open whether within.
        ([Answer(60, 0, True), Answer(60, 0, False)], Took(1, 1, 60, 60, 60)),
        ([Answer(n, 0, True) for n in range(1, 11)], Took(10, 10, 5.5, 5.5, 9)),
        ([Answer(n, 0, True) for n in (30, 10, 20)], Took(3, 3, 20, 20, 30)),
    ],
)
def test_an_unanswered_filing_counts_with_the_time_that_has_passed(answers, wall):
    found = measured(answers)
    assert found.wall == wall
    assert found.waiting == sum(not one.answered for one in answers)


def test_both_clocks_are_counted_apart():
    found = measured([Answer(60_000, 600, True)])
    assert (found.wall.share, found.working.share) == (0, 1)
    assert Measures().working.share is None


@pytest.mark.parametrize(
    ("first", "last", "before"),
    [
        ((2019, 9, 1), (2019, 9, 30), ((2019, 8, 1), (2019, 8, 31))),
        ((2020, 3, 1), (2020, 3, 31), ((2020, 2, 1), (2020, 2, 29))),
        ((2019, 8, 19), (2019, 8, 25), ((2019, 8, 12), (2019, 8, 18))),
        ((2019, 8, 19), (2019, 8, 19), ((2019, 8, 18), (2019, 8, 18))),
        # Two months are no month: as many days before.
        ((2019, 9, 1), (2019, 10, 31), ((2019, 7, 2), (2019, 8, 31))),
    ],
)
def test_a_period_is_compared_with_the_one_before(first, last, before):
    found = Period(date(*first), date(*last)).before
    assert (found.first, found.last) == (date(*before[0]), date(*before[1]))


@pytest.mark.parametrize(
    ("first", "until"),
    [((2019, 9, 9), "2019-01-01 2019-09-08"), ((2020, 1, 1), "2019-01-01 2019-12-31"),
     ((2020, 1, 2), "2020-01-01 2020-01-01")],
)  # fmt: skip
def test_what_stands_in_brackets_is_cumulated_since_january(first, until):
    found = Period(date(*first), date(*first)).cumulated
    assert f"{found.first} {found.last}" == until


def test_weeks_and_months_are_known_for_what_they_are():
    assert Period(date(2019, 8, 19), date(2019, 8, 25)).is_week
    assert not Period(date(2019, 8, 20), date(2019, 8, 26)).is_week
    assert Period(date(2019, 12, 1), date(2019, 12, 31)).is_month
    assert not Period(date(2019, 9, 1), date(2020, 9, 30)).is_month


@pytest.mark.parametrize(
    ("counted_as", "counts_as", "then"),
    [
        ("late", "in_time", States(6, 2, 1, 4)),
        ("overdue", "in_time", States(6, 3, 0, 4)),
        # Still shown as late, and in no rate.
        ("late", "apart", States(5, 3, 1, 4, by_outage=1)),
    ],
)
def test_a_correction_moves_one_filing_and_invents_none(counted_as, counts_as, then):
    assert States(5, 3, 1, 4).corrected(counted_as, counts_as) == then
    assert States(5).corrected(counted_as, counts_as) == States(5)


def test_lines_are_printed_by_rank_then_few_then_none():
    lines = ranked([court("d"), court("c", 1), court("b", 1, 9), court("a", 9, 1)], 5)
    sheet = Sheet(
        "辽宁省",
        Period(date(2019, 8, 19), date(2019, 8, 25)),
        lines,
        court("", 11, 10),
        datetime(2019, 8, 26, 1, tzinfo=UTC),
        calendars=("2019:1a2b3c4d",),
    )
    assert [line.key for line in sheet.ordered("states")] == ["a", "b", "c", "d"]
    assert Sheet.from_json(sheet.as_json()) == sheet
    assert sheet.line("c") == lines[1]


def test_who_share_a_rank_stand_by_their_filings_then_by_their_time():
    def took(line, seconds):
        within = Took(line.states.in_time, line.states.in_time, float(seconds))
        return replace(line, measures=Measures(working=within))

    lines = [took(court("a", 5), 60), took(court("b", 5), 30), took(court("c", 9), 90)]
    sheet = Sheet(
        "辽宁省", Period(date(2019, 8, 19), date(2019, 8, 25)), ranked(lines, 5), court(""),
        datetime(2019, 8, 26, 1, tzinfo=UTC),
    )  # fmt: skip
    for layout in ("states", "measures"):
        assert [line.key for line in sheet.ordered(layout)] == ["c", "b", "a"]
    assert {line.rank for line in sheet.lines} == {1}


@pytest.mark.parametrize(
    ("published", "days", "until"),
    [
        # Tuesday 20 August: Wednesday, Thursday, Friday.
        ((2019, 8, 20, 2), 3, (2019, 8, 24)),
        # Friday: Monday to Wednesday.
        ((2019, 8, 23, 2), 3, (2019, 8, 29)),
        # Sunday 29 September was a working day, 1 to 7 October were holidays.
        ((2019, 9, 27, 2), 3, (2019, 10, 9)),
        # Half past midnight in Beijing is the day after in UTC's terms.
        ((2019, 8, 19, 16, 30), 1, (2019, 8, 22)),
    ],
)
def test_figures_are_contested_in_working_days(published, days, until):
    beijing = ZoneInfo("Asia/Shanghai")
    calendar = calendar_for(None, None, "Asia/Shanghai")
    found = contest_until(datetime(*published, tzinfo=UTC), days, calendar, beijing)
    assert found == datetime(*until, tzinfo=beijing)


@pytest.mark.parametrize(
    ("zone", "said"),
    [
        # Not 0:00 of the 22nd: one would reckon with that day.
        ("Asia/Shanghai", "2019-08-21 24:00"),
        ("Asia/Urumqi", "2019-08-21 22:00"),
    ],
)
def test_the_end_of_contests_is_said_as_the_end_of_a_day(zone, said):
    ends = Bulletin(contest_until=datetime(2019, 8, 21, 16, tzinfo=UTC))
    assert contested_until(ends, ZoneInfo(zone)) == said


@pytest.mark.parametrize(
    ("first", "last", "parts"),
    [
        ((2019, 8, 19), (2019, 8, 25), [((2019, 8, 19), (2019, 8, 25))]),
        (
            (2019, 8, 30),
            (2019, 9, 9),
            [((2019, 8, 30), (2019, 9, 1)), ((2019, 9, 2), (2019, 9, 8)), ((2019, 9, 9), (2019, 9, 9))],
        ),
        (
            (2019, 6, 15),
            (2019, 12, 1),
            [((2019, 6, 15), (2019, 6, 30)), ((2019, 7, 1), (2019, 7, 31)), ((2019, 8, 1), (2019, 8, 31)),
             ((2019, 9, 1), (2019, 9, 30)), ((2019, 10, 1), (2019, 10, 31)), ((2019, 11, 1), (2019, 11, 30)),
             ((2019, 12, 1), (2019, 12, 1))],
        ),
    ],
)  # fmt: skip
def test_a_trend_is_told_by_weeks_and_a_long_one_by_months(first, last, parts):
    found = Period(date(*first), date(*last)).parts()
    assert found == tuple(Period(date(*a), date(*b)) for a, b in parts)


@pytest.mark.parametrize(
    ("courts", "best", "last"),
    [
        ("abcdefg", "abc", "efg"),
        # Of five nobody is both.
        ("abcde", "abc", "de"),
        ("ab", "ab", ""),
        ("", "", ""),
    ],
)
def test_the_best_and_the_last_are_never_the_same(courts, best, last):
    lines = ranked([court(key, 10 - place, place) for place, key in enumerate(courts)], 5)
    period = Period(date(2019, 8, 19), date(2019, 8, 25))
    sheet = Sheet(
        "辽宁省", period, (*lines, court("z", 1)), court(""), datetime(2019, 8, 26, tzinfo=UTC)
    )
    first, ends = sheet.ends("states", 3)
    assert "".join(one.key for one in first) == best
    assert "".join(one.key for one in ends) == last
