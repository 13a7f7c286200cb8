"""What every change of a filing has in common: locking it, judging the actor, keeping what 撤销 restores."""

from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from directory import courts, worktime
from directory.calendars import closure_on
from directory.database import wake
from directory.models import Court
from directory.worktime import WorkCalendar
from notifications import events, outbox
from notifications.desk import DeskRules
from notifications.ladder import Clock
from notifications.models import Filing
from notifications.outcomes import Refused
from notifications.permissions import Action, Actor, Side, refusal

#: How long (seconds) the author of an acknowledgment or a result may take it back.
UNDO_SECONDS = 120

#: What an acknowledgment or a result changes, and 撤销 puts back.
_UNDO_FIELDS = (
    "state",
    "acknowledged_at",
    "acknowledged_by",
    "answer_wall_seconds",
    "answer_working_seconds",
    "answered_in_time",
    "calendar_version",
    "result_clock_from",
    "result_due_at",
    "result",
    "result_at",
    "result_by",
    "result_note",
    "result_wall_seconds",
    "result_working_seconds",
    "return_reason",
    "proposed_court",
)
_INSTANTS = frozenset({"acknowledged_at", "result_clock_from", "result_due_at", "result_at"})


@dataclass(frozen=True, slots=True)
class Subject:
    """A filing held for a change, with its two courts and the calendar of the one that decides."""

    filing: Filing
    jurisdiction: Court
    collaborating: Court
    calendar: WorkCalendar


async def hold(session: AsyncSession, filing_id: int, desk: DeskRules) -> Subject:
    """Lock a filing until the transaction ends and load what a change needs.

    Raises:
        sqlalchemy.exc.NoResultFound: there is no such filing.
    """
    statement = select(Filing).where(Filing.id == filing_id).with_for_update()
    filing = (await session.scalars(statement.execution_options(populate_existing=True))).one()
    found = await courts.many(session, {filing.jurisdiction_court, filing.collaborating_court})
    jurisdiction = found[filing.jurisdiction_court]
    return Subject(
        filing,
        jurisdiction,
        found[filing.collaborating_court],
        courts.calendar_of(jurisdiction, desk.timezone),
    )


async def refuse(
    session: AsyncSession, subject: Subject, action: Action, actor: Actor, *, now: datetime
) -> Refused | None:
    """Judge the actor; a refusal is written into the filing's history."""
    reason = refusal(
        action,
        actor,
        Side(subject.collaborating.code, subject.collaborating.province),
        deciding_side(subject.filing, subject.jurisdiction, subject.calendar.timezone, now),
    )
    trainee = subject.filing.trainee_id
    # Whoever practises does so alone: an order would call others.
    if reason is None and trainee is not None:
        alone = actor.officer_id == trainee and action != "supervise"
        reason = None if alone else "practice"
    if reason is None:
        return None
    await events.record(
        session, subject.filing, "refused", actor.who, f"{action}: {reason}", now=now
    )
    return Refused(subject.filing, reason)


def deciding_side(filing: Filing, court: Court, zone: tzinfo, now: datetime) -> Side:
    """The jurisdiction court, with whoever answers while it is closed or has answered for it.

    `zone` is the court's.
    """
    closure = closure_on(court.province, court.code, now.astimezone(zone).date())
    taken = filing.acknowledged_by or {}
    others = {taken.get("officer_id") if taken.get("court") != court.code else None}
    others |= {closure.substitute_officer_id if closure else None}
    return Side(
        court.code,
        court.province,
        closure.substitute_court if closure else None,
        frozenset(number for number in others if number is not None),
    )


def clock_of(filing: Filing) -> Clock:
    """The clock that a filing was received under."""
    return "wall" if filing.clock == "wall" else "working"


async def touch(session: AsyncSession, filing: Filing) -> None:
    """An update that changes nothing: what is answered from a stored row waits for its durability too."""
    await session.execute(
        update(Filing)
        .where(Filing.id == filing.id)
        .values(version=Filing.version)
        .execution_options(synchronize_session=False)
    )


async def changed(session: AsyncSession, filing: Filing, *, now: datetime) -> None:
    """After a change: every card follows, and the ladder is asked again at once."""
    filing.next_step_at = now
    await outbox.refresh_cards(session, filing, now=now)
    await session.flush()
    wake(session, "steps")
    # There is something to count again, which the timekeeper may not look for in days.
    wake(session, "timed")


def counted_with(filing: Filing, calendar: WorkCalendar, start: datetime, now: datetime) -> str:
    """The edition of the calendar that the answer was counted with and, if it is another, that of `start` to `now`."""
    edition = worktime.edition(calendar, start, now)
    answer = (filing.calendar_version or edition).split()[0]
    return edition if answer == edition else f"{answer} {edition}"


def snapshot(filing: Filing) -> dict[str, Any]:
    """The fields 撤销 would put back, as JSON values."""
    values = {name: getattr(filing, name) for name in _UNDO_FIELDS}
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in values.items()
    }


def open_undo(
    filing: Filing, actor: Actor, kind: str, before: dict[str, Any], *, now: datetime
) -> None:
    """Let `actor` take back for two minutes what was just done; `before` is an earlier `snapshot`."""
    filing.undo = {
        "until": (now + timedelta(seconds=UNDO_SECONDS)).isoformat(),
        "officer_id": actor.officer_id,
        "kind": kind,
        "fields": before,
    }


def undo_until(filing: Filing) -> datetime | None:
    """Until when 撤销 is open; None when there is nothing to take back."""
    return datetime.fromisoformat(filing.undo["until"]) if filing.undo else None


def restore(filing: Filing) -> None:
    """Put back what `open_undo` kept."""
    if filing.undo is None:
        message = "nothing to undo"
        raise ValueError(message)
    for name, value in filing.undo["fields"].items():
        is_instant = name in _INSTANTS and value is not None
        setattr(filing, name, datetime.fromisoformat(value) if is_instant else value)
    filing.undo = None
