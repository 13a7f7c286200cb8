"""答疑人员: whom a coordinator appoints to answer the province's questions first. Who is asked when is `question_ladder`'s."""

from datetime import timedelta

from bot.chat import drafts
from bot.chat.replies import Buttons, Talk, bold, joined
from bot.models import Draft
from directory import officers
from directory.errors import LiaisonError
from directory.models import Officer
from notifications import question_readers
from notifications.question_readers import MOST_APPOINTED

KIND = "answerers"

#: How long the buttons work.
LIFETIME = timedelta(hours=1)


async def begin(talk: Talk) -> None:
    """Show whom the coordinator's province appointed; rights are judged already."""
    province = talk.speaker.province
    draft = await drafts.begin(
        talk.session,
        kind=KIND,
        chat_id=talk.chat_id,
        telegram_id=talk.speaker.telegram_id,
        data={"province": province},
        lifetime=LIFETIME,
        now=talk.now,
    )
    text, buttons = await _shown(talk, draft)
    draft.data = {**draft.data, "message": await talk.reply(text, buttons)}


async def _shown(talk: Talk, draft: Draft) -> tuple[str, Buttons]:
    _ = talk.html
    province = draft.data["province"]
    lines = [bold(_("{province}答疑人员", province=province))]
    rows: list[list[dict[str, str]]] = []
    for officer_id in await question_readers.appointed(talk.session, province):
        officer = await talk.session.get_one(Officer, officer_id)
        lines.append(f"· {officers.subject(officer)}")
        label = talk.plain("移除 {name}", name=officer.name)
        rows.append([{"text": label, "data": drafts.encode(draft, f"out={officer_id}")}])
    if not rows:
        lines.append(_("尚未指定：提问直接发给省级协调员。"))
    lines.append(
        _(
            "指定后先发给这些人员，2 个工作小时无人答复再转省级协调员，再过 4 个工作小时转全国协调员。"
            "添加请直接发送 代字:姓名，例如 辽0211:张伟（最多 {most} 人）。",
            most=MOST_APPOINTED,
        )
    )
    rows.append([{"text": talk.plain("完成"), "data": drafts.encode(draft, "done")}])
    return joined(lines), rows


async def answered(talk: Talk, draft: Draft, text: str) -> bool:
    """A person to appoint: `辽0211:张伟`; False for what names nobody."""
    _ = talk.html
    if not talk.private or not _keeps(talk, draft):
        return False
    if ":" not in text.replace("：", ":"):
        return False
    province = draft.data["province"]
    try:
        officer = await officers.find(talk.session, text, searcher=talk.parts.searcher)
    except LiaisonError as fault:
        await talk.reply(talk.fault(fault))
        return True
    if officer.court.province != province:
        await talk.reply(_("{name} 不属本省，不能指定。", name=officer.name))
        return True
    if len(await question_readers.appointed(talk.session, province)) >= MOST_APPOINTED:
        await talk.reply(_("最多指定 {most} 人，请先移除。", most=MOST_APPOINTED))
        return True
    await question_readers.appoint(talk.session, officer, by=talk.speaker.actor.who, now=talk.now)
    await talk.edit(draft.data["message"], _("已更新，请看下方。"))
    said, buttons = await _shown(talk, draft)
    draft.data = {**draft.data, "message": await talk.reply(said, buttons)}
    return True


async def chosen(talk: Talk, draft: Draft, choice: str) -> None:
    """移除, 完成."""
    _ = talk.plain
    word, _equals, value = choice.partition("=")
    if not _keeps(talk, draft):
        talk.refuse(_("只有省级协调员可以查看和修改本省规则。"))
    elif word == "done":
        talk.answer()
        await cancel(talk, draft)
    elif word == "out" and value.isdecimal():
        await question_readers.dismiss(
            talk.session, draft.data["province"], int(value[:18]),
            by=talk.speaker.actor.who, now=talk.now,
        )  # fmt: skip
        talk.answer(_("已更新本省规则。"))
        text, buttons = await _shown(talk, draft)
        await talk.edit(draft.data["message"], text, buttons)
    else:
        talk.refuse(_("此按钮已失效，请看最新的消息。"))


async def cancel(talk: Talk, draft: Draft) -> None:
    """Close the list; what was changed holds."""
    await drafts.close(talk.session, draft, now=talk.now)
    text, _buttons = await _shown(talk, draft)
    await talk.edit(draft.data["message"], text)


def _keeps(talk: Talk, draft: Draft) -> bool:
    return talk.speaker.is_coordinator and talk.speaker.province == draft.data["province"]
