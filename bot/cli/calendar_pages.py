"""How a year, its changes and settled days are shown in a terminal. Decides nothing and loads nothing."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from directory.announced_years import YearImport, named
from directory.calendars import SettledDay
from directory.duty_models import DayOverride
from directory.holiday_years import YearDays
from directory.texts import Translate
from directory.worktime import DayKind, WorkCalendar


@dataclass(frozen=True, slots=True)
class Names:
    """What codes and numbers of settled days are called: courts by code, officers by id."""

    courts: Mapping[str, str]
    officers: Mapping[int, str]


def plan(done: YearImport, _: Translate) -> Iterator[str]:
    """What an import changes, day by day, and in whose place the year comes."""
    year = done.year
    if done.verdict == "same":
        yield _("{year}年的日期与现有的相同，没有变化。", year=year.year)
        return
    source = named(year.notices)
    if done.replaced is None:
        yield _("{year}年：新增，依据 {source}。", year=year.year, source=source)
    else:
        yield _(
            "{year}年：现依据 {before}，将改为依据 {source}。",
            year=year.year,
            before=named(done.replaced.notices),
            source=source,
        )
    for change in done.changes:
        before, after = kind_name(change.before, _), kind_name(change.after, _)
        yield f"  {change.day} {change.name}: {before} → {after}"
    yield _("变化 {count} 天。", count=len(done.changes))


def kind_name(kind: DayKind | None, _: Translate) -> str:
    """What the calendar says of a day."""
    if kind is None:
        return _("平常")
    return _("放假") if kind is DayKind.OFF else _("调休上班")


def heading(number: int, year: YearDays | None, brought_in: str | None, _: Translate) -> str:
    """The year with its source and edition, or that it is only estimated."""
    if year is None:
        return _(
            "{year}年　预估：节假日安排尚未公布，只按周末推算。公布后请用 calendar import 导入。",
            year=number,
        )
    origin = brought_in or _("随产品提供")
    return _(
        "{year}年　依据 {source}　版本 {edition}（{origin}）",
        year=number,
        source=named(year.notices),
        edition=year.edition,
        origin=origin,
    )


def months(
    number: int, year: YearDays | None, calendar: WorkCalendar, _: Translate
) -> Iterator[str]:
    """Twelve lines: working days, holidays, make-up days."""
    for month in range(1, 13):
        days = list(_days(number, month))
        parts = [
            _("{month}月", month=f"{month:2}"),
            _("工作日 {count}", count=f"{sum(map(calendar.days.is_working_day, days)):2}"),
        ]
        if year is not None:
            off = [(day, name) for day, name in year.off if day.month == month]
            work = [(day, name) for day, name in year.work if day.month == month]
            if off:
                parts.append(_("放假 {days}", days=_runs(off)))
            if work:
                parts.append(_("调休上班 {days}", days=_runs(work)))
        yield "　".join(parts)


def _days(year: int, month: int) -> Iterator[date]:
    day = date(year, month, 1)
    while day.month == month:
        yield day
        day += timedelta(days=1)


def _runs(days: Iterable[tuple[date, str]]) -> str:
    """`1-3 元旦, 15 春节`: neighbouring days of one holiday together."""
    runs: list[tuple[date, date, str]] = []
    for day, name in days:
        if runs and runs[-1][2] == name and day - runs[-1][1] == timedelta(days=1):
            runs[-1] = (runs[-1][0], day, name)
        else:
            runs.append((day, day, name))
    return ", ".join(
        f"{first.day} {name}" if first == last else f"{first.day}-{last.day} {name}"
        for first, last, name in runs
    )


def settled_line(item: DayOverride | SettledDay, names: Names, _: Translate) -> str:
    """One settled day: its number, day, whose, what, why, and who answers meanwhile."""
    what = {
        "off": _("不办公"),
        "work": _("照常办公"),
        "hours": _("办公时间 {hours}", hours=item.hours or ""),
    }[item.kind]
    scope = f"{item.scope} {names.courts[item.scope]}" if item.scope in names.courts else item.scope
    parts = [f"#{item.id}", item.day.isoformat(), scope, what]
    if item.name:
        parts.append(item.name)
    if item.substitute_court is not None:
        court = names.courts.get(item.substitute_court, item.substitute_court)
        parts.append(_("由{who}代班", who=court))
    elif item.substitute_officer_id is not None:
        officer = names.officers.get(item.substitute_officer_id, f"#{item.substitute_officer_id}")
        parts.append(_("由{who}代班", who=officer))
    return "　".join(parts)
