"""What follows when a message cannot be delivered for good, whichever way it went. Who stands in is `rerouting`'s."""

from datetime import datetime

import structlog
from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from directory import duty
from notifications import alerts, card_facts, events, fallback, notices, outbox, paging, rerouting
from notifications.desk import DeskRules
from notifications.events import SYSTEM
from notifications.models import Filing, OutgoingMessage
from notifications.outbox_rules import REPORTS, is_page

log: structlog.stdlib.BoundLogger = structlog.get_logger()


class FollowUp:
    """Implements `records.OnFailed`. Runs in the transaction that records the failure."""

    def __init__(self, desk: DeskRules) -> None:
        self._desk = desk
        #: Reports that were tried for as long as they are; only grows.
        self.reports_given_up = 0

    async def after_failure(
        self, session: AsyncSession, outgoing: OutgoingMessage, reason: str, *, now: datetime
    ) -> None:
        """Do what follows from a final failure of `outgoing`.

        A page in chat: the next person is paged, and its reader written to at an address of their
        own. A letter: the coordinator hears that this way is closed. A report: the figures say so.
        """
        if outgoing.channel == REPORTS:
            self.reports_given_up += 1
            log.error("a report was given up", filing=outgoing.filing_id, row=outgoing.id)
        elif outgoing.kind in notices.KINDS:
            # The sheet of the notice names who was not reached, and why: no alert for each of them.
            log.info("a notice was not delivered", row=outgoing.id, reason=reason)
        elif outgoing.channel == fallback.CHANNEL:
            await _letter_failed(session, outgoing, self._desk, now)
        else:
            await rerouting.after_failure(session, outgoing, reason, self._desk, now=now)
            await _write_instead(session, outgoing, reason, self._desk, now)


async def _letter_failed(
    session: AsyncSession, outgoing: OutgoingMessage, desk: DeskRules, now: datetime
) -> None:
    filing = await session.get_one(Filing, outgoing.filing_id)
    ground = await paging.load_ground(session, {filing.jurisdiction_court}, (), desk, now=now)
    today = ground.duties[filing.jurisdiction_court]
    way = str(outgoing.payload["way"])
    await alerts.to_coordinators(
        session, today, "fallback_failed",
        {"court": ground.courts[filing.jurisdiction_court].name, "reference": filing.reference, "way": way},
        now=now, once=f"fallback:{filing.jurisdiction_court}:{way}:{today.day}",
    )  # fmt: skip


async def _write_instead(
    session: AsyncSession, outgoing: OutgoingMessage, reason: str, desk: DeskRules, now: datetime
) -> None:
    """A page did not reach its reader in chat: a letter to an address of their own, if there is one."""
    view = outgoing.payload.get("view")
    if (
        outgoing.officer_id is None
        or reason not in fallback.NOT_IN_CHAT
        or not is_page(outgoing.kind, outgoing.step, view)
        or await _was_written_to(session, outgoing, now)
    ):
        return
    filing = await session.get_one(Filing, outgoing.filing_id)
    if filing.state != ("waiting" if card_facts.phase_of(outgoing) == "answer" else "acknowledged"):
        return
    people = await duty.people(session, [outgoing.officer_id], now=now)
    rows = fallback.to_officers(
        filing, people.values(), desk.ways, step=outgoing.step or "", now=now
    )
    if rows:
        await events.record(session, filing, "fallback_sent", SYSTEM, fallback.told(rows), now=now)
        await outbox.write(session, rows)


async def _was_written_to(session: AsyncSession, outgoing: OutgoingMessage, now: datetime) -> bool:
    """Whether what followed from the failure wrote to this person already: nobody is left in chat."""
    letter = exists().where(
        OutgoingMessage.filing_id == outgoing.filing_id,
        OutgoingMessage.officer_id == outgoing.officer_id,
        OutgoingMessage.channel == fallback.CHANNEL,
        OutgoingMessage.created_at == now,
    )
    return bool(await session.scalar(select(letter)))
