"""The courts of an import: rules between rows and with the courts already there. Knows no people."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from directory.court_codes import level_of, province_of
from directory.import_cells import Value
from directory.import_faults import (
    DUPLICATE_COURT,
    GROUP_CLEARED,
    LEVEL_AGAINST_CODE,
    PARENT_IS_ITSELF,
    PARENT_NOWHERE,
    PROVINCE_AGAINST_CODE,
    Fault,
)
from directory.import_tables import COURT_COLUMNS, Record, fault_at

#: What a column that is missing or empty means for a new court.
DEFAULTS: Mapping[str, Value] = {"kind": "general", "aliases": ()}

#: Courts whose parent may be unknown: the directory of one province has no 最高法.
TOP = frozenset({"supreme", "high"})

_LEVEL_WORDS = {
    "supreme": "最高",
    "high": "高级",
    "intermediate": "中级",
    "basic": "基层",
    "tribunal": "人民法庭",
}
#: 新 and 兵 share a province.
_ALSO = {"新疆生产建设兵团": "新疆维吾尔自治区"}


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field and what becomes of it."""

    field: str
    before: Value
    after: Value


@dataclass(frozen=True, slots=True)
class CourtAdded:
    """A new court, every field given."""

    code: str
    name: str
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class CourtChanged:
    """A court that gets other values."""

    code: str
    name: str
    changes: tuple[FieldChange, ...]


def unique_courts(records: Iterable[Record], faults: list[Fault]) -> dict[str, Record]:
    """The first record of each code; a second one is a fault."""
    courts: dict[str, Record] = {}
    for record in records:
        code = record.values.get("code")
        if code is None:
            continue
        if code in courts:
            faults.append(fault_at(record, "code", DUPLICATE_COURT, other=courts[code].where))
        else:
            courts[code] = record
    return courts


def check_courts(
    records: Mapping[str, Record],
    existing: Mapping[str, Mapping[str, Any]],
    faults: list[Fault],
    warnings: list[Fault],
) -> None:
    """Levels, provinces and parents against codes, the file and the courts already there."""
    parents = {code: court["parent_code"] for code, court in existing.items()}
    parents |= {
        code: record.values["parent_code"]
        for code, record in records.items()
        if "parent_code" in record.values
    }
    known = existing.keys() | records.keys()
    for code, record in records.items():
        for fault, is_warning in (
            *_against_code(code, record),
            *_parent(code, record, parents, known),
        ):
            (warnings if is_warning else faults).append(fault)
        stored = existing.get(code)
        if stored and stored["group_chat_id"] and record.values.get("group_chat_id", 0) is None:
            warnings.append(fault_at(record, "group_chat_id", GROUP_CLEARED))


def _against_code(code: str, record: Record) -> Iterator[tuple[Fault, bool]]:
    """Level and province against the code; a doubt, but a fault where posts and scopes hang on it."""
    level, by_code = record.values.get("level"), level_of(code)
    if level is not None and by_code is not None and level != by_code:
        fault = fault_at(record, "level", LEVEL_AGAINST_CODE, level=_LEVEL_WORDS[by_code])
        yield fault, not TOP & {level, by_code}
    province, by_code = record.values.get("province"), province_of(code)
    if province and by_code and province not in {by_code, _ALSO.get(by_code)}:
        yield fault_at(record, "province", PROVINCE_AGAINST_CODE, province=by_code), True


def _parent(
    code: str, record: Record, parents: Mapping[str, str | None], known: set[str]
) -> Iterator[tuple[Fault, bool]]:
    parent = record.values.get("parent_code")
    if parent is None:
        return
    if parent not in known:
        yield fault_at(record, "parent_code", PARENT_NOWHERE), record.values.get("level") in TOP
        return
    seen: set[str] = set()
    while parent is not None and parent != code and parent not in seen:
        seen.add(parent)
        parent = parents.get(parent)
    if parent == code:
        yield fault_at(record, "parent_code", PARENT_IS_ITSELF), False


def compare_courts(
    records: Mapping[str, Record], existing: Mapping[str, Mapping[str, Any]]
) -> Iterator[CourtAdded | CourtChanged]:
    """What the records add and change; courts that stay as they are do not come up."""
    for code, record in records.items():
        values: dict[str, Any] = {
            field: DEFAULTS[field] if field in DEFAULTS and not value else value
            for field, value in record.values.items()
        }
        stored = existing.get(code)
        if stored is None:
            empty = {column.field: DEFAULTS.get(column.field) for column in COURT_COLUMNS}
            yield CourtAdded(code, values["name"], empty | values)
            continue
        changes = tuple(
            FieldChange(field, stored[field], value)
            for field, value in values.items()
            if stored[field] != value
        )
        if changes:
            yield CourtChanged(code, stored["name"], changes)
