"""What one filing contributes to statistics, and how contributions add up to figures. Reads no table, knows no clock.

`filings` and all else leave out what was withdrawn, which is counted apart as `withdrawn`. Waiting filings
stand in time or overdue by the moment they are due at; nothing else depends on when one asks.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from struct import Struct
from typing import Any

from notifications.distributions import BIN_ERROR, LARGEST, Distributions, tagged

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

_WITHIN, _CROSS = _COUNTS.index("within_province"), _COUNTS.index("cross_province")

#: Counts and sums are lanes (64 bits each) of one whole number: tallies are added by one addition.
_LANE = 64
_FULL = (1 << _LANE) - 1
#: How many lanes hold counts; those behind them hold sums.
COUNTED = len(_COUNTS) + len(MEASURES)
#: How many lanes there are.
LANES = COUNTED + len(MEASURES)
_SUMMARY = Struct(f"<{LANES}Q")
_ONE_VALUE = tuple(1 << (_LANE * (len(_COUNTS) + place)) for place in range(len(MEASURES)))
_SECONDS_FROM = tuple(
    _LANE * (len(_COUNTS) + len(MEASURES) + place) for place in range(len(MEASURES))
)

#: Groups of up to so many filings are told exactly; of more, quantiles come from bins.
EXACT_UP_TO = 1000

_STORED = Struct(f"<H{len(MEASURES)}I")
_NO_VALUE = LARGEST + 1


@dataclass(frozen=True, slots=True)
class Standing:
    """What of a filing its figures depend on. Seconds are whole; None is: not yet, or no longer."""

    state: str
    within_province: bool
    answer_due_at: datetime
    #: True of a waiting one: it was decided that it counts as answered in time.
    #: True of a waiting one: it was decided that it counts as answered in time.
    answered_in_time: bool | None
    #: An outage of the desk took from the time it had to be answered in.
    by_outage: bool
    #: By `MEASURES`.
    seconds: tuple[int | None, int | None, int | None, int | None]


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one filing adds: which counts grow by one (a bit each), and its seconds by `MEASURES`."""

    marks: int
    seconds: tuple[int | None, ...]
    #: All of it in the lanes of a tally.
    lanes: int = field(init=False, compare=False, repr=False)
    #: Its seconds as distributions take them.
    values: tuple[int, ...] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Shift once what is added to many tallies."""
        lanes = _units(self.marks)
        for place, seconds in enumerate(self.seconds):
            if seconds is not None:
                lanes += _ONE_VALUE[place] + (seconds << _SECONDS_FROM[place])
        object.__setattr__(self, "lanes", lanes)
        object.__setattr__(self, "values", tagged(self.seconds))

    def to_bytes(self) -> bytes:
        """As it is stored."""
        return _STORED.pack(self.marks, *(_NO_VALUE if s is None else s for s in self.seconds))

    @classmethod
    def from_bytes(cls, content: bytes) -> "Contribution":
        """What `to_bytes` wrote."""
        marks, *seconds = _STORED.unpack(content)
        return cls(marks, tuple(None if s == _NO_VALUE else s for s in seconds))


def filings_in(lanes: int) -> int:
    """How many filings these lanes hold, the withdrawn ones left out."""
    return (lanes >> _LANE * _WITHIN & _FULL) + (lanes >> _LANE * _CROSS & _FULL)


def numbers_in(lanes: int) -> tuple[int, ...]:
    """Every lane: counts, how many values each measure has, then their sums."""
    return _SUMMARY.unpack(lanes.to_bytes(_SUMMARY.size, "little"))


@cache
def _units(marks: int) -> int:
    return sum(1 << (_LANE * place) for place in range(len(_COUNTS)) if marks >> place & 1)


@cache
def _marks(*counts: str) -> int:
    return sum(1 << _COUNTS.index(name) for name in counts)


def is_settled(state: str) -> bool:
    """Whether what a filing in this state contributes no longer depends on the moment of asking."""
    return state != "waiting"


def contribution(standing: Standing, now: datetime) -> Contribution:
    """What a filing contributes when one asks at `now`."""
    if standing.state == "withdrawn":
        return _WITHDRAWN
    counts = ["within_province" if standing.within_province else "cross_province"]
    if standing.state == "waiting" and not standing.answered_in_time:
        late = now > standing.answer_due_at
        counts.append("waiting_overdue" if late else "waiting_in_time")
    else:
        late = standing.answered_in_time is False
        counts.append("answered_late" if late else "answered_in_time")
    if standing.state == "completed":
        counts.append("completed")
    if late and standing.by_outage:
        counts.append("outage_late")
    return Contribution(_marks(*counts), standing.seconds)


_WITHDRAWN = Contribution(_marks("withdrawn"), (None,) * len(MEASURES))


class Tally:
    """Contributions added up. Parts that were added up before are added whole."""

    __slots__ = ("distributions", "lanes")

    def __init__(self) -> None:
        #: Counts and sums.
        self.lanes = 0
        self.distributions = Distributions()

    def add(self, one: Contribution) -> None:
        """One filing more."""
        self.lanes += one.lanes
        self.distributions.add(one.values)

    def remove(self, one: Contribution) -> None:
        """One filing less; it was added before, by itself or in a part."""
        self.lanes -= one.lanes
        self.distributions.remove(one.values)

    def add_part(self, lanes: int, exact: Sequence[bytes] | None, bins: bytes | None) -> None:
        """What another tally held: its lanes, its values (in any number of pieces), its bins; one of the last two is enough."""
        self.lanes += lanes
        self.distributions.add_part(exact, bins)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is left in it."""
        return self.lanes == 0

    @property
    def filings(self) -> int:
        """How many filings, the withdrawn ones left out."""
        return filings_in(self.lanes)

    @property
    def _is_exact(self) -> bool:
        return self.distributions.is_exact and self.filings <= EXACT_UP_TO

    def answered_up_to(self) -> dict[str, tuple[int, ...]]:
        """By clock (`wall`, `working`) how many were answered within each of `distributions.MARKS`, and how many at all."""
        counts = numbers_in(self.lanes)[len(_COUNTS) : COUNTED]
        return {
            clock: self.distributions.up_to_marks(
                MEASURES.index(f"answer_{clock}"), counts, exact=self._is_exact
            )
            for clock in ("wall", "working")
        }

    def counts(self) -> dict[str, int]:
        """What of its figures are plain counts, by name: in a fraction of the time that all take."""
        return dict(zip(_COUNTS, numbers_in(self.lanes), strict=False))

    def figures(self) -> "Figures":
        """What is told of it."""
        numbers, counts = numbers_in(self.lanes), self.counts()
        exact = self._is_exact
        of_each = numbers[len(_COUNTS) : COUNTED]
        told: dict[str, Any] = {}
        found = self.distributions.quantiles(of_each, exact=exact)
        for place, (measure, quantiles) in enumerate(zip(MEASURES, found, strict=True)):
            count, total = of_each[place], numbers[COUNTED + place]
            told[f"mean_{measure}_seconds"] = total / count if count else None
            told[f"median_{measure}_seconds"] = quantiles.median if quantiles else None
            told[f"p90_{measure}_seconds"] = quantiles.p90 if quantiles else None
        return Figures(
            filings=counts["within_province"] + counts["cross_province"],
            acknowledged=counts["answered_in_time"] + counts["answered_late"],
            quantile_error=0 if exact else BIN_ERROR,
            **counts,
            **told,
        )


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


def recount(contributions: Iterable[Contribution]) -> Figures:
    """The figures of these filings, plainly counted."""
    return tally(contributions).figures()


def tally(contributions: Iterable[Contribution]) -> Tally:
    """The contributions added up, one after the other."""
    whole = Tally()
    for one in contributions:
        whole.add(one)
    return whole
