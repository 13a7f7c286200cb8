"""Reading off a phone when messages came and what stands under them. No assertion lives here."""

from datetime import timedelta

from bot.sandbox import Group
from tests.devices import Device

BEIJING = timedelta(hours=8)


def arrivals(device: Device, words: str, chat: Group | None = None) -> list[str]:
    """When (Beijing time) each message with these words came, oldest first."""
    return [
        f"{message.sent_at + BEIJING:%H:%M}"
        for message in device.phone.messages(chat)
        if message.contains(words) and not message.deleted
    ]


def buttons(device: Device, words: str, chat: Group | None = None) -> list[str]:
    """The words on the buttons of the newest message with these words."""
    return device.expects(words, chat).labels
