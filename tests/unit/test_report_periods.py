"""Which days a bulletin is offered for, and what typed days mean."""

from datetime import date

import pytest

from bot.chat.report_periods import (
    DaysNotOver,
    DaysNotUnderstood,
    TooManyDays,
    offered,
    rule,
    understood,
)
from notifications.bulletin_figures import Period

MONDAY = date(2019, 8, 19)


@pytest.mark.parametrize(
    ("today", "word", "first", "last"),
    [
        (MONDAY, "yesterday", (2019, 8, 18), (2019, 8, 18)),
        (MONDAY, "week", (2019, 8, 12), (2019, 8, 18)),
        (date(2019, 8, 25), "week", (2019, 8, 12), (2019, 8, 18)),
        (MONDAY, "month", (2019, 7, 1), (2019, 7, 31)),
        (MONDAY, "two", (2019, 6, 1), (2019, 7, 31)),
        (date(2020, 1, 3), "two", (2019, 11, 1), (2019, 12, 31)),
        (date(2020, 3, 1), "month", (2020, 2, 1), (2020, 2, 29)),
        (MONDAY, "so_far", (2019, 8, 1), (2019, 8, 19)),
    ],
)
def test_whole_periods_that_are_over_are_offered(today, word, first, last):
    assert offered(today)[word] == Period(date(*first), date(*last))


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2019-08-16", (2019, 8, 16), (2019, 8, 16)),
        ("2019-07-01至2019-08-15", (2019, 7, 1), (2019, 8, 15)),
        ("8月16日", (2019, 8, 16), (2019, 8, 16)),
        # The last December, not the coming one.
        ("12月1日至12月31日", (2018, 12, 1), (2018, 12, 31)),
        ("今天", (2019, 8, 19), (2019, 8, 19)),
    ],
)
def test_typed_days_are_the_last_of_that_name(text, first, last):
    assert understood(text, MONDAY) == Period(date(*first), date(*last))


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("不知道", DaysNotUnderstood),
        ("", DaysNotUnderstood),
        ("2019-08-20", DaysNotOver),
        ("2017-01-01至2019-01-01", TooManyDays),
    ],
)
def test_days_no_bulletin_can_be_of_are_refused(text, fault):
    with pytest.raises(fault):
        understood(text, MONDAY)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("目标 95", ("target_percent", 95)),
        ("下限3", ("least", 3)),
        ("Contest 5", ("contest_days", 5)),
        ("目标", None),
        ("2019-08-16", None),
        ("下限 1000", None),
    ],
)
def test_rules_are_typed_as_a_word_and_a_number(text, meant):
    assert rule(text) == meant
