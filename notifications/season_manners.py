"""How people deal with a filing of a made-up season: who answers, after how long, and what goes wrong on the way.

Everything is drawn from the dice handed in. Delays are working seconds of the jurisdiction court, because
nobody answers before the office opens; only who answers from home, in the group, is told in wall seconds.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

#: The post that answers and how often (of a hundred); the rest of the ladder is silent up to there.
WHO_ANSWERS = (("A", 91.0), ("B", 6.5), ("leader", 1.8), ("coordinator", 0.7))

#: Median (seconds) and spread (sigma of the logarithm) of an answer after the page that reached its author.
ANSWER_MEDIAN, ANSWER_SPREAD = 370.0, 0.7
#: The longest (seconds) anybody who answers at all takes.
ANSWER_LONGEST = 5400

RESULT_MEDIAN, RESULT_SPREAD = 1250.0, 0.6
RESULT_LONGEST = 3 * 3600

#: What becomes of a filing, of a hundred.
OUTCOMES = (
    ("registered", 84.0),
    ("correction", 7.0),
    ("returned", 3.0),
    ("not_accepted", 2.0),
    ("mediation", 4.0),
)

NOTES = {
    "correction": "起诉状副本份数不足，请补交",
    "returned": "不属于本院管辖",
    "not_accepted": "不符合起诉条件",
}
"""What the jurisdiction court writes with such a result; no party is named."""


@dataclass(frozen=True, slots=True)
class Deed:
    """Somebody does something so many seconds after what came before.

    `kind` is `acknowledge`, `hand_over`, `snooze`, `nudge`, `withdraw`, `undo`, `supplement` or a
    result; `by` a post of the jurisdiction court's ladder, or `collaborating`.
    """

    kind: str
    by: str
    seconds: int


@dataclass(frozen=True, slots=True)
class Course:
    """What people will do about one filing.

    Attributes:
        answer: the acknowledgment, counted from the first direct page to its author's post.
        from_home: the answer comes in the group while the court is closed, in wall seconds from the arrival.
        early: what somebody does while it is waiting, counted from the first direct page to anybody.
        later: what follows the acknowledgment, each deed counted from the one before.
    """

    answer: Deed
    from_home: bool
    early: tuple[Deed, ...]
    later: tuple[Deed, ...]


def course(dice: random.Random, is_open: bool, haste: float) -> Course:
    """Draw the course of one filing.

    Args:
        dice: where chance comes from.
        is_open: the jurisdiction court is open when it arrives.
        haste: 1 leaves all the time there is, 0 must be over within two hours.
    """
    if not is_open and dice.random() < 0.15:
        answer = Deed("acknowledge", "A", int(dice.uniform(60, 1500)))
        return Course(answer, True, (), _results(dice, "A", haste))
    (post,) = dice.choices([name for name, _ in WHO_ANSWERS], [share for _, share in WHO_ANSWERS])
    seconds = int(min(ANSWER_LONGEST, dice.lognormvariate(0, ANSWER_SPREAD) * ANSWER_MEDIAN))
    if haste == 0:
        post, seconds = "A", min(seconds, 1200)
    seconds = max(20, seconds)
    answer = Deed("acknowledge", post, seconds)
    early = _early(dice, post, seconds)
    if any(deed.kind == "hand_over" for deed in early):
        answer = Deed("acknowledge", "B", seconds)
    return Course(answer, False, early, _later(dice, answer.by, haste))


def _early(dice: random.Random, post: str, seconds: int) -> tuple[Deed, ...]:
    """What happens while the filing is waiting, if anything."""
    chance = dice.random()
    if chance < 0.008:
        return (Deed("withdraw", "collaborating", int(dice.uniform(60, 900))),)
    if post == "A" and chance < 0.025:
        return (Deed("hand_over", "A", int(dice.uniform(30, 240))),)
    if seconds > 400 and chance < 0.06:
        return (Deed("snooze", "A", int(dice.uniform(60, 280))),)
    if (seconds > 900 or post != "A") and chance < 0.5:
        return (Deed("nudge", "collaborating", int(dice.uniform(650, 890))),)
    return ()


def _later(dice: random.Random, post: str, haste: float) -> tuple[Deed, ...]:
    """What follows the acknowledgment; seldom it is taken back and given again first."""
    again: tuple[Deed, ...] = ()
    if dice.random() < 0.012:
        again = (
            Deed("undo", post, int(dice.uniform(10, 110))),
            Deed("acknowledge", post, int(dice.uniform(15, 300))),
        )
    if dice.random() < 0.006:
        withdrawn = Deed("withdraw", "collaborating", int(dice.uniform(200, 1500)))
        return (*again, withdrawn)
    return (*again, *_results(dice, post, haste))


def _results(dice: random.Random, post: str, haste: float) -> tuple[Deed, ...]:
    """The result, a correction and its supplement before it, a slip of the finger taken back."""
    (outcome,) = dice.choices([name for name, _ in OUTCOMES], [share for _, share in OUTCOMES])
    first = _result_after(dice, haste)
    if outcome == "correction":
        supplement = int(dice.uniform(1800, 1800 + haste * 5 * 23_400))
        final = Deed("registered", post, _result_after(dice, haste))
        if haste == 0:
            return (Deed("registered", post, first),)
        return (
            Deed("correction", post, first),
            Deed("supplement", "collaborating", supplement),
            final,
        )
    if dice.random() < 0.015:
        return (
            Deed("not_accepted", post, first),
            Deed("undo", post, int(dice.uniform(8, 100))),
            Deed(outcome, post, int(dice.uniform(5, 60))),
        )
    return (Deed(outcome, post, first),)


def _result_after(dice: random.Random, haste: float) -> int:
    seconds = int(min(RESULT_LONGEST, dice.lognormvariate(0, RESULT_SPREAD) * RESULT_MEDIAN))
    return max(150, seconds if haste else min(seconds, 2400))
