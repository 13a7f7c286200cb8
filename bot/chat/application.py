"""The chat side as one thing: built from its parts, started with its menu, polling or taking webhook updates."""

import asyncio
import contextlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import structlog
from telegram.error import TelegramError

from bot.chat.after_commit import AfterCommit
from bot.chat.menu import set_menus
from bot.chat.parts import ChatParts
from bot.chat.routes import Routes
from bot.chat.updates import ALLOWED, LONGEST_PAUSE, Updates
from notifications.faq_search import FaqSearcher

__all__ = ["Chat", "ChatParts", "build"]

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

#: How long (seconds) answers still waiting may take at the stop.
STOP_SECONDS = 3.0

#: How many updates Telegram may bring at the same time by webhook.
WEBHOOK_CONNECTIONS = 8


class Chat:
    """The running chat side. `run` does everything; `handle` takes what comes by webhook."""

    def __init__(self, parts: ChatParts) -> None:
        self._parts = parts
        self._after = AfterCommit(parts.bot, parts.clock)
        self.updates = Updates(
            parts.database, Routes(parts).handle, parts.bot, parts.clock, self._after
        )
        self._started = False
        self._told = False
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def faq(self) -> FaqSearcher:
        """The search of the published questions; it is to be kept fresh beside the chat."""
        return self._parts.faq

    @property
    def last_poll_at(self) -> datetime | None:
        """When Telegram last answered this instance's poll."""
        return self.updates.last_poll_at

    @property
    def connected(self) -> bool:
        """Whether Telegram was reached at the last try: of the poll, or of the start while no poll of ours has ended."""
        polls = self.updates.leadership.holds and self.updates.tried
        return self.updates.connected if polls else self._started

    def pages_are_at(self, address: str) -> None:
        """Say where this process listens: links lead there unless a public address is set."""
        self._parts.http_address = address

    async def start(self) -> bool:
        """Learn the bot's name, set the menus, set or leave the webhook. False when Telegram is out of reach."""
        bot, settings = self._parts.bot, self._parts.settings
        try:
            await bot.initialize()
            self._parts.username = bot.username
            await set_menus(bot, self._parts.texts, self._parts.desk.locale)
            if settings.telegram_mode == "webhook" and settings.telegram_webhook_secret is not None:
                await bot.set_webhook(
                    settings.telegram_webhook_url or "",
                    secret_token=settings.telegram_webhook_secret.get_secret_value(),
                    allowed_updates=list(ALLOWED),
                    max_connections=WEBHOOK_CONNECTIONS,
                )
        except (TelegramError, OSError, TypeError, ValueError) as error:
            if not self._told:
                # Once for an outage, and never its text: it may hold the token.
                log.warning("chat_not_started", error=type(error).__name__)
            self._told = True
            return False
        self._started = True
        return True

    async def run(self) -> None:
        """Start, then poll (or, by webhook, answer presses) until cancelled or stopped."""
        self._tasks = [
            asyncio.create_task(self._after.run(), name="chat answers"),
            asyncio.create_task(self._start_at_last(), name="chat start"),
        ]
        if self._parts.settings.telegram_mode == "polling":
            self._tasks.append(asyncio.create_task(self.updates.run(), name="chat polling"))
        try:
            done, _ = await asyncio.wait(self._forever(), return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                if not task.cancelled():
                    task.result()
        finally:
            await self._cancel()

    async def handle(self, update: Mapping[str, Any]) -> None:
        """Take one update that came by webhook; returns once it is durable.

        Raises:
            Exception: the database is out of reach; Telegram must send it again.
        """
        await self.updates.take(update)

    async def stop(self) -> None:
        """Stop polling; what was committed is still answered, for a little while."""
        await self._cancel()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(STOP_SECONDS):
                await self._after.drain()

    def _forever(self) -> list[asyncio.Task[None]]:
        return [task for task in self._tasks if task.get_name() != "chat start"]

    async def _start_at_last(self) -> None:
        """Menus are a comfort: nothing waits for them, and an outage only puts them off."""
        while not self._started:
            if not await self.start():
                await asyncio.sleep(LONGEST_PAUSE)

    async def _cancel(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []


def build(parts: ChatParts) -> Chat:
    """Put the chat side together; nothing runs or connects before `run`."""
    return Chat(parts)
