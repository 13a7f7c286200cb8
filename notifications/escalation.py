"""Who must be paged about a filing, and when: the escalation rules, as one pure function.

`decide` is the whole of it: a filing, its ladder, who is on duty and the time go in, actions come
out. Nothing is sent, stored or looked up here. `notifications.paging` loads what goes in and
applies what comes out; how a ladder is read is in `notifications.ladder`.

The rules, from the ladder's contract:

1. While a filing is waiting the `answer` steps run from its arrival; while it is acknowledged the
   `result` steps run from the acknowledgment or the supplement; in any other state nothing runs.
2. Each (step, target) is one key, such as `answer:2:B`. A key is taken once and never again.
3. `outside_hours` says what may leave while the court is closed: everything ("page"), the group
   without a sound ("silent"), or nothing ("hold"). Whatever is held leaves at the opening.
4. A post that nobody reachable holds is skipped at once for the next post of `LINE`.
5. After downtime all steps that are due are taken together, but a person is paged once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from directory import worktime
from directory.worktime import WorkCalendar
from notifications.escalation_facts import (
    Action,
    Fallback,
    FilingState,
    Kind,
    NobodyLeft,
    OnDuty,
    Page,
    PageGroup,
    Person,
    Skip,
    Snooze,
    WakeAt,
    keys_taken,
)
from notifications.ladder import Ladder, Step

__all__ = [
    "GRACE",
    "LINE",
    "Action",
    "Fallback",
    "FilingState",
    "Kind",
    "NobodyLeft",
    "OnDuty",
    "Page",
    "PageGroup",
    "Person",
    "Skip",
    "Snooze",
    "WakeAt",
    "decide",
    "keys_taken",
    "next_in_line",
    "substitute",
]

LINE = ("A", "B", "leader", "coordinator")
"""The order in which one post stands in for the one before it."""

SEVERITY: tuple[Kind, ...] = ("page", "reminder", "escalation")
"""Of several pages to one person the last of these is sent."""

GRACE = timedelta(seconds=60)
"""A page that fell due in office hours may still leave this long after the closing second."""


def decide(
    filing: FilingState, ladder: Ladder, on_duty: OnDuty, calendar: WorkCalendar, now: datetime
) -> list[Action]:
    """What must happen to this filing at `now`. Sends nothing, stores nothing.

    Args:
        filing: its state and the steps taken so far.
        ladder: the resolved ladder of its pair of courts.
        on_duty: who can be reached at `now`.
        calendar: the jurisdiction court's.
        now: an aware instant.

    Returns:
        The actions in the order of the steps, ending with one `WakeAt`.
    """
    scene = _Scene(filing, ladder, on_duty, calendar, now)
    taken: list[Action] = []
    wake: list[datetime] = []
    for due in _pending(scene):
        leaves_at = _leaves_at(scene, due)
        if leaves_at <= now:
            taken.extend(_take(scene, due))
        else:
            wake.append(leaves_at)
    for snooze in _snoozes(filing):
        if _snooze_key(snooze) in filing.steps_taken:
            continue
        leaves_at = _held(scene, snooze.until, worktime.is_open(calendar, snooze.until))
        if leaves_at <= now:
            taken.extend(_after_snooze(scene, snooze))
        else:
            wake.append(leaves_at)
    return [*_once_a_person(taken), WakeAt(min(wake, default=None))]


def substitute(
    filing: FilingState,
    ladder: Ladder,
    on_duty: OnDuty,
    calendar: WorkCalendar,
    step_key: str,
    failed_officer_ids: Collection[int],
    now: datetime,
    *,
    reason: str,
) -> list[Action]:
    """Whom to page now that the delivery of `step_key` has failed for good, for `reason`.

    The substitute's key is the failed one with `>POST` added: one that fails is replaced in turn.
    While the court is closed the page leaves at once, silent unless `outside_hours` is "page".

    Returns:
        Pages to the next post with anyone reachable; `NobodyLeft` when there is none; nothing when
        the filing moved on, the key was replaced, or the step paged another holder (or, with a group, anybody).
    """
    key, _, stand_ins = step_key.partition(">")
    # A page handed over stands beside the first of the answer's steps.
    prefix, number, target = key.replace("handover:", "answer:0:").split(":")
    phase, index = _phase(filing, ladder), int(number)
    if phase is None or phase.prefix != prefix or index >= len(phase.steps):
        return []
    failed_post = stand_ins.split(">")[-1] or target
    if failed_post == "group" and _notifies_a_person(phase.steps[index]):
        return []
    if _reachable(on_duty, (failed_post,), failed_officer_ids):
        return []
    stand_in = next_in_line(on_duty, failed_post, failed_officer_ids)
    if stand_in is None:
        # Nobody follows the coordinator; those before were paged by their own steps.
        left = _reachable(on_duty, LINE, failed_officer_ids)
        return [] if left else [NobodyLeft(step_key, reason)]
    post, persons = stand_in
    if (next_key := f"{step_key}>{post}") in filing.steps_taken:
        return []
    silent = ladder.outside_hours != "page" and not worktime.is_open(calendar, now)
    kinds = [_kind(prefix, index, target, _is_duty(on_duty, person)) for person in persons]
    return [
        Page(next_key, person, kind, silent, failed_post, reason)
        for person, kind in zip(persons, kinds, strict=True)
    ]


def next_in_line(
    on_duty: OnDuty, after_post: str | None, excluded: Collection[int] = ()
) -> tuple[str, tuple[Person, ...]] | None:
    """The first post after `after_post` (None: from the first) that anyone reachable holds.

    Args:
        on_duty: who can be reached.
        after_post: a post of `LINE`; anything else counts as standing before it.
        excluded: officers not to be named.
    """
    start = LINE.index(after_post) + 1 if after_post in LINE else 0
    for post in LINE[start:]:
        persons = _reachable(on_duty, (post,), excluded)
        if persons:
            return post, persons
    return None


@dataclass(frozen=True, slots=True)
class _Scene:
    """What `decide` was asked."""

    filing: FilingState
    ladder: Ladder
    on_duty: OnDuty
    calendar: WorkCalendar
    now: datetime


@dataclass(frozen=True, slots=True)
class _Phase:
    """The steps that run in a state; `prefix` begins their keys."""

    prefix: str
    start: datetime
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class _Due:
    """One target of one step.

    `at` is when it falls due before `outside_hours` is looked at, `in_hours` whether that is in
    office hours, `alone` whether no person is notified by the same step.
    """

    key: str
    prefix: str
    index: int
    target: str
    at: datetime
    in_hours: bool
    alone: bool

    def still_on_time(self, now: datetime) -> bool:
        """Whether it leaves as if the court were open."""
        return self.in_hours and now <= self.at + GRACE


def _phase(filing: FilingState, ladder: Ladder) -> _Phase | None:
    if filing.state == "waiting":
        return _Phase("answer", filing.received_at, ladder.answer)
    if filing.state == "acknowledged" and filing.result_clock_from is not None:
        again = f"+{filing.supplements}" if filing.supplements else ""
        return _Phase(f"result{again}", filing.result_clock_from, ladder.result)
    return None


def _pending(scene: _Scene) -> Iterator[_Due]:
    """Every (step, target) of the running phase that was not taken yet."""
    phase = _phase(scene.filing, scene.ladder)
    if phase is None:
        return
    for index, step in enumerate(phase.steps):
        at = _falls_due(scene, phase.start, step.after)
        # The closing second belongs to the hours for a step that used working seconds to get there.
        in_hours = worktime.is_open(scene.calendar, at) or (
            step.after > 0 and worktime.is_open(scene.calendar, at - timedelta(seconds=1))
        )
        alone = not _notifies_a_person(step)
        for target in step.notify:
            key = f"{phase.prefix}:{index}:{target}"
            if key not in scene.filing.steps_taken:
                yield _Due(key, phase.prefix, index, target, at, in_hours, alone)


def _notifies_a_person(step: Step) -> bool:
    return bool(set(step.notify) - {"group", "fallback"})


def _falls_due(scene: _Scene, start: datetime, after: int) -> datetime:
    """A step's instant on the ladder's clock, before `outside_hours` is looked at."""
    if after == 0:
        return start.astimezone(UTC)
    if scene.ladder.clock == "working":
        return worktime.add_working(scene.calendar, start, after)
    return start.astimezone(UTC) + timedelta(seconds=after)


def _leaves_at(scene: _Scene, due: _Due) -> datetime:
    """When a step may really leave: `outside_hours` holds some back."""
    mode = scene.ladder.outside_hours
    # A missing group that a person stands in for waits as a direct page does.
    to_group = due.target == "group" and (scene.on_duty.group or not due.alone)
    if mode == "silent" and to_group:
        return due.at
    return _held(scene, due.at, due.in_hours)


def _held(scene: _Scene, at: datetime, in_hours: bool) -> datetime:
    """When a page to a person leaves: at its time in office hours, else at the opening."""
    if scene.ladder.outside_hours == "page":
        return at
    first = at if in_hours else worktime.next_opening(scene.calendar, at)
    return first if scene.now <= first + GRACE else worktime.next_opening(scene.calendar, scene.now)


def _take(scene: _Scene, due: _Due) -> list[Action]:
    """The actions of one due target."""
    on_duty = scene.on_duty
    if due.target == "fallback":
        if on_duty.fallback:
            return [Fallback(due.key)]
        return [Skip(due.key, "fallback", "not_configured")]
    if due.target == "group" and on_duty.group:
        awake = due.still_on_time(scene.now) or worktime.is_open(scene.calendar, scene.now)
        silent = scene.ladder.outside_hours == "silent" and not awake
        return [PageGroup(due.key, _kind(due.prefix, due.index, "group"), silent=silent)]
    if due.target == "group":
        skip = Skip(due.key, "group", "no_group")
        return [skip, *_stand_in(scene, due, "no_group")] if due.alone else [skip]
    holders: tuple[Person, ...]
    if due.target == "acknowledger":
        holders = (on_duty.acknowledger,) if on_duty.acknowledger else ()
    else:
        holders = on_duty.posts.get(due.target, ())
    reachable = [person for person in holders if person.unreachable is None]
    if reachable:
        return [_page(scene, due, person) for person in reachable]
    reason = (holders[0].unreachable if holders else None) or "empty"
    return [Skip(due.key, due.target, reason), *_stand_in(scene, due, reason)]


def _stand_in(scene: _Scene, due: _Due, reason: str) -> list[Action]:
    """Pages to the post that stands in for the target, with the reason."""
    found = next_in_line(scene.on_duty, due.target)
    if found is None:
        return [] if _reachable(scene.on_duty, LINE) else [NobodyLeft(due.key, reason)]
    return [_page(scene, due, person, due.target, reason) for person in found[1]]


def _page(
    scene: _Scene,
    due: _Due,
    person: Person,
    standing_in_for: str | None = None,
    reason: str | None = None,
) -> Page | Skip:
    """The page of one person, unless they asked to be left alone for now."""
    for snooze in _snoozes(scene.filing):
        if snooze.officer_id == person.officer_id and snooze.until > scene.now:
            return Skip(due.key, person.post, "snoozed")
    kind = _kind(due.prefix, due.index, due.target, _is_duty(scene.on_duty, person))
    return Page(due.key, person, kind, standing_in_for=standing_in_for, reason=reason)


def _snoozes(filing: FilingState) -> tuple[Snooze, ...]:
    """稍后 is offered, and counts, only while the filing is waiting."""
    return filing.snoozes if filing.state == "waiting" else ()


def _after_snooze(scene: _Scene, snooze: Snooze) -> list[Action]:
    """One reminder when the time of a 稍后 is over, unless its author cannot be reached any more."""
    key = _snooze_key(snooze)
    for person in _reachable(scene.on_duty, LINE):
        if person.officer_id == snooze.officer_id:
            return [Page(key, person, "reminder", reason="snoozed")]
    return [Skip(key, "snooze", "gone")]


def _snooze_key(snooze: Snooze) -> str:
    return f"snooze:{snooze.officer_id}:{int(snooze.until.timestamp())}"


def _kind(prefix: str, index: int, target: str, to_duty: bool = False) -> Kind:
    """First page, reminder of whom it concerns already, or escalation to someone above."""
    if prefix == "answer" and index == 0:
        return "page"
    if to_duty or target in ("A", "acknowledger", "group"):
        return "reminder"
    return "escalation"


def _is_duty(on_duty: OnDuty, person: Person) -> bool:
    return any(holder.officer_id == person.officer_id for holder in on_duty.posts.get("A", ()))


def _reachable(
    on_duty: OnDuty, posts: Iterable[str], excluded: Collection[int] = ()
) -> tuple[Person, ...]:
    return tuple(
        person
        for post in posts
        for person in on_duty.posts.get(post, ())
        if person.unreachable is None and person.officer_id not in excluded
    )


def _once_a_person(actions: Iterable[Action]) -> list[Action]:
    """Fold the pages to one person, the group or the fallback into the most severe of them."""
    kept: dict[object, Action] = {}
    for action in actions:
        recipient = _recipient(action)
        earlier = kept.get(recipient)
        kept[recipient] = action if earlier is None else _fold(earlier, action)
    return list(kept.values())


def _recipient(action: Action) -> object:
    if isinstance(action, Page):
        return "person", action.person.officer_id
    if isinstance(action, Skip):
        return "skip", action.step, action.post
    return type(action)


def _fold(earlier: Action, later: Action) -> Action:
    """The one action that speaks for both; both go to the same recipient."""
    speaking = (Page, PageGroup)
    graver = (
        isinstance(earlier, speaking)
        and isinstance(later, speaking)
        and SEVERITY.index(later.kind) > SEVERITY.index(earlier.kind)
    )
    winner, loser = (later, earlier) if graver else (earlier, later)
    if isinstance(winner, Page | PageGroup | Fallback):
        keys = (*winner.folded, *sorted(keys_taken([loser])))
        return replace(winner, folded=tuple(dict.fromkeys(keys)))
    return winner
