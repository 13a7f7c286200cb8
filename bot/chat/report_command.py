"""`/report`: which period, whose, in which layout; a preview, its files, 发布. Published ones are listed for everybody.

What a bulletin is, and who hears of it, is `notifications.bulletins`'.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from bot.chat import drafts, drill_rights, report_files, report_periods, report_publishing
from bot.chat.outcome_words import refusal
from bot.chat.replies import Buttons, Talk, bold, joined
from bot.models import Draft
from directory.errors import LiaisonError
from directory.models import Court
from notifications import bulletin_messages, bulletin_rules, bulletins
from notifications.bulletin_figures import LAYOUTS, Period
from notifications.bulletin_models import Bulletin
from notifications.bulletin_words import BulletinWords, said

KIND = "report"

#: How long the next answer is waited for.
LIFETIME = timedelta(hours=1)

#: So many published ones are listed, and so many courts at each end of a preview.
MOST_LISTED, MOST_SHOWN = 6, 5

#: The nation as a button carries it.
_NATION = "*"


def may_publish(talk: Talk, province: str | None) -> bool:
    """A province's coordinator their province's, the nation's coordinator everything."""
    reach = drill_rights.reach(talk.speaker) if talk.speaker.is_coordinator else None
    return reach == "nation" or (reach == "province" and province == talk.speaker.province)


async def command(talk: Talk, words: str) -> None:
    """`/report [days]`, in the private chat."""
    _ = talk.html
    if talk.speaker.officer is None:
        await talk.reply(refusal("hidden" if talk.speaker.hidden else "stranger", _))
    elif not talk.private:
        await talk.reply(_("请在私聊中查看和编制通报。"))
    elif not talk.speaker.is_coordinator:
        await listed(talk)
    else:
        draft = await _begin(talk)
        if words:
            await _take_days(talk, draft, words)
        else:
            await _ask_period(talk, draft)


async def opened(talk: Talk, province: str | None, period: Period) -> None:
    """A draft that was made by itself, opened by its button."""
    draft = await _begin(talk)
    _keep(talk, draft, province=province or _NATION, first=period.first.isoformat(),
          last=period.last.isoformat())  # fmt: skip
    await preview(talk, draft)


def own_province(talk: Talk) -> str | None:
    """Whose bulletins the speaker answers for first; None for the nation's."""
    return None if drill_rights.reach(talk.speaker) == "nation" else talk.speaker.province


async def _begin(talk: Talk) -> Draft:
    province = own_province(talk) or _NATION
    return await drafts.begin(
        talk.session,
        kind=KIND,
        chat_id=talk.chat_id,
        telegram_id=talk.speaker.telegram_id,
        data={"province": province, "layout": LAYOUTS[0]},
        lifetime=LIFETIME,
        now=talk.now,
    )


async def answered(talk: Talk, draft: Draft, text: str) -> bool:
    """Typed days; anything else is no answer."""
    if draft.data.get("asking") != "period" or not may_publish(talk, province_of(draft)):
        return False
    await _take_days(talk, draft, text)
    return True


async def chosen(talk: Talk, draft: Draft, choice: str) -> None:
    """A button of the conversation."""
    _ = talk.plain
    kind, _equals, value = choice.partition("=")
    previewed = draft.data.get("asking") == "preview"
    if kind == "cancel":
        await cancel(talk, draft)
        talk.answer(_("已取消。"))
    elif not may_publish(talk, province_of(draft)):
        talk.refuse(_("只有省级协调员可以编制通报。"))
    elif kind == "days" and value in (periods := report_periods.offered(_today(talk))):
        talk.answer()
        period = periods[value]
        _keep(talk, draft, first=period.first.isoformat(), last=period.last.isoformat())
        await preview(talk, draft)
    elif kind == "whose":
        await _take_province(talk, draft, value)
    elif choice == "again":
        talk.answer()
        await _ask_period(talk, draft)
    elif kind == "layout" and previewed and value in LAYOUTS:
        talk.answer()
        _keep(talk, draft, layout=value)
        await preview(talk, draft)
    elif kind == "file" and previewed and value in report_files.ENDINGS:
        talk.answer(_("文件随后发送。"))
        report_files.send(talk, value, _what(draft))
    elif choice == "publish" and previewed:
        await _publish(talk, draft)
    else:
        talk.refuse(_("此按钮已失效，请看最新的消息。"))


async def cancel(talk: Talk, draft: Draft) -> None:
    """End the conversation; nothing was published."""
    _ = talk.html
    await drafts.close(talk.session, draft, now=talk.now)
    if (row := draft.data.get("message")) is not None:
        await talk.edit(row, _("已取消，没有发布通报。"))


# Which period, and whose


def _today(talk: Talk) -> date:
    return talk.now.astimezone(ZoneInfo(talk.parts.desk.timezone)).date()


async def _ask_period(talk: Talk, draft: Draft, fault: str = "") -> None:
    _ = talk.html
    _keep(talk, draft, asking="period")
    lines = [fault] if fault else []
    lines.append(bold(_("编制通报：{whose}", whose=_whose(talk, draft))))
    lines.append(_("哪一段时间？请点按钮，或发送起止日期，如：2019-09-01至2019-10-31"))
    lines.append(await _rules(talk, draft))
    periods = report_periods.offered(_today(talk))
    names = {
        "yesterday": _("昨日"),
        "week": _("上周"),
        "month": _("上月"),
        "two": _("前两个月"),
        "so_far": _("本月至今"),
    }
    buttons = [
        {
            "text": f"{name}　{said(periods[word])}",
            "data": drafts.encode(draft, f"days={word}"),
        }
        for word, name in names.items()
    ]
    rows = [[button] for button in buttons]
    if drill_rights.reach(talk.speaker) == "nation":
        rows += await _places(talk, draft)
    rows += await _published_rows(talk)
    await _say(talk, draft, lines, rows)


def _whose(talk: Talk, draft: Draft) -> str:
    _ = talk.html
    province = province_of(draft)
    return _("全国") if province is None else province


async def _places(talk: Talk, draft: Draft) -> list[list[dict[str, str]]]:
    """The nation and its provinces, two a row, for the nation's coordinator."""
    _ = talk.html
    places = [_NATION, *await _provinces(talk)]
    buttons = [
        {
            "text": _("全国") if place == _NATION else place,
            "data": drafts.encode(draft, f"whose={number}"),
        }
        for number, place in enumerate(places)
    ]
    return [buttons[start : start + 2] for start in range(0, len(buttons), 2)]


async def _provinces(talk: Talk) -> Sequence[str]:
    names = select(Court.province).where(Court.level == "high").distinct().order_by(Court.province)
    return (await talk.session.scalars(names)).all()


async def _take_province(talk: Talk, draft: Draft, value: str) -> None:
    _ = talk.plain
    places = [_NATION, *await _provinces(talk)]
    if drill_rights.reach(talk.speaker) != "nation" or not (
        value.isdecimal() and int(value) < len(places)
    ):
        talk.refuse(_("此按钮已失效，请看最新的消息。"))
        return
    talk.answer()
    _keep(talk, draft, province=places[int(value)])
    await _ask_period(talk, draft)


async def _rules(talk: Talk, draft: Draft) -> str:
    """What the province settled, and how it is changed."""
    _ = talk.html
    rules = await bulletin_rules.of(talk.session, province_of(draft))
    return _(
        "规则：目标 {target}%；不足 {least} 件不排名；发布后 {days} 个工作日内可提异议。更改请发送：目标 95、下限 3 或 异议 5",
        target=rules.target_percent,
        least=rules.least,
        days=rules.contest_days,
    )


async def _take_rule(talk: Talk, draft: Draft, name: str, value: int) -> None:
    _ = talk.html
    try:
        await bulletin_rules.change(
            talk.session, province_of(draft), name, value, who=talk.speaker.actor.who, now=talk.now
        )
    except LiaisonError as fault:
        await _ask_period(talk, draft, talk.fault(fault))
        return
    await _ask_period(talk, draft, _("规则已更改；已发布的通报不变。"))


async def _take_days(talk: Talk, draft: Draft, text: str) -> None:
    if (rule := report_periods.rule(text)) is not None:
        await _take_rule(talk, draft, *rule)
        return
    try:
        period = report_periods.understood(text, _today(talk))
    except LiaisonError as fault:
        await _ask_period(talk, draft, talk.fault(fault))
        return
    _keep(talk, draft, first=period.first.isoformat(), last=period.last.isoformat())
    await preview(talk, draft)


# The preview


async def preview(talk: Talk, draft: Draft) -> None:
    """The sums, both ends of the ranking, how it was counted; and what can be done with it."""
    _ = talk.html
    _keep(talk, draft, asking="preview")
    both = await bulletin_messages.words(
        talk.session, _what(draft), talk.plain, talk.parts.desk, now=talk.now
    )
    if both is None:
        message = "a preview is of no bulletin that could be gone"
        raise AssertionError(message)
    period = both[0].sheet.period
    earlier = await bulletins.published(talk.session, province_of(draft), period)
    await _say(talk, draft, _reads(talk, both[0]), _preview_rows(talk, draft, earlier))


def _reads(talk: Talk, shown: BulletinWords) -> list[str]:
    _ = talk.html
    return [
        bold(shown.title()),
        shown.period(),
        shown.standing(),
        *shown.sums(),
        "",
        *bulletin_messages.headline(shown, MOST_SHOWN),
        "",
        *shown.notes(),
    ]


def _preview_rows(talk: Talk, draft: Draft, earlier: Bulletin | None) -> Buttons:
    _ = talk.html

    def button(text: str, choice: str, **more: str) -> dict[str, str]:
        return {"text": text, "data": drafts.encode(draft, choice), **more}

    other = "measures" if draft.data["layout"] == "states" else "states"
    label = _("改按用时") if other == "measures" else _("改按四种状态")
    return [
        # What is published of these very days is opened: there is no second one.
        [_opening(earlier) if earlier else button(_("发布"), "publish", style="primary")],
        [
            button(_("图片"), "file=picture"),
            button(_("表格"), "file=workbook"),
            button("Word", "file=document"),
        ],
        [button(_("调度会材料（ZIP）"), "file=meeting")],
        [button(label, f"layout={other}"), button(_("改时间"), "again")],
    ]


async def _publish(talk: Talk, draft: Draft) -> None:
    what = _what(draft)
    period = Period(date.fromisoformat(what["first"]), date.fromisoformat(what["last"]))
    if await report_publishing.publish(
        talk, province_of(draft), period, what["layout"], draft.data["message"]
    ):
        await drafts.close(talk.session, draft, now=talk.now)


# Published ones


async def _published_rows(talk: Talk, before: Bulletin | None = None) -> list[list[dict[str, str]]]:
    """The latest that were published, or those before one, each with its picture behind a button."""
    _ = talk.html
    found = await bulletins.latest(talk.session, own_province(talk), MOST_LISTED + 1, before)
    rows = [[_opening(one)] for one in found[:MOST_LISTED]]
    if len(found) > MOST_LISTED:
        last = found[MOST_LISTED - 1].id
        rows.append([{"text": _("更早 ›"), "data": f"bulletin:{last}:older"}])
    return rows


def _opening(bulletin: Bulletin) -> dict[str, str]:
    return {"text": f"📄 {bulletin.number}", "data": f"bulletin:{bulletin.id}:open"}


async def listed(talk: Talk, before: Bulletin | None = None) -> None:
    """The published ones, the latest or those before one."""
    _ = talk.html
    rows = await _published_rows(talk, before)
    if rows:
        await talk.reply(_("已发布的通报："), rows)
    else:
        await talk.reply(_("本省尚未发布通报。"))


# The conversation


def province_of(draft: Draft) -> str | None:
    """Whose bulletin it is; None for the nation's."""
    province: str = draft.data["province"]
    return None if province == _NATION else province


def _what(draft: Draft) -> dict[str, Any]:
    """The preview, as files of it are asked for."""
    data = draft.data
    return {
        "province": province_of(draft),
        "first": data["first"],
        "last": data["last"],
        "layout": data["layout"],
    }


def _keep(talk: Talk, draft: Draft, **more: Any) -> None:
    drafts.go_on(draft, {**draft.data, **more}, lifetime=LIFETIME, now=talk.now)


async def _say(talk: Talk, draft: Draft, lines: Sequence[str], rows: Buttons) -> None:
    """A press changes the message it is under; what is typed gets a new one below itself."""
    _ = talk.html
    end = [{"text": _("取消"), "data": drafts.encode(draft, "cancel")}]
    row = draft.data.get("message")
    if row is not None and talk.query_id is not None:
        await talk.edit(row, joined(lines), [*rows, end])
        return
    draft.data = {**draft.data, "message": await talk.reply(joined(lines), [*rows, end])}
