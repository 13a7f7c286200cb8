"""`ladder check FILE`: read a ladder file whole and say every fault with its line, key and remedy."""

from pathlib import Path
from typing import Annotated

import typer

from directory.errors import LiaisonError
from notifications.ladder import LadderBook

ladder_app = typer.Typer(help="逐级呼叫规则文件", no_args_is_help=True)


class LadderUnreadable(LiaisonError):
    """无法读取逐级呼叫规则文件 {file}：{why}。请检查路径，文件须为 UTF-8。"""


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.add_typer(ladder_app, name="ladder")


@ladder_app.callback()
def _several() -> None:
    """Keep the sub-command's name needed."""


@ladder_app.command()
def check(file: Annotated[Path, typer.Argument(help="逐级呼叫规则文件（TOML）")]) -> None:
    """检查逐级呼叫规则文件，列出全部错误。"""
    book = read(file)
    narrower = len(book.provinces) + len(book.courts) + len(book.pairs)
    print(f"{file}：没有错误；默认规则 1 套，省、法院、法院对的规则 {narrower} 套。")


def read(file: Path) -> LadderBook:
    """The ladder book in `file`.

    Raises:
        LadderUnreadable: the file cannot be opened or is not UTF-8.
        notifications.ladder.LadderFaults: every fault in it.
    """
    try:
        text = file.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise LadderUnreadable(file=file, why="找不到文件") from error
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "不是 UTF-8"
        raise LadderUnreadable(file=file, why=why) from error
    return LadderBook.parse(text)
