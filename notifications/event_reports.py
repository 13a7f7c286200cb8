"""Announces events of filings to another system: one outgoing report an event, in the event's transaction.

Whether anybody is to be told is said once, to the database; what a report says and how it leaves is
`bot.reports` and `notifications.channels.webhook`.
"""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from sqlalchemy import Table, insert
from sqlalchemy.ext.asyncio import AsyncConnection

from directory.database import Database
from notifications import outbox
from notifications.channels.addresses import lane_of
from notifications.models import OutgoingMessage
from notifications.outbox_rules import REPORTS

_OPTION = "liaison_reports_events"

_TABLE = cast("Table", OutgoingMessage.__table__)


def report_events(database: Database) -> None:
    """From now on every event written to `database` by this process is reported."""
    database.engine.update_execution_options(**{_OPTION: True})


async def announce(connection: AsyncConnection, happened: Sequence[Mapping[str, Any]]) -> None:
    """Write a report of each of these events (rows of `filing_events`), where reports are wanted."""
    if not connection.sync_engine.get_execution_options().get(_OPTION):
        return
    rows = [
        outbox.row(
            "report",
            lane_of(event["filing_id"]),
            {
                "event": event["kind"],
                "at": event["at"].isoformat(),
                "who": event["who"],
                "detail": event["detail"],
            },
            priority=outbox.LATER,
            now=event["at"],
            channel=REPORTS,
            filing_id=event["filing_id"],
        )
        for event in happened
    ]
    await connection.execute(insert(_TABLE), rows)
