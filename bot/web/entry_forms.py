"""What the form of an entry shows, and what of it somebody changed. Stores nothing, decides no right.

A form carries one number: that of the last change of the directory when it was shown. What its reader saw
follows from the record of changes, so that no value, and no whole mobile, has to travel with it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from directory.change_values import POSTS
from directory.import_cells import mask_mobile

#: The fields offered, in the order of the form. A group is linked in chat, where somebody of the court vouches for it.
COURT_FIELDS = (
    "name", "phone", "address", "aliases", "hours", "timezone", "city", "county", "division_code",
    "parent_code", "level", "kind", "code_status", "answer_target_min", "result_target_min",
)  # fmt: skip
PERSON_FIELDS = ("name", "title", "department", "desk_phone", "mobile")

#: Longer than any field may be (characters); the fields' own limits are told with their faults.
_LONGEST = 4000


class Change(Protocol):
    """One recorded change: the fields that differ, as they were."""

    @property
    def before(self) -> Mapping[str, Any]:
        """The fields before it."""
        ...


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody changed in a form, and what they had seen of it; posts are under `posts` in both."""

    values: dict[str, Any] = field(default_factory=dict)
    seen: dict[str, Any] = field(default_factory=dict)


def as_seen(stored: Mapping[str, Any], later: Iterable[Change]) -> dict[str, Any]:
    """The values as they were before the `later` changes (newest first) of the same entry."""
    seen = {**stored, POSTS: dict(stored.get(POSTS) or {})}
    for change in later:
        for name, value in change.before.items():
            if name == POSTS:
                seen[POSTS].update(value or {})
            else:
                seen[name] = value
    seen[POSTS] = {post: term for post, term in seen[POSTS].items() if term is not None}
    return seen


def shown(name: str, value: Any, *, whole_mobile: bool = False) -> str:
    """A value as the form's field holds it: a mobile masked, other names a line each."""
    if value is None:
        return ""
    if name == "mobile" and not whole_mobile:
        return mask_mobile(str(value)) or ""
    if isinstance(value, list | tuple):
        return "\n".join(str(one) for one in value)
    return str(value)


def asked(
    form: Mapping[str, str],
    seen: Mapping[str, Any],
    fields: Sequence[str],
    posts: Sequence[str],
    *,
    today: date,
    whole_mobile: bool = False,
) -> Asked:
    """What differs in the form from what its reader saw; fields and posts that are not theirs are passed over."""
    found = Asked()
    for name in fields:
        typed = _typed(form, name)
        if typed is not None and typed != shown(name, seen.get(name), whole_mobile=whole_mobile):
            found.values[name] = typed.splitlines() if name == "aliases" else typed
            found.seen[name] = seen.get(name)
    for post in posts:
        was = (seen.get(POSTS) or {}).get(post)
        becomes = _term(form, post, was, today)
        if becomes != was and (becomes is not None or goes_on(was, today)):
            found.values.setdefault(POSTS, {})[post] = becomes
            found.seen.setdefault(POSTS, {})[post] = was
    return found


def goes_on(term: Mapping[str, str | None] | None, today: date) -> bool:
    """Whether a post is held, today or later."""
    if term is None:
        return False
    last = term.get("valid_to")
    return last is None or last >= today.isoformat()


def _typed(form: Mapping[str, str], name: str) -> str | None:
    typed = form.get(name)
    if typed is None:
        return None
    lines = (line.strip() for line in typed[:_LONGEST].splitlines())
    return "\n".join(line for line in lines if line)


def _term(
    form: Mapping[str, str], post: str, was: Mapping[str, str | None] | None, today: date
) -> dict[str, str | None] | None:
    """The term that the form names for a post; None where its box is not ticked."""
    if f"post.{post}" not in form:
        return None
    first, last = (_typed(form, f"post.{post}.{end}") or None for end in ("from", "to"))
    if first is None and not goes_on(was, today):
        first = today.isoformat()
    return {"valid_from": first, "valid_to": last}


def merged(values: Mapping[str, Any], mine: Asked) -> dict[str, Any]:
    """The values with what somebody typed in their place."""
    both = {**values, **mine.values}
    posts = {**(values.get(POSTS) or {}), **mine.values.get(POSTS, {})}
    both[POSTS] = {post: term for post, term in posts.items() if term is not None}
    return both
