"""Notices that exist: one's own list, each one's receipts, sheet, correction, recall and reminder.

Who coordinates looks after notices; a leader signs for colleagues (`notice_signing`); anybody sees their own (`notice_own`).
"""

from collections.abc import Awaitable, Callable

from markupsafe import Markup

from bot.chat import drafts, notice_own, notice_rights, notice_signing, notice_words
from bot.chat.notice_panel import KIND, LIFETIME, MOST, begin, looks_after, say, scope
from bot.chat.replies import Buttons, Talk, bold
from bot.models import Draft
from notifications import (
    notice_facts,
    notice_plans,
    notice_reminders,
    notice_report,
    notices,
    outbox,
    training,
)
from notifications.notice_models import Notice


async def listed(talk: Talk) -> None:
    """The latest notices that are the speaker's to look after, or that were sent to them."""
    draft = await begin(talk)
    if notice_rights.reach(talk.speaker) is None:
        await notice_own.listed(talk, draft)
    else:
        await _all(talk, draft)


async def opened(talk: Talk, number: int) -> None:
    """One notice by its number: to look after, or as it was sent to the speaker."""
    _ = talk.html
    notice = await notices.hold(talk.session, number)
    officer = talk.speaker.officer
    if notice is not None and await _sees(talk, notice):
        await _show(talk, await begin(talk), notice)
    elif (
        notice is not None
        and officer is not None
        and await notice_facts.receipt(talk.session, notice.id, officer.id) is not None
    ):
        await notice_own.show(talk, await begin(talk), notice)
    else:
        await talk.reply(_("您没有编号为 {number} 的通知。", number=number))


async def keep(talk: Talk, draft: Draft, notice: Notice) -> None:
    """The message in which a notice was written becomes the one by which it is looked after."""
    draft.kind = KIND
    drafts.go_on(draft, {"message": draft.data["message"]}, lifetime=LIFETIME, now=talk.now)
    await _show(talk, draft, notice)


async def chosen(talk: Talk, draft: Draft, choice: str) -> None:
    """A button under a list or a notice."""
    _ = talk.plain
    word, _equals, value = choice.partition("=")
    number, _dot, rest = value.partition(".")
    if word == "list":
        talk.answer()
        await _all(talk, draft, int(value) if value.isdecimal() else None)
        return
    notice = await notices.hold(talk.session, int(number)) if number.isdecimal() else None
    if notice is None:
        talk.refuse(_("此按钮已失效，请看最新的消息。"))
    elif word in notice_own.WORDS:
        await notice_own.chosen(talk, draft, notice, word)
    elif word in notice_signing.WORDS:
        await notice_signing.chosen(talk, draft, notice, word, rest)
    elif not await _sees(talk, notice):
        talk.refuse(_("只有省级协调员可以查看回执。"))
    elif word in _SEEN:
        await _SEEN[word](talk, draft, notice)
    elif not looks_after(talk, notice):
        talk.refuse(_("只有发通知一级的协调员可以更正、撤回和提醒。"))
    elif word in _ACTS:
        await _ACTS[word](talk, draft, notice)
    else:
        talk.refuse(_("此按钮已失效，请看最新的消息。"))


async def _sees(talk: Talk, notice: Notice) -> bool:
    """Whether the notice is the speaker's province's, or went to its people."""
    if notice_rights.reach(talk.speaker) is None:
        return False
    if looks_after(talk, notice):
        return True
    return bool(await notice_facts.sums(talk.session, [notice.id], scope(talk)))


# Lists


async def _all(talk: Talk, draft: Draft, after: int | None = None) -> None:
    """The list of a coordinator: the latest, or those before number `after`."""
    _ = talk.html
    reach = notice_rights.reach(talk.speaker)
    if reach is None:
        await notice_own.listed(talk, draft, after)
        return
    found = await notice_facts.looked_after(
        talk.session, reach, talk.speaker.province, most=MOST + 1, after=after
    )
    more, found = len(found) > MOST, found[:MOST]
    sums = await notice_facts.sums(talk.session, [one.id for one in found], scope(talk))
    lines = [bold(_("通知"))]
    lines += [notice_words.line(talk, one, sums.get(one.id)) for one in found]
    if not found:
        lines.append(_("尚无通知。"))
    lines.append(_("写通知请发送：/notice 正文"))
    rows = notice_own.numbered(talk, draft, [*found], "n")
    rows.append(notice_own.pages(talk, draft, after, found[-1].id if more else None))
    await say(talk, draft, lines, rows)


# One notice


async def _show(talk: Talk, draft: Draft, notice: Notice, said: str = "") -> None:
    """Where a notice stands, and what can be done about it."""
    _ = talk.html
    sums = (await notice_facts.sums(talk.session, [notice.id], scope(talk))).get(notice.id)
    text = Markup(notice.text)  # noqa: S704 -- made by `notice_text.to_html`
    lines = [
        *([said, ""] if said else []),
        bold(_("通知 {number}", number=notice.id)),
        text,
        "────────",
        *notice_words.detail(talk, notice, sums),
    ]
    await say(talk, draft, lines, _rows(talk, draft, notice))


def _rows(talk: Talk, draft: Draft, notice: Notice) -> Buttons:
    _ = talk.html

    def button(text: str, word: str, **more: str) -> dict[str, str]:
        return {"text": text, "data": drafts.encode(draft, f"{word}={notice.id}"), **more}

    back = [button(_("刷新"), "n"), {"text": _("通知列表"), "data": drafts.encode(draft, "list")}]
    if notice.recalled_at is not None:
        return [[button(_("回执表"), "file")], back]
    rows = [
        [button(_("待催办"), "chase"), button(_("回执表"), "file"), button(_("代签名单"), "courts")]
    ]
    if looks_after(talk, notice):
        acts = [button(_("更正"), "edit"), button(_("撤回通知"), "recall", style="danger")]
        if notice.reminded_at is None and not notice_plans.is_planned(notice, talk.now):
            acts.insert(0, button(_("提醒未确认"), "remind"))
        rows.append(acts)
    return [*rows, back]


async def _again(talk: Talk, draft: Draft, notice: Notice) -> None:
    talk.answer()
    await _show(talk, draft, notice)


async def _chase(talk: Talk, _draft: Draft, notice: Notice) -> None:
    """The chase list of the speaker's own people, as a message of its own."""
    talk.answer()
    sheet = await notice_report.load(
        talk.session, notice, scope(talk), talk.html, talk.parts.desk, now=talk.now
    )
    await talk.reply(sheet.text())


async def _file(talk: Talk, _draft: Draft, notice: Notice) -> None:
    """The workbook; it is made when it is sent, and nobody waits for it."""
    _ = talk.plain
    talk.answer(_("回执表即将发来。"))
    facts = {"notice": notice.id, "province": scope(talk).province, "asked": True}
    officer = talk.speaker.linked
    sheet = outbox.row(
        notice_report.SHEET, talk.chat_id, facts, priority=outbox.REPLY, now=talk.now,
        officer_id=officer.id if officer is not None else None,
    )  # fmt: skip
    await outbox.write(talk.session, [sheet])


async def _remind(talk: Talk, draft: Draft, notice: Notice) -> None:
    _ = talk.plain
    if await notice_reminders.remind_now(talk.session, notice, now=talk.now):
        talk.answer(_("正在提醒未确认的人员。"))
        await _show(talk, draft, notice)
    else:
        talk.refuse(_("此通知已提醒过一次，不再重复提醒。"))


def _recalled(talk: Talk) -> None:
    _ = talk.plain
    talk.refuse(_("此通知已撤回。"))


async def _ask_recall(talk: Talk, draft: Draft, notice: Notice) -> None:
    if notice.recalled_at is not None:
        _recalled(talk)
        return
    _ = talk.html
    talk.answer()
    lines = [
        bold(_("撤回通知 {number}？", number=notice.id)),
        _("已送达的各条将改为“已撤回”，附件一并删除（两天内的），尚未发出的不再发出。"),
    ]
    rows = [
        [
            {
                "text": _("确认撤回通知"),
                "data": drafts.encode(draft, f"gone={notice.id}"),
                "style": "danger",
            },
            {"text": _("不撤回"), "data": drafts.encode(draft, f"n={notice.id}")},
        ]
    ]
    await say(talk, draft, lines, rows)


async def _recall(talk: Talk, draft: Draft, notice: Notice) -> None:
    _ = talk.plain
    if notice.recalled_at is not None:
        _recalled(talk)
        return
    who = talk.speaker.actor.who
    await notices.recall(talk.session, notice, who, now=talk.now)
    await training.cancel_announced(talk.session, notice.id, who, now=talk.now)
    talk.answer(_("已撤回通知。"))
    await _show(talk, draft, notice)


async def _ask_edit(talk: Talk, draft: Draft, notice: Notice) -> None:
    if notice.recalled_at is not None:
        _recalled(talk)
        return
    talk.answer()
    await ask_text(talk, draft, notice)


async def ask_text(talk: Talk, draft: Draft, notice: Notice, fault: str = "") -> None:
    """Ask for the whole new text of a notice; what comes is taken by `notice_correction`."""
    _ = talk.html
    lines = [fault] if fault else []
    lines.append(
        _(
            "请发送通知 {number} 的完整新正文。已送达的各条将就地更正，确认情况不变。",
            number=notice.id,
        )
    )
    # What is corrected is the text as it stands now.
    draft.data = {**draft.data, "asking": "edit", "notice": notice.id, "version": notice.version}
    rows = [[{"text": _("不更正"), "data": drafts.encode(draft, f"n={notice.id}")}]]
    await say(talk, draft, lines, rows, asking="edit")


async def _correct(talk: Talk, draft: Draft, notice: Notice) -> None:
    """The second tap: the text that was typed and checked."""
    _ = talk.plain
    text = draft.data.get("text")
    if notice.recalled_at is not None or text is None or draft.data.get("notice") != notice.id:
        talk.refuse(_("此按钮已失效，请看最新的消息。"))
        return
    draft.data = {**draft.data, "text": None}
    if draft.data.get("version") != notice.version:
        talk.refuse(_("此通知刚被他人更正过，您的修改没有发出。仍要改请再点“更正”。"))
    else:
        await notices.edit(talk.session, notice, text, now=talk.now)
        talk.answer(_("正在更正。"))
    await _show(talk, draft, notice)


_Act = Callable[[Talk, Draft, Notice], Awaitable[None]]

#: What every coordinator of its readers may do, and what only those who look after it.
_SEEN: dict[str, _Act] = {"n": _again, "chase": _chase, "file": _file}
_ACTS: dict[str, _Act] = {
    "remind": _remind,
    "recall": _ask_recall,
    "gone": _recall,
    "edit": _ask_edit,
    "fix": _correct,
}
