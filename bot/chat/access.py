"""The one place that says who wrote or pressed: from a chat account to the officer linked to it today.

Accounts are known by their number alone; a user name can be taken by anybody. What somebody may do is
`notifications.permissions`' business.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession
from telegram import Message, User

from directory import officers
from directory.access import STRANGER as UNKNOWN
from directory.access import Viewer
from directory.court_codes import SUPREME
from directory.duty import local_day
from directory.models import Officer
from directory.texts import CHINESE, LOCALES
from notifications.desk import DeskRules
from notifications.permissions import ANSWERING_POSTS, Actor

#: Telegram's own accounts that stand for somebody hidden: an anonymous administrator, a channel, a forward.
_HIDDEN = frozenset({1087968824, 136817688, 777000})

#: How events name somebody who is nobody here.
STRANGER, HIDDEN = "未关联的聊天账号", "匿名身份"


@dataclass(frozen=True, slots=True)
class Speaker:
    """Whoever wrote or pressed. `officer` only when linked and holding a post today."""

    telegram_id: int
    #: Hidden behind a group or channel, or a bot: never anybody.
    hidden: bool
    #: The person the account is linked to, whatever posts are held today.
    linked: Officer | None
    posts: frozenset[str]
    #: The language this person is spoken to in.
    locale: str

    @property
    def officer(self) -> Officer | None:
        """The officer of today; None for strangers, for who left and for who holds no post today."""
        return self.linked if self.posts else None

    @property
    def actor(self) -> Actor:
        """The speaker as permissions judge and events name it."""
        # Somebody known who holds no post today is named, and refused for that and not as a stranger.
        officer = self.linked
        if officer is None:
            return Actor(HIDDEN if self.hidden else STRANGER, "", "stranger")
        post = officers.main_post(self.posts)
        return Actor(
            officers.display(officer, post),
            officer.name,
            "officer",
            officer.id,
            officer.court_code,
            officer.court.province,
            post,
            self.posts,
        )

    @property
    def viewer(self) -> Viewer:
        """The speaker as `directory.access` judges what they see and change of the directory."""
        if self.linked is None:
            return UNKNOWN
        court = self.linked.court
        return Viewer("officer", self.linked.id, court.code, court.province, self.posts)

    @property
    def is_coordinator(self) -> bool:
        """Whether the speaker coordinates a province today."""
        return "coordinator" in self.posts

    @property
    def is_national(self) -> bool:
        """Whether the speaker coordinates the provinces today, at 最高法."""
        linked = self.linked
        return self.is_coordinator and linked is not None and linked.court_code == SUPREME

    @property
    def answers(self) -> bool:
        """Whether the speaker holds a post that answers filings."""
        return bool(self.posts & ANSWERING_POSTS)

    @property
    def province(self) -> str | None:
        """The speaker's province, whose courts come first in lists."""
        return self.linked.court.province if self.linked is not None else None


async def speaker_of(
    session: AsyncSession,
    user: User | None,
    message: Message | None,
    desk: DeskRules,
    *,
    now: datetime,
) -> Speaker:
    """Who is behind an update.

    Args:
        session: any transaction.
        user: the account that Telegram names as the sender.
        message: the message it wrote, None for a press; a message sent in a group's or channel's
            name belongs to nobody.
        desk: gives the language of who chose none, and the zone of courts that name none.
        now: decides which posts are held today.
    """
    hidden = (
        user is None
        or user.is_bot
        or user.id in _HIDDEN
        or (message is not None and message.sender_chat is not None)
    )
    if user is None or hidden:
        return Speaker(user.id if user else 0, True, None, frozenset(), desk.locale)
    linked = await officers.linked(session, user.id)
    if linked is None:
        return Speaker(user.id, False, None, frozenset(), desk.locale)
    posts = officers.posts_on(linked, local_day(linked.court, now, desk.timezone))
    return Speaker(user.id, False, linked, posts, _known(linked.language or desk.locale))


def _known(locale: str) -> str:
    plain = locale.replace("_", "-")
    return plain if plain in LOCALES else CHINESE
