"""Who in chat may write notices, to whom, and sign for others: `bot.notice_rights`, asked for a speaker. Sends nothing."""

from bot import notice_rights
from bot.chat.access import Speaker
from bot.chat.replies import Talk
from bot.notice_rights import Meant, Writer
from notifications.notice_audience import Audience, Reach, Signer


def writer(speaker: Speaker) -> Writer:
    """The speaker as a writer of notices, as of today."""
    return Writer.of(speaker.officer, speaker.posts)


def reach(speaker: Speaker) -> Reach | None:
    """How far the speaker's notices may go today; None for who writes none."""
    return writer(speaker).reach


def signer(speaker: Speaker) -> Signer | None:
    """The speaker as somebody who may confirm for others; None for strangers."""
    return notice_rights.signer(speaker.officer, speaker.posts)


async def offered(talk: Talk) -> list[Audience]:
    """What the speaker may choose by a button, the widest first."""
    return await notice_rights.offered(talk.session, writer(talk.speaker))


async def meant(talk: Talk, text: str) -> Meant:
    """The cities, or the courts, that typed words name."""
    return await notice_rights.meant(talk.session, writer(talk.speaker), talk.parts.searcher, text)


def may_send(speaker: Speaker, audience: Audience) -> bool:
    """Whether the audience is within the speaker's reach today."""
    return writer(speaker).may_send(audience)
