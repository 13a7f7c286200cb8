"""The numbers of chats that are none of Telegram's: robots, mailboxes, the platform that is reported to. Pure.

The outbox knows a chat by a number. Telegram's have at most 52 bits; those made here have 61 and more, so
that neither is ever taken for the other. A number is made from the address and says nothing of it.
"""

import hashlib
from dataclasses import dataclass

#: From this number on, in either direction, a chat is not Telegram's.
OUTSIDE = 1 << 61

#: Reports about one filing go one after the other; those about so many filings may go at once.
LANES = 8
_FIRST_LANE = 1 << 62


@dataclass(frozen=True, slots=True)
class Way:
    """One configured fallback address, without the address itself.

    `number` is its chat, `scheme` what it is called (`wecombot`), `personal` whether it leads to one
    officer's own address rather than to a place that several people read.
    """

    number: int
    scheme: str
    personal: bool


def is_outside(chat_id: int) -> bool:
    """Whether a chat is not Telegram's: Telegram's own budget over all chats does not count it."""
    return abs(chat_id) >= OUTSIDE


def way_of(url: str, *, personal: bool) -> Way:
    """The way that a fallback URL is.

    Robots get negative numbers as groups do: what one takes in a minute is limited as for a group
    (WeCom and DingTalk: 20). A mailbox has no such limit.
    """
    scheme = url.partition("://")[0].lower()
    digest = int.from_bytes(hashlib.sha256(url.encode()).digest()[:8])
    number = OUTSIDE + digest % OUTSIDE
    return Way(number if scheme == "mailtos" else -number, scheme, personal)


def lane_of(filing_id: int) -> int:
    """The chat in which a filing is reported on: always the same, so that its reports keep their order."""
    return _FIRST_LANE + filing_id % LANES
