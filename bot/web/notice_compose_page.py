"""`/notices/new` and `/notices/{number}/edit`: a notice written and corrected, each previewed before a second press lets it go.

What the second press sends is what the preview showed: it is kept in a draft, which ends with the press.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from aiohttp import web
from markupsafe import Markup
from sqlalchemy.ext.asyncio import AsyncSession

from bot import notice_rights
from bot.chat import drafts
from bot.chat.drafts import Choice
from bot.models import Draft
from bot.notice_words import UNTRAINED_DAYS
from bot.web import notice_form, notice_markup
from bot.web.notice_form import Fields, Judged
from bot.web.notice_reading import reads
from bot.web.notice_sight import Sight, held, sight_of
from bot.web.page_frame import HEADERS, fill, page_locale, render, translate_page
from bot.web.parts import parts_of
from bot.web.problems import Problem
from directory.errors import LiaisonError
from directory.roster import POSTS
from notifications import notice_plans, notices
from notifications.notice_audience import Audience
from notifications.notice_models import Notice
from notifications.notice_text import LONGEST
from notifications.notices import Preview, Wish

KIND = "notice_page"

#: How long a preview can be sent.
LIFETIME = timedelta(hours=2)

_DRAFT = re.compile(r"([1-9][0-9]{0,17})\.([A-Za-z0-9_-]{1,12})")


@dataclass(slots=True)
class Compose:
    """The page of a notice that is being written, or (`notice`) corrected."""

    sight: Sight
    fields: Fields = field(default_factory=Fields)
    judged: Judged | None = None
    notice: Notice | None = None
    #: How it reads now, when somebody else corrected it meanwhile.
    met: Markup | None = None
    #: Once all is well: how it reads, the figures, and what lets it go.
    bubble: Markup | None = None
    preview: Preview | None = None
    draft: Draft | None = None

    @property
    def planned(self) -> bool:
        """Whether nobody has the notice yet: its readers will know of no other text."""
        return self.notice is not None and notice_plans.is_planned(self.notice, self.sight.now)


async def new(request: web.Request) -> web.StreamResponse:
    """`GET` and `POST /notices/new`: `do` is `preview`, `change` or `send`.

    Raises:
        Problem: 403 for who writes none, 409 for a preview that is no more.
    """
    sight = await _writer(request)
    page = Compose(sight)
    if request.method == "GET":
        return await _page(request, page)
    sent = await request.post()
    if sent.get("do") == "send":
        return await _send(request, sight, str(sent.get("draft", "")))
    page.fields = Fields.read(sent)
    if sent.get("do") != "change":
        await _judge(request, page)
    return await _page(request, page)


async def live(request: web.Request) -> web.Response:
    """`POST /notices/try`: how what is being typed will read, and how many get it; a part of the page for htmx."""
    sight = await _writer(request)
    page = Compose(sight, Fields.read(await request.post()))
    parts = parts_of(request)
    async with parts.database.reading() as session:
        page.judged = await notice_form.text(session, page.fields.text, sight.words.translate)
        page.bubble = await _reads(session, page, page.judged)
        # What is corrected goes to whom it went.
        if "editing" not in request.query:
            await notice_form.audience(session, sight, parts.searcher, page.fields, page.judged)
        if page.judged.audience is not None:
            page.preview = await _count(request, session, page.judged.audience, sight)
    locale = page_locale(request, sight.viewer)
    text = fill(request, "notice_try.j2", locale, **_shown(request, page))
    return web.Response(text=text, content_type="text/html", headers=HEADERS)


async def edit(request: web.Request) -> web.StreamResponse:
    """`GET` and `POST /notices/{number}/edit`: another text for what was sent, by `do` as in `new` (`fix` lets it go).

    Raises:
        Problem: 403, 404; 409 when it was recalled.
    """
    sight = await sight_of(request)
    _ = translate_page(request, sight.viewer)
    database, posted = parts_of(request).database, request.method == "POST"
    async with database.transaction() if posted else database.reading() as session:
        notice = await held(request, session, sight, lock=posted)
        if notice.recalled_at is not None:
            raise Problem(409, _("此通知已撤回。"))
        page = Compose(sight, Fields(notice_markup.typed(notice.text)), notice=notice)
        if posted:
            sent = await request.post()
            page.fields = Fields.read(sent)
            if sent.get("do") != "change":
                done = await _correct(session, page, notice, sent)
                if done:
                    return _to(notice.id, done)
    return await _page(request, page)


async def _correct(
    session: AsyncSession, page: Compose, notice: Notice, sent: Mapping[str, Any]
) -> str:
    """Judge the new text of a held notice, and with `fix` let it go: what was done, empty for the page again."""
    sight, typed = page.sight, page.fields.text
    _ = sight.words.translate
    judged = page.judged = await notice_form.text(session, typed, _)
    if judged.faults:
        return ""
    if sent.get("version") != str(notice.version):
        if sent.get("do") == "fix" and judged.typed.html == notice.text:
            return "edited"  # Pressed twice.
        page.met = await reads(session, sight, notice)
        judged.faults["text"] = _("此通知刚被他人更正过，您的修改没有发出。仍要改请再次预览。")
        return ""
    if sent.get("do") == "fix":
        planned = page.planned
        await notices.edit(session, notice, judged.typed.html, now=sight.now)
        return "changed" if planned else "edited"
    page.bubble = await _reads(session, page, judged)
    return ""


async def _writer(request: web.Request) -> Sight:
    """Who looks, if they write notices.

    Raises:
        Problem: 403.
    """
    sight = await sight_of(request)
    if not sight.writes:
        _ = translate_page(request, sight.viewer)
        raise Problem(403, _("只有省级协调员可以发通知。"))
    return sight


async def _judge(request: web.Request, page: Compose) -> None:
    """Judge the fields; when all is well the page becomes a preview that can be sent."""
    sight, parts = page.sight, parts_of(request)
    officer = sight.officer
    async with parts.database.transaction() as session:
        judged = await notice_form.text(session, page.fields.text, sight.words.translate)
        await notice_form.audience(session, sight, parts.searcher, page.fields, judged)
        notice_form.times(page.fields, sight, judged)
        page.judged = judged
        if judged.audience is not None:
            page.preview = await _count(request, session, judged.audience, sight)
            if not page.preview.head.people:
                _ = translate_page(request, sight.viewer)
                judged.faults["audience"] = _("所选范围内没有可以通知的人员。")
        if judged.faults or judged.audience is None or officer is None:
            return
        page.bubble = await _reads(session, page, judged)
        account = officer.telegram_id or 0
        page.draft = await drafts.begin(
            session,
            kind=KIND,
            chat_id=account,
            telegram_id=account,
            data={
                "text": judged.typed.html,
                "audience": judged.audience.as_json(),
                "send_at": page.fields.send_at,
                "confirm_by": page.fields.confirm_by,
            },
            lifetime=LIFETIME,
            now=sight.now,
        )


async def _send(request: web.Request, sight: Sight, word: str) -> web.Response:
    """The second press. Pressed again it leads to the notice that the first one sent."""
    _ = translate_page(request, sight.viewer)
    parts, match = parts_of(request), _DRAFT.fullmatch(word)
    account = sight.officer.telegram_id if sight.officer is not None else None
    stale = Problem(409, _("此预览已失效，没有发出。请重新填写。"))
    if match is None or account is None:
        raise stale
    async with parts.database.transaction() as session:
        choice = Choice(int(match[1]), match[2], "send")
        draft = await drafts.pressed(session, choice, account)
        if draft is None or draft.kind != KIND:
            raise stale
        if "notice" in draft.data:
            return _to(draft.data["notice"], "sent")
        if not drafts.is_open(draft, now=sight.now):
            raise stale
        await drafts.close(session, draft, now=sight.now)
        try:
            notice = await notices.send(
                session, _wish(request, sight, draft), parts.desk, now=sight.now
            )
        except LiaisonError as fault:
            raise Problem(409, _(fault.template, **fault.data)) from None
        draft.data = {"notice": notice.id}
        return _to(notice.id, "planned" if notice.send_at > sight.now else "sent")


def _wish(request: web.Request, sight: Sight, draft: Draft) -> Wish:
    """What the draft holds, judged as of now: rights and times may have passed since the preview.

    Raises:
        Problem: 403, 409.
    """
    _ = translate_page(request, sight.viewer)
    audience = Audience.from_json(draft.data["audience"])
    if not sight.writer.may_send(audience):
        raise Problem(403, _("您只能给本省人员发通知。"))
    zone = sight.words.zone
    send_at = notice_form.instant(draft.data["send_at"], zone)
    confirm_by = notice_form.instant(draft.data["confirm_by"], zone)
    if confirm_by is not None and confirm_by <= max(send_at or sight.now, sight.now):
        raise Problem(409, _("确认期限早于发出时间，请修改。"))
    officer_id = sight.officer.id if sight.officer is not None else None
    return Wish(
        draft.data["text"], audience, send_at or sight.now, sight.who, officer_id, confirm_by
    )


def _to(number: int, word: str) -> web.Response:
    """To the notice, so that going back or on repeats nothing."""
    location = f"/notices/{number}?done={word}"
    return web.Response(status=303, headers={**HEADERS, "Location": location})


async def _reads(session: AsyncSession, page: Compose, judged: Judged) -> Markup:
    """How the notice will read in chat."""
    sight, was, html = page.sight, page.notice, judged.typed.html
    if was is None:
        shown = Notice(
            text=html, written_by=sight.who, edited_at=None,
            written_by_officer_id=sight.officer.id if sight.officer is not None else None,
            send_at=judged.send_at or sight.now, confirm_by=judged.confirm_by,
        )  # fmt: skip
    else:
        shown = Notice(
            id=was.id, text=html, written_by=was.written_by,
            edited_at=None if page.planned else sight.now,
            written_by_officer_id=was.written_by_officer_id,
            send_at=was.send_at, confirm_by=was.confirm_by,
        )  # fmt: skip
    return await reads(session, sight, shown)


async def _count(
    request: web.Request, session: AsyncSession, audience: Audience, sight: Sight
) -> Preview:
    parts = parts_of(request)
    rate = parts.settings.rate_global
    return await notices.preview(session, audience, 0, rate, parts.desk, now=sight.now)


def _shown(request: web.Request, page: Compose) -> dict[str, Any]:
    """What the templates know."""
    words, rate = page.sight.words, parts_of(request).settings.rate_global
    return {
        "page": page,
        "fields": page.fields,
        "judged": page.judged,
        "faults": page.judged.faults if page.judged is not None else {},
        "said": words,
        "counted": words.counted(page.preview, rate) if page.preview is not None else (),
    }


async def _page(request: web.Request, page: Compose) -> web.Response:
    """The form, or the preview that can be let go."""
    offered: list[Audience] = []
    if page.notice is None:
        async with parts_of(request).database.reading() as session:
            offered = await notice_rights.offered(session, page.sight.writer)
    return await render(
        request,
        "notice_compose.j2",
        viewer=page.sight.viewer,
        status=422 if page.judged is not None and page.judged.faults else 200,
        widest=offered[0] if offered else None,
        provinces=[one.province for one in offered if one.where == "province"]
        if page.sight.writer.reach == "nation"
        else [],
        cities=[one.values[0] for one in offered if one.where == "city"],
        every_post=POSTS,
        untrained_days=UNTRAINED_DAYS,
        longest=LONGEST,
        least=notice_form.as_typed(page.sight.now, page.sight.words.zone),
        **_shown(request, page),
    )
