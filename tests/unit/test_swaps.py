"""The rules of a 换班 as a table: every state, every action, every role."""

from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest

from directory.swaps import OPEN, Action, Kept, Moved, Role, State, lapses_at, rule

#: The only moves there are.
MOVES = {
    ("asked", "accept", "colleague"): "accepted",
    ("asked", "refuse", "colleague"): "refused",
    ("asked", "withdraw", "asker"): "withdrawn",
    ("asked", "expire", "time"): "expired",
    ("accepted", "approve", "leader"): "approved",
    ("accepted", "reject", "leader"): "rejected",
    ("accepted", "withdraw", "asker"): "withdrawn",
    ("accepted", "expire", "time"): "expired",
    ("approved", "cancel", "leader"): "cancelled",
}

REASONS = [
    ("asked", "accept", {"asker"}, "not_colleague"),
    ("asked", "accept", {"leader"}, "not_colleague"),
    ("asked", "withdraw", {"colleague"}, "not_asker"),
    ("accepted", "approve", {"asker", "colleague"}, "not_leader"),
    ("accepted", "approve", set(), "not_leader"),
    ("approved", "cancel", {"asker"}, "not_leader"),
    ("approved", "accept", {"asker"}, "not_colleague"),
    ("asked", "approve", {"leader"}, "not_yet_accepted"),
    ("asked", "reject", {"leader"}, "not_yet_accepted"),
    ("asked", "cancel", {"leader"}, "not_approved"),
    ("accepted", "accept", {"colleague"}, "already_accepted"),
    ("accepted", "refuse", {"colleague"}, "already_accepted"),
    ("accepted", "cancel", {"leader"}, "not_approved"),
    ("approved", "withdraw", {"asker"}, "already_approved"),
    ("approved", "approve", {"leader"}, "already_approved"),
    ("approved", "refuse", {"colleague"}, "already_approved"),
    ("refused", "accept", {"colleague"}, "over"),
    ("rejected", "approve", {"leader"}, "over"),
    ("withdrawn", "accept", {"colleague"}, "over"),
    ("expired", "approve", {"leader"}, "over"),
    ("cancelled", "cancel", {"leader"}, "over"),
    ("approved", "expire", {"time"}, "already_approved"),
    ("expired", "expire", {"time"}, "over"),
    ("asked", "expire", {"asker"}, "over"),
]

NOON = datetime(2019, 8, 19, 4, tzinfo=UTC)


@pytest.mark.parametrize("state", get_args(State))
@pytest.mark.parametrize("action", get_args(Action))
@pytest.mark.parametrize("role", get_args(Role))
def test_only_the_moves_of_the_table_are_moves(state, action, role):
    ruling = rule(state, action, {role})
    expected = MOVES.get((state, action, role))
    if expected is None:
        assert isinstance(ruling, Kept)
    else:
        assert ruling == Moved(expected)


@pytest.mark.parametrize(("state", "action", "roles", "reason"), REASONS)
def test_what_cannot_be_done_says_why(state, action, roles, reason):
    assert rule(state, action, roles) == Kept(reason)


def test_a_leader_who_stands_in_may_also_approve():
    roles = {"colleague", "leader"}
    assert rule("asked", "accept", roles) == Moved("accepted")
    assert rule("accepted", "approve", roles) == Moved("approved")


def test_every_open_state_lapses_and_no_other():
    lapsing = {s for s in get_args(State) if rule(s, "expire", {"time"}) == Moved("expired")}
    assert lapsing == OPEN


@pytest.mark.parametrize(
    ("begins", "ends", "lapses"),
    [
        # The shift is far away: a day.
        (NOON + timedelta(days=3), NOON + timedelta(days=4), NOON + timedelta(hours=24)),
        # It begins before the day is over.
        (NOON + timedelta(hours=20), NOON + timedelta(days=2), NOON + timedelta(hours=20)),
        # It runs already: until it ends, at most a day.
        (NOON - timedelta(hours=3), NOON + timedelta(hours=5), NOON + timedelta(hours=5)),
        (NOON - timedelta(hours=3), NOON + timedelta(days=4), NOON + timedelta(hours=24)),
        (NOON, NOON + timedelta(hours=5), NOON + timedelta(hours=5)),
    ],
)
def test_a_step_lapses_after_a_day_or_with_the_beginning_of_the_shift(begins, ends, lapses):
    assert lapses_at(NOON, begins, ends) == lapses
