"""What follows when a page cannot be delivered for good, or is handed on by a person: the next one is paged now."""

from datetime import datetime, timedelta

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from directory import officers
from directory.database import wake
from directory.models import Court, Officer
from notifications import alerts, changes, escalation, events, outbox, paging
from notifications.changes import Subject
from notifications.desk import DeskRules
from notifications.escalation import Action, Page
from notifications.models import Filing, OutgoingMessage
from notifications.outcomes import Done, NotNow, Outcome
from notifications.paging import Ground
from notifications.permissions import Actor


async def after_failure(
    session: AsyncSession, outgoing: OutgoingMessage, reason: str, desk: DeskRules, *, now: datetime
) -> None:
    """A delivery failed for good: tell the coordinator, and page the next person if it was a page.

    Runs in the transaction that records the failure; the officer or group is marked by then.
    """
    officer = (
        await session.get_one(Officer, outgoing.officer_id)
        if outgoing.officer_id is not None
        else None
    )
    code = officer.court_code if officer else outgoing.court_code
    if code is None:
        return
    ground = await paging.load_ground(session, {code}, (), desk, now=now)
    duty = ground.duties[code]
    facts = {
        "court": ground.courts[code].name,
        "code": code,
        "officer": officer.name if officer else None,
        "reason": reason,
    }
    await alerts.to_coordinators(
        session, duty, "unreachable", facts, now=now,
        once=f"unreachable:{code}:{officer.id if officer else 'group'}:{duty.day}",
    )  # fmt: skip
    if outgoing.filing_id is not None and outgoing.step is not None and outgoing.kind == "card":
        await _page_the_next(session, outgoing, reason, desk, now)


async def _page_the_next(
    session: AsyncSession, outgoing: OutgoingMessage, reason: str, desk: DeskRules, now: datetime
) -> None:
    """Ask the rules who stands in for the page that failed."""
    subject = await changes.hold(session, outgoing.filing_id or 0, desk)
    if subject.filing.trainee_id is not None:
        return  # Nobody stands in for somebody who practises.
    if outgoing.officer_id is None and await _has_direct_card(session, subject.filing):
        return  # The group is gone, but somebody was paged directly by the same ladder.
    ground = await _ground(session, subject, desk, now)
    court = subject.jurisdiction
    actions = escalation.substitute(
        paging.state_of(subject.filing),
        paging.ladder_of(subject.filing, subject.collaborating, court, desk),
        paging.on_duty(court, ground.duties[court.code], desk, None),
        subject.calendar,
        outgoing.step or "",
        [outgoing.officer_id] if outgoing.officer_id is not None else [],
        now,
        reason=reason,
    )
    await _apply(session, subject, ground, actions, desk, now)


async def hand_over(
    session: AsyncSession, filing_id: int, actor: Actor, desk: DeskRules, *, now: datetime
) -> Outcome:
    """转B岗: page post B now, or whoever stands in for B. Once per filing."""
    subject = await changes.hold(session, filing_id, desk)
    if refused := await changes.refuse(session, subject, "hand_over", actor, now=now):
        return refused
    filing = subject.filing
    if filing.state != "waiting":
        return NotNow(filing, f"state_{filing.state}")
    if filing.trainee_id is not None:
        return NotNow(filing, "nobody_reachable")
    if any(key.startswith("handover:") for key in filing.steps_taken):
        return NotNow(filing, "already_paged")
    ground = await _ground(session, subject, desk, now)
    people = paging.on_duty(
        subject.jurisdiction, ground.duties[subject.jurisdiction.code], desk, None
    )
    mine = [actor.officer_id] if actor.officer_id is not None else []
    found = escalation.next_in_line(people, "A", mine)
    if found is None:
        return NotNow(filing, "nobody_reachable")
    post, holders = found
    actions: list[Action] = [
        Page(
            f"handover:{post}", person, "escalation",
            standing_in_for=actor.post, reason="handed_over",
        )
        for person in holders
    ]  # fmt: skip
    to = "、".join(officers.display(person, post) for person in holders)
    await events.record(session, filing, "handed_over", actor.who, to, now=now)
    await _apply(session, subject, ground, actions, desk, now)
    # Once is enough: every copy of the card loses the button, and says who handed over to whom.
    await outbox.refresh_cards(session, filing, now=now)
    return Done(filing)


async def snooze(
    session: AsyncSession, filing_id: int, actor: Actor, desk: DeskRules, *, now: datetime
) -> Outcome:
    """稍后: no reminders to this officer for the ladder's `snooze`; once per filing, others go on.

    Every card says so, that of the court that filed too: it may want to ring instead of waiting.
    """
    subject = await changes.hold(session, filing_id, desk)
    if refused := await changes.refuse(session, subject, "snooze", actor, now=now):
        return refused
    filing = subject.filing
    if filing.state != "waiting":
        return NotNow(filing, f"state_{filing.state}")
    if filing.snoozes or actor.officer_id is None:
        return NotNow(filing, "already_snoozed")
    ladder = paging.ladder_of(filing, subject.collaborating, subject.jurisdiction, desk)
    until = now + timedelta(seconds=ladder.snooze)
    filing.snoozes = [
        *filing.snoozes, {"officer_id": actor.officer_id, "until": until.isoformat()}
    ]  # fmt: skip
    await events.record(session, filing, "snoozed", actor.who, now=now)
    filing.next_step_at = now
    await outbox.refresh_cards(session, filing, now=now)
    await session.flush()
    wake(session, "steps")
    return Done(filing)


async def _ground(
    session: AsyncSession, subject: Subject, desk: DeskRules, now: datetime
) -> Ground:
    code = subject.jurisdiction.code
    return await paging.load_ground(session, {code}, (), desk, now=now)


async def _apply(
    session: AsyncSession,
    subject: Subject,
    ground: Ground,
    actions: list[Action],
    desk: DeskRules,
    now: datetime,
) -> None:
    court: Court = subject.jurisdiction
    step = paging.apply(
        subject.filing, court, ground.duties[court.code], {}, actions, now=now, ways=desk.ways
    )
    await paging.store(session, [step], ground, now=now)
    await session.flush()


async def _has_direct_card(session: AsyncSession, filing: Filing) -> bool:
    mine = (OutgoingMessage.filing_id == filing.id) & (OutgoingMessage.kind == "card")
    direct = mine & OutgoingMessage.officer_id.is_not(None) & OutgoingMessage.step.is_not(None)
    return bool(await session.scalar(select(exists().where(direct))))
