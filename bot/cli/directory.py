"""`directory import`, `directory export`, `directory template`: files in and out. Rules are in `directory.import_plan`."""

import asyncio
import sys
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from bot.cli.database import opened
from bot.cli.directory_plan import fault_line, print_plan, summary
from bot.cli.operator import operator
from bot.cli.privacy import purge
from bot.settings import Settings, load
from bot.texts import load_texts
from directory import exports, imports
from directory.clock import SystemClock
from directory.court_codes import looks_like_code
from directory.errors import ImportRefused
from directory.import_faults import Fault
from directory.import_files import read_files
from directory.import_plan import Plan, Refusal, in_order
from directory.import_tables import Table
from directory.texts import CHINESE, Translate

directory_app = typer.Typer(
    help="法官通讯录 · the directory", no_args_is_help=True, add_completion=False
)
directory_app.command()(purge)


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(directory_app, name="directory")


@directory_app.command("import")
def import_files(
    files: Annotated[
        list[Path], typer.Argument(help="法院和人员文件，次序不限 · .csv or .xlsx, in any order")
    ],
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="只看会有什么变化 · print the plan, write nothing")
    ] = False,
    replace_courts: Annotated[
        list[str] | None,
        typer.Option(
            metavar="CODE...",
            help="这些法院的人员以文件为准，文件中没有的离任 · whose officers the files hold in full",
        ),
    ] = None,
) -> None:
    """导入法院和人员，有一处错误便一处也不写。 Import courts and officers: all or nothing."""
    settings = load()
    _ = load_texts().for_locale(settings.locale)
    paths, codes = _told_apart(files, replace_courts or [])
    if not paths:
        raise typer.BadParameter("没有写文件 · no file given")
    tables, unreadable = read_files(paths)
    now = SystemClock().now()
    planned = asyncio.run(
        _import(settings, tables, codes, now=now, write=not dry_run and not unreadable)
    )
    _print_faults(planned.warnings, _("注意："), _)
    if unreadable or isinstance(planned, Refusal):
        faults = planned.faults if isinstance(planned, Refusal) else ()
        faults = in_order((*unreadable, *faults))
        _print_faults(faults, "", _)
        raise ImportRefused(count=len(faults))
    if planned.is_empty:
        print(_("没有变化，什么也没有写入。"))
    elif dry_run:
        print_plan(planned, _, chinese=settings.locale == CHINESE)
        print(summary(planned, _))
        print(_("以上只是预览，什么也没有写入。去掉 --dry-run 即可导入。"))
    else:
        print(_("已导入。") + summary(planned, _))


def _told_apart(words: Iterable[Path], options: Sequence[str]) -> tuple[list[Path], list[str]]:
    """Files and codes: after `--replace-courts` several codes may follow, which look like files."""
    codes = [code for option in options for code in option.replace("，", ",").split(",") if code]
    paths = list(words)
    if codes:
        more = [path for path in paths if looks_like_code(str(path)) and not path.exists()]
        paths = [path for path in paths if path not in more]
        codes += [str(path) for path in more]
    return paths, codes


async def _import(
    settings: Settings, tables: Sequence[Table], codes: list[str], *, now: datetime, write: bool
) -> Plan | Refusal:
    today = now.astimezone(ZoneInfo(settings.timezone)).date()
    async with opened(settings) as database:
        if not write:
            async with database.reading() as session:
                return await imports.preview(session, tables, replace_courts=codes, today=today)
        async with database.transaction() as session:
            return await imports.bring_in(
                session, tables, replace_courts=codes, who=operator(), today=today, now=now
            )


def _print_faults(faults: Iterable[Fault], prefix: str, _: Translate) -> None:
    for fault in faults:
        print(prefix + fault_line(fault, _), file=sys.stderr)


@directory_app.command()
def export(
    file: Annotated[Path, typer.Argument(help="要写的文件 · .csv or .xlsx")],
    *,
    full: Annotated[
        bool, typer.Option("--full", help="含完整手机号和聊天账号 · with whole mobile numbers")
    ] = False,
    reason: Annotated[
        str | None, typer.Option(help="完整导出的理由，将被记录 · why; recorded")
    ] = None,
) -> None:
    """导出通讯录，手机号默认遮蔽。 Export the directory; mobiles are masked unless --full."""
    if full and not (reason or "").strip():
        raise typer.BadParameter("--full 须写明 --reason · --full needs --reason")
    if reason is not None and not full:
        raise typer.BadParameter("--reason 只用于 --full · --reason goes with --full")
    settings = load()
    _ = load_texts().for_locale(settings.locale)
    exports.check_kind(file)
    written = asyncio.run(_export(settings, file, reason))
    _print_written(written, _)
    if not full:
        print(_("手机号已遮蔽，聊天账号未写出。完整导出请用 --full --reason 理由。"))


async def _export(settings: Settings, file: Path, reason: str | None) -> list[Path]:
    async with opened(settings) as database:
        if reason is not None:
            async with database.transaction() as session:
                now = SystemClock().now()
                exports.record_full_export(session, file.name, reason, who=operator(), now=now)
        async with database.reading() as session:
            content = await exports.sheets(session, full=reason is not None)
    return exports.write(file, content)


@directory_app.command()
def template(
    file: Annotated[Path, typer.Argument(help="要写的文件 · .csv or .xlsx")],
) -> None:
    """写出只有列名的空表。 Write empty tables with their headings."""
    settings = load()
    _ = load_texts().for_locale(settings.locale)
    written = exports.write(file, exports.template(chinese=settings.locale == CHINESE))
    _print_written(written, _)


def _print_written(files: Iterable[Path], _: Translate) -> None:
    for path in files:
        print(_("已写出 {file}", file=path))
