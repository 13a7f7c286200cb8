"""How many whole seconds things took, so that many distributions add up to one. Knows no filing and no table.

A small one holds every value and is exact. A large one holds how many values lie in each bin: one second
wide below 100 seconds, 2 % wide from there on. What stands for a bin is at most 1 % from each of its
values, so that is how far a quantile may be off; counts and sums are kept beside and are always exact.
A bin ends at each of the `MARKS`, so how many values go no further is exact as well.

Bins are the lanes (32 bits each) of one whole number: two distributions are added by one addition.
"""

from array import array
from bisect import bisect_left, bisect_right, insort
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise, repeat

#: How far a quantile taken from bins may be from the true one, as a share of it.
BIN_ERROR = 0.01

#: Below so many seconds each second has a bin of its own.
_PLAIN = 100
#: How much further each later bin begins than the one before.
_STEP = 1.02
#: No value is larger (seconds): 136 years.
LARGEST = 2**32 - 2

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


@dataclass(frozen=True, slots=True)
class Quantiles:
    """The median (mean of the two middle values) and the 90th percentile (nearest rank), in seconds."""

    median: float
    p90: float


class Distribution:
    """Values that come and go one by one or as whole parts; asked for its quantiles at the end."""

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

    def add(self, value: int) -> None:
        """One more value (seconds, 0 to `LARGEST`)."""
        self._loose.append(value)

    def remove(self, value: int) -> None:
        """One value less; it was added before, by itself or in a part."""
        self._gone.append(value)

    def add_part(self, exact: bytes | None, bins: bytes | None) -> None:
        """A part as `exact_content` and `bins_content` wrote it; one of the two is enough."""
        # Nothing is added up yet: most of what is read together is asked for once.
        if exact is None:
            self._coarse = True
        else:
            self._exact.append(exact)
        if bins is not None:
            self._bins.append(bins)
        elif exact:
            self._binless.append(exact)

    def merge(self, other: "Distribution") -> None:
        """All of another one, from which nothing went."""
        self.add_part(other.exact_content(), None)

    def values(self) -> "array[int]":
        """Every value, sorted.

        Raises:
            ValueError: not every value is known, or one went that never came.
        """
        if self._coarse:
            message = "known by bins only"
            raise ValueError(message)
        values = array("I", b"".join(self._exact))
        if len(self._exact) <= 1 and len(self._loose) <= _FEW:
            for value in self._loose:
                insort(values, value)
        else:
            values = array("I", sorted([*values, *self._loose]))
        for value in self._gone:
            place = bisect_left(values, value)
            if place == len(values) or values[place] != value:
                message = f"{value} was never added"
                raise ValueError(message)
            del values[place]
        return values

    def exact_content(self) -> bytes:
        """Every value as bytes; raises as `values` does."""
        return self.values().tobytes()

    def bins_content(self) -> bytes:
        """How many values lie in each bin, as bytes; empty bins at the end are left out."""
        bins = self._in_bins()
        return bins.to_bytes((bins.bit_length() + 7) // 8, "little")

    def quantiles(self) -> Quantiles | None:
        """None without a value."""
        return _of_bins(self._in_bins()) if self._coarse else _of_values(self.values())

    def up_to_marks(self) -> tuple[int, ...]:
        """How many values are no larger than each of the `MARKS`, and how many there are."""
        if not self._coarse:
            values = self.values()
            return (*(bisect_right(values, mark) for mark in MARKS), len(values))
        below = list(accumulate(_counts(self._in_bins())))
        return (*(below[min(bin_, len(below) - 1)] for bin_ in _LAST_BINS), below[-1])

    def _in_bins(self) -> int:
        bins = sum(int.from_bytes(part, "little") for part in self._bins)
        values = array("I", b"".join(self._binless))
        return bins + lanes([*values, *self._loose]) - lanes(self._gone)


#: The bins that the marks end.
_LAST_BINS = tuple(bisect_right(LOWER, mark) - 1 for mark in MARKS)

#: So few values are put in one by one.
_FEW = 24


def lanes(values: Sequence[int]) -> int:
    """How many of the values lie in each bin, as one whole number."""
    if len(values) <= _FEW:
        return sum(1 << (8 * WIDTH * (bisect_right(LOWER, value) - 1)) for value in values)
    counts = array("I", bytes(WIDTH * len(STAND_IN)))
    for number, count in Counter(map(bisect_right, repeat(LOWER), values)).items():
        counts[number - 1] = count
    return int.from_bytes(counts.tobytes(), "little")


def ranks(count: int) -> tuple[int, int, int]:
    """The places, from 0, of both middle values and of the 90th percentile among `count` sorted ones."""
    return (count - 1) // 2, count // 2, (9 * count + 9) // 10 - 1


def _of_values(values: Sequence[int]) -> Quantiles | None:
    if not values:
        return None
    low, high, p90 = ranks(len(values))
    return Quantiles((values[low] + values[high]) / 2, values[p90])


def _counts(bins: int) -> "array[int]":
    return array("I", bins.to_bytes(WIDTH * (bins.bit_length() // (8 * WIDTH) + 1), "little"))


def _of_bins(bins: int) -> Quantiles | None:
    below = list(accumulate(_counts(bins)))
    if not below[-1]:
        return None
    low, high, p90 = (STAND_IN[bisect_right(below, rank)] for rank in ranks(below[-1]))
    return Quantiles((low + high) / 2, p90)
