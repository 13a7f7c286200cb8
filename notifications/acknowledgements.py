"""签收 and its 撤销: the first acknowledgment wins and stops the answer clock. Results live beside."""

from datetime import datetime
from typing import Any

from sqlalchemy import CursorResult, update
from sqlalchemy.ext.asyncio import AsyncSession

from notifications import answer_clock, changes, drills, events, news, outages_told
from notifications.changes import Subject
from notifications.desk import DeskRules
from notifications.models import Filing
from notifications.outcomes import Already, Done, NotNow, Outcome
from notifications.permissions import Actor


async def accept(
    session: AsyncSession, filing_id: int, actor: Actor, desk: DeskRules, *, now: datetime
) -> Outcome:
    """Acknowledge a filing for its jurisdiction court, once.

    Returns:
        `Done`; `Already` with who was first; `Refused`; `NotNow` for a filing that was withdrawn.
    """
    subject = await changes.hold(session, filing_id, desk)
    if refused := await changes.refuse(session, subject, "acknowledge", actor, now=now):
        return refused
    filing = subject.filing
    before = changes.snapshot(filing)
    if not await acknowledge(session, subject, actor, now=now):
        await changes.touch(session, filing)
        if filing.acknowledged_at is None or filing.acknowledged_by is None:
            return NotNow(filing, f"state_{filing.state}")
        return Already(filing, filing.acknowledged_by, filing.acknowledged_at)
    changes.open_undo(filing, actor, "acknowledged", before, now=now)
    await news.to_collaborating(session, filing, "acknowledged", desk, now=now)
    await changes.changed(session, filing, now=now)
    return Done(filing)


async def acknowledge(
    session: AsyncSession, subject: Subject, actor: Actor, *, now: datetime
) -> bool:
    """Take the filing for `actor` if nobody has: one conditional statement decides who is first."""
    filing = subject.filing
    took = answer_clock.elapsed(subject.calendar, filing.received_at, now)
    on_clock = took.working_seconds if filing.clock == "working" else took.wall_seconds
    due_at = answer_clock.due_at(
        subject.calendar, changes.clock_of(filing), now, filing.result_target_seconds
    )
    values: dict[str, Any] = {
        "state": "acknowledged",
        "acknowledged_at": now,
        "acknowledged_by": actor.signature(),
        "answer_wall_seconds": took.wall_seconds,
        "answer_working_seconds": took.working_seconds,
        "answered_in_time": on_clock <= filing.answer_target_seconds,
        "calendar_version": changes.counted_with(filing, subject.calendar, filing.received_at, now),
        "result_clock_from": now,
        "result_due_at": due_at,
    }
    outcome = await session.execute(
        update(Filing)
        .where(Filing.id == filing.id, Filing.state == "waiting")
        .values(values)
        .execution_options(synchronize_session=False)
    )
    if not isinstance(outcome, CursorResult) or outcome.rowcount == 0:
        return False
    await session.refresh(filing)
    drills.answered(session, filing)
    await outages_told.blame(session, filing)
    await events.record(session, filing, "acknowledged", actor.who, now=now)
    return True


async def undo(
    session: AsyncSession, filing_id: int, actor: Actor, desk: DeskRules, *, now: datetime
) -> Outcome:
    """Take back the last acknowledgment or result, by its author, within two minutes.

    State and clocks return as if uninterrupted; ladder steps taken meanwhile are not repeated.
    """
    subject = await changes.hold(session, filing_id, desk)
    if refused := await changes.refuse(session, subject, "undo", actor, now=now):
        return refused
    filing = subject.filing
    until = changes.undo_until(filing)
    if filing.undo is None or until is None:
        return NotNow(filing, "nothing_to_undo")
    if filing.next_id is not None:
        return NotNow(filing, "sent_on")
    if now >= until:
        return NotNow(filing, "undo_expired")
    if actor.officer_id is None or filing.undo["officer_id"] != actor.officer_id:
        return NotNow(filing, "undo_not_author")
    undone = filing.undo["kind"]
    changes.restore(filing)
    await events.record(session, filing, "undone", actor.who, undone, now=now)
    await news.to_collaborating(session, filing, "undone", desk, now=now, facts={"undone": undone})
    await changes.changed(session, filing, now=now)
    return Done(filing)
