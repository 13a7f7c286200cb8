"""An instant as people write it: `明天 9:30`, `下周一 17:00`, `12月23日下午5点`, `15:00`. Pure; asks nobody back."""

import re
from datetime import datetime

from directory.day_words import day_of, parted, time_of

# Whatever comes before the time is the day, as little of it as leaves a time: `11-11 9:30`, `明天9点`.
_INSTANT = re.compile(r"(?P<day>.*?)\s*(?P<time>(?:上午|早上|中午|下午|晚上)?\d{1,2}[:点时].*)")


def understood(text: str, now: datetime) -> datetime | None:
    """The instant that is meant, in the zone of `now`, be it over or not; None when it is no time.

    Args:
        text: a day (whatever `directory.day_words` reads; without one: today) and a time
            (`9:30`, `下午3点半`), with a space or none between them.
        now: the present on the writer's wall clock.
    """
    match = _INSTANT.fullmatch(parted(text).strip().lower())
    if match is None:
        return None
    day = day_of(match["day"], now.date()) if match["day"] else now.date()
    time = time_of(match["time"])
    if day is None or time is None:
        return None
    return datetime.combine(day, time, now.tzinfo)
