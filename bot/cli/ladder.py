"""`ladder check FILE`: read a ladder file whole and say every fault with its line, key and remedy."""

import asyncio
import os
from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy.engine import make_url

from bot.cli.database import opened
from bot.settings import Settings, load
from bot.texts import load_texts
from directory.errors import DirectoryError, LiaisonError
from directory.outages import is_outage
from directory.texts import Phrase
from notifications import ladder_names
from notifications.ladder import LadderBook
from notifications.ladder_faults import LadderFault, LadderFaults

ladder_app = typer.Typer(help="逐级呼叫规则文件", no_args_is_help=True)


def _(msgid: str) -> Phrase:
    """A text for the sentence of an error, in the reader's language."""
    return Phrase(msgid, {})


class LadderUnreadable(LiaisonError):
    """无法读取逐级呼叫规则文件 {file}：{why}。请检查路径，文件须为 UTF-8。"""


def register(app: typer.Typer) -> None:
    """Add these commands."""
    # It adds itself to `ladder_app`, and reads files as this one does.
    import_module("bot.cli.ladder_simulate")
    app.add_typer(ladder_app, name="ladder")


@ladder_app.callback()
def _several() -> None:
    """Keep the sub-command's name needed."""


@ladder_app.command()
def check(file: Annotated[Path, typer.Argument(help="逐级呼叫规则文件（TOML）")]) -> None:
    """检查逐级呼叫规则文件，列出全部错误；有通讯录时核对省份和法院代字。 Check a ladder file."""
    book = read(file)
    settings = load()
    _ = load_texts().for_locale(settings.locale)
    faults = asyncio.run(_unknown(settings, book))
    if faults:
        raise LadderFaults(faults)
    narrower = len(book.provinces) + len(book.courts) + len(book.pairs)
    print(
        _(
            "{file}：没有错误；默认规则 1 套，省、法院、法院对的规则 {count} 套。",
            file=file,
            count=narrower,
        )
    )
    if faults is None:
        print(_("没有可用的数据库，省份和法院代字未与通讯录核对。"))


async def _unknown(settings: Settings, book: LadderBook) -> tuple[LadderFault, ...] | None:
    """What the directory does not know of the file; None without a directory to ask."""
    url = make_url(settings.database_url)
    # To connect would make the file.
    if url.get_backend_name() == "sqlite" and not os.path.exists(url.database or ""):  # noqa: PTH110, ASYNC240
        return None
    try:
        async with opened(settings) as database, database.reading() as session:
            return await ladder_names.unknown(session, book)
    except Exception as error:
        if isinstance(error, DirectoryError) or is_outage(error):
            return None
        raise


def read(file: Path) -> LadderBook:
    """The ladder book in `file`.

    Raises:
        LadderUnreadable: the file cannot be opened or is not UTF-8.
        notifications.ladder_faults.LadderFaults: every fault in it.
    """
    try:
        text = file.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise LadderUnreadable(file=file, why=_("找不到文件")) from error
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or _("不是 UTF-8 编码")
        raise LadderUnreadable(file=file, why=why) from error
    return LadderBook.parse(text)
