"""A new session of training, step by step: what, when, where, for whom; a preview; 发送."""

import re
import unicodedata
from collections.abc import Awaitable, Callable, Mapping

from bot.chat import (
    draft_steps,
    drafts,
    notice_preview,
    notice_rights,
    notice_words,
    training_panel,
)
from bot.chat.audience_choice import AudienceChoice
from bot.chat.draft_steps import ask
from bot.chat.notice_draft import LIFETIME, audience_of, instant, keep
from bot.chat.notice_refusals import refused_file
from bot.chat.replies import Talk, bold, joined
from bot.models import Draft
from directory.errors import LiaisonError
from notifications import notices, training
from notifications.notice_audience import Audience
from notifications.notice_text import MOST_ATTACHMENTS
from notifications.told import html
from notifications.training import Plan
from notifications.training_models import TrainingSession
from notifications.training_words import TrainingWords

KIND = "training"

#: What is offered as the length (minutes); any between these may be typed.
LENGTHS = (30, 60, 90, 120, 180)
SHORTEST, LONGEST = 10, 480

_MINUTES = re.compile(r"([0-9]{1,3})\s*(?:分钟|分|minutes|min)?", re.IGNORECASE)


async def begin(talk: Talk, title: str = "") -> None:
    """A new session; an unfinished one ends."""
    draft = await drafts.begin(
        talk.session,
        kind=KIND,
        chat_id=talk.chat_id,
        telegram_id=talk.speaker.telegram_id,
        data={"attachments": []},
        lifetime=LIFETIME,
        now=talk.now,
    )
    if title:
        await _take_title(talk, draft, title)
    else:
        await _ask_title(talk, draft)


async def attached(talk: Talk, draft: Draft, attachment: Mapping[str, str]) -> None:
    """A file: material for the session."""
    _ = talk.html
    mine = draft.data["attachments"]
    if len(mine) >= MOST_ATTACHMENTS:
        fault = _("一次培训最多 {count} 个材料，此文件未添加。", count=MOST_ATTACHMENTS)
        await _next(talk, draft, fault)
        return
    if fault := await refused_file(talk, attachment):
        await _next(talk, draft, fault)
        return
    keep(talk, draft, attachments=[*mine, dict(attachment)])
    await _next(talk, draft)


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
        talk.refuse(_("只有省级协调员可以安排培训。"))
    elif choice == "go" and asking == "preview":
        await _go(talk, draft)
    elif kind == "whom" and asking in ("audience", "choice"):
        await _WHOM.tapped(talk, draft, value)
    elif kind == "len" and asking == "lasts" and value.isdecimal() and int(value) in LENGTHS:
        talk.answer()
        keep(talk, draft, lasts=int(value))
        await _next(talk, draft)
    elif choice == "none" and asking == "preview":
        talk.answer()
        keep(talk, draft, attachments=[])
        await _next(talk, draft)
    elif await draft_steps.narrowed(talk, draft, choice):
        return
    elif choice == "preview" or (choice in _STEPS and asking == "preview"):
        talk.answer()
        await _STEPS[choice](talk, draft)
    else:
        talk.refuse(_("此按钮已失效，请看最新的消息。"))


async def cancel(talk: Talk, draft: Draft) -> None:
    """End the conversation; nothing was announced."""
    _ = talk.html
    await drafts.close(talk.session, draft, now=talk.now)
    if (row := draft.data.get("message")) is not None:
        await talk.edit(row, _("已取消，没有安排培训。"))


async def _next(talk: Talk, draft: Draft, fault: str = "") -> None:
    """The first thing that is still missing, or the preview."""
    for name, asks in _NEEDED.items():
        if draft.data.get(name) is None:
            await asks(talk, draft, fault)
            return
    await _preview(talk, draft, fault)


# What, when, where


async def _ask_title(talk: Talk, draft: Draft, fault: str = "") -> None:
    _ = talk.html
    await ask(
        talk,
        draft,
        "title",
        fault,
        _("培训主题是什么？（最多 {most} 字）", most=training.LONGEST_TITLE),
        [],
    )


async def _take_title(talk: Talk, draft: Draft, text: str) -> None:
    title, fault = await draft_steps.line(talk, text, training.LONGEST_TITLE)
    if fault:
        await _ask_title(talk, draft, fault)
        return
    keep(talk, draft, title=title)
    await _next(talk, draft)


async def _ask_time(talk: Talk, draft: Draft, fault: str = "") -> None:
    _ = talk.html
    text = _("什么时间开始？请发送，如：明天 14:30、11-11 9:00（您所在地时间）")
    await ask(talk, draft, "starts_at", fault, text, [])


async def _take_time(talk: Talk, draft: Draft, text: str) -> None:
    at, fault = notice_words.typed(talk, text, training.FURTHEST)
    if at is None:
        await _ask_time(talk, draft, fault)
        return
    keep(talk, draft, starts_at=at.isoformat())
    await _next(talk, draft)


async def _ask_length(talk: Talk, draft: Draft, fault: str = "") -> None:
    _ = talk.html
    labels = [{"text": _("{minutes} 分钟", minutes=n), "data": f"len={n}"} for n in LENGTHS]
    text = _("多长时间？请点按钮，或发送分钟数，如：45")
    await ask(talk, draft, "lasts", fault, text, [labels[:3], labels[3:]])


async def _take_length(talk: Talk, draft: Draft, text: str) -> None:
    _ = talk.html
    typed = _MINUTES.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if typed is None or not SHORTEST <= int(typed[1]) <= LONGEST:
        fault = _("请发送 {least} 到 {most} 之间的分钟数。", least=SHORTEST, most=LONGEST)
        await _ask_length(talk, draft, fault)
        return
    keep(talk, draft, lasts=int(typed[1]))
    await _next(talk, draft)


async def _ask_place(talk: Talk, draft: Draft, fault: str = "") -> None:
    _ = talk.html
    text = _("在哪里？请发送地点，或视频会议的链接。")
    await ask(talk, draft, "place", fault, text, [])


async def _take_place(talk: Talk, draft: Draft, text: str) -> None:
    place, fault = await draft_steps.line(talk, text, training.LONGEST_PLACE)
    if fault:
        await _ask_place(talk, draft, fault)
        return
    keep(talk, draft, place=place)
    await _next(talk, draft)


# For whom


async def _ask_audience(
    talk: Talk, draft: Draft, fault: str = "", instead: tuple[Audience, ...] = ()
) -> None:
    _ = talk.html
    question = _("请谁参加？请点按钮，或发送城市名、法院的代字或名称（可以有多个）。")
    await draft_steps.ask_audience(talk, draft, question, fault, instead)


# The preview


async def _preview(talk: Talk, draft: Draft, fault: str = "") -> None:
    _ = talk.html
    audience = audience_of(draft)
    rate = talk.parts.settings.rate_global
    materials = draft.data["attachments"]
    found = await notices.preview(
        talk.session, audience, len(materials), rate, talk.parts.desk, now=talk.now
    )
    words = TrainingWords(_planned(draft), notice_words.zone(talk), _, talk.now)
    lines = [
        bold(_("培训：{title}", title=draft.data["title"])),
        *words.facts(),
        _("参加：{audience}", audience=notice_words.audience(talk, audience)),
        *notice_words.counted(talk, found, rate),
    ]
    if materials:
        names = _("、").join(one["name"] for one in materials)
        lines.append(_("材料：{names}", names=names))
    else:
        lines.append(_("材料：无（可把文件、图片、视频发给我）"))
    go = [{"text": _("发送"), "data": "go", "style": "primary"}] if found.head.people else []
    rows = [
        go,
        [{"text": _("主题"), "data": "title"}, {"text": _("时间"), "data": "starts_at"},
         {"text": _("时长"), "data": "lasts"}, {"text": _("地点"), "data": "place"}],
        [{"text": _("范围"), "data": "audience"}, {"text": _("岗位"), "data": "posts"},
         *([{"text": _("移除材料"), "data": "none"}] if materials else [])],
    ]  # fmt: skip
    await ask(talk, draft, "preview", fault, joined(lines), [row for row in rows if row])


def _planned(draft: Draft) -> TrainingSession:
    """The session as it would be, for its words."""
    return TrainingSession(
        title=draft.data["title"],
        starts_at=instant(draft, "starts_at"),
        lasts_minutes=draft.data["lasts"],
        place=draft.data["place"],
        cancelled_at=None,
    )


async def _go(talk: Talk, draft: Draft) -> None:
    _ = talk.plain
    audience = audience_of(draft)
    starts_at = instant(draft, "starts_at")
    if not notice_rights.may_send(talk.speaker, audience):
        talk.refuse(_("您只能通知本省人员参加。"))
        return
    if starts_at is None or starts_at <= talk.now:
        talk.refuse(_("开始时间已过，请修改。"))
        return
    actor = talk.speaker.actor
    plan = Plan(
        draft.data["title"], starts_at, draft.data["lasts"], draft.data["place"], audience,
        actor.who, actor.officer_id, draft.data["attachments"],
    )  # fmt: skip
    # Read by many: in the installation's language, and all that follows in each reader's own.
    said = html(talk.parts.texts, talk.parts.desk.locale)
    text = bold(said("培训：{title}", title=plan.title))
    try:
        made = await training.announce(talk.session, plan, text, talk.parts.desk, now=talk.now)
    except LiaisonError as fault:
        talk.refuse(talk.parts.texts.get(talk.speaker.locale, fault.template, **fault.data))
        return
    talk.answer(_("已开始发送。"))
    await training_panel.keep(talk, draft, made)


_Ask = Callable[..., Awaitable[None]]

#: What a session needs, in the order of asking.
_NEEDED: dict[str, _Ask] = {
    "title": _ask_title,
    "starts_at": _ask_time,
    "lasts": _ask_length,
    "place": _ask_place,
    "audience": _ask_audience,
}
_WHOM = AudienceChoice(_ask_audience, lambda _: _("您只能通知本省人员参加。"), _next)
_STEPS: dict[str, _Ask] = {**_NEEDED, "posts": notice_preview.ask_posts, "preview": _next}
_TYPED: dict[str, Callable[[Talk, Draft, str], Awaitable[None]]] = {
    "title": _take_title,
    "starts_at": _take_time,
    "lasts": _take_length,
    "place": _take_place,
    "audience": _WHOM.typed,
    "choice": _WHOM.typed,
}
