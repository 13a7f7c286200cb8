"""What people write for a time: `明天 9:30`, `11-11 9:30`, `15:00`. Pure; asks nobody back."""

import re
import unicodedata
from datetime import date, datetime, timedelta

_DAYS = {
    "今天": 0, "今日": 0, "today": 0,
    "明天": 1, "明日": 1, "tomorrow": 1,
    "后天": 2,
}  # fmt: skip

_TIME = re.compile(r"(?P<hour>\d{1,2})(?::|点|时)(?P<minute>\d{2})?分?")
_DATE = re.compile(r"(?:(?P<year>\d{4})[-/年])?(?P<month>\d{1,2})[-/月](?P<day>\d{1,2})日?")


def understood(text: str, now: datetime) -> datetime | None:
    """The instant that is meant, in the zone of `now`; None when it is no time or is over.

    Args:
        text: a day (`今天`, `明天`, `后天`, `11-11`, `2019年11月11日`; without one: today) and a time
            (`9:30`, `9点`), with a space or none between them.
        now: the present on the reader's wall clock.
    """
    plain = unicodedata.normalize("NFKC", text).strip().lower()
    day, rest = _day(plain, now.date())
    match = _TIME.fullmatch(rest.strip())
    if day is None or match is None:
        return None
    try:
        at = datetime(
            day.year, day.month, day.day,
            int(match["hour"]), int(match["minute"] or 0), tzinfo=now.tzinfo,
        )  # fmt: skip
    except ValueError:
        return None
    return at if at > now else None


def _day(plain: str, today: date) -> tuple[date | None, str]:
    """The day said first, and what is said after it; a date without a year is the next such one."""
    for word, ahead in _DAYS.items():
        if plain.startswith(word):
            return today + timedelta(days=ahead), plain.removeprefix(word)
    match = _DATE.match(plain)
    if match is None:
        return today, plain
    rest = plain[match.end() :]
    try:
        said = date(int(match["year"] or today.year), int(match["month"]), int(match["day"]))
        if match["year"] is None and said < today:
            said = said.replace(year=today.year + 1)
    except ValueError:
        return None, rest
    return said, rest
