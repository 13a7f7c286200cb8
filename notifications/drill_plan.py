"""Which courts a drill calls and when each is due. Pure: no table is read, nothing is sent."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from directory import worktime
from directory.worktime import NoWorkingDay, WorkCalendar

Kind = Literal["court", "city", "province", "all", "quiet"]

#: The name of the audience of all courts.
NATION = "全国"

#: How long (seconds of the court's own working time) after its last filing a drill goes on.
LASTS_SECONDS = 3600

#: How far a quiet drill keeps from the ends of the morning: nobody is called while coming or leaving.
MARGIN = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Audience:
    """Whose courts are called: one court's code, a city, a province, or all (an empty value).

    `province` is the province the courts are of; None for all. `name` is how it is shown.
    """

    kind: Kind
    value: str
    name: str
    province: str | None = None

    def as_json(self) -> dict[str, Any]:
        """As a drill keeps it."""
        return {"kind": self.kind, "value": self.value, "name": self.name}


@dataclass(frozen=True, slots=True)
class Order:
    """A drill as somebody ordered it. `spread_seconds` of 0 calls every court at once."""

    audience: Audience
    starts_at: datetime
    spread_seconds: int
    ordered_by: str
    officer_id: int | None = None


def instants(codes: Sequence[str], starts_at: datetime, spread_seconds: int) -> dict[str, datetime]:
    """When each court is due, by code: evenly over the spread, on whole seconds, in the codes' order."""
    ordered = sorted(codes)
    return {
        code: starts_at + timedelta(seconds=spread_seconds * place // len(ordered))
        for place, code in enumerate(ordered)
    }


def partners(codes: Sequence[str]) -> dict[str, str]:
    """The court that seems to file at each court: the next one of the drill, the last one's is the first.

    Empty for fewer than two courts: then somebody outside must be found.
    """
    ordered = sorted(codes)
    if len(ordered) < 2:
        return {}
    return dict(zip(ordered, [*ordered[1:], ordered[0]], strict=True))


def ends_at(last_due: Iterable[tuple[WorkCalendar, datetime]]) -> datetime:
    """When a drill is over at the latest: an hour of working time after each court's filing.

    Args:
        last_due: the last filing's instant under each calendar.
    """
    return max(_an_hour_later(calendar, at) for calendar, at in last_due)


def _an_hour_later(calendar: WorkCalendar, at: datetime) -> datetime:
    try:
        return worktime.add_working(calendar, at, LASTS_SECONDS)
    except NoWorkingDay:
        return at + timedelta(seconds=LASTS_SECONDS)


def quiet_instant(calendar: WorkCalendar, now: datetime, share: float) -> datetime | None:
    """When a court gets a quiet drill on its own day of `now`; None when it keeps no such morning.

    Args:
        calendar: the court's.
        now: before the opening, or the rest of the morning is taken.
        share: from 0 to 1, where in the morning: it spreads courts that would be called together.
    """
    for span in worktime.spans(calendar, now.astimezone(calendar.timezone).date()):
        first, last = max(span.start + MARGIN, now), span.end - MARGIN
        if first < last:
            return worktime.whole_second(first + (last - first) * share)
        return None
    return None


def reference(day: datetime, drill_id: int, code: str) -> str:
    """The reference of a court's filing in a drill: `YL-20191111-7-辽0211`; `day` in the desk's zone."""
    return f"YL-{day:%Y%m%d}-{drill_id}-{code}"
