"""Edits of single entries: a court's fields, a person's card, joining, departing, moving, coming back.

Each is made in the caller's transaction, once nobody else writes the directory; judged by
`directory.access`, read as the files are (`directory.edit_values`) and recorded in `directory.changes`.
Whole files are `directory.imports`' business.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from directory import access, change_values, changes, edit_values, verification
from directory import edit_steps as steps
from directory.access import Subject
from directory.change_values import POSTS, plain
from directory.database import wake
from directory.desk_farewell import farewell, leave_desks
from directory.edit_outcomes import Conflict, Edited, Editor, Expected, Outcome, Refused
from directory.edit_values import fault
from directory.import_faults import NEEDED
from directory.import_people import PERSON_FIELDS
from directory.models import Court, Officer

__all__ = [
    "Conflict",
    "Edited",
    "Editor",
    "Outcome",
    "Refused",
    "add_officer",
    "bring_back",
    "change_court",
    "change_officer",
    "depart",
    "move",
]

#: So far back is looked for who changed a field.
_HISTORY = 50


async def change_court(
    session: AsyncSession,
    court: Court,
    values: Mapping[str, object],
    *,
    by: Editor,
    expected: Expected | None = None,
    now: datetime,
) -> Outcome:
    """Give a court's fields other values.

    Args:
        session: a writing transaction.
        court: the court; read anew once nobody else writes.
        values: the fields to change, as cells of a file.
        by: who edits.
        expected: what the editor saw of these fields; None asks nothing.
        now: when; UTC.
    """
    await changes.lock(session)
    await session.refresh(court)
    stored = change_values.court_values(court)
    subject = Subject(court.code, court.province)
    others = await _parents(session) if values.get("parent_code") is not None else {}
    wanted = edit_values.read_court(values, stored, others)
    differing = {name: v for name, v in wanted.values.items() if plain(v) != stored[name]}
    refused = steps.not_allowed(by, subject, differing) or wanted.faults
    if refused:
        return Refused(tuple(refused))
    conflict = steps.met(differing, stored, expected)
    if conflict is not None:
        found = await changes.of_court(session, court.code, people=False, limit=_HISTORY)
        return steps.told(conflict, found)
    for name, value in differing.items():
        setattr(court, name, list(value) if isinstance(value, tuple) else value)
    if not differing:
        return Edited(None)
    if "group_chat_id" in differing:
        court.group_unreachable_at = None
    court.updated_at = now
    if access.may(by.viewer, "verify", subject):
        verification.confirm_court(court, by=by.who, now=now)
    before, after = change_values.differing(stored, change_values.court_values(court))
    change = changes.record(
        session, who=by.who, court_code=court.code, officer_id=None, kind="changed",
        before=before, after=after, now=now,
    )  # fmt: skip
    await session.flush()
    return Edited(change)


async def _parents(session: AsyncSession) -> dict[str, Mapping[str, Any]]:
    """The parent of every court, by code."""
    rows = await session.execute(select(Court.code, Court.parent_code))
    return {code: {"parent_code": parent} for code, parent in rows}


async def change_officer(
    session: AsyncSession,
    officer: Officer,
    values: Mapping[str, Any],
    *,
    by: Editor,
    expected: Expected | None = None,
    now: datetime,
    today: date,
) -> Outcome:
    """Give a person's fields other values, and posts.

    `values` may hold `posts`: `{post: {"valid_from", "valid_to"}}`, None for one given up; posts not
    named stay. `today` is the court's local day. The rest as in `change_court`.
    """
    await changes.lock(session)
    await steps.renew(session, officer)
    if officer.left_at is not None:
        return Refused((fault("left", edit_values.HAS_LEFT),))
    stored = change_values.officer_values(officer)
    wanted = edit_values.read_person(values, stored)
    posts = steps.read_posts_of(officer, officer.court, values, today)
    differing = {name: v for name, v in wanted.values.items() if v != stored[name]}
    refused = [
        *steps.not_allowed(by, steps.subject_of(officer), differing, posts.posts),
        *wanted.faults,
        *posts.faults,
    ]
    if refused:
        return Refused(tuple(refused))
    changed = {change.post: change for change in posts.posts}
    conflict = steps.met(differing, stored, expected) or steps.met_posts(changed, stored, expected)
    if conflict is not None:
        return steps.told(conflict, await changes.of_officer(session, officer.id, limit=_HISTORY))
    for name, value in differing.items():
        setattr(officer, name, value)
    steps.set_posts(officer, posts.posts)
    change = await steps.finish(session, officer, "changed", stored, by, now)
    return Edited(change, officer)


async def add_officer(
    session: AsyncSession,
    court: Court,
    values: Mapping[str, Any],
    *,
    by: Editor,
    now: datetime,
    today: date,
) -> Outcome:
    """A new person of the court; `name` and at least one post are needed. Namesakes are somebody else."""
    await changes.lock(session)
    await session.refresh(court)
    subject = Subject(court.code, court.province, 0)
    wanted = edit_values.read_person(values, {})
    posts = edit_values.read_posts(
        values.get(POSTS) or {}, {}, level=court.level, code=court.code, today=today
    )
    filled = {name: value for name, value in wanted.values.items() if value is not None}
    refused = [
        *steps.not_allowed(by, subject, filled, posts.posts, "add"),
        *wanted.faults,
        *posts.faults,
    ]
    if "name" not in values:
        refused.append(fault("name", NEEDED))
    if not posts.posts and not posts.faults:
        refused.append(fault(POSTS, NEEDED))
    if refused:
        return Refused(tuple(refused))
    officer = Officer(
        court_code=court.code,
        posts=[],
        created_at=now,
        updated_at=now,
        **dict.fromkeys(PERSON_FIELDS) | filled,
    )
    steps.set_posts(officer, posts.posts)
    session.add(officer)
    await session.flush()
    await steps.renew(session, officer)
    after = change_values.filled(change_values.officer_values(officer))
    change = changes.record(
        session, who=by.who, court_code=court.code, officer_id=officer.id, kind="added",
        before={}, after=after, now=now,
    )  # fmt: skip
    wake(session, "steps", "timed")
    return Edited(change, officer)


async def depart(
    session: AsyncSession, officer: Officer, *, by: Editor, now: datetime, today: date
) -> Outcome:
    """The person has left: posts end, the account is free; invitations, shifts to come and the calendar are void.

    The card stays for the filings that name it, and for `bring_back`.
    """
    await changes.lock(session)
    await steps.renew(session, officer)
    refused = steps.whether(by, "depart", steps.subject_of(officer))
    if officer.left_at is not None:
        refused = [fault("left", edit_values.HAS_LEFT)]
    if refused:
        return Refused(tuple(refused))
    stored = change_values.officer_values(officer)
    officer.left_at = now
    officer.telegram_id = officer.linked_at = officer.blocked_at = None
    officer.verify_next_at = None
    steps.set_posts(officer, steps.all_closed(officer, today))
    leaving = {officer.id: officer.court_code}
    await farewell(session, leaving, first_day=today, by=by.who, now=now)
    return Edited(await steps.finish(session, officer, "departed", stored, by, now), officer)


async def bring_back(
    session: AsyncSession,
    officer: Officer,
    posts: Mapping[str, Mapping[str, object] | None],
    *,
    by: Editor,
    now: datetime,
    today: date,
) -> Outcome:
    """Somebody who left is of the court again, with these posts; the account is linked anew by invitation."""
    await changes.lock(session)
    await steps.renew(session, officer)
    if officer.erased_at is not None:
        return Refused((fault("left", edit_values.IS_ERASED),))
    if officer.left_at is None:
        return Refused((fault("left", edit_values.HAS_NOT_LEFT),))
    stored = change_values.officer_values(officer)
    wanted = steps.read_posts_of(officer, officer.court, {POSTS: posts}, today)
    refused = [
        *steps.not_allowed(by, steps.subject_of(officer), {}, wanted.posts, "return"),
        *wanted.faults,
    ]
    if not posts:
        refused.append(fault(POSTS, NEEDED))
    if refused:
        return Refused(tuple(refused))
    officer.left_at = officer.verify_next_at = None
    steps.set_posts(officer, wanted.posts)
    return Edited(await steps.finish(session, officer, "returned", stored, by, now), officer)


async def move(
    session: AsyncSession,
    officer: Officer,
    to_court: Court,
    posts: Mapping[str, Mapping[str, object] | None],
    *,
    by: Editor,
    now: datetime,
    today: date,
) -> Outcome:
    """The person changes to another court and keeps number, history, account and mobile.

    Posts at the old court end with yesterday; `posts` are those at the new one. What waits at the old
    desk is no longer theirs. `today` is the new court's local day.
    """
    await changes.lock(session)
    await steps.renew(session, officer)
    await session.refresh(to_court)
    if officer.left_at is not None:
        return Refused((fault("left", edit_values.HAS_LEFT),))
    if to_court.code == officer.court_code:
        return Refused((fault("court_code", edit_values.SAME_COURT, to_court.code),))
    stored = change_values.officer_values(officer)
    there = Subject(to_court.code, to_court.province, officer.id)
    wanted = edit_values.read_posts(
        posts, {}, level=to_court.level, code=to_court.code, today=today
    )
    refused = [
        *steps.whether(by, "move", steps.subject_of(officer)),
        *steps.not_allowed(by, there, {}, wanted.posts, "move"),
        *wanted.faults,
    ]
    if refused:
        return Refused(tuple(refused))
    old = officer.court_code
    held = {change.post for change in wanted.posts}
    steps.set_posts(officer, [c for c in steps.given_up(officer, today) if c.post not in held])
    await leave_desks(session, {officer.id: old}, first_day=today, by=by.who, now=now)
    officer.court_code, officer.court = to_court.code, to_court
    steps.set_posts(officer, wanted.posts)
    return Edited(await steps.finish(session, officer, "moved", stored, by, now), officer)
