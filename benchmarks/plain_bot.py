"""For comparison: what one writes in an afternoon. Sends from an HTTP handler through python-telegram-bot.

Its AIORateLimiter paces (`limited`), or has no limit to keep (`lifted`). No database, no retries of its own.
"""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from aiohttp import web
from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.constants import ParseMode
from telegram.error import TelegramError
from telegram.ext import AIORateLimiter, Application, ApplicationBuilder

_TEXT = (
    "<b>【跨域立案】</b> <code>{reference}</code>\n{collaborating_court} → {jurisdiction_court}\n"
    "案件类型：民事一审\n到达：09:30\n应在 10:00 前签收"
)
_BUTTONS = InlineKeyboardMarkup(
    [[InlineKeyboardButton(word, callback_data=word) for word in ("签收", "转B岗", "稍后", "查看")]]
)

#: How often the limiter itself tries again after a 429.
RETRIES = 5


class PlainBot:
    """Knows the chats of every court and sends to them at once."""

    def __init__(self, places: dict[str, list[int]], limiter: AIORateLimiter) -> None:
        self._places = places
        self._tasks: set[asyncio.Task[None]] = set()
        self.given_up = 0
        self.application: Any = (
            ApplicationBuilder()
            .token(os.environ["LIAISON_TELEGRAM_TOKEN"])
            .base_url(os.environ["LIAISON_TELEGRAM_API_URL"] + "/bot")
            .rate_limiter(limiter)
            .job_queue(None)
            .build()
        )

    async def run(self, _app: web.Application) -> AsyncIterator[None]:
        """Connect; hang up afterwards."""
        application: Application[Any, Any, Any, Any, Any, Any] = self.application
        await application.initialize()
        yield
        await application.shutdown()

    async def file(self, request: web.Request) -> web.Response:
        """Answer, and have three messages sent: to the group, to the officer, to who filed."""
        body = json.loads(await request.read())
        group, officer = self._places[body["jurisdiction_court"]]
        for chat in (group, officer, self._places[body["collaborating_court"]][0]):
            task = asyncio.create_task(self._send(chat, _TEXT.format(**body)))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return web.json_response({"reference": body["reference"]}, status=201)

    async def _send(self, chat: int, text: str) -> None:
        try:
            await self.application.bot.send_message(
                chat, text, parse_mode=ParseMode.HTML, reply_markup=_BUTTONS
            )
        except TelegramError:
            self.given_up += 1


async def healthz(_request: web.Request) -> web.Response:
    """It answers."""
    return web.Response(text="ok")


def main(limits: str, places: str) -> None:
    """Serve until told to end."""
    rates = {} if limits == "limited" else {"overall_max_rate": 0, "group_max_rate": 0}
    bot = PlainBot(
        json.loads(Path(places).read_text()), AIORateLimiter(max_retries=RETRIES, **rates)
    )
    app = web.Application()
    app.cleanup_ctx.append(bot.run)
    app.router.add_post("/api/v1/filings", bot.file)
    app.router.add_get("/healthz", healthz)
    port = int(os.environ["LIAISON_HTTP_PORT"])
    web.run_app(app, host="127.0.0.1", port=port, access_log=None, print=None)


if __name__ == "__main__":
    main(*sys.argv[1:])
