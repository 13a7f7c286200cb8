"""The directory written to files that `directory.imports` reads back unchanged, and empty templates of them.

Mobile numbers and chat accounts are personal data: masked and left out unless a full export is
asked for with a reason, which is recorded.
"""

import csv
import io
import os
import tempfile
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from directory.change_models import DirectoryChange
from directory.errors import DirectoryError
from directory.import_cells import CHINESE_WORDS, Cell, text_of
from directory.import_files import MARK_NAME, quoted
from directory.import_tables import COLUMNS, ExportMark, Kind
from directory.later import xlsxwriter
from directory.models import Court, DirectoryRecord, Officer, OfficerPost
from directory.officers import mask_mobile

#: Fields that only a full export writes; a column that is missing changes nothing on import.
FULL_ONLY = frozenset({"telegram_id"})

SHEETS: Mapping[Kind, str] = {"courts": "法院", "officers": "人员"}

#: In characters; the rest are `_WIDTH` wide.
_WIDTHS = {"name": 28, "address": 32, "aliases": 24, "hours": 28, "title": 18, "department": 18}
_WIDTH = 14
#: The last row of a sheet: fixed words are offered down to it, however many people a province has.
_LAST_ROW = 1_048_575
#: So many rows are fetched at once: some milliseconds of the event loop.
_AT_ONCE = 250

#: How mobile numbers leave: as ****, as 138****1234, whole. Import takes the first two for what is stored.
Numbers = Literal["hidden", "masked", "full"]
HIDDEN = "****"


class ExportKindUnknown(DirectoryError):
    """不能写成“{name}”这种文件。请用 .csv 或 .xlsx。"""


class ExportNotWritten(DirectoryError):
    """文件 {name} 写不了：{cause}。请换一个位置。"""


@dataclass(frozen=True, slots=True)
class Form:
    """How rows leave: their mobile numbers, whether chat accounts leave at all, words in Chinese or English."""

    numbers: Numbers = "masked"
    accounts: bool = False
    chinese: bool = False


#: As the command line writes it: masked, and with everything.
MASKED, FULL = Form(), Form("full", accounts=True)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One kind of rows ready to be written: the fields as headings, and the cells."""

    kind: Kind
    fields: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    #: Whether the headings are Chinese; both are understood on import.
    chinese: bool = False
    #: What the rows have seen, so that nothing newer is set back by the file.
    mark: ExportMark | None = field(default=None, compare=False)
    #: Whether whole mobile numbers are in it.
    whole: bool = field(default=False, compare=False)

    @property
    def headings(self) -> tuple[str, ...]:
        """What stands in the first row."""
        words = {column.field: column.chinese for column in COLUMNS[self.kind]}
        return tuple(words[field] for field in self.fields) if self.chinese else self.fields


async def sheets(session: AsyncSession, *, full: bool = False) -> tuple[Sheet, Sheet]:
    """The courts, and the people with one row a post; those who left are not in it.

    Somebody without a post has no row: a row says which post it gives.
    """
    return await sheets_of(session, FULL if full else MASKED)


async def sheets_of(
    session: AsyncSession, form: Form, codes: Collection[str] | None = None
) -> tuple[Sheet, Sheet]:
    """The same in another form, of the courts with these codes and their people; None for all."""
    # First: what changes meanwhile is in the rows and not in the mark, never the other way round.
    mark = await last_change(session)
    courts = select(Court.__table__).order_by(Court.code)
    people = (
        select(Officer.__table__, OfficerPost.post, OfficerPost.valid_from, OfficerPost.valid_to)
        .join(OfficerPost, OfficerPost.officer_id == Officer.id)
        .where(Officer.left_at.is_(None))
        .order_by(Officer.court_code, Officer.id, OfficerPost.id)
    )
    if codes is not None:
        courts = courts.where(Court.code.in_(codes))
        people = people.where(Officer.court_code.in_(codes))
    return (
        await _fetched(session, "courts", courts, form, mark),
        await _fetched(session, "officers", people, form, mark),
    )


async def _fetched(
    session: AsyncSession, kind: Kind, query: Select[Any], form: Form, mark: ExportMark
) -> Sheet:
    """The rows, a few at a time: of the nation only what is written stays in memory."""
    fields = _fields(kind, form)
    found = await session.stream(query.execution_options(yield_per=_AT_ONCE))
    rows = [_row(fields, row, form) async for row in found.mappings()]
    return Sheet(kind, fields, tuple(rows), form.chinese, mark, form.numbers == "full")


async def last_change(session: AsyncSession) -> ExportMark:
    """The mark of what is in the directory now."""
    query = select(DirectoryChange.id, DirectoryChange.at).order_by(DirectoryChange.id.desc())
    last = (await session.execute(query.limit(1))).first()
    return ExportMark(0, "") if last is None else ExportMark(last.id, last.at.isoformat())


def template(*, chinese: bool = True) -> tuple[Sheet, ...]:
    """Headings without rows; the number of a person is left out, export gives it where it is needed."""
    return tuple(
        Sheet(kind, tuple(c.field for c in columns if c.field != "id"), (), chinese)
        for kind, columns in COLUMNS.items()
    )


def record_full_export(
    session: AsyncSession, name: str, reason: str, *, who: str, now: datetime
) -> None:
    """Record that all numbers left for the file `name`, by whom and why. Before the file is written."""
    session.add(
        DirectoryRecord(
            at=now, who=who, kind="exported_full", subject=name[:128], detail=reason.strip()
        )
    )


def check_kind(path: Path) -> None:
    """Refuse a file that `write` could not write.

    Raises:
        ExportKindUnknown: neither .csv nor .xlsx.
    """
    if path.suffix.lower() not in {".csv", ".xlsx"}:
        raise ExportKindUnknown(name=path.name)


def write(path: Path, content: Sequence[Sheet]) -> list[Path]:
    """Write the sheets and give the files.

    A workbook holds both kinds; a CSV file holds one: people in `path`, courts beside it
    (`directory.csv`, `directory-courts.csv`). Each file appears whole or not at all, readable by
    its owner only.

    Raises:
        ExportKindUnknown: neither .csv nor .xlsx.
        ExportNotWritten: the place cannot be written to.
    """
    check_kind(path)
    if path.suffix.lower() == ".xlsx":
        files = {path: workbook(content)}
    else:
        beside = path.with_name(f"{path.stem}-courts{path.suffix}")
        files = {path if s.kind == "officers" else beside: _csv(s) for s in content}
    for target, data in files.items():
        replace_file(target, data)
    return sorted(files, key=lambda target: target != path)


def sheet(kind: Kind, rows: Iterable[Mapping[Any, Any]], *, full: bool) -> Sheet:
    """Rows of the database as they leave: without `full`, mobiles masked and chat accounts left out."""
    form = FULL if full else MASKED
    fields = _fields(kind, form)
    return Sheet(kind, fields, tuple(_row(fields, row, form) for row in rows))


def _fields(kind: Kind, form: Form) -> tuple[str, ...]:
    return tuple(c.field for c in COLUMNS[kind] if form.accounts or c.field not in FULL_ONLY)


def _row(fields: Iterable[str], row: Mapping[Any, Any], form: Form) -> tuple[Cell, ...]:
    values = dict(row)
    if form.numbers != "full" and values.get("mobile"):
        values["mobile"] = mask_mobile(values["mobile"]) if form.numbers == "masked" else HIDDEN
    if "aliases" in values:
        values["aliases"] = "|".join(values["aliases"])
    if form.chinese:
        for field_, words in CHINESE_WORDS.items():
            if field_ in values:
                values[field_] = words.get(values[field_], values[field_])
    return tuple(values[field_] for field_ in fields)


def _csv(sheet: Sheet) -> bytes:
    """UTF-8 with a mark, so that spreadsheets do not take it for another encoding."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(sheet.headings)
    writer.writerows([quoted(text_of(cell)) for cell in row] for row in sheet.rows)
    return out.getvalue().encode("utf-8-sig")


def workbook(content: Sequence[Sheet]) -> bytes:
    """The sheets as one XLSX file. It takes seconds for the nation: not on the event loop."""
    out = io.BytesIO()
    # Row by row through a folder of its own it takes 4 MB for the nation, else 160; but a whole number is
    # never written to a disk on the way.
    whole = any(sheet.whole for sheet in content)
    options = {
        "in_memory" if whole else "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(out, options) as workbook:
        heading = workbook.add_format({"bold": True})
        text = workbook.add_format({"num_format": "@"})
        day = workbook.add_format({"num_format": "yyyy-mm-dd"})
        mark = next((sheet.mark for sheet in content if sheet.mark), None)
        if mark is not None:
            workbook.set_custom_property(MARK_NAME, str(mark), "text")
        for sheet in content:
            page = workbook.add_worksheet(SHEETS[sheet.kind])
            page.freeze_panes(1, 0)
            for index, field in enumerate(sheet.fields):
                form = day if field.startswith("valid_") else text
                page.set_column(index, index, _WIDTHS.get(field, _WIDTH), form)
                page.write_string(0, index, sheet.headings[index], heading)
                _explain(page, index, sheet, field)
            for number, row in enumerate(sheet.rows, 1):
                for index, cell in enumerate(row):
                    if isinstance(cell, date):
                        page.write_datetime(number, index, cell, day)
                    elif cell is not None and cell != "":
                        write_text(page, number, index, text_of(cell), text)
    return out.getvalue()


def write_text(page: Any, row: int, column: int, content: str, form: Any) -> None:
    """Write a cell that stays the text it is, whatever it looks like."""
    if content.startswith("<r>") and content.endswith("</r>"):
        # The writer takes this for markup of its own; in two runs it is a text again.
        page.write_rich_string(row, column, content[:1], form, content[1:], form)
    else:
        page.write_string(row, column, content, form)


def _explain(page: Any, index: int, sheet: Sheet, field: str) -> None:
    """The Chinese heading as a note, and a list to choose from where there are fixed words."""
    column = next(column for column in COLUMNS[sheet.kind] if column.field == field)
    page.write_comment(0, index, f"{column.chinese}{'（必填）' if column.needed else ''}")
    if words := CHINESE_WORDS.get(field):
        source = list(words.values() if sheet.chinese else words)
        rule = {"validate": "list", "source": source, "error_type": "information"}
        page.data_validation(1, index, _LAST_ROW, index, rule)


def replace_file(target: Path, data: bytes) -> None:
    """Write a file that appears whole or not at all, readable by its owner only.

    Raises:
        ExportNotWritten: the place cannot be written to.
    """
    try:
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            Path(name).replace(target)
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as fault:
        raise ExportNotWritten(name=str(target), cause=fault.strerror or fault) from fault
