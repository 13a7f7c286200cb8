"""The climb of a filing: loads what the escalation rules need, asks them, applies what they say. Sends nothing.

Each use case has three steps: load the ground, decide (`escalation`, pure), apply in one transaction.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from directory import courts, duty
from directory.database import wake
from directory.models import Court
from directory.roster import POSTS, Duty, OnDutyOfficer
from notifications import alerts, changes, escalation, events, fallback, outbox
from notifications.channels.addresses import Way
from notifications.desk import DeskRules
from notifications.escalation import (
    Action,
    Fallback,
    FilingState,
    NobodyLeft,
    OnDuty,
    Page,
    PageGroup,
    Person,
    Skip,
    Snooze,
    WakeAt,
)
from notifications.events import SYSTEM, event
from notifications.ladder import Ladder
from notifications.models import Filing
from notifications.outbox import Row

#: The one step of a filing that is somebody's practice.
PRACTICE = "answer:0:A"

_EVENT_OF = {"page": "paged", "reminder": "reminded", "escalation": "escalated"}


@dataclass(frozen=True, slots=True)
class Ground:
    """What decisions about some filings stand on: their courts, and who can be reached there now."""

    courts: Mapping[str, Court]
    duties: Mapping[str, Duty]
    #: Officers who acknowledged or filed, by id, as they can be reached now.
    people: Mapping[int, OnDutyOfficer] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Step:
    """What one decision leads to: the filing (changed in place), messages and events to be stored."""

    filing: Filing
    pages: list[Row]
    events: list[Row]
    #: Posts and groups that could not be paged.
    gaps: list[Skip | NobodyLeft]


async def load_ground(
    session: AsyncSession,
    jurisdiction: Collection[str],
    collaborating: Collection[str],
    desk: DeskRules,
    *,
    now: datetime,
    people: Collection[int] = (),
) -> Ground:
    """Read courts, duty and people for any number of filings in a handful of queries."""
    found = await courts.many(session, {*jurisdiction, *collaborating})
    # The collaborating court's post A is only asked for where neither group nor officer is known.
    asked = [
        court
        for code, court in found.items()
        if code in jurisdiction or court.group_chat_id is None or court.group_unreachable_at
    ]
    duties = await duty.on_duty(session, asked, now=now, default_timezone=desk.timezone)
    known = (
        await duty.people(session, people, now=now, default_timezone=desk.timezone)
        if people
        else {}
    )
    return Ground(found, duties, known)


def ladder_for(collaborating: Court, jurisdiction: Court, desk: DeskRules) -> Ladder:
    """The ladder of one pair of courts: pair, court, province, default, key by key."""
    return desk.ladder.resolve(
        collaborating.code,
        jurisdiction.code,
        jurisdiction.province,
        jurisdiction.answer_target_min,
        jurisdiction.result_target_min,
    )


def ladder_of(filing: Filing, collaborating: Court, jurisdiction: Court, desk: DeskRules) -> Ladder:
    """The ladder of a stored filing: today's steps on the clock it was received under."""
    return replace(ladder_for(collaborating, jurisdiction, desk), clock=changes.clock_of(filing))


def take_step(
    filing: Filing, ground: Ground, desk: DeskRules, *, now: datetime, first: bool = False
) -> Step:
    """Decide what must happen to `filing` now and write it into the filing and into rows.

    The `first` step of a filing also gives the collaborating court its live card; the filing is not
    stored yet, and the caller fills `filing_id` into the rows.
    """
    court = ground.courts[filing.jurisdiction_court]
    actions = decide(filing, ground, desk, now=now)
    reachable = ground.duties[court.code]
    step = apply(filing, court, reachable, ground.people, actions, now=now, ways=desk.ways)
    if first and filing.trainee_id is None:
        collaborating = ground.courts[filing.collaborating_court]
        step.pages.extend(collaborating_cards(filing, collaborating, ground, now=now))
    return step


def decide(filing: Filing, ground: Ground, desk: DeskRules, *, now: datetime) -> list[Action]:
    """What the rules say must happen to `filing` now; changes nothing."""
    if filing.trainee_id is not None:
        return _practice(filing, ground.people.get(filing.trainee_id))
    court = ground.courts[filing.jurisdiction_court]
    ladder = ladder_of(filing, ground.courts[filing.collaborating_court], court, desk)
    return escalation.decide(
        state_of(filing),
        ladder,
        on_duty(court, ground.duties[court.code], desk, _acknowledger(filing, ground)),
        courts.calendar_of(court, desk.timezone),
        now,
    )


def _practice(filing: Filing, trainee: OnDutyOfficer | None) -> list[Action]:
    """One page to the newcomer whose practice it is; it climbs no ladder."""
    if trainee is None or not trainee.reads_chat or PRACTICE in filing.steps_taken:
        return [WakeAt(None)]
    return [Page(PRACTICE, _person(trainee), "page"), WakeAt(None)]


def state_of(filing: Filing) -> FilingState:
    """What the rules must know of a filing."""
    return FilingState(
        state=filing.state,
        received_at=filing.received_at,
        result_clock_from=filing.result_clock_from,
        steps_taken=frozenset(filing.steps_taken),
        supplements=filing.supplements,
        snoozes=tuple(
            Snooze(item["officer_id"], datetime.fromisoformat(item["until"]))
            for item in filing.snoozes
        ),
    )


def on_duty(court: Court, reachable: Duty, desk: DeskRules, acknowledger: Person | None) -> OnDuty:
    """Whom a page can reach at `court`, in the words of the rules."""
    return OnDuty(
        group=court.group_chat_id is not None and court.group_unreachable_at is None,
        posts={
            post: tuple(_person(officer) for officer in holders)
            for post, holders in reachable.posts.items()
        },
        acknowledger=acknowledger,
        fallback=desk.fallback,
    )


def _person(officer: OnDutyOfficer) -> Person:
    return Person(officer.officer_id, officer.name, officer.post, officer.unreachable)


def _acknowledger(filing: Filing, ground: Ground) -> Person | None:
    officer_id = (filing.acknowledged_by or {}).get("officer_id")
    found = ground.people.get(officer_id) if officer_id is not None else None
    return _person(found) if found else None


def apply(
    filing: Filing,
    court: Court,
    reachable: Duty,
    people: Mapping[int, OnDutyOfficer],
    actions: Iterable[Action],
    *,
    now: datetime,
    ways: Collection[Way] = (),
) -> Step:
    """Turn the rules' actions into rows, and note in the filing what was taken and what comes next.

    `ways` are the fallback addresses.
    """
    actions = list(actions)
    step = Step(filing, [], [], [])
    known = {**people, **{o.officer_id: o for holders in reachable.posts.values() for o in holders}}
    for action in actions:
        match action:
            case Page():
                _page(step, action, known[action.person.officer_id], now)
            case PageGroup():
                _page_group(step, action, court, now)
            case Skip() | NobodyLeft():
                step.gaps.append(action)
            case WakeAt(at=at):
                filing.next_step_at = earliest(at, changes.undo_until(filing))
    taken = escalation.keys_taken(actions) | _fall_back(step, court, reachable, actions, ways, now)
    if taken - set(filing.steps_taken):
        filing.steps_taken = sorted({*filing.steps_taken, *taken})
    return step


def _fall_back(
    step: Step,
    court: Court,
    reachable: Duty,
    actions: Iterable[Action],
    ways: Collection[Way],
    now: datetime,
) -> set[str]:
    """Letters by other ways: where the ladder says so, to whom chat does not reach, at once when nobody is left.

    Returns:
        Keys to note besides those of the actions.
    """
    filing = step.filing
    letters: list[Row] = []
    taken: set[str] = set()
    for action in actions if ways else ():
        match action:
            case Fallback(step=key):
                letters += fallback.to_court(filing, court.code, reachable, ways, step=key, now=now)
            case NobodyLeft(step=key) if (once := fallback.at_once_key(key)) not in {
                *filing.steps_taken,
                *taken,
            }:
                taken.add(once)
                letters += fallback.to_court(
                    filing, court.code, reachable, ways, step=once, now=now
                )
            case Skip(step=key, post=post, reason=reason) if reason in fallback.NOT_IN_CHAT:
                letters += fallback.to_officers(filing, reachable.of(post), ways, step=key, now=now)
    letters = fallback.without_repeats(letters)
    if letters:
        step.pages.extend(letters)
        told = fallback.told(letters)
        step.events.append(event(filing, "fallback_sent", SYSTEM, told, now=now))
    return taken


def _page(step: Step, action: Page, officer: OnDutyOfficer, now: datetime) -> None:
    facts = {
        "post": action.person.post,
        "standing_in_for": action.standing_in_for,
        "reason": action.reason,
    }
    step.pages.append(
        outbox.card(
            step.filing, _chat_of(officer), "officer", action.kind, now=now, facts=facts,
            officer_id=officer.officer_id, step=action.step, silent=action.silent,
        )
    )  # fmt: skip
    detail = _label(action.person.name, action.person.post)
    if action.standing_in_for and action.reason:
        detail += f"；{action.standing_in_for}: {action.reason}"
    step.events.append(event(step.filing, _EVENT_OF[action.kind], SYSTEM, detail, now=now))


def _page_group(step: Step, action: PageGroup, court: Court, now: datetime) -> None:
    if court.group_chat_id is None:
        message = f"{court.code} has no group to page"
        raise ValueError(message)
    step.pages.append(
        outbox.card(
            step.filing, court.group_chat_id, "group", action.kind, now=now,
            facts={"reason": action.reason}, court_code=court.code, step=action.step,
            silent=action.silent,
        )
    )  # fmt: skip
    step.events.append(event(step.filing, _EVENT_OF[action.kind], SYSTEM, court.name, now=now))


def _label(name: str, post: str) -> str:
    return f"{name}（{POSTS.get(post, post)}）"


def _chat_of(officer: OnDutyOfficer) -> int:
    if officer.telegram_id is None:
        message = f"officer {officer.officer_id} has no linked account to page"
        raise ValueError(message)
    return officer.telegram_id


def collaborating_cards(
    filing: Filing, court: Court, ground: Ground, *, now: datetime
) -> list[Row]:
    """The live card of the court that filed: its group and the officer who filed, else its post A."""
    cards: list[Row] = []
    if court.group_chat_id is not None and court.group_unreachable_at is None:
        cards.append(
            outbox.card(
                filing, court.group_chat_id, "collaborating", "filed", now=now,
                court_code=court.code, priority=outbox.NEWS, silent=True,
            )
        )  # fmt: skip
    filer = ground.people.get(filing.filed_by_officer_id or 0)
    # Who files on a day of leave reads the answer as well.
    direct = [filer] if filer and filer.reads_chat else []
    if not cards and not direct and court.code in ground.duties:
        direct = list(ground.duties[court.code].reachable("A"))
    cards.extend(
        outbox.card(
            filing, _chat_of(officer), "collaborating", "filed", now=now,
            officer_id=officer.officer_id, priority=outbox.NEWS, silent=True,
        )
        for officer in direct
    )  # fmt: skip
    return cards


def earliest(*instants: datetime | None) -> datetime | None:
    """The first of the instants that are given."""
    return min((instant for instant in instants if instant is not None), default=None)


async def store(
    session: AsyncSession,
    steps: Iterable[Step],
    ground: Ground,
    *,
    now: datetime,
) -> None:
    """Write the events, messages and alerts of decisions about filings that are stored already."""
    steps = list(steps)
    await events.write(session, [item for step in steps for item in step.events])
    await outbox.write(session, [page for step in steps for page in step.pages])
    for step in steps:
        await report_gaps(session, step, ground, now=now)
    if steps:
        wake(session, "steps")


async def report_gaps(session: AsyncSession, step: Step, ground: Ground, *, now: datetime) -> None:
    """Tell the coordinator, once a day, of a court without a group; at once, of one that nobody answers for."""
    court = ground.courts[step.filing.jurisdiction_court]
    facts = {"court": court.name, "code": court.code, "reference": step.filing.reference}
    for gap in step.gaps:
        if isinstance(gap, NobodyLeft):
            await events.record(
                session, step.filing, "delivery_failed", SYSTEM, "无人可呼叫", now=now
            )
            await alerts.to_coordinators(
                session, ground.duties[court.code], "nobody_reachable", facts, now=now,
                once=f"nobody:{step.filing.id}",
            )  # fmt: skip
        elif gap.reason == "no_group":
            day = ground.duties[court.code].day
            await alerts.to_coordinators(
                session, ground.duties[court.code], "no_group", facts, now=now,
                once=f"no_group:{court.code}:{day}",
            )  # fmt: skip
