"""`ladder simulate FILE`: filings of the past replayed under another ladder, beside today's. Sends and stores nothing."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from bot.cli.ladder import ladder_app, read
from bot.settings import load
from bot.texts import load_texts
from directory.texts import Translate
from notifications.bulletin_words import percent
from notifications.ladder import LadderBook

if TYPE_CHECKING:
    from bot.ladder_replay import Past
    from notifications.ladder_simulation import Figures

_FORMATS = ["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S%z"]

When = datetime | None


@ladder_app.command("simulate")
def simulate_command(
    file: Annotated[Path, typer.Argument(help="逐级呼叫规则文件（TOML）")],
    since: Annotated[When, typer.Option(formats=_FORMATS, help="自何时（含）")] = None,
    until: Annotated[When, typer.Option(formats=_FORMATS, help="到何时（不含）")] = None,
    liaoning: Annotated[
        bool, typer.Option("--liaoning", help="用随附的辽宁 2019 年四个月，不读数据库")
    ] = False,
) -> None:
    """用另一份规则重演过去的立案，与现行规则对照；不发送、不存储。"""
    from bot import ladder_replay  # noqa: PLC0415 -- `ladder check` need not load the product

    settings = load()
    book = read(file)
    today = read(settings.ladder) if settings.ladder else LadderBook.built_in()
    zone = ZoneInfo(settings.timezone)
    past = asyncio.run(
        ladder_replay.gathered(settings, _instant(since, zone), _instant(until, zone), liaoning)
    )
    _show(past, today, book, file, load_texts().for_locale(settings.locale))


def _instant(given: datetime | None, zone: ZoneInfo) -> datetime | None:
    if given is None:
        return None
    return (given if given.tzinfo else given.replace(tzinfo=zone)).astimezone(UTC)


def _show(past: "Past", today: LadderBook, book: LadderBook, file: Path, _: Translate) -> None:
    from rich.console import Console  # noqa: PLC0415 -- only here is a table drawn
    from rich.table import Table  # noqa: PLC0415

    counted = {"count": f"{len(past.filings):,}"}
    if past.shipped:
        print(_("随附的辽宁 2019 年四个月（虚构人员）：{count} 件", **counted))
    else:
        print(_("数据库中的立案：{count} 件", **counted))
    table = Table()
    table.add_column("")
    table.add_column(_("现行规则"), justify="right")
    table.add_column(file.name, justify="right", overflow="fold")
    columns = [_column(past.under(rules)) for rules in (today, book)]
    for name, before, after in zip(_names(_), *columns, strict=True):
        table.add_row(name, before, after)
    Console(width=100, highlight=False).print(table)
    print(
        _(
            "假设：每位签收人在收到第一次直接呼叫后，用与当时相同的时间签收，其他呼叫不影响他；"
            "从未被呼叫的人不会签收。人员以今天的值班表为准，呼叫均送达，不计“稍后”和“转B岗”。"
        )
    )
    print(_("未发送任何消息，未写入任何数据。"))


def _names(_: Translate) -> tuple[str, ...]:
    return (
        _("30 分钟内签收"),
        _("平均签收用时（分钟）"),
        _("无人签收"),
        _("撤回件数"),
        _("人均直接呼叫"),
        _("被呼叫最多者"),
        _("呼叫带班领导"),
        _("呼叫省级协调员"),
        _("群消息"),
        _("备用渠道发送次数"),
    )


def _column(found: "Figures") -> tuple[str, ...]:
    return (
        percent(found.share),
        f"{found.mean_seconds / 60:.1f}",
        f"{found.unanswered:,}",
        f"{found.withdrawn:,}",
        f"{found.pages_per_officer:.1f}",
        f"{max(found.pages.values(), default=0):,}",
        f"{found.posts['leader']:,}",
        f"{found.posts['coordinator']:,}",
        f"{found.groups:,}",
        f"{found.fallbacks:,}",
    )
