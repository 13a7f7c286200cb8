"""How a filing stands by its events alone."""

from datetime import UTC, datetime, timedelta

import pytest

from notifications.event_course import Course, replay
from notifications.events import Happened

START = datetime(2019, 8, 19, 1, 30, tzinfo=UTC)


def at(minute: float) -> datetime:
    return START + timedelta(minutes=minute)


def history(*told):
    """(minute, kind) or (minute, kind, who)."""
    return [Happened(at(minute), kind, *(who or ("王建国",)), "") for minute, kind, *who in told]


@pytest.mark.parametrize(
    ("told", "course"),
    [
        ([(0, "received"), (1, "paged")], Course()),
        ([(0, "received"), (5, "acknowledged")], Course("acknowledged", at(5), at(5))),
        ([(5, "acknowledged"), (6, "undone")], Course()),
        ([(5, "acknowledged"), (9, "result")], Course("completed", at(5), at(5), at(9))),
        ([(5, "acknowledged"), (9, "result"), (10, "undone")],
         Course("acknowledged", at(5), at(5))),
        # A result of a filing that nobody had acknowledged: one press, taken back as one.
        ([(5, "acknowledged"), (5, "result"), (6, "undone")], Course()),
        ([(5, "acknowledged"), (5, "result", "李敏"), (6, "undone")],
         Course("acknowledged", at(5), at(5))),
        ([(5, "acknowledged"), (9, "correction")], Course("correcting", at(5), at(5), at(9))),
        ([(5, "acknowledged"), (9, "correction"), (20, "supplemented")],
         Course("acknowledged", at(5), at(20))),
        ([(5, "acknowledged"), (9, "correction"), (20, "supplemented"), (30, "returned")],
         Course("completed", at(5), at(20), at(30))),
        ([(5, "acknowledged"), (9, "correction"), (11, "result"), (12, "undone")],
         Course("correcting", at(5), at(5), at(9))),
        ([(5, "acknowledged"), (7, "withdrawn")], Course("withdrawn", at(5), at(5))),
        ([(5, "acknowledged"), (6, "undone"), (7, "acknowledged", "李敏")],
         Course("acknowledged", at(7), at(7))),
    ],
)  # fmt: skip
def test_a_history_says_how_a_filing_stands(told, course):
    assert replay(history(*told)) == course
