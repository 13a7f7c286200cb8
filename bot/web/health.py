"""`/healthz`, `/readyz` and `/metrics`: how the desk stands, for machines. Nothing here is personal."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from aiohttp import web
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from sqlalchemy import case, func, or_, select

from bot.web.metrics import METRICS
from bot.web.parts import Chat, Health, Outbox, parts_of
from directory.clock import Clock
from directory.database import Database
from directory.outages import is_outage
from notifications import statistics_cells
from notifications.models import OutgoingMessage
from notifications.outbox_rules import REPORTS

#: A loop that has not finished a cycle for so long (seconds) has stopped.
LOOP_SECONDS = 15.0

#: How long (seconds) the database may take to answer before it counts as out of reach.
DATABASE_SECONDS = 3.0

#: More uncounted filings than that are not told apart.
MOST_UNCOUNTED = 10_000


@dataclass(frozen=True, slots=True)
class DeskHealth:
    """Asks the database and the running loops how the desk stands."""

    database: Database
    clock: Clock
    #: When the loop last finished a cycle.
    last_cycle_at: Callable[[], datetime | None]
    chat: Callable[[], Chat]
    #: By how much (seconds) the process is late.
    lag: Callable[[], float] = float

    async def health(self) -> Health:
        """The present state; an unreachable database is part of it."""
        now = self.clock.now()
        uncounted = None
        try:
            async with asyncio.timeout(DATABASE_SECONDS):
                outbox = await self._outbox(now)
                uncounted = await self._uncounted()
        except Exception as error:
            if not is_outage(error):  # A timeout is one.
                raise
            outbox = None
        cycle = self.last_cycle_at()
        idle = None if cycle is None else max(0.0, (now - cycle).total_seconds())
        lag = round(self.lag(), 3)
        return Health(outbox, idle, self.chat(), lag, uncounted)

    async def _uncounted(self) -> int:
        async with self.database.reading() as session:
            return await statistics_cells.uncounted(session, most=MOST_UNCOUNTED)

    async def _outbox(self, now: datetime) -> Outbox:
        row = OutgoingMessage
        undelivered = (
            row.shown.is_(None)
            & row.outcome.is_(None)
            & row.not_before.is_not(None)
            # A platform that takes no reports for days leaves nobody unpaged.
            & (row.channel != REPORTS)
        ) & or_(row.not_before <= now, row.attempts > 0)
        async with self.database.reading() as session:
            waiting, oldest = (
                await session.execute(
                    select(
                        func.count(),
                        func.min(case((undelivered, row.created_at))),
                    ).where(row.not_before.is_not(None))
                )
            ).one()
            failed = await session.scalar(select(func.count()).where(row.outcome == "failed"))
        age = None if oldest is None else max(0.0, (now - oldest).total_seconds())
        return Outbox(waiting=waiting, failed=failed or 0, oldest_undelivered_seconds=age)


def loop_lives(health: Health) -> bool:
    """Whether the loop finished a cycle lately."""
    return health.loop_idle_seconds is not None and health.loop_idle_seconds <= LOOP_SECONDS


async def healthz(_request: web.Request) -> web.Response:
    """The process lives."""
    return web.json_response({"status": "ok"}, headers={"Cache-Control": "no-store"})


async def readyz(request: web.Request) -> web.Response:
    """Whether filings are taken in and looked after; a Telegram outage alone changes no status."""
    health = await parts_of(request).health.health()
    outbox = health.outbox
    is_ready = outbox is not None and loop_lives(health)
    return web.json_response(
        {
            "status": "ready" if is_ready else "not_ready",
            "database": "unreachable" if outbox is None else "ok",
            "loop": "ok" if loop_lives(health) else "stalled",
            "loop_idle_seconds": health.loop_idle_seconds,
            "loop_lag_seconds": health.loop_lag_seconds,
            "chat": health.chat,
            "oldest_undelivered_seconds": outbox and outbox.oldest_undelivered_seconds,
            "outbox_waiting": outbox and outbox.waiting,
            "outbox_failed": outbox and outbox.failed,
        },
        status=200 if is_ready else 503,
        headers={"Cache-Control": "no-store"},
    )


async def metrics(request: web.Request) -> web.Response:
    """Figures for Prometheus."""
    health = await parts_of(request).health.health()
    return web.Response(
        body=request.app[METRICS].exposition(health),
        headers={"Content-Type": CONTENT_TYPE_PLAIN_0_0_4, "Cache-Control": "no-store"},
    )
