"""Who is asked next about a question that nobody answers, and until when they may take. Loads and sends nothing.

Questions climb as filings do, in working time: whom the province appointed, its coordinator, the nation's.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from directory.worktime import NoWorkingDay, WorkCalendar, add_working

Stage = Literal["answerers", "coordinator", "nation"]

#: The way up.
STAGES: tuple[Stage, ...] = ("answerers", "coordinator", "nation")

#: How long (working seconds) each may take before the next is asked: a quarter of a day, half a day, a day.
PATIENCE: Mapping[Stage, int] = {"answerers": 2 * 3600, "coordinator": 4 * 3600, "nation": 8 * 3600}


@dataclass(frozen=True, slots=True)
class Step:
    """What happens to a question now."""

    #: Whose it is from now on; None while nobody at all can be reached.
    stage: Stage | None
    #: Who is shown it now.
    readers: tuple[int, ...]
    #: When it is looked at again; None once nobody above is left.
    next_at: datetime | None


def climb(
    after: Stage | None,
    people: Mapping[Stage, Collection[int]],
    told: Collection[int],
    calendar: WorkCalendar,
    now: datetime,
) -> Step:
    """Where a question goes that nobody answered.

    Args:
        after: whose it was; None for a new one, and one that has reached nobody yet.
        people: whom the chat reaches, by stage; never the asker.
        told: who was shown it already.
        calendar: the province's working hours.
        now: the present.

    Returns:
        The next stage with somebody new in it. A stage without anybody is passed over; where all above
        are without, it is tried again once the patience of `after` has passed again.
    """
    above = STAGES if after is None else STAGES[STAGES.index(after) + 1 :]
    for stage in above:
        fresh = tuple(officer for officer in people.get(stage, ()) if officer not in told)
        if fresh:
            return Step(stage, fresh, _due(stage, calendar, now))
    empty = any(not people.get(stage) for stage in above)
    return Step(after, (), _due(after or "answerers", calendar, now) if empty else None)


def _due(stage: Stage, calendar: WorkCalendar, now: datetime) -> datetime:
    patience = PATIENCE[stage]
    try:
        return add_working(calendar, now, patience)
    except NoWorkingDay:
        # Hours that never open must not keep a question from climbing.
        return now + timedelta(seconds=patience)
