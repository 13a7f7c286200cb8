"""What the address of the page of statistics asks for: days, and how links change it."""

from datetime import date

import pytest

from bot.web.statistics_choice import read
from notifications.bulletin_figures import Period

#: A Wednesday.
TODAY = date(2019, 11, 20)


def days(first, last):
    return Period(date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    ("words", "period", "preset"),
    [
        ({}, days("2019-10-22", "2019-11-20"), "30days"),
        ({"period": "today"}, days("2019-11-20", "2019-11-20"), "today"),
        ({"period": "week"}, days("2019-11-18", "2019-11-20"), "week"),
        ({"period": "month"}, days("2019-11-01", "2019-11-20"), "month"),
        ({"period": "last_month"}, days("2019-10-01", "2019-10-31"), "last_month"),
        ({"period": "century"}, days("2019-10-22", "2019-11-20"), "30days"),
        # Days of one's own come first; an open end is today, an open beginning 30 days.
        ({"period": "week", "since": "2019-09-02", "until": "2019-09-08"},
         days("2019-09-02", "2019-09-08"), None),
        ({"since": "2019-11-01"}, days("2019-11-01", "2019-11-20"), None),
        ({"since": "2019-11-01", "until": "2999-12-31"}, days("2019-11-01", "2019-11-20"), None),
        ({"since": "2019-12-01", "until": "2019-12-31"}, days("2019-12-01", "2019-12-01"), None),
        ({"since": "2019-12-01"}, days("2019-12-01", "2019-12-01"), None),
        ({"until": "2019-09-30"}, days("2019-09-01", "2019-09-30"), None),
    ],
)  # fmt: skip
def test_days_are_a_preset_or_ones_own(words, period, preset):
    choice = read(words, TODAY)
    assert (choice.period, choice.preset, choice.faults) == (period, preset, ())


@pytest.mark.parametrize(
    ("words", "faults"),
    [
        ({"since": "yesterday"}, ("since",)),
        ({"since": "2019-13-01", "until": "1999-12-31"}, ("since", "until")),
        ({"since": "2019-11-02", "until": "2019-11-01"}, ("order",)),
        # What is no date is a fault, what is no choice of ours is as if unsaid.
        ({"role": "both", "by": "week", "drills": "yes", "clock": "sun"}, ()),
    ],
)
def test_what_is_no_date_is_named(words, faults):
    choice = read(words, TODAY)
    assert choice.faults == faults
    assert (choice.role, choice.by, choice.drills, choice.clock) == (
        "jurisdiction", None, "exclude", "working",
    )  # fmt: skip


def test_links_keep_what_was_asked_and_leave_out_what_is_usual():
    choice = read({"role": "collaborating", "clock": "working", "sort": "-filings"}, TODAY)
    assert (choice.sort, choice.asking()) == (
        ("filings", True), {"role": "collaborating", "sort": "-filings"},
    )  # fmt: skip
    assert choice.asking(role="jurisdiction", sort="", court="辽72") == {"court": "辽72"}


def test_days_and_a_preset_take_each_others_place():
    own = read({"since": "2019-09-02", "period": "week", "by": "day"}, TODAY)
    assert own.asking(clock="wall") == {"since": "2019-09-02", "by": "day", "clock": "wall"}
    assert own.asking(period="month") == {"period": "month", "by": "day"}
    assert read({"period": "week"}, TODAY).asking(since="2019-09-02") == {"since": "2019-09-02"}
