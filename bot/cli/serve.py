"""`serve`: the desk for real, until SIGTERM or Ctrl-C."""

import asyncio
import gc
import signal

import typer

from bot.settings import load


def register(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(serve)


def serve() -> None:
    """正式运行：聊天、HTTP、定时。设置取自 LIAISON_… 环境变量。"""
    from bot import logs  # noqa: PLC0415 -- settings are checked before anything is loaded

    settings = load()
    logs.configure(settings.log_format)
    asyncio.run(_serve())


async def _serve() -> None:
    from bot.app import build  # noqa: PLC0415
    from directory.clock import SystemClock  # noqa: PLC0415

    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    app = build(load(), SystemClock())
    await app.start()
    # What lives as long as the process need not be looked through again and again: that held up a page
    # by tens of milliseconds each time.
    gc.collect()
    gc.freeze()
    try:
        await stop.wait()
    finally:
        await app.stop()
