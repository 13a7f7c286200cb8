"""What every use case needs from the settings, as one value. Reads nothing itself."""

from dataclasses import dataclass

from notifications.channels.addresses import Way
from notifications.ladder import LadderBook


@dataclass(frozen=True, slots=True)
class DeskRules:
    """The rules this desk works by."""

    ladder: LadderBook
    #: IANA name of the zone of courts that name none.
    timezone: str
    #: The language groups are spoken to in, and people who chose none.
    locale: str
    #: Whether a fallback channel is configured; without one its steps are passed over.
    fallback: bool = False
    #: The fallback addresses, by number and name alone.
    ways: tuple[Way, ...] = ()
    #: LIAISON_CHAT_PHONES: whether mobiles may be written into private chats at all (`role`), masked as they are.
    chat_phones: str = "desk"
