"""The picture of a bulletin: one SVG, laid out here and drawn as a PNG for the group. Counts and words nothing.

What falls short of the target is hatched and marked, so that it can be read without colour.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from notifications import drawing
from notifications.bulletin_words import BulletinWords, Row

#: Pixels. A phone shows a file of this width without blur; the margin is on every side. Drawing takes as
#: long as there are pixels and texts, so a row is as low and has as few of them as can be read.
WIDTH, MARGIN = 1140, 28
_ROW, _HEAD = 38, 60

#: Where columns stand: left end of the first (place and name are one text), middles of the others.
_COLUMNS = {
    "states": (MARGIN, 436, 516, 606, 704, 790, 892, 1002, 1080),
    "measures": (MARGIN, 412, 490, 562, 630, 706, 796, 872, 942, 1018, 1084),
}
#: Which column has the bar, and how wide that is.
_BARS = {"states": (6, 76), "measures": (2, 70)}

#: Columns (a Chinese character takes two) of a line below the table, and of the longest name.
_NOTE_LINE, _NAME = 106, 32

#: As wide as a figure.
FIGURE_SPACE = "\u2007"


@dataclass(frozen=True, slots=True)
class _Text:
    """A line above or below the table."""

    said: str
    x: float
    y: float
    size: int = 20
    bold: bool = False
    anchor: str = "start"
    fill: str = "#111"


@dataclass(frozen=True, slots=True)
class _Placed:
    """A cell of the table where it stands, its middle or left end."""

    text: str
    before: str
    x: float
    dy: float
    anchor: str
    size: int


@dataclass(frozen=True, slots=True)
class _Line:
    """A row of the table."""

    y: float
    cells: tuple[_Placed, ...]
    bar: float | None
    reached: bool
    bold: bool


def png(words: BulletinWords) -> bytes:
    """The picture, `WIDTH` pixels wide.

    Raises:
        NoChineseFont, NotDrawn: see `drawing.png`.
    """
    return drawing.png(lambda family: svg(words, family))


def svg(words: BulletinWords, family: str = "sans-serif") -> str:
    """The drawing as text: for the page and the picture the same."""
    texts, top = _top(words)
    rows = [*words.rows(), words.total()]
    lines = [
        _placed(words, row, top + _HEAD + place * _ROW, total=place == len(rows) - 1)
        for place, row in enumerate(rows)
    ]
    end = top + _HEAD + len(rows) * _ROW
    below, height = _below(words, end)
    column, bar = _BARS[words.layout]
    middle = _COLUMNS[words.layout][column]
    return _template().render(
        width=WIDTH,
        height=height,
        margin=MARGIN,
        family=family,
        row_height=_ROW,
        texts=[*texts, *_headings(words, top), *below],
        rows=lines,
        bar_x=middle - bar / 2,
        bar_width=bar,
        target_x=middle - bar / 2 + bar * words.sheet.target_percent / 100,
    )


@cache
def _template_environment() -> Environment:
    return Environment(
        loader=PackageLoader("notifications"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, auto_reload=False,
    )  # fmt: skip


def _template() -> Template:
    return _template_environment().get_template("bulletin/picture.svg.j2")


def _top(words: BulletinWords) -> tuple[list[_Text], float]:
    """Title, days, standing and sums; and where the table begins."""
    texts = [
        _Text(words.title(), MARGIN, 62, 38, bold=True),
        _Text(words.period(), MARGIN, 102, 22),
        _Text(words.standing(), WIDTH - MARGIN, 102, 19, anchor="end", fill="#444"),
    ]
    y = 142.0
    for said in words.sums():
        for line in wrapped(said, _NOTE_LINE):
            texts.append(_Text(line, MARGIN, y, 20))
            y += 30
    return texts, y - 12


def _headings(words: BulletinWords, top: float) -> list[_Text]:
    """Headings, in two lines where one is too long."""
    number, name, *others = words.headings()
    columns = _COLUMNS[words.layout]
    found = [_Text(f"{number}　{name}", columns[0], top + 38, 18, bold=True)]
    for said, x in zip(others, columns[1:], strict=True):
        lines = _two_lines(said)
        for place, line in enumerate(lines):
            y = top + (38 if len(lines) == 1 else 26 + 21 * place)
            found.append(_Text(line, x, y, 18, bold=True, anchor="middle"))
    return found


def _two_lines(said: str) -> list[str]:
    first, bracket, rest = said.replace(" (", "（").replace(")", "）").partition("（")
    return [first, bracket + rest] if bracket else wrapped(said, 12)[:2]


def _placed(words: BulletinWords, row: Row, y: float, *, total: bool) -> _Line:
    columns = _COLUMNS[words.layout]
    column, bar = _BARS[words.layout]
    number, name, *figures = row.cells
    said = shortened(name.text, _NAME) + ("＊" if row.corrected else "")
    cells = [
        _Placed(f"{number.text.rjust(3, FIGURE_SPACE)}　{said}", "", columns[0], 27, "start", 20)
    ]
    for place, (cell, x) in enumerate(zip(figures, columns[1:], strict=True), 1):
        with_bar = place == column and row.share is not None
        text = f"▼{cell.text}" if with_bar and not row.reached else cell.text
        if words.layout == "measures" and place > 1:
            before = ""
        else:
            # What is not there needs no bracket.
            before = "" if cell.before in ("", "—") else cell.before
        small = 18 if with_bar or not cell.text[:1].isdigit() else 20
        # Mostly nothing is late: then the eye finds what is.
        if (text, before) not in (("0", "0"), ("0", "")):
            cells.append(_Placed(text, before, x, 20 if with_bar else 27, "middle", small))
    length = None if row.share is None else max(1.0, bar * row.share)
    return _Line(y, tuple(cells), length, row.reached, total)


def _below(words: BulletinWords, y: float) -> tuple[list[_Text], float]:
    """Corrections and notes; and how high the picture is."""
    texts: list[_Text] = []
    y += 34
    for bold, every in ((True, words.corrections()), (False, [*words.notes(), words.blank()])):
        for said in every:
            for line in wrapped(said, _NOTE_LINE):
                fill = "#111" if bold else "#444"
                texts.append(_Text(line, MARGIN, y, 19, bold=bold, fill=fill))
                y += 27
    return texts, y + 10


def wrapped(said: str, room: int) -> list[str]:
    """A text in lines of so many columns; words of letters stay whole where they fit."""
    lines: list[str] = []
    line = ""
    for word in _words(said):
        if line and _wide(line) + _wide(word.rstrip()) > room:
            lines.append(line.rstrip())
            line = ""
        line += word if line else word.lstrip()
    return [*lines, line.rstrip()] if line.strip() else lines


def shortened(name: str, room: int) -> str:
    """A name that fits so many columns, its middle left out where it is too long."""
    if _wide(name) <= room:
        return name
    kept = (room - 2) // 2
    tail = kept // 2
    return f"{name[: kept - tail]}…{name[-tail:]}"


def _words(said: str) -> Sequence[str]:
    """Pieces between which a line may end: each Chinese character, and each word of letters with its space."""
    pieces: list[str] = []
    for letter in said:
        alone = _wide(letter) > 1
        if (
            pieces and not alone and not pieces[-1].endswith(" ") and _wide(pieces[-1][-1]) == 1
        ) or (pieces and letter in "，。；、）："):
            pieces[-1] += letter
        else:
            pieces.append(letter)
    return pieces


def _wide(text: str) -> int:
    """Columns: a Chinese character takes two."""
    return sum(2 if ord(letter) > 0x2E7F or letter in "—…÷" else 1 for letter in text)
