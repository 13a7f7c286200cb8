"""Who does what upon the notices, trainings, questions and bulletins of a made-up season, and when. Plain data, no database.

`season_script` says what is sent and asked; here chance, drawn for each item from dice of its own, says who
confirms, comes, passes and asks. `notifications.season_story_play` does all of it through the real use cases.
"""

from __future__ import annotations

import hashlib
import random
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from directory import worktime
from directory.worktime import WorkCalendar
from notifications import season_script
from notifications.form_rules import Question
from notifications.season import HOME, SEED
from notifications.season_inspection import Span, fillings
from notifications.season_script import Asked, Contested, Issue, Lesson, Told

#: The court whose coordinator leads the story, and what the coordinator is in it.
HIGH, COORDINATOR = "辽", "coordinator"

#: Nothing happens later: the demo opens soon after.
_ENDS = datetime(2019, 12, 20, 15, 0, tzinfo=season_script.ZONE)

#: How many technicians had not linked an account, and how many leaders had closed the chat to the desk.
UNLINKED, BLOCKED = 6, 3

#: Of a hundred: confirm by themselves; of the others after the reminder; and of those missing are signed for.
_CONFIRM, _AFTER_REMINDER, _SIGNED_FOR = 0.91, 0.6, 0.4


@dataclass(frozen=True, slots=True, order=True)
class Seat:
    """A post of a court, held by one person."""

    court: str
    post: str


#: Whose phones are new on the season's last days: not linked any more, until somebody opens their invitations.
NEW_PHONES = (Seat("辽72", "A"), Seat("辽72", "B"), Seat("辽72", "leader"), Seat("浙72", "A"))
_PHONES_CHANGED = datetime(2019, 12, 13, 15, 0, tzinfo=season_script.ZONE)


@dataclass(frozen=True, slots=True)
class StoryCourt:
    """A court whose people the story is about."""

    code: str
    province: str
    city: str


@dataclass(frozen=True, slots=True)
class Act:
    """Somebody does something at an instant (UTC).

    `item` is the key of the notice, session, question or bulletin; `value` what the deed needs beside it.
    """

    at: datetime
    deed: str
    item: str
    seat: Seat
    value: Any = None


@dataclass(frozen=True, slots=True)
class Story:
    """Everything in the order in which it happens, and who could not be reached from the start."""

    acts: tuple[Act, ...]
    unlinked: frozenset[Seat]
    blocked: frozenset[Seat]
    #: How many people each notice, session and form is addressed to.
    people: Mapping[str, int]

    @property
    def digest(self) -> str:
        """A fingerprint of everything in it: the same seed gives the same one on every machine."""
        unreached = sorted(self.unlinked), sorted(self.blocked)
        everything = self.acts, unreached, sorted(self.people.items())
        return hashlib.sha256(repr(everything).encode()).hexdigest()

    def of(self, items: Collection[str]) -> Story:
        """The part that is about these items; a repeated session needs those before it, a report its bulletin."""
        kept = tuple(act for act in self.acts if act.item in items)
        people = {item: count for item, count in self.people.items() if item in items}
        return Story(kept, self.unlinked, self.blocked, people)

    def counted(self) -> dict[str, Counter[str]]:
        """How often each deed is done, by item."""
        counts: dict[str, Counter[str]] = {}
        for act in self.acts:
            counts.setdefault(act.item, Counter())[act.deed] += 1
        return counts


def make(
    courts: Sequence[StoryCourt],
    calendar: WorkCalendar,
    form: Sequence[Question],
    seed: int = SEED,
) -> Story:
    """Make the story up.

    Args:
        courts: those of the directory; of the home province everybody takes part.
        calendar: the days and hours in which people do things.
        form: the questions of the inspection.
        seed: the same seed and courts give the same story.
    """
    return _Making(courts, calendar, form, seed).story()


class _Making:
    """One pass over the script."""

    def __init__(
        self,
        courts: Sequence[StoryCourt],
        calendar: WorkCalendar,
        form: Sequence[Question],
        seed: int,
    ) -> None:
        self._calendar = calendar
        self._form = form
        self._seed = seed
        self._home = sorted((c for c in courts if c.province == HOME), key=lambda c: c.code)
        self._cities = {court.code: court.city for court in self._home}
        self._lead = Seat(HIGH, COORDINATOR)
        dice = self._dice("reach")
        apart = {HIGH, *(seat.court for seat in NEW_PHONES)}
        technicians, leaders = (
            [seat for seat in self._seats((post,)) if seat.court not in apart]
            for post in ("technician", "leader")
        )
        self._unlinked = frozenset(dice.sample(technicians, UNLINKED))
        self._blocked = frozenset(dice.sample(leaders, BLOCKED))
        #: Who came to a session so far, and when first.
        self._trained: dict[Seat, datetime] = {}
        self._people: dict[str, int] = {}

    def story(self) -> Story:
        """The whole of it."""
        changed = _utc(_PHONES_CHANGED)
        acts = [Act(changed, "unlink", "phones", seat) for seat in NEW_PHONES]
        for post in season_script.ANSWERERS:
            first = _utc(season_script.NOTICES[0].at)
            acts.append(Act(first, "appoint", "answerers", self._lead, Seat(HIGH, post)))
        makers: Sequence[tuple[Sequence[Any], Callable[[Any], Iterable[Act]]]] = (
            (season_script.NOTICES, self._notice),
            (season_script.LESSONS, self._lesson),
            (season_script.QUESTIONS, self._question),
            (season_script.ISSUES, self._issue),
            (season_script.CONTESTS, self._contest),
        )
        for items, maker in makers:
            for item in items:
                acts += maker(item)
        acts += self._inspection()
        # Sorting keeps the order of what happens at one instant.
        kept = sorted((act for act in acts if act.at < _utc(_ENDS)), key=lambda act: act.at)
        return Story(tuple(kept), self._unlinked, self._blocked, self._people)

    def _dice(self, key: str) -> random.Random:
        """Dice of one item: what happens to it does not hang on the others."""
        return random.Random(f"{self._seed}:{key}")  # noqa: S311 -- a story, no secret

    def _seats(self, posts: Sequence[str], cities: Sequence[str] = ()) -> list[Seat]:
        chosen = [code for code, city in self._cities.items() if not cities or city in cities]
        return [seat for code in chosen for seat in self._seats_of(code, posts)]

    def _seats_of(self, court: str, posts: Sequence[str]) -> list[Seat]:
        return [Seat(court, post) for post in posts]

    def _reachable(self, seat: Seat, at: datetime) -> bool:
        gone = seat in NEW_PHONES and at >= _utc(_PHONES_CHANGED)
        return not gone and seat not in self._unlinked | self._blocked

    def _later(self, start: datetime, dice: random.Random, median: float) -> datetime:
        """So many working seconds after `start`, mostly; some at once, some the next day."""
        seconds = max(60, int(dice.lognormvariate(0, 1.0) * median))
        return worktime.add_working(self._calendar, start, seconds)

    # Notices

    def _notice(self, told: Told) -> list[Act]:
        dice, at = self._dice(told.key), _utc(told.at)
        acts = [Act(at, "notice", told.key, self._lead, told)]
        if told.edited is not None:
            after, text = told.edited
            acts.append(Act(at + after, "edit", told.key, self._lead, text))
        over = None
        if told.recalled is not None:
            over = at + told.recalled
            acts.append(Act(over, "recall", told.key, self._lead))
        seats = self._seats(told.posts, told.cities)
        self._people[told.key] = len(seats)
        for seat in seats:
            acts += self._reading(told, seat, at, dice)
        return [act for act in acts if over is None or act.at <= over]

    def _reading(self, told: Told, seat: Seat, at: datetime, dice: random.Random) -> list[Act]:
        """One person's 已阅: by themselves, after the reminder, by their leader, or never."""
        by = at + told.confirm_after
        reached = self._reachable(seat, at)
        if reached and dice.random() < _CONFIRM:
            return [Act(self._later(at, dice, 4200), "confirm", told.key, seat)]
        if reached and dice.random() < _AFTER_REMINDER:
            return [Act(self._later(by, dice, 2400), "confirm", told.key, seat)]
        leader = Seat(seat.court, "leader")
        signs = dice.random() < _SIGNED_FOR
        if signs and leader != seat and self._reachable(leader, by):
            return [Act(self._later(by, dice, 6000), "sign_for", told.key, leader, seat)]
        return []

    # Trainings

    def _lesson(self, lesson: Lesson) -> list[Act]:
        dice, at, starts = (
            self._dice(lesson.key),
            *map(_utc, (lesson.announced, lesson.starts)),
        )
        ends = starts + timedelta(minutes=lesson.minutes)
        acts = [
            Act(at, "announce", lesson.key, self._lead, lesson),
            Act(starts - timedelta(minutes=20), "code", lesson.key, self._lead),
        ]
        if lesson.quiz:
            acts.append(Act(starts - timedelta(hours=2), "quiz", lesson.key, self._lead))
        seats = self._seats(lesson.posts)
        if lesson.untrained_since is not None:
            seats = [seat for seat in seats if seat not in self._trained]
        self._people[lesson.key] = len(seats)
        for seat in seats:
            if self._reachable(seat, at):
                acts += self._pupil(lesson, seat, (at, starts, ends), dice)
        for act in acts:
            if act.deed == "attend":
                self._trained.setdefault(act.seat, act.at)
        return acts

    def _pupil(
        self,
        lesson: Lesson,
        seat: Seat,
        times: tuple[datetime, datetime, datetime],
        dice: random.Random,
    ) -> list[Act]:
        """One person's sign-up, attendance and quiz."""
        at, starts, ends = times
        (said,) = dice.choices(["coming", "declined", None], [84, 6, 10])
        acts: list[Act] = []
        if said is not None:
            answered = min(self._later(at, dice, 3600), starts - timedelta(minutes=30))
            acts.append(Act(answered, "sign_up", lesson.key, seat, said))
        chance = {"coming": 0.94, "declined": 0.0, None: 0.15}[said]
        if dice.random() >= chance:
            return acts
        there = starts + timedelta(seconds=dice.randrange(-600, 900))
        if dice.random() < 0.04:
            acts.append(Act(there - timedelta(seconds=25), "wrong_code", lesson.key, seat))
        acts.append(Act(there, "attend", lesson.key, seat))
        if lesson.quiz and dice.random() < 0.93:
            acts += self._tries(lesson, seat, ends, dice)
        return acts

    def _tries(self, lesson: Lesson, seat: Seat, ends: datetime, dice: random.Random) -> list[Act]:
        """A try at the quiz, and mostly another after one that was not passed."""
        acts: list[Act] = []
        at = ends + timedelta(seconds=dice.randrange(60, 3600))
        for _number in range(2):
            answers = tuple(
                right if dice.random() < 0.9 else (right + 1) % len(choices)
                for _text, choices, right in season_script.QUIZ
            )
            acts.append(Act(at, "try", lesson.key, seat, answers))
            wrong = sum(a != q[2] for a, q in zip(answers, season_script.QUIZ, strict=True))
            if wrong * 5 <= len(answers) or dice.random() < 0.15:
                break
            at += timedelta(seconds=dice.randrange(900, 5400))
        return acts

    # Questions

    def _question(self, asked: Asked) -> list[Act]:
        dice, at = self._dice(asked.key), _utc(asked.at)
        seats = [
            s for s in self._seats((asked.post,)) if s.court != HIGH and self._reachable(s, at)
        ]
        asker = dice.choice(seats)
        acts = [Act(at, "ask", asked.key, asker, asked.text)]
        if asked.answer is None:
            return acts
        by = (
            self._lead if asked.by_coordinator else Seat(HIGH, dice.choice(season_script.ANSWERERS))
        )
        answered = worktime.add_working(self._calendar, at, asked.after * 60)
        acts.append(Act(answered, "answer", asked.key, by, asked.answer))
        if asked.published:
            acts.append(Act(self._later(answered, dice, 1200), "publish", asked.key, self._lead))
        elif dice.random() < 0.7:
            acts.append(Act(self._later(answered, dice, 900), "solve", asked.key, asker))
        return acts

    # The form of the inspection

    def _inspection(self) -> list[Act]:
        sheet, key = season_script.INSPECTION, season_script.INSPECTION.key
        span = Span(_utc(sheet.at), _utc(sheet.due), _utc(sheet.closed))
        dice = self._dice(key)
        trained = Counter(s.court for s, at in self._trained.items() if at < span.sent)
        filled = fillings([*self._cities], self._form, trained, span, self._calendar, dice)
        acts = [
            Act(span.sent, "form", key, self._lead, sheet),
            Act(span.closed, "close", key, self._lead),
        ]
        self._people[key] = len(filled) * len(sheet.posts)
        for one in filled:
            seats = [
                s for s in self._seats_of(one.court, sheet.posts) if self._reachable(s, one.at)
            ]
            filler = self._lead if one.inspected else dice.choice(seats)
            acts.append(Act(one.at, "fill", key, filler, (one.court, one.answers)))
            if one.corrected is not None:
                at, question, value = one.corrected
                acts.append(Act(at, "correct", key, filler, (one.court, {question: value})))
            readers = [s for s in seats if s != filler and dice.random() < _CONFIRM]
            acts += [Act(self._later(span.sent, dice, 7200), "confirm", key, s) for s in readers]
        return acts

    # Bulletins

    def _issue(self, issue: Issue) -> list[Act]:
        return [Act(_utc(issue.at), "bulletin", issue.key, self._lead, issue)]

    def _contest(self, contested: Contested) -> list[Act]:
        issue = next(one for one in season_script.ISSUES if one.key == contested.issue)
        at = _utc(issue.at) + contested.after
        return [
            Act(at, "contest", issue.key, self._lead, contested.reason),
            Act(at + contested.decided_after, "decide", issue.key, self._lead, contested),
        ]


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)
