"""The words of the escalation tables: who is on duty, what time it is, what was decided.

The court opens 08:30-11:30 and 13:30-17:00; `10 09:00` is 10 October 2019, a Thursday, in Shanghai.
"""

from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from directory.office_hours import DEFAULT_HOURS, OfficeHours
from directory.worktime import DayTable, WorkCalendar
from notifications.escalation import (
    Fallback,
    FilingState,
    NobodyLeft,
    OnDuty,
    Page,
    PageGroup,
    Person,
    Skip,
    decide,
    keys_taken,
)
from notifications.ladder import LadderBook

SHANGHAI = ZoneInfo("Asia/Shanghai")
COURT = WorkCalendar(OfficeHours.parse(DEFAULT_HOURS), SHANGHAI, DayTable({}, frozenset({2019})))
DEFAULT = LadderBook.built_in().default
IDS = {"A": 1, "A2": 2, "B": 3, "leader": 4, "coordinator": 5, "C": 6}


def at(text):
    day, _, clock = text.partition(" ")
    return datetime.fromisoformat(f"{date(2019, 10, int(day))}T{clock}").replace(tzinfo=SHANGHAI)


def ladder(toml=""):
    return LadderBook.parse(toml).default


def duty(*, group=True, fallback=False, acknowledger=None, **posts):
    """Everybody can be reached but those named: `A="blocked"`, `B=None` for a post nobody holds."""
    held = {}
    for post in ("A", "B", "leader", "coordinator"):
        said = posts.get(post, "")
        if said is None:
            held[post] = ()
        elif isinstance(said, tuple):
            held[post] = said
        else:
            held[post] = (person(post, said or None),)
    return OnDuty(group, held, acknowledger, fallback)


def person(name, unreachable=None, post=None):
    return Person(IDS[name], name, post or name, unreachable)


def told(actions):
    """The actions in words; the wake-up is left out."""
    words = []
    for action in actions:
        match action:
            case Page():
                stands = (
                    f" for {action.standing_in_for}: {action.reason}"
                    if action.standing_in_for
                    else ""
                )
                quiet = " silently" if action.silent else ""
                words.append(f"{action.kind} {action.person.name}{quiet}{stands}")
            case PageGroup():
                words.append(f"{action.kind} group{' silently' if action.silent else ''}")
            case Fallback():
                words.append("fallback")
            case Skip():
                words.append(f"skip {action.post}: {action.reason}")
            case NobodyLeft():
                words.append(f"nobody left: {action.reason}")
    return words


def story(filing, rules, on_duty, start):
    """Decide at `start` and whenever the wake-up says, until nothing is left."""
    now, lines = at(start), []
    while now is not None:
        actions = decide(filing, rules, on_duty, COURT, now)
        filing = replace(filing, steps_taken=filing.steps_taken | keys_taken(actions))
        if len(actions) > 1:
            local = now.astimezone(SHANGHAI)
            lines.append(f"{local:%d %H:%M} " + ", ".join(told(actions)))
        now, earlier = actions[-1].at, now
        assert now is None or now > earlier
    return lines


def waiting(received):
    return FilingState("waiting", at(received))
