"""What a ladder would have done to filings of the past: the pure rules replayed, nothing sent and nothing stored.

The one assumption: whoever answered would have taken as long after the page that reached them as they
did then, whatever else was sent to whom. So a ladder that pages them earlier is answered earlier, and one
that never pages them is never answered. Duty is as it stands today, every page arrives, and nobody presses
稍后 or 转B岗. Where filings of the past come from is in `notifications.past_filings`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from fractions import Fraction
from functools import partial

from directory import worktime
from directory.worktime import WorkCalendar
from notifications import answer_clock, escalation
from notifications.escalation import (
    Action,
    Fallback,
    FilingState,
    OnDuty,
    Page,
    PageGroup,
    Person,
    WakeAt,
)
from notifications.ladder import Ladder

#: The indicator that shares are counted by, in seconds of the ladder's clock.
INDICATOR = 1800

#: No ladder takes so many looks; more mean that it does not end.
_MOST_LOOKS = 1000


@dataclass(frozen=True, slots=True)
class PastAnswer:
    """Who answered and how long it took them.

    Attributes:
        post: the post held at the answer.
        officer_id: the person, None when it is not known.
        seconds: from the first direct page to them, or from the arrival when they had none.
        working: whether those are working seconds; wall seconds for who answered while the court was closed.
        after_page: whether they count from a page, not from the arrival.
    """

    post: str
    officer_id: int | None
    seconds: int
    working: bool = True
    after_page: bool = True


@dataclass(frozen=True, slots=True)
class Stretch:
    """One run of the result clock: `gap` working seconds after the last one ended, `seconds` long."""

    gap: int
    seconds: int


@dataclass(frozen=True, slots=True)
class PastFiling:
    """What a replay must know of a filing. `withdrawn_at` is None unless it was taken back."""

    collaborating: str
    jurisdiction: str
    received_at: datetime
    answer: PastAnswer | None
    withdrawn_at: datetime | None = None
    stretches: tuple[Stretch, ...] = ()


@dataclass(slots=True)
class Figures:
    """What came of it. `seconds` are those of each answer on the ladder's clock."""

    filings: int = 0
    withdrawn: int = 0
    unanswered: int = 0
    in_half_an_hour: int = 0
    seconds: list[int] = field(default_factory=list)
    #: Direct pages by officer, messages to groups, pages to a post, uses of the fallback.
    pages: Counter[int] = field(default_factory=Counter)
    groups: int = 0
    posts: Counter[str] = field(default_factory=Counter)
    fallbacks: int = 0

    @property
    def share(self) -> Fraction:
        """The share answered in half an hour of all that were not withdrawn before."""
        asked = len(self.seconds) + self.unanswered
        return Fraction(self.in_half_an_hour, asked or 1)

    @property
    def mean_seconds(self) -> float:
        """The mean of all answers."""
        return sum(self.seconds) / len(self.seconds) if self.seconds else 0.0

    @property
    def pages_per_officer(self) -> float:
        """The mean over everybody who was paged at all."""
        return self.pages.total() / len(self.pages) if self.pages else 0.0


def simulate(
    filings: Iterable[PastFiling],
    ladders: Mapping[tuple[str, str], Ladder],
    calendars: Mapping[str, WorkCalendar],
    duty: Mapping[str, OnDuty],
) -> Figures:
    """Replay filings under ladders.

    Args:
        filings: in any order; each stands alone.
        ladders: by (collaborating, jurisdiction) court code.
        calendars: by jurisdiction court.
        duty: whom a page can reach, by jurisdiction court.
    """
    figures = Figures()
    for filing in filings:
        pair = filing.collaborating, filing.jurisdiction
        replay = _Replay(
            filing,
            ladders[pair],
            calendars[filing.jurisdiction],
            duty[filing.jurisdiction],
            figures,
        )
        replay.run()
    return figures


@dataclass(slots=True)
class _Replay:
    """One filing under one ladder."""

    filing: PastFiling
    ladder: Ladder
    calendar: WorkCalendar
    duty: OnDuty
    figures: Figures
    taken: frozenset[str] = frozenset()
    answers_at: datetime | None = None

    def run(self) -> None:
        """From the arrival to the last result."""
        figures, filing = self.figures, self.filing
        figures.filings += 1
        if filing.answer is not None and not filing.answer.after_page:
            self.answers_at = self._later(filing.received_at, filing.answer)
        self._climb(
            FilingState("waiting", filing.received_at),
            self.duty,
            filing.received_at,
            lambda: _earlier(self.answers_at, filing.withdrawn_at),
        )
        answered = self.answers_at
        if filing.withdrawn_at is not None and _earlier(answered, filing.withdrawn_at) != answered:
            figures.withdrawn += 1
        elif answered is None:
            figures.unanswered += 1
        else:
            took = answer_clock.elapsed(self.calendar, filing.received_at, answered)
            figures.seconds.append(seconds := took.by(self.ladder.clock))
            figures.in_half_an_hour += seconds <= INDICATOR
            self._results(answered)

    def _results(self, start: datetime) -> None:
        """Every run of the result clock, as long as it was."""
        duty = replace(self.duty, acknowledger=self._acknowledger())
        for number, stretch in enumerate(self.filing.stretches):
            begins = worktime.add_working(self.calendar, start, stretch.gap)
            state = FilingState("acknowledged", self.filing.received_at, begins, supplements=number)
            start = worktime.add_working(self.calendar, begins, stretch.seconds)
            self._climb(state, duty, begins, partial(_same, start))

    def _climb(
        self,
        state: FilingState,
        duty: OnDuty,
        now: datetime,
        end: Callable[[], datetime | None],
    ) -> None:
        """Take every step that leaves before `end()`, which a step may bring about."""
        for _ in range(_MOST_LOOKS):
            seen = replace(state, steps_taken=self.taken)
            actions = escalation.decide(seen, self.ladder, duty, self.calendar, now)
            self.taken |= escalation.keys_taken(actions)
            self._count(actions, now)
            wake = next((action.at for action in actions if isinstance(action, WakeAt)), None)
            over = end()
            if wake is None or (over is not None and wake >= over):
                return
            now = wake
        message = f"the ladder does not end after {_MOST_LOOKS} looks"
        raise ValueError(message)

    def _count(self, actions: Iterable[Action], now: datetime) -> None:
        for action in actions:
            match action:
                case Page(person=person):
                    self.figures.pages[person.officer_id] += 1
                    self.figures.posts[person.post] += 1
                    self._reached(person, now)
                case PageGroup():
                    self.figures.groups += 1
                case Fallback():
                    self.figures.fallbacks += 1

    def _reached(self, person: Person, now: datetime) -> None:
        answer = self.filing.answer
        if answer is None or self.answers_at is not None:
            return
        if person.officer_id == answer.officer_id or person.post == answer.post:
            self.answers_at = self._later(now, answer)

    def _later(self, start: datetime, answer: PastAnswer) -> datetime:
        if answer.working:
            return worktime.add_working(self.calendar, start, answer.seconds)
        return start + timedelta(seconds=answer.seconds)

    def _acknowledger(self) -> Person | None:
        answer = self.filing.answer
        if answer is None:
            return None
        holders = self.duty.posts.get(answer.post, ())
        known = (person for person in holders if person.officer_id == answer.officer_id)
        return next(known, holders[0] if holders else None)


def _earlier(first: datetime | None, second: datetime | None) -> datetime | None:
    return min((instant for instant in (first, second) if instant is not None), default=None)


def _same(instant: datetime) -> datetime:
    return instant
