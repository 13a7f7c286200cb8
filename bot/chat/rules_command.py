"""`/rules`: what a province has settled for its desks, changed by its coordinators with one tap. What follows is below."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from bot.chat import answerers_choice, drafts
from bot.chat.drafts import encode
from bot.chat.outcome_words import refusal
from bot.chat.replies import Buttons, Talk, bold, joined
from bot.models import Draft
from directory import province_rules
from directory.province_rules import BadRule, Rules

KIND = "rules"

#: How long the buttons work.
LIFETIME = timedelta(hours=1)

#: The times of the handover that are offered; any other is typed.
TIMES = ("08:00", "08:20", "08:40", "off")

#: After how many days without a filing a quiet drill is offered.
QUIET_DAYS = (15, 30, 60, 0)

#: After how many days the cards may be asked about again.
VERIFY_DAYS = (30, 90, 180, 0)

#: Rules that are a number of days.
_DAYS = frozenset({"quiet_drill_days", "verify_days"})


async def rules(talk: Talk, words: str) -> None:
    """`/rules`, or `/rules 8:10` for a handover at another time; coordinators, in the private chat."""
    _ = talk.html
    province = talk.speaker.province
    if talk.speaker.officer is None or province is None:
        await talk.reply(refusal("hidden" if talk.speaker.hidden else "stranger", _))
        return
    if not talk.speaker.is_coordinator:
        await talk.reply(_("只有省级协调员可以查看和修改本省规则。"))
        return
    if not talk.private:
        await talk.reply(_("请私聊机器人发送 /rules。"))
        return
    if words:
        try:
            await _change(talk, province, "handover_at", words)
        except BadRule:
            await talk.reply(_("请写明交接班时刻，例如 /rules 8:20，或 /rules off 关闭。"))
            return
    draft = await drafts.begin(
        talk.session,
        kind=KIND,
        chat_id=talk.chat_id,
        telegram_id=talk.speaker.telegram_id,
        data={"province": province},
        lifetime=LIFETIME,
        now=talk.now,
    )
    text, buttons = await _shown(talk, draft, province)
    draft.data = {**draft.data, "message": await talk.reply(text, buttons)}


async def chosen(talk: Talk, draft: Draft, choice: str) -> None:
    """One tap changes one rule; the message shows all of them as they stand."""
    _ = talk.plain
    province = draft.data["province"]
    if not talk.speaker.is_coordinator or talk.speaker.province != province:
        talk.refuse(_("只有省级协调员可以查看和修改本省规则。"))
        return
    word, _equals, value = choice.partition("=")
    if word == "who":
        talk.answer()
        await answerers_choice.begin(talk)
        return
    name = {"c": "check_in", "h": "handover_at", "q": "quiet_drill_days", "v": "verify_days"}.get(
        word
    )
    try:
        await _change(talk, province, name or word, value)
    except BadRule:
        talk.refuse(_("此按钮已失效，请看最新的消息。"))
        return
    talk.answer(_("已更新本省规则。"))
    text, buttons = await _shown(talk, draft, province)
    await talk.edit(draft.data["message"], text, buttons)


async def _change(talk: Talk, province: str, name: str, value: str) -> Rules:
    """Settle one rule.

    Raises:
        BadRule: the value cannot be.
    """
    settled: str | int = value
    if name not in {"check_in", "handover_at", *_DAYS}:
        raise BadRule(name)
    if name == "handover_at":
        settled = province_rules.read_time(value)
    elif name in _DAYS:
        if not value.isdecimal():
            raise BadRule(value)
        settled = int(value)
    return await province_rules.change(
        talk.session, province, by=talk.speaker.actor.who, now=talk.now, **{name: settled}
    )


async def _shown(talk: Talk, draft: Draft, province: str) -> tuple[str, Buttons]:
    """All rules in words, and the buttons that change them; what holds is marked."""
    settled = await province_rules.of(talk.session, province)
    _ = talk.plain
    check_in = {"off": _("不要求"), "weekly": _("每周首个工作日"), "daily": _("每个工作日")}
    times = {time: _("不自动交接") if time == "off" else time for time in TIMES}
    quiet = {days: _("{days} 天", days=days) if days else _("不演练") for days in QUIET_DAYS}
    verify = {days: _("{days} 天", days=days) if days else _("不核对") for days in VERIFY_DAYS}
    handover = settled.handover_at or "off"
    rows = [
        _row(draft, "c", check_in, settled.check_in),
        _row(draft, "h", times, handover),
        _row(draft, "q", quiet, settled.quiet_drill_days),
        _row(draft, "v", verify, settled.verify_days),
        [_button(draft, "who", _("答疑人员…"), holds=False)],
    ]
    _ = talk.html
    days, asked = settled.quiet_drill_days, settled.verify_days
    lines = [
        bold(_("{province}值班规则", province=province)),
        _("到岗确认：{value}", value=check_in[settled.check_in]),
        _("自动交接班：{value}", value=times.get(handover, handover)),
        _("自动演练：连续 {value}无立案的法院", value=quiet.get(days) or _("{days} 天", days=days))
        if days
        else _("自动演练：不演练"),
        _("通讯录核对：{days} 天内有效", days=asked) if asked else _("通讯录核对：不核对"),
        "",
        _(
            "按钮依次为：到岗确认、自动交接班、自动演练、通讯录核对。其他交接时刻请发送 /rules 8:10。"
        ),
    ]
    return joined(lines), rows


def _row(draft: Draft, word: str, labels: Mapping[Any, str], holds: object) -> list[dict[str, str]]:
    return [_button(draft, f"{word}={key}", label, key == holds) for key, label in labels.items()]


def _button(draft: Draft, choice: str, label: str, holds: bool) -> dict[str, str]:
    return {"text": f"✓ {label}" if holds else label, "data": encode(draft, choice)}
