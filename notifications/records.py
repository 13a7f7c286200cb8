"""What came of a message, written down: the row, the filing's history, who cannot be reached. Sends nothing.

On PostgreSQL a filing is locked before its messages, as every change of a filing does, so that nobody waits in a circle.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import BindParameter, bindparam, case, null, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from directory import courts, officers
from notifications import claims, events
from notifications.channels.port import Later, Moved, Never, Sent
from notifications.claims import OUTBOX, Claimed
from notifications.models import Filing, OutgoingMessage
from notifications.outbox_rules import (
    REPORTS,
    RETRY_MARGIN,
    TRIES_IN_ORDER,
    addressee,
    is_page,
    report_pause,
    retry_pause,
)

log: structlog.stdlib.BoundLogger = structlog.get_logger()

#: Called in the transaction that records a final failure: `(session, outgoing, reason, *, now)`.
OnFailed = Callable[..., Awaitable[None]]

#: Reasons that say something of the person or the group, not of the message.
_OF_THE_CHAT = frozenset(["blocked", "unknown_chat", "kicked"])


@dataclass(frozen=True, slots=True)
class Dropped:
    """Rendering found that the message no longer makes sense."""


@dataclass(frozen=True, slots=True)
class NotTried:
    """It was claimed, but its turn did not come before the stop: the lease is given back."""


@dataclass(frozen=True, slots=True)
class Finished:
    """A claimed message and what came of it. `pause` is how long a retry waits."""

    claimed: Claimed
    outcome: Sent | Later | Never | Moved | Dropped | NotTried
    at: datetime
    pause: timedelta = timedelta(0)
    #: Whether the others for the same chat wait as long.
    holds: bool = False

    @property
    def alone(self) -> bool:
        """Whether it is recorded in a transaction of its own, because more follows from it."""
        if isinstance(self.outcome, Later):
            return self.holds
        return isinstance(self.outcome, Never | Moved)


def after_failing(claimed: Claimed, outcome: Later, spread: float, at: datetime) -> Finished:
    """A failure for now, with the pause before the next try."""
    outgoing = claimed.outgoing
    if outcome.retry_after is not None:
        asked = timedelta(seconds=outcome.retry_after) + RETRY_MARGIN
        return Finished(claimed, outcome, at, asked, holds=True)
    if outgoing.channel == REPORTS:
        pause = report_pause(outgoing.attempts, spread)
        return Finished(claimed, outcome, at, pause, holds=outgoing.attempts < TRIES_IN_ORDER)
    pause = retry_pause(outgoing.attempts, outgoing.priority, spread)
    return Finished(claimed, outcome, at, pause)


async def record(connection: AsyncConnection, finished: Sequence[Finished]) -> None:
    """Write down what came of messages that nothing else follows from, all at once.

    A message whose lease was lost is left to its new holder.
    """
    if not finished:
        return
    ours = await _still_ours(connection, finished)
    for kind, statement in _STATEMENTS.items():
        mine = [one for one in ours if isinstance(one.outcome, kind)]
        if mine:
            await connection.execute(statement, [_values(one) for one in mine])
    arrivals = [
        _event(one, "delivered", one.at)
        for one in ours
        if isinstance(one.outcome, Sent) and _is_first_page(one.claimed.outgoing)
    ]
    await events.write_on(connection, arrivals)


async def record_alone(
    session: AsyncSession, finished: Finished, on_failed: OnFailed, *, now: datetime
) -> None:
    """Write down a final failure, a chat that moved or one that wants to be left alone, and what follows."""
    connection = await session.connection()
    outgoing = finished.claimed.outgoing
    match finished.outcome:
        case Later():
            until = finished.at + finished.pause
            await claims.hold_chat(connection, outgoing.chat_id, until, now)
            await connection.execute(_LATER, [_values(finished)])
        case Moved(new_chat_id=new):
            if await _still_ours(connection, [finished]):
                await courts.move_group(session, outgoing.chat_id, new, now=now)
                await claims.move_chat(connection, outgoing.chat_id, new, now)
                await connection.execute(_AGAIN, [_key(finished) | {"at": now}])
        case Never() as never:
            if await _still_ours(connection, [finished], change=True):
                await _record_failure(session, finished, never, on_failed, now)


async def release_leases(session: AsyncSession) -> None:
    """Void every lease: right when this is the only process, as on SQLite at the start."""
    await session.execute(
        update(OUTBOX)
        .where(OUTBOX.c.not_before.is_not(None), OUTBOX.c.lease.is_not(None))
        .values(lease=None, leased_until=None)
    )


# Types are said where no column says them: PostgreSQL wants to know before it sees a value.
_at: BindParameter[datetime] = bindparam("at", type_=OUTBOX.c.sent_at.type)
_version: BindParameter[int] = bindparam("version", type_=OUTBOX.c.shown.type)

_mine = (OUTBOX.c.id == bindparam("row"), OUTBOX.c.lease == bindparam("held"))
_at_rest = {"lease": null(), "leased_until": null()}

_SENT = (
    update(OUTBOX)
    .where(*_mine)
    .values(
        **_at_rest,
        message_id=bindparam("number"),
        shown=_version,
        # It may have been asked for anew while it was on its way: then once more, at once.
        not_before=case((OUTBOX.c.wanted > _version, _at), else_=null()),
        sent_at=case((OUTBOX.c.sent_at.is_(None), _at), else_=OUTBOX.c.sent_at),
        attempts=0,
        outcome="sent",
        outcome_detail=null(),
    )
)

_LATER = (
    update(OUTBOX)
    .where(*_mine)
    .values(
        **_at_rest,
        not_before=bindparam("next_try"),
        attempts=OUTBOX.c.attempts + 1,
        outcome_detail=bindparam("detail"),
    )
)

_DROPPED = (
    update(OUTBOX)
    .where(*_mine)
    .values(
        **_at_rest,
        not_before=null(),
        attempts=0,
        outcome=case((OUTBOX.c.message_id.is_(None), "dropped"), else_=OUTBOX.c.outcome),
    )
)

_RELEASED = update(OUTBOX).where(*_mine).values(**_at_rest)

_AGAIN = update(OUTBOX).where(*_mine).values(**_at_rest, not_before=_at)

_FAILED = (
    update(OUTBOX)
    .where(*_mine)
    .values(
        **_at_rest,
        not_before=null(),
        attempts=0,
        outcome=bindparam("result"),
        outcome_detail=bindparam("detail"),
    )
)

#: At rest until there is something new to say, which may have come up on the way.
_EDIT_REFUSED = (
    update(OUTBOX)
    .where(*_mine)
    .values(
        **_at_rest,
        not_before=case((OUTBOX.c.wanted > _version, _at), else_=null()),
        attempts=0,
        outcome_detail=bindparam("detail"),
    )
)

_STATEMENTS = {Sent: _SENT, Later: _LATER, Dropped: _DROPPED, NotTried: _RELEASED}

_OURS = (
    select(OUTBOX.c.id, OUTBOX.c.lease)
    .where(OUTBOX.c.id.in_(bindparam("ids", expanding=True)))
    .order_by(OUTBOX.c.id)
    .with_for_update()
)

_filings = (
    select(Filing.id).where(Filing.id.in_(bindparam("ids", expanding=True))).order_by(Filing.id)
)
_SHARE_FILINGS = _filings.with_for_update(read=True)
_HOLD_FILINGS = _filings.with_for_update()


async def _still_ours(
    connection: AsyncConnection, finished: Sequence[Finished], *, change: bool = False
) -> list[Finished]:
    """Those whose lease nobody else took, locked; `change`: their filings will be changed too."""
    if connection.dialect.name != "sqlite":
        known = (one.claimed.outgoing.filing_id for one in finished)
        filings = {filing_id for filing_id in known if filing_id is not None}
        if filings:
            await connection.execute(
                _HOLD_FILINGS if change else _SHARE_FILINGS, {"ids": sorted(filings)}
            )
    rows = await connection.execute(_OURS, {"ids": [one.claimed.outgoing.id for one in finished]})
    leases = {row.id: row.lease for row in rows}
    ours = [one for one in finished if leases.get(one.claimed.outgoing.id) == one.claimed.lease]
    if len(ours) < len(finished):
        log.warning("lease lost before the outcome was recorded", count=len(finished) - len(ours))
    return ours


async def _record_failure(
    session: AsyncSession, finished: Finished, never: Never, on_failed: OnFailed, now: datetime
) -> None:
    outgoing = finished.claimed.outgoing
    connection = await session.connection()
    an_edit = outgoing.message_id is not None
    values = _key(finished) | {"detail": f"{never.reason}: {never.detail}"[:256]}
    # A lost copy is forgotten, a refused edit tries again when there is something new to say:
    # neither says anything of the person, who was told.
    if an_edit and never.reason == "refused":
        version = {"version": outgoing.wanted, "at": now}
        await connection.execute(_EDIT_REFUSED, [values | version])
        return
    result = "gone" if never.reason == "gone" else "failed"
    await connection.execute(_FAILED, [values | {"result": result}])
    if result == "gone":
        return
    if never.reason in _OF_THE_CHAT:
        if outgoing.chat_id < 0:
            await courts.mark_group(session, outgoing.chat_id, unreachable=True, now=now)
        else:
            await officers.mark_blocked(session, outgoing.chat_id, blocked=True, now=now)
    # Of a report that failed another report would tell, which failed in turn.
    if outgoing.filing_id is not None and outgoing.channel != REPORTS:
        event = _event(finished, "delivery_failed", now, never.reason)
        await events.write_on(connection, [event])
    stored = await session.get_one(OutgoingMessage, outgoing.id)
    await on_failed(session, stored, never.reason, now=now)


def _is_first_page(outgoing: OutgoingMessage) -> bool:
    return (
        outgoing.message_id is None
        and outgoing.filing_id is not None
        and is_page(outgoing.kind, outgoing.step, outgoing.payload.get("view"))
    )


def _event(finished: Finished, kind: str, at: datetime, reason: str = "") -> dict[str, object]:
    outgoing = finished.claimed.outgoing
    to = addressee(outgoing.channel, outgoing.step, outgoing.court_code)
    detail = f"{to}: {reason}" if reason else to
    return {
        "filing_id": outgoing.filing_id,
        "at": at,
        "kind": kind,
        "who": "system",
        "detail": detail,
    }


def _key(finished: Finished) -> dict[str, object]:
    return {"row": finished.claimed.outgoing.id, "held": finished.claimed.lease}


def _values(finished: Finished) -> dict[str, object]:
    values = _key(finished)
    match finished.outcome:
        case Sent(message_id=number):
            version = finished.claimed.outgoing.wanted
            values |= {"number": number, "version": version, "at": finished.at}
        case Later(reason=reason, ambiguous=ambiguous):
            detail = f"{reason} (may have arrived)" if ambiguous else reason
            values |= {"next_try": finished.at + finished.pause, "detail": detail}
    return values
