"""Loads what a card or a piece of news must know: the filing, its courts, today's duty, who was paged before."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from typing import Any, cast

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from directory import courts, duty
from directory.models import Court, Officer
from directory.roster import Duty
from directory.worktime import WorkCalendar
from notifications import card_trail
from notifications.answer_clock import Reading, reading
from notifications.channels.telegram_buttons import Sending
from notifications.desk import DeskRules
from notifications.escalation import LINE
from notifications.filings import CASE_TYPES
from notifications.ladder import Clock
from notifications.messages import (
    Answer,
    FilingFacts,
    Heading,
    Occasion,
    OnDutyLine,
    PagedInVain,
    Phase,
    Signature,
    StandingIn,
    View,
    Withdrawal,
)
from notifications.models import Filing, FilingEvent, OutgoingMessage


@dataclass(frozen=True, slots=True)
class Scene:
    """All a card is made from.

    `hand_over`: 转B岗 makes sense for this reader; `snooze`: so does 稍后; `supervise`: so does 督办.
    `sending`: how the court that filed may send on what was returned.
    """

    facts: FilingFacts
    occasion: Occasion
    on_duty: tuple[OnDutyLine, ...]
    reading: Reading | None
    zone: tzinfo
    hand_over: bool
    snooze: bool
    supervise: bool
    sending: Sending | None


async def load(
    session: AsyncSession,
    filing: Filing,
    outgoing: OutgoingMessage | None,
    desk: DeskRules,
    *,
    now: datetime,
) -> Scene:
    """What `outgoing` must know of `filing` at `now`; without a message, what anybody may see."""
    found = await _courts(session, _codes(filing))
    jurisdiction = found[filing.jurisdiction_court]
    today: Duty | None = None
    if filing.state in ("waiting", "acknowledged"):
        today = await _duty(session, jurisdiction, desk, now)
    withdrawn = await _withdrawal(session, filing) if filing.state == "withdrawn" else None
    marks = await card_trail.load(session, filing, jurisdiction, today, now=now)
    payload = outgoing.payload if outgoing is not None else {}
    calendar = courts.calendar_of(jurisdiction, desk.timezone)
    in_vain: tuple[PagedInVain, ...] = ()
    silent = payload.get("heading") in ("reminder", "escalation")
    # Who hands a filing over has answered, if only by that.
    if outgoing is not None and silent and payload.get("reason") != "handed_over":
        in_vain = await _paged_in_vain(session, filing, outgoing, today)
    return Scene(
        facts=replace(_facts(filing, found, withdrawn), marks=marks),
        occasion=Occasion(
            view=cast("View", payload.get("view", "group")),
            heading=cast("Heading", payload.get("heading", "filed")),
            phase=phase_of(outgoing) if outgoing is not None else "answer",
            post=payload.get("post"),
            standing_in=await _standing_in(session, filing, payload, today),
            in_vain=in_vain,
        ),
        on_duty=_on_duty_lines(today) if today else (),
        reading=_running(filing, calendar, now),
        zone=calendar.timezone,
        hand_over=not (
            filing.trainee_id is not None
            or payload.get("post") == "B"
            or _is_b(outgoing, today)
            or any(key.startswith("handover:") for key in filing.steps_taken)
        ),
        snooze=filing.trainee_id is None and not filing.snoozes,
        supervise=filing.trainee_id is None and payload.get("post") == "coordinator",
        sending=_sending(filing),
    )


def _sending(filing: Filing) -> Sending | None:
    """Whether what was returned may be sent on: once, and not when it was returned for another reason."""
    returned = filing.state == "completed" and filing.result == "returned"
    if not returned or filing.next_id is not None or filing.return_reason == "other":
        return None
    return "proposed" if filing.proposed_court else "choose"


# The cards of one filing leave together and are written in one short session, which remembers what
# it has read of courts and duty: three cards of a filing ask for them once.


async def _courts(session: AsyncSession, codes: set[str]) -> Mapping[str, Court]:
    known: dict[str, Court] = session.info.setdefault("card_courts", {})
    if missing := codes - known.keys():
        known.update(await courts.many(session, missing))
    return known


async def _duty(session: AsyncSession, court: Court, desk: DeskRules, now: datetime) -> Duty:
    known: dict[str, Duty] = session.info.setdefault("card_duty", {})
    if court.code not in known:
        known.update(await duty.on_duty(session, [court], now=now, default_timezone=desk.timezone))
    return known[court.code]


def phase_of(outgoing: OutgoingMessage) -> Phase:
    """Which silence a card is about, by its ladder step: the result's, or else the answer's."""
    return "result" if (outgoing.step or "").startswith("result") else "answer"


def undo_open(filing: Filing, now: datetime) -> bool:
    """Whether 撤销 is open at `now`; only an officer's own act can be taken back."""
    undo = filing.undo
    if undo is None or undo["officer_id"] is None or filing.next_id is not None:
        return False
    return now < datetime.fromisoformat(undo["until"])


def _codes(filing: Filing) -> set[str]:
    """The filing's two courts, and those of whoever answered: a coordinator is of another one."""
    signatures = (filing.acknowledged_by, filing.result_by)
    others = {by["court"] for by in signatures if by is not None and by.get("court")}
    return {filing.collaborating_court, filing.jurisdiction_court, *others}


def _facts(filing: Filing, found: Mapping[str, Court], withdrawn: Withdrawal | None) -> FilingFacts:
    acknowledged = result = None
    if filing.acknowledged_at is not None:
        acknowledged = Answer(
            by=_signature(filing, filing.acknowledged_by, found),
            at=filing.acknowledged_at,
            wall_seconds=filing.answer_wall_seconds or 0,
            working_seconds=filing.answer_working_seconds or 0,
            in_time=filing.answered_in_time,
        )
    if filing.result_at is not None:
        on_clock = (
            filing.result_working_seconds
            if filing.clock == "working"
            else filing.result_wall_seconds
        )
        result = Answer(
            by=_signature(filing, filing.result_by, found),
            at=filing.result_at,
            wall_seconds=filing.result_wall_seconds or 0,
            working_seconds=filing.result_working_seconds or 0,
            in_time=(on_clock or 0) <= filing.result_target_seconds,
            result=filing.result,
            note=filing.result_note,
        )
    return FilingFacts(
        reference=filing.reference,
        state=filing.state,
        drill=filing.drill,
        collaborating_court=found[filing.collaborating_court].name,
        jurisdiction_court=found[filing.jurisdiction_court].name,
        case_type=CASE_TYPES.get(filing.case_type, filing.case_type),
        clock=filing.clock,
        received_at=filing.received_at,
        result_clock_from=filing.result_clock_from,
        acknowledged=acknowledged,
        result=result,
        withdrawn=withdrawn,
    )


def _signature(
    filing: Filing, by: Mapping[str, Any] | None, found: Mapping[str, Court]
) -> Signature:
    by = by or {}
    court = found.get(by.get("court") or "")
    elsewhere = court is not None and court.code != filing.jurisdiction_court
    return Signature(
        by.get("name") or "", by.get("post"), court.name if elsewhere and court else None
    )


async def _withdrawal(session: AsyncSession, filing: Filing) -> Withdrawal | None:
    event = await _last_event(session, filing, "withdrawn")
    return Withdrawal(event.who, event.at, event.detail) if event is not None else None


async def _last_event(session: AsyncSession, filing: Filing, kind: str) -> FilingEvent | None:
    event: FilingEvent | None = await session.scalar(
        select(FilingEvent)
        .where(FilingEvent.filing_id == filing.id, FilingEvent.kind == kind)
        .order_by(FilingEvent.id.desc())
        .limit(1)
    )
    return event


def _running(filing: Filing, calendar: WorkCalendar, now: datetime) -> Reading | None:
    """The clock that runs, if one does."""
    clock = cast("Clock", filing.clock)
    if filing.state == "waiting":
        return reading(calendar, clock, filing.received_at, filing.answer_target_seconds, now)
    if filing.state == "acknowledged" and filing.result_clock_from is not None:
        target = filing.result_target_seconds
        return reading(calendar, clock, filing.result_clock_from, target, now)
    return None


def _on_duty_lines(today: Duty) -> tuple[OnDutyLine, ...]:
    """A and B; where nobody holds either, the leader. A person of two posts is named once."""
    people = [*today.of("A"), *today.of("B")] or list(today.of("leader"))
    named = {person.officer_id: person for person in reversed(people)}
    return tuple(
        OnDutyLine(person.name, person.post, person.desk_phone, person.unreachable)
        for person in reversed(named.values())
    )


def _is_b(outgoing: OutgoingMessage | None, today: Duty | None) -> bool:
    """Whether the reader is who 转B岗 would page."""
    if outgoing is None or outgoing.officer_id is None or today is None:
        return False
    return any(person.officer_id == outgoing.officer_id for person in today.of("B"))


async def _standing_in(
    session: AsyncSession, filing: Filing, payload: Mapping[str, Any], today: Duty | None
) -> StandingIn | None:
    """Why this reader and not another, from what the page was written with and who holds the post now."""
    reason, post = payload.get("reason"), payload.get("standing_in_for")
    if not reason:
        return None
    names: Iterable[str]
    if reason == "handed_over":
        event = await _last_event(session, filing, "handed_over")
        names = (event.who,) if event is not None else ()
    elif post == "acknowledger":
        names = (str((filing.acknowledged_by or {}).get("name") or ""),)
    else:
        names = (person.name for person in today.of(post)) if today and post else ()
    instead = payload.get("post")
    return StandingIn(reason, post, tuple(names), instead, _passed_over(post, instead, today))


def _passed_over(
    post: str | None, instead: str | None, today: Duty | None
) -> tuple[StandingIn, ...]:
    """The posts of the line between the two that nobody reachable holds, each with its own reason."""
    if today is None or post not in LINE or instead not in LINE:
        return ()
    between = LINE[LINE.index(post) + 1 : LINE.index(instead)]
    return tuple(
        StandingIn(
            (held[0].unreachable if held else None) or "empty",
            passed,
            tuple(person.name for person in held),
        )
        for passed in between
        if not today.reachable(passed)
        for held in [today.of(passed)]
    )


async def _paged_in_vain(
    session: AsyncSession, filing: Filing, outgoing: OutgoingMessage, today: Duty | None
) -> tuple[PagedInVain, ...]:
    """Everybody else whom a page about the same silence has reached, in the order of the first one."""
    rows = await session.scalars(
        select(OutgoingMessage)
        .where(
            OutgoingMessage.filing_id == filing.id,
            OutgoingMessage.kind == "card",
            OutgoingMessage.officer_id.is_not(None),
            OutgoingMessage.sent_at.is_not(None),
            OutgoingMessage.id < outgoing.id,
        )
        .order_by(OutgoingMessage.sent_at, OutgoingMessage.id)
    )
    mine, phase = outgoing.officer_id, phase_of(outgoing)
    times: dict[int, list[datetime]] = {}
    posts: dict[int, str | None] = {}
    for row in rows:
        if row.officer_id is None or row.sent_at is None or row.officer_id == mine:
            continue
        # A card that somebody asked to see again called nobody.
        if row.payload.get("asked_for"):
            continue
        if row.payload["view"] == "officer" and phase_of(row) == phase:
            times.setdefault(row.officer_id, []).append(row.sent_at)
            posts.setdefault(row.officer_id, row.payload.get("post"))
    names = await _names(session, set(times), today)
    return tuple(
        PagedInVain(names[key], posts[key], tuple(at)) for key, at in times.items() if key in names
    )


async def _names(
    session: AsyncSession, officer_ids: set[int], today: Duty | None
) -> dict[int, str]:
    known = {p.officer_id: p.name for held in today.posts.values() for p in held} if today else {}
    missing = officer_ids - set(known)
    if missing:
        rows = await session.execute(
            select(Officer.id, Officer.name).where(Officer.id.in_(missing))
        )
        known |= {number: name for number, name in rows}  # noqa: C416 -- rows are no pairs to mypy
    return known
