"""How often a bot may send: the windows Telegram keeps, as plain arithmetic over monotonic seconds. Pure.

Window rule: a call is let through when fewer than N calls were let through in the half-open window of the past W seconds
(`now - W, now]`). A call that is refused does not count. `retry_after` is the time until the oldest call of the fullest
window leaves it, in whole seconds, rounded up, at least 1. Sends and edits count alike; callback answers do not.
"""

import math
from collections import deque
from dataclasses import dataclass, field

SECOND = 1.0
MINUTE = 60.0


@dataclass(frozen=True, slots=True)
class Limits:
    """Calls allowed per window; `None` lifts that limit. `chat_burst` is the number per chat per second."""

    per_second: int | None = 30
    chat_burst: int | None = 1
    group_per_minute: int | None = 20

    @classmethod
    def real(cls) -> "Limits":
        """What Telegram allows: 30 a second over all chats, 1 a second in a chat, 20 a minute in a group."""
        return cls()

    @classmethod
    def lifted(cls) -> "Limits":
        """No limit at all, for tests and drills at home."""
        return cls(per_second=None, chat_burst=None, group_per_minute=None)


@dataclass(slots=True)
class Meter:
    """Remembers the calls let through. `limits` may be changed at any time."""

    limits: Limits
    _all: deque[float] = field(default_factory=deque)
    _chats: dict[int, deque[float]] = field(default_factory=dict)

    def admit(self, chat_id: int, now: float) -> int:
        """Count a call at monotonic second `now` and return 0, or return the seconds to wait instead.

        Negative chat ids are groups, as on Telegram.
        """
        chat = self._chats.setdefault(chat_id, deque())
        waits = [
            _wait(self._all, self.limits.per_second, SECOND, now),
            _wait(chat, self.limits.chat_burst, SECOND, now),
        ]
        if chat_id < 0:
            waits.append(_wait(chat, self.limits.group_per_minute, MINUTE, now))
        longest = max(waits)
        if longest > 0:
            return max(1, math.ceil(longest))
        for window, span in ((self._all, SECOND), (chat, MINUTE)):
            window.append(now)
            while window and window[0] <= now - span:
                window.popleft()
        return 0


def _wait(past: deque[float], allowed: int | None, span: float, now: float) -> float:
    """Seconds until another call fits: 0 when one fits now."""
    if allowed is None:
        return 0.0
    recent = [moment for moment in past if moment > now - span]
    if len(recent) < allowed:
        return 0.0
    return recent[len(recent) - allowed] + span - now if allowed else span
