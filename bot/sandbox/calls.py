"""The record of every call the bot made, for tests and for the page. Never holds the token."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

#: Older calls are forgotten, so that a demo may run for weeks.
KEPT = 200_000
FORGOTTEN_AT_ONCE = 50_000


@dataclass(slots=True)
class ApiCall:
    """One call. `arrived` is in monotonic seconds, `arrived_at` on the world's clock.

    `outcome`: `pending`, `ok`, `refused` (4xx), `limited` (429) or `fault:<name>`. `done` says whether the method
    was carried out, which under a fault the caller cannot know.
    """

    number: int
    method: str
    method_number: int
    arrived: float
    arrived_at: datetime
    params: dict[str, Any] = field(default_factory=dict)
    outcome: str = "pending"
    status: int = 0
    description: str = ""
    done: bool = False
    result: Any = None

    @property
    def chat_id(self) -> int | str | None:
        """The chat it names, if any."""
        return self.params.get("chat_id")


class CallLog:
    """Calls in the order of their arrival."""

    def __init__(self) -> None:
        """Start empty."""
        self._calls: list[ApiCall] = []
        self._total = 0
        self._by_method: Counter[str] = Counter()

    def open(self, method: str, arrived: float, arrived_at: datetime) -> ApiCall:
        """Record the arrival of a call."""
        self._total += 1
        self._by_method[method] += 1
        call = ApiCall(self._total, method, self._by_method[method], arrived, arrived_at)
        self._calls.append(call)
        if len(self._calls) > KEPT:
            del self._calls[:FORGOTTEN_AT_ONCE]
        return call

    def all(self) -> Sequence[ApiCall]:
        """Every call still remembered: the record itself, not a copy, so that looking is cheap."""
        return self._calls

    def of(self, *methods: str) -> list[ApiCall]:
        """The calls of these methods."""
        return [call for call in self._calls if call.method in methods]
