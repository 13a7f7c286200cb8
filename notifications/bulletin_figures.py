"""A bulletin's figures: what is counted for a court, who is ranked and how, what a correction changes. Pure.

Honest by rule: an unanswered filing counts with the time that has passed, whether or not its page was
delivered; drills and withdrawn filings are no part of it; what the desk's own standstill made late is
shown and left out of every rate; few filings are shown and not ranked; equals share a rank.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any, Literal, Protocol

#: `states`: done and pending, in time and late, as courts print it; `measures`: how long it took.
Layout = Literal["states", "measures"]
LAYOUTS: tuple[Layout, ...] = ("states", "measures")

#: The Supreme People's Court's indicator: an answer within 30 minutes.
WITHIN_SECONDS = 30 * 60

#: 按期率 to be reached, in percent, as in a printed bulletin of 2022; and fewer filings are not ranked.
TARGET_PERCENT, LEAST = 90, 5

#: A trend of more weeks is told by months.
MOST_WEEKS = 20

#: So many lines of a picture a phone shows in letters that can be read.
ON_A_PICTURE = 32

#: The form in which sheets are stored.
_FORM = 1


class Counted(Protocol):
    """What is needed of `performance.Figures`."""

    @property
    def answered_in_time(self) -> int: ...  # noqa: D102
    @property
    def answered_late(self) -> int: ...  # noqa: D102
    @property
    def waiting_in_time(self) -> int: ...  # noqa: D102
    @property
    def waiting_overdue(self) -> int: ...  # noqa: D102
    @property
    def outage_late(self) -> int: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class States:
    """The four states: answered in time (期内审核) and late (超期审核), waiting overdue (超期待审核) and not yet (期内待审核).

    `by_outage` of the late and the overdue ones are so because the desk itself stood still.
    """

    in_time: int = 0
    late: int = 0
    overdue: int = 0
    pending: int = 0
    by_outage: int = 0

    @classmethod
    def of(cls, counted: Counted) -> "States":
        """Of statistics."""
        return cls(
            counted.answered_in_time,
            counted.answered_late,
            counted.waiting_overdue,
            counted.waiting_in_time,
            counted.outage_late,
        )

    @classmethod
    def counted(cls, counts: Mapping[str, int]) -> "States":
        """Of statistics that are not figures yet (`performance.Tally.counts`)."""
        return cls(
            counts["answered_in_time"],
            counts["answered_late"],
            counts["waiting_overdue"],
            counts["waiting_in_time"],
            counts["outage_late"],
        )

    def __add__(self, other: "States") -> "States":
        return States(
            self.in_time + other.in_time,
            self.late + other.late,
            self.overdue + other.overdue,
            self.pending + other.pending,
            self.by_outage + other.by_outage,
        )

    @property
    def total(self) -> int:
        """总计: every filing, drills and withdrawn ones left out."""
        return self.in_time + self.late + self.overdue + self.pending

    @property
    def decided(self) -> int:
        """Of how many it is settled whether they were answered in time: what a rate is a share of."""
        return self.in_time + self.late + self.overdue - self.by_outage

    @property
    def rate(self) -> Fraction | None:
        """按期率; None without a settled filing."""
        return Fraction(self.in_time, self.decided) if self.decided > 0 else None

    def corrected(self, counted_as: str, counts_as: str) -> "States":
        """With one filing that was counted as `late` or `overdue` counted as in time, or `apart` as an outage's."""
        was: int = getattr(self, counted_as)
        if not was:
            return self
        if counts_as == "apart":
            return replace(self, by_outage=self.by_outage + 1)
        changed: dict[str, int] = {counted_as: was - 1, "in_time": self.in_time + 1}
        return replace(self, **changed)


@dataclass(frozen=True, slots=True)
class Took:
    """On one clock: how many of `settled` were answered within 30 minutes; mean, median, 90th percentile (seconds)."""

    within: int = 0
    settled: int = 0
    mean: float | None = None
    median: float | None = None
    p90: int | None = None

    @property
    def share(self) -> Fraction | None:
        """The share answered within 30 minutes; None while nothing is settled."""
        return Fraction(self.within, self.settled) if self.settled else None


@dataclass(frozen=True, slots=True)
class Measures:
    """How long answers took, on the wall clock and in the court's working time."""

    wall: Took = field(default_factory=Took)
    working: Took = field(default_factory=Took)
    #: How many of them are not answered yet.
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """One court, or in the nation's bulletin one province: this period, the one before, its other role, its ranks."""

    key: str
    name: str
    states: States = field(default_factory=States)
    before: States = field(default_factory=States)
    measures: Measures = field(default_factory=Measures)
    measures_before: Measures = field(default_factory=Measures)
    #: Everything from 1 January to the end of the period before (上期累计), and how much of it was corrected.
    cumulated: States = field(default_factory=States)
    corrected: int = 0
    #: Filings that it sent as collaborating court, now, in the period before, and cumulated.
    sent: int = 0
    sent_before: int = 0
    sent_cumulated: int = 0
    withdrawn: int = 0
    #: By 按期率, and by the share within 30 working minutes; None: too few to be ranked.
    rank: int | None = None
    rank_measures: int | None = None

    @property
    def silent(self) -> bool:
        """Whether it had no filing at all in this period and the one before: it is not printed."""
        return not (self.states.total or self.before.total or self.sent or self.sent_before)


@dataclass(frozen=True, slots=True)
class Period:
    """Days of the desk, both inclusive."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many."""
        return (self.last - self.first).days + 1

    @property
    def before(self) -> "Period":
        """The period it is compared with: a month with the month before, all else with as many days before."""
        end = self.first - timedelta(days=1)
        if self.is_month:
            return Period(end.replace(day=1), end)
        return Period(self.first - timedelta(days=self.days), end)

    @property
    def cumulated(self) -> "Period":
        """上期累计, which stands in brackets: from 1 January to the day before it begins; in January the year before."""
        end = self.first - timedelta(days=1)
        return Period(end.replace(month=1, day=1), end)

    def parts(self) -> "tuple[Period, ...]":
        """Its weeks (Monday to Sunday, cut off at its ends); of more than `MOST_WEEKS`, its months."""
        weekly = self.days <= 7 * MOST_WEEKS
        found, first = [], self.first
        while first <= self.last:
            if weekly:
                last = first + timedelta(days=6 - first.weekday())
            else:
                last = (first.replace(day=1) + timedelta(days=32)).replace(day=1)
                last -= timedelta(days=1)
            found.append(Period(first, min(last, self.last)))
            first = last + timedelta(days=1)
        return tuple(found)

    @property
    def is_month(self) -> bool:
        """Whether it is one whole month."""
        following = self.last + timedelta(days=1)
        month = (self.first.year, self.first.month)
        return self.first.day == following.day == 1 and month == (self.last.year, self.last.month)

    @property
    def is_week(self) -> bool:
        """Whether it is a Monday to Sunday."""
        return self.days == 7 and self.first.weekday() == 0


@dataclass(frozen=True, slots=True)
class Sheet:
    """All of a bulletin's figures, as they stood at `as_of`: both layouts are made of them."""

    province: str | None
    period: Period
    lines: tuple[Line, ...]
    total: Line
    as_of: datetime
    target_percent: int = TARGET_PERCENT
    least: int = LEAST
    #: The editions of the calendars with which working time was counted.
    calendars: tuple[str, ...] = ()
    #: How far medians and 90th percentiles of many filings may be off, as a share; 0 is exact.
    quantile_error: float = 0

    def ordered(self, layout: Layout) -> list[Line]:
        """The lines as they are printed: by rank, then those with too few filings, then those without any.

        Who share a rank stand by how many settled filings they have, the most first, then by their mean
        time: in a province where most courts reach 100 % the first on the list are otherwise those of one city.
        """
        return sorted(self.lines, key=lambda line: _place(line, layout))

    @property
    def pictures(self) -> int:
        """How many pictures it takes: one with everything is read on no phone."""
        return max(1, -(-sum(not line.silent for line in self.lines) // ON_A_PICTURE))

    def ends(self, layout: Layout, most: int) -> "tuple[tuple[Line, ...], tuple[Line, ...]]":
        """The best and the last ranked lines, so many of each; of few nobody is both."""
        ranks = [
            one
            for one in self.ordered(layout)
            if (one.rank if layout == "states" else one.rank_measures) is not None
        ]
        return tuple(ranks[:most]), tuple(ranks[most:][-most:])

    def line(self, key: str) -> Line | None:
        """The line of a court or province."""
        return next((line for line in self.lines if line.key == key), None)

    def as_json(self) -> dict[str, Any]:
        """As it is stored, for good."""
        return {
            "form": _FORM,
            "province": self.province,
            "first": self.period.first.isoformat(),
            "last": self.period.last.isoformat(),
            "as_of": self.as_of.isoformat(),
            "target_percent": self.target_percent,
            "least": self.least,
            "calendars": list(self.calendars),
            "quantile_error": self.quantile_error,
            "lines": [asdict(line) for line in self.lines],
            "total": asdict(self.total),
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Sheet":
        """What `as_json` wrote."""
        return cls(
            stored["province"],
            Period(date.fromisoformat(stored["first"]), date.fromisoformat(stored["last"])),
            tuple(_line(one) for one in stored["lines"]),
            _line(stored["total"]),
            datetime.fromisoformat(stored["as_of"]),
            stored["target_percent"],
            stored["least"],
            tuple(stored["calendars"]),
            stored.get("quantile_error", 0),
        )


def ranked(lines: Iterable[Line], least: int) -> tuple[Line, ...]:
    """The lines with both ranks; of fewer than `least` settled filings (at least one) nothing is ranked."""
    every = list(lines)
    by_rate = _ranks([(one.key, one.states.rate, one.states.decided) for one in every], least)
    by_share = _ranks(
        [
            (one.key, one.measures.working.share, one.measures.working.settled)
            for one in every
        ],
        least,
    )  # fmt: skip
    return tuple(
        replace(one, rank=by_rate.get(one.key), rank_measures=by_share.get(one.key))
        for one in every
    )


def _ranks(shares: Sequence[tuple[str, Fraction | None, int]], least: int) -> dict[str, int]:
    enough = [(key, share) for key, share, of in shares if share is not None and of >= least]
    better = sorted((share for _key, share in enough), reverse=True)
    first: dict[Fraction, int] = {}
    for place, share in enumerate(better, 1):
        first.setdefault(share, place)
    return {key: first[share] for key, share in enough}


def _place(line: Line, layout: Layout) -> tuple[int, int, int, float, str]:
    working = line.measures.working
    rank, settled = line.rank, line.states.decided
    if layout == "measures":
        rank, settled = line.rank_measures, working.settled
    if rank is None:
        return (1 if line.states.total else 2), 0, 0, 0, line.key
    return 0, rank, -settled, working.mean or 0, line.key


def _line(stored: Mapping[str, Any]) -> Line:
    parts = dict(stored)
    for name in ("states", "before", "cumulated"):
        parts[name] = States(**parts[name])
    for name in ("measures", "measures_before"):
        clocks = {clock: Took(**parts[name][clock]) for clock in ("wall", "working")}
        parts[name] = Measures(waiting=parts[name]["waiting"], **clocks)
    return Line(**parts)
