"""`directory imports` and `directory undo IMPORT`: which imports there were, and one taken back. Rules are in `directory.undo`."""

import asyncio
import sys
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from bot.cli.database import opened
from bot.cli.directory_plan import field_name, field_value, print_rows
from bot.cli.operator import operator
from bot.settings import Settings, load
from bot.texts import load_texts
from directory import imports, undo
from directory.change_models import DirectoryImport
from directory.clock import SystemClock
from directory.errors import UndoRefused
from directory.texts import CHINESE, Translate
from directory.undo_plan import ERASED, GONE, IN_USE, UndoConflict

#: So many imports are listed; older ones can still be undone by their number.
LISTED = 50


def list_imports() -> None:
    """列出历次导入和编号。 List the imports and their numbers."""
    settings = load()
    _ = load_texts().for_locale(settings.locale)
    rows = asyncio.run(_history(settings))
    if not rows:
        print(_("还没有导入过。"))
        return
    zone = ZoneInfo(settings.timezone)
    headings = (_("导入编号"), _("时间"), _("操作人"), _("文件"), _("内容"), _("撤销时间"))
    lines = [_line(row, zone, _) for row in rows]
    print_rows(_("历次导入"), headings, lines)


async def _history(settings: Settings) -> list[DirectoryImport]:
    async with opened(settings) as database, database.reading() as session:
        return await imports.history(session, limit=LISTED)


def _line(row: DirectoryImport, zone: ZoneInfo, _: Translate) -> Sequence[str]:
    counts = row.counts
    said = _(
        "法院 +{added} ±{changed}，人员 +{people} ±{people_changed} −{departed}",
        added=counts["courts_added"],
        changed=counts["courts_changed"],
        people=counts["officers_added"],
        people_changed=counts["officers_changed"],
        departed=counts["officers_departed"],
    )
    undone = "" if row.undone_at is None else f"{_at(row.undone_at, zone)} {row.undone_by}"
    return str(row.id), _at(row.at, zone), row.who, row.files, said, undone


def _at(instant: datetime, zone: ZoneInfo) -> str:
    return f"{instant.astimezone(zone):%Y-%m-%d %H:%M}"


def undo_import(
    number: Annotated[
        int, typer.Argument(metavar="IMPORT", min=1, help="导入编号 · the number of the import")
    ],
) -> None:
    """撤销一次导入；之后又改过的不覆盖，整次不撤。 Take one import back as a whole."""
    settings = load()
    _ = load_texts().for_locale(settings.locale)
    came = asyncio.run(_undo(settings, number))
    if isinstance(came, undo.Undone):
        print(
            _(
                "导入 {number} 已撤销：法院 {courts} 个、人员 {people} 人已恢复原状。",
                number=number,
                courts=came.courts,
                people=came.people,
            )
        )
        return
    zone, chinese = ZoneInfo(settings.timezone), settings.locale == CHINESE
    for conflict in came:
        print(_sentence(conflict, zone, _, chinese=chinese), file=sys.stderr)
    raise UndoRefused(number=number, count=len(came))


async def _undo(settings: Settings, number: int) -> undo.Undone | tuple[UndoConflict, ...]:
    async with opened(settings) as database, database.transaction() as session:
        return await undo.undo(session, number, who=operator(), now=SystemClock().now())


def _sentence(conflict: UndoConflict, zone: ZoneInfo, _: Translate, *, chinese: bool) -> str:
    who = conflict.name
    if conflict.officer_id is not None:
        who = f"{conflict.court_code}:{conflict.name}（{conflict.officer_id}）"
    whole = {
        GONE: _("{who}：已不在通讯录中", who=who),
        ERASED: _("{who}：个人信息已按规定删除", who=who),
        IN_USE: _("{who}：仍被“{user}”引用，不能移除", who=who, user=conflict.now),
    }
    said = whole.get(conflict.field) or _(
        "{who}：“{field}”现为“{value}”",
        who=who,
        field=field_name(conflict.field, _, chinese=chinese),
        value=field_value(conflict.field, conflict.now, _),
    )
    if conflict.by is not None:
        said += _("（{by}，{at}）", by=conflict.by.who, at=_at(conflict.by.at, zone))
    return said
