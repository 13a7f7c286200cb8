"""Faults that a careless change could bring, planted into a child process: the tests must find each of them.

Nothing here is ever part of the product; a plant replaces a method in the one process that asked for it.
"""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import update

from bot.chat.updates import ALLOWED, Updates
from notifications import filings
from notifications.channels.port import Outcome
from notifications.claims import OUTBOX
from notifications.dispatch import Dispatcher
from notifications.intake import IntakeQueue
from notifications.messages import Message
from notifications.models import OutgoingMessage

#: How long (seconds) a planted fault leaves its gap open, as a slow disk or network does.
GAP = 0.05


def sent_before_sending() -> None:
    """(a) A message is marked as sent, and then sent."""
    send = Dispatcher._send

    async def marked_first(
        self: Dispatcher, outgoing: OutgoingMessage, message: Message
    ) -> Outcome:
        async with self._database.transaction() as session:
            await session.execute(
                update(OUTBOX)
                .where(OUTBOX.c.id == outgoing.id)
                .values(not_before=None, shown=outgoing.wanted, outcome="sent")
            )
        return await send(self, outgoing, message)

    Dispatcher._send = marked_first  # type: ignore[method-assign]


def confirmed_before_commit() -> None:
    """(b) An update is confirmed to Telegram, and then handled and committed."""
    take = Updates._take_at_last

    async def confirmed_first(self: Updates, update: Mapping[str, Any]) -> None:
        await self._bot.do_api_request(
            "get_Updates",
            api_kwargs={
                "offset": update["update_id"] + 1, "timeout": 0, "allowed_updates": list(ALLOWED)
            },
        )  # fmt: skip
        await take(self, update)

    Updates._take_at_last = confirmed_first  # type: ignore[method-assign]


def answered_before_commit() -> None:
    """(c) A request is answered 201, and then committed."""

    async def answered_first(self: IntakeQueue, batch: list[Any]) -> None:
        async with self._database.transaction() as session:
            receipts = await filings.receive(
                session, [item for item, _ in batch], self._desk, now=self._clock.now()
            )
            for (_, answer), receipt in zip(batch, receipts, strict=True):
                answer.set_result(receipt)
            await asyncio.sleep(GAP)

    IntakeQueue._store = answered_first  # type: ignore[method-assign]


PLANTS: dict[str, Callable[[], None]] = {
    plant.__name__: plant
    for plant in (sent_before_sending, confirmed_before_commit, answered_before_commit)
}
