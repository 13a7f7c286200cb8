"""Files of shifts, rotations and leave, checked as a whole against the directory and the plans there are.

Loads nothing and writes nothing; `directory.roster_imports` does both. One table holds all three
kinds, told apart by the column 类别; without it a row is a shift or, with days of turn, a rotation.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

from directory import import_cells as cells
from directory.court_codes import normalise
from directory.import_cells import Cell, text_of
from directory.import_faults import Fault, Reason, Unreadable
from directory.import_people import Term
from directory.import_plan import in_order
from directory.import_tables import Column, Record, Table, fault_at, read_rows
from directory.roster import PLANNED_POSTS, held_on
from directory.roster_faults import (
    ALREADY_PLANNED,
    ALREADY_ROTATING,
    ASSIGNED_BEFORE,
    BAD_KIND,
    BAD_PLANNED_POST,
    COURT_UNKNOWN,
    DAYS_WITHOUT_ROTATION,
    ENDS_ROTATION,
    LEAVE_WITH_POST,
    ON_LEAVE,
    OVERLAPS_ROW,
    PERSON_AMBIGUOUS,
    PERSON_UNKNOWN,
    PERSON_WITHOUT_POST,
    REPLACES,
    REVERSED,
    SEVERAL_NAMES,
    TOO_LONG_A_SHIFT,
)

Kind = Literal["shift", "rotation", "leave"]

_KINDS: dict[str, Kind] = {
    "shift": "shift", "值班": "shift", "排班": "shift",
    "rotation": "rotation", "轮班": "rotation", "轮值": "rotation",
    "leave": "leave", "休假": "leave", "请假": "leave",
}  # fmt: skip

#: Most days of one entry, and of one turn.
LONGEST = 366
#: Days of a turn where the file does not say.
A_WEEK = 7

_SEPARATORS = re.compile(r"[、,，;；|｜/]+")


def _read_kind(cell: Cell, limit: int) -> str | None:  # noqa: ARG001
    text = normalise(text_of(cell))
    if not text:
        return None
    if text not in _KINDS:
        raise Unreadable(BAD_KIND)
    return _KINDS[text]


def _read_post(cell: Cell, limit: int) -> str | None:
    post = cells.read_post(cell, limit)
    if post is not None and post not in PLANNED_POSTS:
        raise Unreadable(BAD_PLANNED_POST)
    return post


def _read_names(cell: Cell, limit: int) -> tuple[str, ...] | None:
    parts = (cells.read_name(part, limit) for part in _SEPARATORS.split(text_of(cell)))
    return tuple(part for part in parts if part) or None


def _read_days(cell: Cell, limit: int) -> int | None:  # noqa: ARG001
    return cells.read_integer(cell, 1, LONGEST)


COLUMNS = (
    Column("kind", "类别", _read_kind),
    Column("court_code", "法院代字", cells.read_code, 16, needed=True),
    Column("post", "岗位", _read_post, 16),
    Column("name", "姓名", _read_names, 64, needed=True),
    Column("first_day", "起始日期", cells.read_date, needed=True),
    Column("last_day", "截止日期", cells.read_date),
    Column("days", "轮班天数", _read_days),
)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of a court who has not left."""

    id: int
    name: str
    posts: Mapping[str, Term]

    def answers_on(self, day: date) -> bool:
        """Whether a post is held that day from which filings are acknowledged."""
        return any(
            held_on(term.valid_from, term.valid_to, day)
            for post, term in self.posts.items()
            if post in PLANNED_POSTS
        )


@dataclass(frozen=True, slots=True)
class Entry:
    """One row made whole: who, where, when. `last_day` is None for a rotation without an end."""

    kind: Kind
    court_code: str
    post: str
    officer_ids: tuple[int, ...]
    names: tuple[str, ...]
    first_day: date
    last_day: date | None
    days: int = A_WEEK

    def shares_a_day(self, first: date, last: date | None) -> bool:
        """Whether some day lies in both spans."""
        return (last is None or self.first_day <= last) and (
            self.last_day is None or first <= self.last_day
        )


@dataclass(frozen=True, slots=True)
class Planned:
    """An entry that is stored already. `source` is a shift's."""

    entry: Entry
    source: str = "plan"


@dataclass(frozen=True, slots=True)
class Known:
    """What rows are checked against: the people of courts by code, and what is planned there."""

    people: Mapping[str, Sequence[Person]]
    planned: Mapping[str, Sequence[Planned]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RosterPlan:
    """What would be written, in the files' order; or the faults, and then nothing is."""

    entries: tuple[Entry, ...]
    #: Rows that say what is stored already.
    unchanged: int = 0
    faults: tuple[Fault, ...] = ()
    warnings: tuple[Fault, ...] = ()


def read(tables: Iterable[Table]) -> tuple[list[Record], list[Fault]]:
    """The rows of all tables, and what is wrong with single cells."""
    faults: list[Fault] = []
    return [record for table in tables for record in read_rows(table, COLUMNS, faults)], faults


def plan(
    records: Sequence[Record], faults: Sequence[Fault], known: Known, *, replace: bool = False
) -> RosterPlan:
    """Check every row, each against all others and against what is planned; all faults at once.

    Args:
        records: the rows that `read` gave.
        faults: what it found wrong with single cells.
        known: the directory and the plans of the courts named.
        replace: the files hold over what was planned before (swaps and assignments excepted).
    """
    found = list(faults)
    warnings: list[Fault] = []
    entries: list[Entry] = []
    seen: dict[tuple[object, ...], list[tuple[Record, Entry]]] = {}
    unchanged = 0
    for record in records:
        entry = _entry(record, known, found)
        if entry is None:
            continue
        alike = seen.setdefault(_desk(entry), [])
        for other, earlier in alike:
            if entry.shares_a_day(earlier.first_day, earlier.last_day):
                found.append(fault_at(record, "first_day", OVERLAPS_ROW, other=other.where))
        alike.append((record, entry))
        stored = known.planned.get(entry.court_code, ())
        if any(one.entry == entry for one in stored):
            unchanged += 1
            continue
        wrong, doubtful = _against(record, entry, stored, replace=replace)
        found += wrong
        warnings += doubtful
        entries.append(entry)
    if found:
        return RosterPlan((), 0, in_order(found), in_order(warnings))
    return RosterPlan(tuple(entries), unchanged, (), in_order(warnings))


def _entry(record: Record, known: Known, faults: list[Fault]) -> Entry | None:
    """The row as an entry; None when it cannot be one, with the reason among the faults."""
    values = record.values
    if not {"court_code", "name", "first_day"} <= values.keys():
        return None
    before = len(faults)
    days = values.get("days")
    kind: Kind = values.get("kind") or ("rotation" if days else "shift")
    first: date = values["first_day"]
    last = values.get("last_day") or (None if kind == "rotation" else first)
    faults += _shape(record, kind, first, last)
    people = _people(record, known, faults)
    if kind != "leave":
        for person in people:
            if not person.answers_on(first):
                faults.append(
                    fault_at(record, "name", PERSON_WITHOUT_POST, name=person.name, day=first)
                )
    if len(faults) > before:
        return None
    return Entry(
        kind,
        values["court_code"],
        "" if kind == "leave" else values.get("post") or "A",
        tuple(person.id for person in people),
        tuple(person.name for person in people),
        first,
        last,
        days or A_WEEK,
    )


def _shape(record: Record, kind: Kind, first: date, last: date | None) -> Iterator[Fault]:
    """What is wrong with a row by itself."""
    values = record.values
    if kind != "rotation" and len(values["name"]) > 1:
        yield fault_at(record, "name", SEVERAL_NAMES)
    if kind != "rotation" and values.get("days"):
        yield fault_at(record, "days", DAYS_WITHOUT_ROTATION)
    if kind == "leave" and values.get("post"):
        yield fault_at(record, "post", LEAVE_WITH_POST)
    if last is not None and last < first:
        yield fault_at(record, "last_day", REVERSED, first=first, last=last)
    elif last is not None and kind != "rotation" and last - first >= timedelta(days=LONGEST):
        yield fault_at(record, "last_day", TOO_LONG_A_SHIFT, first=first, last=last)


def _people(record: Record, known: Known, faults: list[Fault]) -> list[Person]:
    """Those whom the row names, each by name or by number."""
    code = record.values["court_code"]
    if code not in known.people:
        faults.append(fault_at(record, "court_code", COURT_UNKNOWN, code=code))
        return []
    found: list[Person] = []
    for name in record.values["name"]:
        key = normalise(name)
        fitting = [p for p in known.people[code] if key in {normalise(p.name), str(p.id)}]
        if len(fitting) == 1:
            found.append(fitting[0])
        elif fitting:
            choices = "、".join(str(person.id) for person in fitting)
            count = len(fitting)
            faults.append(
                fault_at(record, "name", PERSON_AMBIGUOUS, name=name, count=count, choices=choices)
            )
        else:
            choices = "、".join(person.name for person in known.people[code][:12]) or "—"
            faults.append(fault_at(record, "name", PERSON_UNKNOWN, name=name, choices=choices))
    return found


def _desk(entry: Entry) -> tuple[object, ...]:
    """What two rows must not both fill on one day: a post of a court or, of leave, a person."""
    people = entry.officer_ids if entry.kind == "leave" else ()
    return (entry.kind, entry.court_code, entry.post, people)


def _against(
    record: Record, entry: Entry, stored: Iterable[Planned], *, replace: bool
) -> tuple[list[Fault], list[Fault]]:
    """What of the stored plans stands against the row: faults, and what is only worth knowing."""
    faults: list[Fault] = []
    warnings: list[Fault] = []

    def note(into: list[Fault], reason: Reason, one: Entry) -> None:
        facts = {"name": "、".join(one.names), "first": one.first_day, "last": one.last_day}
        into.append(fault_at(record, "first_day", reason, **facts))

    for planned in stored:
        one = planned.entry
        if not entry.shares_a_day(one.first_day, one.last_day):
            continue
        if one.kind == "leave" and entry.kind == "shift" and one.officer_ids == entry.officer_ids:
            note(warnings, ON_LEAVE, one)
        if one.kind != entry.kind or one.post != entry.post or entry.kind == "leave":
            continue
        if entry.kind == "rotation":
            reason = ENDS_ROTATION if replace else ALREADY_ROTATING
            note(warnings if replace else faults, reason, one)
        elif one.officer_ids != entry.officer_ids:
            if planned.source != "plan":
                note(warnings, ASSIGNED_BEFORE, one)
            else:
                note(warnings if replace else faults, REPLACES if replace else ALREADY_PLANNED, one)
    return faults, warnings
