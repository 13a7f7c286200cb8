"""A sheet: the tallies of all lines of a span (a province's courts, a nation's provinces) in one piece of bytes. Reads no table.

A sheet of many filings also holds what all its lines are together, by bins; of few that is added up when it is
read. Numbers take as few bytes as the largest of a sheet needs, so a day with one filing takes some fifty.
"""

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from struct import Struct

from notifications.distributions import WIDTH
from notifications.performance import (
    COUNTED,
    EXACT_UP_TO,
    LANES,
    Contribution,
    Tally,
    filings_in,
    numbers_in,
)

#: Up to so many filings a line is kept by its values alone, and a sheet without a line of the whole.
FEW = 256

#: The line of the whole.
WHOLE = ""

#: Lines, bytes of the keys, codes of the widths of counts and of sums, whether lengths are told.
_HEAD = Struct("<HHssB")
_WIDTHS = ((1 << 8, "B"), (1 << 16, "H"), (1 << 32, "I"), (1 << 64, "Q"))
_BETWEEN = "\n"
_LANE = 8
#: The length of values that are not known.
_UNKNOWN = 2**32 - 1
_SUMS = LANES - COUNTED

#: The lanes of a line, its values and its bins as far as they are kept.
Part = tuple[int, bytes | None, bytes | None]


@dataclass(frozen=True, slots=True)
class Stored:
    """A sheet as it is stored: its lines, and the whole of them when it has a line of its own."""

    lines: dict[str, Part]
    whole: Part | None

    def add_whole_to(self, tally: Tally) -> None:
        """Add all lines together."""
        if self.whole is None:
            for lanes, exact, bins in self.lines.values():
                tally.add_part(lanes, None if exact is None else (exact,), bins)
            return
        lanes, _, bins = self.whole
        values = None
        # Of more filings nobody will ask for the values.
        if filings_in(lanes) <= EXACT_UP_TO:
            values = [exact for _, exact, _ in self.lines.values() if exact is not None]
            values = values if len(values) == len(self.lines) else None
        tally.add_part(lanes, values, bins)

    def add_line_to(self, tally: Tally, key: str) -> None:
        """Add one line, if it is there."""
        if (part := self.lines.get(key)) is not None:
            lanes, exact, bins = part
            tally.add_part(lanes, None if exact is None else (exact,), bins)


def stored(content: bytes) -> Stored:
    """What `Sheet.content` wrote."""
    count, size, of_counts, of_sums, told = _HEAD.unpack_from(content)
    at = _HEAD.size + size
    keys = content[_HEAD.size : at].decode().split(_BETWEEN)
    counts, at = _numbers(content, at, of_counts.decode(), COUNTED * count)
    sums, at = _numbers(content, at, of_sums.decode(), _SUMS * count)
    if told:
        lengths = array("I", content[at : at + 2 * WIDTH * count])
        at += 2 * WIDTH * count
    wide_counts, wide_sums = _wide(counts), _wide(sums)
    lines: dict[str, Part] = {}
    for place, key in enumerate(keys):
        lanes = int.from_bytes(
            wide_counts[_LANE * COUNTED * place : _LANE * COUNTED * (place + 1)]
            + wide_sums[_LANE * _SUMS * place : _LANE * _SUMS * (place + 1)],
            "little",
        )
        exact = bins = None
        if not told:
            length = WIDTH * sum(counts[COUNTED * (place + 1) - _SUMS : COUNTED * (place + 1)])
            exact = content[at : (at := at + length)]
        else:
            of_exact, of_bins = lengths[2 * place : 2 * place + 2]
            if of_exact != _UNKNOWN:
                exact = content[at : (at := at + of_exact)]
            if of_bins:
                bins = content[at : (at := at + of_bins)]
        lines[key] = lanes, exact, bins
    return Stored(lines, lines.pop(WHOLE, None))


def _numbers(content: bytes, at: int, code: str, count: int) -> tuple["array[int]", int]:
    numbers = array(code)
    end = at + numbers.itemsize * count
    numbers.frombytes(content[at:end])
    return numbers, end


def bins_of(part: Part) -> bytes:
    """How many values of a line lie in each bin, kept or not."""
    tally = Tally()
    lanes, exact, bins = part
    tally.add_part(lanes, None if exact is None else (exact,), bins)
    return tally.distributions.bins_content()


def _wide(numbers: "array[int]") -> bytes:
    return (numbers if numbers.typecode == "Q" else array("Q", numbers)).tobytes()


class Sheet:
    """A sheet that is being counted: filings come and go, other sheets are added whole."""

    __slots__ = ("_added", "_held", "_removed", "_whole")

    def __init__(self) -> None:
        #: What other sheets held, by line.
        self._held: defaultdict[str, list[Part]] = defaultdict(list)
        self._whole = Tally()
        #: What came and went since, by line.
        self._added: defaultdict[str, list[Contribution]] = defaultdict(list)
        self._removed: defaultdict[str, list[Contribution]] = defaultdict(list)

    def add(self, line: str, one: Contribution) -> None:
        """One filing more."""
        self._added[line].append(one)

    def remove(self, line: str, one: Contribution) -> None:
        """One filing less; it was added before, by itself or in a sheet."""
        self._removed[line].append(one)

    def add_sheet(self, content: bytes) -> None:
        """All of another sheet."""
        other = stored(content)
        for key, part in other.lines.items():
            self._held[key].append(part)
        other.add_whole_to(self._whole)

    def content(self) -> bytes | None:
        """The sheet as bytes, the same for the same filings however they came; None when nothing is left in it."""
        parts: dict[str, Part] = {}
        for key in sorted({*self._held, *self._added, *self._removed}):
            part = _line(
                self._held.get(key, ()), self._added.get(key, ()), self._removed.get(key, ())
            )
            if part[0]:
                parts[key] = part
        if not parts:
            return None
        lanes = sum(part[0] for part in parts.values())
        if filings_in(lanes) > FEW:
            added, removed = (
                list(chain.from_iterable(some.values())) for some in (self._added, self._removed)
            )
            _change(self._whole, added, removed)
            parts[WHOLE] = lanes, None, self._whole.distributions.bins_content()
        return b"".join(_pieces(parts))


def _change(tally: Tally, added: Iterable[Contribution], removed: Iterable[Contribution]) -> None:
    for one in added:
        tally.add(one)
    for one in removed:
        tally.remove(one)


def _line(
    held: Sequence[Part], added: Sequence[Contribution], removed: Sequence[Contribution]
) -> Part:
    """A line of these parts and filings."""
    if len(held) == 1 and not added and not removed:
        return held[0]
    if not held and not removed and len(added) <= FEW:
        # Most lines of most sheets: these few filings alone.
        values = sorted(chain.from_iterable(one.values for one in added))
        return sum(one.lanes for one in added), array("I", values).tobytes(), None
    tally = Tally()
    for lanes, exact, bins in held:
        tally.add_part(lanes, None if exact is None else (exact,), bins)
    _change(tally, added, removed)
    return _part(tally)


def _part(tally: Tally) -> Part:
    filings, held = tally.filings, tally.distributions
    exact = held.exact_content() if filings <= EXACT_UP_TO and held.is_exact else None
    return tally.lanes, exact, held.bins_content() if filings > FEW or exact is None else None


def _pieces(parts: dict[str, Part]) -> Iterator[bytes]:
    counts: list[int] = []
    sums: list[int] = []
    lengths = array("I")
    for lanes, exact, bins in parts.values():
        numbers = numbers_in(lanes)
        counts += numbers[:COUNTED]
        sums += numbers[COUNTED:]
        lengths.extend((_UNKNOWN if exact is None else len(exact), len(bins or b"")))
    told = any(exact is None or bins for _, exact, bins in parts.values())
    of_counts, of_sums = (_narrowest(numbers) for numbers in (counts, sums))
    keys = _BETWEEN.join(parts).encode()
    yield _HEAD.pack(len(parts), len(keys), of_counts.encode(), of_sums.encode(), told)
    yield keys
    yield array(of_counts, counts).tobytes()
    yield array(of_sums, sums).tobytes()
    if told:
        yield lengths.tobytes()
    for _, exact, bins in parts.values():
        yield exact or b""
        yield bins or b""


def _narrowest(numbers: list[int]) -> str:
    largest = max(numbers)
    return next(code for limit, code in _WIDTHS if largest < limit)
