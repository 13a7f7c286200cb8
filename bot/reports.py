"""Writes the reports of events to another system: what happened, and the filing as the API shows it. Sends none."""

from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.web.filing_answers import load_answers
from notifications.channels.port import Never
from notifications.channels.webhook import Report, body
from notifications.models import Filing, OutgoingMessage

#: How long a report is tried: a platform may be down over a weekend.
KEPT = timedelta(days=3)

#: So many tries of a report that the receiver refuses (4xx): it will not become right by itself.
MOST_REFUSALS = 8


async def write(
    session: AsyncSession, outgoing: OutgoingMessage, *, now: datetime
) -> Report | Never | None:
    """The report of one event. The filing is shown as it stands at `now`, which may be later than the event.

    `Never` when it has been tried for long enough.
    """
    if now >= outgoing.created_at + KEPT:
        return Never("refused", "not taken in three days")
    refused = (outgoing.outcome_detail or "").startswith("http_4")
    if refused and outgoing.attempts >= MOST_REFUSALS:
        return Never("refused", f"refused by the receiver: {outgoing.outcome_detail}")
    filing = await session.get_one(Filing, outgoing.filing_id, populate_existing=True)
    (answer,) = await load_answers(session, [filing])
    shown = answer.model_dump(mode="json")
    del shown["events"]
    event = {name: outgoing.payload[name] for name in ("at", "who", "detail")}
    event["kind"] = outgoing.payload["event"]
    return Report(
        body(event["kind"], event["at"], {**shown, "event": event}), id=f"event_{outgoing.id}"
    )
