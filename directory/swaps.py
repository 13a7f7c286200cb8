"""The rules of a 换班: who may do what to it in which state, and when a step lapses. Stores nothing; see `notifications.swapping`."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

State = Literal[
    "asked", "accepted", "approved", "refused", "rejected", "withdrawn", "cancelled", "expired"
]
Action = Literal["accept", "refuse", "approve", "reject", "withdraw", "cancel", "expire"]
#: What somebody is to one swap; one person may be several of these. `time` is nobody: the clock.
Role = Literal["asker", "colleague", "leader", "time"]

#: States in which somebody is waited for.
OPEN: frozenset[State] = frozenset({"asked", "accepted"})

#: How long a step waits for its answer, if the shift does not begin before.
PATIENCE = timedelta(hours=24)

Reason = Literal[
    "not_asker",
    "not_colleague",
    "not_leader",
    "not_yet_accepted",
    "already_accepted",
    "already_approved",
    "not_approved",
    "colleague_gone",
    "over",
]


@dataclass(frozen=True, slots=True)
class Moved:
    """The swap goes on to `state`."""

    state: State


@dataclass(frozen=True, slots=True)
class Kept:
    """Nothing changes, because of `reason`."""

    reason: Reason


Ruling = Moved | Kept

#: By whom each action is, from which states, and where it leads.
_ACTIONS: dict[Action, tuple[Role, frozenset[State], State]] = {
    "accept": ("colleague", frozenset({"asked"}), "accepted"),
    "refuse": ("colleague", frozenset({"asked"}), "refused"),
    "approve": ("leader", frozenset({"accepted"}), "approved"),
    "reject": ("leader", frozenset({"accepted"}), "rejected"),
    "withdraw": ("asker", OPEN, "withdrawn"),
    "cancel": ("leader", frozenset({"approved"}), "cancelled"),
    "expire": ("time", OPEN, "expired"),
}

_NOT_YOURS: dict[Role, Reason] = {
    "asker": "not_asker",
    "colleague": "not_colleague",
    "leader": "not_leader",
}


def rule(state: State, action: Action, roles: Collection[Role]) -> Ruling:
    """What `action` by somebody with these `roles` makes of a swap in `state`.

    Who may not is told so before anything about the state: it is none of their business.
    """
    role, states, following = _ACTIONS[action]
    if role not in roles:
        return Kept(_NOT_YOURS.get(role, "over"))
    if state in states:
        return Moved(following)
    return Kept(_why_not(state, action))


def _why_not(state: State, action: Action) -> Reason:
    """Why an action of the right person comes at the wrong time."""
    if state == "asked":
        return "not_approved" if action == "cancel" else "not_yet_accepted"
    if state == "accepted":
        return "not_approved" if action == "cancel" else "already_accepted"
    return "already_approved" if state == "approved" else "over"


def lapses_at(now: datetime, begins: datetime, ends: datetime) -> datetime:
    """When a step that begins to wait at `now` lapses: after a day, or when the shift begins.

    A shift that runs already can still be changed until it ends.

    Args:
        now: when the step began to wait.
        begins: the first opening of the first day that is to change.
        ends: the last closing of the last day.
    """
    return min(now + PATIENCE, begins if begins > now else ends)
