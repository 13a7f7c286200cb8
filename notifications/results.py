"""The jurisdiction court's result, the one-time correction and its supplement. Acknowledging lives beside."""

from datetime import datetime
from typing import Literal, get_args

from sqlalchemy.ext.asyncio import AsyncSession

from notifications import acknowledgements, answer_clock, changes, events, news, outbox, returning
from notifications.desk import DeskRules
from notifications.outcomes import Done, NotNow, Outcome
from notifications.permissions import Actor
from notifications.returning import Because

Result = Literal["registered", "correction", "not_accepted", "returned", "mediation"]
RESULTS: tuple[Result, ...] = get_args(Result)

#: Results as they are shown.
SHOWN: dict[str, str] = {
    "registered": "登记立案",
    "correction": "一次性补正",
    "not_accepted": "不予受理",
    "returned": "退回",
    "mediation": "转诉前调解",
}

_EVENT = {"correction": "correction", "returned": "returned"}
_NEWS = {"correction": "corrected", "returned": "returned"}


async def give(
    session: AsyncSession,
    filing_id: int,
    actor: Actor,
    result: Result,
    note: str | None,
    desk: DeskRules,
    *,
    now: datetime,
    because: Because | None = None,
) -> Outcome:
    """Answer a filing; acknowledges first if nobody has.

    A correction keeps the filing open without a result clock; any other result completes it. A
    filing under correction may still be completed: the party may never supplement it. `because` is
    for what is returned; whether its court may be proposed was asked of `returning.court_fault`.
    """
    subject = await changes.hold(session, filing_id, desk)
    if refused := await changes.refuse(session, subject, "result", actor, now=now):
        return refused
    filing = subject.filing
    before = changes.snapshot(filing)
    await acknowledgements.acknowledge(session, subject, actor, now=now)
    if filing.state not in {"acknowledged", "correcting"} or (
        filing.state == "correcting" and result == "correction"
    ):
        await changes.touch(session, filing)
        return NotNow(filing, f"state_{filing.state}")
    took = answer_clock.elapsed(subject.calendar, filing.result_clock_from or now, now)
    filing.result = result
    filing.result_at = now
    filing.result_by = actor.signature()
    filing.result_note = note
    filing.result_wall_seconds = took.wall_seconds
    filing.result_working_seconds = took.working_seconds
    filing.calendar_version = changes.counted_with(
        filing, subject.calendar, filing.result_clock_from or now, now
    )
    filing.result_due_at = None if result == "correction" else filing.result_due_at
    filing.state = "correcting" if result == "correction" else "completed"
    changes.open_undo(filing, actor, "result", before, now=now)
    await events.record(
        session, filing, _EVENT.get(result, "result"), actor.who, note or SHOWN[result], now=now
    )
    if because is not None and result == "returned":
        await returning.note_reason(session, filing, actor, because, now=now)
    await news.to_collaborating(session, filing, _NEWS.get(result, "result"), desk, now=now)
    await changes.changed(session, filing, now=now)
    return Done(filing)


async def supplement(
    session: AsyncSession, filing_id: int, actor: Actor, desk: DeskRules, *, now: datetime
) -> Outcome:
    """The collaborating court has supplemented: the result clock starts again from now."""
    subject = await changes.hold(session, filing_id, desk)
    if refused := await changes.refuse(session, subject, "supplement", actor, now=now):
        return refused
    filing = subject.filing
    if filing.state != "correcting":
        await changes.touch(session, filing)
        return NotNow(filing, f"state_{filing.state}")
    filing.state = "acknowledged"
    filing.result = filing.result_at = filing.result_by = filing.result_note = None
    filing.result_wall_seconds = filing.result_working_seconds = None
    filing.result_clock_from = now
    filing.result_due_at = answer_clock.due_at(
        subject.calendar, changes.clock_of(filing), now, filing.result_target_seconds
    )
    filing.supplements += 1
    filing.undo = None
    await events.record(session, filing, "supplemented", actor.who, now=now)
    await news.to_jurisdiction(session, filing, "supplemented", desk, now=now)
    await changes.changed(session, filing, now=now)
    return Done(filing)


async def add_note(
    session: AsyncSession,
    filing_id: int,
    actor: Actor,
    note: str,
    desk: DeskRules,
    *,
    now: datetime,
) -> Outcome:
    """Explain a result given without a note, by its author; the collaborating court is told again.

    Without that message a correction would say what is wrong in a silent edit only.
    """
    subject = await changes.hold(session, filing_id, desk)
    if refused := await changes.refuse(session, subject, "result", actor, now=now):
        return refused
    filing = subject.filing
    if filing.result is None or filing.state not in {"correcting", "completed"}:
        return NotNow(filing, f"state_{filing.state}")
    author = (filing.result_by or {}).get("officer_id")
    if actor.officer_id is None or author != actor.officer_id:
        return NotNow(filing, "note_not_author")
    filing.result_note = note
    await events.record(session, filing, "noted", actor.who, note, now=now)
    await news.to_collaborating(session, filing, _NEWS.get(filing.result, "result"), desk, now=now)
    await outbox.refresh_cards(session, filing, now=now)
    await session.flush()
    return Done(filing)
