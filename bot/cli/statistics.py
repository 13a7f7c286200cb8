"""`statistics recount`: everything counted again, compared and mended. Counting is `notifications.statistics_recount`'s."""

import asyncio

import typer
from rich.console import Console
from rich.progress import Progress

from bot.cli.database import opened
from bot.settings import Settings, load
from bot.texts import load_texts
from directory.clock import SystemClock
from directory.texts import Translate
from notifications.statistics_recount import MOST_NAMED, Recounted, recount

statistics_app = typer.Typer(help="统计 · statistics", no_args_is_help=True, add_completion=False)


@statistics_app.callback()
def _several_commands() -> None:
    """统计 · statistics"""


def register(app: typer.Typer) -> None:
    """Add this command."""
    app.add_typer(statistics_app, name="statistics")


@statistics_app.command("recount")
def recount_everything() -> None:
    """按立案及其经过重新统计，与现有统计逐项核对并更正。 Count everything again; compare and mend."""
    settings = load()
    _ = load_texts().for_locale(settings.locale)
    found = asyncio.run(_recount(settings))
    _print(found, _)
    if not found.is_equal:
        raise typer.Exit(1)


async def _recount(settings: Settings) -> Recounted:
    async with opened(settings) as database:
        console = Console(stderr=True)
        with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
            task = bar.add_task("", total=None)
            return await recount(
                database,
                settings.timezone,
                now=SystemClock().now(),
                progress=lambda done, total: bar.update(task, completed=done, total=total),
            )


def _print(found: Recounted, _: Translate) -> None:
    if found.other_zone:
        print(_("时区设置（LIAISON_TIMEZONE）与原统计不同，已按新的日期界限全部重新统计。"))
    if found.late:
        print(_("此前尚未计入统计的立案 {count} 件，已计入。", count=found.late))
    _listed(_("统计数字有误，已更正："), found.wrong_lines)
    _listed(_("计入统计时有误的立案，已更正："), found.wrong_filings)
    _listed(_("与自身经过不符的立案，请人工核对（未改动）："), found.contradictory)
    facts = {"filings": found.filings, "cells": found.sheets}
    if found.is_equal:
        print(_("已核对 {filings} 件立案、{cells} 项统计：完全一致。", **facts))
    else:
        print(_("已核对 {filings} 件立案、{cells} 项统计：有不一致，见上。", **facts))


def _listed(heading: str, names: list[str]) -> None:
    """A heading with how many there are, and the first of them."""
    if names:
        print(f"{heading}{len(names)}")
        print("\n".join(f"  {name}" for name in names[:MOST_NAMED]))
        if len(names) > MOST_NAMED:
            print("  …")
