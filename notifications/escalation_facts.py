"""What the escalation rules are told and what they answer: plain values, no rule.

The rules are in `notifications.escalation`, which is where the rest of the code imports these from.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Kind = Literal["page", "reminder", "escalation"]


@dataclass(frozen=True, slots=True)
class Person:
    """An officer holding a post of the line; `unreachable` says why no page can reach them."""

    officer_id: int
    name: str
    post: str
    unreachable: str | None = None


@dataclass(frozen=True, slots=True)
class OnDuty:
    """Whom a page can reach now.

    Attributes:
        group: the jurisdiction court has a linked group and it can be written to.
        posts: who holds each post of `LINE` now; A is who is on duty by the roster.
        acknowledger: the officer who acknowledged, None when a token did.
        fallback: a fallback channel is configured.
    """

    group: bool
    posts: Mapping[str, tuple[Person, ...]]
    acknowledger: Person | None = None
    fallback: bool = False


@dataclass(frozen=True, slots=True)
class Snooze:
    """稍后: this officer asked to be left alone until then. The steps to others go on."""

    officer_id: int
    until: datetime


@dataclass(frozen=True, slots=True)
class FilingState:
    """What the rules must know of a filing.

    Attributes:
        state: `waiting`, `acknowledged`, `correcting`, `completed` or `withdrawn`.
        received_at: when it arrived; the answer clock starts here.
        result_clock_from: the acknowledgment or the last supplement.
        steps_taken: the keys of all actions applied before, see `keys_taken`.
        supplements: how often the result clock was restarted; each restart climbs its own steps.
        snoozes: who pressed 稍后, and until when.
    """

    state: str
    received_at: datetime
    result_clock_from: datetime | None = None
    steps_taken: frozenset[str] = frozenset()
    supplements: int = 0
    snoozes: tuple[Snooze, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """Page one person directly. `folded` are other due steps that this page speaks for."""

    step: str
    person: Person
    kind: Kind
    silent: bool = False
    standing_in_for: str | None = None
    reason: str | None = None
    folded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PageGroup:
    """Write to the jurisdiction court's group, without a sound when `silent`."""

    step: str
    kind: Kind
    silent: bool = False
    reason: str | None = None
    folded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fallback:
    """Use the fallback channels."""

    step: str
    folded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Skip:
    """A target was not paged.

    `reason` is why the post's person is unreachable, or `empty`, `snoozed`, `no_group`,
    `not_configured`.
    """

    step: str
    post: str
    reason: str


@dataclass(frozen=True, slots=True)
class NobodyLeft:
    """No person of the whole line can be reached."""

    step: str
    reason: str


@dataclass(frozen=True, slots=True)
class WakeAt:
    """When to decide again; None when nothing is left to do in this state. Always the last."""

    at: datetime | None


Action = Page | PageGroup | Fallback | Skip | NobodyLeft | WakeAt


def keys_taken(actions: Iterable[Action]) -> frozenset[str]:
    """The keys to add to `steps_taken` once these actions are applied."""
    keys: set[str] = set()
    for action in actions:
        if not isinstance(action, WakeAt):
            keys.add(action.step)
        if isinstance(action, Page | PageGroup | Fallback):
            keys.update(action.folded)
    return frozenset(keys)
