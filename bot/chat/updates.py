"""Takes updates in: each once, committed together with what it did, and only then confirmed to Telegram.

What an update means is decided by the handler; here are the order, the repetition and the failures.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from telegram import Bot
from telegram.error import Conflict, InvalidToken, NetworkError, RetryAfter, TelegramError

from bot.chat.after_commit import AfterCommit, Call
from bot.chat.leadership import Leadership
from bot.error_places import place
from bot.models import ReceivedUpdate
from directory.clock import Clock
from directory.database import Database
from directory.outages import is_outage

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

#: One update as Telegram's JSON has it, inside the transaction that it commits with.
Handler = Callable[[AsyncSession, Mapping[str, Any], datetime], Awaitable[Sequence[Call]]]

#: The kinds of updates that are asked for.
ALLOWED = ("message", "callback_query", "inline_query", "my_chat_member")

#: How long (seconds) Telegram may hold a poll open, and how much longer the answer may take.
POLL_SECONDS = 25
POLL_MARGIN = 10.0

#: After so many failures an update is kept, reported and passed by.
MOST_TRIES = 3

#: Pauses (seconds): after a failed try, at most while Telegram or the database is out of reach.
RETRY_PAUSE = 0.2
LONGEST_PAUSE = 5.0

_DONE, _FAILING, _FAILED = "done", "failing", "failed"


class Updates:
    """The way in for every update, by polling or by webhook."""

    def __init__(
        self,
        database: Database,
        handler: Handler,
        bot: Bot,
        clock: Clock,
        after: AfterCommit,
        *,
        poll_seconds: int = POLL_SECONDS,
    ) -> None:
        self._database = database
        self._handler = handler
        self._bot = bot
        self._clock = clock
        self._after = after
        self._poll_seconds = poll_seconds
        self._offset = 0
        self._failing = False
        self.leadership = Leadership(database)
        #: When Telegram last answered a poll of this instance.
        self.last_poll_at: datetime | None = None
        #: Whether the last poll was answered.
        self.connected = False
        #: Whether a poll of this instance has come to an end, well or badly.
        self.tried = False
        #: Updates given up since the start.
        self.given_up = 0

    async def run(self) -> None:
        """Poll whenever this instance may, until cancelled."""
        await self.leadership.lead(self._poll)

    async def take(self, update: Mapping[str, Any]) -> None:
        """Handle one update; once this returns, it is durable and need not be sent again.

        Raises:
            Exception: the database is out of reach (`outages.is_outage`); nothing was kept.
        """
        tries = 0
        while tries < MOST_TRIES:
            try:
                calls = await self._once(update)
            except Exception as error:
                if is_outage(error):
                    raise
                tries = await self._count_failure(update, error)
                if tries < MOST_TRIES:
                    await asyncio.sleep(RETRY_PAUSE)
            else:
                self._after.put(calls)
                return

    async def _once(self, update: Mapping[str, Any]) -> Sequence[Call]:
        now = self._clock.now()
        async with self._database.transaction() as session:
            if not await _claim(session, update["update_id"], now):
                return ()
            return await self._handler(session, update, now)

    async def _count_failure(self, update: Mapping[str, Any], error: Exception) -> int:
        """Count in a transaction of its own, for the handler's was rolled back; returns the tries."""
        where = place(error)
        async with self._database.transaction() as session:
            row = await session.scalar(
                select(ReceivedUpdate)
                .where(ReceivedUpdate.update_id == update["update_id"])
                .with_for_update()
            )
            if row is None:
                row = ReceivedUpdate(
                    update_id=update["update_id"], at=self._clock.now(), state=_FAILING, attempts=0
                )
                session.add(row)
            elif row.state != _FAILING:
                # Another instance brought it to an end meanwhile.
                return MOST_TRIES
            row.attempts += 1
            row.error = where
            if row.attempts >= MOST_TRIES:
                row.state = _FAILED
                row.body = dict(update)
            tries = row.attempts
        if tries >= MOST_TRIES:
            self.given_up += 1
            log.error("update_given_up", update_id=update["update_id"], error=where)
        else:
            log.warning("update_failed", update_id=update["update_id"], error=where, tries=tries)
        return tries

    async def _poll(self) -> None:
        pause = 0.0
        while True:
            try:
                updates = await self._fetch()
            except Exception as error:  # noqa: BLE001 -- whatever it was, the polling goes on
                pause = await self._rest(error, pause)
                continue
            pause = 0.0
            self._note(connected=True)
            if not updates:
                # All is confirmed. After a quiet week numbers begin anew, perhaps below this one.
                self._offset = 0
            for update in updates:
                await self._take_at_last(update)
                self._offset = update["update_id"] + 1

    async def _fetch(self) -> Sequence[Mapping[str, Any]]:
        """The next updates as plain JSON.

        `Bot.get_updates` would turn them into objects and, should one be odd, log its whole text and
        lose the others. This spelling of the name asks for the raw answer without a warning.
        """
        answer = await self._bot.do_api_request(
            "get_Updates",
            api_kwargs={
                "offset": self._offset,
                "timeout": self._poll_seconds,
                "allowed_updates": list(ALLOWED),
            },
            read_timeout=self._poll_seconds + POLL_MARGIN,
        )
        if not isinstance(answer, list):
            message = "getUpdates gave no list"
            raise TypeError(message)
        # Without a number an update can be neither handled once nor confirmed.
        return [u for u in answer if isinstance(u, dict) and isinstance(u.get("update_id"), int)]

    async def _take_at_last(self, update: Mapping[str, Any]) -> None:
        """Take an update however long the database is away: unconfirmed, Telegram keeps it."""
        pause = RETRY_PAUSE
        while True:
            try:
                await self.take(update)
            except Exception as error:  # noqa: BLE001 -- only an outage comes here
                log.warning("updates_wait_for_database", error=type(error).__name__)
                await asyncio.sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE)
            else:
                return

    async def _rest(self, error: Exception, pause: float) -> float:
        """Wait a little longer each time; the first failure of a row is logged, never its text."""
        self._note(connected=False, error=error)
        pause = min(max(2 * pause, RETRY_PAUSE), LONGEST_PAUSE)
        if isinstance(error, Conflict):
            await self._end_webhook(error)
            pause = max(pause, 1.0)
        elif isinstance(error, RetryAfter):
            waiting = error.retry_after
            seconds = waiting if isinstance(waiting, int | float) else waiting.total_seconds()
            pause = max(pause, float(seconds))
        elif isinstance(error, InvalidToken) or not isinstance(error, NetworkError | OSError):
            pause = LONGEST_PAUSE
        await asyncio.sleep(pause)
        return min(pause, LONGEST_PAUSE)

    async def _end_webhook(self, error: Conflict) -> None:
        """A webhook left from before bars polling; this instance was told to poll."""
        if "webhook" not in error.message.lower():
            return
        try:
            await self._bot.delete_webhook()
        except TelegramError as failed:
            log.warning("webhook_not_ended", error=type(failed).__name__)

    def _note(self, *, connected: bool, error: Exception | None = None) -> None:
        if connected:
            self.last_poll_at = self._clock.now()
        if connected != self.connected or (error is not None and not self._failing):
            event = "chat_reached" if connected else "chat_not_reached"
            log.info(event, error=type(error).__name__ if error else None)
        self._failing = error is not None
        self.connected = connected
        self.tried = True


async def _claim(session: AsyncSession, update_id: int, now: datetime) -> bool:
    """Mark the update done in this transaction; False when it was done or given up before.

    One statement: of two instances with the same update the second waits for the first.
    """
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    statement = dialect.insert(ReceivedUpdate).values(
        update_id=update_id, at=now, state=_DONE, attempts=1
    )
    claimed = await session.scalar(
        statement.on_conflict_do_update(
            index_elements=["update_id"],
            set_={"state": _DONE, "at": now},
            where=ReceivedUpdate.state == _FAILING,
        ).returning(ReceivedUpdate.update_id)
    )
    return claimed is not None
