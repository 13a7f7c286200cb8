"""Tells open boards when something on them changed: at most once a second, and only whom it concerns.

One task hears of commits for all boards, looks which courts the new events are about, and wakes their
boards. What is missed (another instance's event that became visible late) a board finds by itself: it
looks again each minute.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass, field

import structlog
from aiohttp import web
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import aliased

from directory.database import Database
from directory.models import Court
from notifications.board import Scope
from notifications.models import Filing, FilingEvent

log = structlog.get_logger(__name__)

#: The pause (seconds) between two rounds: what happened in between is told together.
PACE = 1.0

#: Events become visible out of their order by no more than so many.
OVERLAP = 200
#: More at once concern everybody.
MOST_EVENTS = 2000


@dataclass(slots=True, eq=False)
class Listener:
    """One open board."""

    scope: Scope
    changed: asyncio.Event = field(default_factory=asyncio.Event)


class BoardFeed:
    """Wakes boards. Runs from the application's start to its shutdown."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._wake = database.wakeups.event("steps")
        self._listeners: set[Listener] = set()
        self._task: asyncio.Task[None] | None = None
        #: The events of the last round, by id; None before the first.
        self._known: set[int] | None = None
        #: Whether the application is going down: open boards end then.
        self.closed = False

    @contextlib.contextmanager
    def listening(self, scope: Scope) -> Iterator[Listener]:
        """Hear of changes in `scope` while inside."""
        listener = Listener(scope)
        self._listeners.add(listener)
        try:
            yield listener
        finally:
            self._listeners.discard(listener)

    def start(self) -> None:
        """Begin to hear of commits."""
        self._task = asyncio.create_task(self._run(), name="board feed")

    def close(self) -> None:
        """Let every open board end."""
        self.closed = True
        self._tell(self._listeners)

    async def stop(self) -> None:
        """End the task."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def _run(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            if self._listeners:
                await self._round()
                await asyncio.sleep(PACE)

    async def _round(self) -> None:
        try:
            touched = await self._touched()
        except (SQLAlchemyError, OSError) as error:
            # Each board asks for itself and says that the connection is lost.
            log.warning("board_feed_waits_for_database", error=type(error).__name__)
            self._known = None
            touched = None
        self._tell(
            listener
            for listener in tuple(self._listeners)
            if touched is None or _concerns(listener.scope, touched)
        )

    @staticmethod
    def _tell(listeners: Iterable[Listener]) -> None:
        for listener in listeners:
            listener.changed.set()

    async def _touched(self) -> set[str] | None:
        """Codes and provinces of the courts that new events are about; None: anybody's."""
        jurisdiction, collaborating = aliased(Court), aliased(Court)
        async with self._database.reading() as session:
            last = await session.scalar(select(func.max(FilingEvent.id))) or 0
            known, since = self._known, last - OVERLAP
            if known:
                since = max(known) - OVERLAP
            rows = (
                await session.execute(
                    select(
                        FilingEvent.id,
                        jurisdiction.code,
                        jurisdiction.province,
                        collaborating.code,
                        collaborating.province,
                    )
                    .join(Filing, Filing.id == FilingEvent.filing_id)
                    .join(jurisdiction, jurisdiction.code == Filing.jurisdiction_court)
                    .join(collaborating, collaborating.code == Filing.collaborating_court)
                    .where(FilingEvent.id > since)
                    .order_by(FilingEvent.id.desc())
                    .limit(MOST_EVENTS)
                )
            ).all()
        self._known = {row[0] for row in rows if row[0] > last - OVERLAP}
        if known is None or len(rows) == MOST_EVENTS:
            return None
        return {name for number, *names in rows if number not in known for name in names}


def _concerns(scope: Scope, touched: set[str]) -> bool:
    wanted = scope.court or scope.province
    return bool(touched) if wanted is None else not touched.isdisjoint({wanted, *scope.served})


FEED = web.AppKey("board_feed", BoardFeed)


async def run_feed(app: web.Application) -> AsyncIterator[None]:
    """The feed beside the application; its boards end at the shutdown."""
    feed = app[FEED]
    feed.start()
    yield
    await feed.stop()


async def close_boards(app: web.Application) -> None:
    """At the shutdown, before connections are waited for."""
    app[FEED].close()
