"""Who the rows of an import are: rows of one person brought together, and found among those already there."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from directory.court_codes import normalise
from directory.import_cells import MASKED
from directory.import_faults import (
    CONTRADICTION,
    DUPLICATE_POST,
    ID_ELSEWHERE,
    ID_NOT_OURS,
    ID_TAKEN_BY_NAME,
    NAME_AMBIGUOUS,
    Fault,
)
from directory.import_tables import Record, fault_at

#: What belongs to the person whatever the post.
PERSON_FIELDS = ("name", "title", "department", "desk_phone", "mobile", "telegram_id")

#: The largest number that a new person brings along: after it the database goes on counting, and a telephone
#: or identity number in the wrong column must not leave it without any.
LARGEST_NEW = 999_999_999


@dataclass(frozen=True, slots=True)
class Term:
    """First and last local day of a post, both inclusive; None is open."""

    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class ExistingOfficer:
    """A person already in the directory. `values` holds `PERSON_FIELDS`."""

    id: int
    court_code: str
    values: Mapping[str, Any]
    left: bool
    posts: Mapping[str, Term]
    left_at: datetime | None = None

    @property
    def name(self) -> str:
        """The person's name."""
        return str(self.values["name"])


@dataclass(slots=True)
class Person:
    """One person of the files: what their rows say together."""

    court_code: str
    name: str
    #: Who it is in the directory; None for somebody new.
    stored: ExistingOfficer | None
    #: The number a new person brings along.
    new_id: int | None
    records: list[Record] = field(default_factory=list)
    values: dict[str, Any] = field(default_factory=dict)
    #: Each post with the row that gives it.
    posts: dict[str, Record] = field(default_factory=dict)


@dataclass(slots=True)
class _Known:
    """The directory's people, by number and by court and name."""

    by_id: Mapping[int, ExistingOfficer]
    active: dict[tuple[str, str], list[ExistingOfficer]] = field(default_factory=dict)
    left: dict[tuple[str, str], list[ExistingOfficer]] = field(default_factory=dict)


def people_of(
    records: Iterable[Record],
    existing: Mapping[int, ExistingOfficer],
    faults: list[Fault],
    warnings: list[Fault],
) -> list[Person]:
    """The persons of the files, each with all their rows, in the order of their first rows.

    A number that is known is that person; an unknown one is taken by name where exactly one person
    of the court has it, else it becomes a new person's number (as when an export is read into an
    empty directory). Without a number, court and name must fit one person.
    """
    known = _Known(existing)
    for officer in existing.values():
        kind = known.left if officer.left else known.active
        kind.setdefault(_key(officer.court_code, officer.name), []).append(officer)
    groups: dict[object, list[Record]] = {}
    for record in records:
        if {"court_code", "name"} <= record.values.keys():
            number = record.values.get("id")
            groups.setdefault(number or _key_of(record), []).append(record)
    people = _numbered(groups, known, faults, warnings)
    _named(groups, known, people, faults)
    for person in people.values():
        person.records.sort(key=lambda record: (record.table.file, record.row.line))
        _merge(person, faults)
    return list(people.values())


def _key(court_code: str, name: str) -> tuple[str, str]:
    return court_code, normalise(name)


def _key_of(record: Record) -> tuple[str, str]:
    return _key(record.values["court_code"], record.values["name"])


def _numbered(
    groups: Mapping[object, list[Record]],
    known: _Known,
    faults: list[Fault],
    warnings: list[Fault],
) -> dict[object, Person]:
    """The persons of rows with a number, by their number."""
    people: dict[object, Person] = {}
    unknown: dict[tuple[str, str], list[int]] = {}
    for number, records in groups.items():
        if not isinstance(number, int):
            continue
        stored = known.by_id.get(number)
        first = records[0]
        strangers = [r for r in records if r.values["court_code"] != first.values["court_code"]]
        if stored is not None:
            strangers = [r for r in records if r.values["court_code"] != stored.court_code]
        if strangers:
            court = stored.court_code if stored else first.values["court_code"]
            faults += [fault_at(record, "id", ID_ELSEWHERE, court=court) for record in strangers]
            continue
        if stored is None and number > LARGEST_NEW:
            faults += [fault_at(record, "id", ID_NOT_OURS) for record in records]
            continue
        court_code, name = first.values["court_code"], first.values["name"]
        person = Person(court_code, name, stored, None if stored else number, list(records))
        people[number] = person
        if stored is None:
            unknown.setdefault(_key_of(first), []).append(number)
    for key, numbers in unknown.items():
        namesakes = [o for o in known.active.get(key, ()) if o.id not in people]
        if len(numbers) == len(namesakes) == 1:
            person = people.pop(numbers[0])
            person.stored, person.new_id = namesakes[0], None
            people[namesakes[0].id] = person
            place = {"officer": namesakes[0].id}
            warnings.append(fault_at(person.records[0], "id", ID_TAKEN_BY_NAME, **place))
    return people


def _named(
    groups: Mapping[object, list[Record]],
    known: _Known,
    people: dict[object, Person],
    faults: list[Fault],
) -> None:
    """Add the rows without a number: to a person of that court and name, or as somebody new."""
    numbered: dict[tuple[str, str], list[Person]] = {}
    for person in people.values():
        numbered.setdefault(_key(person.court_code, person.name), []).append(person)
    for key, records in groups.items():
        if not isinstance(key, tuple):
            continue
        fitting = numbered.get(key, [])
        in_file = {person.stored.id for person in fitting if person.stored}
        others = [officer for officer in known.active.get(key, ()) if officer.id not in in_file]
        if not fitting and not others:
            others = known.left.get(key, [])
        if len(fitting) + len(others) > 1:
            ids = [person.stored.id if person.stored else person.new_id for person in fitting]
            choices = "、".join(str(n) for n in [*ids, *(officer.id for officer in others)])
            counts = {"count": len(fitting) + len(others), "choices": choices}
            faults += [fault_at(record, "name", NAME_AMBIGUOUS, **counts) for record in records]
        elif fitting:
            fitting[0].records += records
        elif others and others[0].id in people:
            people[others[0].id].records += records
        else:
            stored = others[0] if others else None
            name = records[0].values["name"]
            person = Person(key[0], name, stored, None, list(records))
            people[stored.id if stored else key] = person


def _merge(person: Person, faults: list[Fault]) -> None:
    """Bring the rows together. Rows may leave out what another says, never say something else."""
    given: dict[str, Record] = {}
    for record in person.records:
        post = record.values.get("post")
        if post in person.posts:
            other = person.posts[post].where
            faults.append(fault_at(record, "post", DUPLICATE_POST, other=other))
        elif post is not None:
            person.posts[post] = record
        for name in PERSON_FIELDS:
            if name not in record.values:
                continue
            value = record.values[name]
            earlier = person.values.get(name)
            if earlier is None or earlier is MASKED:
                if value is not None or name not in person.values:
                    person.values[name] = value
                    given[name] = record
            elif value not in (None, MASKED, earlier):
                faults.append(_contradiction(record, name, given[name], earlier))


def _contradiction(record: Record, name: str, earlier: Record, value: object) -> Fault:
    return fault_at(record, name, CONTRADICTION, other=earlier.where, earlier=value)
