"""What happened to a filing, as rows of its history. Which things happen is decided elsewhere."""

from datetime import datetime
from typing import Any

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from notifications.models import Filing, FilingEvent

#: Every kind of event there is; others read them by these names.
KINDS = frozenset(
    [
        "received",
        "paged",
        "delivered",
        "delivery_failed",
        "reminded",
        "escalated",
        "acknowledged",
        "handed_over",
        "snoozed",
        "nudged",
        "supervised",
        "correction",
        "supplemented",
        "result",
        "returned",
        "withdrawn",
        "refused",
        "fallback_sent",
        "undone",
    ]
)

SYSTEM = "system"


def event(
    filing: Filing, kind: str, who: str, detail: str = "", *, now: datetime
) -> dict[str, Any]:
    """One event as values for an insert."""
    return {"filing_id": filing.id, "at": now, "kind": kind, "who": who, "detail": detail}


async def record(
    session: AsyncSession, filing: Filing, kind: str, who: str, detail: str = "", *, now: datetime
) -> None:
    """Write one event."""
    await session.execute(insert(FilingEvent), [event(filing, kind, who, detail, now=now)])
