"""Why a filing was returned, and which court is proposed instead. Giving the result is in `results`, sending on beside."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from sqlalchemy.ext.asyncio import AsyncSession

from directory.models import Court
from notifications import changes, events, news, outbox
from notifications.desk import DeskRules
from notifications.models import Filing
from notifications.outcomes import Done, NotNow, Outcome
from notifications.permissions import Actor

ReturnReason = Literal["not_ours", "other"]
RETURN_REASONS: tuple[ReturnReason, ...] = get_args(ReturnReason)


#: What `court_fault` may answer.
COURT_FAULTS = frozenset({"unknown_court", "own_court", "same_court"})


@dataclass(frozen=True, slots=True)
class Because:
    """Why a filing is returned; `proposed_court` is the 法院代字 of the court that decides instead."""

    reason: ReturnReason
    proposed_court: str | None = None


async def court_fault(session: AsyncSession, filing: Filing, code: str) -> str | None:
    """Why `code` cannot be the court that decides instead; None when it can.

    `unknown_court`; `own_court`, the one that returned it; `same_court`, the one that filed it.
    """
    if code == filing.jurisdiction_court:
        return "own_court"
    if code == filing.collaborating_court:
        return "same_court"
    return None if await session.get(Court, code) is not None else "unknown_court"


async def note_reason(
    session: AsyncSession, filing: Filing, actor: Actor, because: Because, *, now: datetime
) -> None:
    """Write the reason into the filing and its history; tells nobody yet."""
    filing.return_reason = because.reason
    filing.proposed_court = because.proposed_court
    detail = " ".join(filter(None, (because.reason, because.proposed_court)))
    await events.record(session, filing, "noted", actor.who, detail, now=now)


async def explain(
    session: AsyncSession,
    filing_id: int,
    actor: Actor,
    because: Because,
    desk: DeskRules,
    *,
    now: datetime,
) -> Outcome:
    """Give the reason afterwards, by whoever returned the filing, as long as it was not sent on.

    A court that is proposed is news for the court that filed; a reason alone changes its messages.
    """
    subject = await changes.hold(session, filing_id, desk)
    if refused := await changes.refuse(session, subject, "result", actor, now=now):
        return refused
    filing = subject.filing
    if filing.state != "completed" or filing.result != "returned":
        return NotNow(filing, "not_returned")
    author = (filing.result_by or {}).get("officer_id")
    if actor.officer_id is None or author != actor.officer_id:
        return NotNow(filing, "note_not_author")
    if filing.next_id is not None:
        return NotNow(filing, "sent_on")
    proposed = because.proposed_court
    if proposed is not None and (fault := await court_fault(session, filing, proposed)):
        return NotNow(filing, fault)
    await note_reason(session, filing, actor, because, now=now)
    if proposed is not None:
        await news.to_collaborating(session, filing, "returned", desk, now=now)
    await outbox.refresh_cards(session, filing, now=now)
    await session.flush()
    return Done(filing)
