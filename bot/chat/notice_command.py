"""`/notice TEXT`: to whom, a preview with figures, 发送. Notices that exist are looked after in `notice_list`.

One message is asked and changed by buttons; typed answers and files get a new one below themselves.
"""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial

from bot.chat import draft_steps, drafts, notice_list, notice_preview, notice_rights
from bot.chat.audience_choice import AudienceChoice
from bot.chat.notice_draft import KIND, LIFETIME, audience_of, instant, keep, say
from bot.chat.notice_refusals import refused, refused_file
from bot.chat.outcome_words import refusal
from bot.chat.replies import Talk
from bot.models import Draft
from directory.errors import LiaisonError
from notifications import notices
from notifications.notice_audience import Audience
from notifications.notice_text import MOST_ATTACHMENTS, to_html
from notifications.notices import Wish

#: A number of so many digits fits a database's key.
_LONGEST_NUMBER = 9


async def command(talk: Talk, words: str) -> None:
    """`/notice` lists one's notices; with a number it opens one, with a text it begins a new one."""
    _ = talk.html
    if talk.speaker.officer is None:
        await talk.reply(refusal("hidden" if talk.speaker.hidden else "stranger", _))
    elif not talk.private:
        await talk.reply(_("请在私聊中发送和查看通知。"))
    elif not words:
        await notice_list.listed(talk)
    elif words.isdecimal() and len(words) <= _LONGEST_NUMBER:
        await notice_list.opened(talk, int(words))
    elif notice_rights.reach(talk.speaker) is None:
        await talk.reply(_("只有省级协调员可以发通知。"))
    else:
        # The words stand at the end; before it they may be a part of the command as well.
        start = len(talk.text.rstrip()) - len(words)
        await begin(talk, to_html(talk.text, talk.entities, start=start))


async def begin(talk: Talk, text: str, attachment: Mapping[str, str] | None = None) -> None:
    """A new notice; an unfinished one ends."""
    draft = await drafts.begin(
        talk.session,
        kind=KIND,
        chat_id=talk.chat_id,
        telegram_id=talk.speaker.telegram_id,
        data={"attachments": [attachment] if attachment else []},
        lifetime=LIFETIME,
        now=talk.now,
    )
    if text:
        await _take_text(talk, draft, text)
    else:
        await _ask_text(talk, draft)


async def attached(
    talk: Talk, attachment: Mapping[str, str], caption: str, album: str | None
) -> bool:
    """A file in the private chat: part of the notice under way; False when there is none."""
    draft = await drafts.under_way(
        talk.session, KIND, talk.chat_id, talk.speaker.telegram_id, now=talk.now
    )
    if draft is None or notice_rights.reach(talk.speaker) is None:
        return False
    _ = talk.html
    mine = draft.data["attachments"]
    if len(mine) >= MOST_ATTACHMENTS:
        await _next(
            talk, draft, _("一条通知最多 {count} 个附件，此文件未添加。", count=MOST_ATTACHMENTS)
        )
        return True
    if fault := await refused_file(talk, attachment):
        await _next(talk, draft, fault)
        return True
    same_album = album is not None and draft.data.get("album") == album
    keep(talk, draft, attachments=[*mine, dict(attachment)], album=album)
    if caption and not draft.data.get("text"):
        await _take_text(talk, draft, caption)
    else:
        await _next(talk, draft, below=not same_album)
    return True


async def answered(talk: Talk, draft: Draft, text: str) -> bool:
    """A typed answer to what was asked last."""
    asking = draft.data.get("asking")
    if asking == "text":
        await _take_text(talk, draft, to_html(talk.text, talk.entities))
    elif asking in ("audience", "choice"):
        await _WHOM.typed(talk, draft, text)
    elif asking in ("send_at", "confirm_by"):
        await notice_preview.take_time(talk, draft, asking, text)
    else:
        return False
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
        talk.refuse(_("只有省级协调员可以发通知。"))
    elif choice == "go" and asking == "preview":
        await _go(talk, draft)
    elif kind == "whom" and asking in ("audience", "choice"):
        await _WHOM.tapped(talk, draft, value)
    elif kind == "at" and asking in ("send_at", "confirm_by"):
        talk.answer()
        keep(talk, draft, **{asking: value or None})
        await notice_preview.preview(talk, draft)
    elif await draft_steps.narrowed(talk, draft, choice):
        return
    elif choice in _STEPS and asking in ("preview", "posts", "send_at", "confirm_by", "more"):
        talk.answer()
        await _STEPS[choice](talk, draft)
    else:
        talk.refuse(_("此按钮已失效，请看最新的消息。"))


async def cancel(talk: Talk, draft: Draft) -> None:
    """End the conversation; nothing was sent."""
    _ = talk.html
    await drafts.close(talk.session, draft, now=talk.now)
    if (row := draft.data.get("message")) is not None:
        await talk.edit(row, _("已取消，没有发出通知。"))


async def _next(talk: Talk, draft: Draft, fault: str = "", *, below: bool = True) -> None:
    """The first thing that is still missing, or the preview."""
    if not draft.data.get("text"):
        await _ask_text(talk, draft, fault)
    elif draft.data.get("audience") is None:
        await _ask_audience(talk, draft, fault)
    else:
        await notice_preview.preview(talk, draft, fault, below=below)


# The text


async def _ask_text(talk: Talk, draft: Draft, fault: str = "") -> None:
    _ = talk.html
    keep(talk, draft, asking="text")
    lines = [fault] if fault else []
    lines.append(
        _("请发送通知正文（可带粗体、斜体、链接）。文件、图片、视频可随时发给我，作为附件。")
    )
    await say(talk, draft, lines, [])


async def _take_text(talk: Talk, draft: Draft, text: str) -> None:
    try:
        await notices.check(talk.session, text, [one["name"] for one in draft.data["attachments"]])
    except LiaisonError as fault:
        await _ask_text(talk, draft, refused(talk, fault))
        return
    keep(talk, draft, text=text)
    await _next(talk, draft)


# To whom


async def _ask_audience(
    talk: Talk, draft: Draft, fault: str = "", instead: tuple[Audience, ...] = ()
) -> None:
    _ = talk.html
    question = _(
        "发给谁？请点按钮，或发送城市名、法院的代字或名称（可以有多个，用顿号或空格分开）。"
    )
    await draft_steps.ask_audience(talk, draft, question, fault, instead)


_WHOM = AudienceChoice(
    _ask_audience, lambda _: _("您只能给本省人员发通知。"), notice_preview.preview
)

_STEPS: Mapping[str, Callable[[Talk, Draft], Awaitable[None]]] = {
    "preview": notice_preview.preview,
    "audience": _ask_audience,
    "posts": notice_preview.ask_posts,
    "text": _ask_text,
    "send_at": partial(notice_preview.ask_time, asking="send_at"),
    "confirm_by": partial(notice_preview.ask_time, asking="confirm_by"),
    "files": notice_preview.ask_files,
    "no_files": notice_preview.remove_files,
}


async def _go(talk: Talk, draft: Draft) -> None:
    _ = talk.plain
    audience = audience_of(draft)
    if not notice_rights.may_send(talk.speaker, audience):
        talk.refuse(_("您只能给本省人员发通知。"))
        return
    sending, limit = instant(draft, "send_at") or talk.now, instant(draft, "confirm_by")
    if limit is not None and limit <= max(sending, talk.now):
        talk.refuse(_("确认期限早于发出时间，请修改。"))
        return
    actor = talk.speaker.actor
    wish = Wish(
        draft.data["text"], audience, sending, actor.who, actor.officer_id, limit,
        draft.data["attachments"],
    )  # fmt: skip
    try:
        notice = await notices.send(talk.session, wish, talk.parts.desk, now=talk.now)
    except LiaisonError as fault:
        talk.refuse(talk.parts.texts.get(talk.speaker.locale, fault.template, **fault.data))
        return
    talk.answer(_("已定时。") if notice.send_at > talk.now else _("已开始发送。"))
    await notice_list.keep(talk, draft, notice)
