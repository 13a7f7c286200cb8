"""When digests fall due, by the court's days, and for how long a missed one is made up."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from directory.worktime import Span
from notifications import digest_plan
from notifications.digest_plan import Days

BEIJING = ZoneInfo("Asia/Shanghai")

#: Mid-September 2019: the 13th (Friday) is a holiday, the 29th (Sunday) a make-up day before seven days off.
HOLIDAYS = {date(2019, 9, 13), *(date(2019, 10, day) for day in range(1, 8))}
MADE_UP = {date(2019, 9, 29)}


def works(day):
    if day in HOLIDAYS or (day.weekday() > 4 and day not in MADE_UP):
        return ()
    return tuple(Span(at(day, *part[0]), at(day, *part[1])) for part in PARTS)


PARTS = (((8, 30), (11, 30)), ((13, 30), (17, 0)))


def at(day, hour, minute=0):
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=BEIJING).astimezone(UTC)


def on(text):
    """`9-12 17:00` in Beijing."""
    day, clock = text.split()
    month, number = map(int, day.split("-"))
    return at(date(2019, month, number), *map(int, clock.split(":")))


def day(text):
    return date(2019, *map(int, text.split("-")))


DAYS = Days(BEIJING, works)


@pytest.mark.parametrize(
    ("kind", "wished", "of", "due"),
    [
        ("officer", None, "9-12", "9-12 08:30"),
        ("officer", "09:00", "9-12", "9-12 09:00"),
        ("court", None, "9-12", "9-12 17:00"),
        ("province", "17:30", "9-12", "9-12 17:30"),
        ("court", None, "9-13", None),
        ("court", "17:30", "9-14", None),
        ("leader", None, "9-11", None),
        ("leader", None, "9-12", "9-12 17:00"),
        ("leader", None, "9-20", "9-20 17:00"),
        ("leader", None, "9-27", None),
        ("leader", None, "9-29", "9-29 17:00"),
    ],
)
def test_a_digest_is_due_at_opening_or_closing_or_when_it_was_wished_on_days_at_work(
    kind, wished, of, due
):
    assert digest_plan.strikes(kind, wished, DAYS, day(of)) == (on(due) if due else None)


@pytest.mark.parametrize(
    ("kind", "done_on", "now", "sent"),
    [
        ("officer", "9-11", "9-12 08:29", None),
        ("officer", "9-11", "9-12 08:30", "9-12"),
        ("officer", "9-12", "9-12 08:30", None),
        # Back before the closing it is made up for, afterwards it is of no use.
        ("officer", "9-11", "9-12 16:59", "9-12"),
        ("officer", "9-11", "9-12 17:00", None),
        # Of several that were missed the last alone.
        ("officer", "9-2", "9-12 10:00", "9-12"),
        # A day's digest until the next opening, holidays between or not.
        ("court", "9-11", "9-13 07:00", "9-12"),
        ("court", "9-11", "9-16 08:29", "9-12"),
        ("court", "9-11", "9-16 08:30", None),
        ("province", "9-27", "10-3 12:00", "9-30"),
        # The week's until the next day at work is over.
        ("leader", "9-19", "9-23 16:59", "9-20"),
        ("leader", "9-19", "9-23 17:00", None),
        ("leader", "9-11", "9-23 10:00", "9-20"),
        # Back on a day whose own is due already: that alone, not the one before.
        ("court", "9-10", "9-12 18:00", "9-12"),
    ],
)
def test_a_missed_digest_is_made_up_once_while_it_is_of_use(kind, done_on, now, sent):
    due = digest_plan.due_day(kind, None, DAYS, day(done_on), on(now))
    assert due == (day(sent) if sent else None)


@pytest.mark.parametrize(
    ("kind", "wished", "done_on", "now", "planned"),
    [
        ("officer", None, "9-11", "9-11 08:30", "9-12 08:30"),
        ("officer", None, "9-12", "9-12 08:30", "9-16 08:30"),
        ("court", None, "9-12", "9-12 16:00", "9-16 17:00"),
        ("leader", None, "9-12", "9-12 17:00", "9-16 17:00"),
    ],
)
def test_the_next_is_planned_on_a_later_day_or_looked_for_again(
    kind, wished, done_on, now, planned
):
    assert digest_plan.next_look(kind, wished, DAYS, day(done_on), on(now)) == on(planned)


def test_nothing_is_planned_further_ahead_than_a_planned_instant_is_believed():
    moment = on("9-30 17:00")
    for hour in range(24 * 14):
        now = moment + timedelta(hours=hour)
        for kind in digest_plan.KINDS:
            done = digest_plan.done_by_now(kind, None, DAYS, now)
            planned = digest_plan.next_look(kind, None, DAYS, done, now)
            assert now < planned <= now + digest_plan.FURTHEST


def test_who_chooses_an_earlier_time_that_has_passed_hears_again_tomorrow():
    now = on("9-11 17:10")
    assert digest_plan.done_by_now("court", "17:00", DAYS, now) == day("9-11")
    assert digest_plan.done_by_now("court", "17:30", DAYS, now) == day("9-10")


@pytest.mark.parametrize("kind", digest_plan.KINDS)
def test_whatever_time_is_chosen_leaves_an_hour_to_be_of_use(kind):
    for time in digest_plan.TIMES[kind]:
        of = day("9-20")
        struck = digest_plan.strikes(kind, time, DAYS, of)
        until = digest_plan.useful_until(kind, time, DAYS, of)
        assert until >= struck + timedelta(hours=1)


@pytest.mark.parametrize(
    ("words", "time"),
    [("8:10", "08:10"), ("８：１０", "08:10"), (" 0810 ", "08:10"), ("8点", "08:00"), ("8点10分", "08:10"),
     ("17.30", "17:30"), ("24:00", None), ("8:60", None), ("810", "08:10"), ("81010", None), ("早上", None), ("", None)],
)  # fmt: skip
def test_a_time_is_understood_as_people_type_it(words, time):
    assert digest_plan.typed_time(words) == time


@pytest.mark.parametrize(
    ("kinds", "time", "meant"),
    [(("officer", "leader"), "08:10", "officer"), (("officer", "leader"), "17:20", "leader"),
     (("province",), "08:10", "province"), (("officer",), "17:20", "officer")],
)  # fmt: skip
def test_a_typed_time_is_meant_for_the_digest_it_fits(kinds, time, meant):
    assert digest_plan.typed_for(kinds, time) == meant


def test_people_get_the_digests_of_their_posts():
    assert digest_plan.kinds_of({"A", "leader"}) == ("officer", "leader")
    assert digest_plan.kinds_of({"coordinator"}) == ("province",)
    assert digest_plan.kinds_of({"technician"}) == ()
