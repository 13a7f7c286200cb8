"""Days and times as people write them in chat: 明天, 周六, 11-28, 11月28日, 14:30, Sat. Knows no roster and no clock.

Whatever is not understood is None, never a guess.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, time, timedelta

_DAY = timedelta(days=1)

_WORDS = {
    "大前天": -3, "前天": -2, "昨天": -1, "昨日": -1, "今天": 0, "今日": 0, "今晚": 0,
    "明天": 1, "明日": 1, "明晚": 1, "后天": 2, "大后天": 3,
    "yesterday": -1, "today": 0, "tonight": 0, "tomorrow": 1,
}  # fmt: skip

_WEEKDAYS = {
    "一": 0, "二": 1, "三": 2, "四": 3, "五": 4, "六": 5, "日": 6, "天": 6,
    "mon": 0, "tue": 1, "wed": 2, "thu": 3, "fri": 4, "sat": 5, "sun": 6,
    "monday": 0, "tuesday": 1, "wednesday": 2, "thursday": 3, "friday": 4, "saturday": 5, "sunday": 6,
}  # fmt: skip

_WEEKDAY = re.compile(r"(下下|下|本|这)?(?:个)?(?:周|星期|礼拜)([一二三四五六日天])")
_FULL = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_SHORT = re.compile(r"(\d{1,2})[-/月](\d{1,2})[日号]?")
_DAY_ONLY = re.compile(r"(\d{1,2})[日号]")
_TIME = re.compile(r"(上午|早上|下午|晚上|中午)?(\d{1,2})(?:[:时点](\d{1,2}|半)?分?)")
#: 今晚8点: the day and the half of it in one word, before the hour.
_EVENING = re.compile(r"([今明])(?:天)?晚上?\s*(?=\d)")

_BETWEEN = re.compile(r"\.{2,}|…+|~|至|到|—+|–|(?<=\d)-(?=\d{4}-)")

#: A date without a year that would lie longer ago than this is meant for the year to come.
_LOOK_BACK = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked about: the `words` left over (a court), a day, a time of it."""

    words: str
    day: date | None = None
    at: time | None = None


def asked(text: str, today: date) -> Asked:
    """Take one day and one time out of the words, wherever they stand."""
    rest: list[str] = []
    day: date | None = None
    at: time | None = None
    for word in parted(text).split():
        if day is None and (found := day_of(word, today)) is not None:
            day = found
        elif at is None and (hour := time_of(word)) is not None:
            at = hour
        else:
            rest.append(word)
    return Asked(" ".join(rest), day, at)


def parted(text: str) -> str:
    """The text with day and time of 今晚8点 apart: 今天 晚上8点."""
    return _EVENING.sub(r"\1天 晚上", unicodedata.normalize("NFKC", text))


def day_of(word: str, today: date) -> date | None:
    """The day that a word names, seen from `today`; None when it names none."""
    plain = _plain(word)
    if plain in _WORDS:
        return today + _DAY * _WORDS[plain]
    if (match := _WEEKDAY.fullmatch(plain)) is not None:
        return _weekday(_WEEKDAYS[match[2]], match[1], today)
    if plain in _WEEKDAYS and plain.isascii():
        return _weekday(_WEEKDAYS[plain], None, today)
    return _dated(plain, today)


def _dated(plain: str, today: date) -> date | None:
    if (match := _FULL.fullmatch(plain)) is not None:
        return _date(int(match[1]), int(match[2]), int(match[3]))
    if (match := _SHORT.fullmatch(plain)) is not None:
        return _coming(int(match[1]), int(match[2]), today)
    if (match := _DAY_ONLY.fullmatch(plain)) is not None:
        return _in_month(int(match[1]), today)
    return None


def time_of(word: str) -> time | None:
    """The time of day that a word names: 14:30, 9点半, 下午3点."""
    match = _TIME.fullmatch(_plain(word))
    if match is None:
        return None
    hour, minute = int(match[2]), 30 if match[3] == "半" else int(match[3] or 0)
    if match[1] in ("下午", "晚上") and hour < 12:
        hour += 12
    return time(hour, minute) if hour < 24 and minute < 60 else None


def days_of(text: str, today: date) -> tuple[date, date] | None:
    """One day, or the first and last of several: `11-24..11-28`, `周一至周五`, `24日到28日`.

    The last may leave out what the first says: `11月24日至28日`. None when a part is not understood
    or the last lies before the first.
    """
    parts = [part for part in _BETWEEN.split(_plain(text).replace(" ", "")) if part]
    if not 1 <= len(parts) <= 2:
        return None
    first = day_of(parts[0], today)
    if first is None:
        return None
    if len(parts) == 1:
        return first, first
    number = parts[1].removesuffix("日").removesuffix("号")
    last = _date(first.year, first.month, int(number)) if number.isdecimal() else None
    last = last or day_of(parts[1], first)
    return (first, last) if last is not None and last >= first else None


def _plain(word: str) -> str:
    return unicodedata.normalize("NFKC", word).strip().lower()


def _weekday(number: int, which: str | None, today: date) -> date:
    """This day of the week: the next one from today on, or the one of this, the next, the week after."""
    if which is None:
        return today + _DAY * ((number - today.weekday()) % 7)
    weeks = {"下": 1, "下下": 2}.get(which, 0)
    return today + _DAY * (number - today.weekday() + 7 * weeks)


def _coming(month: int, day: int, today: date) -> date | None:
    found = _date(today.year, month, day)
    if found is None or found < today - _LOOK_BACK:
        return _date(today.year + 1, month, day)
    return found


def _in_month(day: int, today: date) -> date | None:
    """The day of this month or, when it is over, of the next."""
    found = _date(today.year, today.month, day)
    if found is not None and found >= today:
        return found
    following = today.replace(day=1) + timedelta(days=32)
    return _date(following.year, following.month, day)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
