"""Wishes to say something, written in the caller's transaction. Sending them is `dispatch`'s business."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, and_, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from directory.database import wake
from notifications.models import Filing, OutgoingMessage

#: What goes first when not everything can go at once.
PAGE, LIVE, REPLY, NEWS, LATER = 0, 1, 1, 2, 5

Row = dict[str, Any]

# Rows go in through the table, not the class: the class would leave out every None, and so make
# of rows that differ only in those one statement each.
_TABLE = cast("Table", OutgoingMessage.__table__)

_BLANK: Row = {
    "channel": "telegram",
    "officer_id": None,
    "court_code": None,
    "filing_id": None,
    "step": None,
    "silent": False,
    "dedupe_key": None,
    "wanted": 1,
    "attempts": 0,
}


def row(
    kind: str,
    chat_id: int,
    payload: Mapping[str, Any],
    *,
    priority: int,
    now: datetime,
    **more: Any,
) -> Row:
    """One message still to be sent, as values for `write`; `more` are columns of `OutgoingMessage`."""
    return {
        **_BLANK,
        "kind": kind,
        "chat_id": chat_id,
        "payload": dict(payload),
        "priority": priority,
        "nonce": secrets.token_urlsafe(6),
        "created_at": now,
        "not_before": now,
        **more,
    }


async def write(session: AsyncSession, rows: Sequence[Row]) -> None:
    """Store messages and wake the dispatcher. A `dedupe_key` that was used before writes nothing."""
    if not rows:
        return
    once = [item for item in rows if item["dedupe_key"] is not None]
    plain = [item for item in rows if item["dedupe_key"] is None]
    if plain:
        await session.execute(insert(_TABLE), plain)
    for item in once:
        dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
        statement = dialect.insert(OutgoingMessage).values(item)
        await session.execute(statement.on_conflict_do_nothing(index_elements=["dedupe_key"]))
    wake(session, "outbox")


async def write_numbered(session: AsyncSession, rows: Sequence[Row]) -> list[int]:
    """Store messages without a `dedupe_key` as `write` does; returns their numbers in the same order."""
    if not rows:
        return []
    # Told apart by their nonces: rows returned in order would be inserted one by one on SQLite.
    stored = await session.execute(insert(_TABLE).returning(_TABLE.c.nonce, _TABLE.c.id), rows)
    numbers = {row.nonce: row.id for row in stored}
    wake(session, "outbox")
    return [numbers[row["nonce"]] for row in rows]


def card(
    filing: Filing,
    chat_id: int,
    view: str,
    heading: str,
    *,
    now: datetime,
    facts: Mapping[str, Any] | None = None,
    **more: Any,
) -> Row:
    """A live card of `filing`, seen as `group`, `officer` or `collaborating`, opened by `heading`."""
    payload = {"view": view, "heading": heading, **(facts or {})}
    more = {"priority": PAGE, "filing_id": filing.id, "wanted": filing.version, **more}
    return row("card", chat_id, payload, now=now, **more)


#: Messages with buttons: they follow the filing, so that no button under them is dead.
_FOLLOWING = ("card", "nudged", "supervised", "supplemented", "corrected", "returned")


#: Parts of notices, which follow theirs; see `notices`.
_OF_NOTICES = ("notice", "notice_file", "notice_reminder")


async def refresh_cards(
    session: AsyncSession,
    filing: Filing,
    *,
    now: datetime,
    priority: int = LIVE,
    officer_id: int | None = None,
) -> None:
    """Have every copy of the filing's card show its present state; unsent ones will anyway.

    Changes `filing.version`; copies that failed for good stay as they are. With `officer_id` only
    this person's copies: for what shows nowhere else.
    """
    filing.version += 1
    filing.uncounted = True
    mine = and_(OutgoingMessage.filing_id == filing.id, OutgoingMessage.kind.in_(_FOLLOWING))
    if officer_id is not None:
        mine = and_(mine, OutgoingMessage.officer_id == officer_id)
    await session.execute(
        update(OutgoingMessage)
        .where(mine, OutgoingMessage.shown.is_not(None), OutgoingMessage.outcome == "sent")
        .values(wanted=filing.version, not_before=now, priority=priority, attempts=0)
    )
    # Unsent copies will show this version when they leave; a copy in mid-send must be sent again.
    await session.execute(
        update(OutgoingMessage)
        .where(mine, OutgoingMessage.shown.is_(None), OutgoingMessage.outcome.is_(None))
        .values(wanted=filing.version)
    )
    wake(session, "outbox")


async def refresh_many(
    session: AsyncSession, filing_ids: Sequence[int], *, now: datetime, priority: int = LATER
) -> None:
    """The same for many filings at once, in three statements; filings in this session keep their old version."""
    await session.execute(
        update(Filing)
        .where(Filing.id.in_(filing_ids))
        .values(version=Filing.version + 1, uncounted=True)
        .execution_options(synchronize_session=False)
    )
    version = select(Filing.version).where(Filing.id == OutgoingMessage.filing_id).scalar_subquery()
    mine = and_(OutgoingMessage.filing_id.in_(filing_ids), OutgoingMessage.kind.in_(_FOLLOWING))
    await session.execute(
        update(OutgoingMessage)
        .where(mine, OutgoingMessage.shown.is_not(None), OutgoingMessage.outcome == "sent")
        .values(wanted=version, not_before=now, priority=priority, attempts=0)
        .execution_options(synchronize_session=False)
    )
    await session.execute(
        update(OutgoingMessage)
        .where(mine, OutgoingMessage.shown.is_(None), OutgoingMessage.outcome.is_(None))
        .values(wanted=version)
        .execution_options(synchronize_session=False)
    )
    wake(session, "outbox")


async def catch_up(session: AsyncSession, chat_id: int, *, now: datetime) -> None:
    """A chat that was shut can be written to again: its messages that missed an edit meanwhile get it now.

    Only what once arrived; a page that never did was given to the next person then.
    """
    await session.execute(
        update(OutgoingMessage)
        .where(
            OutgoingMessage.chat_id == chat_id,
            OutgoingMessage.kind.in_((*_FOLLOWING, *_OF_NOTICES)),
            OutgoingMessage.shown.is_not(None),
            OutgoingMessage.outcome == "failed",
        )
        .values(outcome="sent", not_before=now, priority=LIVE, attempts=0)
    )
    wake(session, "outbox")


async def reply(
    session: AsyncSession,
    chat_id: int,
    text: str,
    buttons: Iterable[Iterable[Mapping[str, str]]] = (),
    *,
    now: datetime,
    reply_to: int | None = None,
    silent: bool = False,
    officer_id: int | None = None,
    dedupe_key: str | None = None,
    priority: int = REPLY,
    asks: str | None = None,
) -> int | None:
    """Answer in a chat with ready HTML and buttons ({"text", "data"|"url"|"copy"|"inline"}).

    `asks` opens the reader's reply to it, with these words (at most 64 characters) in the empty field;
    in a group only for whom the text mentions. Such a message has no buttons and is not edited.

    Returns the row's id (None when `dedupe_key` was used before), for `edit_reply`.
    """
    payload: dict[str, Any] = {
        "text": text,
        "buttons": [[dict(b) for b in line] for line in buttons],
        "reply_to": reply_to,
    }
    if asks is not None:
        payload["asks"] = asks
    values = row(
        "reply", chat_id, payload, priority=priority, now=now,
        silent=silent, officer_id=officer_id, dedupe_key=dedupe_key,
    )  # fmt: skip
    if dedupe_key is not None:
        await write(session, [values])
        return None
    message = OutgoingMessage(**values)
    session.add(message)
    await session.flush()
    wake(session, "outbox")
    return message.id


async def edit_reply(
    session: AsyncSession,
    row_id: int,
    text: str,
    buttons: Iterable[Iterable[Mapping[str, str]]] = (),
    *,
    now: datetime,
) -> None:
    """Replace what a reply says, sent already or not."""
    message = await session.get_one(OutgoingMessage, row_id)
    message.payload = {
        **message.payload,
        "text": text,
        "buttons": [[dict(b) for b in line] for line in buttons],
    }
    message.wanted += 1
    message.not_before = now
    message.attempts = 0
    wake(session, "outbox")


async def asked_once(session: AsyncSession, key: str) -> OutgoingMessage | None:
    """The message that was written under this `dedupe_key`; None when there is none."""
    found: OutgoingMessage | None = await session.scalar(
        select(OutgoingMessage).where(OutgoingMessage.dedupe_key == key)
    )
    return found


async def remember(session: AsyncSession, row_id: int, key: str, facts: Mapping[str, Any]) -> None:
    """Have a reply found again by a key that nobody used before, with facts that nobody is shown."""
    message = await session.get_one(OutgoingMessage, row_id)
    message.dedupe_key = key
    message.payload = {**message.payload, **facts}
    await session.flush()


async def add_line(session: AsyncSession, lines: Mapping[int, str], *, now: datetime) -> None:
    """Add a line (HTML) to each of these replies and take their buttons away."""
    for row_id, line in lines.items():
        message = await session.get_one(OutgoingMessage, row_id)
        await edit_reply(session, row_id, f"{message.payload['text']}\n{line}", now=now)
