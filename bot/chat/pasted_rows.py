"""Reads filings out of text that people type or paste from a spreadsheet. Knows no directory and stores nothing.

A line is 编号 协作法院 管辖法院 案件类型, or follows a header row that names its columns in any order.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from directory.court_codes import looks_like_code, normalise

Field = Literal["reference", "collaborating_court", "jurisdiction_court", "case_type"]

#: The columns, in the order of a line without a header.
FIELDS: tuple[Field, ...] = (
    "reference",
    "collaborating_court",
    "jurisdiction_court",
    "case_type",
)

#: Case types as people write them, normalised, and the code each means.
_CASE_TYPES: Mapping[str, str] = MappingProxyType(
    {
        "民事一审": "civil_first_instance",
        "一审民事": "civil_first_instance",
        "民初": "civil_first_instance",
        "民事": "civil_first_instance",
        "civil": "civil_first_instance",
        "civilfirstinstance": "civil_first_instance",
        "firstinstancecivil": "civil_first_instance",
        "行政一审": "administrative_first_instance",
        "一审行政": "administrative_first_instance",
        "行初": "administrative_first_instance",
        "行政": "administrative_first_instance",
        "administrative": "administrative_first_instance",
        "administrativefirstinstance": "administrative_first_instance",
        "firstinstanceadministrative": "administrative_first_instance",
        "执行": "enforcement",
        "首次执行": "enforcement",
        "执": "enforcement",
        "enforcement": "enforcement",
        "刑事自诉": "private_prosecution",
        "自诉": "private_prosecution",
        "privateprosecution": "private_prosecution",
        "国家赔偿": "state_compensation",
        "国赔": "state_compensation",
        "statecompensation": "state_compensation",
        "民事申请再审": "civil_retrial_application",
        "申请再审": "civil_retrial_application",
        "民事再审": "civil_retrial_application",
        "民申": "civil_retrial_application",
        "retrial": "civil_retrial_application",
        "civilretrial": "civil_retrial_application",
        "civilretrialapplication": "civil_retrial_application",
    }
)

#: Headers as courts' tables have them, normalised.
_HEADERS: Mapping[str, Field] = MappingProxyType(
    {
        "编号": "reference",
        "立案编号": "reference",
        "申请编号": "reference",
        "业务编号": "reference",
        "案件编号": "reference",
        "跨域编号": "reference",
        "流水号": "reference",
        "reference": "reference",
        "协作": "collaborating_court",
        "协作法院": "collaborating_court",
        "协作代字": "collaborating_court",
        "协作法院代字": "collaborating_court",
        "协作法院名称": "collaborating_court",
        "collaborating": "collaborating_court",
        "collaboratingcourt": "collaborating_court",
        "管辖": "jurisdiction_court",
        "管辖法院": "jurisdiction_court",
        "管辖代字": "jurisdiction_court",
        "管辖法院代字": "jurisdiction_court",
        "管辖法院名称": "jurisdiction_court",
        "jurisdiction": "jurisdiction_court",
        "jurisdictioncourt": "jurisdiction_court",
        "案件类型": "case_type",
        "案件类别": "case_type",
        "类型": "case_type",
        "casetype": "case_type",
        "type": "case_type",
    }
)

#: A line with so many known headers is meant as a header row.
_FEWEST_HEADERS = 2

_SEPARATORS = re.compile(r"[,，、；;|｜]")
_NOT_A_LETTER = re.compile(r"[\s_\-]+")
_QUOTED = re.compile(r'"([^"]*)"')


@dataclass(frozen=True, slots=True)
class Row:
    """One line's values as written, trimmed. `line` counts from 1, the header and empty lines included."""

    line: int
    reference: str
    collaborating_court: str
    jurisdiction_court: str
    case_type: str


@dataclass(frozen=True, slots=True)
class LineFault:
    """A line that is no filing: `count` cells where four belong, or an empty `field`, or a header without it."""

    line: int
    kind: Literal["columns", "empty", "header"]
    text: str
    count: int = 0
    field: Field | None = None


@dataclass(frozen=True, slots=True)
class Paste:
    """What a text holds."""

    rows: tuple[Row, ...]
    faults: tuple[LineFault, ...]
    #: Whether a header row named the columns.
    headed: bool = False

    @property
    def is_meant_as_rows(self) -> bool:
        """Whether somebody who just pasted this, without a command, can only mean filings."""
        return bool(self.rows) and (
            self.headed
            or any(
                _names_a_court(row.collaborating_court) and _names_a_court(row.jurisdiction_court)
                for row in self.rows
            )
        )


def parse(text: str) -> Paste:
    """The filings in `text`, line by line; nothing is looked up and no value is judged."""
    lines = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    order: Sequence[Field | None] = FIELDS
    headed = False
    rows: list[Row] = []
    faults: list[LineFault] = []
    for position, (number, line) in enumerate(lines):
        cells = _cells(line)
        if position == 0 and _is_header(cells):
            headed = True
            order = [_HEADERS.get(_word(cell)) for cell in cells]
            missing = [field for field in FIELDS if field not in order]
            if missing:
                fault = LineFault(number, "header", line.strip(), len(cells), missing[0])
                return Paste((), (fault,), headed=True)
            continue
        if headed and "\t" not in line:
            # A row's last cells may be empty and so not be there at all once blanks separate them.
            cells = cells if len(cells) <= len(order) else _as_four(cells)
        elif not headed:
            cells = _as_four(cells)
        read = _row(number, line, cells, order)
        if isinstance(read, Row):
            rows.append(read)
        else:
            faults.append(read)
    return Paste(tuple(rows), tuple(faults), headed)


def case_type(text: str) -> str | None:
    """The code of the case type that people mean by `text`; None when it is none of them."""
    return _CASE_TYPES.get(_word(text).removesuffix("案件").removesuffix("案"))


def _row(
    number: int, line: str, cells: Sequence[str], order: Sequence[Field | None]
) -> Row | LineFault:
    wanted = sum(field is not None for field in order)
    if len(cells) < wanted or (order is FIELDS and len(cells) > wanted):
        return LineFault(number, "columns", line.strip(), len(cells))
    found: dict[Field, str] = {}
    for field, cell in zip(order, cells, strict=False):
        if field is not None:
            found.setdefault(field, cell)
    for field in FIELDS:
        if not found.get(field):
            return LineFault(number, "empty", line.strip(), len(cells), field)
    return Row(
        number,
        found["reference"],
        found["collaborating_court"],
        found["jurisdiction_court"],
        found["case_type"],
    )


def _cells(line: str) -> list[str]:
    """The line's cells: split at tabs, else at commas and their like, else at blanks."""
    if "\t" in line:
        cells = line.rstrip("\r\n").split("\t")
    elif _SEPARATORS.search(line):
        cells = _SEPARATORS.split(line)
    else:
        return line.split()
    cells = [_unquoted(cell.strip()) for cell in cells]
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _as_four(cells: list[str]) -> list[str]:
    """A case type in English has blanks of its own: what follows the third cell may be one of them."""
    if len(cells) > len(FIELDS) and case_type(" ".join(cells[3:])) is not None:
        return [*cells[:3], " ".join(cells[3:])]
    return cells


def _unquoted(cell: str) -> str:
    match = _QUOTED.fullmatch(cell)
    return match[1].strip() if match else cell


def _is_header(cells: Sequence[str]) -> bool:
    known = {_HEADERS[word] for word in map(_word, cells) if word in _HEADERS}
    return len(known) >= _FEWEST_HEADERS


def _word(text: str) -> str:
    return _NOT_A_LETTER.sub("", unicodedata.normalize("NFKC", text)).casefold()


def _names_a_court(text: str) -> bool:
    return looks_like_code(text) or normalise(text).endswith("法院")
