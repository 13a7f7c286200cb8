"""What a card tells beside the filing's state: put off, handed over, supervised, returned why, sent from and to. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from directory.roster import StandIn

#: An instant: as stored, or as a court's wall clock shows it.
T = TypeVar("T")
U = TypeVar("U")


@dataclass(frozen=True, slots=True)
class Act(Generic[T]):
    """Something a person did: `who` as events keep it, `at` when (for 稍后: until when), `to` whom."""

    who: str
    at: T
    to: str = ""


@dataclass(frozen=True, slots=True)
class Hop:
    """The filing that another one was sent on as, or came from."""

    reference: str
    court: str


@dataclass(frozen=True, slots=True)
class Marks(Generic[T]):
    """All of it; None where it did not happen or is over. Courts are named, not coded."""

    snoozed: Act[T] | None = None
    handed_over: Act[T] | None = None
    supervised: Act[T] | None = None
    return_reason: str | None = None
    proposed_court: str | None = None
    came_from: Hop | None = None
    went_to: Hop | None = None
    #: No person of the whole line can be reached by chat now.
    nobody: bool = False
    #: The jurisdiction court is closed today: why (may be empty), and which court or officer answers.
    closed: StandIn | None = None
    #: The jurisdiction court's telephone, for when only that is left.
    phone: str | None = None


def shown(marks: Marks[datetime], local: Callable[[datetime], U]) -> Marks[U]:
    """The same with each instant as `local` shows it."""

    def act(one: Act[datetime] | None) -> Act[U] | None:
        return None if one is None else Act(one.who, local(one.at), one.to)

    return Marks(
        snoozed=act(marks.snoozed),
        handed_over=act(marks.handed_over),
        supervised=act(marks.supervised),
        return_reason=marks.return_reason,
        proposed_court=marks.proposed_court,
        came_from=marks.came_from,
        went_to=marks.went_to,
        nobody=marks.nobody,
        closed=marks.closed,
        phone=marks.phone,
    )
