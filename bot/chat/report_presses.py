"""Buttons under published bulletins: open one, get its files. Contests are `report_contest`'s."""

import re
from dataclasses import dataclass
from datetime import date

from bot.chat import report_command, report_files, report_publishing
from bot.chat.outcome_words import refusal
from bot.chat.replies import Talk, bold, fitting, joined
from notifications import bulletin_messages
from notifications.bulletin_figures import Period
from notifications.bulletin_models import Bulletin

# Eighteen digits: every such number fits a database's key, whoever made it up.
_DATA = re.compile(r"bulletin:([1-9][0-9]{0,17}):(open|older|picture|workbook|document|meeting)")
_DRAFT = re.compile(r"bulletin_draft:([0-9-]{10}):([0-9-]{10}):(open|publish)")


@dataclass(frozen=True, slots=True)
class BulletinPress:
    """What was pressed under which bulletin."""

    bulletin: int
    word: str


@dataclass(frozen=True, slots=True)
class DraftPress:
    """What was pressed under a draft that was made by itself."""

    period: Period
    word: str


def decode(data: str) -> BulletinPress | DraftPress | None:
    """What was pressed; None for any other button."""
    if (match := _DATA.fullmatch(data)) is not None:
        return BulletinPress(int(match[1]), match[2])
    match = _DRAFT.fullmatch(data)
    first, last = (_day(match[1]), _day(match[2])) if match else (None, None)
    if match is None or first is None or last is None:
        return None
    return DraftPress(Period(first, last), match[3])


def _day(iso: str) -> date | None:
    """A day as buttons carry it; None for anything else."""
    try:
        return date.fromisoformat(iso)
    except ValueError:
        return None


async def pressed(talk: Talk, press: BulletinPress | DraftPress) -> None:
    """Open a bulletin, list those before it, or have a file of it sent; open or publish a draft."""
    _ = talk.plain
    if isinstance(press, DraftPress):
        await _draft(talk, press)
        return
    bulletin = await readable(talk, press.bulletin)
    if bulletin is None:
        return
    if press.word == "open":
        talk.answer()
        await _open(talk, bulletin)
    elif press.word == "older":
        talk.answer()
        await report_command.listed(talk, bulletin)
    else:
        talk.answer(_("文件随后发送。"))
        report_files.send(talk, press.word, {"bulletin": bulletin.id})


async def _draft(talk: Talk, press: DraftPress) -> None:
    _ = talk.plain
    province = report_command.own_province(talk)
    if talk.speaker.officer is None:
        talk.refuse(refusal("hidden" if talk.speaker.hidden else "stranger", _))
    elif not talk.private or not report_command.may_publish(talk, province):
        talk.refuse(_("只有省级协调员可以编制通报。"))
    elif press.word == "open":
        talk.answer()
        await report_command.opened(talk, province, press.period)
    else:
        await report_publishing.publish(talk, province, press.period, "states")


async def readable(talk: Talk, number: int) -> Bulletin | None:
    """The bulletin, for officers of its province and of the nation's for all; refuses everybody else."""
    _ = talk.plain
    if talk.speaker.officer is None:
        talk.refuse(refusal("hidden" if talk.speaker.hidden else "stranger", _))
        return None
    bulletin = await talk.session.get(Bulletin, number)
    mine = bulletin is not None and (
        bulletin.province in (None, talk.speaker.province)
        or report_command.may_publish(talk, bulletin.province)
    )
    if not mine or not talk.private:
        talk.refuse(_("此按钮已失效，请看最新的消息。"))
        return None
    return bulletin


async def _open(talk: Talk, bulletin: Bulletin) -> None:
    both = await bulletin_messages.words(
        talk.session, {"bulletin": bulletin.id}, talk.plain, talk.parts.desk, now=talk.now
    )
    if both is None:
        return
    shown = both[0]
    lines = [
        bold(shown.title()),
        shown.period(),
        shown.standing(),
        *shown.sums(),
        "",
        *bulletin_messages.headline(shown, report_command.MOST_SHOWN),
        *shown.corrections(),
    ]
    buttons = bulletin_messages.file_buttons(bulletin.id, talk.html)
    rows = [[{"text": one.text, "data": one.data or ""} for one in buttons]]
    if report_command.may_publish(talk, bulletin.province):
        _ = talk.html
        data = f"bulletin:{bulletin.id}:meeting"
        rows.append([{"text": _("调度会材料（ZIP）"), "data": data}])
    await talk.reply(joined(fitting(lines, talk.html)), rows)
