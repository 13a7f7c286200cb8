"""The desk on which a made-up season runs: its clock, its channel in memory, the product's own dispatcher. Decides nothing."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

from directory.database import Database
from notifications.channels.memory import MemoryChannel
from notifications.desk import DeskRules
from notifications.dispatch import Dispatcher, Render
from notifications.fallback_failures import FollowUp
from notifications.outbox_rules import Rates
from notifications.season_clock import SeasonClock

#: Messages leave as soon as they are written: how limits are kept is measured elsewhere.
NO_LIMITS = Rates(0, 0, 0)

#: How long (seconds) an outcome may wait for those of messages that left with it.
GATHER_SECONDS = 1.0


class SeasonDesk:
    """What sends while a season is played; `rest` returns once all that was due has left and is recorded."""

    def __init__(
        self, database: Database, desk: DeskRules, render: Render, start: datetime
    ) -> None:
        self.clock = SeasonClock(start)
        self.channel = MemoryChannel()
        self.dispatcher = Dispatcher(
            database,
            {"telegram": self.channel},
            render,
            NO_LIMITS,
            self.clock,
            FollowUp(desk).after_failure,
        )
        self.dispatcher.gather_seconds = GATHER_SECONDS
        self._sending: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def sending(self) -> AsyncIterator[None]:
        """Messages leave while this is open."""
        self._sending = asyncio.create_task(self.dispatcher.run())
        try:
            yield
        finally:
            await self.dispatcher.stop(1.0)
            await asyncio.gather(self._sending, return_exceptions=True)

    async def rest(self) -> None:
        """Until the dispatcher has sent and recorded whatever was due."""
        waiting, sender = self.clock.waited_for, self.dispatcher
        while not (waiting.is_set() and sender.idle and not sender.under_way):
            if self._sending is not None and self._sending.done():
                self._sending.result()
            await asyncio.sleep(0)
