"""When a session reminds, when its attendance code holds, how a quiz is marked and taken again. Pure."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

#: `day` and `soon` before a session; `moved` and `cancelled` when that happens.
Reminder = Literal["day", "soon", "moved", "cancelled"]

#: How long before a session its reminders are due, the earlier first.
BEFORE: dict[Reminder, timedelta] = {"day": timedelta(days=1), "soon": timedelta(minutes=15)}

#: How long before its beginning and after its end the attendance code of a session is taken.
CODE_BEFORE, CODE_AFTER = timedelta(minutes=30), timedelta(minutes=60)

#: So many digits has an attendance code; so many wrong ones a person may send in a quarter of an hour.
CODE_DIGITS = 6
MOST_WRONG = 5
WRONG_WINDOW = timedelta(minutes=15)

#: A quiz is passed with this share (per cent) of right answers, may be taken so often, and again after so long.
PASS_PERCENT = 80
MOST_TRIES = 3
RETRY_AFTER = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Question:
    """A question of a quiz; `right` is the place of the right one among its choices."""

    text: str
    choices: tuple[str, ...]
    right: int


@dataclass(frozen=True, slots=True)
class Marks:
    """What came of a try: right answers, of how many, enough or not, and which questions were wrong (from 0)."""

    right: int
    questions: int
    passed: bool
    wrong: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Try:
    """An earlier try at a quiz; `ended_at` is None while it is open."""

    passed: bool
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class NoTry:
    """Why a quiz may not be taken now: `passed`, `no_more`, or `too_soon` and when it may."""

    reason: Literal["passed", "no_more", "too_soon"]
    again_at: datetime | None = None


def next_reminder(
    starts_at: datetime, now: datetime, after: Reminder | None = None
) -> tuple[Reminder, datetime] | None:
    """The next reminder before a session, and when; None when there is none left.

    `after` is the one that was just given. Of a session that is new or was moved one whose time has
    passed is left out: one planned for this afternoon has no reminder of the day before. Later one that
    an outage held up is still given while it makes sense.
    """
    kinds = list(BEFORE)
    given = after in kinds
    for kind in kinds[kinds.index(after) + 1 :] if after is not None and given else kinds:
        at = starts_at - BEFORE[kind]
        if at > now or (given and still_makes_sense(kind, starts_at, now)):
            return kind, at
    return None


def still_makes_sense(kind: Reminder, starts_at: datetime, now: datetime) -> bool:
    """Whether a reminder that was held up may still leave: not once the session has begun, nor late `day` after `soon`."""
    if kind == "day":
        return now < starts_at - BEFORE["soon"]
    return kind != "soon" or now < starts_at


def code_holds(starts_at: datetime, lasts_minutes: int, now: datetime) -> bool:
    """Whether the attendance code of a session is taken at `now`."""
    ends_at = starts_at + timedelta(minutes=lasts_minutes)
    return starts_at - CODE_BEFORE <= now <= ends_at + CODE_AFTER


def code_in(text: str) -> str | None:
    """The six digits in what somebody typed, of any width and with blanks; None for anything else."""
    plain = "".join(unicodedata.normalize("NFKC", text).split())
    return plain if plain.isascii() and plain.isdecimal() and len(plain) == CODE_DIGITS else None


def slowed(wrong: Sequence[datetime], now: datetime) -> datetime | None:
    """Until when a person may send no code, from the instants of their wrong ones; None: they may."""
    recent = sorted(at for at in wrong if at > now - WRONG_WINDOW)
    return recent[-MOST_WRONG] + WRONG_WINDOW if len(recent) >= MOST_WRONG else None


def marks(questions: Sequence[Question], answers: Sequence[int]) -> Marks:
    """Mark a whole try: one answer a question, in order.

    Raises:
        ValueError: there are more or fewer answers than questions.
    """
    pairs = zip(questions, answers, strict=True)
    wrong = tuple(place for place, (asked, said) in enumerate(pairs) if asked.right != said)
    right = len(questions) - len(wrong)
    return Marks(right, len(questions), right * 100 >= PASS_PERCENT * len(questions), wrong)


def may_try(tries: Sequence[Try], now: datetime) -> NoTry | None:
    """Why a quiz may not be taken once more, from the tries that ended; None when it may."""
    ended = [one for one in tries if one.ended_at is not None]
    if any(one.passed for one in ended):
        return NoTry("passed")
    if len(ended) >= MOST_TRIES:
        return NoTry("no_more")
    last = max((one.ended_at for one in ended if one.ended_at is not None), default=None)
    if last is not None and now < last + RETRY_AFTER:
        return NoTry("too_soon", last + RETRY_AFTER)
    return None
