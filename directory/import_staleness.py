"""Whether a file would undo what was changed after it was exported. Pure: loads nothing, decides on values.

A workbook carries the number of the last change it has seen. Whatever changed later is not in it, and
a cell that nobody touched would set it back.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from directory.change_values import LEFT, POSTS, plain
from directory.import_cells import mask_mobile
from directory.import_courts import CourtAdded, CourtChanged
from directory.import_faults import CHANGED_SINCE, JOINED_SINCE, Fault, Place
from directory.import_officers import Departed, OfficerAdded, OfficerChanged
from directory.import_people import Person
from directory.import_tables import Record, fault_at


@dataclass(frozen=True, slots=True)
class Later:
    """What became of one field after the export.

    `at` is written for the reader; `former` are the values it had before each change, the exported
    one first; `own` is set when the last change was an import by whoever imports now.
    """

    who: str
    at: str
    former: tuple[Any, ...]
    own: bool = False

    def conflicts(self, given: Any) -> bool:
        """Whether to write `given` would lose something nobody has looked at.

        Who imports the same workbook again, further corrected, overwrites only their own work.
        """
        return not self.own or plain(given) in self.former


#: By code or number, then by field; a post is the field `posts.A`.
LaterChanges = Mapping[str | int, Mapping[str, Later]]


def stale(
    changed: Iterable[CourtAdded | CourtChanged | OfficerAdded | OfficerChanged],
    departed: Iterable[Departed],
    later: LaterChanges,
    courts: Mapping[str, Record],
    people: Iterable[Person],
) -> Iterator[Fault]:
    """Every field that a plan would change although somebody changed it after the export."""
    if not later:
        return
    by_number = {person.stored.id: person for person in people if person.stored}
    for change in changed:
        if isinstance(change, CourtChanged) and change.code in later:
            yield from _fields(change, later[change.code], courts[change.code])
        elif isinstance(change, OfficerChanged) and change.id in later:
            yield from _person(change, later[change.id], by_number[change.id])
    for gone in departed:
        joined = later.get(gone.id, {}).get(LEFT)
        if joined is not None:
            place = Place("--replace-courts", value=f"{gone.court_code}:{gone.name}")
            yield Fault(place, JOINED_SINCE, {"who": joined.who, "at": joined.at})


def _fields(
    change: CourtChanged | OfficerChanged, later: Mapping[str, Later], record: Record
) -> Iterator[Fault]:
    for one in change.changes:
        known = later.get(one.field)
        if known is not None and known.conflicts(one.after):
            yield _fault(record, one.field, known, one.before)


def _person(change: OfficerChanged, later: Mapping[str, Later], person: Person) -> Iterator[Fault]:
    for one in change.changes:
        known = later.get(one.field)
        if known is not None and known.conflicts(one.after):
            giving = (r for r in person.records if r.values.get(one.field) == one.after)
            yield _fault(next(giving, person.records[0]), one.field, known, one.before)
    if change.returned and LEFT in later:
        yield _fault(person.records[0], "name", later[LEFT], None)
    for post in change.posts:
        known = later.get(f"{POSTS}.{post.post}")
        named = person.posts.get(post.post)
        # A post that the file does not name, it would end.
        given = None if named is None else post.after
        if known is not None and known.conflicts(given):
            yield _fault(named or person.records[0], "post", known, post.before)


def _fault(record: Record, column: str, known: Later, stored: Any) -> Fault:
    facts = {"who": known.who, "at": known.at, "stored": _shown(column, stored)}
    return fault_at(record, column, CHANGED_SINCE, **facts)


def _shown(column: str, value: Any) -> str:
    if column == "mobile":
        value = mask_mobile(value)
    written = plain(value)
    if written in (None, "", []):
        return "—"
    if isinstance(written, dict):
        return "…".join(day or "" for day in written.values())
    return "|".join(written) if isinstance(written, list) else str(written)
