"""What came of a form: courts by state and city, headings met, and per question the shares of its answers. Pure.

Answers count once a court has handed them in: what is still being filled is nobody's word yet.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median
from typing import Any

from notifications.form_rules import Question, State


@dataclass(frozen=True, slots=True)
class CourtSheet:
    """One court's sheet as the tables have it; `answers` as `FormSheet` keeps them."""

    code: str
    court: str
    province: str
    city: str | None
    state: State
    answers: Mapping[str, Any]
    filled_by: str | None
    filled_at: datetime | None
    inspected: bool
    #: Why nobody could be written to, in a word of `channels.port.Never` or `nobody`; null otherwise.
    unreachable: str | None = None
    #: When it was last changed after it was handed in; null while it stands as it was.
    corrected_at: datetime | None = None

    @property
    def handed_in(self) -> bool:
        """Whether its answers count."""
        return self.state == "filled"


@dataclass(frozen=True, slots=True)
class Counts:
    """Courts: all, and by state; `inspected` of the filled ones were filled by an inspector (督查代填)."""

    courts: int = 0
    filled: int = 0
    partly: int = 0
    blank: int = 0
    unreached: int = 0
    inspected: int = 0

    @property
    def missing(self) -> int:
        """Courts that have not handed in, reached or not."""
        return self.courts - self.filled


@dataclass(frozen=True, slots=True)
class HeadingResult:
    """How many courts meet a heading, of those that handed in."""

    name: str
    met: int
    courts: int


@dataclass(frozen=True, slots=True)
class Summary:
    """The answers to one question. What its kind does not have is None or empty.

    `counts` are answers by option (`yes` and `no` of a yes-or-no question); the figures are a number's.
    """

    question: Question
    answered: int
    counts: Mapping[str, int]
    least: float | None = None
    middle: float | None = None
    most: float | None = None
    total: float | None = None

    def share(self, option: str) -> float | None:
        """The share (0 to 1) of an option among the answers; None without any."""
        return self.counts.get(option, 0) / self.answered if self.answered else None


def counts(sheets: Iterable[CourtSheet]) -> Counts:
    """Add up courts."""
    every = list(sheets)
    states = Counter(one.state for one in every)
    return Counts(
        courts=len(every),
        filled=states["filled"],
        partly=states["partly"],
        blank=states["blank"],
        unreached=states["unreached"],
        inspected=sum(one.handed_in and one.inspected for one in every),
    )


def by_city(sheets: Iterable[CourtSheet]) -> list[tuple[str, Counts]]:
    """The counts of each city, first where most is missing; what belongs to no city goes under its province."""
    cities: dict[str, list[CourtSheet]] = {}
    for one in sheets:
        cities.setdefault(one.city or one.province, []).append(one)
    summed = [(city, counts(some)) for city, some in cities.items()]
    return sorted(summed, key=lambda line: (-line[1].missing, -line[1].courts, line[0]))


def headings(questions: Iterable[Question]) -> dict[str, list[Question]]:
    """The yes-or-no questions of each heading that has any, in the form's order."""
    found: dict[str, list[Question]] = {}
    for one in questions:
        if one.heading and one.kind == "yes_no":
            found.setdefault(one.heading, []).append(one)
    return found


def met(questions: Sequence[Question], answers: Mapping[str, Any]) -> int:
    """How many headings a court meets (达标): every yes-or-no question under them is answered with yes."""
    return sum(
        all(answers.get(one.key) is True for one in some) for some in headings(questions).values()
    )


def heading_results(
    questions: Sequence[Question], sheets: Sequence[CourtSheet]
) -> list[HeadingResult]:
    """How many courts meet each heading."""
    filled = [one.answers for one in sheets if one.handed_in]
    return [
        HeadingResult(name, sum(met(some, answers) for answers in filled), len(filled))
        for name, some in headings(questions).items()
    ]


def summaries(questions: Sequence[Question], sheets: Sequence[CourtSheet]) -> list[Summary]:
    """What was answered to each question, by the courts that handed in."""
    filled = [one.answers for one in sheets if one.handed_in]
    return [_summary(question, filled) for question in questions]


def _summary(question: Question, filled: Sequence[Mapping[str, Any]]) -> Summary:
    values = [value for answers in filled if (value := answers.get(question.key)) is not None]
    match question.kind:
        case "yes_no":
            counted = {"yes": values.count(True), "no": values.count(False)}
            return Summary(question, len(values), counted)
        case "choice":
            said = Counter(values)
            return Summary(question, len(values), {one: said[one] for one in question.options})
        case "number" if values:
            figures = min(values), median(values), max(values), sum(values)
            return Summary(question, len(values), {}, *figures)
        case _:
            return Summary(question, len(values), {})
