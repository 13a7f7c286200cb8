"""A new form, step by step: its questions, title, for which courts, until when; a preview; 发送."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from markupsafe import Markup
from telegram import Document

from bot.chat import (
    day_choice,
    draft_steps,
    drafts,
    form_panel,
    form_sources,
    notice_preview,
    notice_rights,
    notice_words,
)
from bot.chat.audience_choice import AudienceChoice
from bot.chat.draft_steps import ask
from bot.chat.form_sources import Sources
from bot.chat.notice_draft import LIFETIME, audience_of, instant, keep
from bot.chat.notice_refusals import refused
from bot.chat.replies import Talk, bold, joined
from bot.models import Draft
from bot.notice_words import FURTHEST_DAYS
from directory.errors import LiaisonError
from notifications import forms, notices
from notifications.form_models import Form
from notifications.form_rules import LONGEST_TITLE, Question
from notifications.form_words import FormWords
from notifications.forms import Plan
from notifications.notice_audience import Audience
from notifications.notice_text import to_html
from notifications.notices import Wish

KIND = "form_draft"

#: Offered as the end: so many days from now, at this hour of the speaker's day.
_DAYS, _HOUR = (1, 3, 7, 14), 17


async def begin(talk: Talk) -> None:
    """A new form; an unfinished one ends."""
    await _next(talk, await _opened(talk))


async def begin_with(talk: Talk, document: Document) -> None:
    """A new form of the questions in a spreadsheet."""
    await received(talk, await _opened(talk), document)


async def _opened(talk: Talk) -> Draft:
    return await drafts.begin(
        talk.session,
        kind=KIND,
        chat_id=talk.chat_id,
        telegram_id=talk.speaker.telegram_id,
        data={},
        lifetime=LIFETIME,
        now=talk.now,
    )


async def received(talk: Talk, draft: Draft, document: Document) -> None:
    """A spreadsheet: the questions."""
    await _FROM.received(talk, draft, document)


async def answered(talk: Talk, draft: Draft, text: str) -> bool:
    """A typed answer to what was asked last."""
    take = _TYPED.get(draft.data.get("asking") or "")
    if take is None:
        return False
    await take(talk, draft, text)
    return True


async def chosen(talk: Talk, draft: Draft, choice: str) -> None:
    """A button of the conversation."""
    _ = talk.plain
    asking = draft.data.get("asking")
    kind, _equals, value = choice.partition("=")
    if kind == "cancel":
        await cancel(talk, draft)
        talk.answer(_("已取消。"))
    elif notice_rights.reach(talk.speaker) is None:
        talk.refuse(_("只有省级协调员可以发起填报。"))
    elif choice == "go" and asking == "preview":
        await _go(talk, draft)
    elif kind == "whom" and asking in ("audience", "choice"):
        await _WHOM.tapped(talk, draft, value)
    elif kind == "at" and asking in ("due_at", "send_at"):
        talk.answer()
        keep(talk, draft, **{asking: value or None})
        await _next(talk, draft)
    elif choice == "preview" or (choice in _STEPS and asking in _LEFT):
        talk.answer()
        await _STEPS[choice](talk, draft)
    elif await draft_steps.narrowed(talk, draft, choice):
        return
    elif asking != "questions" or not await _FROM.chosen(talk, draft, choice):
        talk.refuse(_("此按钮已失效，请看最新的消息。"))


async def cancel(talk: Talk, draft: Draft) -> None:
    """End the conversation; nothing was sent."""
    _ = talk.html
    await drafts.close(talk.session, draft, now=talk.now)
    if (row := draft.data.get("message")) is not None:
        await talk.edit(row, _("已取消，没有发起填报。"))


async def _next(talk: Talk, draft: Draft, fault: str = "", *, below: bool | None = None) -> None:
    """The first thing that is still missing, or the preview."""
    for name, asks in _NEEDED.items():
        if draft.data.get(name) is None:
            await asks(talk, draft, fault, below=below)
            return
    await _preview(talk, draft, fault, below=below)


async def _ask_title(
    talk: Talk, draft: Draft, fault: str = "", *, below: bool | None = None
) -> None:
    _ = talk.html
    text = _("这次填报叫什么？（最多 {most} 字）", most=LONGEST_TITLE)
    await ask(talk, draft, "title", fault, text, [], below=below)


async def _take_title(talk: Talk, draft: Draft, text: str) -> None:
    title, fault = await draft_steps.line(talk, text, LONGEST_TITLE)
    if fault:
        await _ask_title(talk, draft, fault)
        return
    keep(talk, draft, title=title)
    await _next(talk, draft)


async def _ask_text(talk: Talk, draft: Draft, fault: str = "") -> None:
    _ = talk.html
    text = _("请发送正文：为什么填、怎么填。会写在标题下面。")
    await ask(talk, draft, "text", fault, text, [])


async def _take_text(talk: Talk, draft: Draft, _text: str) -> None:
    written = to_html(talk.text, talk.entities)
    try:
        await notices.check(talk.session, written)
    except LiaisonError as fault:
        await _ask_text(talk, draft, refused(talk, fault))
        return
    keep(talk, draft, text=written)
    await _next(talk, draft)


async def _ask_audience(
    talk: Talk,
    draft: Draft,
    fault: str = "",
    instead: tuple[Audience, ...] = (),
    *,
    below: bool | None = None,
) -> None:
    _ = talk.html
    question = _(
        "哪些法院填报？请点按钮，或发送城市名、法院的代字或名称（可以有多个）。每院填报一份。"
    )
    await draft_steps.ask_audience(talk, draft, question, fault, instead, below=below)


# When it leaves, and until when


async def _ask_send(talk: Talk, draft: Draft, fault: str = "") -> None:
    _ = talk.html
    text = _("何时发出？请点“立即”，或发送时间，如：明天 9:30")
    await ask(talk, draft, "send_at", fault, text, [[{"text": _("立即"), "data": "at="}]])


async def _ask_due(talk: Talk, draft: Draft, fault: str = "", *, below: bool | None = None) -> None:
    _ = talk.html
    text = _(
        "什么时间截止？前一天会自动提醒未填报的法院，到时把未填报名单发给各省协调员。请点按钮，或发送时间，如：11-11 17:00"
    )
    labels = [
        {"text": notice_words.when(talk, at), "data": f"at={at:%Y-%m-%dT%H:%M%z}"}
        for at in _ends(talk, draft)
    ]
    await ask(talk, draft, "due_at", fault, text, [labels[:2], labels[2:]], below=below)


def _ends(talk: Talk, draft: Draft) -> list[datetime]:
    leaves = instant(draft, "send_at") or talk.now
    day = leaves.astimezone(notice_words.zone(talk))
    end = day.replace(hour=_HOUR, minute=0, second=0, microsecond=0)
    return day_choice.on_working_days(talk, (end + timedelta(days=days) for days in _DAYS))


async def _take_time(talk: Talk, draft: Draft, text: str) -> None:
    """A typed time for whichever was asked."""
    asking = draft.data["asking"]
    at, fault = notice_words.typed(talk, text, timedelta(days=FURTHEST_DAYS))
    if at is None:
        await _STEPS[asking](talk, draft, fault)
        return
    keep(talk, draft, **{asking: at.isoformat()})
    await _next(talk, draft)


# The preview


async def _preview(talk: Talk, draft: Draft, fault: str = "", *, below: bool | None = None) -> None:
    """The notice as officers will read it, what is asked, the figures, and what can still be changed."""
    _ = talk.html
    audience = audience_of(draft)
    rate = talk.parts.settings.rate_global
    found = await notices.preview(talk.session, audience, 0, rate, talk.parts.desk, now=talk.now)
    words = FormWords(_planned(draft), notice_words.zone(talk), _, talk.now)
    sending = instant(draft, "send_at")
    lines = [
        *notice_preview.reads(talk, _text(talk, draft), sending, words.facts(None)),
        "────────",
        bold(_("预览")),
        _("填报范围：{audience}", audience=notice_words.audience(talk, audience)),
        *notice_words.counted(talk, found, rate),
        _("发出：{time}", time=words.when(sending) if sending else _("立即")),
        _("截止：{time}", time=words.when(_due(draft))),
    ]
    rows: list[list[dict[str, str]]] = [
        [{"text": _("看题目"), "data": "list"}, {"text": _("定时"), "data": "send_at"}],
        [{"text": _("标题"), "data": "title"}, {"text": _("正文"), "data": "text"},
         {"text": _("换题目"), "data": "questions"}],
        [{"text": _("范围"), "data": "audience"}, {"text": _("岗位"), "data": "posts"},
         {"text": _("截止"), "data": "due_at"}],
    ]  # fmt: skip
    if found.head.people:
        rows.insert(0, [{"text": _("发送"), "data": "go", "style": "primary"}])
    await ask(talk, draft, "preview", fault, joined(lines), rows, below=below)


async def _list(talk: Talk, draft: Draft) -> None:
    """What is asked, question by question."""
    lines = form_sources.listed(talk, _questions(draft))
    await ask(talk, draft, "list", "", joined(lines), [])


def _questions(draft: Draft) -> list[Question]:
    return [Question.from_json(one) for one in draft.data["questions"]]


def _due(draft: Draft) -> datetime:
    return datetime.fromisoformat(draft.data["due_at"])


def _planned(draft: Draft) -> Form:
    """The form as it would be, for its words."""
    return Form(
        title=draft.data["title"],
        questions=draft.data["questions"],
        due_at=_due(draft),
        closed_at=None,
    )


def _text(talk: Talk, draft: Draft) -> str:
    """What the notice says above the form's facts."""
    _ = talk.html
    usual = _("请在截止时间前填报。每院一份，同院人员可以接着填，提交后到截止前可以更正。")
    said = draft.data.get("text")
    text = Markup(said) if said else usual  # noqa: S704 -- made by `to_html`, or a shipped form's
    return joined([bold(draft.data["title"]), text])


async def _go(talk: Talk, draft: Draft) -> None:
    _ = talk.plain
    audience = audience_of(draft)
    if not notice_rights.may_send(talk.speaker, audience):
        talk.refuse(_("您只能让本省法院填报。"))
        return
    actor = talk.speaker.actor
    sending = instant(draft, "send_at") or talk.now
    wish = Wish(_text(talk, draft), audience, sending, actor.who, actor.officer_id)
    plan = Plan(draft.data["title"], _questions(draft), _due(draft), draft.data.get("template"))
    try:
        form = await forms.create(talk.session, wish, plan, talk.parts.desk, now=talk.now)
    except LiaisonError as fault:
        talk.refuse(talk.parts.texts.get(talk.speaker.locale, fault.template, **fault.data))
        return
    talk.answer(_("已定时。") if sending > talk.now else _("已开始发送。"))
    await form_panel.keep(talk, draft, form)


_FROM = Sources(_next)
_WHOM = AudienceChoice(_ask_audience, lambda _: _("您只能让本省法院填报。"), _next)

#: What a form needs, in the order of asking.
_NEEDED: dict[str, Callable[..., Awaitable[None]]] = {
    "questions": _FROM.ask,
    "title": _ask_title,
    "audience": _ask_audience,
    "due_at": _ask_due,
}
_STEPS: dict[str, Callable[..., Awaitable[None]]] = {
    **_NEEDED,
    "text": _ask_text,
    "send_at": _ask_send,
    "posts": notice_preview.ask_posts,
    "preview": _next,
    "list": _list,
}
#: What a step may be taken from; to the preview, from any.
_LEFT = frozenset({"preview", "questions", "lines"})
_TYPED: dict[str, Callable[[Talk, Draft, str], Awaitable[None]]] = {
    "title": _take_title,
    "text": _take_text,
    "lines": _FROM.typed,
    "audience": _WHOM.typed,
    "choice": _WHOM.typed,
    "due_at": _take_time,
    "send_at": _take_time,
}
