"""Runs the local Telegram by itself: `python -m bot.sandbox`. Phones are added over HTTP (`/phones/api`)."""

import argparse
import asyncio
import signal
import sys

from bot.sandbox.limits import Limits
from bot.sandbox.server import LocalTelegram


async def _serve(port: int, username: str, *, lifted: bool) -> None:
    limits = Limits.lifted() if lifted else Limits.real()
    telegram = LocalTelegram(bot_username=username, limits=limits)
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        # Also where a shell started it in the background with SIGINT ignored.
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await telegram.start(port=port)
    try:
        sys.stdout.write(f"{telegram.page_url}\n")
        sys.stdout.flush()
        await stop.wait()
    finally:
        await telegram.stop()


def main() -> None:
    """Read the command line, say the address, serve until interrupted or ended."""
    parser = argparse.ArgumentParser(prog="python -m bot.sandbox")
    parser.add_argument("--port", type=int, default=0, help="0: a free one")
    parser.add_argument("--username", default="liaison_bot", help="the bot's name, without @")
    parser.add_argument("--no-limits", action="store_true", help="lift the rate limits")
    given = parser.parse_args()
    asyncio.run(_serve(given.port, given.username, lifted=given.no_limits))


if __name__ == "__main__":
    main()
