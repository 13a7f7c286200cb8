"""The people of an import: their posts, terms and accounts against the directory, and who departs. Knows no file."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from directory.import_cells import MASKED
from directory.import_courts import FieldChange
from directory.import_faults import (
    ACCOUNT_RELEASED,
    ACCOUNT_TAKEN,
    ACCOUNT_TWICE,
    DATES_REVERSED,
    MASK_OF_ANOTHER,
    MASK_WITHOUT_NUMBER,
    POST_OVER,
    Fault,
)
from directory.import_people import PERSON_FIELDS, ExistingOfficer, Person, Term
from directory.import_tables import Record, fault_at

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class PostChange:
    """A post and its term before and after; None before is a new post, None after one never begun."""

    post: str
    before: Term | None
    after: Term | None


@dataclass(frozen=True, slots=True)
class OfficerAdded:
    """A new person. `new_id` is set when the file gives them a number."""

    court_code: str
    name: str
    new_id: int | None
    values: Mapping[str, Any]
    posts: Mapping[str, Term]


@dataclass(frozen=True, slots=True)
class OfficerChanged:
    """A person who gets other values or posts; `returned` when they had left."""

    id: int
    court_code: str
    name: str
    changes: tuple[FieldChange, ...]
    posts: tuple[PostChange, ...]
    returned: bool = False


@dataclass(frozen=True, slots=True)
class Departed:
    """A person whom the file, said to be complete, no longer names."""

    id: int
    court_code: str
    name: str
    posts: tuple[PostChange, ...]


#: A court loses many people at once: more than one in so many, or more than so many.
_HEAVY_SHARE, _HEAVY_COUNT = 5, 50


@dataclass(frozen=True, slots=True)
class HeavyDeparture:
    """A court of which more than a fifth of the people, or more than fifty, would depart."""

    court_code: str
    departed: int
    people: int


def heavy_departures(
    departed: Iterable[Departed], existing: Mapping[int, ExistingOfficer]
) -> tuple[HeavyDeparture, ...]:
    """The courts that lose many people at once: a file that is not complete looks like this."""
    gone = Counter(officer.court_code for officer in departed)
    present = Counter(o.court_code for o in existing.values() if not o.left)
    return tuple(
        HeavyDeparture(code, count, present[code])
        for code, count in sorted(gone.items())
        if count * _HEAVY_SHARE > present[code] or count > _HEAVY_COUNT
    )


def check_people(people: Iterable[Person], faults: list[Fault], warnings: list[Fault]) -> None:
    """Terms must not be reversed; masked numbers must have something behind them."""
    for person in people:
        stored = person.stored
        for post, record in person.posts.items():
            before = stored.posts.get(post) if stored and not stored.left else None
            term = _term(record, before)
            if term.valid_from and term.valid_to and term.valid_from > term.valid_to:
                days = {"first": term.valid_from, "last": term.valid_to}
                column = "valid_from" if "valid_from" in record.headings else "valid_to"
                faults.append(fault_at(record, column, DATES_REVERSED, **days))
        if person.values.get("mobile") is MASKED:
            warnings.extend(_mask(person))


def _mask(person: Person) -> Iterator[Fault]:
    record = next(r for r in person.records if r.values.get("mobile") is MASKED)
    stored = person.stored.values["mobile"] if person.stored else None
    if stored is None:
        yield fault_at(record, "mobile", MASK_WITHOUT_NUMBER)
        return
    shown = "".join(c for c in (record.place("mobile").value or "") if c.isdigit() or c == "*")
    if len(shown) == len(stored) and any(
        mask not in ("*", digit) for mask, digit in zip(shown, stored, strict=True)
    ):
        yield fault_at(record, "mobile", MASK_OF_ANOTHER)


def _term(record: Record, before: Term | None) -> Term:
    """The term a row gives; what its file has no column for stays as it was."""
    earlier = before or Term()
    return Term(
        record.values.get("valid_from", earlier.valid_from),
        record.values.get("valid_to", earlier.valid_to),
    )


def check_accounts(
    people: Iterable[Person],
    existing: Mapping[int, ExistingOfficer],
    departing: Collection[int],
    faults: list[Fault],
    warnings: list[Fault],
) -> tuple[int, ...]:
    """One account, one person. Gives the people who left and whose account another takes over."""
    people = list(people)
    holders = {o.values["telegram_id"]: o for o in existing.values()}
    holders.pop(None, None)
    #: People of the file who hold an account and get another one: theirs is free.
    moving = {
        person.stored.id
        for person in people
        if person.stored
        and person.values.get("telegram_id") not in (None, person.stored.values["telegram_id"])
    }
    given: dict[int, Person] = {}
    released: list[int] = []
    for person in people:
        account = person.values.get("telegram_id")
        if account is None:
            continue
        record = next(r for r in person.records if r.values.get("telegram_id") == account)
        if account in given:
            other = given[account].records[0].where
            faults.append(fault_at(record, "telegram_id", ACCOUNT_TWICE, other=other))
            continue
        given[account] = person
        holder = holders.get(account)
        if holder is None or holder is person.stored or holder.id in moving:
            continue
        whose = {"name": holder.name, "court": holder.court_code}
        if holder.left or holder.id in departing:
            released.append(holder.id)
            warnings.append(fault_at(record, "telegram_id", ACCOUNT_RELEASED, **whose))
        else:
            fault = fault_at(record, "telegram_id", ACCOUNT_TAKEN, **whose, officer=holder.id)
            faults.append(fault)
    return tuple(released)


def compare_people(
    people: Iterable[Person], replaced: Collection[str], today: date, warnings: list[Fault]
) -> Iterator[OfficerAdded | OfficerChanged]:
    """What the files add and change; people who stay as they are do not come up."""
    for person in people:
        values = _values(person)
        stored = person.stored
        if stored is None:
            empty: dict[str, Any] = dict.fromkeys(PERSON_FIELDS)
            posts = {post: _term(record, None) for post, record in person.posts.items()}
            yield OfficerAdded(person.court_code, person.name, person.new_id, empty | values, posts)
            continue
        changes = tuple(
            FieldChange(name, stored.values[name], value)
            for name, value in values.items()
            if stored.values[name] != value
        )
        post_changes = tuple(_post_changes(person, stored, replaced, today, warnings))
        if changes or post_changes or stored.left:
            yield OfficerChanged(
                stored.id, stored.court_code, stored.name, changes, post_changes, stored.left
            )


def _values(person: Person) -> dict[str, Any]:
    """The fields to write: a masked number says nothing, an empty account unlinks nobody."""
    values = {name: value for name, value in person.values.items() if value is not MASKED}
    if values.get("telegram_id") is None:
        values.pop("telegram_id", None)
    return values


def _post_changes(
    person: Person,
    stored: ExistingOfficer,
    replaced: Collection[str],
    today: date,
    warnings: list[Fault],
) -> Iterator[PostChange]:
    for post, record in person.posts.items():
        before = stored.posts.get(post)
        # Who comes back holds posts anew: the end that the departure set is not theirs to keep.
        after = _term(record, None if stored.left else before)
        if after != before:
            yield PostChange(post, before, after)
        elif after.valid_to and after.valid_to < today and "valid_to" not in record.headings:
            warnings.append(fault_at(record, "post", POST_OVER, last=after.valid_to))
    if stored.court_code in replaced:
        for post, term in stored.posts.items():
            if post not in person.posts:
                # The last day is yesterday: whoever gave up the post must not be paged today.
                yield from _closed(post, term, today - _DAY)


def departures(
    people: Iterable[Person],
    existing: Mapping[int, ExistingOfficer],
    replaced: Collection[str],
    today: date,
) -> Iterator[Departed]:
    """The people of `replaced` courts whom no row names; their posts end today."""
    named = {person.stored.id for person in people if person.stored}
    for officer in existing.values():
        if officer.court_code in replaced and officer.id not in named and not officer.left:
            posts = tuple(
                change
                for post, term in officer.posts.items()
                for change in _closed(post, term, today)
            )
            yield Departed(officer.id, officer.court_code, officer.name, posts)


def _closed(post: str, term: Term, last: date) -> Iterator[PostChange]:
    """The post with `last` as its last day, unless it ended before; a term not begun by then goes."""
    if term.valid_to is not None and term.valid_to <= last:
        return
    if term.valid_from is not None and term.valid_from > last:
        yield PostChange(post, term, None)
    else:
        yield PostChange(post, term, Term(term.valid_from, last))
