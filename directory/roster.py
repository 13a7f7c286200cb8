"""Who stands at which post of a court on a given day, and who of them can be reached. Loads nothing; see `directory.duty`.

Post A is held by the directory's holders of it, unless the court's plans say otherwise: a dated
shift, or a rotation. The same goes for B and the leader.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from types import MappingProxyType
from typing import Literal

#: Posts as they are called; the words are msgids.
POSTS = {
    "A": "A岗",
    "B": "B岗",
    "leader": "带班领导",
    "technician": "技术人员",
    "coordinator": "省级协调员",
}
#: By which post somebody holding several is shown: the nearest to answering first.
POSTS_BY_RANK = ("A", "B", "leader", "coordinator", "technician")

#: Posts that belong to the court itself; a coordinator belongs to the whole province.
COURT_POSTS = ("A", "B", "leader", "technician")
COORDINATOR = "coordinator"

#: Posts that shifts and rotations may fill.
PLANNED_POSTS = ("A", "B", "leader")

Unreachable = Literal["unlinked", "blocked", "left", "on_leave", "absent"]

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class PostHolder:
    """A person and one post, as stored: the facts the roster is made from."""

    officer_id: int
    name: str
    post: str
    court_code: str
    valid_from: date | None = None
    valid_to: date | None = None
    telegram_id: int | None = None
    language: str | None = None
    blocked: bool = False
    left: bool = False
    desk_phone: str | None = None
    mobile: str | None = field(default=None, repr=False)

    def holds_on(self, day: date) -> bool:
        """Whether the post is held on this local day; both ends are inclusive."""
        return held_on(self.valid_from, self.valid_to, day)


@dataclass(frozen=True, slots=True)
class DatedShift:
    """From `first_day` to `last_day` (local, inclusive) this officer stands at `post`."""

    id: int
    post: str
    officer_id: int
    first_day: date
    last_day: date
    #: `plan`, `assigned` or `swap`.
    source: str = "plan"

    def covers(self, day: date) -> bool:
        """Whether `day` is one of its days."""
        return self.first_day <= day <= self.last_day


@dataclass(frozen=True, slots=True)
class Turns:
    """From `starts_on` the officers take turns at `post`, `days` days each, in their order."""

    id: int
    post: str
    starts_on: date
    #: The last day, inclusive; None while it goes on.
    ends_on: date | None
    days: int
    officer_ids: tuple[int, ...]

    def officer_on(self, day: date) -> int | None:
        """Whose turn `day` is; None before the beginning, after the end, and when nobody takes part."""
        if not self.officer_ids or not held_on(self.starts_on, self.ends_on, day):
            return None
        turn = (day - self.starts_on).days // max(self.days, 1)
        return self.officer_ids[turn % len(self.officer_ids)]


@dataclass(frozen=True, slots=True)
class Away:
    """An officer is not there from `first_day` to `last_day` (local, inclusive)."""

    officer_id: int
    first_day: date
    last_day: date
    reason: Literal["on_leave", "absent"] = "on_leave"


@dataclass(frozen=True, slots=True)
class Plans:
    """What a court's roster says beside the directory: who stands where when, and who is away."""

    shifts: tuple[DatedShift, ...] = ()
    rotations: tuple[Turns, ...] = ()
    away: tuple[Away, ...] = ()
    #: Those whom shifts and rotations name, by number; their `post` and term mean nothing here.
    people: Mapping[int, PostHolder] = field(default_factory=lambda: MappingProxyType({}))

    def standing(self, post: str, day: date) -> int | None:
        """Who stands at `post` on `day` by these plans; None where they say nothing.

        What was said last holds: an assignment or a swap before a plan, a dated shift before a
        rotation, and of two alike the one written later.
        """
        dated = [shift for shift in self.shifts if shift.post == post and shift.covers(day)]
        if dated:
            return max(dated, key=lambda shift: (shift.source != "plan", shift.id)).officer_id
        turns = [
            (turns.id, officer)
            for turns in self.rotations
            if turns.post == post and (officer := turns.officer_on(day)) is not None
        ]
        return max(turns)[1] if turns else None

    def away_on(self, day: date) -> dict[int, Unreachable]:
        """Who is away on `day`, by number, with the reason; leave before a missed check-in."""
        gone: dict[int, Unreachable] = {}
        for away in self.away:
            if away.first_day <= day <= away.last_day and gone.get(away.officer_id) != "on_leave":
                gone[away.officer_id] = away.reason
        return gone


NO_PLANS = Plans()


@dataclass(frozen=True, slots=True)
class OnDutyOfficer:
    """One holder of a post today. `unreachable` says why the chat cannot reach the person, if it cannot."""

    officer_id: int
    name: str
    post: str
    court_code: str
    telegram_id: int | None
    language: str | None
    unreachable: Unreachable | None
    desk_phone: str | None
    #: Personal data: shown only by role, masked otherwise.
    mobile: str | None = field(default=None, repr=False)

    @property
    def reads_chat(self) -> bool:
        """Whether a message arrives: who is on leave or absent is not called, but can be written to."""
        return self.telegram_id is not None and self.unreachable in {None, "on_leave", "absent"}


@dataclass(frozen=True, slots=True)
class StandIn:
    """A court is closed for the day for `reason` (may be empty); `name` is the court or officer in its place."""

    reason: str
    name: str
    #: The court that answers, or the officer's.
    court_code: str


@dataclass(frozen=True, slots=True)
class Duty:
    """Who is on duty for one court on one local day."""

    day: date
    #: Keys A, B, leader, technician, coordinator; each with its holders in a stable order.
    posts: Mapping[str, tuple[OnDutyOfficer, ...]]
    #: The first later local day with other people; None when no change is known or none was asked for.
    changes_on: date | None = None
    #: Who answers in the court's place while it is closed; `posts` holds them then.
    stand_in: StandIn | None = None

    def of(self, post: str) -> tuple[OnDutyOfficer, ...]:
        """The holders of `post` (empty when nobody holds it)."""
        return self.posts.get(post, ())

    def reachable(self, post: str) -> tuple[OnDutyOfficer, ...]:
        """Those holders of `post` whom the chat can reach."""
        return tuple(officer for officer in self.of(post) if officer.unreachable is None)

    def to_tell(self, post: str) -> tuple[OnDutyOfficer, ...]:
        """Who of `post` hears what somebody must hear: those reachable or, without any, those on leave."""
        return self.reachable(post) or tuple(one for one in self.of(post) if one.reads_chat)


def held_on(valid_from: date | None, valid_to: date | None, day: date) -> bool:
    """Whether a term with these ends (inclusive, None = open) includes `day`."""
    return (valid_from is None or valid_from <= day) and (valid_to is None or day <= valid_to)


def duty_of(
    court_code: str, holders: Iterable[PostHolder], day: date, plans: Plans = NO_PLANS
) -> Duty:
    """Who answers for `court_code` on `day`, given the holders of its posts and of its province's.

    Where `plans` name somebody for a post, that person stands there instead of its holders, unless
    the answering posts they hold or held are over by then: they could answer nothing. A holder
    of B who stands at A leaves B to the other holders of B or, where there are none, to those who
    would have stood at A: two officers who change places.

    A person who left is kept only where nobody else holds the post: then it is the reason why
    nobody is paged, else it is history.
    """
    mine = [holder for holder in holders if _concerns(holder, court_code)]
    mine.sort(key=_by_number)
    held: dict[str, list[PostHolder]] = {post: [] for post in (*COURT_POSTS, COORDINATOR)}
    for holder in mine:
        if holder.post in held and holder.holds_on(day):
            held[holder.post].append(holder)
    held[COORDINATOR] = _nearest(held[COORDINATOR], court_code)
    if plans.shifts or plans.rotations:
        _fill(held, plans, day, _over(mine, day))
    away = plans.away_on(day) if plans.away else {}
    posts: dict[str, tuple[OnDutyOfficer, ...]] = {}
    for post, people in held.items():
        there = [holder for holder in people if not holder.left] or people
        posts[post] = tuple(on_duty_officer(holder, away) for holder in there)
    return Duty(day, MappingProxyType(posts))


def _over(mine: Iterable[PostHolder], day: date) -> set[int]:
    """Those of whom posts are known, but none that answers filings on `day`."""
    known: dict[int, bool] = {}
    for holder in mine:
        answers = holder.post != "technician" and holder.holds_on(day)
        known[holder.officer_id] = known.get(holder.officer_id, False) or answers
    return {officer_id for officer_id, answers in known.items() if not answers}


def _fill(
    held: dict[str, list[PostHolder]], plans: Plans, day: date, over: Collection[int]
) -> None:
    """Put those whom the plans name in the place of the posts' holders, but none of `over`."""
    regular = held["A"]
    planned: dict[str, PostHolder] = {}
    for post in PLANNED_POSTS:
        officer_id = plans.standing(post, day)
        person = plans.people.get(officer_id) if officer_id is not None else None
        if person is not None and person.officer_id not in over:
            planned[post] = replace(person, post=post)
            held[post] = [planned[post]]
    at_desk = planned.get("A")
    if at_desk is None or "B" in planned:
        return
    others = [holder for holder in held["B"] if holder.officer_id != at_desk.officer_id]
    if len(others) < len(held["B"]):
        held["B"] = others or [
            replace(holder, post="B")
            for holder in regular
            if holder.officer_id != at_desk.officer_id
        ]


def next_change(
    court_code: str,
    holders: Iterable[PostHolder],
    plans: Plans,
    day: date,
    *,
    until: date,
    posts: Iterable[str] = (*COURT_POSTS, COORDINATOR),
) -> date | None:
    """The first local day after `day`, at most `until`, on which other people stand at `posts`.

    None when nothing that is known changes by then.
    """
    mine = [holder for holder in holders if _concerns(holder, court_code)]
    wanted = tuple(posts)

    def standing(on: date) -> list[tuple[str, int, Unreachable | None]]:
        duty = duty_of(court_code, mine, on, plans)
        return [(post, o.officer_id, o.unreachable) for post in wanted for o in duty.of(post)]

    now = standing(day)
    for change in sorted({c for c in _edges(mine, plans, day, until) if day < c <= until}):
        if standing(change) != now:
            return change
    return None


def _edges(holders: Iterable[PostHolder], plans: Plans, day: date, until: date) -> Iterator[date]:
    """Every day on which something may change."""
    spans: list[tuple[date | None, date | None]] = [(h.valid_from, h.valid_to) for h in holders]
    spans += [(shift.first_day, shift.last_day) for shift in plans.shifts]
    spans += [(away.first_day, away.last_day) for away in plans.away]
    spans += [(turns.starts_on, turns.ends_on) for turns in plans.rotations]
    for first, last in spans:
        if first is not None:
            yield first
        # A term without an end in sight may be written 9999-12-31, after which there is no day.
        if last is not None and last < date.max:
            yield last + _DAY
    for turns in plans.rotations:
        length = max(turns.days, 1)
        passed = max((day - turns.starts_on).days // length, 0)
        change = turns.starts_on + timedelta(days=length * (passed + 1))
        while change <= until:
            yield change
            change += timedelta(days=length)


def _by_number(holder: PostHolder) -> int:
    return holder.officer_id


def _concerns(holder: PostHolder, court_code: str) -> bool:
    return holder.post == COORDINATOR or holder.court_code == court_code


def _nearest(coordinators: list[PostHolder], court_code: str) -> list[PostHolder]:
    """Prefer the high court the code itself names: 新 and 兵 share a province but not their courts."""
    own = [holder for holder in coordinators if holder.court_code[:1] == court_code[:1]]
    return own or coordinators


def on_duty_officer(
    holder: PostHolder, away: Mapping[int, Unreachable] = MappingProxyType({})
) -> OnDutyOfficer:
    """The holder as the chat can reach them; `away` says who is not there that day, and why."""
    return OnDutyOfficer(
        officer_id=holder.officer_id,
        name=holder.name,
        post=holder.post,
        court_code=holder.court_code,
        telegram_id=holder.telegram_id,
        language=holder.language,
        unreachable=_unreachable(holder, away.get(holder.officer_id)),
        desk_phone=holder.desk_phone,
        mobile=holder.mobile,
    )


def _unreachable(holder: PostHolder, away: Unreachable | None) -> Unreachable | None:
    """The reason that weighs most: whoever is on leave is not looked for in the chat at all."""
    if holder.left:
        return "left"
    if away == "on_leave":
        return away
    if holder.telegram_id is None:
        return "unlinked"
    return "blocked" if holder.blocked else away
