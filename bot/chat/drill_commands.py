"""`/drill`: whom, when, spread or at once, a preview, 发起; and 取消演练 while it is not over.

Who may do so is in `drill_rights`; what a drill is, in `notifications.drills`.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.chat import drafts, drill_rights, notice_words
from bot.chat.filing_rows import MOST_CHOICES
from bot.chat.outcome_words import refusal
from bot.chat.replies import Buttons, Talk, bold, joined
from bot.models import Draft
from directory import courts
from directory.errors import CourtNotFound
from directory.worktime import is_open
from notifications import drills
from notifications.drill_plan import Audience, Order
from notifications.messages import local_time
from notifications.models import Drill
from notifications.wording import Wording

#: Ordering one, and the message that says one was ordered.
KIND, STOP = "drill", "drill_stop"

#: How long the next answer is waited for.
LIFETIME = timedelta(minutes=30)

#: The spreads that are offered, in minutes; 0 is all at once.
SPREADS = (0, 5, 30, 120)

#: How far ahead a drill may be planned.
FURTHEST = timedelta(days=60)


async def command(talk: Talk, words: str) -> None:
    """`/drill [court]`: begin, and show what is under way."""
    _ = talk.html
    speaker = talk.speaker
    if drill_rights.reach(speaker) is None:
        if speaker.officer is not None:
            await talk.reply(_("只有省级协调员和带班领导可以发起演练。"))
        else:
            await talk.reply(refusal("hidden" if speaker.hidden else "stranger", _))
        return
    if not await drill_rights.in_place(talk):
        await talk.reply(_("请在私聊中，或在本院的群里发起演练。"))
        return
    draft = await drafts.begin(
        talk.session,
        kind=KIND,
        chat_id=talk.chat_id,
        telegram_id=speaker.telegram_id,
        data={},
        lifetime=LIFETIME,
        now=talk.now,
    )
    if words:
        await _take_court(talk, draft, words)
    else:
        await _ask_audience(talk, draft)


async def answered(talk: Talk, draft: Draft, text: str) -> None:
    """A typed answer to the question asked last."""
    _ = talk.html
    asking = draft.data.get("asking")
    if asking == "audience":
        await _take_court(talk, draft, text.strip())
    elif asking == "when":
        await _take_time(talk, draft, text)
    else:
        await talk.reply(_("请点按钮选择，或发送 /cancel 取消。"))


async def chosen(talk: Talk, draft: Draft, choice: str) -> None:
    """A button of the conversation."""
    _ = talk.plain
    asking = draft.data.get("asking")
    kind, _equals, value = choice.partition("=")
    if kind == "cancel":
        await cancel(talk, draft)
        talk.answer(_("已取消。"))
    elif drill_rights.reach(talk.speaker) is None:
        talk.refuse(_("只有省级协调员和带班领导可以发起演练。"))
    elif kind == "stop" and value.isdecimal():
        await _stop(talk, draft, int(value))
    elif kind == "whom" and asking == "audience":
        await _take_choice(talk, draft, value)
    elif choice == "now" and asking == "when":
        talk.answer()
        await _timed(talk, draft, None)
    elif kind == "spread" and asking == "spread" and value in map(str, SPREADS):
        talk.answer()
        await _confirm(talk, draft, {**draft.data, "spread": int(value) * 60})
    elif choice == "go" and asking == "confirm":
        await _go(talk, draft)
    else:
        talk.refuse(_("此按钮已失效，请看最新的消息。"))


async def stop_chosen(talk: Talk, draft: Draft, choice: str) -> None:
    """取消演练 under a drill that was ordered."""
    _ = talk.plain
    kind, _equals, value = choice.partition("=")
    if kind == "stop" and value.isdecimal():
        await _stop(talk, draft, int(value))
    else:
        talk.refuse(_("此按钮已失效，请看最新的消息。"))


async def cancel(talk: Talk, draft: Draft) -> None:
    """End the conversation; nothing was ordered."""
    _ = talk.html
    await drafts.close(talk.session, draft, now=talk.now)
    if (row := draft.data.get("message")) is not None:
        await talk.edit(row, _("已取消，没有发起演练。"))


# Whom


async def _ask_audience(
    talk: Talk, draft: Draft, fault: str = "", instead: Sequence[Audience] = ()
) -> None:
    _ = talk.html
    choices = [*instead] or await drill_rights.offered(talk)
    going = [] if instead else await drill_rights.under_way(talk)
    lines = [fault] if fault else []
    rows: list[list[dict[str, str]]] = []
    data = {"asking": "audience", "choices": [_json(one) for one in choices]}
    drafts.go_on(draft, data, lifetime=LIFETIME, now=talk.now)
    for drill in going:
        lines.append(_("进行中或已安排：{drill}", drill=_drill_line(talk, drill)))
        rows.append([_stop_button(talk, draft, drill)])
    if drill_rights.reach(talk.speaker) == "court":
        lines.append(_("演练哪些法院？请点按钮，或发送某一法院的代字、名称。"))
    else:
        lines.append(_("演练哪些法院？请点按钮，或发送城市名、法院的代字或名称。"))
    labels = [
        {"text": _label(talk, one), "data": drafts.encode(draft, f"whom={number}")}
        for number, one in enumerate(choices)
    ]
    rows += [labels[start : start + 2] for start in range(0, len(labels), 2)]
    await _say(talk, draft, lines, rows)


def _json(audience: Audience) -> dict[str, Any]:
    return {**audience.as_json(), "province": audience.province}


def _audience(data: Mapping[str, Any]) -> Audience:
    return Audience(data["kind"], data["value"], data["name"], data["province"])


def _label(talk: Talk, audience: Audience) -> str:
    _ = talk.html
    if audience.kind == "all":
        return _("全国")
    if audience.kind == "province" and audience.province == talk.speaker.province:
        return _("全省")
    return audience.name


async def _take_choice(talk: Talk, draft: Draft, value: str) -> None:
    _ = talk.plain
    choices = draft.data["choices"]
    if not value.isdecimal() or int(value) >= len(choices):
        talk.refuse(_("此按钮已失效，请看最新的消息。"))
        return
    talk.answer()
    await _take_audience(talk, draft, _audience(choices[int(value)]))


async def _take_court(talk: Talk, draft: Draft, words: str) -> None:
    _ = talk.html
    found = await talk.court_meant(words)
    meant = [*map(drill_rights.of_court, found.choices[:MOST_CHOICES])]
    if found.court is not None:
        meant = [drill_rights.of_court(found.court)]
    else:
        meant = await drill_rights.cities(talk, words) or meant
    if len(meant) == 1:
        await _take_audience(talk, draft, meant[0])
    elif meant:
        head = _("“{words}”可能是以下法院，请选择：", words=words[:80])
        await _ask_audience(talk, draft, head, meant)
    else:
        await _ask_audience(talk, draft, talk.fault(CourtNotFound, words=words[:80]))


async def _take_audience(talk: Talk, draft: Draft, audience: Audience) -> None:
    _ = talk.html
    if not drill_rights.may_order(talk.speaker, audience):
        await _ask_audience(talk, draft, _("您只能演练本院（省级协调员：本省各法院）。"))
        return
    count = await drills.count(talk.session, audience)
    if not count:
        await _ask_audience(talk, draft, talk.fault(drills.NobodyToCall))
        return
    data = {"asking": "when", "audience": _json(audience), "count": count}
    await _ask_time(talk, draft, data)


# When


async def _ask_time(talk: Talk, draft: Draft, data: Mapping[str, Any], fault: str = "") -> None:
    _ = talk.html
    drafts.go_on(draft, data, lifetime=LIFETIME, now=talk.now)
    lines = [fault] if fault else []
    lines.append(_("何时开始？请点“现在”，或发送时间，如：明天 9:30"))
    now = [{"text": _("现在"), "data": drafts.encode(draft, "now")}]
    await _say(talk, draft, lines, [now])


async def _take_time(talk: Talk, draft: Draft, text: str) -> None:
    at, fault = notice_words.typed(talk, text, FURTHEST)
    if at is None:
        await _ask_time(talk, draft, draft.data, fault)
    else:
        await _timed(talk, draft, at)


async def _timed(talk: Talk, draft: Draft, at: datetime | None) -> None:
    data = {**draft.data, "starts_at": at.isoformat() if at is not None else None}
    if data["count"] == 1:
        await _confirm(talk, draft, {**data, "spread": 0})
        return
    _ = talk.html
    drafts.go_on(draft, {**data, "asking": "spread"}, lifetime=LIFETIME, now=talk.now)
    buttons = [
        {"text": _spread(talk, minutes * 60), "data": drafts.encode(draft, f"spread={minutes}")}
        for minutes in SPREADS
    ]
    await _say(talk, draft, [_("一次全部发出，还是分散发出？")], [buttons[:2], buttons[2:]])


def _spread(talk: Talk, seconds: int) -> str:
    _ = talk.html
    if not seconds:
        return _("同时发出")
    return _("分散在 {minutes} 分钟内", minutes=seconds // 60)


# The preview and after


async def _confirm(talk: Talk, draft: Draft, data: Mapping[str, Any]) -> None:
    _ = talk.html
    drafts.go_on(draft, {**data, "asking": "confirm"}, lifetime=LIFETIME, now=talk.now)
    audience = _audience(data["audience"])
    starts_at = _starts_at(talk, data)
    at = _when(talk, starts_at) if data["starts_at"] else _("现在")
    lines = [
        bold(_("请核对演练：")),
        _("范围：{name}（{count} 个法院）", name=_label(talk, audience), count=data["count"]),
        _("开始：{time}　{spread}", time=at, spread=_spread(talk, data["spread"])),
        _("各法院将收到标有【演练】的真实呼叫；演练不计入统计。"),
        _("全部应答后，或最后一次呼叫后一个工作小时，发送结果表并自动撤回。"),
    ]
    if not await _in_hours(talk, audience, starts_at):
        lines.append(_("⚠️ 开始时为非办公时间：按逐级呼叫规则，直接呼叫可能到开始办公时才发出。"))
    go = [{"text": _("发起"), "data": drafts.encode(draft, "go")}]
    await _say(talk, draft, lines, [go])


async def _in_hours(talk: Talk, audience: Audience, at: datetime) -> bool:
    """Whether the court (for many: the speaker's own) is open when it begins."""
    court = talk.speaker.linked.court if talk.speaker.linked is not None else None
    if audience.kind == "court":
        court = await courts.get(talk.session, audience.value)
    return court is None or is_open(courts.calendar_of(court, talk.parts.desk.timezone), at)


def _starts_at(talk: Talk, data: Mapping[str, Any]) -> datetime:
    said = data["starts_at"]
    return max(talk.now, datetime.fromisoformat(said)) if said else talk.now


def _when(talk: Talk, at: datetime) -> str:
    return Wording(talk.html).when(local_time(at, notice_words.zone(talk), talk.now))


async def _go(talk: Talk, draft: Draft) -> None:
    _ = talk.plain
    data = draft.data
    audience = _audience(data["audience"])
    if not drill_rights.may_order(talk.speaker, audience):
        talk.refuse(_("您只能演练本院（省级协调员：本省各法院）。"))
        return
    actor = talk.speaker.actor
    wish = Order(audience, _starts_at(talk, data), data["spread"], actor.who, actor.officer_id)
    try:
        drill = await drills.order(talk.session, wish, talk.parts.desk, now=talk.now)
    except (drills.NobodyToCall, drills.NobodyToFile) as fault:
        talk.refuse(talk.parts.texts.get(talk.speaker.locale, fault.template, **fault.data))
        return
    # Another conversation from here on: the next /drill must not end it, nor a text be taken for its answer.
    draft.kind = STOP
    lasts = drill.ends_at - talk.now + LIFETIME
    drafts.go_on(draft, {"message": data["message"]}, lifetime=lasts, now=talk.now)
    await _show_ordered(talk, draft, drill)
    talk.answer(_("已发起。"))


async def _show_ordered(talk: Talk, draft: Draft, drill: Drill) -> None:
    _ = talk.html
    lines = [
        bold(_("✅ 演练已发起")),
        _drill_line(talk, drill),
        _("最迟 {time} 结束并发送结果表。", time=_when(talk, drill.ends_at)),
    ]
    await talk.edit(draft.data["message"], joined(lines), [[_stop_button(talk, draft, drill)]])


def _stop_button(talk: Talk, draft: Draft, drill: Drill) -> dict[str, str]:
    _ = talk.html
    text = _("取消演练 {number}", number=drill.id)
    return {"text": text, "data": drafts.encode(draft, f"stop={drill.id}")}


def _drill_line(talk: Talk, drill: Drill) -> str:
    _ = talk.html
    name = _("全国") if drill.audience["kind"] == "all" else drill.audience["name"]
    return _(
        "演练 {number}　{name}　{time} 开始　发起人 {who}",
        number=drill.id, name=name, time=_when(talk, drill.starts_at), who=drill.ordered_by,
    )  # fmt: skip


async def _stop(talk: Talk, draft: Draft, drill_id: int) -> None:
    _ = talk.plain
    drill = await talk.session.get(Drill, drill_id)
    if drill is None or not drill_rights.may_cancel(talk.speaker, drill):
        talk.refuse(_("您不能取消此演练。"))
        return
    if await drills.cancel(talk.session, drill_id, now=talk.now) is None:
        talk.refuse(_("演练已经结束。"))
        return
    talk.answer(_("演练已取消。"))
    await drafts.close(talk.session, draft, now=talk.now)
    _ = talk.html
    said = _("演练 {number} 已取消，不再呼叫。", number=drill_id)
    await talk.edit(draft.data["message"], said)


async def _say(talk: Talk, draft: Draft, lines: list[str], rows: Buttons) -> None:
    _ = talk.html
    if not talk.private and draft.data["asking"] in ("audience", "when"):
        lines = [*lines, _("群内请以“回复”本消息的方式作答。")]
    end = [{"text": _("取消"), "data": drafts.encode(draft, "cancel")}]
    row = await talk.reply(joined(lines), [*rows, end])
    draft.data = {**draft.data, "message": row}
