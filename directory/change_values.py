"""What the record of changes holds of a court or a person, as plain JSON values. Stores nothing, compares only.

The names are those of the directory files. A value that is empty is left out of what was `added`;
`posts` holds only the posts that differ, null where a post is not held.
"""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from typing import Any

#: What belongs to a court, and what to a person, in the order of the files.
COURT_FIELDS = (
    "code",
    "name",
    "level",
    "kind",
    "parent_code",
    "province",
    "city",
    "county",
    "division_code",
    "aliases",
    "code_status",
    "hours",
    "timezone",
    "phone",
    "address",
    "group_chat_id",
    "answer_target_min",
    "result_target_min",
)
OFFICER_FIELDS = (
    "court_code",
    "name",
    "title",
    "department",
    "desk_phone",
    "mobile",
    "telegram_id",
)

#: Fields that are personal data; blanked in every record when somebody's data are erased.
PERSONAL = frozenset({"name", "title", "department", "desk_phone", "mobile", "telegram_id"})

#: Every post that an officer may hold, by its name, as `{"valid_from", "valid_to"}`.
POSTS = "posts"
#: The instant since when a person has left, null for one who has not.
LEFT = "left"

#: What JSON holds as it is. Most values are of these, and an import asks of half a million.
_PLAIN = frozenset({str, int, bool, float})


def plain(value: Any) -> Any:
    """The value as JSON can hold it: days and instants as ISO texts, terms as mappings, tuples as lists."""
    if value is None or type(value) in _PLAIN:
        return value
    if isinstance(value, date):
        return (value.astimezone(UTC) if isinstance(value, datetime) else value).isoformat()
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if isinstance(value, Mapping):
        return {name: plain(one) for name, one in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    return value


def court_values(court: Any) -> dict[str, Any]:
    """All fields of a court (`directory.models.Court`), as the record of changes holds them."""
    return {name: plain(getattr(court, name)) for name in COURT_FIELDS}


def officer_values(officer: Any) -> dict[str, Any]:
    """All fields of a person (`directory.models.Officer`, posts loaded), posts and departure included."""
    values = {name: plain(getattr(officer, name)) for name in OFFICER_FIELDS}
    values[LEFT] = plain(officer.left_at)
    values[POSTS] = {
        held.post: {"valid_from": plain(held.valid_from), "valid_to": plain(held.valid_to)}
        for held in officer.posts
    }
    return values


def differing(
    before: Mapping[str, Any], after: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Of two full sets of values, those that differ: as they were, and as they are."""
    was: dict[str, Any] = {}
    now: dict[str, Any] = {}
    for name in dict.fromkeys((*before, *after)):
        old, new = plain(before.get(name)), plain(after.get(name))
        if name == POSTS:
            old, new = old or {}, new or {}
            posts = [p for p in dict.fromkeys((*old, *new)) if old.get(p) != new.get(p)]
            if posts:
                was[name] = {post: old.get(post) for post in posts}
                now[name] = {post: new.get(post) for post in posts}
        elif old != new:
            was[name], now[name] = old, new
    return was, now


def filled(values: Mapping[str, Any]) -> dict[str, Any]:
    """What is written of an entry that is new, or gone: everything that is not empty."""
    return {name: value for name, value in plain(values).items() if value not in (None, "", [], {})}


def by_field(values: Mapping[str, Any]) -> dict[str, Any]:
    """What a change holds, each post as a field of its own."""
    found = {name: value for name, value in values.items() if name != POSTS}
    held = values.get(POSTS) or {}
    return found | {f"{POSTS}.{post}": term for post, term in held.items()}
