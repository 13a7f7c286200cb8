"""What the record of changes holds of an import, made from its plan. Writes nothing; see `directory.changes`."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from directory.change_values import LEFT, POSTS, filled, plain
from directory.import_courts import CourtAdded, CourtChanged
from directory.import_officers import OfficerAdded, OfficerChanged, PostChange
from directory.import_people import ExistingOfficer
from directory.import_plan import Plan


@dataclass(slots=True)
class Entry:
    """One change of one court or person, as `directory.changes.record` takes it."""

    court_code: str
    officer_id: int | None
    kind: str
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)

    def row(self, **facts: Any) -> dict[str, Any]:
        """A row of the record, with what all changes of one import share."""
        names = ("court_code", "officer_id", "kind", "before", "after")
        return {name: getattr(self, name) for name in names} | facts

    def set(self, name: str, before: Any, after: Any) -> None:
        """Note one field."""
        self.before[name], self.after[name] = plain(before), plain(after)


def entries(
    planned: Plan,
    ids: Sequence[int],
    known: Mapping[int, ExistingOfficer],
    now: datetime,
) -> list[Entry]:
    """Every change of the plan, courts first, one for each court and person.

    Args:
        planned: what was written.
        ids: the numbers that the people added were given, in the plan's order.
        known: the people as they were before.
        now: when it was written: since when people have left.
    """
    found = [*_courts(planned), *_added(planned, ids)]
    people: dict[int, Entry] = {}
    for change in planned.changed:
        if isinstance(change, OfficerChanged):
            people[change.id] = _changed(change, known[change.id])
    for gone in planned.departed:
        people[gone.id] = entry = Entry(gone.court_code, gone.id, "departed")
        entry.set(LEFT, None, now)
        _posts(entry, gone.posts)
    for number in planned.released:
        officer = known[number]
        entry = people.setdefault(number, Entry(officer.court_code, number, "changed"))
        # Whoever comes back in the same import may get another account at once.
        entry.set("telegram_id", officer.values["telegram_id"], entry.after.get("telegram_id"))
    return found + list(people.values())


def _courts(planned: Plan) -> Iterator[Entry]:
    for new in planned.added:
        if isinstance(new, CourtAdded):
            yield Entry(new.code, None, "added", {}, filled(new.values))
    for changed in planned.changed:
        if isinstance(changed, CourtChanged):
            entry = Entry(changed.code, None, "changed")
            for change in changed.changes:
                entry.set(change.field, change.before, change.after)
            yield entry


def _added(planned: Plan, ids: Sequence[int]) -> Iterator[Entry]:
    people = (officer for officer in planned.added if isinstance(officer, OfficerAdded))
    for number, officer in zip(ids, people, strict=True):
        values = {"court_code": officer.court_code, **officer.values, POSTS: officer.posts}
        yield Entry(officer.court_code, number, "added", {}, filled(values))


def _changed(change: OfficerChanged, known: ExistingOfficer) -> Entry:
    entry = Entry(change.court_code, change.id, "returned" if change.returned else "changed")
    if change.returned:
        entry.set(LEFT, known.left_at, None)
    for one in change.changes:
        entry.set(one.field, one.before, one.after)
    _posts(entry, change.posts)
    return entry


def _posts(entry: Entry, changes: Iterable[PostChange]) -> None:
    before = {change.post: change.before for change in changes}
    if before:
        entry.set(POSTS, before, {change.post: change.after for change in changes})
