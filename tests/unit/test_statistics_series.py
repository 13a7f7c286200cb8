"""Which spans make up a range of time: as few as can be, none left out, none twice, in any zone."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notifications.statistics_series import (
    KEPT,
    LEVELS,
    cover,
    day_of,
    lines_of,
    next_month,
    span,
    spans_of_months,
    spans_within,
    start_of,
)

BEIJING = ZoneInfo("Asia/Shanghai")
EVERY = LEVELS
NO_DAYS = ("year", "quarter", "month", "third")


def beijing(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00")


@pytest.mark.parametrize(
    ("since", "until", "kept", "spans"),
    [
        ("2019-01-01T00:00", "2021-01-01T00:00", EVERY, ["2019", "2020"]),
        ("2019-08-18T09:30", "2019-08-18T20:00", EVERY, []),
        ("2019-08-18T00:00", "2019-08-19T00:00", EVERY, ["2019-08-18"]),
        ("2019-08-18T00:01", "2019-08-21T00:00", EVERY, ["2019-08-19", "2019-08-20"]),
        ("2019-08-10T00:00", "2019-10-11T12:00", EVERY,
         ["2019-08-10", "2019-08b", "2019-08c", "2019-09", "2019-10a"]),
        ("2019-08-10T00:00", "2019-10-11T12:00", NO_DAYS,
         ["2019-08b", "2019-08c", "2019-09", "2019-10a"]),
        ("2019-08-10T00:00", "2019-10-12T12:00", NO_DAYS,
         ["2019-08b", "2019-08c", "2019-09", "2019-10a"]),
        ("2019-03-10T00:00", "2019-11-01T00:00", ("quarter", "month"),
         ["2019q2", "2019q3", "2019-10"]),
        ("2019-11-30T12:00", "2021-02-02T00:00", EVERY,
         ["2019-12", "2020", "2021-01", "2021-02-01"]),
        ("2020-02-21T00:00", "2020-03-01T00:00", EVERY, ["2020-02c"]),
        ("2019-08-10T00:00", "2019-11-11T12:00", ("year", "month"), ["2019-09", "2019-10"]),
        ("2019-08-10T00:00", "2019-09-11T12:00", ("year", "month"), []),
        ("2019-12-30T00:00", "2020-01-02T00:00", ("day",),
         ["2019-12-30", "2019-12-31", "2020-01-01"]),
        ("2019-12-30T00:00", "2019-12-30T00:00", EVERY, []),
        ("2019-12-30T00:00", "2020-12-30T00:00", (), []),
    ],
)  # fmt: skip
def test_a_range_is_made_of_as_few_whole_spans_as_can_be(since, until, kept, spans):
    found = cover(beijing(since), beijing(until), BEIJING, kept)
    assert list(found.spans) == spans
    assert found.holds(found.first) == bool(spans)


def days_of(name: str) -> list[date]:
    first = date(int(name[:4]), 1, 1)
    every = (first + timedelta(days=number) for number in range(366))
    return [day for day in every if name in (span(level, day) for level in EVERY)]


instants = st.integers(0, 5 * 365 * 86_400).map(
    lambda seconds: datetime(2018, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)
#: Half an hour off, clocks set at midnight, a day that was left out.
zones = st.sampled_from(
    [BEIJING, *map(ZoneInfo, ("Asia/Kolkata", "America/Santiago", "Asia/Beirut"))]
)


@settings(deadline=None, derandomize=True, max_examples=60)
@given(instants, instants, zones, st.sampled_from([EVERY, NO_DAYS, ("year", "month"), ("day",)]))
def test_spans_hold_every_day_between_their_ends_once(one, other, zone, kept):
    since, until = sorted((one, other))
    found = cover(since, until, zone, kept)
    days = sorted(day for name in found.spans for day in days_of(name))
    assert len(set(days)) == len(days)
    assert since <= found.first <= found.last <= until or found.first == found.last
    if days:
        assert (start_of(days[0], zone), start_of(days[-1] + timedelta(days=1), zone)) == (
            found.first,
            found.last,
        )
        assert len(days) == (days[-1] - days[0]).days + 1


@settings(deadline=None, derandomize=True, max_examples=60)
@given(instants, zones)
def test_an_instant_belongs_to_the_day_that_has_begun(instant, zone):
    day = day_of(instant, zone)
    assert start_of(day, zone) <= instant < start_of(day + timedelta(days=1), zone)


def test_a_filing_is_counted_in_every_sheet_that_a_cover_may_ask_for():
    day = date(2019, 8, 18)
    units = {"nation": "", "province": "辽宁省", "court": "辽72"}
    lines = dict(lines_of("jurisdiction", "enforcement", day, units, drill=True))
    assert lines["jur/prov/cour/drill", "2019-08b", "辽宁省"] == "辽72"
    assert lines["jur/nati/case/drill", "2019-08-18", ""] == "enforcement"
    assert lines["jur/nati/prov/drill", "2019q3", ""] == "辽宁省"
    assert ("jur/prov/case/drill", "2019-08-18", "辽宁省") not in lines
    assert len(lines) == sum(len(levels) for levels in KEPT.values()) == 19
    others = dict(lines_of("collaborating", "enforcement", day, units, drill=False))
    assert lines.keys().isdisjoint(others)


def test_years_and_quarters_are_made_of_their_months():
    made = spans_of_months(2019)
    assert list(made) == ["2019", "2019q1", "2019q2", "2019q3", "2019q4"]
    assert made["2019q4"] == ["2019-10", "2019-11", "2019-12"]
    assert sorted(made["2019"]) == sorted(month for q in list(made)[1:] for month in made[q])


@pytest.mark.parametrize(("month", "count"), [(date(2019, 2, 1), 32), (date(2019, 12, 1), 35)])
def test_a_month_holds_itself_its_thirds_and_its_days(month, count):
    names = spans_within(month)
    assert len(names) == len(set(names)) == count
    assert names[0] == month.isoformat()[:7]
    assert next_month(month).day == 1
