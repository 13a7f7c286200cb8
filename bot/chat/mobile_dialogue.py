"""显示手机号: a button on a card, a reason by another, then the number, written down as a disclosure.

Only in a private chat and only where LIAISON_CHAT_PHONES allows it. The buttons carry no right: each press
is judged anew. The number itself goes past the outbox, which would keep it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from bot.chat import people_brake
from bot.chat.after_commit import SendSecret
from bot.chat.filing_rows import named
from bot.chat.outcome_words import refusal
from bot.chat.replies import Talk, bold, joined
from directory import access, courts, disclosures
from directory.models import Officer
from notifications.messages import local_time
from notifications.wording import Wording

#: So many people of one message get a button each.
MOST_PEOPLE = 6

#: So many readers of the own number are listed.
MOST_READERS = 10

# Eighteen digits: every such number fits a database's key, whoever made it up.
_DATA = re.compile(r"mobile:([1-9][0-9]{0,17})(?::([a-z]{1,12}))?")


@dataclass(frozen=True, slots=True)
class MobilePress:
    """A press: whose number, and for which reason once one was chosen."""

    officer_id: int
    reason: str | None


def decode(data: str) -> MobilePress | None:
    """What was pressed; None for any other button."""
    match = _DATA.fullmatch(data)
    return MobilePress(int(match[1]), match[2]) if match else None


def buttons(talk: Talk, people: Sequence[Officer]) -> list[list[dict[str, str]]]:
    """A row for each of the people (courts loaded) whose number the speaker may have shown here."""
    _ = talk.plain
    shown = [person for person in people if may_show(talk, person)][:MOST_PEOPLE]
    one = len(people) == 1
    return [
        [
            {
                "text": _("显示手机号") if one else _("显示手机号：{name}", name=person.name),
                "data": f"mobile:{person.id}",
            }
        ]
        for person in shown
    ]


async def pressed(talk: Talk, press: MobilePress) -> None:
    """Ask for the reason, or show the number for the one chosen."""
    _ = talk.plain
    officer = await _officer(talk, press.officer_id)
    if talk.speaker.officer is None:
        talk.refuse(refusal("hidden" if talk.speaker.hidden else "stranger", _))
    elif officer is None or officer.mobile is None:
        talk.refuse(_("此人已离任，或没有登记手机号。"))
    elif not may_show(talk, officer):
        talk.refuse(_("您不能在此查看此人的手机号。"))
    elif officer.id == talk.speaker.officer.id:
        talk.answer()
        _send(talk, _("本人手机 {mobile}", mobile=officer.mobile))
    # A number is more than a name, and a made-up button names somebody as well: each press counts.
    elif (limit := await people_brake.too_many(talk, 1)) is not None:
        talk.refuse(people_brake.sentence(talk, limit, _))
    elif press.reason is None:
        talk.answer()
        await _ask(talk, officer)
    elif press.reason in disclosures.REASONS:
        await _show(talk, officer, disclosures.REASONS[press.reason])
    else:
        talk.refuse(_("此按钮已失效，请看最新的消息。"))


async def _officer(talk: Talk, officer_id: int) -> Officer | None:
    officer: Officer | None = await talk.session.scalar(
        select(Officer)
        .options(joinedload(Officer.court))
        .where(Officer.id == officer_id, Officer.left_at.is_(None))
    )
    return officer


def may_show(talk: Talk, officer: Officer) -> bool:
    """Whether the number exists and may be shown to the speaker in this chat; one's own may."""
    if talk.speaker.officer is None or officer.mobile is None:
        return False
    viewer = talk.speaker.viewer
    subject = access.Subject(officer.court_code, officer.court.province, officer.id)
    sight = access.sees_in_chat(
        viewer,
        "mobile",
        subject,
        phones=talk.parts.settings.chat_phones,
        private=talk.private,
    )
    return sight == "full" and access.may(viewer, "show_mobile", subject)


async def _ask(talk: Talk, officer: Officer) -> None:
    _ = talk.html
    plain = talk.plain
    rows = [
        {"text": plain(words), "data": f"mobile:{officer.id}:{reason}"}
        for reason, words in disclosures.REASONS.items()
    ]
    lines = [
        bold(_("显示 {name}（{court}）的手机号", name=officer.name, court=officer.court.name)),
        _("请选择理由。查看将被记录，本人可以看到。"),
    ]
    await talk.reply(joined(lines), [rows[:2], rows[2:]])


async def _show(talk: Talk, officer: Officer, reason: str) -> None:
    _ = talk.plain
    mobile = await disclosures.show_mobile(
        talk.session,
        label(talk),
        talk.speaker.officer.id if talk.speaker.officer is not None else None,
        officer,
        reason=reason,
        channel=disclosures.CHAT,
        now=talk.now,
    )
    talk.answer(_("已记录。"))
    text = _(
        "{name}（{court}）　手机 {mobile}\n理由：{reason}。已记录，请勿转发。",
        name=officer.name,
        court=named(officer.court),
        mobile=mobile,
        reason=_(reason),
    )
    _send(talk, text)


def _send(talk: Talk, text: str) -> None:
    """Past the outbox: nobody's number is kept there, not even one's own."""
    talk.after.append(SendSecret(talk.chat_id, text))


def label(talk: Talk) -> str:
    """How the one who looked is named to the one who was looked at: court, name and post."""
    officer = talk.speaker.linked
    who = talk.speaker.actor.who
    return f"{officer.court.name} {who}" if officer is not None else who


async def seen_lines(talk: Talk, officer: Officer) -> list[str]:
    """For `/me`: who saw the own number, when last, how often, why and on which way; the latest first."""
    _ = talk.html
    found = await disclosures.readers(talk.session, officer.id, MOST_READERS)
    exports = await disclosures.full_exports(talk.session, since=officer.created_at)
    zone = courts.zone_of(officer.court, talk.parts.desk.timezone)
    words = Wording(_)
    ways = {disclosures.CHAT: _("聊天"), disclosures.PAGE: _("网页"), disclosures.HTTP: _("接口")}
    lines = [bold(_("谁看过我的手机号")) if found else _("没有人查看过您的手机号。")]
    lines += [
        _(
            "{time}　{who}　{reason}（{way}，共 {count} 次）",
            time=words.when(local_time(reader.last_at, zone, talk.now)),
            who=reader.viewer,
            reason=disclosures.reason_said(reader.reason, talk.plain),
            way=ways.get(reader.channel, reader.channel),
            count=reader.count,
        )
        for reader in found
    ]
    if exports:
        lines.append(_("含全部手机号的完整导出：{count} 次", count=exports))
    return lines
