"""Which messages leave now: the claim of due rows and of the rate budget, as SQL for both engines.

Everything here runs in one short transaction. On PostgreSQL the budget of all chats is locked first and
everything else after it, so that instances take turns and share what they may send.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Any, cast

from sqlalchemy import Insert, Table, bindparam, exists, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from notifications.models import OutgoingMessage, RateBudget
from notifications.outbox_rules import (
    ALL_CHATS,
    GROUP_WINDOW,
    HORIZON,
    LEASE,
    Budget,
    Due,
    Plan,
    Rates,
    held_back,
    merged,
    plan,
)

OUTBOX = cast("Table", OutgoingMessage.__table__)
BUDGETS = cast("Table", RateBudget.__table__)

#: How many rows beyond those that may leave are looked at: rows of busy chats stand among them.
SPARE = 16

#: No instant is given so far ahead: a budget that says so is from before the clock was set back.
FAR_AHEAD = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message that this process may send until the lease ends, at `slot` and not before."""

    outgoing: OutgoingMessage
    lease: str
    slot: datetime


@dataclass(frozen=True, slots=True)
class Claim:
    """What was claimed, and when to look again (None: when something is committed)."""

    messages: tuple[Claimed, ...]
    look_again: datetime | None


async def claim(
    connection: AsyncConnection,
    rates: Rates,
    *,
    room: int,
    free_from: Mapping[int, datetime],
    now: datetime,
    set_back_from: datetime | None = None,
) -> Claim:
    """Claim at most `room` due messages, at most one a chat, and put off the rows of busy chats.

    `free_from` is what this process knows better than the table: from when a chat takes another
    message, counted from the answers to the last ones. `set_back_from` is from when the clock was
    set back to `now`, if it was.
    """
    if set_back_from is not None:
        await _forget_what_never_came(connection, set_back_from, now)
    if room <= 0:
        return Claim((), None)
    everything = Budget(now)
    if rates.global_per_second or connection.dialect.name != "sqlite":
        # On SQLite a transaction is alone anyway, and without a limit there is nothing to look up.
        everything = await _lock_budget(connection, now)
    if everything.free_at > now + FAR_AHEAD:
        await _forget_what_never_came(connection, everything.free_at, now)
        everything = Budget(now)
    if rates.global_per_second:
        # Claimed ahead already: the next few instants are taken, wait until some have passed.
        if everything.free_at > now + HORIZON:
            return Claim((), everything.free_at - HORIZON / 2)
        room = min(room, ceil(HORIZON.total_seconds() * rates.global_per_second) + 1)
    limit = 2 * room + SPARE
    rows = (await connection.execute(_DUE, {"now": now, "limit": limit})).mappings().all()
    if not rows:
        return Claim((), await _next_due(connection, now))
    budgets = _budgets(rows, free_from) | {ALL_CHATS: everything}
    due = [Due(row["id"], row["chat_id"], row["priority"]) for row in rows]
    planned = plan(due, budgets, rates, room=room, now=now)
    lease = secrets.token_hex(8)
    await _apply(connection, planned, lease, now)
    messages = tuple(
        Claimed(_message(row), lease, planned.slots[row["id"]])
        for row in rows
        if row["id"] in planned.slots
    )
    if len(rows) == limit or planned.more:
        # More is due than was looked at, or than could be given an instant.
        return Claim(messages, max(now, planned.free_at - HORIZON / 2))
    return Claim(messages, await _next_due(connection, now))


async def _forget_what_never_came(
    connection: AsyncConnection, before: datetime, now: datetime
) -> None:
    """The clock was set back from `before` to `now`: nothing waits for the hours to come round again.

    What was due by then is due; chats are free (one that had asked for more patience says so again);
    leases of the dead end in their usual time.
    """
    due_by = before + GROUP_WINDOW
    await connection.execute(
        update(OUTBOX)
        .where(OUTBOX.c.not_before > now, OUTBOX.c.not_before <= due_by)
        .values(not_before=now)
    )
    ends = now + LEASE
    await connection.execute(
        update(OUTBOX).where(OUTBOX.c.leased_until > ends).values(leased_until=ends)
    )
    await connection.execute(
        update(BUDGETS).where(BUDGETS.c.free_at > now).values(free_at=now, recent=[])
    )


async def hold_chat(
    connection: AsyncConnection, chat_id: int, until: datetime, now: datetime
) -> None:
    """Leave one chat alone until `until`; the others go on."""
    await _lock_budget(connection, now)
    await _store(connection, {chat_id: held_back(await _budget(connection, chat_id), until)})


async def move_chat(connection: AsyncConnection, old: int, new: int, now: datetime) -> None:
    """Have every message and the budget of chat `old` follow it to its new number."""
    await _lock_budget(connection, now)
    budget = merged(await _budget(connection, old), await _budget(connection, new))
    await connection.execute(BUDGETS.delete().where(BUDGETS.c.chat_id == old))
    if budget is not None:
        await _store(connection, {new: budget})
    await connection.execute(update(OUTBOX).where(OUTBOX.c.chat_id == old).values(chat_id=new))


_sibling = OUTBOX.alias("sibling")
_free = or_(OUTBOX.c.leased_until.is_(None), OUTBOX.c.leased_until <= bindparam("now"))

#: Due, not under way, and no other message to the same chat under way here or elsewhere.
_rows_due = (
    select(OUTBOX)
    .where(
        OUTBOX.c.not_before <= bindparam("now"),
        _free,
        ~exists().where(
            _sibling.c.chat_id == OUTBOX.c.chat_id,
            # Nothing else: asked for those that are due as well, PostgreSQL looks through all of them for
            # each row when thousands have just fallen due and its statistics know of none.
            _sibling.c.leased_until > bindparam("now"),
        ),
    )
    .order_by(OUTBOX.c.priority, OUTBOX.c.not_before, OUTBOX.c.id)
    .limit(bindparam("limit"))
    .with_for_update(of=OUTBOX, skip_locked=True)
    .subquery("due")
)

#: The same with their chats' budgets. Joined only to the few that are taken: beside the join above, PostgreSQL
#: reads and sorts all that are due, so often as it is asked.
_DUE = (
    select(_rows_due, BUDGETS.c.free_at, BUDGETS.c.recent)
    .outerjoin(BUDGETS, BUDGETS.c.chat_id == _rows_due.c.chat_id)
    .order_by(_rows_due.c.priority, _rows_due.c.not_before, _rows_due.c.id)
)

_CLAIM = (
    update(OUTBOX)
    .where(OUTBOX.c.id.in_(bindparam("ids", expanding=True)))
    .values(leased_until=bindparam("until"), lease=bindparam("new_lease"))
)

#: A chat's due rows go back until it is free, all at once, and stand in nobody's way.
_PUT_OFF = (
    update(OUTBOX)
    .where(
        OUTBOX.c.id.in_(
            select(OUTBOX.c.id)
            .where(
                OUTBOX.c.chat_id == bindparam("chat"),
                OUTBOX.c.not_before <= bindparam("now"),
                _free,
            )
            .with_for_update(skip_locked=True)
        )
    )
    .values(not_before=bindparam("until"))
)

_BUDGET = select(BUDGETS).where(BUDGETS.c.chat_id == bindparam("chat"))
_LOCK_ALL = select(BUDGETS.c.free_at).where(BUDGETS.c.chat_id == ALL_CHATS).with_for_update()

#: When a row becomes due, or the lease of a due one ends: its holder may have died.
_NEXT = select(
    select(func.min(OUTBOX.c.not_before))
    .where(OUTBOX.c.not_before > bindparam("now"))
    .scalar_subquery(),
    select(func.min(OUTBOX.c.leased_until))
    .where(OUTBOX.c.not_before <= bindparam("now"), OUTBOX.c.leased_until > bindparam("now"))
    .scalar_subquery(),
)


def _upsert(dialect: Any) -> Insert:
    statement = dialect.insert(BUDGETS)
    changed = {"free_at": statement.excluded.free_at, "recent": statement.excluded.recent}
    return cast("Insert", statement.on_conflict_do_update(index_elements=["chat_id"], set_=changed))


def _begin(dialect: Any) -> Insert:
    statement = dialect.insert(BUDGETS)
    return cast("Insert", statement.on_conflict_do_nothing(index_elements=["chat_id"]))


_BEGIN = {"sqlite": _begin(sqlite), "postgresql": _begin(postgresql)}
_UPSERT = {"sqlite": _upsert(sqlite), "postgresql": _upsert(postgresql)}


async def _lock_budget(connection: AsyncConnection, now: datetime) -> Budget:
    """The budget of all chats, locked until the transaction ends."""
    free_at = (await connection.execute(_LOCK_ALL)).scalar()
    if free_at is None:
        # Another process may just have begun as well: what it wrote stays.
        blank = {"chat_id": ALL_CHATS, "free_at": now, "recent": []}
        await connection.execute(_BEGIN[connection.dialect.name], blank)
        free_at = (await connection.execute(_LOCK_ALL)).scalar_one()
    return Budget(free_at)


async def _budget(connection: AsyncConnection, chat_id: int) -> Budget | None:
    row = (await connection.execute(_BUDGET, {"chat": chat_id})).mappings().first()
    return Budget(row["free_at"], tuple(row["recent"])) if row is not None else None


async def _apply(connection: AsyncConnection, planned: Plan, lease: str, now: datetime) -> None:
    if planned.slots:
        ends = max(planned.slots.values()) + LEASE
        await connection.execute(
            _CLAIM, {"ids": list(planned.slots), "until": ends, "new_lease": lease}
        )
    if planned.budgets:
        await _store(connection, planned.budgets)
    if planned.put_off:
        waits = [
            {"chat": chat_id, "until": until, "now": now}
            for chat_id, until in sorted(planned.put_off.items())
        ]
        await connection.execute(_PUT_OFF, waits)


async def _store(connection: AsyncConnection, budgets: Mapping[int, Budget]) -> None:
    rows = [
        {"chat_id": chat_id, "free_at": budget.free_at, "recent": list(budget.recent)}
        for chat_id, budget in sorted(budgets.items())
    ]
    await connection.execute(_UPSERT[connection.dialect.name], rows)


async def _next_due(connection: AsyncConnection, now: datetime) -> datetime | None:
    instants = (await connection.execute(_NEXT, {"now": now})).one()
    return min((instant for instant in instants if instant is not None), default=None)


def _budgets(rows: Sequence[Any], free_from: Mapping[int, datetime]) -> dict[int, Budget]:
    budgets: dict[int, Budget] = {}
    for row in rows:
        chat_id = row["chat_id"]
        if row["free_at"] is not None:
            budgets[chat_id] = Budget(row["free_at"], tuple(row["recent"]))
        if chat_id in free_from:
            budgets[chat_id] = held_back(budgets.get(chat_id), free_from[chat_id])
    return budgets


def _message(row: Any) -> OutgoingMessage:
    """The row as an object of no session."""
    return OutgoingMessage(**{column.key: row[column.key] for column in OUTBOX.columns})
