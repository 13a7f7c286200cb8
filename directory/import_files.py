"""Files made into tables: CSV in UTF-8 or GB18030, and XLSX that was found safe to open. Knows no column.

A workbook is a compressed archive from anywhere: 1.7 MB may hold half a gigabyte. Its parts are
checked before anything parses them, and the parsing is done by a child process with little memory
(`directory.workbook_reader`), whose death is only a refusal.
"""

import csv
import io
import json
import re
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from directory import workbook_reader
from directory.import_cells import Cell, text_of
from directory.import_faults import (
    CSV_BROKEN,
    ENCODING,
    FILE_EMPTY,
    FILE_KIND,
    FILE_MISSING,
    FILE_TOO_BIG,
    FILE_UNREADABLE,
    XLSX_BROKEN,
    XLSX_ERROR_CELL,
    XLSX_UNSAFE,
    Fault,
    Place,
    Unreadable,
)
from directory.import_tables import ExportMark, Row, Table

#: Largest file, and largest content of a workbook once inflated, in bytes.
LARGEST_BYTES = 64 * 2**20
MOST_MEMBERS = 200
HIGHEST_RATIO = 100
#: Below this many bytes a part is harmless however well it was compressed.
SMALL_MEMBER = 2**20
#: Seconds a workbook may take; 50,000 rows take less than one.
READING_SECONDS = 60

_CHUNK = 2**18
#: How much of a chunk is looked at again with the next: no mark is longer.
_OVERLAP = 512
#: Document types and entities, in UTF-8 and in both orders of UTF-16.
_DTD = tuple(
    word.encode(encoding)
    for word in ("<!DOCTYPE", "<!ENTITY")
    for encoding in ("ascii", "utf-16-le", "utf-16-be")
)
_ERROR_CELL = re.compile(rb"<c\b(?=[^>]*\st=\"e\")[^>]*\sr=\"([A-Z]{1,3}\d{1,7})\"")

#: The workbook's own properties, and the one that says what an export had seen.
_PROPERTIES = "docProps/custom.xml"
MARK_NAME = "LiaisonDirectory"
_MARK = re.compile(rf'<property\b[^>]*\bname="{MARK_NAME}"[^>]*>\s*<[\w:]+>([^<]{{1,80}})<')

#: Characters that make a spreadsheet take a text for a formula.
FORMULA_STARTS = "=+-@\t\r"


def read_files(paths: Iterable[Path]) -> tuple[tuple[Table, ...], tuple[Fault, ...]]:
    """All tables of the files, and what was wrong with files as a whole (none of them is skipped)."""
    tables: list[Table] = []
    faults: list[Fault] = []
    for path in paths:
        try:
            found = _read(path)
        except Unreadable as fault:
            faults.append(Fault(Place(str(path)), fault.reason, fault.data))
            continue
        except _UnreadableLine as fault:
            faults.append(Fault(Place(str(path), line=fault.line), CSV_BROKEN))
            continue
        if not found:
            faults.append(Fault(Place(str(path)), FILE_EMPTY))
        tables += found
    return tuple(tables), tuple(faults)


class _UnreadableLine(Exception):
    """The CSV is broken near this line."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


def _read(path: Path) -> list[Table]:
    readers = {".csv": _read_csv, ".xlsx": _read_workbook}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise Unreadable(FILE_KIND)
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise Unreadable(FILE_TOO_BIG, megabytes=LARGEST_BYTES // 2**20)
        return reader(path)
    except FileNotFoundError as fault:
        raise Unreadable(FILE_MISSING) from fault
    except OSError as fault:
        raise Unreadable(FILE_UNREADABLE) from fault


def unquoted(text: str) -> str:
    """Take off the quote that `quoted` put before what a spreadsheet would run as a formula."""
    if text.startswith("'") and text.lstrip("'").startswith(tuple(FORMULA_STARTS)):
        return text[1:]
    return text


def quoted(text: str) -> str:
    """Put a quote before a text that a spreadsheet would run as a formula; see `unquoted`."""
    return "'" + text if text.lstrip("'").startswith(tuple(FORMULA_STARTS)) else text


def _read_csv(path: Path) -> list[Table]:
    text = _decode(path.read_bytes())
    rows = list(_csv_rows(text))
    return [Table(str(path), None, rows[0], tuple(rows[1:]))] if rows else []


def _decode(content: bytes) -> str:
    """UTF-8 when the bytes are valid as such, which GB18030 text hardly ever is; else GB18030."""
    if content.startswith(b"PK\x03\x04") or b"\0" in content:
        raise Unreadable(ENCODING)
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError as fault:
            wrong = fault
    raise Unreadable(ENCODING) from wrong


def _csv_rows(text: str) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    number = 0
    try:
        for cells in reader:
            number += 1
            if any(text_of(cell) for cell in cells):
                yield Row(line, number, tuple(unquoted(cell) for cell in cells))
            line = reader.line_num + 1
    except csv.Error as fault:
        raise _UnreadableLine(line) from fault


def _read_workbook(path: Path) -> list[Table]:
    check_archive(path)
    mark = _mark(path)
    tables = []
    for sheet in _parsed(path):
        rows = [
            Row(number, number, tuple(_cell(value) for value in values))
            for number, values in enumerate(sheet["rows"], 1)
        ]
        full = [row for row in rows if any(text_of(cell) for cell in row.cells)]
        if full:
            name = str(sheet["name"])
            tables.append(Table(str(path), name, full[0], tuple(full[1:]), False, mark))
    return tables


def _mark(path: Path) -> ExportMark | None:
    """What a workbook that we exported says it has seen (`directory.exports` writes it)."""
    with zipfile.ZipFile(path) as archive:
        if _PROPERTIES not in archive.namelist():
            return None
        found = _MARK.search(archive.read(_PROPERTIES).decode("utf-8", "replace"))
    return ExportMark.parse(found[1]) if found else None


def _cell(value: Any) -> Cell:
    """A cell as the child wrote it: dates come as `{"date": …}`, the rest as itself."""
    if isinstance(value, dict):
        return date.fromisoformat(value["date"])
    plain: Cell = value
    return plain


def _parsed(path: Path) -> list[dict[str, Any]]:
    """The sheets as the child process reads them."""
    command = [sys.executable, "-I", workbook_reader.__file__, str(path)]
    try:
        done = subprocess.run(command, capture_output=True, check=True, timeout=READING_SECONDS)  # noqa: S603
        sheets: list[dict[str, Any]] = json.loads(done.stdout)
    except (subprocess.CalledProcessError, ValueError) as fault:
        died = isinstance(fault, subprocess.CalledProcessError) and (
            fault.returncode != workbook_reader.NOT_A_WORKBOOK
        )
        raise Unreadable(XLSX_UNSAFE if died else XLSX_BROKEN) from fault
    except subprocess.TimeoutExpired as fault:
        raise Unreadable(XLSX_UNSAFE) from fault
    return sheets


def check_archive(path: Path) -> None:
    """Refuse a workbook that is no archive, would inflate too far, holds a DTD or an error value.

    Raises:
        Unreadable: with the reason; what the archive says of itself is checked before inflating.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            _check_sizes(members)
            for member in members:
                _check_member(archive, member)
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError) as fault:
        # RuntimeError is how zipfile says that a part is encrypted, or compressed in an unknown way.
        raise Unreadable(XLSX_BROKEN) from fault


def _check_sizes(members: list[zipfile.ZipInfo]) -> None:
    total = sum(member.file_size for member in members)
    if len(members) > MOST_MEMBERS or total > LARGEST_BYTES:
        raise Unreadable(XLSX_UNSAFE)
    for member in members:
        ratio = member.file_size / max(member.compress_size, 1)
        if member.file_size > SMALL_MEMBER and ratio > HIGHEST_RATIO:
            raise Unreadable(XLSX_UNSAFE)


def _check_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    if not member.filename.lower().endswith((".xml", ".rels")):
        return
    is_sheet = member.filename.lower().startswith("xl/worksheets/")
    tail = b""
    with archive.open(member) as part:
        while chunk := part.read(_CHUNK):
            text = tail + chunk
            if any(word in text for word in _DTD):
                raise Unreadable(XLSX_UNSAFE)
            # An error value would be read as an empty cell, and clear what is stored.
            error = _ERROR_CELL.search(text) if is_sheet and b't="e"' in text else None
            if error is not None:
                raise Unreadable(XLSX_ERROR_CELL, cell=error[1].decode())
            tail = text[-_OVERLAP:]
