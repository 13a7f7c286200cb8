"""How a measurement is shown: medians with their spread, percentiles, ratios, one table each. Measures nothing."""

import math
import statistics
from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table

#: Wide enough for every table also where no terminal says how wide it is.
_CONSOLE = Console(width=132, highlight=False)


def percentile(values: Iterable[float], share: float) -> float:
    """The value that `share` (0 to 1) of `values` do not exceed (nearest rank); NaN of nothing."""
    ordered = sorted(values)
    if not ordered:
        return math.nan
    return ordered[min(len(ordered) - 1, max(0, math.ceil(share * len(ordered)) - 1))]


def spread(values: Sequence[float], digits: int = 0, unit: str = "") -> str:
    """The median of the rounds, and the lowest and highest of them."""
    if not values:
        return "–"
    middle = f"{statistics.median(values):,.{digits}f}{unit}"
    if len(values) == 1:
        return middle
    return f"{middle} [{min(values):,.{digits}f}–{max(values):,.{digits}f}]"


def milliseconds(seconds: Sequence[float], digits: int = 1) -> str:
    """The same for durations in seconds."""
    return spread([value * 1000 for value in seconds], digits, " ms")


def ratio(value: float, floor: float) -> str:
    """`value` as a multiple of `floor`."""
    return f"{value / floor:.2f}" if floor else "–"


def table(
    title: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[object]],
    notes: Iterable[str] = (),
) -> None:
    """Print one table and the notes that belong to it."""
    shown = Table(title=title, title_justify="left", title_style="bold")
    for index, column in enumerate(columns):
        shown.add_column(column, justify="left" if index == 0 else "right")
    for row in rows:
        shown.add_row(*(str(cell) for cell in row))
    _CONSOLE.print()
    _CONSOLE.print(shown)
    for note in notes:
        _CONSOLE.print(f"  {note}", markup=False)


def say(text: str) -> None:
    """One line on what is being measured now."""
    _CONSOLE.print(f"… {text}", style="dim", markup=False)
