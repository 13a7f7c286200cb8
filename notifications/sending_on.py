"""A returned filing goes on to the court that decides: a new filing with clocks of its own, the two linked."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from notifications import changes, events, filings, outbox, returning
from notifications.changes import Subject
from notifications.desk import DeskRules
from notifications.filings import Submission
from notifications.models import Filing
from notifications.outcomes import Done, NotNow, Outcome
from notifications.permissions import Actor

#: The longest reference (characters).
LONGEST_REFERENCE = 64

#: A filing that was sent from court to court more often than this is a matter for a telephone.
MOST_HOPS = 99


async def send_on(
    session: AsyncSession,
    filing_id: int,
    actor: Actor,
    court_code: str | None,
    desk: DeskRules,
    *,
    now: datetime,
) -> Outcome:
    """File anew what was returned, with another court, once.

    Args:
        session: a writing transaction.
        filing_id: the returned filing.
        actor: of the court that filed it, or its province's coordinator.
        court_code: the court to send it to; None for the one that was proposed.
        desk: the rules of this desk.
        now: becomes the new filing's `received_at`.

    Returns:
        `Done` with the new filing; `Refused`; `NotNow` with `not_returned`, `sent_on`, `no_proposal`,
        `no_reference`, or what `returning.court_fault` says of the court.
    """
    subject = await changes.hold(session, filing_id, desk)
    if refused := await changes.refuse(session, subject, "send_on", actor, now=now):
        return refused
    filing = subject.filing
    code = court_code or filing.proposed_court
    if fault := await _fault(session, filing, code):
        await changes.touch(session, filing)
        return NotNow(filing, fault)
    following = await _file(session, subject, actor, code or "", desk, now)
    if following is None:
        return NotNow(filing, "no_reference")
    filing.next_id = following.id
    detail = f"{code} {following.reference}"
    await events.record(session, filing, "sent_on", actor.who, detail, now=now)
    await outbox.refresh_cards(session, filing, now=now)
    await session.flush()
    return Done(following)


async def _fault(session: AsyncSession, filing: Filing, code: str | None) -> str | None:
    """Why it cannot be sent on to this court now."""
    if filing.next_id is not None:
        return "sent_on"
    if filing.state != "completed" or filing.result != "returned":
        return "not_returned"
    if code is None:
        return "no_proposal"
    return await returning.court_fault(session, filing, code)


async def _file(
    session: AsyncSession, subject: Subject, actor: Actor, code: str, desk: DeskRules, now: datetime
) -> Filing | None:
    """Take the new filing in as any other, and link it; None when every reference is taken.

    The first reference of the chain is continued: `R`, `R-2`, `R-3`.
    """
    filing = subject.filing
    # Who sends it on hears of the answer; a coordinator, who acts for the court, leaves that to who filed.
    mine = actor.officer_id is not None and actor.court == filing.collaborating_court
    root, hops = filing, 1
    while root.previous_id is not None and hops < MOST_HOPS:
        root, hops = await session.get_one(Filing, root.previous_id), hops + 1
    for number in range(hops + 1, MOST_HOPS + 1):
        reference = numbered(root.reference, number)
        if await filings.find(session, reference) is not None:
            continue
        anew = Submission(
            reference=reference,
            collaborating_court=filing.collaborating_court,
            jurisdiction_court=code,
            case_type=filing.case_type,
            filed_at=filing.filed_at if filing.filed_at_given else None,
            drill=filing.drill,
            filed_by=actor.who,
            filed_by_officer_id=actor.officer_id if mine else filing.filed_by_officer_id,
        )
        (receipt,) = await filings.receive(session, [anew], desk, now=now)
        # Somebody else may have filed under this very reference a moment ago.
        if receipt.outcome == "new" and receipt.filing is not None:
            following = await session.get_one(Filing, receipt.filing.id)
            following.previous_id = filing.id
            return following
    return None


def numbered(reference: str, number: int) -> str:
    """`R-2`: the reference with a number after it, cut where the two together would be too long."""
    suffix = f"-{number}"
    kept = reference[: LONGEST_REFERENCE - len(suffix)]
    while kept and not filings.is_reference(kept + suffix):
        kept = kept[:-1]
    return kept + suffix
