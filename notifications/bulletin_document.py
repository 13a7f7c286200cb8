"""The Word document of a bulletin: the printed sheet, to be signed and filed. Counts and words nothing."""

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO

import docx
from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import Table, _Row

from notifications.bulletin_words import BulletinWords, Cell

#: 宋体 is what courts print with; where it is missing the reader's program puts another in its place.
_FONT = "SimSun"

#: A4 across, and its margins, in millimetres.
_PAGE, _MARGIN = (297, 210), 15

#: Widths of the columns in millimetres, by layout.
_WIDTHS = {
    "states": (12, 58, 24, 23, 23, 23, 24, 34, 20, 26),
    "measures": (12, 56, 19, 21, 18, 20, 22, 24, 20, 20, 22, 16),
}

#: A blank at which no line ends: a figure stays with its bracket.
_JOINED, _LINE = "\u00a0", "\n"

#: In which column the size of the sample stands.
_SAMPLE = 2


def document(words: BulletinWords) -> bytes:
    """The file's content: title, table in the layout of `words`, corrections and notes."""
    made = docx.Document()
    _page(made)
    _line(made, words.title(), 22, bold=True, centred=True)
    _line(made, words.period(), 14, centred=True)
    _line(made, words.standing(), 11, centred=True)
    for said in words.sums():
        _line(made, said, 12)
    _table(made, words)
    for said in words.corrections():
        _line(made, said, 11, bold=True)
    for said in words.notes():
        _line(made, said, 10)
    # The library's sample has an author and a day of its own.
    made.core_properties.author = "Liaison"
    made.core_properties.title = words.title()
    made.core_properties.created = words.sheet.as_of.replace(tzinfo=None, microsecond=0)
    made.core_properties.modified = _naive(words.sheet.as_of)
    file = BytesIO()
    made.save(file)
    return file.getvalue()


def _naive(at: datetime) -> datetime:
    return at.replace(tzinfo=None, microsecond=0)


def _page(made: Document) -> None:
    section = made.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(_PAGE[0]), Mm(_PAGE[1])
    section.left_margin = section.right_margin = Mm(_MARGIN)
    section.top_margin = section.bottom_margin = Mm(_MARGIN)
    style = made.styles["Normal"]
    style.font.name = _FONT
    style.element.get_or_add_rPr().rFonts.set(qn("w:eastAsia"), _FONT)
    style.paragraph_format.space_after = Pt(3)


def _line(
    made: Document, said: str, size: int, *, bold: bool = False, centred: bool = False
) -> None:
    paragraph = made.add_paragraph()
    if centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = paragraph.add_run(said)
    run.font.size, run.bold = Pt(size), bold


def _table(made: Document, words: BulletinWords) -> None:
    table = made.add_table(rows=1, cols=len(words.headings()), style="Table Grid")
    table.autofit = False
    widths = _WIDTHS[words.layout]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    _fill(table.rows[0], words.headings(), widths, bold=True)
    _repeat(table.rows[0])
    for row in words.rows():
        texts = _texts(words, row.cells)
        texts[1] += "＊" if row.corrected else ""
        _add(table, texts, widths, bold=False)
    _add(table, _texts(words, words.total().cells), widths, bold=True)


def _texts(words: BulletinWords, cells: Sequence[Cell]) -> list[str]:
    """Figures with those of the period before in brackets; of measures the sample alone has room for them."""
    bracketed = len(cells) if words.layout == "states" else _SAMPLE + 1
    return [
        (f"{cell.text}→{cell.now}" if cell.now else cell.text)
        + (
            f"{_LINE if cell.now else _JOINED}({cell.before})"
            if place < bracketed and cell.before not in ("", "—")
            else ""
        )
        for place, cell in enumerate(cells)
    ]


def _add(table: Table, texts: Sequence[str], widths: Sequence[int], *, bold: bool) -> None:
    row: _Row = table.add_row()  # type: ignore[no-untyped-call]
    _fill(row, texts, widths, bold=bold)


def _fill(row: _Row, texts: Sequence[str], widths: Sequence[int], *, bold: bool) -> None:
    for place, (cell, text, width) in enumerate(zip(row.cells, texts, widths, strict=True)):
        cell.width = Mm(width)
        paragraph = cell.paragraphs[0]
        paragraph.paragraph_format.space_after = Pt(0)
        if place != 1:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        run = paragraph.add_run(text)
        run.font.size, run.bold = Pt(10), bold


def _repeat(row: _Row) -> None:
    """Have the headings stand on every page."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # noqa: SLF001 -- the library has no word for it
