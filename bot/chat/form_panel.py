"""A form that exists, for coordinators: how far it is, reminding, closing, the workbook. Its courts are `form_courts`' business."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta

from bot.chat import (
    drafts,
    form_courts,
    form_figures,
    form_times,
    notice_rights,
    notice_words,
)
from bot.chat.notice_panel import redraw
from bot.chat.replies import Buttons, Talk, bold
from bot.models import Draft
from notifications import (
    form_facts,
    form_reminders,
    form_report,
    form_words,
    forms,
    notice_plans,
    notices,
    outbox,
)
from notifications.form_facts import Where
from notifications.form_models import Form, FormSheet
from notifications.form_progress import Counts
from notifications.form_report import FormReport
from notifications.form_words import FormWords
from notifications.notice_audience import Audience
from notifications.notice_models import Notice
from notifications.wording import Wording

KIND = "form_panel"

#: How long its buttons can be pressed.
LIFETIME = timedelta(days=3)


async def keep(talk: Talk, draft: Draft, form: Form) -> None:
    """The message in which a form was made becomes the one by which it is looked after."""
    draft.kind = KIND
    drafts.go_on(draft, {"message": draft.data["message"]}, lifetime=LIFETIME, now=talk.now)
    await show(talk, draft, form)


def province(talk: Talk) -> str | None:
    """Of which province the speaker sees courts; None for all."""
    return notice_rights.writer(talk.speaker).scope.province


async def sees(talk: Talk, form: Form) -> bool:
    """Whether the form is the speaker's province's, or is filled by its courts."""
    if notice_rights.writer(talk.speaker).looks_after(form.province):
        return True
    return bool(await form_facts.filled(talk.session, [form.id], Where(province(talk))))


async def _report(talk: Talk, form: Form) -> FormReport:
    return await form_report.load(
        talk.session, form, province(talk), talk.html, talk.parts.desk, now=talk.now
    )


async def show(talk: Talk, draft: Draft, form: Form) -> None:
    """Where a form stands, and what can be done about it; what nobody has yet has no figures."""
    report = await _report(talk, form)
    notice = await talk.session.get_one(Notice, form.notice_id, populate_existing=True)
    lines = [bold(report.title()), *_facts(talk, form, notice)]
    if notice.written_up_to:
        lines += [*report.figures(), *form_figures.headings(report)]
        is_open = form.closed_at is None and notice.recalled_at is None
        rows = await _rows(talk, draft, form, report.counts, is_open=is_open)
    else:
        rows = _planned_rows(talk, draft, form, notice)
    await redraw(talk, draft, lines, rows, asking=None)


def _facts(talk: Talk, form: Form, notice: Notice) -> list[str]:
    """For whom it is, who sent it when, until when, and what became of it."""
    _ = talk.html
    words = FormWords(form, notice_words.zone(talk), _, talk.now)
    audience = Audience.from_json(notice.audience)
    state = notice_words.words(talk).state(notice)
    if notice.written_up_to:
        state = _("{time} 发出", time=words.when(notice.send_at))
    lines = [
        _("填报范围：{audience}", audience=notice_words.audience(talk, audience)),
        _(
            "{who}　{state}，{due} 截止",
            who=Wording(_).signed(form.written_by), state=state,
            due=words.when(form.due_at),
        ),
    ]  # fmt: skip
    lines += words.moved()
    if notice_plans.is_planned(notice, talk.now):
        lines.append(_("尚无人收到。发出时按届时的人员和法院，每院一份。"))
    elif notice.write_at is not None:
        lines.append(_("通知正在发出，稍后请点“刷新”。"))
    if form.reminded_at is not None:
        lines.append(_("{time} 提醒过未填报的法院", time=words.when(form.reminded_at)))
    if form.closed_at is not None:
        who = Wording(_).signed(form.closed_by or "")
        lines.append(_("{time} 由 {who} 结束", time=words.when(form.closed_at), who=who))
    if notice.recalled_at is not None and notice.written_up_to:
        lines.append(_("通知已撤回"))
    return lines


async def _rows(talk: Talk, draft: Draft, form: Form, counts: Counts, *, is_open: bool) -> Buttons:
    """What can be looked at, and while it takes answers what can be done."""
    _ = talk.html

    def button(text: str, word: str, **more: str) -> dict[str, str]:
        return {"text": text, "data": drafts.encode(draft, f"{word}={form.id}"), **more}

    officer = talk.speaker.officer
    own = None
    if officer is not None:
        own = await talk.session.get(FormSheet, (form.id, officer.court_code))
    leads = is_open and _leads(talk, form)
    rows = [
        form_courts.state_buttons(talk, draft, form, counts),
        [button(_("统计"), "sum"), button(_("按城市"), "cities"), button(_("填报表"), "file")],
    ]
    acts = [button(_("催填"), "nudge")] if leads and counts.missing else []
    if is_open and counts.missing:
        acts.append(form_courts.inspect_button(talk, draft, form))
    if own is not None and is_open:
        acts.append({"text": _("本院填报"), "data": form_words.data(form.id)})
    rows.append(acts)
    if leads:
        times = button(_("改截止"), form_times.DUE)
        rows.append([times, button(_("结束填报"), "off", style="danger")])
    return [*rows, _around(talk, draft, form)]


def _around(talk: Talk, draft: Draft, form: Form) -> list[dict[str, str]]:
    _ = talk.html
    again = {"text": _("刷新"), "data": drafts.encode(draft, f"n={form.id}")}
    return [again, {"text": _("填报列表"), "data": drafts.encode(draft, "list")}]


def _leads(talk: Talk, form: Form) -> bool:
    return notice_rights.writer(talk.speaker).looks_after(form.province)


def _planned_rows(talk: Talk, draft: Draft, form: Form, notice: Notice) -> Buttons:
    """What can be done about a form that nobody has yet."""
    _ = talk.html
    around = _around(talk, draft, form)
    if not (_leads(talk, form) and notice_plans.is_planned(notice, talk.now)):
        return [around]
    times = [
        {"text": text, "data": drafts.encode(draft, f"{word}={form.id}")}
        for text, word in ((_("改发出时间"), form_times.LEAVING), (_("改截止"), form_times.DUE))
    ]
    drop = {
        "text": _("取消发出"),
        "data": drafts.encode(draft, f"drop={form.id}"),
        "style": "danger",
    }
    return [times, [drop], around]


async def act(talk: Talk, draft: Draft, form: Form, word: str, rest: str) -> None:
    """A button under the form."""
    _ = talk.plain
    if word == "c":
        talk.answer()
        await form_courts.show(talk, draft, await _report(talk, form), form, rest)
    elif word == "t":
        talk.answer()
        await form_courts.choose_city(talk, draft, await _report(talk, form), form, rest)
    elif word in _SEEN:
        await _SEEN[word](talk, draft, form)
    elif not _leads(talk, form):
        talk.refuse(_("只有发起填报一级的协调员可以这样做。"))
    elif word in form_times.ASKED:
        await _time(talk, draft, form, word, rest)
    elif word in _LED:
        await _LED[word](talk, draft, form)
    else:
        talk.refuse(_("此按钮已失效，请看最新的消息。"))


async def _again(talk: Talk, draft: Draft, form: Form) -> None:
    talk.answer()
    await show(talk, draft, form)


async def _figures(talk: Talk, draft: Draft, form: Form) -> None:
    """What was answered, question by question."""
    talk.answer()
    report = await _report(talk, form)
    await redraw(talk, draft, form_figures.answers(report), [_back(talk, draft, form)])


async def _cities(talk: Talk, draft: Draft, form: Form) -> None:
    """How far each city is."""
    talk.answer()
    report = await _report(talk, form)
    await redraw(talk, draft, form_figures.cities(report), [_back(talk, draft, form)])


def _back(talk: Talk, draft: Draft, form: Form) -> list[dict[str, str]]:
    _ = talk.html
    return [{"text": _("返回"), "data": drafts.encode(draft, f"n={form.id}")}]


async def _file(talk: Talk, _draft: Draft, form: Form) -> None:
    """The workbook; it is made when it is sent, and nobody waits for it."""
    _ = talk.plain
    talk.answer(_("填报表即将发来。"))
    officer = talk.speaker.linked
    sheet = outbox.row(
        form_report.SHEET, talk.chat_id, {"form": form.id, "province": province(talk)},
        priority=outbox.REPLY, now=talk.now,
        officer_id=officer.id if officer is not None else None,
    )  # fmt: skip
    await outbox.write(talk.session, [sheet])


async def _nudge(talk: Talk, draft: Draft, form: Form) -> None:
    _ = talk.plain
    came = await form_reminders.remind_now(talk.session, form, now=talk.now)
    if came == "reminding":
        talk.answer(_("正在提醒未填报的法院。"))
        await show(talk, draft, form)
    elif came == "too_soon":
        talk.refuse(_("一小时内已提醒过，请稍后再催。"))
    else:
        talk.refuse(_("填报已结束、已撤回，或通知尚未发出。"))


async def _time(talk: Talk, draft: Draft, form: Form, word: str, value: str) -> None:
    """Ask for one of its times, or take what was tapped."""
    if not value:
        talk.answer()
        await form_times.ask(talk, draft, form, word)
    elif fault := await form_times.tapped(talk, form, word, value):
        talk.refuse(fault)
    else:
        talk.answer()
        await show(talk, draft, form)


async def answered(talk: Talk, draft: Draft, text: str) -> bool:
    """A typed time, if one was asked for."""
    word = draft.data.get("asking")
    if word not in form_times.ASKED:
        return False
    form = await forms.hold(talk.session, draft.data["form"], its_notice=True)
    if form is None or not _leads(talk, form):
        return False
    if fault := await form_times.typed(talk, form, word, text):
        await form_times.ask(talk, draft, form, word, fault)
    else:
        await show(talk, draft, form)
    return True


async def _ask_close(talk: Talk, draft: Draft, form: Form) -> None:
    _ = talk.html
    lines = [
        bold(_("结束填报 {number}？", number=form.id)),
        _("结束后各院不能再填报和更正，未提交的不计入。结果可继续查看和导出。"),
    ]
    await _ask_sure(
        talk, draft, lines, {f"gone={form.id}": _("确认结束填报"), f"n={form.id}": _("不结束")}
    )


async def _ask_drop(talk: Talk, draft: Draft, form: Form) -> None:
    _ = talk.html
    lines = [bold(_("取消填报 {number}？", number=form.id)), _("尚无人收到。取消后不再发出。")]
    await _ask_sure(
        talk, draft, lines, {f"dropped={form.id}": _("取消发出"), f"n={form.id}": _("返回")}
    )


async def _ask_sure(talk: Talk, draft: Draft, lines: list[str], choices: Mapping[str, str]) -> None:
    """The second tap: what ends something, and what does not."""
    talk.answer()
    yes, no = ({"text": text, "data": drafts.encode(draft, one)} for one, text in choices.items())
    await redraw(talk, draft, lines, [[{**yes, "style": "danger"}, no]])


async def _drop(talk: Talk, draft: Draft, form: Form) -> None:
    _ = talk.plain
    notice = await talk.session.get_one(Notice, form.notice_id, populate_existing=True)
    if notice_plans.is_planned(notice, talk.now):
        await notices.recall(talk.session, notice, talk.speaker.actor.who, now=talk.now)
        talk.answer(_("已取消。"))
    elif notice.recalled_at is None:
        talk.refuse(_("此通知已开始发送，不能再改时间。"))
    else:
        talk.answer()
    await show(talk, draft, form)


async def _close(talk: Talk, draft: Draft, form: Form) -> None:
    _ = talk.plain
    if await forms.close(talk.session, form, talk.speaker.actor.who, now=talk.now):
        talk.answer(_("已结束填报。"))
    else:
        talk.answer()
    await show(talk, draft, form)


_Act = Callable[[Talk, Draft, Form], Awaitable[None]]

#: What every coordinator of its courts may do, and what only those who look after it.
_SEEN: dict[str, _Act] = {"n": _again, "sum": _figures, "cities": _cities, "file": _file}
_LED: dict[str, _Act] = {
    "nudge": _nudge,
    "off": _ask_close,
    "gone": _close,
    "drop": _ask_drop,
    "dropped": _drop,
}

#: What changes its notice as well.
OF_NOTICE = frozenset({form_times.LEAVING, "dropped"})
