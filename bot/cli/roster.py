"""`roster import`, `roster template`, `roster sheet`: shifts from files, and the duty sheet to print. Rules are in `directory`."""

import asyncio
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.database import opened
from bot.cli.directory_plan import fault_line
from bot.cli.operator import operator
from bot.settings import Settings, load
from bot.texts import load_texts
from directory import duty_sheet, duty_sheet_file, roster_imports, roster_templates
from directory.clock import SystemClock
from directory.court_codes import full_province
from directory.duty_sheet import DutySheet
from directory.errors import ImportRefused
from directory.exports import replace_file
from directory.import_files import read_files
from directory.import_plan import in_order
from directory.import_tables import Table
from directory.roster import POSTS
from directory.roster_files import Entry, RosterPlan
from directory.texts import CHINESE, Translate

roster_app = typer.Typer(
    help="值班表 · the duty roster", no_args_is_help=True, add_completion=False
)


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(roster_app, name="roster")


@roster_app.command("import")
def import_files(
    files: Annotated[
        list[Path],
        typer.Argument(help="排班、轮班和休假 · shifts, rotations, leave: .csv or .xlsx"),
    ],
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="只看会写入什么 · print it, write nothing")
    ] = False,
    replace: Annotated[
        bool,
        typer.Option("--replace", help="以文件为准，替代已有排班 · over what was planned before"),
    ] = False,
) -> None:
    """导入排班，有一处错误便一处也不写。 Import shifts: all or nothing."""
    settings = load()
    _ = load_texts().for_locale(settings.locale)
    tables, unreadable = read_files(files)
    write = not dry_run and not unreadable
    planned = asyncio.run(
        _import(settings, tables, replace=replace, write=write, now=SystemClock().now())
    )
    for warning in planned.warnings:
        print(_("注意：") + fault_line(warning, _), file=sys.stderr)
    if faults := in_order((*unreadable, *planned.faults)):
        for fault in faults:
            print(fault_line(fault, _), file=sys.stderr)
        raise ImportRefused(count=len(faults))
    if not planned.entries:
        print(_("没有变化，什么也没有写入。"))
        return
    if dry_run:
        for entry in planned.entries:
            print(_line(entry, _))
    counts = {
        kind: sum(entry.kind == kind for entry in planned.entries)
        for kind in ("shift", "rotation", "leave")
    }
    summary = _("值班 {shift} 段、轮班 {rotation} 个、休假 {leave} 段；已有相同的 {unchanged} 行。",
                unchanged=planned.unchanged, **counts)  # fmt: skip
    print(summary if dry_run else _("已导入。") + summary)
    if dry_run:
        print(_("以上只是预览，什么也没有写入。去掉 --dry-run 即可导入。"))


def _line(entry: Entry, _: Translate) -> str:
    kinds = {"shift": _("值班"), "rotation": _("轮班"), "leave": _("休假")}
    post = _(POSTS[entry.post]) if entry.post else ""
    last = entry.last_day.isoformat() if entry.last_day is not None else ""
    days = f"{entry.first_day}..{last}"
    return "\t".join([kinds[entry.kind], entry.court_code, post, "、".join(entry.names), days])


async def _import(
    settings: Settings, tables: Sequence[Table], *, replace: bool, write: bool, now: datetime
) -> RosterPlan:
    async with opened(settings) as database:
        if not write:
            async with database.reading() as session:
                return await roster_imports.preview(session, tables, replace=replace)
        async with database.transaction() as session:
            return await roster_imports.bring_in(
                session, tables, replace=replace, who=operator(), now=now
            )


@roster_app.command()
def template(
    file: Annotated[Path, typer.Argument(help="要写的文件 · .csv or .xlsx")],
) -> None:
    """写出只有列名的排班表。 Write an empty table of shifts with its headings."""
    settings = load()
    _ = load_texts().for_locale(settings.locale)
    roster_templates.write(file, chinese=settings.locale == CHINESE)
    print(_("已写出 {file}", file=file))


@roster_app.command()
def sheet(
    file: Annotated[Path, typer.Argument(help="要写的文件 · .xlsx")],
    *,
    province: Annotated[str, typer.Option(help="省份，例如 辽宁省 · the province")],
    day: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="日期，默认今天 · the day, by default today"),
    ] = None,
) -> None:
    """写出一省的值班表和电话联络表，供打印。 Write a province's duty sheet and phone tree, to be printed."""
    if file.suffix.lower() != ".xlsx":
        raise typer.BadParameter("请写成 .xlsx 文件 · write an .xlsx file")
    settings = load()
    _ = load_texts().for_locale(settings.locale)
    found = asyncio.run(_sheet(settings, full_province(province), day, now=SystemClock().now()))
    replace_file(file, duty_sheet_file.workbook(found, _))
    print(_("已写出 {file}", file=file))


async def _sheet(
    settings: Settings, province: str, day: datetime | None, *, now: datetime
) -> DutySheet:
    async with opened(settings) as database, database.reading() as session:
        return await duty_sheet.load(
            session,
            province,
            day.date() if day is not None else None,
            now=now,
            default_timezone=settings.timezone,
        )
