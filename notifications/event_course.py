"""How a filing stands by its history alone: its events replayed. Knows no table; columns are compared in `statistics_recount`.

What 撤销 takes back is the last press: a result given to a filing that nobody had acknowledged is one press
with two events, both at the same instant and by the same person.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

#: Kinds of events that change how a filing stands.
KINDS = frozenset(
    {"received", "acknowledged", "result", "correction", "returned", "supplemented"}
    | {"withdrawn", "undone"}
)

_RESULTS = {"result": "completed", "returned": "completed", "correction": "correcting"}


class Event(Protocol):
    """An event of a history."""

    @property
    def at(self) -> datetime:
        """When it happened."""
        ...

    @property
    def kind(self) -> str:
        """What happened."""
        ...

    @property
    def who(self) -> str:
        """Who did it."""
        ...


@dataclass(frozen=True, slots=True)
class Course:
    """How a filing stands. The result's clock runs from `result_from`, anew after each supplement."""

    state: str = "waiting"
    acknowledged_at: datetime | None = None
    result_from: datetime | None = None
    result_at: datetime | None = None


def replay(history: Iterable[Event]) -> Course:
    """How a filing stands after its history, oldest first."""
    now = before = Course()
    #: The acknowledgment just replayed, which a result may turn out to belong to.
    taken: tuple[datetime, str] | None = None
    for event in history:
        if event.kind not in KINDS:
            continue
        press = (event.at, event.who)
        if event.kind == "acknowledged":
            before, now = (
                now,
                replace(now, state="acknowledged", acknowledged_at=event.at, result_from=event.at),
            )
            taken = press
            continue
        if event.kind in _RESULTS:
            if taken != press:
                before = now
            now = replace(now, state=_RESULTS[event.kind], result_at=event.at)
        elif event.kind == "supplemented":
            now = replace(now, state="acknowledged", result_from=event.at, result_at=None)
        elif event.kind == "withdrawn":
            now = replace(now, state="withdrawn")
        elif event.kind == "undone":
            now = before
        taken = None
    return now
