"""Who answers for a court that is closed for a day: its substitute's desk in the place of its own. Says nothing of clocks."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from types import MappingProxyType

from directory.calendars import SettledDay, closure_on, settled_for
from directory.models import Court
from directory.roster import COORDINATOR, COURT_POSTS, Duty, OnDutyOfficer, StandIn

#: Loads the own duty of courts by code, and officers by id, wherever they serve.
LoadDesks = Callable[[Collection[str]], Awaitable[Mapping[str, tuple[str, Duty]]]]
LoadPeople = Callable[[Collection[int]], Awaitable[Mapping[int, OnDutyOfficer]]]


def closed(courts: Sequence[Court], days: Mapping[str, date]) -> dict[str, SettledDay]:
    """The courts that are closed on their local day and have a substitute, by code; asks no database."""
    found = {
        court.code: closure
        for court in courts
        if (closure := closure_on(court.province, court.code, days[court.code])) is not None
    }
    return {code: closure for code, closure in found.items() if closure.served}


def foreseen(courts: Sequence[Court], duties: Mapping[str, Duty], until: date) -> dict[str, Duty]:
    """The duties, with the first later day (at most `until`) on which a substitute takes over as a change."""
    changed = dict(duties)
    for court in courts:
        duty = duties[court.code]
        days = [
            item.day
            for item in settled_for(court.province, court.code)
            if duty.day < item.day <= until
            and (closure := closure_on(court.province, court.code, item.day)) is not None
            and closure.served
        ]
        if days:
            first = min(days) if duty.changes_on is None else min(*days, duty.changes_on)
            changed[court.code] = replace(duty, changes_on=first)
    return changed


async def stand_in(
    duties: Mapping[str, Duty],
    closures: Mapping[str, SettledDay],
    desks: LoadDesks,
    people: LoadPeople,
) -> dict[str, Duty]:
    """The duties, with those of closed courts in their substitutes' hands.

    A substitute court's posts take the place of the closed court's; its province's coordinators stay.
    An officer takes post A, and the closed court's other posts stay behind: silence still climbs. The
    substitute's own closure is not followed further.
    """
    if not closures:
        return dict(duties)
    codes = sorted({item.substitute_court for item in closures.values() if item.substitute_court})
    ids = sorted(
        {i.substitute_officer_id for i in closures.values() if i.substitute_officer_id is not None}
    )
    others = await desks(codes) if codes else {}
    officers = await people(ids) if ids else {}
    changed = dict(duties)
    for code, closure in closures.items():
        own = duties[code]
        officer = officers.get(closure.substitute_officer_id or 0)
        if officer is not None:
            posts = {**own.posts, "A": (replace(officer, post="A"),)}
            changed[code] = _with(
                own, posts, StandIn(closure.name, officer.name, officer.court_code)
            )
        elif closure.substitute_court is not None and closure.substitute_court in others:
            name, other = others[closure.substitute_court]
            posts = {post: other.of(post) for post in COURT_POSTS}
            posts[COORDINATOR] = own.of(COORDINATOR)
            changed[code] = _with(own, posts, StandIn(closure.name, name, closure.substitute_court))
    return changed


def _with(own: Duty, posts: Mapping[str, tuple[OnDutyOfficer, ...]], stand_in: StandIn) -> Duty:
    # At midnight the court's own people are back, if only to find that the next day is settled too.
    tomorrow = own.day + timedelta(days=1)
    return replace(own, posts=MappingProxyType(dict(posts)), stand_in=stand_in, changes_on=tomorrow)
