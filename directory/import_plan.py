"""What an import would do to the directory: added, changed, departed, or everything that stands in its way.

Loads nothing and writes nothing; `directory.imports` does both. Rules between rows are in
`import_courts`, `import_people` and `import_officers`.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from directory.court_codes import normalise
from directory.import_courts import (
    TOP,
    CourtAdded,
    CourtChanged,
    check_courts,
    compare_courts,
    unique_courts,
)
from directory.import_faults import (
    COORDINATOR_BELOW,
    COURT_NOWHERE,
    REPLACED_BY_NOBODY,
    REPLACED_COURT_NOWHERE,
    REPLACED_WITHOUT_OFFICERS,
    Fault,
    Place,
)
from directory.import_officers import (
    Departed,
    HeavyDeparture,
    OfficerAdded,
    OfficerChanged,
    check_accounts,
    check_people,
    compare_people,
    departures,
    heavy_departures,
)
from directory.import_people import ExistingOfficer, people_of
from directory.import_staleness import LaterChanges, stale
from directory.import_tables import Reading, Record, Table, fault_at, read_tables
from directory.roster import COORDINATOR

_OPTION = "--replace-courts"


@dataclass(frozen=True, slots=True)
class Existing:
    """The directory as it stands: courts' fields by code, and people by number, those who left too."""

    courts: Mapping[str, Mapping[str, Any]]
    officers: Mapping[int, ExistingOfficer]
    #: What changed after the files were exported; empty when they may overwrite it.
    later: LaterChanges = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Plan:
    """All that an import does.

    `released` are people who left and whose account is free from now on. `heavy` names courts that
    lose many people at once, and `import_id` is the number under which the import was written.
    """

    added: tuple[CourtAdded | OfficerAdded, ...]
    changed: tuple[CourtChanged | OfficerChanged, ...]
    departed: tuple[Departed, ...]
    warnings: tuple[Fault, ...] = ()
    released: tuple[int, ...] = ()
    heavy: tuple[HeavyDeparture, ...] = ()
    import_id: int | None = None

    @property
    def is_empty(self) -> bool:
        """Whether the directory is already as the files say."""
        return not (self.added or self.changed or self.departed)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Every fault that was found; nothing may be written."""

    faults: tuple[Fault, ...]
    warnings: tuple[Fault, ...] = ()


def plan(
    existing: Existing,
    tables: Iterable[Table],
    *,
    replace_courts: Collection[str] = (),
    today: date,
) -> Plan | Refusal:
    """Compare files with the directory.

    Args:
        existing: the directory as it stands.
        tables: the files' tables in any order; officers may be of courts of the same call.
        replace_courts: codes of courts whose people the files hold in full: others depart.
        today: the day on which posts end, local to the installation.
    """
    reading = read_tables(tuple(tables))
    faults, warnings = reading.faults, list[Fault]()
    courts = unique_courts(reading.courts, faults)
    check_courts(courts, existing.courts, faults, warnings)
    levels = {code: court["level"] for code, court in existing.courts.items()}
    levels |= {code: record.values.get("level") for code, record in courts.items()}
    _check_posts(reading.officers, levels, faults)
    replaced = {normalise(code) for code in replace_courts}
    _check_replaced(replaced, levels, reading, faults, warnings)
    people = people_of(reading.officers, existing.officers, faults, warnings)
    check_people(people, faults, warnings)
    departed = tuple(departures(people, existing.officers, replaced, today))
    departing = {officer.id for officer in departed}
    released = check_accounts(people, existing.officers, departing, faults, warnings)
    held = (n for n in departing if existing.officers[n].values["telegram_id"] is not None)
    released = tuple(dict.fromkeys((*released, *held)))
    if faults:
        return Refusal(in_order(faults), in_order(warnings))
    of_people = list(compare_people(people, replaced, today, warnings))
    changes = [*compare_courts(courts, existing.courts), *of_people]
    faults += stale(changes, departed, existing.later, courts, people)
    if faults:
        return Refusal(in_order(faults), in_order(warnings))
    return Plan(
        tuple(c for c in changes if isinstance(c, CourtAdded | OfficerAdded)),
        tuple(c for c in changes if isinstance(c, CourtChanged | OfficerChanged)),
        departed,
        in_order(warnings),
        released,
        heavy_departures(departed, existing.officers),
    )


def in_order(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """The faults as somebody reads the files: by file, sheet and line."""
    return tuple(
        sorted(faults, key=lambda f: (f.place.file, f.place.sheet or "", f.place.line or 0))
    )


def _check_posts(
    records: Iterable[Record], levels: Mapping[str, str | None], faults: list[Fault]
) -> None:
    for record in records:
        code = record.values.get("court_code")
        if code is None:
            continue
        if code not in levels:
            faults.append(fault_at(record, "court_code", COURT_NOWHERE, code=code))
        elif record.values.get("post") == COORDINATOR and levels[code] not in {*TOP, None}:
            faults.append(fault_at(record, "post", COORDINATOR_BELOW, code=code[:1]))


def _check_replaced(
    replaced: Collection[str],
    levels: Mapping[str, str | None],
    reading: Reading,
    faults: list[Fault],
    warnings: list[Fault],
) -> None:
    place = Place(_OPTION)
    if replaced and "officers" not in reading.kinds:
        faults.append(Fault(place, REPLACED_WITHOUT_OFFICERS))
        return
    named = {record.values.get("court_code") for record in reading.officers}
    for code in sorted(replaced):
        if code not in levels:
            faults.append(Fault(place, REPLACED_COURT_NOWHERE, {"code": code}))
        elif code not in named:
            warnings.append(Fault(place, REPLACED_BY_NOBODY, {"code": code}))
