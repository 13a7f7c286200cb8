"""Which periods a bulletin is offered for, what typed days and rules mean. Asks and says nothing."""

import re
from datetime import date, timedelta

from directory.day_words import days_of
from directory.errors import LiaisonError
from notifications.bulletin_figures import Period

_YEAR = re.compile(r"\d{4}")

#: The words with which a rule is changed: by its name in `bulletin_rules`.
_RULES = {
    "目标": "target_percent",
    "target": "target_percent",
    "下限": "least",
    "least": "least",
    "异议": "contest_days",
    "contest": "contest_days",
}
_RULE = re.compile(rf"({'|'.join(_RULES)})\s*(\d{{1,3}})")

#: The longest period, in days: a year and a day.
LONGEST = 366


class DaysNotUnderstood(LiaisonError):
    """未能识别日期。"""


class DaysNotOver(LiaisonError):
    """日期须在今天以前，且先早后晚。"""


class TooManyDays(LiaisonError):
    """最多 {days} 天。"""


def offered(today: date) -> dict[str, Period]:
    """What a button offers, by the word it carries: whole periods that are over, and the month so far."""
    yesterday = today - timedelta(days=1)
    monday = today - timedelta(days=today.weekday())
    month = today.replace(day=1)
    end = month - timedelta(days=1)
    two_months = (end.replace(day=1) - timedelta(days=1)).replace(day=1)
    return {
        "yesterday": Period(yesterday, yesterday),
        "week": Period(monday - timedelta(days=7), monday - timedelta(days=1)),
        "month": Period(end.replace(day=1), end),
        "two": Period(two_months, end),
        "so_far": Period(month, today),
    }


def understood(text: str, today: date) -> Period:
    """The days that somebody typed; without a year, the last ones of that name.

    Raises:
        DaysNotUnderstood, DaysNotOver, TooManyDays: they are none a bulletin can be of.
    """
    found = days_of(text, today)
    if found is None:
        raise DaysNotUnderstood
    first, last = found if _YEAR.search(text) else (_passed(day, today) for day in found)
    if first > last or last > today:
        raise DaysNotOver
    if (last - first).days >= LONGEST:
        raise TooManyDays(days=LONGEST)
    return Period(first, last)


def rule(text: str) -> tuple[str, int] | None:
    """A rule of the province with its new value, typed as `目标 95`; None for anything else."""
    match = _RULE.fullmatch(text.strip().lower())
    return (_RULES[match[1]], int(match[2])) if match else None


def _passed(day: date, today: date) -> date:
    if day <= today:
        return day
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        # 29 February, and the year before has none.
        return day - timedelta(days=366)
