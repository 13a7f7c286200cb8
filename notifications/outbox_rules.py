"""When a message may leave and what follows from how it went: rates, pauses, words for the history. Pure.

The limits are Telegram's (https://core.telegram.org/bots/faq#broadcasting-to-users): about 30 messages a
second over all chats, 1 a second in a chat, 20 a minute in a group. Sends and edits count alike. Here
they are kept by pacing, never by being told off. A limit of 0 is lifted.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from notifications.channels.addresses import is_outside

#: The budget that stands for all chats together; no message may go to a chat of this number.
ALL_CHATS = 0

#: How long a claim lasts: longer than a send's timeouts together (connect 5, write 5, read 10, pool 5).
LEASE = timedelta(seconds=40)

#: A send that takes longer (seconds) is given up as ambiguous; shorter than the lease by a safe margin.
SEND_SECONDS = 28.0

#: How far ahead messages are given their instants: a new page waits behind this much at most.
HORIZON = timedelta(seconds=0.25)

#: What the instants keep clear of the limits, so that a late timer or a slow network meets no refusal.
CHAT_MARGIN = timedelta(seconds=0.05)
GROUP_MARGIN = timedelta(seconds=0.5)
RETRY_MARGIN = timedelta(seconds=0.5)

#: The window in which a group's messages are counted.
GROUP_WINDOW = timedelta(minutes=1)

#: The first pause before a retry, the longest for a page and the longest for anything else.
FIRST_PAUSE = timedelta(seconds=1)
LONGEST_PAGE_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(minutes=5)

#: The same for a report to another system, which may be down for days.
FIRST_REPORT_PAUSE = timedelta(seconds=5)
LONGEST_REPORT_PAUSE = timedelta(hours=1)

#: So many tries of a report let those that follow it wait; after that order is worth less than their news.
TRIES_IN_ORDER = 5

#: The channel of reports to another system.
REPORTS = "webhook"

#: The priority of a page, before anything else.
PAGE = 0


@dataclass(frozen=True, slots=True)
class Rates:
    """How much may be sent; 0 lifts a limit. Groups are the chats with negative numbers."""

    global_per_second: float = 29
    group_per_minute: int = 20
    chat_per_second: float = 1

    @property
    def interval(self) -> timedelta:
        """The time between two messages over all chats."""
        return _every(self.global_per_second)

    @property
    def chat_interval(self) -> timedelta:
        """The time between two messages in one chat, without the margin."""
        return _every(self.chat_per_second)

    @property
    def lifted(self) -> bool:
        """Whether nothing is limited at all."""
        return not (self.global_per_second or self.group_per_minute or self.chat_per_second)


@dataclass(frozen=True, slots=True)
class Budget:
    """From when a chat (or all chats together) takes the next message; the latest instants of a group."""

    free_at: datetime
    recent: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Due:
    """A message that is due."""

    id: int
    chat_id: int
    priority: int


@dataclass(frozen=True, slots=True)
class Plan:
    """What leaves when: `slots` in order, the budgets as they are then, and which chats wait until when.

    `free_at` is when the next message over all chats may leave; `more`, that it could have been given
    to one that was due.
    """

    free_at: datetime
    slots: Mapping[int, datetime] = field(default_factory=dict)
    budgets: Mapping[int, Budget] = field(default_factory=dict)
    put_off: Mapping[int, datetime] = field(default_factory=dict)
    more: bool = False


def plan(
    due: Iterable[Due], budgets: Mapping[int, Budget], rates: Rates, *, room: int, now: datetime
) -> Plan:
    """Give instants to at most `room` messages, evenly spaced, at most one a chat.

    Args:
        due: in the order of their importance (priority, since when they are due, number).
        budgets: of their chats and of `ALL_CHATS`; a chat without one is free.
        rates: the limits.
        room: how many more may be under way.
        now: an aware instant.

    Within one chat the older message goes first, however often it was put off. A chat that is none of
    Telegram's keeps its own limits; the one over all chats, which is Telegram's, neither holds it up nor
    counts it.
    """
    free_at = now
    if rates.global_per_second and ALL_CHATS in budgets:
        free_at = max(now, budgets[ALL_CHATS].free_at)
    slots: dict[int, datetime] = {}
    spent: dict[int, Budget] = {}
    put_off: dict[int, datetime] = {}
    more = False
    for first, others in _first_of_each_chat(due):
        budget = budgets.get(first.chat_id)
        outside = is_outside(first.chat_id)
        at = now if outside else free_at
        if budget is not None and budget.free_at > at:
            put_off[first.chat_id] = budget.free_at
            continue
        if len(slots) >= room or at > now + HORIZON:
            more = True
            break
        slots[first.id] = at
        after = spend(budget, rates, first.chat_id, at)
        if after is not None:
            spent[first.chat_id] = after
            if others:
                put_off[first.chat_id] = after.free_at
        if not outside:
            free_at += rates.interval
    if slots and rates.global_per_second:
        spent[ALL_CHATS] = Budget(free_at)
    return Plan(free_at, slots, spent, put_off, more)


def spend(budget: Budget | None, rates: Rates, chat_id: int, at: datetime) -> Budget | None:
    """The budget of a chat after a message at `at`; None when nothing limits this chat."""
    group = chat_id < 0 and rates.group_per_minute > 0
    if not (group or rates.chat_per_second):
        return None
    free_at = at + rates.chat_interval + CHAT_MARGIN if rates.chat_per_second else at
    recent: tuple[float, ...] = ()
    if group:
        past = budget.recent if budget is not None else ()
        since = (at - GROUP_WINDOW - GROUP_MARGIN).timestamp()
        recent = (*(moment for moment in past if moment > since), at.timestamp())
        recent = recent[-rates.group_per_minute :]
        if len(recent) == rates.group_per_minute:
            leaves = datetime.fromtimestamp(recent[0], UTC) + GROUP_WINDOW + GROUP_MARGIN
            free_at = max(free_at, leaves)
    return Budget(free_at, recent)


def held_back(budget: Budget | None, until: datetime) -> Budget:
    """The budget of a chat that asked to be left alone until `until`."""
    if budget is None:
        return Budget(until)
    return Budget(max(budget.free_at, until), budget.recent)


def merged(one: Budget | None, other: Budget | None) -> Budget | None:
    """The stricter of two budgets of the same chat: a group's under its old and its new number."""
    if one is None or other is None:
        return one or other
    recent = tuple(sorted({*one.recent, *other.recent}))
    return Budget(max(one.free_at, other.free_at), recent)


def retry_pause(attempts: int, priority: int, spread: float) -> timedelta:
    """How long to wait after the try number `attempts` + 1 failed for now.

    Doubles from a second to half a minute for a page, to five minutes for anything else. `spread`
    (from 0 to 1) shortens it by up to a quarter, so that what failed together comes back apart.
    """
    longest = LONGEST_PAGE_PAUSE if priority == PAGE else LONGEST_PAUSE
    pause = min(longest, FIRST_PAUSE * (1 << min(attempts, 10)))
    return pause * (1 - spread / 4)


def report_pause(attempts: int, spread: float) -> timedelta:
    """The same for a report: from five seconds, doubled, to an hour."""
    pause = min(LONGEST_REPORT_PAUSE, FIRST_REPORT_PAUSE * (1 << min(attempts, 13)))
    return pause * (1 - spread / 4)


def is_page(kind: str, step: str | None, view: object) -> bool:
    """Whether a message calls somebody to answer: only then its arrival belongs in the history."""
    return kind in ("card", "fallback") and step is not None and view != "collaborating"


def addressee(channel: str, step: str | None, court_code: str | None) -> str:
    """To whom a message went, for the history: channel, court and post; never a chat's number."""
    post = step.rsplit(":", 1)[-1] if step else None
    if step and step.startswith("snooze:"):
        # That step ends with an instant, which would tell nobody anything.
        post = "snooze"
    return " ".join(word for word in (channel, court_code, post) if word)


def _every(rate: float) -> timedelta:
    return timedelta(seconds=1 / rate) if rate else timedelta(0)


def _first_of_each_chat(due: Iterable[Due]) -> Iterable[tuple[Due, bool]]:
    """Each chat's first message and whether it has others, in the order in which the chats appear."""
    first: dict[int, Due] = {}
    several: set[int] = set()
    for message in due:
        best = first.setdefault(message.chat_id, message)
        if best is message:
            continue
        several.add(message.chat_id)
        if (message.priority, message.id) < (best.priority, best.id):
            first[message.chat_id] = message
    return [(message, chat_id in several) for chat_id, message in first.items()]
