"""A plan of what goes wrong: the same seed breaks the same calls. Decides only; the server does the breaking.

A call is known by its method and its number within that method (from 1), because the number of long polls between two
messages depends on the machine and would otherwise shift every draw after it. Updates are known by their place in the
queue.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TypeVar

_Kind = TypeVar("_Kind", bound=StrEnum)


class Fault(StrEnum):
    """What may happen to a call."""

    TIMEOUT_BEFORE = "timeout_before"
    """Nothing is done and nothing is answered."""
    TIMEOUT_AFTER = "timeout_after"
    """It is done, but nothing is answered: the caller cannot know."""
    INTERNAL_ERROR = "internal_error"
    """500 before anything is done."""
    BAD_GATEWAY = "bad_gateway"
    """502 from a proxy, HTML, before anything is done."""
    CUT = "cut"
    """It is done, half of the answer arrives, the connection drops."""
    JUNK = "junk"
    """It is done, and the answer is a web page."""
    JUNK_JSON = "junk_json"
    """It is done, and the answer is JSON of another shape."""
    SLOW = "slow"
    """It is done and answered, late."""


class DeliveryFault(StrEnum):
    """What may happen to an update."""

    DUPLICATE = "duplicate"
    """It comes twice in a row."""
    REDELIVERED = "redelivered"
    """It comes once more after it was confirmed."""


@dataclass(frozen=True, slots=True)
class FaultPlan:
    """Which calls and updates go wrong.

    `calls` and `deliveries` give probabilities (0–1) that add up to at most 1; `schedule` names calls outright
    (`{("sendMessage", 3): Fault.CUT}`) and wins; `methods` narrows the probabilities to some methods. `hold` is how
    long (seconds) a timeout keeps the connection open, `delay` how late a slow answer is.
    """

    seed: int = 0
    calls: Mapping[Fault, float] = field(default_factory=dict)
    deliveries: Mapping[DeliveryFault, float] = field(default_factory=dict)
    schedule: Mapping[tuple[str, int], Fault] = field(default_factory=dict)
    methods: frozenset[str] | None = None
    hold: float = 30.0
    delay: float = 2.0

    @classmethod
    def none(cls) -> "FaultPlan":
        """Nothing goes wrong."""
        return cls()

    @classmethod
    def always(cls, fault: Fault, *, hold: float = 30.0) -> "FaultPlan":
        """Every call ends the same way: an outage."""
        return cls(calls={fault: 1.0}, hold=hold)

    def only(self, *methods: str) -> "FaultPlan":
        """The same plan, its probabilities narrowed to these methods."""
        return replace(self, methods=frozenset(methods))

    def for_call(self, method: str, number: int) -> Fault | None:
        """What happens to the `number`-th call (from 1) of `method`."""
        if (method, number) in self.schedule:
            return self.schedule[method, number]
        if self.methods is not None and method not in self.methods:
            return None
        return _draw(self.calls, f"{self.seed}:{method}:{number}")

    def for_update(self, number: int) -> DeliveryFault | None:
        """What happens to the `number`-th update (from 1)."""
        return _draw(self.deliveries, f"{self.seed}:update:{number}")


def _draw(chances: Mapping[_Kind, float], key: str) -> _Kind | None:
    """Pick one kind by its probability; a string key seeds the same draw on every machine."""
    if not chances:
        return None
    left = random.Random(key).random()
    for kind, chance in chances.items():
        left -= chance
        if left < 0:
            return kind
    return None
