"""`directory import`: shows what files would change, asks on a terminal, brings them in. Rules are in `directory.import_plan`."""

import asyncio
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.progress import Progress as Bar

from bot.cli.database import opened
from bot.cli.directory_plan import fault_line, print_heavy, print_plan, summary
from bot.cli.operator import operator
from bot.settings import Settings, load
from bot.texts import load_texts
from directory import imports
from directory.clock import SystemClock
from directory.court_codes import looks_like_code
from directory.database import Database
from directory.errors import ImportRefused
from directory.import_faults import Fault
from directory.import_files import read_files
from directory.import_plan import Plan, Refusal, in_order
from directory.import_tables import Table
from directory.import_writing import Progress
from directory.texts import CHINESE, Translate
from notifications import corrections
from notifications.desk import DeskRules
from notifications.ladder import LadderBook
from notifications.told import Voice

#: Seconds after which somebody at a terminal wants to see how far it is.
PATIENCE = 1.0


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is to be imported, and how."""

    settings: Settings
    tables: Sequence[Table]
    codes: Sequence[str]
    overwrite: bool


class _Declined(Exception):
    """Somebody looked at the plan and said no."""


class _Otherwise(Exception):
    """The directory changed while somebody looked at the plan: another one would be written."""


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
    overwrite: Annotated[
        bool,
        typer.Option(
            "--overwrite",
            help="导出之后别处所作的更改也以文件为准 · also set back what changed after the export",
        ),
    ] = False,
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help="不再询问 · do not ask on a terminal")
    ] = False,
) -> None:
    """导入法院和人员，有一处错误便一处也不写。 Import courts and officers: all or nothing."""
    settings = load()
    _ = load_texts().for_locale(settings.locale)
    paths, codes = _told_apart(files, replace_courts or [])
    if not paths:
        raise typer.BadParameter("没有写文件 · no file given")
    tables, unreadable = read_files(paths)
    asked = _Asked(settings, tables, codes, overwrite)
    write = not dry_run and not unreadable
    try:
        planned = asyncio.run(_import(asked, _, write=write, ask=write and not yes))
    except _Declined:
        print(_("没有导入，什么也没有写入。"))
        return
    _print_faults(planned.warnings, _("注意："), _)
    if unreadable or isinstance(planned, Refusal):
        faults = planned.faults if isinstance(planned, Refusal) else ()
        faults = in_order((*unreadable, *faults))
        _print_faults(faults, "", _)
        raise ImportRefused(count=len(faults))
    _say(planned, settings, _, written=not dry_run)


def _say(planned: Plan, settings: Settings, _: Translate, *, written: bool) -> None:
    """What came of it."""
    if planned.is_empty:
        print(_("没有变化，什么也没有写入。"))
    elif not written:
        _show(planned, settings, _)
        print(_("以上只是预览，什么也没有写入。去掉 --dry-run 即可导入。"))
    else:
        print(_("已导入。") + summary(planned, _))
        print(_("导入编号 {number}。如有误：directory undo {number}", number=planned.import_id))
        print_heavy(planned, _, sys.stderr)


def _told_apart(words: Iterable[Path], options: Sequence[str]) -> tuple[list[Path], list[str]]:
    """Files and codes: after `--replace-courts` several codes may follow, which look like files."""
    codes = [code for option in options for code in option.replace("，", ",").split(",") if code]
    paths = list(words)
    if codes:
        more = [path for path in paths if looks_like_code(str(path)) and not path.exists()]
        paths = [path for path in paths if path not in more]
        codes += [str(path) for path in more]
    return paths, codes


async def _import(asked: _Asked, _: Translate, *, write: bool, ask: bool) -> Plan | Refusal:
    """The plan: written, or only made. On a terminal it is shown first and somebody is asked."""
    now = SystemClock().now()
    async with opened(asked.settings) as database:
        if not write:
            return await _preview(database, asked, now)
        if not (ask and _at_a_terminal()):
            return await _bring_in(database, asked, now, _)
        while True:
            shown = await _preview(database, asked, now)
            if isinstance(shown, Refusal) or shown.is_empty:
                return shown
            _show(shown, asked.settings, _)
            if not typer.confirm(_("导入吗？")):
                raise _Declined
            try:
                return await _bring_in(database, asked, SystemClock().now(), _, shown)
            except _Otherwise:
                print(_("您查看期间通讯录又有变化，请重新核对。"))


def _at_a_terminal() -> bool:
    return sys.stdin.isatty()


async def _preview(database: Database, asked: _Asked, now: datetime) -> Plan | Refusal:
    async with database.reading() as session:
        return await imports.preview(
            session,
            asked.tables,
            replace_courts=asked.codes,
            today=now.astimezone(ZoneInfo(asked.settings.timezone)).date(),
            who=operator(),
            overwrite=asked.overwrite,
            timezone=asked.settings.timezone,
        )


async def _bring_in(
    database: Database, asked: _Asked, now: datetime, _: Translate, shown: Plan | None = None
) -> Plan | Refusal:
    with _bar(_) as progress:
        async with database.transaction() as session:
            planned = await imports.bring_in(
                session,
                asked.tables,
                replace_courts=asked.codes,
                who=operator(),
                today=now.astimezone(ZoneInfo(asked.settings.timezone)).date(),
                now=now,
                overwrite=asked.overwrite,
                timezone=asked.settings.timezone,
                progress=progress,
            )
            same = isinstance(planned, Plan) and replace(planned, import_id=None) == shown
            if shown is not None and not same:
                raise _Otherwise
            await corrections.settle(session, _voice(asked.settings), now=now)
    return planned


def _voice(settings: Settings) -> Voice:
    """In whose words whoever reported an entry hears that it was put right; no ladder is climbed for that."""
    desk = DeskRules(LadderBook.built_in(), settings.timezone, settings.locale)
    return Voice(load_texts(), desk)


@contextmanager
def _bar(_: Translate) -> Iterator[Progress]:
    """A bar on a terminal for what takes long; nothing otherwise."""
    console = Console(file=sys.stderr)
    bar = Bar(console=console, transient=True, disable=not console.is_terminal)
    began = time.monotonic()
    task = bar.add_task(_("正在写入"), total=None)

    def progress(done: int, total: int) -> None:
        if not bar.live.is_started and time.monotonic() - began > PATIENCE:
            bar.start()
        bar.update(task, completed=done, total=total)

    try:
        yield progress
    finally:
        bar.stop()


def _show(planned: Plan, settings: Settings, _: Translate) -> None:
    print_plan(planned, _, chinese=settings.locale == CHINESE)
    print(summary(planned, _))
    print_heavy(planned, _, sys.stdout)


def _print_faults(faults: Iterable[Fault], prefix: str, _: Translate) -> None:
    for fault in faults:
        print(prefix + fault_line(fault, _), file=sys.stderr)
