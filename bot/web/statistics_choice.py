"""What the address of the page of statistics asks for: days, side, groups, clock, order. Pure; who sees what says `statistics_sight`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, get_args

from notifications.bulletin_figures import Period
from notifications.statistics_series import Role

Preset = Literal["today", "week", "month", "30days", "last_month"]
By = Literal["province", "court", "case_type", "day"]
Drills = Literal["exclude", "only", "include"]
Clock = Literal["working", "wall"]

PRESETS: tuple[Preset, ...] = get_args(Preset)

#: What is shown when nobody says for which days.
_USUAL: Preset = "30days"
_USUAL_DAYS = 30

#: No desk is older, and what lies much later is a slip of the pen.
_FIRST, _LAST = date(2000, 1, 1), date(2999, 12, 31)

#: The words of an address that mean something, in the order in which they are written.
NAMES = (
    "period", "since", "until", "role", "by", "drills", "clock", "province", "court", "sort",
)  # fmt: skip
_DEFAULTS: Mapping[str, str] = {
    "period": _USUAL,
    "role": "jurisdiction",
    "drills": "exclude",
    "clock": "working",
}

Fault = Literal["since", "until", "order"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What is asked for, as far as it can be understood.

    Attributes:
        words: what the address said, by `NAMES`; empty where it said nothing.
        period: the days, of the desk; days of one's own come before a preset.
        preset: which one the days are; None for days of one's own.
        by: what makes a group; None: what suits.
        sort: the column and whether its largest value comes first; None: what suits.
        faults: the words that cannot be understood; `order`: the days end before they begin.
    """

    words: Mapping[str, str]
    period: Period
    preset: Preset | None
    role: Role
    by: By | None
    drills: Drills
    clock: Clock
    sort: tuple[str, bool] | None
    faults: tuple[Fault, ...]

    def asking(self, **changes: str) -> dict[str, str]:
        """The words of the address with these changes: what is usual is left out.

        Days and a preset exclude each other: naming one takes the other away.
        """
        words = {**self.words, **changes}
        if "period" in changes:
            words["since"] = words["until"] = ""
        if words["since"] or words["until"]:
            words["period"] = ""
        return {
            name: words[name]
            for name in NAMES
            if words[name] and words[name] != _DEFAULTS.get(name)
        }


def read(words: Mapping[str, str], today: date) -> Choice:
    """The choice in the words of an address; `today` is the desk's day."""
    said = {name: words.get(name, "") for name in NAMES}
    faults: list[Fault] = []
    since, until = _day(said["since"], "since", faults), _day(said["until"], "until", faults)
    preset: Preset | None = next((one for one in PRESETS if one == said["period"]), _USUAL)
    period = period_of(preset or _USUAL, today)
    if since is not None or until is not None:
        # Days to come hold nothing, and would fill charts and addresses.
        latest = max(today, since or today)
        last = min(until or latest, latest)
        first = since or last - timedelta(days=_USUAL_DAYS - 1)
        if first > last:
            faults.append("order")
        else:
            period, preset = Period(first, last), None
    column, falling = said["sort"].removeprefix("-"), said["sort"].startswith("-")
    return Choice(
        words=said,
        period=period,
        preset=preset,
        role="collaborating" if said["role"] == "collaborating" else "jurisdiction",
        by=next((one for one in get_args(By) if one == said["by"]), None),
        drills=next((one for one in get_args(Drills) if one == said["drills"]), "exclude"),
        clock="wall" if said["clock"] == "wall" else "working",
        sort=(column, falling) if column else None,
        faults=tuple(faults),
    )


def period_of(preset: Preset, today: date) -> Period:
    """The days of a preset; what has begun ends today."""
    if preset == "today":
        return Period(today, today)
    if preset == "week":
        return Period(today - timedelta(days=today.weekday()), today)
    if preset == "month":
        return Period(today.replace(day=1), today)
    if preset == "last_month":
        last = today.replace(day=1) - timedelta(days=1)
        return Period(last.replace(day=1), last)
    return Period(today - timedelta(days=_USUAL_DAYS - 1), today)


def _day(words: str, name: Fault, faults: list[Fault]) -> date | None:
    if not words:
        return None
    try:
        day = date.fromisoformat(words)
    except ValueError:
        day = date.min
    if _FIRST <= day <= _LAST:
        return day
    faults.append(name)
    return None
