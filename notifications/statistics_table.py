"""Statistics as a table to be read: rows with rates and ranks, their order, the times of answers, steps of time. Pure.

Rates are a bulletin's: what the desk's own standstill made late is left out of them, few filings are shown
and not ranked, equals share a rank.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Protocol

from notifications.bulletin_figures import Line, Period, States, ranked
from notifications.distributions import MARKS
from notifications.performance import Figures
from notifications.trend_chart import Step

#: So many days are shown one by one, more by the week or month.
_MOST_DAYS = 35
_WEEK = 7

#: Columns of which few filings say little: whoever has few comes last, whichever way they are sorted.
_JUDGED = frozenset({"rate", "mean", "median", "p90"})
COLUMNS = ("name", "filings", "rate", "mean", "median", "p90", "late", "overdue")

#: Within this mark (30 minutes) an answer is to come.
_INDICATOR = 2


class Grouped(Protocol):
    """What is needed of `statistics.Group`."""

    @property
    def key(self) -> str: ...  # noqa: D102
    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def figures(self) -> Figures: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Row:
    """One group. `rank` is None where it is not ranked, `few` says that so few filings judge nobody."""

    key: str
    name: str
    figures: Figures
    states: States
    rank: int | None
    few: bool

    def seconds(self, of: str, clock: str, answer: str = "answer") -> float | None:
        """`mean`, `median` or `p90` of answers (or of the `result`) on a clock."""
        found: float | None = getattr(self.figures, f"{of}_{answer}_{clock}_seconds")
        return found

    def value(self, column: str, clock: str) -> "str | float | Fraction | None":
        """What a column is sorted by."""
        if column == "name":
            return self.key
        if column == "filings":
            return self.figures.filings
        if column in {"late", "overdue"}:
            count: int = getattr(self.states, column)
            return count
        return self.states.rate if column == "rate" else self.seconds(column, clock)


@dataclass(frozen=True, slots=True)
class Band:
    """Answers that took longer than `above` and no longer than `up_to` minutes (None: any longer)."""

    above: int
    up_to: int | None
    count: int


def rows(groups: Iterable[Grouped], least: int, *, ranks: bool) -> list[Row]:
    """A row a group, ranked by their rates if `ranks`; with fewer than `least` settled filings not."""
    found = list(groups)
    lines = [Line(one.key, one.name, States.of(one.figures)) for one in found]
    judged = ranked(lines, least) if ranks else lines
    return [
        Row(
            one.key, one.name, one.figures, line.states, line.rank,
            few=0 < line.states.decided < least,
        )
        for one, line in zip(found, judged, strict=True)
    ]  # fmt: skip


def ordered(found: Sequence[Row], column: str, clock: str, *, falling: bool) -> list[Row]:
    """The rows by a column, equals by their keys; whoever has no value comes last, after those with too few."""
    by_key = sorted(found, key=lambda row: row.key)
    having = [row for row in by_key if row.value(column, clock) is not None]
    without = [row for row in by_key if row.value(column, clock) is None]
    having.sort(key=lambda row: row.value(column, clock), reverse=falling)  # type: ignore[arg-type,return-value]
    if column in _JUDGED:
        having.sort(key=lambda row: row.few)
    return [*having, *without]


def bands(up_to: Sequence[int]) -> list[Band]:
    """The times of answers in bands; `up_to` as `Statistics.answered_up_to` tells it."""
    limits = [mark // 60 for mark in MARKS]
    below = [0, *up_to]
    counts = [more - less for less, more in pairwise(below)]
    return [
        Band(above, limit, count)
        for above, limit, count in zip([0, *limits], [*limits, None], counts, strict=True)
    ]


def within_indicator(up_to: Sequence[int], figures: Figures) -> tuple[int, int]:
    """How many were answered within 30 minutes, and of how many: the answered and the overdue ones."""
    return up_to[_INDICATOR], up_to[-1] + figures.waiting_overdue


def periods(period: Period) -> tuple[Period, ...]:
    """What the time shown is divided into: days, of more than five weeks weeks, of many weeks months."""
    if period.days > _MOST_DAYS:
        return period.parts()
    days = [period.first + timedelta(days=number) for number in range(period.days)]
    return tuple(Period(day, day) for day in days)


def sums(parts: Iterable[Period], days: Iterable[Grouped]) -> list[tuple[Period, States]]:
    """How the filings of each part stand, from groups by day; of many parts those before the first filing are left out."""
    every = [(date.fromisoformat(one.key), States.of(one.figures)) for one in days]
    found = [
        (part, sum((s for day, s in every if part.first <= day <= part.last), States()))
        for part in parts
    ]
    begun = next((place for place, (_part, states) in enumerate(found) if states.total), 0)
    return found[begun:] if len(found) > _MOST_DAYS else found


def steps(parts: Sequence[tuple[Period, States]]) -> list[Step]:
    """As they are drawn: in time, late (answered or not), not yet due. Parts longer than a week are named as months."""
    months = any(part.days > _WEEK for part, _states in parts)
    return [
        Step(
            f"{part.first:%Y-%m}" if months else f"{part.first:%m-%d}",
            (states.in_time, states.late + states.overdue, states.pending),
            states.rate,
        )
        for part, states in parts
    ]
