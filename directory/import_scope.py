"""Which rows of a file its sender may import: the others are left out, each with its line. Loads nothing, plans nothing.

What counts is the court of a row, as the directory knows it; a court that is new must say of itself, and
by its code, that it is of a province which the sender keeps.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from directory.access import Subject
from directory.court_codes import normalise
from directory.edit_values import NOT_YOUR_ENTRY, NOT_YOURS
from directory.import_faults import Fault
from directory.import_people import ExistingOfficer
from directory.import_tables import COLUMNS, Record, Table, fault_at, kind_of, read_rows

#: A column of people's accounts: those are linked by invitation, which only the person can accept.
ACCOUNT = "telegram_id"

#: Whether the sender may import what concerns an entry.
May = Callable[[Subject], bool]


@dataclass(frozen=True, slots=True)
class Scoped:
    """What is left of the tables, and what was left out of them."""

    tables: tuple[Table, ...]
    left_out: tuple[Fault, ...]
    #: Whether there was a column of accounts, which was passed over.
    without_accounts: bool
    #: Codes of courts of which the files name people, but not all who are of them.
    fewer: tuple[str, ...]


def within(
    tables: Iterable[Table],
    courts: Mapping[str, Mapping[str, Any]],
    people: Mapping[int, ExistingOfficer],
    may: May,
) -> Scoped:
    """Leave out what is not the sender's; a row that cannot be read stays, for the plan to refuse it."""
    kept: list[Table] = []
    left_out: list[Fault] = []
    officers: list[Record] = []
    accounts = False
    known = {code: str(court["province"]) for code, court in courts.items()}
    for table in tables:
        kind = kind_of(table)
        if kind is None:
            kept.append(table)
            continue
        records = {id(record.row): record for record in read_rows(table, COLUMNS[kind], [])}
        wrong = {
            key: fault
            for key, record in records.items()
            if (fault := _refused(record, kind, known, may)) is not None
        }
        left_out += wrong.values()
        rows = tuple(row for row in table.rows if id(row) not in wrong)
        if kind == "officers":
            officers += [record for key, record in records.items() if key not in wrong]
        narrowed, had = _without(replace(table, rows=rows), records)
        kept.append(narrowed)
        accounts |= had
    return Scoped(tuple(kept), tuple(left_out), accounts, _fewer(officers, people))


def _refused(record: Record, kind: str, known: Mapping[str, str], may: May) -> Fault | None:
    column = "code" if kind == "courts" else "court_code"
    code = record.values.get(column)
    if code is None:
        return None
    given = record.values.get("province")
    province = known.get(code)
    if province is None:
        if kind == "officers":
            # Of a court that the same file brings, whose own row is judged; else the plan says so.
            return None
        # A code that begins like none of the province's is not the province's to give.
        alike = {one for of, one in known.items() if of[:1] == code[:1]}
        if given is None or (alike and given not in alike):
            return fault_at(record, column, NOT_YOUR_ENTRY)
        province = given
    if not may(Subject(code, province)):
        return fault_at(record, column, NOT_YOUR_ENTRY)
    if given is not None and given != province:
        return fault_at(record, "province", NOT_YOURS)
    return None


def _without(table: Table, records: Mapping[int, Record]) -> tuple[Table, bool]:
    """The table without its column of accounts, and whether it had one with anything in it."""
    some = next(iter(records.values()), None)
    index = some.headings.get(ACCOUNT) if some is not None else None
    if index is None:
        return table, False
    full = any(record.values.get(ACCOUNT) is not None for record in records.values())
    rows = (table.header, *table.rows)
    narrowed = [replace(row, cells=row.cells[:index] + row.cells[index + 1 :]) for row in rows]
    return replace(table, header=narrowed[0], rows=tuple(narrowed[1:])), full


def _fewer(officers: Collection[Record], people: Mapping[int, ExistingOfficer]) -> tuple[str, ...]:
    """The courts that the rows name, but not everybody of them, however many others they bring.

    Whoever holds no post counts for nobody missing: no file of ours has a row for them.
    """
    numbers = {record.values.get("id") for record in officers}
    names: dict[str, set[str]] = {}
    for record in officers:
        code = record.values.get("court_code")
        if code is not None:
            names.setdefault(code, set()).add(normalise(str(record.values.get("name") or "")))
    missing = {
        person.court_code
        for person in people.values()
        if not person.left
        and person.posts
        and person.court_code in names
        and person.id not in numbers
        and normalise(person.name) not in names[person.court_code]
    }
    return tuple(sorted(missing))
