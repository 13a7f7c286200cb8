"""Loads what a card tells beside the filing's state; see `card_marks`. Asks the tables only for what did happen."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from directory import courts
from directory.models import Court
from directory.roster import Duty
from notifications.card_marks import Act, Hop, Marks
from notifications.escalation import LINE
from notifications.models import Filing, FilingEvent


async def load(
    session: AsyncSession,
    filing: Filing,
    jurisdiction: Court,
    today: Duty | None,
    *,
    now: datetime,
) -> Marks[datetime]:
    """The marks of `filing` at `now`; `today` is the jurisdiction court's duty, None when it no longer matters."""
    waiting = filing.state == "waiting"
    happened = await _latest(session, filing)
    until = max((datetime.fromisoformat(one["until"]) for one in filing.snoozes), default=now)
    came_from, went_to = await _hops(session, filing)
    proposed = filing.proposed_court
    return Marks(
        snoozed=_act(happened, "snoozed", until) if waiting and until > now else None,
        handed_over=_act(happened, "handed_over"),
        supervised=_act(happened, "supervised") if filing.state != "withdrawn" else None,
        return_reason=filing.return_reason,
        proposed_court=(await courts.get(session, proposed)).name if proposed else None,
        came_from=came_from,
        went_to=went_to,
        nobody=waiting and today is not None and not any(map(today.reachable, LINE)),
        closed=today.stand_in if waiting and today is not None else None,
        phone=jurisdiction.phone,
    )


async def _latest(session: AsyncSession, filing: Filing) -> Mapping[str, FilingEvent]:
    """The last event of each kind that a card tells of; most filings have none, and cost no question."""
    handed_over = any(key.startswith("handover:") for key in filing.steps_taken)
    kinds = [
        kind
        for kind, did in (
            ("snoozed", bool(filing.snoozes)),
            ("handed_over", handed_over),
            ("supervised", filing.supervised_at is not None),
        )
        if did
    ]
    if not kinds:
        return {}
    found = await session.scalars(
        select(FilingEvent)
        .where(FilingEvent.filing_id == filing.id, FilingEvent.kind.in_(kinds))
        .order_by(FilingEvent.id)
    )
    return {event.kind: event for event in found}


def _act(
    happened: Mapping[str, FilingEvent], kind: str, at: datetime | None = None
) -> Act[datetime] | None:
    event = happened.get(kind)
    return None if event is None else Act(event.who, at or event.at, event.detail)


async def _hops(session: AsyncSession, filing: Filing) -> tuple[Hop | None, Hop | None]:
    """The filing this one came from, and the one it was sent on as."""
    ids = {key for key in (filing.previous_id, filing.next_id) if key is not None}
    if not ids:
        return None, None
    rows = await session.execute(
        select(Filing.id, Filing.reference, Court.name)
        .join(Court, Court.code == Filing.jurisdiction_court)
        .where(Filing.id.in_(ids))
    )
    hops: dict[int | None, Hop] = {key: Hop(reference, court) for key, reference, court in rows}
    return hops.get(filing.previous_id), hops.get(filing.next_id)
