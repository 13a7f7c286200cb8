"""One year's holidays as its JSON holds them: read, checked, compared with another edition. Loads no file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from directory.texts import Phrase
from directory.worktime import DayKind, signs

Verdict = Literal["new", "same", "replaces", "no_other_source"]


def _(msgid: str, **data: object) -> Phrase:
    """A text for whoever shows the fault, in the reader's language."""
    return Phrase(msgid, data)


class BadHolidayYear(ValueError):
    """节假日表{where}有误：{fault}。"""

    def __init__(self, where: str, fault: Phrase) -> None:
        super().__init__((self.__doc__ or "").format(where=where, fault=fault))
        self.where = where
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice of the State Council's General Office; `number` such as 国办发明电〔2018〕15号."""

    title: str
    number: str


@dataclass(frozen=True, slots=True)
class YearDays:
    """One announced year: its notices, its holidays and its make-up working days, with names."""

    year: int
    notices: tuple[Notice, ...]
    off: tuple[tuple[date, str], ...]
    work: tuple[tuple[date, str], ...]

    def kinds(self) -> dict[date, DayKind]:
        """Every listed day with what it is."""
        off = {day: DayKind.OFF for day, _name in self.off}
        return off | {day: DayKind.WORK for day, _name in self.work}

    def names(self) -> dict[date, str]:
        """The holiday to which each listed day belongs."""
        return dict((*self.off, *self.work))

    @property
    def edition(self) -> str:
        """Eight signs by which its days are told from those of another edition."""
        kinds = self.kinds()
        return signs(" ".join(f"{day}{kinds[day]}" for day in sorted(kinds)))

    def document(self) -> dict[str, object]:
        """The year as its JSON holds it."""
        return {
            "year": self.year,
            "notices": [{"title": item.title, "number": item.number} for item in self.notices],
            "off": {day.isoformat(): name for day, name in self.off},
            "work": {day.isoformat(): name for day, name in self.work},
        }


def parse_year(document: object, where: str = "") -> YearDays:
    """Check the JSON of one year, as `calendar import` and the packaged files hold it.

    Args:
        document: `{"year", "notices": [{"title", "number"}], "off": {date: name}, "work": {…}}`.
        where: the file's name, for the message.

    Raises:
        BadHolidayYear: a part is missing or wrong, a day is in another year or listed twice, or a
            make-up day is a weekday.
    """
    if not isinstance(document, dict):
        raise BadHolidayYear(where, _("不是一个 JSON 对象"))
    year = document.get("year")
    if not isinstance(year, int) or not 2000 <= year <= 2100:
        raise BadHolidayYear(where, _("缺少年份 year（2000 至 2100）"))
    off = _days(document.get("off"), "off", year, where)
    work = _days(document.get("work", {}), "work", year, where)
    for day, _name in work:
        if day.weekday() < 5:
            raise BadHolidayYear(where, _("{day} 本来就是工作日，不能列为调休上班", day=day))
        if day in dict(off):
            raise BadHolidayYear(where, _("{day} 既放假又上班", day=day))
    return YearDays(year, _notices(document.get("notices"), where), off, work)


@dataclass(frozen=True, slots=True)
class DayChange:
    """One day that two editions of a year see differently; None is an ordinary day."""

    day: date
    before: DayKind | None
    after: DayKind | None
    name: str


def changes(before: YearDays | None, after: YearDays) -> tuple[DayChange, ...]:
    """What differs between two editions of a year, in the order of its days."""
    earlier = before.kinds() if before is not None else {}
    later = after.kinds()
    names = {**(before.names() if before is not None else {}), **after.names()}
    return tuple(
        DayChange(day, earlier.get(day), later.get(day), names[day])
        for day in sorted(earlier.keys() | later.keys())
        if earlier.get(day) != later.get(day)
    )


def verdict(before: YearDays | None, after: YearDays) -> Verdict:
    """Whether `after` may take the place of `before`.

    Other days need another source: two tables that name the same notices and differ are a mistake in
    one of them, and nobody can say in which.
    """
    if before is None:
        return "new"
    if not changes(before, after):
        return "same"
    return "no_other_source" if set(before.notices) == set(after.notices) else "replaces"


def _notices(listed: object, where: str) -> tuple[Notice, ...]:
    if not isinstance(listed, list) or not listed:
        raise BadHolidayYear(where, _("缺少来源通知 notices"))
    notices: list[Notice] = []
    for item in listed:
        title = item.get("title") if isinstance(item, dict) else None
        number = item.get("number", "") if isinstance(item, dict) else None
        if not isinstance(title, str) or not title or not isinstance(number, str):
            raise BadHolidayYear(where, _("来源通知要有标题 title 和文号 number"))
        notices.append(Notice(title, number))
    return tuple(notices)


def _days(listed: object, key: str, year: int, where: str) -> tuple[tuple[date, str], ...]:
    if not isinstance(listed, dict):
        raise BadHolidayYear(where, _("缺少日期表 {key}", key=key))
    days: list[tuple[date, str]] = []
    for text, name in listed.items():
        try:
            day = date.fromisoformat(text)
        except ValueError:
            raise BadHolidayYear(
                where, _("“{text}”不是日期，请写成 {year}-01-01", text=text, year=year)
            ) from None
        if day.year != year or not isinstance(name, str):
            raise BadHolidayYear(
                where, _("{text} 不在 {year} 年内，或缺少节日名称", text=text, year=year)
            )
        days.append((day, name))
    return tuple(sorted(days))
