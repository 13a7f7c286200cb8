"""What a form may ask, what is an answer to a question, how far a sheet is, who may fill it until when. Pure."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, Literal, Self

from notifications.notice_audience import Signer

#: What kind of answer a question wants.
Kind = Literal["yes_no", "choice", "number", "text", "picture"]
KINDS: tuple[Kind, ...] = ("yes_no", "choice", "number", "text", "picture")

#: How large a form may be; lengths in characters.
MOST_QUESTIONS, MOST_OPTIONS = 40, 8
LONGEST_TITLE, LONGEST_HEADING, LONGEST_QUESTION, LONGEST_HINT = 80, 40, 200, 300
LONGEST_OPTION, LONGEST_UNIT = 40, 12

#: Numbers lie between plus and minus this, with so many decimals; a text has so many characters.
LARGEST = 1_000_000_000
MOST_DECIMALS = 2
LONGEST_ANSWER = 500

#: How long before it is due a form reminds.
BEFORE = timedelta(days=1)

#: What people type instead of pressing 是 and 否.
_YES = frozenset({"是", "有", "对", "yes", "y", "true", "1"})
_NO = frozenset({"否", "不是", "没有", "无", "no", "n", "false", "0"})

#: How far a court is: handed in, some answers, told but without an answer, not told.
State = Literal["filled", "partly", "blank", "unreached"]

#: Why a sheet takes no answer: its notice was taken back, somebody closed the form, whoever inspects handed it in,
#: or it is handed in and over.
Shut = Literal["recalled", "closed", "inspected", "over"]

#: As whom somebody fills: for their own court, or for another that they inspect (督查代填).
As = Literal["own", "inspector"]

#: Why something typed is no answer.
Reason = Literal["empty", "not_yes_no", "no_option", "no_number", "range", "too_long", "picture"]

#: An answer as a sheet keeps it; a picture is {"file_id", "name"}.
Value = bool | int | float | str | dict[str, str]


@dataclass(frozen=True, slots=True)
class Question:
    """One question. `key` is unique in its form; `options` belong to a choice, unit and range to a number."""

    key: str
    kind: Kind
    text: str
    options: tuple[str, ...] = ()
    unit: str = ""
    least: int | None = None
    most: int | None = None
    required: bool = True
    hint: str = ""
    #: What the question belongs under; empty without groups.
    heading: str = ""

    def as_json(self) -> dict[str, Any]:
        """As a form keeps it."""
        return {
            "key": self.key,
            "kind": self.kind,
            "text": self.text,
            "options": list(self.options),
            "unit": self.unit,
            "least": self.least,
            "most": self.most,
            "required": self.required,
            "hint": self.hint,
            "heading": self.heading,
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """What `as_json` gave."""
        return cls(**{**kept, "options": tuple(kept["options"])})


@dataclass(frozen=True, slots=True)
class Refused:
    """Something typed that is no answer, and why."""

    reason: Reason


def is_form(questions: Sequence[Question]) -> bool:
    """Whether these questions make a form: some, not too many, each with a key and all that its kind needs."""
    keys = {one.key for one in questions}
    return (
        0 < len(questions) <= MOST_QUESTIONS
        and len(keys) == len(questions)
        and all(map(_is_question, questions))
    )


def _is_question(one: Question) -> bool:
    options = set(one.options)
    chosen = 2 <= len(options) == len(one.options) <= MOST_OPTIONS
    ordered = one.least is None or one.most is None or one.least <= one.most
    return (
        one.kind in KINDS
        and 0 < len(one.key) <= 32
        and 0 < len(one.text) <= LONGEST_QUESTION
        and max(len(one.hint), len(one.heading)) <= LONGEST_HINT
        and all(0 < len(option) <= LONGEST_OPTION for option in options)
        and (chosen if one.kind == "choice" else not options)
        and ordered
    )


def next_reminder(
    due_at: datetime, after: datetime
) -> tuple[Literal["day", "due"], datetime] | tuple[None, None]:
    """What a form says next by itself after an instant, and when: its reminder a day before it is due, else the lists at its end."""
    day = due_at - BEFORE
    if day > after:
        return "day", day
    return ("due", due_at) if due_at > after else (None, None)


# Answers


def typed(question: Question, text: str) -> Value | Refused:
    """The answer that a typed text means, as a sheet keeps it; a picture cannot be typed."""
    words = text.strip()
    if not words:
        return Refused("empty")
    match question.kind:
        case "yes_no":
            return _yes_no(words)
        case "choice":
            found = [one for one in question.options if one.lower() == words.lower()]
            return found[0] if found else Refused("no_option")
        case "number":
            return _number(question, words)
        case "text":
            return words if len(words) <= LONGEST_ANSWER else Refused("too_long")
    return Refused("picture")


def _yes_no(words: str) -> bool | Refused:
    word = unicodedata.normalize("NFKC", words).lower().rstrip("。.!")
    return word in _YES if word in _YES | _NO else Refused("not_yes_no")


def _number(question: Question, words: str) -> float | Refused:
    digits, unit = (
        unicodedata.normalize("NFKC", part).replace(",", "").replace(" ", "")
        for part in (words, question.unit)
    )
    try:
        value = Decimal(digits.removesuffix(unit))
    except InvalidOperation:
        return Refused("no_number")
    known = value.is_finite() and abs(value) <= LARGEST
    if not known or value != round(value, MOST_DECIMALS):
        return Refused("no_number")
    number = int(value) if value == int(value) else float(value)
    return number if _within(question, number) else Refused("range")


def _within(question: Question, value: float) -> bool:
    return (question.least is None or value >= question.least) and (
        question.most is None or value <= question.most
    )


def fits(question: Question, value: Any) -> bool:
    """Whether a value is an answer to the question."""
    match question.kind:
        case "yes_no":
            return isinstance(value, bool)
        case "choice":
            return value in question.options
        case "number":
            number = isinstance(value, int | float) and not isinstance(value, bool)
            return number and abs(value) <= LARGEST and _within(question, value)
        case "text":
            return isinstance(value, str) and bool(value.strip()) and len(value) <= LONGEST_ANSWER
    return isinstance(value, dict) and set(value) == {"file_id", "name"}


def missing(questions: Sequence[Question], answers: Mapping[str, Any]) -> list[int]:
    """The places (from 0) of questions that must be answered before a sheet is handed in, and are not."""
    return [
        place
        for place, one in enumerate(questions)
        if one.required and answers.get(one.key) is None
    ]


def answered(questions: Sequence[Question], answers: Mapping[str, Any]) -> int:
    """How many questions have an answer."""
    return sum(answers.get(one.key) is not None for one in questions)


# Sheets


def state(answers: Mapping[str, Any], filled_at: datetime | None, *, reached: bool) -> State:
    """How far a court is; `reached`: the notice has come to somebody there."""
    if filled_at is not None:
        return "filled"
    if any(value is not None for value in answers.values()):
        return "partly"
    return "blank" if reached else "unreached"


def shut(
    *,
    due_at: datetime,
    closed_at: datetime | None,
    recalled_at: datetime | None,
    filled_at: datetime | None,
    inspected: bool,
    who: As,
    now: datetime,
) -> Shut | None:
    """Why a sheet takes no answer now; None while it does.

    A court that is late may still hand in until somebody closes the form: a late answer is better than
    none, and is seen to be late. What was handed in is corrected until the form is due, by those who
    inspect until it is closed: figures that were read out must not move any more. What was found on
    inspection (`inspected`) is not for the inspected to change.
    """
    if recalled_at is not None:
        return "recalled"
    if closed_at is not None:
        return "closed"
    if filled_at is None or who == "inspector":
        return None
    if inspected:
        return "inspected"
    return "over" if now >= due_at else None


def filler(who: Signer, court: str, province: str) -> As | None:
    """As whom somebody fills the sheet of that court; None for who may not.

    Every officer of the court, whatever post; and who coordinates its province (or the nation) while inspecting.
    """
    if who.court == court and who.posts:
        return "own"
    inspects = who.reach == "nation" or (who.reach == "province" and who.province == province)
    return "inspector" if inspects else None
