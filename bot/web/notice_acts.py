"""`POST /notices/{number}`: what is done to a notice that exists: confirmed, signed for, planned anew, reminded of, taken back.

Each leads back to the page, which says what came of it by a word in the address.
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from bot.notice_rights import signer
from bot.notice_words import FURTHEST_DAYS
from bot.web import notice_form
from bot.web.notice_form import Fields, Judged
from bot.web.notice_markup import Typed
from bot.web.notice_reading import form_of
from bot.web.notice_sight import Sight, held, missing, number_of, own_receipt, sight_of
from bot.web.page_frame import HEADERS, translate_page, words_asked
from bot.web.parts import parts_of
from bot.web.problems import Problem
from directory.texts import Translate
from notifications import (
    form_plans,
    forms,
    notice_plans,
    notice_receipts,
    notice_reminders,
    notices,
    training,
)
from notifications.notice_models import Notice

Sent = Mapping[str, Any]

#: The words that say why something was not done; `_refused` has their sentences.
_REFUSALS = frozenset(
    {"gone", "again", "unsure", "times", "due", "due_at", "early", "over", "leaving"}
)


async def act(request: web.Request) -> web.StreamResponse:
    """Do what the button `do` stands for.

    Raises:
        Problem: 403 for what is not the viewer's to do, 404 for what they do not see, 422 for no such button.
    """
    sight = await sight_of(request)
    sent = await request.post()
    word = str(sent.get("do", ""))
    async with parts_of(request).database.transaction() as session:
        if word in _READERS:
            done = await _READERS[word](request, session, sight, sent)
        elif word in _WRITERS:
            notice = await held(request, session, sight)
            gone = notice.recalled_at is not None
            done = "gone" if gone else await _WRITERS[word](session, sight, notice, sent)
        else:
            _ = translate_page(request, sight.viewer)
            raise Problem(422, _("没有这个操作。"))
    # A leader who signed for a colleague has no sheet to go back to.
    page = "/notices" if sent.get("back") == "list" else f"/notices/{number_of(request, sight)}"
    name = "refused" if done in _REFUSALS else "done"
    return web.Response(status=303, headers={**HEADERS, "Location": f"{page}?{name}={done}"})


def told(request: web.Request, sight: Sight) -> dict[str, Any]:
    """What a page says of what was done last, by its name in the template: `done` or `refused`."""
    _ = translate_page(request, sight.viewer)
    return {
        "done": _done(_).get(words_asked(request, "done"), ""),
        "refused": _refused(_).get(words_asked(request, "refused"), ""),
    }


def _done(translate: Translate) -> dict[str, str]:
    _ = translate
    return {
        "sent": _("已开始发送。"),
        "planned": _("已定时。"),
        "held": _("已暂缓，定好时间后才会发出。"),
        "edited": _("正在更正。"),
        "moved": _("已改截止时间。提前截止的，请在聊天中点“催填”提醒各院。"),
        "changed": _("正文已改，尚未发出。"),
        "recalled": _("已撤回通知。"),
        "reminded": _("正在提醒未确认的人员。"),
        "confirmed": _("已确认。"),
        "already": _("此前已确认。"),
        "signed": _("已代签，并记录代签人。"),
        "before": _("此人此前已确认。"),
    }


def _refused(translate: Translate) -> dict[str, str]:
    _ = translate
    return {
        "gone": _("此通知已撤回。"),
        "again": _("此通知已提醒过一次，不再重复提醒。"),
        "unsure": _("请先勾选确认。"),
        "times": _("时间无法识别、已过，或确认期限早于发出时间，没有更改。"),
        "due": _(form_plans.DueBeforeLeaving.template),
        "due_at": _("未能识别时间，或已过、太远。"),
        "early": _(forms.DueTooEarly.template),
        "over": _(form_plans.FormOver.template),
        "leaving": _("此通知已开始发送，不能再改时间。"),
    }


# What its readers do


async def _confirm(request: web.Request, session: AsyncSession, sight: Sight, _sent: Sent) -> str:
    officer, number = sight.officer, number_of(request, sight)
    if officer is None:
        raise missing(request, sight)
    came = await notice_receipts.confirm(session, number, officer.id, sight.who, now=sight.now)
    if came == "missing":
        raise missing(request, sight)
    return {"confirmed": "confirmed", "recalled": "gone"}.get(came, "already")


async def _sign(request: web.Request, session: AsyncSession, sight: Sight, sent: Sent) -> str:
    """代签."""
    who, number = signer(sight.officer, sight.viewer.posts), number_of(request, sight)
    person = str(sent.get("officer", ""))
    if who is None or not (person.isascii() and person.isdecimal() and len(person) <= 18):
        raise missing(request, sight)
    came = await notice_receipts.sign_for(
        session, number, int(person), sight.who, who, now=sight.now
    )
    if came == "refused":
        notice = await session.get(Notice, number)
        if notice is None or await own_receipt(session, sight, notice) is None:
            raise missing(request, sight)
        _ = translate_page(request, sight.viewer)
        raise Problem(403, _("您不能代签此人的确认。"))
    if came == "missing":
        raise missing(request, sight)
    return {"confirmed": "signed", "recalled": "gone"}.get(came, "before")


# What those do who look after it


async def _remind(session: AsyncSession, sight: Sight, notice: Notice, _sent: Sent) -> str:
    reminded = await notice_reminders.remind_now(session, notice, now=sight.now)
    return "reminded" if reminded else "again"


async def _recall(session: AsyncSession, sight: Sight, notice: Notice, sent: Sent) -> str:
    if "sure" not in sent:
        return "unsure"
    await notices.recall(session, notice, sight.who, now=sight.now)
    await training.cancel_announced(session, notice.id, sight.who, now=sight.now)
    return "recalled"


async def _plan(session: AsyncSession, sight: Sight, notice: Notice, sent: Sent) -> str:
    """Another time, of leaving and of the limit; an empty one is at once, and no limit."""
    fields = Fields(
        send_at=str(sent.get("send_at", "")), confirm_by=str(sent.get("confirm_by", ""))
    )
    judged = Judged(Typed("", ()))
    notice_form.times(fields, sight, judged)
    if judged.faults:
        return "times"
    at = judged.send_at or sight.now
    try:
        done = await form_plans.replan(session, notice, at, judged.confirm_by, now=sight.now)
    except form_plans.DueBeforeLeaving:
        return "due"
    return ("planned" if at > sight.now else "sent") if done else "leaving"


async def _move(session: AsyncSession, sight: Sight, notice: Notice, sent: Sent) -> str:
    """Another due time of the form it carries."""
    at = notice_form.instant(str(sent.get("due_at", "")), sight.words.zone)
    carried = await form_of(session, notice.id)
    form = await forms.hold(session, carried.id) if carried is not None else None
    if (
        form is None
        or at is None
        or not sight.now < at <= sight.now + timedelta(days=FURTHEST_DAYS)
    ):
        return "due_at"
    try:
        await form_plans.move(session, form, at, sight.who, now=sight.now)
    except form_plans.FormOver:
        return "over"
    except forms.DueTooEarly:
        return "early"
    return "moved"


async def _hold(session: AsyncSession, sight: Sight, notice: Notice, _sent: Sent) -> str:
    done = await notice_plans.replan(session, notice, None, notice.confirm_by, now=sight.now)
    return "held" if done else "leaving"


_READERS: Mapping[str, Callable[[web.Request, AsyncSession, Sight, Sent], Awaitable[str]]] = {
    "confirm": _confirm,
    "sign": _sign,
}

_WRITERS: Mapping[str, Callable[[AsyncSession, Sight, Notice, Sent], Awaitable[str]]] = {
    "remind": _remind,
    "recall": _recall,
    "plan": _plan,
    "hold": _hold,
    "move": _move,
}
