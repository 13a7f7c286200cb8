"""A table of statistics as a workbook and as text for spreadsheets. Nothing in it is ever a formula. Counts nothing."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from directory.exports import write_text
from directory.import_files import quoted
from directory.later import xlsxwriter
from notifications.bulletin_words import cut

Cell = str | int | float | Fraction | None

#: Widths (characters) of the first columns and of all others.
_WIDTHS, _WIDTH = (8, 26), 9
_A4 = 9
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


@dataclass(frozen=True, slots=True)
class Table:
    """Headings and lines, the last one the whole; a fraction is a share. A column without a heading is left out."""

    headings: tuple[str, ...]
    lines: tuple[tuple[Cell, ...], ...]
    name: str

    def shown(self) -> "Table":
        """Without the columns that have no heading."""
        kept = [place for place, heading in enumerate(self.headings) if heading]
        return Table(
            tuple(self.headings[place] for place in kept),
            tuple(tuple(line[place] for place in kept) for line in self.lines),
            self.name,
        )


def workbook(table: Table, above: Sequence[str]) -> bytes:
    """The content of an .xlsx file; `above` are the lines over the headings."""
    shown, out = table.shown(), io.BytesIO()
    with xlsxwriter.Workbook(out, _OPTIONS) as book:
        head = book.add_format(
            {"bold": True, "border": 1, "text_wrap": True, "valign": "top", "bg_color": "#EEEEEE"}
        )
        page = book.add_worksheet(shown.name)
        for row, line in enumerate(above):
            write_text(page, row, 0, line, book.add_format({"bold": row == 0}))
        first = len(above) + 1
        named = len(table.headings) - len(shown.headings)
        for column, heading in enumerate(shown.headings):
            write_text(page, first, column, heading, head)
            place = column + named
            page.set_column(column, column, _WIDTHS[place] if place < len(_WIDTHS) else _WIDTH)
        page.set_default_row(18)
        page.set_row(first, 75)
        _write_lines(book, page, shown, first)
        last = first + max(1, len(shown.lines) - 1)
        page.autofilter(first, 0, last, len(shown.headings) - 1)
        page.freeze_panes(first + 1, len(_WIDTHS) - named)
        page.set_paper(_A4)
        page.set_landscape()
        # So many columns on one sheet could not be read; names are repeated on the second.
        page.fit_to_pages(2, 0)
        page.repeat_columns(0, len(_WIDTHS) - named - 1)
        page.repeat_rows(first)
    return out.getvalue()


def _write_lines(book: Any, page: Any, table: Table, first: int) -> None:
    forms = [
        {
            name: book.add_format({"border": 1, "bold": bold, **form})
            for name, form in (("", {}), ("share", {"num_format": "0.0%"}), ("minutes", {"num_format": "0.0"}))
        }
        for bold in (False, True)
    ]  # fmt: skip
    for number, line in enumerate(table.lines, 1):
        form = forms[number == len(table.lines)]
        for column, cell in enumerate(line):
            at = first + number, column
            if cell is None:
                page.write_blank(*at, None, form[""])
            elif isinstance(cell, str):
                write_text(page, *at, cell, form[""])
            elif isinstance(cell, Fraction):
                page.write_number(*at, float(cut(cell)), form["share"])
            else:
                page.write_number(*at, cell, form["minutes" if isinstance(cell, float) else ""])


def csv_text(table: Table) -> bytes:
    """The same as UTF-8 text with a mark, so that spreadsheets do not take it for another encoding."""
    shown, out = table.shown(), io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(quoted(heading) for heading in shown.headings)
    writer.writerows([_text(cell) for cell in line] for line in shown.lines)
    return out.getvalue().encode("utf-8-sig")


def _text(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, Fraction):
        return f"{float(cut(cell)):.3f}"
    return quoted(cell) if isinstance(cell, str) else str(cell)
