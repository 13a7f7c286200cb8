"""Who looks at the pages of notices: how far they reach, in whose words, and which notices are theirs to see.

No page itself; the rights are `bot.notice_rights`.
"""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from bot.notice_rights import Writer
from bot.notice_words import NoticeWords
from bot.web.page_frame import HEADERS, page_locale, translate_page
from bot.web.parts import parts_of
from bot.web.problems import Problem
from bot.web.sign_in import PATH, viewer_of
from bot.web_sessions import Viewer
from directory import officers
from directory.courts import zone_of
from directory.models import Officer
from notifications import notice_facts, notices, told
from notifications.notice_models import Notice
from notifications.notice_sheet import Receipt

#: Tokens that see what a coordinator sees; they change nothing, for a notice is written by a person.
_TOKENS = frozenset({"coordinator", "admin"})


@dataclass(frozen=True, slots=True)
class Sight:
    """Whoever looks, as of this request."""

    viewer: Viewer
    writer: Writer
    #: Their words as HTML: whatever is filled in is escaped.
    words: NoticeWords

    @property
    def officer(self) -> Officer | None:
        """The person; None for a token."""
        return self.viewer.officer

    @property
    def now(self) -> datetime:
        """The instant of this request."""
        return self.words.now

    @property
    def who(self) -> str:
        """How notices and records name them."""
        if self.officer is None:
            return self.viewer.name
        return officers.display(self.officer, officers.main_post(self.viewer.posts))

    @property
    def writes(self) -> bool:
        """Whether they may write notices."""
        return self.officer is not None and self.writer.reach is not None

    def looks_after(self, notice: Notice) -> bool:
        """Whether they may correct, recall, plan and remind of it."""
        return self.writes and self.writer.looks_after(notice.province)


async def sight_of(request: web.Request) -> Sight:
    """Who looks.

    Raises:
        Problem: 403, a token that sees no notices.
        web.HTTPException: nobody is signed in; the browser is led to the sign-in page.
    """
    try:
        viewer = await viewer_of(request)
    except web.HTTPSeeOther:
        if request.headers.get("HX-Request") != "true":
            raise
        # htmx would put the sign-in page into a part of this one.
        raise web.HTTPNoContent(headers={**HEADERS, "HX-Redirect": PATH}) from None
    parts = parts_of(request)
    officer = viewer.officer
    if officer is not None:
        writer = Writer.of(officer, viewer.posts)
        zone = zone_of(officer.court, parts.desk.timezone)
        own = writer.province if officer.court.level != "supreme" else None
    elif viewer.role in _TOKENS and viewer.scope_court is None:
        own = viewer.scope_province
        writer = Writer("province" if own else "nation", own)
        zone = ZoneInfo(parts.desk.timezone)
    else:
        _ = translate_page(request, viewer)
        raise Problem(403, _("此令牌不能查看通知。"))
    html = told.html(parts.texts, page_locale(request, viewer))
    return Sight(viewer, writer, NoticeWords(html, zone, parts.clock.now(), own))


def number_of(request: web.Request, sight: Sight) -> int:
    """The number in the address.

    Raises:
        Problem: 404, it is none.
    """
    word = request.match_info["number"]
    if word.isascii() and word.isdecimal() and len(word) <= 18:
        return int(word)
    raise missing(request, sight)


def missing(request: web.Request, sight: Sight) -> Problem:
    """There is no such notice, or none for these eyes: nobody learns which."""
    _ = translate_page(request, sight.viewer)
    return Problem(404, _("没有这条通知，或者您不能查看。"))


async def coordinates(session: AsyncSession, sight: Sight, notice: Notice) -> bool:
    """Whether they see its receipts: it is theirs to look after, or went to their people."""
    if sight.writer.reach is None:
        return False
    if sight.writer.looks_after(notice.province):
        return True
    return bool(await notice_facts.sums(session, [notice.id], sight.writer.scope))


async def own_receipt(session: AsyncSession, sight: Sight, notice: Notice) -> Receipt | None:
    """Their own receipt; None for what is not addressed to them."""
    if sight.officer is None:
        return None
    return await notice_facts.receipt(session, notice.id, sight.officer.id)


async def held(
    request: web.Request, session: AsyncSession, sight: Sight, *, lock: bool = True
) -> Notice:
    """The notice in the address, for who looks after it; locked where something is to be changed.

    Raises:
        Problem: 404, none that they see; 403, one that is not theirs to change.
    """
    number = number_of(request, sight)
    notice = await (notices.hold(session, number) if lock else session.get(Notice, number))
    if notice is None:
        raise missing(request, sight)
    if sight.looks_after(notice):
        return notice
    if await coordinates(session, sight, notice) or await own_receipt(session, sight, notice):
        _ = translate_page(request, sight.viewer)
        raise Problem(403, _("只有发通知一级的协调员可以更正、撤回和提醒。"))
    raise missing(request, sight)
