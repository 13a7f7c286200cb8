"""What one filing contributes to statistics, and how contributions add up to figures. Reads no table, knows no clock.

`filings` and all else leave out what was withdrawn, which is counted apart as `withdrawn`. Waiting filings
stand in time or overdue by the moment they are due at; nothing else depends on when one asks.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from struct import Struct
from typing import Any

from notifications.distributions import BIN_ERROR, LARGEST, Distribution

#: What is measured, in the order in which it is stored: two clocks each for the answer and the result.
MEASURES = ("answer_wall", "answer_working", "result_wall", "result_working")

_COUNTS = (
    "withdrawn",
    "within_province",
    "cross_province",
    "completed",
    "answered_in_time",
    "answered_late",
    "outage_late",
    "waiting_in_time",
    "waiting_overdue",
)

#: Counts and sums are lanes (64 bits each) of one whole number: tallies are added by one addition.
_LANE = 64
_SUMMARY = Struct(f"<{len(_COUNTS) + 2 * len(MEASURES)}q")
_UNIT = {name: 1 << (_LANE * place) for place, name in enumerate(_COUNTS)}
_ONE_VALUE = tuple(1 << (_LANE * (len(_COUNTS) + place)) for place in range(len(MEASURES)))
_ONE_SECOND = tuple(one << (_LANE * len(MEASURES)) for one in _ONE_VALUE)

_STORED = Struct(f"<H{len(MEASURES)}I")
_NO_VALUE = LARGEST + 1


@dataclass(frozen=True, slots=True)
class Standing:
    """What of a filing its figures depend on. Seconds are whole; None is: not yet, or no longer."""

    state: str
    within_province: bool
    answer_due_at: datetime
    answered_in_time: bool | None
    #: An outage of the desk took from the time it had to be answered in.
    by_outage: bool
    #: By `MEASURES`.
    seconds: tuple[int | None, int | None, int | None, int | None]


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one filing adds: which counts grow by one, and its seconds by `MEASURES`."""

    counts: frozenset[str]
    seconds: tuple[int | None, ...]

    def to_bytes(self) -> bytes:
        """As it is stored."""
        marks = sum(1 << place for place, name in enumerate(_COUNTS) if name in self.counts)
        return _STORED.pack(marks, *(_NO_VALUE if s is None else s for s in self.seconds))

    @classmethod
    def from_bytes(cls, content: bytes) -> "Contribution":
        """What `to_bytes` wrote."""
        marks, *seconds = _STORED.unpack(content)
        return cls(_marked(marks), tuple(None if s == _NO_VALUE else s for s in seconds))


@cache
def _marked(marks: int) -> frozenset[str]:
    return frozenset(name for place, name in enumerate(_COUNTS) if marks >> place & 1)


def is_settled(state: str) -> bool:
    """Whether what a filing in this state contributes no longer depends on the moment of asking."""
    return state != "waiting"


def contribution(standing: Standing, now: datetime) -> Contribution:
    """What a filing contributes when one asks at `now`."""
    if standing.state == "withdrawn":
        return _WITHDRAWN
    counts = {"within_province" if standing.within_province else "cross_province"}
    if standing.state == "waiting":
        overdue = now > standing.answer_due_at
        counts.add("waiting_overdue" if overdue else "waiting_in_time")
        late = overdue
    else:
        late = standing.answered_in_time is False
        counts.add("answered_late" if late else "answered_in_time")
    if standing.state == "completed":
        counts.add("completed")
    if late and standing.by_outage:
        counts.add("outage_late")
    seconds = tuple(None if s is None else max(0, min(s, LARGEST)) for s in standing.seconds)
    return Contribution(frozenset(counts), seconds)


_WITHDRAWN = Contribution(frozenset({"withdrawn"}), (None,) * len(MEASURES))


@cache
def _units(counts: frozenset[str]) -> int:
    return sum(_UNIT[name] for name in counts)


class Tally:
    """Contributions added up. Parts that were added up before are added whole."""

    __slots__ = ("_lanes", "distributions")

    def __init__(self) -> None:
        self._lanes = 0
        #: By `MEASURES`.
        self.distributions = tuple(Distribution() for _ in MEASURES)

    def add(self, one: Contribution) -> None:
        """One filing more."""
        self._lanes += _units(one.counts)
        for place, seconds in enumerate(one.seconds):
            if seconds is not None:
                self._lanes += _ONE_VALUE[place] + seconds * _ONE_SECOND[place]
                self.distributions[place].add(seconds)

    def remove(self, one: Contribution) -> None:
        """One filing less; it was added before, by itself or in a part."""
        self._lanes -= _units(one.counts)
        for place, seconds in enumerate(one.seconds):
            if seconds is not None:
                self._lanes -= _ONE_VALUE[place] + seconds * _ONE_SECOND[place]
                self.distributions[place].remove(seconds)

    def add_part(self, summary: bytes, exact: bytes | None, bins: bytes | None) -> None:
        """A part as `content` wrote it; `exact` is preferred, one of the two is needed."""
        self._lanes += int.from_bytes(summary, "little")
        numbers = _SUMMARY.unpack(summary)
        content = exact if exact is not None else bins or b""
        start = 0
        for place, distribution in enumerate(self.distributions):
            if exact is not None:
                end = start + 4 * numbers[len(_COUNTS) + place]
                distribution.add_exact(content[start:end])
            else:
                end = start + 2 + int.from_bytes(content[start : start + 2], "little")
                distribution.add_bins(content[start + 2 : end])
            start = end

    def summary(self) -> bytes:
        """Counts and sums as bytes."""
        return self._lanes.to_bytes(_SUMMARY.size, "little")

    def exact(self) -> bytes | None:
        """Every value as bytes; None when not every value is known."""
        if not all(one.is_exact for one in self.distributions):
            return None
        return b"".join(one.exact_content() for one in self.distributions)

    def bins(self) -> bytes:
        """How many values lie in each bin as bytes."""
        contents = [one.bins_content() for one in self.distributions]
        return b"".join(len(one).to_bytes(2, "little") + one for one in contents)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is left in it."""
        return self._lanes == 0

    @property
    def filings(self) -> int:
        """How many filings, the withdrawn ones left out."""
        counts = self._numbers()
        return counts[_WITHIN] + counts[_CROSS]

    def _numbers(self) -> tuple[int, ...]:
        return _SUMMARY.unpack(self._lanes.to_bytes(_SUMMARY.size, "little"))

    def figures(self) -> "Figures":
        """What is told of it."""
        numbers = self._numbers()
        counts = dict(zip(_COUNTS, numbers, strict=False))
        told: dict[str, Any] = {}
        for place, measure in enumerate(MEASURES):
            count, total = numbers[len(_COUNTS) + place], numbers[-len(MEASURES) + place]
            quantiles = self.distributions[place].quantiles()
            told[f"mean_{measure}_seconds"] = total / count if count else None
            told[f"median_{measure}_seconds"] = quantiles.median if quantiles else None
            told[f"p90_{measure}_seconds"] = quantiles.p90 if quantiles else None
        return Figures(
            filings=counts["within_province"] + counts["cross_province"],
            acknowledged=counts["answered_in_time"] + counts["answered_late"],
            quantile_error=0 if all(d.is_exact for d in self.distributions) else BIN_ERROR,
            **counts,
            **told,
        )


_WITHIN, _CROSS = _COUNTS.index("within_province"), _COUNTS.index("cross_province")


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """The figures of some filings. Seconds; None where no filing has a value.

    Attributes:
        filings: all but the withdrawn: the acknowledged and the waiting ones.
        withdrawn: taken back; in no other figure.
        acknowledged: answered, the completed ones included; in time or late by each filing's own clock.
        outage_late: of those answered late or overdue, how many because the desk itself stood still.
        quantile_error: how far medians and 90th percentiles may be off, as a share; 0 is exact.
    """

    filings: int
    within_province: int
    cross_province: int
    withdrawn: int
    acknowledged: int
    completed: int
    answered_in_time: int
    answered_late: int
    waiting_in_time: int
    waiting_overdue: int
    outage_late: int
    mean_answer_wall_seconds: float | None
    median_answer_wall_seconds: float | None
    p90_answer_wall_seconds: float | None
    mean_answer_working_seconds: float | None
    median_answer_working_seconds: float | None
    p90_answer_working_seconds: float | None
    mean_result_wall_seconds: float | None
    median_result_wall_seconds: float | None
    p90_result_wall_seconds: float | None
    mean_result_working_seconds: float | None
    median_result_working_seconds: float | None
    p90_result_working_seconds: float | None
    quantile_error: float

    @property
    def in_time_share(self) -> float | None:
        """按期率: answered in time, of all that were answered or are overdue; None without any."""
        due = self.answered_in_time + self.answered_late + self.waiting_overdue
        return self.answered_in_time / due if due else None


def recount(contributions: Iterable[Contribution]) -> Figures:
    """The figures of these filings, plainly counted."""
    return tally(contributions).figures()


def tally(contributions: Iterable[Contribution]) -> Tally:
    """The contributions added up, one after the other."""
    whole = Tally()
    for one in contributions:
        whole.add(one)
    return whole
