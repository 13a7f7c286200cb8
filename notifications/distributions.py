"""How many whole seconds things took by up to four measures, so that many distributions add up to one. Knows no filing and no table.

A small one holds every value and is exact. A large one holds how many values lie in each bin: one second
wide below 100 seconds, 2 % wide from there on. What stands for a bin is at most 1 % from each of its
values, so that is how far a quantile may be off; counts and sums are kept beside and are always exact.
A bin ends at each of the `MARKS`, so how many values go no further is exact as well.

All measures share one sorted list, each value with its measure above its bits, and one whole number whose
lanes (32 bits) are the bins, the measures side by side: to add is one join or one addition for all of them.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import accumulate, pairwise, repeat

#: How far a quantile taken from bins may be from the true one, as a share of it.
BIN_ERROR = 0.01

#: Below so many seconds each second has a bin of its own.
_PLAIN = 100
#: How much further each later bin begins than the one before.
_STEP = 1.02
#: Bits of a value; the measure's number is above them.
_BITS = 30
#: No value is larger (seconds): 34 years.
LARGEST = 2**_BITS - 2
#: So many measures have room in a value.
MEASURES_MOST = 4

#: Bytes of a value, and of a lane.
WIDTH = 4

#: How many took no longer than these (seconds) is known at any size: 5, 15, 30 and 60 minutes.
MARKS = (300, 900, 1800, 3600)


def _lower_bounds() -> tuple[int, ...]:
    bounds = list(range(_PLAIN + 1))
    while (last := bounds[-1]) <= LARGEST:
        ends = (mark + 1 for mark in MARKS if mark >= last)
        bounds.append(min(max(last + 1, int(last * _STEP)), *ends, LARGEST + 1))
    return tuple(bounds)


#: The smallest value of each bin, and one more bound behind the last.
LOWER = _lower_bounds()


def _stand_ins() -> tuple[int, ...]:
    """For each bin the value with the least relative distance to its farthest member."""
    pairs = pairwise(LOWER)
    return tuple(
        low if up == low + 1 else round(2 * low * (up - 1) / (low + up - 1)) for low, up in pairs
    )


#: What stands for the values of each bin.
STAND_IN = _stand_ins()

#: The bins of values below a day, looked up; of larger ones they are searched for.
_DAY = 86_400
_BIN_OF = array("H")
for _number, (_low, _up) in enumerate(pairwise(LOWER)):
    if _low >= _DAY:
        break
    _BIN_OF.extend([_number] * (min(_up, _DAY) - _low))


@dataclass(frozen=True, slots=True)
class Quantiles:
    """The median (mean of the two middle values) and the 90th percentile (nearest rank), in seconds."""

    median: float
    p90: float


def tagged(seconds: Sequence[int | None]) -> tuple[int, ...]:
    """The values of one filing by measure, each with its measure; those that are None left out."""
    return tuple(
        (place << _BITS) + value for place, value in enumerate(seconds) if value is not None
    )


class Distributions:
    """Values that come and go one by one or as whole parts; asked for their quantiles at the end."""

    __slots__ = ("_binless", "_bins", "_coarse", "_exact", "_gone", "_loose")

    def __init__(self) -> None:
        #: Values that came one by one, and those that went.
        self._loose: list[int] = []
        self._gone: list[int] = []
        #: Of parts: their values, their bins, and the values of those whose bins are not known.
        self._exact: list[bytes] = []
        self._bins: list[bytes] = []
        self._binless: list[bytes] = []
        #: Some values are known by their bins only.
        self._coarse = False

    @property
    def is_exact(self) -> bool:
        """Whether every value is known."""
        return not self._coarse

    def add(self, values: Sequence[int]) -> None:
        """More values, as `tagged` made them."""
        self._loose += values

    def remove(self, values: Sequence[int]) -> None:
        """Values less; they were added before, by themselves or in a part."""
        self._gone += values

    def add_part(self, exact: Sequence[bytes] | None, bins: bytes | None) -> None:
        """A part as `exact_content` (in any number of pieces) and `bins_content` wrote it; one of the two is enough."""
        # Nothing is added up yet: most of what is read together is asked for once.
        if exact is None:
            self._coarse = True
        else:
            self._exact += exact
        if bins is not None:
            self._bins.append(bins)
        elif exact is not None:
            self._binless += exact

    def values(self) -> Sequence[int]:
        """Every value with its measure, sorted.

        Raises:
            ValueError: not every value is known, or one went that never came.
        """
        if self._coarse:
            message = "known by bins only"
            raise ValueError(message)
        values = array("I", b"".join(self._exact))
        if len(self._exact) <= 1 and not self._loose and not self._gone:
            return values
        several = sorted([*values, *self._loose])
        for value in self._gone:
            place = bisect_left(several, value)
            if place == len(several) or several[place] != value:
                message = f"{value & LARGEST} was never added"
                raise ValueError(message)
            del several[place]
        return several

    def exact_content(self) -> bytes:
        """Every value as bytes; raises as `values` does."""
        if len(self._exact) == 1 and not self._coarse and not self._loose and not self._gone:
            return self._exact[0]
        return array("I", self.values()).tobytes()

    def bins_content(self) -> bytes:
        """How many values lie in each bin, as bytes; empty bins at the end are left out."""
        bins = self._in_bins()
        return bins.to_bytes((bins.bit_length() + 7) // 8, "little")

    def quantiles(self, counts: Sequence[int], *, exact: bool) -> list[Quantiles | None]:
        """By measure, of which so many values are there: from the values or from the bins; None without a value."""
        if not exact:
            coarse = _Coarse.of(self._bins, self._single(), self._gone)
            return [coarse.quantiles(place, count) for place, count in enumerate(counts)]
        values, start, found = self.values(), 0, []
        for place, count in enumerate(counts):
            found.append(_of_values(values, start, count, place << _BITS))
            start += count
        return found

    def up_to_marks(self, place: int, counts: Sequence[int], *, exact: bool) -> tuple[int, ...]:
        """How many values of a measure are no larger than each of the `MARKS`, and how many there are."""
        if not exact:
            coarse = _Coarse.of(self._bins, self._single(), self._gone)
            return (*(coarse.below(place, bin_) for bin_ in _LAST_BINS), counts[place])
        values, start = self.values(), sum(counts[:place])
        end, above = start + counts[place], place << _BITS
        upper = (bisect_right(values, above + mark, start, end) for mark in MARKS)
        return (*(bound - start for bound in upper), counts[place])

    def _single(self) -> list[int]:
        """The values that no bins hold."""
        return [*array("I", b"".join(self._binless)), *self._loose]

    def _in_bins(self) -> int:
        bins = sum(int.from_bytes(part, "little") for part in self._bins)
        return bins + lanes(self._single()) - lanes(self._gone)


@dataclass(frozen=True, slots=True)
class _Coarse:
    """Values known by their bins, single ones beside them, and those that went: counted up to a bin, never put into it."""

    #: By measure: how many values the bins hold up to each.
    bins: tuple[list[int], ...]
    single: list[int]
    gone: list[int]

    @classmethod
    def of(cls, bins: Sequence[bytes], single: Sequence[int], gone: Sequence[int]) -> "_Coarse":
        whole = sum(int.from_bytes(part, "little") for part in bins)
        size = WIDTH * (whole.bit_length() // (8 * WIDTH) + MEASURES_MOST)
        counts = array("I", whole.to_bytes(size, "little"))
        by_measure = (counts[place::MEASURES_MOST] for place in range(MEASURES_MOST))
        return cls(tuple(list(accumulate(one)) for one in by_measure), sorted(single), sorted(gone))

    def below(self, place: int, bin_: int) -> int:
        """How many values of a measure lie in a bin or below it."""
        in_bins, above = self.bins[place], place << _BITS
        most = above + LOWER[bin_ + 1] - 1
        return (
            in_bins[min(bin_, len(in_bins) - 1)]
            + bisect_right(self.single, most)
            - bisect_left(self.single, above)
            - bisect_right(self.gone, most)
            + bisect_left(self.gone, above)
        )

    def quantiles(self, place: int, count: int) -> Quantiles | None:
        """Of a measure with so many values."""
        if not count:
            return None
        low, high, p90 = (
            STAND_IN[bisect_right(_EVERY_BIN, rank, key=partial(self.below, place))]
            for rank in ranks(count)
        )
        return Quantiles((low + high) / 2, p90)


_EVERY_BIN = range(len(STAND_IN))

#: The bins that the marks end.
_LAST_BINS = tuple(bisect_right(LOWER, mark) - 1 for mark in MARKS)


def lanes(values: Sequence[int]) -> int:
    """How many of the values lie in each bin of each measure, as one whole number."""
    if not values:
        return 0
    ordered = sorted(values)
    counts = array("I", bytes(WIDTH * MEASURES_MOST * len(STAND_IN)))
    start = 0
    for place in range(MEASURES_MOST):
        above = place << _BITS
        end = bisect_left(ordered, above + LARGEST + 1, start)
        day = bisect_left(ordered, above + _DAY, start, end)
        near = array(
            "I", [value - above for value in ordered[start:day]] if above else ordered[start:day]
        )
        far = [value - above for value in ordered[day:end]]
        for number, count in Counter(map(_BIN_OF.__getitem__, near)).items():
            counts[number * MEASURES_MOST + place] = count
        for number, count in Counter(map(bisect_right, repeat(LOWER), far)).items():
            counts[(number - 1) * MEASURES_MOST + place] += count
        start = end
    return int.from_bytes(counts.tobytes(), "little")


def ranks(count: int) -> tuple[int, int, int]:
    """The places, from 0, of both middle values and of the 90th percentile among `count` sorted ones."""
    return (count - 1) // 2, count // 2, (9 * count + 9) // 10 - 1


def _of_values(values: Sequence[int], start: int, count: int, above: int) -> Quantiles | None:
    if not count:
        return None
    low, high, p90 = (values[start + rank] - above for rank in ranks(count))
    return Quantiles((low + high) / 2, p90)
