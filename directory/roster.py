"""Who holds which post of a court on a given day, and who of them can be reached. Loads nothing; see `directory.duty`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
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

Unreachable = Literal["unlinked", "blocked", "left"]

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


@dataclass(frozen=True, slots=True)
class Duty:
    """Who is on duty for one court on one local day."""

    day: date
    #: Keys A, B, leader, technician, coordinator; each with its holders in a stable order.
    posts: Mapping[str, tuple[OnDutyOfficer, ...]]
    #: The first later local day on which somebody's term begins or ends; None when nothing is planned.
    changes_on: date | None = None

    def of(self, post: str) -> tuple[OnDutyOfficer, ...]:
        """The holders of `post` (empty when nobody holds it)."""
        return self.posts.get(post, ())

    def reachable(self, post: str) -> tuple[OnDutyOfficer, ...]:
        """Those holders of `post` whom the chat can reach."""
        return tuple(officer for officer in self.of(post) if officer.unreachable is None)


def held_on(valid_from: date | None, valid_to: date | None, day: date) -> bool:
    """Whether a term with these ends (inclusive, None = open) includes `day`."""
    return (valid_from is None or valid_from <= day) and (valid_to is None or day <= valid_to)


def duty_of(court_code: str, holders: Iterable[PostHolder], day: date) -> Duty:
    """Who answers for `court_code` on `day`, given the holders of its posts and of its province's.

    A person who left is kept only where nobody else holds the post: then it is the reason why
    nobody is paged, else it is history.
    """
    mine = sorted(
        (holder for holder in holders if _concerns(holder, court_code)),
        key=lambda holder: holder.officer_id,
    )
    posts: dict[str, tuple[OnDutyOfficer, ...]] = {}
    for post in (*COURT_POSTS, COORDINATOR):
        held = [holder for holder in mine if holder.post == post and holder.holds_on(day)]
        if post == COORDINATOR:
            held = _nearest(held, court_code)
        held = [holder for holder in held if not holder.left] or held
        posts[post] = tuple(on_duty_officer(holder) for holder in held)
    return Duty(day, MappingProxyType(posts), _next_change(mine, day))


def _concerns(holder: PostHolder, court_code: str) -> bool:
    return holder.post == COORDINATOR or holder.court_code == court_code


def _nearest(coordinators: list[PostHolder], court_code: str) -> list[PostHolder]:
    """Prefer the high court the code itself names: 新 and 兵 share a province but not their courts."""
    own = [holder for holder in coordinators if holder.court_code[:1] == court_code[:1]]
    return own or coordinators


def on_duty_officer(holder: PostHolder) -> OnDutyOfficer:
    """The holder as the chat can reach them."""
    return OnDutyOfficer(
        officer_id=holder.officer_id,
        name=holder.name,
        post=holder.post,
        court_code=holder.court_code,
        telegram_id=holder.telegram_id,
        language=holder.language,
        unreachable=_unreachable(holder),
        desk_phone=holder.desk_phone,
        mobile=holder.mobile,
    )


def _unreachable(holder: PostHolder) -> Unreachable | None:
    if holder.left:
        return "left"
    if holder.telegram_id is None:
        return "unlinked"
    return "blocked" if holder.blocked else None


def _next_change(holders: Iterable[PostHolder], day: date) -> date | None:
    changes = [
        change
        for holder in holders
        for change in (
            holder.valid_from,
            # A term without an end in sight may be written 9999-12-31, after which there is no day.
            holder.valid_to + _DAY if holder.valid_to and holder.valid_to < date.max else None,
        )
        if change is not None and change > day
    ]
    return min(changes, default=None)
