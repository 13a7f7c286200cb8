"""The pictures of a bulletin for the group, and the drawing on its page: laid out here. Counts and words nothing.

What falls short of the target is hatched and marked, so that it can be read without colour.
"""

from collections.abc import Sequence
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from notifications import sheet_drawing
from notifications.bulletin_words import BulletinWords, Row
from notifications.sheet_drawing import Bar, Drawn, Text

#: Pixels. A phone shows a file of this width without blur; the margin is on every side.
WIDTH, MARGIN = 1140, 24
_ROW, _HEAD = 52, 64

#: Where columns stand: left end of the first (place and name), middles of the others.
_COLUMNS = {
    "states": (MARGIN, 440, 520, 600, 680, 764, 872, 982, 1068),
    "measures": (MARGIN, 410, 486, 566, 630, 696, 774, 850, 920, 994, 1080),
}
#: Which column has the bar, and how wide that is; and how large figures are.
_BARS = {"states": (6, 84), "measures": (2, 70)}
_SIZES = {"states": 26, "measures": 23}

#: Columns (a Chinese character takes two) of a line above and below the table, and of the longest name.
_NOTE_LINE, _NAME = 94, 24

#: Numbers of the lines end here.
_NUMBER = 42


def pngs(words: BulletinWords) -> list[bytes]:
    """The pictures, `WIDTH` pixels wide, in their order.

    Raises:
        NoChineseFont: see `sheet_drawing.png`.
    """
    return [png(words, page) for page in range(words.sheet.pictures)]


def png(words: BulletinWords, page: int) -> bytes:
    """One of them, from 0; raises as `pngs` does."""
    return sheet_drawing.png(laid_out(words, page))


def svg(words: BulletinWords, page: int | None = None) -> str:
    """The drawing as text: one page of it, or all on one."""
    return _template().render(sheet=laid_out(words, page))


def laid_out(words: BulletinWords, page: int | None = None) -> Drawn:
    """One page, from 0, or all on one: where everything stands."""
    rows, count = words.rows(), words.sheet.pictures
    first = page is None or page == 0
    last = page is None or page == count - 1
    if page is not None:
        # No page is all but empty.
        size = -(-len(rows) // count)
        rows = rows[page * size : (page + 1) * size]
    if last:
        rows.append(words.total())
    place = "" if page is None or count == 1 else f"{page + 1}/{count}"
    texts, top = _top(words, place, words.sums() if first else [])
    end = top + _HEAD + len(rows) * _ROW
    below, height = _below(words, end) if last else ([], end + 20)
    heights = [top + _HEAD + number * _ROW for number in range(len(rows))]
    texts += _headings(words, top)
    for row, y in zip(rows, heights, strict=True):
        texts += _texts(words, row, y)
    bars = tuple(
        _bar(words, row, y) for row, y in zip(rows, heights, strict=True) if row.share is not None
    )
    rules = tuple(y + _ROW for y in heights)
    return Drawn(WIDTH, round(height), MARGIN, (*texts, *below), rules, bars)


@cache
def _template_environment() -> Environment:
    return Environment(
        loader=PackageLoader("notifications"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, auto_reload=False,
    )  # fmt: skip


def _template() -> Template:
    return _template_environment().get_template("bulletin/picture.svg.j2")


def _top(words: BulletinWords, place: str, sums: Sequence[str]) -> tuple[list[Text], float]:
    """Title, which page, days, standing and sums; and where the table begins."""
    texts = [
        Text(words.title(), MARGIN, 58, 40, bold=True),
        Text(place, WIDTH - MARGIN, 58, 30, anchor="end"),
        Text(words.period(), MARGIN, 100, 26),
        Text(words.standing(), WIDTH - MARGIN, 100, 20, anchor="end", fill="#444"),
    ]
    y = 142.0
    for said in sums:
        for line in wrapped(said, _NOTE_LINE):
            texts.append(Text(line, MARGIN, y, 23))
            y += 34
    return texts, y - 24


def _headings(words: BulletinWords, top: float) -> list[Text]:
    """Headings, in several lines where one is too long."""
    number, name, *others = words.headings()
    columns = _COLUMNS[words.layout]
    found = [
        Text(number, columns[0], top + 42, 20, bold=True),
        Text(name, columns[0] + _NUMBER + 20, top + 42, 20, bold=True),
    ]
    for said, x in zip(others, columns[1:], strict=True):
        lines = _heading(said)
        size = 19 if len(lines) < 3 else 16
        step = size + 3
        for place, line in enumerate(lines):
            y = top + 42 + step * (place - (len(lines) - 1) / 2)
            found.append(Text(line, x, y, size, bold=True, anchor="middle"))
    return found


def _heading(said: str) -> list[str]:
    """In as many lines as its column needs, what is in brackets on one of its own."""
    first, bracket, rest = said.replace(" (", "（").replace(")", "）").partition("（")
    lines = [first] if _wide(first) <= 8 else wrapped(first, _wide(first) // 2 + 1)[:2]
    return [*lines, bracket + rest] if bracket else lines


def _texts(words: BulletinWords, row: Row, y: float) -> list[Text]:
    columns, size = _COLUMNS[words.layout], _SIZES[words.layout]
    column, _width = _BARS[words.layout]
    bold = row.line is words.sheet.total
    number, name, *figures = row.cells
    said = shortened(name.text, _NAME) + ("＊" if row.corrected else "")
    texts = [
        Text(number.text, columns[0] + _NUMBER, y + 34, 22, anchor="end"),
        Text(said, columns[0] + _NUMBER + 20, y + 34, 24, bold=bold),
    ]
    for place, (cell, x) in enumerate(zip(figures, columns[1:], strict=True), 1):
        bracketed = words.layout == "states" or place == 1
        # What is not there needs no bracket.
        below = f"({cell.before})" if bracketed and cell.before not in ("", "0", "—") else ""
        if cell.now:
            below = f"→{cell.now} {below}"
        short = place == column and row.share is not None and not row.reached
        text = f"▼{cell.text}" if short else cell.text
        large = size if cell.text[:1].isdigit() else 17
        # The bar takes the room below.
        high = y + (23 if place == column else 26 if below else 34)
        # Mostly nothing is late: then the eye finds what is.
        if cell.text != "0" or cell.now:
            texts.append(Text(text, x, high, large, bold=bold, anchor="middle"))
        if below:
            under = y + (38 if place == column else 44)
            texts.append(Text(below, x, under, 16, bold=bool(cell.now), anchor="middle"))
    return texts


def _bar(words: BulletinWords, row: Row, y: float) -> Bar:
    column, width = _BARS[words.layout]
    left = _COLUMNS[words.layout][column] - width / 2
    filled = max(1.0, width * (row.share or 0))
    target = left + width * words.sheet.target_percent / 100
    return Bar(left, y + _ROW - 9, width, 6, filled, row.reached, target)


def _below(words: BulletinWords, y: float) -> tuple[list[Text], float]:
    """Corrections and notes; and how high the picture is."""
    texts: list[Text] = []
    y += 38
    for bold, every in ((True, words.corrections()), (False, [*words.notes(), words.blank()])):
        for said in every:
            for line in wrapped(said, _NOTE_LINE):
                fill = "#111" if bold else "#444"
                texts.append(Text(line, MARGIN, y, 22, bold=bold, fill=fill))
                y += 32
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
