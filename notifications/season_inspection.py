"""How the courts of a made-up season answer the form of the inspection: by themselves or the inspectors, a few late. Pure."""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from directory import worktime
from directory.worktime import WorkCalendar
from notifications.form_rules import Question, Value

#: So many courts are filled for by the inspecting team, hand in late, and correct an answer afterwards.
INSPECTED, LATE, CORRECTED = 24, 5, 6

_REMARKS = (
    "指引牌不明显，一周内更换。",
    "高拍仪仅一台，已报请增配，月底前到位。",
    "宣传折页用完，已申请补发。",
    "轮岗后 B岗不熟悉流程，已安排跟班学习。",
)


@dataclass(frozen=True, slots=True)
class Filling:
    """One court's sheet: when it is handed in, with which answers, whether while inspected; a correction later."""

    court: str
    at: datetime
    answers: Mapping[str, Value]
    inspected: bool
    corrected: tuple[datetime, str, Value] | None


@dataclass(frozen=True, slots=True)
class Span:
    """When the form goes out, is due and is closed (UTC)."""

    sent: datetime
    due: datetime
    closed: datetime


def fillings(
    courts: Sequence[str],
    questions: Sequence[Question],
    trained: Mapping[str, int],
    span: Span,
    calendar: WorkCalendar,
    dice: random.Random,
) -> list[Filling]:
    """What every court hands in, in the courts' order.

    Args:
        courts: their codes; each hands in once.
        questions: the form's.
        trained: how many people of each court came to a session, which is an answer.
        span: when it may be filled.
        calendar: the hours in which people fill forms.
        dice: where chance comes from.
    """
    chosen = dice.sample(courts, INSPECTED + LATE + CORRECTED)
    inspected, late = set(chosen[:INSPECTED]), set(chosen[INSPECTED : INSPECTED + LATE])
    corrected = set(chosen[INSPECTED + LATE :])
    found = []
    for court in courts:
        start, end = (span.due, span.closed) if court in late else (span.sent, span.due)
        at = _between(calendar, start, end, dice)
        answers = _answers(questions, trained.get(court, 0), dice)
        again = None
        if court in corrected:
            again = _correction(answers, _between(calendar, at, span.due, dice))
        found.append(Filling(court, at, answers, court in inspected, again))
    return found


def _between(
    calendar: WorkCalendar, start: datetime, end: datetime, dice: random.Random
) -> datetime:
    """Some instant in office hours, a while after the one and before the other."""
    room = worktime.working_seconds(calendar, start, end)
    return worktime.add_working(calendar, start, dice.randrange(room // 10, room * 9 // 10))


def _answers(questions: Sequence[Question], trained: int, dice: random.Random) -> dict[str, Value]:
    answers: dict[str, Value] = {}
    for one in questions:
        drawn = _KINDS[one.kind](one, dice)
        if one.kind == "text" and all(value is not False for value in answers.values()):
            continue  # Nothing was found wrong.
        answers[one.key] = trained if one.key == "officer_trained" else drawn
    return answers


def _number(one: Question, dice: random.Random) -> Value:
    least, most = one.least or 0, one.most if one.most is not None else 10
    return min(most, max(least, 1) + dice.choice((0, 0, 0, 1, 1, 2)))


_KINDS: Mapping[str, Callable[[Question, random.Random], Value]] = {
    "yes_no": lambda _one, dice: dice.random() < 0.94,
    "choice": lambda one, dice: dice.choice((*(one.options[:1] * 4), *one.options)),
    "number": _number,
    "text": lambda _one, dice: dice.choice(_REMARKS),
    "picture": lambda one, _dice: {"file_id": f"season-{one.key}", "name": "窗口照片.jpg"},
}


def _correction(answers: Mapping[str, Value], at: datetime) -> tuple[datetime, str, Value]:
    """The first number is one more than was said at first."""
    key, value = next(
        (key, value)
        for key, value in answers.items()
        if isinstance(value, int) and not isinstance(value, bool)
    )
    return at, key, value + 1
