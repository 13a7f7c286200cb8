"""What the collaborating court may still do to its filing: 催办 and 撤回. Supplements live with results."""

from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from notifications import changes, events, news
from notifications.desk import DeskRules
from notifications.outcomes import Done, NotNow, Outcome
from notifications.permissions import Actor

#: How long (seconds) one 催办 bars the next.
NUDGE_SECONDS = 600


async def nudge(
    session: AsyncSession, filing_id: int, actor: Actor, desk: DeskRules, *, now: datetime
) -> Outcome:
    """Ask the jurisdiction court again; at most once in ten minutes."""
    subject = await changes.hold(session, filing_id, desk)
    if refused := await changes.refuse(session, subject, "nudge", actor, now=now):
        return refused
    filing = subject.filing
    if filing.state not in {"waiting", "acknowledged"}:
        return NotNow(filing, f"state_{filing.state}")
    if filing.nudged_at is not None:
        retry_at = filing.nudged_at + timedelta(seconds=NUDGE_SECONDS)
        if now < retry_at:
            return NotNow(filing, "too_soon", retry_at)
    filing.nudged_at = now
    await events.record(session, filing, "nudged", actor.who, now=now)
    await news.to_jurisdiction(session, filing, "nudged", desk, now=now)
    await session.flush()
    return Done(filing)


async def withdraw(
    session: AsyncSession,
    filing_id: int,
    actor: Actor,
    reason: str,
    desk: DeskRules,
    *,
    now: datetime,
) -> Outcome:
    """Take a filing back before it is completed; nothing more is paged about it."""
    subject = await changes.hold(session, filing_id, desk)
    if refused := await changes.refuse(session, subject, "withdraw", actor, now=now):
        return refused
    filing = subject.filing
    if filing.state in {"completed", "withdrawn"}:
        await changes.touch(session, filing)
        return NotNow(filing, f"state_{filing.state}")
    filing.state = "withdrawn"
    filing.result_due_at = None
    filing.undo = None
    await events.record(session, filing, "withdrawn", actor.who, reason, now=now)
    await news.to_jurisdiction(session, filing, "withdrawn", desk, now=now)
    await changes.changed(session, filing, now=now)
    return Done(filing)
