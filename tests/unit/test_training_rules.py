"""When sessions remind, when a code is taken and who is slowed, how quizzes are marked and taken again."""

from datetime import UTC, datetime, timedelta

import pytest

from notifications.training_rules import (
    NoTry,
    Question,
    Try,
    code_holds,
    code_in,
    marks,
    may_try,
    next_reminder,
    slowed,
    still_makes_sense,
)

START = datetime(2019, 8, 23, 6, 0, tzinfo=UTC)


def before(**time):
    return START - timedelta(**time)


def after(**time):
    return START + timedelta(**time)


@pytest.mark.parametrize(
    ("now", "last", "expected"),
    [
        (before(days=3), None, ("day", before(days=1))),
        (before(days=1, seconds=1), None, ("day", before(days=1))),
        (before(days=1), None, ("soon", before(minutes=15))),
        (before(hours=2), None, ("soon", before(minutes=15))),
        (before(days=1), "day", ("soon", before(minutes=15))),
        (before(minutes=15), None, None),
        (before(minutes=15), "soon", None),
        (before(minutes=5), "day", ("soon", before(minutes=15))),
        (before(minutes=5), "moved", None),
        (START, "day", None),
        (before(days=2), "moved", ("day", before(days=1))),
        (after(hours=1), None, None),
    ],
)
def test_reminders_are_due_a_day_and_a_quarter_of_an_hour_before(now, last, expected):
    assert next_reminder(START, now, last) == expected


@pytest.mark.parametrize(
    ("kind", "now", "makes_sense"),
    [
        ("day", before(hours=20), True),
        ("day", before(minutes=15), False),
        ("soon", before(seconds=1), True),
        ("soon", START, False),
        ("cancelled", after(days=1), True),
    ],
)
def test_a_reminder_that_was_held_up_is_not_sent_when_it_makes_no_sense(kind, now, makes_sense):
    assert still_makes_sense(kind, START, now) is makes_sense


@pytest.mark.parametrize(
    ("now", "holds"),
    [
        (before(minutes=30, seconds=1), False),
        (before(minutes=30), True),
        (after(minutes=60), True),
        (after(minutes=120), True),
        (after(minutes=120, seconds=1), False),
    ],
)
def test_a_code_is_taken_from_half_an_hour_before_to_an_hour_after(now, holds):
    assert code_holds(START, 60, now) is holds


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("042137", "042137"),
        (" 042 137 ", "042137"),
        ("０４２１３７", "042137"),
        ("42137", None),
        ("0421377", None),
        ("04213a", None),
        ("", None),
        ("²²²²²²", "222222"),
    ],
)
def test_a_code_is_six_digits_of_any_width(text, code):
    assert code_in(text) == code


def test_five_wrong_codes_in_a_quarter_of_an_hour_slow_a_person_down():
    wrong = [before(minutes=minutes) for minutes in (14, 9, 5, 2, 1)]
    assert slowed(wrong[1:], START) is None
    assert slowed(wrong, START) == after(minutes=1)
    assert slowed(wrong, after(minutes=1)) is None
    assert slowed([before(minutes=20), *wrong[1:]], START) is None


QUESTIONS = [Question(str(place), ("甲", "乙", "丙"), place % 3) for place in range(5)]


@pytest.mark.parametrize(
    ("answers", "right", "passed", "wrong"),
    [
        ([0, 1, 2, 0, 1], 5, True, ()),
        ([0, 1, 2, 0, 2], 4, True, (4,)),
        ([1, 1, 2, 0, 2], 3, False, (0, 4)),
        ([1, 0, 0, 1, 0], 0, False, (0, 1, 2, 3, 4)),
    ],
)
def test_a_quiz_is_passed_with_four_fifths(answers, right, passed, wrong):
    came = marks(QUESTIONS, answers)
    assert (came.right, came.questions, came.passed, came.wrong) == (right, 5, passed, wrong)


def test_a_try_without_all_answers_is_no_try():
    with pytest.raises(ValueError, match="shorter"):
        marks(QUESTIONS, [0, 1])


FAILED = Try(passed=False, ended_at=before(minutes=10))


@pytest.mark.parametrize(
    ("tries", "expected"),
    [
        ([], None),
        ([Try(passed=False, ended_at=None)], None),
        ([FAILED], None),
        ([Try(passed=False, ended_at=before(minutes=9))], NoTry("too_soon", after(minutes=1))),
        ([FAILED, FAILED], None),
        ([FAILED, FAILED, FAILED], NoTry("no_more")),
        ([FAILED, Try(passed=True, ended_at=before(days=9))], NoTry("passed")),
    ],
)
def test_a_quiz_is_taken_again_after_ten_minutes_three_times_in_all(tries, expected):
    assert may_try(tries, START) == expected
