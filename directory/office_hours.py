"""The office hours of a court: the text a directory file holds made into parts of a day, by season. Counts nothing."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta

from directory.texts import Phrase

DEFAULT_HOURS = "08:30-11:30 13:30-17:00"

_DAY = timedelta(days=1)
_MINUTES_A_DAY = 24 * 60
_LEAP_YEAR = 2024
_TOLERATED = str.maketrans(
    {"–": "-", "—": "-", "−": "-", "~": "-", "〜": "-", "至": "-", "、": " ", ",": " ", "\n": " "}
)
_SEASON = re.compile(r"(\d{1,2})-(\d{1,2})\s*/\s*(\d{1,2})-(\d{1,2})\s*:\s*(.+)")
_PART = re.compile(r"(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})")


def _(msgid: str, **data: object) -> Phrase:
    """A text for whoever shows the fault, in the reader's language."""
    return Phrase(msgid, data)


class BadOfficeHours(ValueError):
    """办公时间“{text}”有误：{fault}。{remedy}"""

    def __init__(self, text: str, fault: Phrase) -> None:
        remedy = _(
            "请写成“08:30-11:30 13:30-17:00”，分季节时写成“05-01/09-30: 08:30-11:30 14:00-17:30; 10-01/04-30: 08:30-11:30 13:30-17:00”。"
        )
        self.said = _(
            "办公时间“{text}”有误：{fault}。{remedy}", text=text, fault=fault, remedy=remedy
        )
        super().__init__(str(self.said))
        self.text = text
        self.fault = fault


@dataclass(frozen=True, slots=True, order=True)
class DayPart:
    """A stretch of one day in minutes after local midnight; `closes` is exclusive, at most 1440."""

    opens: int
    closes: int

    def __str__(self) -> str:
        return f"{_clock(self.opens)}-{_clock(self.closes)}"


@dataclass(frozen=True, slots=True)
class Season:
    """Hours that hold from `first` to `last`, both (month, day) and inclusive; may wrap the year."""

    first: tuple[int, int]
    last: tuple[int, int]
    parts: tuple[DayPart, ...]

    def covers(self, month_day: tuple[int, int]) -> bool:
        """Whether the season holds on this (month, day)."""
        if self.first <= self.last:
            return self.first <= month_day <= self.last
        return month_day >= self.first or month_day <= self.last

    def __str__(self) -> str:
        hours = " ".join(str(part) for part in self.parts)
        (m1, d1), (m2, d2) = self.first, self.last
        return f"{m1:02}-{d1:02}/{m2:02}-{d2:02}: {hours}"


_WHOLE_YEAR = ((1, 1), (12, 31))


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """The opening hours of a court on its working days, by season."""

    seasons: tuple[Season, ...]

    @classmethod
    def parse(cls, text: str) -> OfficeHours:
        """Read the `hours` of a directory file.

        Full-width colons, dashes and semicolons are tolerated, touching parts are joined.

        Raises:
            BadOfficeHours: the text is unreadable, or its seasons leave a day out or overlap.
        """
        plain = unicodedata.normalize("NFKC", text).translate(_TOLERATED).strip()
        pieces = [piece.strip() for piece in plain.split(";") if piece.strip()]
        if not pieces:
            raise BadOfficeHours(text, _("没有写任何时段"))
        if len(pieces) == 1 and "/" not in pieces[0]:
            return cls((Season(*_WHOLE_YEAR, _parse_parts(pieces[0], text)),))
        hours = cls(tuple(_parse_season(piece, text) for piece in pieces))
        hours._check_every_day_once(text)
        return hours

    def parts_on(self, day: date) -> tuple[DayPart, ...]:
        """The parts of the given day, were it a working day."""
        month_day = (day.month, day.day)
        for season in self.seasons:
            if season.covers(month_day):
                return season.parts
        # Only 29 February may be left out by a text that says 02-28 and 03-01.
        return self.parts_on(day - _DAY)

    def _check_every_day_once(self, text: str) -> None:
        day = date(_LEAP_YEAR, 1, 1)
        while day.year == _LEAP_YEAR:
            month_day = (day.month, day.day)
            count = sum(season.covers(month_day) for season in self.seasons)
            if count > 1:
                raise BadOfficeHours(text, _("{day} 落在两个季节里", day=f"{day:%m-%d}"))
            if count == 0 and month_day != (2, 29):
                raise BadOfficeHours(text, _("{day} 不属于任何季节", day=f"{day:%m-%d}"))
            day += _DAY

    def __str__(self) -> str:
        only = self.seasons[0]
        if len(self.seasons) == 1 and (only.first, only.last) == _WHOLE_YEAR:
            return " ".join(str(part) for part in only.parts)
        return "; ".join(str(season) for season in self.seasons)


def _parse_season(piece: str, text: str) -> Season:
    match = _SEASON.fullmatch(piece)
    if match is None:
        raise BadOfficeHours(text, _("季节“{piece}”应写成“月-日/月-日: 时段”", piece=piece))
    first = _month_day(match[1], match[2], text)
    last = _month_day(match[3], match[4], text)
    return Season(first, last, _parse_parts(match[5], text))


def _month_day(month: str, day: str, text: str) -> tuple[int, int]:
    try:
        found = date(_LEAP_YEAR, int(month), int(day))
    except ValueError:
        raise BadOfficeHours(text, _("没有 {day} 这一天", day=f"{month}-{day}")) from None
    return found.month, found.day


def _parse_parts(piece: str, text: str) -> tuple[DayPart, ...]:
    parts: list[DayPart] = []
    for word in re.sub(r"\s*([-:])\s*", r"\1", piece).split():
        match = _PART.fullmatch(word)
        if match is None:
            raise BadOfficeHours(text, _("时段“{part}”应写成“08:30-11:30”", part=word))
        opens, closes = _minute(match[1], match[2], text), _minute(match[3], match[4], text)
        if opens >= closes:
            raise BadOfficeHours(text, _("时段“{part}”的结束不晚于开始", part=word))
        if parts and opens < parts[-1].closes:
            raise BadOfficeHours(text, _("时段“{part}”与前一时段重叠或次序颠倒", part=word))
        if parts and opens == parts[-1].closes:
            parts[-1] = DayPart(parts[-1].opens, closes)
        else:
            parts.append(DayPart(opens, closes))
    return tuple(parts)


def _minute(hour: str, minute: str, text: str) -> int:
    total = int(hour) * 60 + int(minute)
    if int(minute) > 59 or total > _MINUTES_A_DAY:
        raise BadOfficeHours(text, _("没有 {time} 这个时刻", time=f"{hour}:{minute}"))
    return total


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
