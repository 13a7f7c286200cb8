"""Which writer writes a message: each channel has its own. Writes nothing itself."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from notifications.channels.port import Never
from notifications.dispatch import Render
from notifications.messages import Message
from notifications.models import OutgoingMessage


class Writers:
    """Implements `dispatch.Render` for several channels.

    Args:
        by_channel: by the name in `OutgoingMessage.channel`.
    """

    def __init__(self, by_channel: Mapping[str, Render]) -> None:
        self._by_channel = by_channel

    async def write(
        self, session: AsyncSession, outgoing: OutgoingMessage, *, now: datetime
    ) -> Message | Never | None:
        """The message as the channel's writer writes it; `Never` for a channel that is no longer configured."""
        writer = self._by_channel.get(outgoing.channel)
        if writer is None:
            return Never("refused", f"no channel {outgoing.channel}")
        return await writer(session, outgoing, now=now)
