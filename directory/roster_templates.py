"""The empty table of shifts that `directory.roster_files` reads back once it was filled in."""

import csv
import io
from pathlib import Path

from directory.exports import check_kind, replace_file
from directory.later import xlsxwriter
from directory.roster_files import COLUMNS

SHEET = "排班"

#: Rows below the heading for which fixed words are offered.
_LISTED_ROWS = 2000
_WORDS = {"kind": ["值班", "轮班", "休假"], "post": ["A岗", "B岗", "带班领导"]}
_DAYS = frozenset({"first_day", "last_day"})


def write(path: Path, *, chinese: bool = True) -> None:
    """Write the headings to a .csv or .xlsx file.

    Raises:
        ExportKindUnknown: neither .csv nor .xlsx.
        ExportNotWritten: the place cannot be written to.
    """
    check_kind(path)
    headings = [column.chinese if chinese else column.field for column in COLUMNS]
    workbook = path.suffix.lower() == ".xlsx"
    replace_file(path, _workbook(headings) if workbook else _csv(headings))


def _csv(headings: list[str]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out).writerow(headings)
    return out.getvalue().encode("utf-8-sig")


def _workbook(headings: list[str]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as workbook:
        bold = workbook.add_format({"bold": True})
        text = workbook.add_format({"num_format": "@"})
        day = workbook.add_format({"num_format": "yyyy-mm-dd"})
        page = workbook.add_worksheet(SHEET)
        page.freeze_panes(1, 0)
        for index, (column, heading) in enumerate(zip(COLUMNS, headings, strict=True)):
            page.set_column(index, index, 16, day if column.field in _DAYS else text)
            page.write_string(0, index, heading, bold)
            if words := _WORDS.get(column.field):
                rule = {"validate": "list", "source": words, "error_type": "information"}
                page.data_validation(1, index, _LISTED_ROWS, index, rule)
    return out.getvalue()
