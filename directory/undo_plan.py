"""How an import is taken back: every change turned round, or all that stands in the way. Pure; loads and writes nothing.

`directory.undo` does both.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from directory.change_values import LEFT, POSTS, by_field, filled, plain
from directory.import_changes import Entry

#: What a field is compared with when the entry itself is gone, erased, or still needed.
GONE, ERASED, IN_USE = "gone", "erased", "in_use"

#: A court by its code, a person by their number.
Key = str | int

_TURNED = {"changed": "changed", "departed": "returned", "returned": "departed"}


@dataclass(frozen=True, slots=True)
class Standing:
    """A court or person as it is now: every field by its name, each post apart (`posts.A`)."""

    name: str
    values: Mapping[str, Any]
    erased: bool = False


@dataclass(frozen=True, slots=True)
class Touched:
    """Who changed a field last after the import, and when."""

    who: str
    at: datetime


@dataclass(frozen=True, slots=True)
class UndoConflict:
    """One thing that is no longer as the import left it.

    `field` is a field's name, `posts.A`, or one of `GONE`, `ERASED` and `IN_USE`; `now` its value, for
    `IN_USE` what needs the entry. `by` is None when nothing recorded it.
    """

    court_code: str
    officer_id: int | None
    name: str
    field: str
    now: Any
    by: Touched | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """One change of the import."""

    court_code: str
    officer_id: int | None
    kind: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]

    @property
    def key(self) -> Key:
        """What was changed."""
        return self.court_code if self.officer_id is None else self.officer_id


def conflicts(
    done: Iterable[Done],
    standing: Mapping[Key, Standing],
    later: Mapping[tuple[Key, str], Touched],
) -> Iterator[UndoConflict]:
    """Every field that is not as the import left it. Changed and changed back is as it was left."""
    for change in done:
        now = standing.get(change.key)
        where = (change.court_code, change.officer_id)
        if now is None:
            yield UndoConflict(*where, _name(change), GONE, None, later.get((change.key, GONE)))
            continue
        if now.erased:
            yield UndoConflict(*where, now.name, ERASED, None)
            continue
        left_as, was = by_field(change.after), by_field(change.before)
        # Whoever has worked on a new entry since has worked on all of it.
        names = {*left_as, *(now.values if change.kind == "added" else was)}
        for name in sorted(names):
            is_now = now.values.get(name)
            if _value(is_now) != _value(left_as.get(name)):
                by = later.get((change.key, name))
                yield UndoConflict(*where, now.name, name, is_now, by)


def turned(done: Sequence[Done], standing: Mapping[Key, Standing], now: datetime) -> list[Entry]:
    """Every change the other way round, as it is recorded; call it when there are no conflicts.

    A new person departs and lets go of posts and account; a new court goes, its new people with it.
    """
    going = {change.key for change in done if change.officer_id is None and change.kind == "added"}
    found: list[Entry] = []
    for change in done:
        entry = Entry(change.court_code, change.officer_id, _TURNED.get(change.kind, "removed"))
        if change.kind != "added":
            entry.before, entry.after = dict(change.after), dict(change.before)
        elif change.officer_id is None or change.court_code in going:
            entry.before = filled(_whole(standing[change.key].values))
        else:
            entry.kind = "departed"
            _depart(entry, change.after, now)
        found.append(entry)
    return found


def _depart(entry: Entry, given: Mapping[str, Any], now: datetime) -> None:
    entry.set(LEFT, None, now)
    posts = given.get(POSTS) or {}
    if posts:
        entry.set(POSTS, posts, dict.fromkeys(posts))
    if given.get("telegram_id") is not None:
        entry.set("telegram_id", given["telegram_id"], None)


def taken_accounts(
    turned_round: Iterable[Entry], standing: Mapping[Key, Standing]
) -> Iterator[UndoConflict]:
    """Chat accounts that would go back to people while others hold them.

    `standing` needs the holders too.
    """
    freed = {e.officer_id for e in turned_round if e.before.get("telegram_id") is not None}
    holders = {
        state.values["telegram_id"]: (key, state)
        for key, state in standing.items()
        if state.values.get("telegram_id") is not None
    }
    for entry in turned_round:
        account = entry.after.get("telegram_id")
        key, holder = holders.get(account, (entry.officer_id, None))
        if account is None or holder is None or key in freed or key == entry.officer_id:
            continue
        name = standing[entry.officer_id or 0].name
        yield UndoConflict(entry.court_code, entry.officer_id, name, "telegram_id", holder.name)


def children(
    turned_round: Iterable[Entry], standing: Mapping[Key, Standing]
) -> Iterator[UndoConflict]:
    """Courts that would go although others are under them, or people are of them who stay.

    `standing` needs every court and person.
    """
    entries = list(turned_round)
    going = {e.court_code for e in entries if e.officer_id is None and e.kind == "removed"}
    removed = going | {e.officer_id for e in entries if e.kind == "removed"}
    parents = {e.court_code: e.after["parent_code"] for e in entries if "parent_code" in e.after}
    for key, state in standing.items():
        if key in removed:
            continue
        needs = state.values.get("court_code")
        if isinstance(key, str):
            needs = parents.get(key, state.values.get("parent_code"))
        if needs in going:
            yield UndoConflict(needs, None, standing[needs].name, IN_USE, state.name)


def _whole(values: Mapping[str, Any]) -> dict[str, Any]:
    """Fields with their posts put together again."""
    whole = {name: value for name, value in values.items() if not name.startswith(f"{POSTS}.")}
    whole[POSTS] = {
        name.partition(".")[2]: term
        for name, term in values.items()
        if name.startswith(f"{POSTS}.") and term is not None
    }
    return whole


def _name(change: Done) -> str:
    return str(change.after.get("name") or change.before.get("name") or change.key)


def _value(value: Any) -> Any:
    """Nothing is nothing, however it is written."""
    written = plain(value)
    return None if written in ("", [], {}) else written
