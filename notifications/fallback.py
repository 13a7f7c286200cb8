"""Letters by other ways than the chat: to whom one goes, as rows of the outbox. Writes and sends none.

Two kinds of addresses are configured. A robot or a mailbox that several people read gets one letter a step
of the ladder. An address made from an officer's mobile number is that officer's own: each of the court's
people gets one, also as soon as the chat does not reach them. What a letter says is in `letters`.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from directory.roster import Duty, OnDutyOfficer
from notifications import outbox
from notifications.channels.addresses import Way
from notifications.models import Filing
from notifications.outbox import Row

#: The channel of letters, and their kind.
CHANNEL, KIND = "apprise", "fallback"

#: Who of the court is written to; the coordinator has a step of their own.
POSTS = ("A", "B", "leader")

#: Why the chat does not reach somebody whom a letter may reach all the same.
NOT_IN_CHAT = frozenset({"unlinked", "blocked", "unknown_chat"})


def to_court(
    filing: Filing,
    court_code: str,
    duty: Duty,
    ways: Collection[Way],
    *,
    step: str,
    now: datetime,
) -> list[Row]:
    """One letter to each shared address, and one to the own address of everybody who answers there today."""
    shared = [
        _row(filing, way, step, now, court_code=court_code) for way in ways if not way.personal
    ]
    people = (person for post in POSTS for person in duty.of(post))
    return shared + to_officers(filing, people, ways, step=step, now=now)


def to_officers(
    filing: Filing,
    people: Iterable[OnDutyOfficer],
    ways: Collection[Way],
    *,
    step: str,
    now: datetime,
) -> list[Row]:
    """One letter to each own address of these people: nobody who is away, nobody twice."""
    officer_ids = dict.fromkeys(
        person.officer_id
        for person in people
        if person.mobile and (person.unreachable is None or person.unreachable in NOT_IN_CHAT)
    )
    return [
        _row(filing, way, step, now, officer_id=officer_id)
        for way in ways
        if way.personal
        for officer_id in officer_ids
    ]


def at_once_key(step: str) -> str:
    """The key of the letters written because nobody at all can be paged: once in a phase of a filing."""
    return f"{step.partition(':')[0]}:now:fallback"


def told(rows: Iterable[Row]) -> str:
    """What the history keeps of letters: `wecombot mailtos*2`, ways and how many."""
    counted = Counter(str(row["payload"]["way"]) for row in rows)
    return " ".join(way if count == 1 else f"{way}*{count}" for way, count in counted.items())


def without_repeats(rows: Iterable[Row]) -> list[Row]:
    """Of several letters to one address and person, the first."""
    kept: dict[tuple[object, object], Row] = {}
    for row in rows:
        kept.setdefault((row["chat_id"], row["officer_id"]), row)
    return list(kept.values())


def _row(filing: Filing, way: Way, step: str, now: datetime, **more: Any) -> Row:
    return outbox.row(
        KIND, way.number, {"way": way.scheme}, priority=outbox.PAGE, now=now, channel=CHANNEL,
        filing_id=filing.id, step=step, **more,
    )  # fmt: skip
