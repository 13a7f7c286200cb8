"""How filings and a rate over time are drawn: bars from below, a line above them, their labels. Geometry alone, no words.

What is drawn needs no colour: parts of a bar differ by pattern, a point is full where the target was reached
and hollow where not, and figures stand at what they belong to as long as they have room.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

#: Pixels that a label of a part, a count and a rate need to stand beside the next one.
_LABEL, _COUNT, _RATE = 46, 30, 44


@dataclass(frozen=True, slots=True)
class Step:
    """One part of the time shown: its label, how many of each kind (from below), and the rate; None: there is none."""

    label: str
    counts: tuple[int, ...]
    rate: Fraction | None

    @property
    def total(self) -> int:
        """All kinds together."""
        return sum(self.counts)


@dataclass(frozen=True, slots=True)
class Frame:
    """Where the chart stands and how high it is, in pixels; `top` is a rate of 100 %."""

    x: float
    top: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a bar: of which kind (its place in `Step.counts`)."""

    kind: int
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Bar:
    """The filings of one step; `label` and `count` are empty where there is no room for them."""

    x: float
    y: float
    width: float
    pieces: tuple[Piece, ...]
    label: str
    count: int | None

    @property
    def middle(self) -> float:
        """Where its labels stand."""
        return self.x + self.width / 2


@dataclass(frozen=True, slots=True)
class Point:
    """The rate of one step; `rate` is None where there is no room to write it."""

    x: float
    y: float
    reached: bool
    rate: Fraction | None


@dataclass(frozen=True, slots=True)
class Chart:
    """Everything to be drawn. `line` is the path through the points; `target` the height of the target."""

    frame: Frame
    bars: tuple[Bar, ...]
    points: tuple[Point, ...]
    line: str
    target: float

    @property
    def base(self) -> float:
        """The height on which the bars stand."""
        return self.frame.top + self.frame.height


def chart(steps: Sequence[Step], frame: Frame, target_percent: int) -> Chart:
    """Bars keep to the lower half, so that the line has the upper one mostly to itself."""
    width = frame.width / max(1, len(steps))
    base = frame.top + frame.height
    most = max((step.total for step in steps), default=0) or 1
    highest = max(range(len(steps)), key=lambda place: (steps[place].total, place), default=0)
    told = _told(steps, width)
    bars, points = [], []
    for place, step in enumerate(steps):
        x = frame.x + place * width
        pieces = _pieces(step, base, frame.height / 2 / most)
        bars.append(
            Bar(
                x + width * 0.2,
                pieces[-1].y if pieces else base,
                width * 0.6,
                pieces,
                step.label if _has_label(place, len(steps), width) else "",
                step.total if width >= _COUNT or place == highest else None,
            )
        )
        if step.rate is not None:
            reached = step.rate * 100 >= target_percent
            y = base - frame.height * float(step.rate)
            points.append(Point(x + width / 2, y, reached, step.rate if place in told else None))
    line = " ".join(f"{'L' if n else 'M'}{p.x:.1f} {p.y:.1f}" for n, p in enumerate(points))
    return Chart(
        frame, tuple(bars), tuple(points), line, base - frame.height * target_percent / 100
    )


def _pieces(step: Step, base: float, unit: float) -> tuple[Piece, ...]:
    pieces, y = [], base
    for kind, count in enumerate(step.counts):
        if count:
            y -= count * unit
            pieces.append(Piece(kind, y, count * unit))
    return tuple(pieces)


def _has_label(place: int, count: int, width: float) -> bool:
    """Every n-th, counted from the last one: that is the one people look for."""
    return (count - 1 - place) % ceil(_LABEL / width) == 0


def _told(steps: Sequence[Step], width: float) -> set[int]:
    """The places whose rate is written: all that have room, else the last and the lowest."""
    having = [place for place, step in enumerate(steps) if step.rate is not None]
    if width >= _RATE or not having:
        return set(having)
    lowest = min(having, key=lambda place: (steps[place].rate, -place))
    return {having[-1], lowest} if having[-1] - lowest > _RATE / width else {lowest}
