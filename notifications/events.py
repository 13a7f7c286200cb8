"""What happened to a filing, as rows of its history. Which things happen is decided elsewhere."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from directory.database import wake
from notifications import event_reports
from notifications.models import Filing, FilingEvent

SYSTEM = "system"

_TABLE = cast("Table", FilingEvent.__table__)


@dataclass(frozen=True, slots=True)
class Happened:
    """An event as it is shown, of which no session knows."""

    at: datetime
    kind: str
    who: str
    detail: str


def event(
    filing: Filing, kind: str, who: str, detail: str = "", *, now: datetime
) -> dict[str, Any]:
    """One event as values for an insert."""
    return {"filing_id": filing.id, "at": now, "kind": kind, "who": who, "detail": detail}


async def write(session: AsyncSession, happened: Sequence[dict[str, Any]]) -> None:
    """Store events, in one statement, and what is to be reported of them."""
    if happened:
        await write_on(await session.connection(), happened)
        wake(session, "outbox")


async def write_on(connection: AsyncConnection, happened: Sequence[dict[str, Any]]) -> None:
    """The same for the dispatcher, which looks at the outbox again anyway."""
    if happened:
        await connection.execute(insert(_TABLE), happened)
        await event_reports.announce(connection, happened)


async def record(
    session: AsyncSession, filing: Filing, kind: str, who: str, detail: str = "", *, now: datetime
) -> None:
    """Write one event."""
    await write(session, [event(filing, kind, who, detail, now=now)])
