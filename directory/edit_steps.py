"""The steps that all edits of `directory.edits` are made of: may they, has somebody else been there, write and record.

Each does one thing in the caller's transaction; none decides the order.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload, selectinload

from directory import access, change_values, changes, edit_values
from directory.access import Action, Subject
from directory.change_models import DirectoryChange
from directory.change_values import LEFT, POSTS, plain
from directory.database import wake
from directory.edit_outcomes import Conflict, Editor, Expected
from directory.edit_values import Wanted, fault
from directory.import_faults import Fault
from directory.import_officers import PostChange
from directory.import_people import Term
from directory.models import Court, Officer, OfficerPost


def subject_of(officer: Officer) -> Subject:
    """The person as `directory.access` judges them; court loaded."""
    return Subject(officer.court_code, officer.court.province, officer.id)


async def renew(session: AsyncSession, officer: Officer) -> None:
    """Read the person as they are once nobody else writes the directory."""
    await session.scalar(
        select(Officer)
        .options(joinedload(Officer.court), selectinload(Officer.posts))
        .where(Officer.id == officer.id)
        .execution_options(populate_existing=True)
    )


def terms(officer: Officer) -> dict[str, Term]:
    """Every post with its term, over or not."""
    return {held.post: Term(held.valid_from, held.valid_to) for held in officer.posts}


def read_posts_of(officer: Officer, court: Court, values: Mapping[str, Any], today: date) -> Wanted:
    """The posts that `values` name, against those which the officer has held until now."""
    return edit_values.read_posts(
        values.get(POSTS) or {},
        terms(officer),
        level=court.level,
        code=court.code,
        today=today,
    )


def all_closed(officer: Officer, last: date) -> list[PostChange]:
    """Every post with `last` as its last day."""
    return [
        change
        for post, term in terms(officer).items()
        for change in edit_values.closed(post, term, last)
    ]


def given_up(officer: Officer, today: date) -> Sequence[PostChange]:
    """Every post, given up from today on."""
    given_up: dict[str, Mapping[str, object] | None] = dict.fromkeys(terms(officer))
    return read_posts_of(officer, officer.court, {POSTS: given_up}, today).posts


def set_posts(officer: Officer, posts: Iterable[PostChange]) -> None:
    """Write posts into the rows that hold them."""
    held = {row.post: row for row in officer.posts}
    for change in posts:
        row = held.get(change.post)
        if change.after is None:
            if row is not None:
                officer.posts.remove(row)
        elif row is None:
            officer.posts.append(
                OfficerPost(
                    post=change.post,
                    valid_from=change.after.valid_from,
                    valid_to=change.after.valid_to,
                )
            )
        else:
            row.valid_from, row.valid_to = change.after.valid_from, change.after.valid_to


async def finish(
    session: AsyncSession,
    officer: Officer,
    kind: str,
    stored: Mapping[str, Any],
    by: Editor,
    now: datetime,
) -> DirectoryChange | None:
    """Record what differs; nothing is stamped where nothing does."""
    before, after = change_values.differing(stored, change_values.officer_values(officer))
    if not after and kind == "changed":
        return None
    officer.updated_at = now
    await session.flush()
    if {POSTS, LEFT, "court_code"} & after.keys():
        # Whoever answers today may be another one now.
        wake(session, "steps", "timed")
    return changes.record(
        session, who=by.who, court_code=officer.court_code, officer_id=officer.id, kind=kind,
        before=before, after=after, now=now,
    )  # fmt: skip


def not_allowed(
    by: Editor,
    subject: Subject,
    values: Iterable[str],
    posts: Iterable[PostChange] = (),
    action: Action = "edit",
) -> list[Fault]:
    """Everything among an edit that is not this editor's to do."""
    refused = whether(by, action, subject)
    if refused:
        return refused
    names = [name for name in values if not access.writes(by.viewer, name, subject)]
    held = [c.post for c in posts if not access.gives(by.viewer, c.post, subject)]
    names += [f"{POSTS}.{post}" for post in held]
    return [fault(name, edit_values.NOT_YOURS) for name in names]


def whether(by: Editor, action: Action, subject: Subject) -> list[Fault]:
    """The fault of an act that is not this editor's; none if it is."""
    if access.may(by.viewer, action, subject):
        return []
    name = "court_code" if not subject.is_person else "id"
    return [fault(name, edit_values.NOT_YOUR_ENTRY)]


def met(
    differing: Iterable[str], stored: Mapping[str, Any], expected: Expected | None
) -> Conflict | None:
    """The first field that is no longer as the editor saw it."""
    for name in differing:
        if expected is not None and name in expected and plain(expected[name]) != stored[name]:
            return Conflict(name, plain(expected[name]), stored[name], None, None)
    return None


def met_posts(
    changed: Iterable[str], stored: Mapping[str, Any], expected: Expected | None
) -> Conflict | None:
    """The first post that is no longer as the editor saw it."""
    seen = (expected or {}).get(POSTS)
    if seen is None:
        return None
    for post in changed:
        was, is_now = plain(seen.get(post)), stored[POSTS].get(post)
        if was != is_now:
            return Conflict(f"{POSTS}.{post}", was, is_now, None, None)
    return None


def told(conflict: Conflict, history: Iterable[DirectoryChange]) -> Conflict:
    """The conflict with who made it and when, the latest first."""
    for change in history:
        if conflict.field in changes.fields_of(change):
            return Conflict(conflict.field, conflict.seen, conflict.now_is, change.who, change.at)
    return conflict
