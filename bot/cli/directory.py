"""`directory export`, `freshness` and `template`: files going out; the other commands of `directory` are beside it."""

import asyncio
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from sqlalchemy.ext.asyncio import AsyncSession

from bot.cli.database import opened
from bot.cli.directory_import import import_files
from bot.cli.directory_undo import list_imports, undo_import
from bot.cli.operator import operator
from bot.cli.privacy import purge
from bot.settings import Settings, load
from bot.texts import load_texts
from directory import cards, exports, freshness_file
from directory.clock import SystemClock
from directory.freshness import freshness
from directory.texts import CHINESE, Translate
from notifications.wording import Wording

#: A file of this kind is made of vCards.
CARDS = ".vcf"

directory_app = typer.Typer(
    help="法官通讯录 · the directory", no_args_is_help=True, add_completion=False
)
directory_app.command("import")(import_files)
directory_app.command("imports")(list_imports)
directory_app.command("undo")(undo_import)
directory_app.command()(purge)


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(directory_app, name="directory")


@directory_app.command()
def export(
    file: Annotated[Path, typer.Argument(help="要写的文件 · .csv, .xlsx or .vcf")],
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
    as_cards = file.suffix.lower() == CARDS
    if not as_cards:
        exports.check_kind(file)
    written = asyncio.run(_export(settings, file, reason))
    _print_written(written, _)
    if as_cards and not full:
        print(_("手机号未写出。完整导出请用 --full --reason 理由。"))
    elif not full:
        print(_("手机号已遮蔽，聊天账号未写出。完整导出请用 --full --reason 理由。"))


async def _export(settings: Settings, file: Path, reason: str | None) -> list[Path]:
    async with opened(settings) as database:
        if reason is not None:
            async with database.transaction() as session:
                now = SystemClock().now()
                exports.record_full_export(session, file.name, reason, who=operator(), now=now)
        async with database.reading() as session:
            if file.suffix.lower() == CARDS:
                exports.replace_file(file, await _cards(session, settings, reason))
                return [file]
            content = await exports.sheets(session, full=reason is not None)
    return exports.write(file, content)


async def _cards(session: AsyncSession, settings: Settings, reason: str | None) -> bytes:
    _ = load_texts().for_locale(settings.locale)
    zone = ZoneInfo(settings.timezone)
    return await cards.book(
        session,
        full=reason is not None,
        zone=zone,
        today=SystemClock().now().astimezone(zone).date(),
        post_word=Wording(_).post,
        translate=_,
    )


@directory_app.command("freshness")
def write_freshness(
    file: Annotated[Path, typer.Argument(help="要写的文件 · .xlsx")],
    *,
    province: Annotated[
        str | None, typer.Option(help="只写该省，逐院列出 · this province, by court")
    ] = None,
) -> None:
    """写出通讯录准确度。 Write how true the directory is, by province or by court."""
    if file.suffix.lower() != ".xlsx":
        raise typer.BadParameter("文件名须以 .xlsx 结尾 · the name must end in .xlsx")
    settings = load()
    _ = load_texts().for_locale(settings.locale)
    exports.replace_file(file, asyncio.run(_freshness(settings, province)))
    _print_written([file], _)


async def _freshness(settings: Settings, province: str | None) -> bytes:
    now = SystemClock().now()
    async with opened(settings) as database, database.reading() as session:
        rows = await freshness(session, province=province, now=now)
    if not rows:
        raise typer.BadParameter("没有该省的法院 · no court of this province")
    return freshness_file.write(
        rows,
        load_texts().for_locale(settings.locale),
        province=province,
        day=now.astimezone(ZoneInfo(settings.timezone)).date(),
    )


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
