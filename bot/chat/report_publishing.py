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
        bulletin = await bulletins.publish(
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
        _("数字已定稿。图片发到高级法院的群，各院带班领导收到本院数字。"),
        _("各院可在 {time} 前提出异议。", time=until),
    ]
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
