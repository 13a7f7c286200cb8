"""Pictures of how the best and the last courts came there, week by week: 按期率 as a line, filings as bars. Counts nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from notifications import drawing
from notifications.bulletin_figures import Line, Period, States
from notifications.bulletin_picture import WIDTH
from notifications.bulletin_words import BulletinWords, percent

#: Pixels: the margin, a panel's height with its title, its chart's, and the room to its right.
_MARGIN, _PANEL, _CHART, _RIGHT = 36, 330, 190, 60
_TOP = 140

Trend = Sequence[tuple[Period, States]]


@dataclass(frozen=True, slots=True)
class _Bar:
    """The filings of one part."""

    x: float
    y: float
    width: float
    height: float
    label: str
    count: str

    @property
    def middle(self) -> float:
        """Where its labels stand."""
        return self.x + self.width / 2


@dataclass(frozen=True, slots=True)
class _Point:
    """The rate of one part; full where the target was reached, hollow where not."""

    x: float
    y: float
    said: str
    reached: bool


@dataclass(frozen=True, slots=True)
class _Panel:
    """One court."""

    title: str
    x: float
    y: float
    width: float
    base: float
    target: float
    bars: tuple[_Bar, ...]
    points: tuple[_Point, ...]
    line: str


def png(words: BulletinWords, title: str, trends: Sequence[tuple[Line, Trend]]) -> bytes:
    """A panel a court, one below the other.

    Raises:
        NoChineseFont, NotDrawn: see `drawing.png`.
    """
    return drawing.png(lambda family: svg(words, title, trends, family))


def svg(
    words: BulletinWords,
    title: str,
    trends: Sequence[tuple[Line, Trend]],
    family: str = "sans-serif",
) -> str:
    """The drawing as text."""
    _ = words.translate
    panels = [
        _panel(words, line, trend, _TOP + place * _PANEL)
        for place, (line, trend) in enumerate(trends)
    ]
    return _environment().get_template("bulletin/trends.svg.j2").render(
        width=WIDTH,
        height=_TOP + _PANEL * len(panels),
        margin=_MARGIN,
        family=family,
        title=title,
        below=_("{period}　折线：按期率（实心达标，空心未达标）；柱：收到件数", period=words.period()),
        target=f"{words.sheet.target_percent}%",
        panels=panels,
    )  # fmt: skip


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("notifications"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, auto_reload=False,
    )  # fmt: skip


def _panel(words: BulletinWords, line: Line, trend: Trend, y: float) -> _Panel:
    _ = words.translate
    width = WIDTH - 2 * _MARGIN - _RIGHT
    base = y + 50 + _CHART
    step = width / max(1, len(trend))
    most = max([states.total for _part, states in trend] or [0]) or 1
    target = words.sheet.target_percent
    bars, points = [], []
    for place, (part, states) in enumerate(trend):
        x = _MARGIN + place * step
        # Bars keep to the lower half: the line has the upper one to itself.
        height = _CHART / 2 * states.total / most
        bars.append(
            _Bar(x + step * 0.2, base - height, step * 0.6, height,
                 f"{part.first:%m-%d}", _("{count} 件", count=states.total))
        )  # fmt: skip
        if states.rate is not None:
            high = base - _CHART * float(states.rate)
            reached = states.rate * 100 >= target
            points.append(_Point(x + step / 2, high, percent(states.rate), reached))
    path = " ".join(f"{'L' if place else 'M'}{p.x:.1f} {p.y:.1f}" for place, p in enumerate(points))
    said = _(
        "第 {rank} 名　{court}　按期率 {rate}",
        rank=line.rank, court=line.name, rate=percent(line.states.rate),
    )  # fmt: skip
    return _Panel(
        said, _MARGIN, y + 20, width, base, base - _CHART * target / 100,
        tuple(bars), tuple(points), path,
    )  # fmt: skip
