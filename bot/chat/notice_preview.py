"""The preview of a new notice, and what can be changed from it: posts, times, attachments. Sends nothing."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.chat import day_choice, drafts, notice_words
from bot.chat.notice_draft import audience_of, instant, keep, say
from bot.chat.replies import Buttons, Talk, bold
from bot.models import Draft
from bot.notice_words import FURTHEST_DAYS, UNTRAINED_DAYS
from directory.roster import POSTS
from notifications import notices
from notifications.notice_messages import Words
from notifications.notice_models import Notice
from notifications.notice_text import MOST_ATTACHMENTS
from notifications.wording import Wording

#: Offered as 确认期限: so many days from now, or the next at work, at this hour of the speaker's day.
_LIMITS = ((0, 17), (1, 12), (1, 17), (3, 17))


async def preview(talk: Talk, draft: Draft, fault: str = "", *, below: bool | None = None) -> None:
    """The notice as it will read, the figures, and what can still be changed."""
    _ = talk.html
    keep(talk, draft, asking="preview")
    audience = audience_of(draft)
    rate = talk.parts.settings.rate_global
    attachments = draft.data["attachments"]
    found = await notices.preview(
        talk.session, audience, len(attachments), rate, talk.parts.desk, now=talk.now
    )
    sending, limit = instant(draft, "send_at"), instant(draft, "confirm_by")
    lines = [
        *([fault, ""] if fault else []),
        *reads(talk, draft.data["text"], sending),
        "────────",
        bold(_("预览")),
        _("收件：{audience}", audience=notice_words.audience(talk, audience)),
        *notice_words.counted(talk, found, rate),
        _("发出：{time}", time=notice_words.when(talk, sending) if sending else _("立即")),
        _("确认期限：{time}", time=notice_words.when(talk, limit) if limit else _("不设期限")),
    ]
    if attachments:
        names = _("、").join(one["name"] for one in attachments)
        lines.append(_("附件：{names}", names=names))
    await say(talk, draft, lines, _preview_rows(talk, draft, found.head.people), below=below)


def reads(talk: Talk, text: str, sending: datetime | None, facts: Sequence[str] = ()) -> list[str]:
    """The notice as its readers will have it; `facts` are lines below its text."""
    linked = talk.speaker.linked
    written = Notice(
        text=text, written_by=talk.speaker.actor.who, send_at=sending or talk.now, edited_at=None
    )
    court = linked.court.name if linked is not None else ""
    return Words(written, court, talk.html, talk.now).body(notice_words.zone(talk), facts)


def _preview_rows(talk: Talk, draft: Draft, people: int) -> Buttons:
    _ = talk.html

    def button(text: str, choice: str, **more: str) -> dict[str, str]:
        return {"text": text, "data": drafts.encode(draft, choice), **more}

    go = [[button(_("发送"), "go", style="primary")]] if people else []
    return [
        *go,
        [button(_("范围"), "audience"), button(_("按岗位"), "posts"), button(_("正文"), "text")],
        [button(_("定时"), "send_at"), button(_("期限"), "confirm_by"), button(_("附件"), "files")],
    ]


async def ask_files(talk: Talk, draft: Draft) -> None:
    """What is attached, and how more is."""
    _ = talk.html
    keep(talk, draft, asking="more")
    lines = [_("请把文件、图片或视频发给我，最多 {count} 个。", count=MOST_ATTACHMENTS)]
    rows = [[{"text": _("返回预览"), "data": drafts.encode(draft, "preview")}]]
    if draft.data["attachments"]:
        names = _("、").join(one["name"] for one in draft.data["attachments"])
        lines.append(_("附件：{names}", names=names))
        rows.insert(0, [{"text": _("全部移除"), "data": drafts.encode(draft, "no_files")}])
    await say(talk, draft, lines, rows)


async def remove_files(talk: Talk, draft: Draft) -> None:
    """Take all attachments off."""
    keep(talk, draft, attachments=[], album=None)
    await preview(talk, draft)


# To which posts, and to whom of them


async def ask_posts(talk: Talk, draft: Draft) -> None:
    """Each post a button that turns it on and off; so is who was not trained for how long."""
    _ = talk.html
    keep(talk, draft, asking="posts")
    audience = audience_of(draft)
    words = Wording(_)
    marks = [
        {
            "text": f"✓ {words.post(post)}" if post in audience.posts else words.post(post),
            "data": drafts.encode(draft, f"post={post}"),
        }
        for post in POSTS
    ]
    lines = [
        _("只发给哪些岗位？不选即为全部岗位。"),
        _("也可以只发给久未培训的人员：期间没有到场、没有通过测验、没有做上手练习。"),
        _("收件：{audience}", audience=notice_words.audience(talk, audience)),
    ]
    chosen = draft.data.get("untrained")
    untrained = [
        {
            "text": ("✓ " if days == chosen else "") + _("{days} 天未培训", days=days),
            "data": drafts.encode(draft, f"untrained={days}"),
        }
        for days in UNTRAINED_DAYS
    ]
    done = [{"text": _("返回预览"), "data": drafts.encode(draft, "preview")}]
    await say(talk, draft, lines, [marks[:2], marks[2:], untrained, done])


async def narrow(talk: Talk, draft: Draft, days: str) -> None:
    """Only who was not trained for so many days, or, pressed again, everybody."""
    _ = talk.plain
    if days not in map(str, UNTRAINED_DAYS):
        talk.refuse(_("此按钮已失效，请看最新的消息。"))
        return
    talk.answer()
    chosen = None if draft.data.get("untrained") == int(days) else int(days)
    narrowing = notice_words.words(talk).untrained(chosen) if chosen is not None else None
    audience = replace(audience_of(draft), narrowing=narrowing)
    keep(talk, draft, audience=audience.as_json(), untrained=chosen)
    await ask_posts(talk, draft)


# When, and until when


async def ask_time(talk: Talk, draft: Draft, asking: str, fault: str = "") -> None:
    """Ask for `send_at` or `confirm_by`."""
    _ = talk.html
    keep(talk, draft, asking=asking)
    lines = [fault] if fault else []
    if asking == "send_at":
        lines.append(_("何时发出？请点“立即”，或发送时间，如：明天 9:30"))
        none = _("立即")
    else:
        lines.append(
            _(
                "请收件人在什么时间前确认？到期时未确认的会收到一次提醒，各省协调员收到待催办名单。请点按钮，或发送时间，如：明天 17:00"
            )
        )
        none = _("不设期限")
    rows = [[{"text": none, "data": drafts.encode(draft, "at=")}]]
    if asking == "confirm_by":
        rows.append(
            [
                {
                    "text": notice_words.when(talk, at),
                    "data": drafts.encode(draft, f"at={at:%Y-%m-%dT%H:%M%z}"),
                }
                for at in _limits(talk)
            ]
        )
    rows.append([{"text": _("返回预览"), "data": drafts.encode(draft, "preview")}])
    await say(talk, draft, lines, rows)


def _limits(talk: Talk) -> list[datetime]:
    today = talk.now.astimezone(notice_words.zone(talk)).replace(minute=0, second=0, microsecond=0)
    every = [today.replace(hour=hour) + timedelta(days=days) for days, hour in _LIMITS]
    coming = (at for at in every if at > talk.now + timedelta(hours=1))
    return day_choice.on_working_days(talk, coming)[:3]


async def take_time(talk: Talk, draft: Draft, asking: str, text: str) -> None:
    """A typed time for `send_at` or `confirm_by`."""
    at, fault = notice_words.typed(talk, text, timedelta(days=FURTHEST_DAYS))
    if at is None:
        await ask_time(talk, draft, asking, fault)
    else:
        keep(talk, draft, **{asking: at.isoformat()})
        await preview(talk, draft)
