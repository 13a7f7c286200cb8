"""The record of what changed in the directory: written with every change, read in order, by court and by person.

What may be changed, and by whom, is decided elsewhere; imports taken back are in `directory.undo`.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, event, func, or_, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session, UOWTransaction

from directory.change_models import DirectoryChange
from directory.change_values import PERSONAL, by_field, plain
from directory.database import wake
from directory.models import Court

#: What a change can be.
KINDS = ("added", "changed", "departed", "returned", "moved", "erased", "removed")

#: The topic by which every process hears that the directory changed.
TOPIC = "directory"

#: Any number that nothing else locks: who holds it is the only one to write the directory.
_LOCK = 5_240_117
_TAKE = text("SELECT pg_advisory_xact_lock(:key)").bindparams(key=_LOCK)

#: So much of a name is kept.
LONGEST_WHO = 128


async def lock(session: AsyncSession) -> None:
    """Be the only one to write the directory until this transaction ends.

    Call it before reading what a change depends on and before writing anything: whoever writes
    first and asks for it afterwards may wait for somebody who waits for them. SQLite has one writer
    anyway. Taking it again costs a statement and does nothing.
    """
    if session.get_bind().dialect.name == "postgresql":
        await session.execute(_TAKE)


@event.listens_for(Session, "before_flush")
def _lock_before_numbering(session: Session, _context: UOWTransaction, _objects: object) -> None:
    """Numbers are drawn when rows are flushed: never without the lock, whoever forgot it.

    Two transactions that draw in one order and commit in the other would hide the earlier number
    from a reader who has passed it.
    """
    if any(isinstance(row, DirectoryChange) for row in session.new):
        connection = session.connection()
        if connection.dialect.name == "postgresql":
            connection.execute(_TAKE)


def record(
    session: AsyncSession,
    *,
    who: str,
    court_code: str,
    officer_id: int | None,
    kind: str,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    now: datetime,
    import_id: int | None = None,
) -> DirectoryChange | None:
    """Write down one change, and tell every process of it once this transaction has committed.

    Args:
        session: the transaction that makes the change; it holds `lock`.
        who: a name with court, a token's name, or the operator.
        court_code: the court concerned; the new one of a person who moves.
        officer_id: the person concerned; None for the court's own fields.
        kind: one of `KINDS`.
        before: the fields that differ, by their names in the files, as they were
            (`change_values.differing` finds them; `POSTS` and `LEFT` among them).
        after: the same fields as they are now.
        now: when; UTC.
        import_id: the import that made it.

    Returns:
        The row, or None when nothing differs.
    """
    if kind not in KINDS:
        message = f"no such kind of change: {kind}"
        raise ValueError(message)
    was, becomes = plain(before), plain(after)
    if was == becomes:
        return None
    row = DirectoryChange(
        at=now,
        who=who[:LONGEST_WHO],
        court_code=court_code,
        officer_id=officer_id,
        kind=kind,
        before=was,
        after=becomes,
        import_id=import_id,
    )
    session.add(row)
    wake(session, TOPIC)
    return row


async def page(
    session: AsyncSession,
    *,
    after: int,
    limit: int,
    court: str | None = None,
    province: str | None = None,
) -> list[DirectoryChange]:
    """The changes that follow number `after`, oldest first, at most `limit`.

    Whoever asks again from the last number they got misses none: numbers rise in the order in which
    changes were committed. With `court` or `province`, those that concern it: a person who moves
    concerns both courts.
    """
    query = select(DirectoryChange).where(DirectoryChange.id > after)
    if court is not None:
        query = query.where(_concerns([court]))
    if province is not None:
        query = query.where(_concerns(_codes_of(province)))
    return list(await session.scalars(query.order_by(DirectoryChange.id).limit(limit)))


async def backwards(
    session: AsyncSession,
    *,
    before: int | None,
    limit: int,
    court: str | None = None,
    province: str | None = None,
    officer_id: int | None = None,
) -> list[DirectoryChange]:
    """The changes that precede number `before` (None: the latest), newest first, at most `limit`.

    Every condition that is named holds; with `officer_id` those of one person alone.
    """
    query = select(DirectoryChange)
    if before is not None:
        query = query.where(DirectoryChange.id < before)
    if court is not None:
        query = query.where(_concerns([court]))
    if province is not None:
        query = query.where(_concerns(_codes_of(province)))
    if officer_id is not None:
        query = query.where(DirectoryChange.officer_id == officer_id)
    return list(await session.scalars(query.order_by(DirectoryChange.id.desc()).limit(limit)))


async def newest(session: AsyncSession) -> int:
    """The number of the last change; 0 when there is none."""
    return await session.scalar(select(func.max(DirectoryChange.id))) or 0


def _concerns(codes: Sequence[str] | Select[tuple[str]]) -> ColumnElement[bool]:
    left_for_another = and_(
        DirectoryChange.kind == "moved",
        DirectoryChange.before["court_code"].as_string().in_(codes),
    )
    return or_(DirectoryChange.court_code.in_(codes), left_for_another)


def _codes_of(province: str) -> Select[tuple[str]]:
    """The courts that are or once were of the province; one that was removed is known by its record."""
    known = select(Court.code).where(Court.province == province)
    once = select(DirectoryChange.court_code).where(
        DirectoryChange.officer_id.is_(None),
        or_(
            DirectoryChange.before["province"].as_string() == province,
            DirectoryChange.after["province"].as_string() == province,
        ),
    )
    return select(known.union(once).subquery().c[0])


async def of_officer(
    session: AsyncSession, officer_id: int, *, limit: int = 50, after: int = 0
) -> list[DirectoryChange]:
    """What became of one person, newest first: joining, changes, moves, departures and returns; `after` a number."""
    return list(
        await session.scalars(
            select(DirectoryChange)
            .where(DirectoryChange.officer_id == officer_id, DirectoryChange.id > after)
            .order_by(DirectoryChange.id.desc())
            .limit(limit)
        )
    )


async def of_court(
    session: AsyncSession, code: str, *, people: bool = True, limit: int = 50, after: int = 0
) -> list[DirectoryChange]:
    """What became of one court, newest first; with `people`, of everybody who was of it as well; `after` a number."""
    query = select(DirectoryChange).where(_concerns([code]), DirectoryChange.id > after)
    if not people:
        query = query.where(DirectoryChange.officer_id.is_(None))
    return list(await session.scalars(query.order_by(DirectoryChange.id.desc()).limit(limit)))


async def scrub(session: AsyncSession, officer_id: int) -> int:
    """Blank what the record holds of one person, in every row; how many rows there were.

    That something changed, when, by whom and which fields stays known; what they held does not.
    Recording the erasure itself (kind `erased`) is the caller's.
    """
    rows = list(
        await session.scalars(
            select(DirectoryChange).where(DirectoryChange.officer_id == officer_id)
        )
    )
    for row in rows:
        row.before = _blanked(row.before)
        row.after = _blanked(row.after)
    await session.flush()
    return len(rows)


def _blanked(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: None if name in PERSONAL else value for name, value in values.items()}


def fields_of(change: DirectoryChange) -> tuple[str, ...]:
    """The names of the fields a change touched; each post by itself, as `posts.A`."""
    return tuple(dict.fromkeys((*by_field(change.before), *by_field(change.after))))
