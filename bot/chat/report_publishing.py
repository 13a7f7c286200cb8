"""发布: a bulletin is published for a coordinator, who is told who hears of it. What it is, is `notifications.bulletins`'."""

from zoneinfo import ZoneInfo

from bot.chat import report_files
from bot.chat.replies import Talk, bold, joined
from directory.errors import LiaisonError
from notifications import bulletin_messages, bulletins
from notifications.bulletin_figures import Layout, Period
from notifications.bulletin_models import Bulletin


async def publish(
    talk: Talk, province: str | None, period: Period, layout: Layout, message: int | None = None
) -> bool:
    """Publish for the speaker, who may, and say so in `message` or a new one; False when it is refused."""
    officer = talk.speaker.linked
    try:
        bulletin, told = await bulletins.publish(
            talk.session, province, period, layout, talk.speaker.actor.who,
            officer.id if officer is not None else None, talk.parts.desk, now=talk.now,
        )  # fmt: skip
    except LiaisonError as fault:
        talk.refuse(talk.plain(fault.template, **fault.data))
        return False
    _ = talk.html
    until = bulletins.contested_until(bulletin, ZoneInfo(talk.parts.desk.timezone))
    lines = [
        bold(_("已发布：{number}", number=bulletin.number)),
        *_heard(talk, told, nation=province is None),
    ]
    if province is not None:
        lines.append(_("各院可在 {time} 前提出异议。", time=until))
    if message is None:
        await talk.reply(joined(lines), [_file_row(talk, bulletin)])
    else:
        await talk.edit(message, joined(lines), [_file_row(talk, bulletin)])
    talk.answer(_("已发布。"))
    report_files.draw_ahead(talk, bulletin.id)
    return True


def _file_row(talk: Talk, bulletin: Bulletin) -> list[dict[str, str]]:
    every = bulletin_messages.file_buttons(bulletin.id, talk.html)
    return [{"text": one.text, "data": one.data or ""} for one in every]


def _heard(talk: Talk, told: bulletins.Told, *, nation: bool) -> list[str]:
    """Who hears of it, counted: few of its courts may have anybody in chat, and its group may be linked nowhere."""
    _ = talk.html
    data = {"courts": told.courts, "people": told.people}
    if nation:
        people = _(
            "数字已定稿。有数字的省份 {courts} 个，其中可收到本省数字的省级协调员 {people} 人。",
            **data,
        )
    else:
        people = _(
            "数字已定稿。有数字的法院 {courts} 家，其中可收到本院数字的带班领导 {people} 人。",
            **data,
        )
    if told.groups:
        return [people, _("图片发到高级法院的群（{groups} 个）。", groups=told.groups)]
    return [people, _("高级法院没有关联群，图片不发；可点下方按钮取得后自行转发。")]
