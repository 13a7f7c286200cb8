"""`calendar import`, `calendar show`, `calendar override`: holidays by year, and days settled otherwise."""

import asyncio
import json
from collections.abc import Collection, Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.cli.calendar_pages import Names, heading, months, plan, settled_line
from bot.cli.database import opened
from bot.cli.operator import operator
from bot.settings import Settings, load
from bot.texts import load_texts
from directory import announced_years, calendars, courts, day_overrides
from directory.announced_years import YearImport
from directory.calendars import SettledDay
from directory.clock import SystemClock
from directory.day_overrides import Kind, Substitute
from directory.duty_models import DayOverride, HolidayYear
from directory.errors import LiaisonError
from directory.holiday_years import BadHolidayYear, YearDays, parse_year
from directory.models import Court, Officer
from directory.texts import Phrase, Translate

calendar_app = typer.Typer(
    help="节假日与办公日 · holidays and office days", no_args_is_help=True, add_completion=False
)
override_app = typer.Typer(
    help="某省、某院某一天的另行安排 · days settled otherwise", no_args_is_help=True
)
calendar_app.add_typer(override_app, name="override")


class HolidaysUnreadable(LiaisonError):
    """节假日表 {file} 未导入：{why}。"""


def _(msgid: str, **data: object) -> Phrase:
    """A text for the sentence of an error, in the reader's language."""
    return Phrase(msgid, data)


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(calendar_app, name="calendar")


@calendar_app.command("import")
def import_year(
    file: Annotated[Path, typer.Argument(help="一年的节假日表（JSON） · one year as JSON")],
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="只看会有什么变化 · print what changes, write nothing")
    ] = False,
) -> None:
    """导入一年的节假日安排；运行中的值班台随即按它计时。 Bring in one year's holidays."""
    settings = load()
    year = read(file)
    done = asyncio.run(_import(settings, year, write=not dry_run))
    _ = load_texts().for_locale(settings.locale)
    for line in plan(done, _):
        print(line)
    if done.verdict != "same":
        print(
            _("以上只是预览，什么也没有写入。去掉 --dry-run 即可导入。")
            if dry_run
            else _("已导入。")
        )


def read(file: Path) -> YearDays:
    """The year in a file.

    Raises:
        HolidaysUnreadable: it cannot be opened, is no JSON, or is no year of holidays.
    """
    try:
        return parse_year(json.loads(file.read_text(encoding="utf-8-sig")), file.name)
    except FileNotFoundError as error:
        raise HolidaysUnreadable(file=file, why=_("找不到文件")) from error
    except OSError as error:
        raise HolidaysUnreadable(file=file, why=error.strerror) from error
    except BadHolidayYear as error:
        raise HolidaysUnreadable(file=file, why=error.fault) from error
    except json.JSONDecodeError as error:
        why = _("第 {line} 行不是正确的 JSON（{error}）", line=error.lineno, error=error.msg)
        raise HolidaysUnreadable(file=file, why=why) from error
    except ValueError as error:
        raise HolidaysUnreadable(file=file, why=_("不是 UTF-8 编码的 JSON")) from error


async def _import(settings: Settings, year: YearDays, *, write: bool) -> YearImport:
    async with opened(settings) as database:
        if not write:
            async with database.reading() as session:
                return await announced_years.preview(session, year)
        async with database.transaction() as session:
            return await announced_years.bring_in(
                session, year, who=operator(), now=SystemClock().now()
            )


@calendar_app.command()
def show(
    year: Annotated[int, typer.Argument(min=2000, max=2100, help="年份 · the year")],
    court: Annotated[
        str | None,
        typer.Option(help="法院代字：它的办公时间和另行安排 · one court's hours and days"),
    ] = None,
) -> None:
    """显示一年的节假日、调休、另行安排、来源和版本。 Show a year, its source and edition."""
    settings = load()
    for line in asyncio.run(_show(settings, year, court)):
        print(line)


async def _show(settings: Settings, number: int, code: str | None) -> list[str]:
    _ = load_texts().for_locale(settings.locale)
    async with opened(settings) as database, database.reading() as session:
        court = await courts.get(session, code) if code is not None else None
        row = await session.get(HolidayYear, number)
        year = calendars.year_in_force(number)
        lines = [heading(number, year, _origin(row, settings, _), _)]
        if court is not None:
            calendar = courts.calendar_of(court, settings.timezone)
            settled = calendars.settled_for(court.province, court.code)
            hours = _("办公时间 {hours}", hours=calendar.hours)
            lines.append(f"{court.code} {court.name}　{hours}　{calendar.timezone.key}")
        else:
            calendar = calendars.calendar_for(None, None, settings.timezone)
            settled = await day_overrides.every(session)
        lines += months(number, year, calendar, _)
        mine = sorted(
            (item for item in settled if item.day.year == number), key=lambda item: item.day
        )
        if mine:
            lines.append(_("另行安排："))
        names = await _names(session, mine)
        return [*lines, *(settled_line(item, names, _) for item in mine)]


def _origin(row: HolidayYear | None, settings: Settings, _: Translate) -> str | None:
    if row is None:
        return None
    at = row.imported_at.astimezone(ZoneInfo(settings.timezone))
    return _("{at} 由 {who} 导入", at=f"{at:%Y-%m-%d %H:%M}", who=row.imported_by)


async def _names(session: AsyncSession, items: Collection[DayOverride | SettledDay]) -> Names:
    codes = {item.scope for item in items} | {item.substitute_court or "" for item in items}
    ids = {item.substitute_officer_id for item in items} - {None}
    named = await session.execute(select(Court.code, Court.name).where(Court.code.in_(codes)))
    people = await session.execute(
        select(Officer.id, Officer.court_code, Officer.name).where(Officer.id.in_(ids))
    )
    return Names(
        dict(named.tuples().all()), {number: f"{code}:{name}" for number, code, name in people}
    )


@override_app.command("add")
def add(
    scope: Annotated[str, typer.Argument(help="省份或法院代字 · a province or a court's code")],
    day: Annotated[datetime, typer.Argument(formats=["%Y-%m-%d"], help="日期 · the local day")],
    *,
    closed: Annotated[bool, typer.Option("--closed", help="不办公 · closed")] = False,
    open_: Annotated[bool, typer.Option("--open", help="照常办公 · open")] = False,
    hours: Annotated[
        str | None, typer.Option(help="当天的办公时间，例如 09:00-12:00 · hours of that day")
    ] = None,
    substitute: Annotated[
        str | None,
        typer.Option(
            help="不办公时代班的法院代字，或 代字:姓名 · who answers: a code, or code:name"
        ),
    ] = None,
    reason: Annotated[str, typer.Option(help="事由，例如 停电 · why, in a few words")] = "",
) -> None:
    """某省或某院某一天不办公、照常办公或改变办公时间。 Settle one day of a province or a court."""
    if closed + open_ + (hours is not None) != 1:
        raise typer.BadParameter(
            "--closed、--open、--hours 须且只能写一个 · give exactly one of --closed, --open, --hours"
        )
    if len(reason) > DayOverride.name.type.length or len(hours or "") > 64:
        raise typer.BadParameter("事由和时段各不超过 64 个字 · at most 64 characters")
    kind: Kind = "off" if closed else "work" if open_ else "hours"
    print(asyncio.run(_add(load(), scope, day.date(), kind, hours, substitute, reason.strip())))


async def _add(
    settings: Settings,
    scope: str,
    day: date,
    kind: Kind,
    hours: str | None,
    substitute: str | None,
    reason: str,
) -> str:
    _ = load_texts().for_locale(settings.locale)
    now = SystemClock().now()
    async with opened(settings) as database, database.transaction() as session:
        held: Substitute | None = None
        if substitute is not None:
            held = await day_overrides.substitute_of(session, substitute)
        row = await day_overrides.settle(
            session,
            await day_overrides.scope_of(session, scope),
            day,
            kind,
            by=operator(),
            now=now,
            today=now.astimezone(ZoneInfo(settings.timezone)).date(),
            hours=hours,
            name=reason,
            substitute=held,
        )
        return settled_line(row, await _names(session, [row]), _)


@override_app.command("list")
def list_days(
    scope: Annotated[
        str | None, typer.Argument(help="省份或法院代字 · a province or a court's code")
    ] = None,
) -> None:
    """列出今天起的另行安排。 List what is settled from today on."""
    for line in asyncio.run(_list(load(), scope)):
        print(line)


async def _list(settings: Settings, scope: str | None) -> Iterable[str]:
    _ = load_texts().for_locale(settings.locale)
    today = SystemClock().now().astimezone(ZoneInfo(settings.timezone)).date()
    async with opened(settings) as database, database.reading() as session:
        scopes = None if scope is None else [await day_overrides.scope_of(session, scope)]
        rows = await day_overrides.upcoming(session, scopes, today)
        names = await _names(session, rows)
        lines = [settled_line(row, names, _) for row in rows]
        return lines or [_("今天起没有另行安排。")]


@override_app.command()
def cancel(number: Annotated[int, typer.Argument(min=1, help="编号 · its number")]) -> None:
    """取消一天的另行安排，恢复日历。 Take a settled day back."""
    print(asyncio.run(_cancel(load(), number)))


async def _cancel(settings: Settings, number: int) -> str:
    _ = load_texts().for_locale(settings.locale)
    async with opened(settings) as database, database.transaction() as session:
        row = await day_overrides.take_back(session, number, by=operator(), now=SystemClock().now())
        return _("已取消 {scope} {day} 的另行安排。", scope=row.scope, day=row.day)
