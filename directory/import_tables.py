"""Tables as files hold them, the columns they may have, and their rows made into values. Knows no rule between rows."""

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal

from directory import import_cells as cells
from directory.court_codes import normalise
from directory.import_cells import Cell, Masked, Value, text_of
from directory.import_faults import (
    DUPLICATE_COLUMN,
    MISSING_COLUMN,
    NEEDED,
    NO_KIND,
    TOO_FEW_CELLS,
    TOO_MANY_CELLS,
    UNKNOWN_COLUMN,
    UNNAMED_COLUMN,
    Fault,
    Place,
    Reason,
    Unreadable,
)

Kind = Literal["courts", "officers"]

#: How much of a wrong value is repeated to its author.
SHOWN = 60


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its cells, the line it begins on and the row number a spreadsheet shows."""

    line: int
    row: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class ExportMark:
    """What a workbook of ours had seen: the number of the last change, and when that was made."""

    number: int
    at: str

    def __str__(self) -> str:
        """As it stands in the workbook's properties."""
        return f"{self.number} {self.at}".strip()

    @classmethod
    def parse(cls, text: str) -> "ExportMark | None":
        """The mark in a workbook's properties; None for anything else."""
        number, _, at = text.partition(" ")
        if not number.isascii() or not number.isdecimal() or len(number) > 18:
            return None
        return cls(int(number), at)


@dataclass(frozen=True, slots=True)
class Table:
    """One CSV file or one sheet of a workbook. Rows without any content are left out."""

    file: str
    sheet: str | None
    header: Row
    rows: tuple[Row, ...]
    #: Whether a row must have as many cells as the heading (text files; sheets are always even).
    even: bool = True
    #: Set for a workbook that we exported: what is newer than it must not be set back by it.
    mark: ExportMark | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its field, its Chinese heading, how a cell is read and how long a text may be."""

    field: str
    chinese: str
    read: Callable[[Cell, int], Value | Masked]
    limit: int = 0
    needed: bool = False


COURT_COLUMNS = (
    Column("code", "法院代字", cells.read_code, 16, needed=True),
    Column("name", "法院名称", cells.read_name, 128, needed=True),
    Column("level", "层级", cells.read_level, needed=True),
    Column("kind", "类型", cells.read_kind, 32),
    Column("parent_code", "上级代字", cells.read_code, 16),
    Column("province", "省份", cells.read_province, 32, needed=True),
    Column("city", "城市", cells.read_text, 64),
    Column("county", "区县", cells.read_text, 64),
    Column("division_code", "区划代码", cells.read_text, 12),
    Column("aliases", "别名", cells.read_aliases, 128),
    Column("code_status", "代字状态", cells.read_text, 16),
    Column("hours", "办公时间", cells.read_hours, 400),
    Column("timezone", "时区", cells.read_timezone, 64),
    Column("phone", "电话", cells.read_text, 64),
    Column("address", "地址", cells.read_text, 256),
    Column("group_chat_id", "群号", cells.read_chat),
    Column("answer_target_min", "应答时限", cells.read_target),
    Column("result_target_min", "反馈时限", cells.read_target),
)
OFFICER_COLUMNS = (
    Column("id", "编号", cells.read_account),
    Column("court_code", "法院代字", cells.read_code, 16, needed=True),
    Column("name", "姓名", cells.read_name, 64, needed=True),
    Column("post", "岗位", cells.read_post, 16, needed=True),
    Column("title", "职务", cells.read_text, 64),
    Column("department", "部门", cells.read_text, 64),
    Column("desk_phone", "办公电话", cells.read_text, 64),
    Column("mobile", "手机", cells.read_mobile, 16),
    Column("telegram_id", "电报号", cells.read_account),
    Column("valid_from", "起始日期", cells.read_date),
    Column("valid_to", "截止日期", cells.read_date),
)
COLUMNS: Mapping[Kind, tuple[Column, ...]] = MappingProxyType(
    {"courts": COURT_COLUMNS, "officers": OFFICER_COLUMNS}
)


@dataclass(frozen=True, slots=True)
class Record:
    """A row made into values. `values` holds what the file has columns for and what could be read."""

    table: Table
    row: Row
    headings: Mapping[str, int]
    values: Mapping[str, Any]

    def place(self, column: str | None = None) -> Place:
        """Where this row stands, and the cell of one of its fields."""
        index = self.headings.get(column) if column else None
        return _place(self.table, self.row, index)

    @property
    def where(self) -> str:
        """The row in a few characters, to be named from another row: 人员.csv:12."""
        sheet = f"[{self.table.sheet}]" if self.table.sheet else ""
        return f"{self.table.file}{sheet}:{self.row.line}"


@dataclass(slots=True)
class Reading:
    """All tables read: their records by kind, and everything that was wrong with single cells."""

    courts: list[Record] = field(default_factory=list)
    officers: list[Record] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    #: Kinds of which there is a table at all, be it empty.
    kinds: set[Kind] = field(default_factory=set)


def read_tables(tables: tuple[Table, ...]) -> Reading:
    """Recognise each table by its headings and read its rows; a wrong heading stops no other check."""
    reading = Reading()
    for table in tables:
        kind = kind_of(table)
        if kind is None:
            reading.faults.append(_no_kind(table))
            continue
        reading.kinds.add(kind)
        records = reading.courts if kind == "courts" else reading.officers
        records += read_rows(table, COLUMNS[kind], reading.faults)
    return reading


def read_rows(table: Table, known: tuple[Column, ...], faults: list[Fault]) -> list[Record]:
    """The rows of a table that may have the `known` columns; what is wrong with them goes into `faults`."""
    columns, wrong = _columns(table, known)
    faults += wrong
    headings = {column.field: index for index, column in columns.items()}
    unnamed = [
        index for index in range(len(table.header.cells)) if not text_of(table.header.cells[index])
    ]
    records: list[Record] = []
    for row in table.rows:
        wrong = list(_shape_faults(table, row, unnamed))
        faults += wrong
        if not wrong:
            records.append(Record(table, row, headings, _values(table, row, columns, faults)))
    return records


def kind_of(table: Table) -> Kind | None:
    """Whether the headings are those of courts or of officers; None when they fit both or neither."""
    found = {_heading(cell) for cell in table.header.cells}
    scores = {
        kind: len(found & (_BY_HEADING[kind].keys() - _BY_HEADING[other].keys()))
        for kind, other in (("courts", "officers"), ("officers", "courts"))
    }
    if scores["courts"] == scores["officers"]:
        return None
    return "courts" if scores["courts"] > scores["officers"] else "officers"


def _heading(cell: Cell) -> str:
    return normalise(text_of(cell)).replace("-", "_")


def _by_heading(columns: tuple[Column, ...]) -> dict[str, Column]:
    return {
        heading: column
        for column in columns
        for heading in (column.field, normalise(column.chinese))
    }


_BY_HEADING: dict[str, dict[str, Column]] = {
    kind: _by_heading(columns) for kind, columns in COLUMNS.items()
}


def _columns(table: Table, known: tuple[Column, ...]) -> tuple[dict[int, Column], list[Fault]]:
    """The columns by their index, and what is wrong with the headings."""
    by_heading = _by_heading(known)
    faults: list[Fault] = []
    columns: dict[int, Column] = {}
    seen: Counter[str] = Counter()
    for index, cell in enumerate(table.header.cells):
        heading = _heading(cell)
        if not heading:
            continue
        column = by_heading.get(heading)
        place = _place(table, table.header, index)
        if column is None:
            names = _named(known)
            faults.append(Fault(place, UNKNOWN_COLUMN, {"columns": names}))
            continue
        seen[column.field] += 1
        if seen[column.field] > 1:
            faults.append(Fault(place, DUPLICATE_COLUMN))
        else:
            columns[index] = column
    missing = [column for column in known if column.needed and not seen[column.field]]
    if missing:
        names = _named(missing)
        faults.append(Fault(_place(table, table.header), MISSING_COLUMN, {"columns": names}))
    return columns, faults


def _named(columns: Iterable[Column]) -> str:
    """The columns by both of their headings."""
    return "、".join(f"{column.chinese}（{column.field}）" for column in columns)


def _no_kind(table: Table) -> Fault:
    needed: dict[str, object] = {
        kind: _named(column for column in columns if column.needed)
        for kind, columns in COLUMNS.items()
    }
    return Fault(_place(table, table.header), NO_KIND, needed)


def _shape_faults(table: Table, row: Row, unnamed: list[int]) -> Iterator[Fault]:
    """What is wrong with the row as a whole. A lost comma would move every cell after it."""
    wanted, found = len(table.header.cells), len(row.cells)
    counts = {"found": found, "wanted": wanted}
    if table.even and found < wanted:
        yield Fault(_place(table, row), TOO_FEW_CELLS, counts)
    if any(text_of(cell) for cell in row.cells[wanted:]):
        yield Fault(_place(table, row), TOO_MANY_CELLS, counts)
    for index in unnamed:
        if index < found and text_of(row.cells[index]):
            yield Fault(_place(table, row, index), UNNAMED_COLUMN)


def _values(
    table: Table, row: Row, columns: Mapping[int, Column], faults: list[Fault]
) -> dict[str, Value | Masked]:
    values: dict[str, Value | Masked] = {}
    for index, column in columns.items():
        cell = row.cells[index] if index < len(row.cells) else None
        try:
            value = column.read(cell, column.limit)
        except Unreadable as fault:
            faults.append(Fault(_place(table, row, index), fault.reason, fault.data))
            continue
        if column.needed and value is None:
            faults.append(Fault(_place(table, row, index), NEEDED))
            continue
        values[column.field] = value
    return values


def _place(table: Table, row: Row, index: int | None = None) -> Place:
    heading = value = None
    if index is not None:
        if index < len(table.header.cells):
            heading = text_of(table.header.cells[index])
        if index < len(row.cells) and row is not table.header:
            value = _shown(text_of(row.cells[index]))
    return Place(table.file, table.sheet, row.line, row.row, heading, value)


def _shown(text: str) -> str:
    plain = unicodedata.normalize("NFC", text)
    return plain if len(plain) <= SHOWN else plain[:SHOWN] + "…"


def fault_at(record: Record, column: str | None, reason: Reason, **data: object) -> Fault:
    """A fault at a cell of a record, or at its row."""
    return Fault(record.place(column), reason, data)
