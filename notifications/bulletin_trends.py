"""Pictures of how the best and the last courts came there, week by week: 按期率 as a line, filings as bars. Counts nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from notifications import drawing
from notifications.bulletin_figures import Line, Period, States
from notifications.bulletin_picture import WIDTH
from notifications.bulletin_words import BulletinWords, percent
from notifications.trend_chart import Chart, Frame, Step, chart

#: Pixels: the margin, a panel's height with its title, its chart's, and the room to its right.
_MARGIN, _PANEL, _CHART, _RIGHT = 36, 330, 190, 60
_TOP = 140

Trend = Sequence[tuple[Period, States]]


@dataclass(frozen=True, slots=True)
class _Panel:
    """One court."""

    title: str
    y: float
    chart: Chart


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
        percent=percent,
        counted=lambda count: _("{count} 件", count=count),
    )  # fmt: skip


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("notifications"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, auto_reload=False,
    )  # fmt: skip


def _panel(words: BulletinWords, line: Line, trend: Trend, y: float) -> _Panel:
    _ = words.translate
    steps = [Step(f"{part.first:%m-%d}", (states.total,), states.rate) for part, states in trend]
    frame = Frame(_MARGIN, y + 50, WIDTH - 2 * _MARGIN - _RIGHT, _CHART)
    said = _(
        "第 {rank} 名　{court}　按期率 {rate}",
        rank=line.rank, court=line.name, rate=percent(line.states.rate),
    )  # fmt: skip
    return _Panel(said, y + 20, chart(steps, frame, words.sheet.target_percent))
