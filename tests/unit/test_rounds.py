"""Who answers first on a day, and between whom the desk is handed over: tables of cases."""

from datetime import date

import pytest

from directory.roster import Duty, OnDutyOfficer, Unreachable
from notifications.rounds import at_desk, changed

DAY = date(2019, 8, 19)

Desk = dict[str, list[tuple[int, Unreachable | None]]]


def officer(number: int, unreachable: Unreachable | None, post: str) -> OnDutyOfficer:
    return OnDutyOfficer(number, f"人{number}", post, "辽72", number, None, unreachable, None)


def on(desk: Desk) -> tuple[OnDutyOfficer, ...]:
    posts = {
        post: tuple(officer(number, why, post) for number, why in people)
        for post, people in desk.items()
    }
    return at_desk(Duty(DAY, posts))


@pytest.mark.parametrize(
    ("before", "after", "pair"),
    [
        ({"A": [(1, None)]}, {"A": [(1, None)]}, None),
        ({"A": [(1, None)]}, {"A": [(2, None)]}, (1, 2)),
        ({"A": []}, {"A": [(2, None)]}, (None, 2)),
        ({"A": [(1, None)]}, {"A": []}, None),
        ({"A": [(1, None)]}, {"A": [(1, None), (2, None)]}, (None, 2)),
        ({"A": [(1, None), (2, None)]}, {"A": [(2, None)]}, (1, 2)),
        # Whom the chat does not reach comes on duty all the same; the leader is told.
        ({"A": [(1, None)]}, {"A": [(2, "unlinked")]}, (1, 2)),
        ({"A": [(1, None)]}, {"A": [(2, "left")]}, None),
        # On leave is not at the desk: B is, and hands it back afterwards.
        ({"A": [(1, None)], "B": [(2, None)]}, {"A": [(1, "on_leave")], "B": [(2, None)]}, (1, 2)),
        ({"A": [(1, "on_leave")], "B": [(2, None)]}, {"A": [(1, None)], "B": [(2, None)]}, (2, 1)),
        ({"A": [(1, None)]}, {"A": [(3, "on_leave"), (4, None)], "B": [(2, None)]}, (1, 4)),
        # Nobody stands in: nothing goes from hand to hand.
        ({"A": [(1, None)]}, {"A": [(1, "on_leave")], "B": []}, None),
        # Who missed a check-in was stood in for by the ladder; the desk stayed theirs.
        ({"A": [(1, "absent")], "B": [(2, None)]}, {"A": [(1, None)], "B": [(2, None)]}, None),
    ],
)
def test_the_desk_goes_from_who_was_there_to_who_is(
    before: Desk, after: Desk, pair: tuple[int | None, int] | None
) -> None:
    assert changed(on(before), on(after)) == pair
