"""`/find`, `/court` and inline search. Officers are named to linked officers alone, mobiles never in a group."""

from collections.abc import Sequence
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from bot.chat import mobile_dialogue, people_brake
from bot.chat.after_commit import AnswerInline, InlineLine
from bot.chat.duty_commands import duty_lines, hours_lines
from bot.chat.filing_rows import named
from bot.chat.replies import Talk, bold, fitting, joined, quoted
from directory import access, duty, officers
from directory.access import Subject
from directory.court_codes import normalise
from directory.courts import SHORTEST_PART
from directory.errors import CourtNotFound
from directory.models import Court, Officer
from notifications.wording import Wording

#: So many courts and people are listed; a more exact word finds the others.
MOST_COURTS, MOST_PEOPLE = 10, 10

#: An inline answer has room for so many lines.
MOST_LINES = 20


async def find(talk: Talk, words: str) -> None:
    """`/find WORDS`: courts by code or name; people by name, for linked officers."""
    _ = talk.html
    if not words:
        await talk.reply(_("请写明查询内容，例如：/find 甘井子 或 /find 辽0211"))
        return
    found = await talk.court_meant(words)
    people = await _people(talk, words)
    limit = await people_brake.too_many(talk, len(people[:MOST_PEOPLE]))
    if limit is not None:
        people = []
    if found.court is not None and not people and limit is None:
        await talk.reply(await court_card(talk, found.court))
        return
    listed = [found.court] if found.court is not None else list(found.choices)
    lines = [_court_line(talk, court) for court in listed[:MOST_COURTS]]
    if len(listed) > MOST_COURTS:
        lines.append(_("另有 {count} 个法院，请写得更具体", count=len(listed) - MOST_COURTS))
    lines += [_person_line(talk, person) for person in people[:MOST_PEOPLE]]
    if len(people) > MOST_PEOPLE:
        lines.append(_("另有 {count} 人，请写得更具体", count=len(people) - MOST_PEOPLE))
    if limit is not None:
        lines.append(people_brake.sentence(talk, limit, _))
    if not lines:
        lines = [
            _(
                "没有找到“{words}”。请写法院代字、法院名称的一部分或人员姓名，至少两个字。",
                words=quoted(words),
            )
        ]
    shown = people[:MOST_PEOPLE]
    await talk.reply(joined(fitting(lines, _)), mobile_dialogue.buttons(talk, shown))


async def court(talk: Talk, words: str) -> None:
    """`/court CODE`: everything about one court."""
    _ = talk.html
    if not words:
        await talk.reply(_("请写明法院代字，例如：/court 辽0211"))
        return
    found = await talk.court_meant(words)
    if found.court is not None:
        await talk.reply(await court_card(talk, found.court))
    elif found.choices:
        lines = [_court_line(talk, choice) for choice in found.choices[:MOST_COURTS]]
        if len(found.choices) > MOST_COURTS:
            more = len(found.choices) - MOST_COURTS
            lines.append(_("另有 {count} 个法院，请写得更具体", count=more))
        head = _("“{words}”可能是以下法院，请改写代字：", words=quoted(words))
        await talk.reply(joined([head, *lines]))
    else:
        await talk.reply(talk.fault(CourtNotFound, words=words))


async def court_card(talk: Talk, court: Court) -> str:
    """Code, name, address, phone, today's hours, and for linked officers who is on duty."""
    _ = talk.html
    lines = [bold(named(court))]
    if court.address:
        lines.append(_("地址：{address}", address=court.address))
    if court.phone:
        lines.append(_("电话：{phone}", phone=court.phone))
    lines += hours_lines(talk, court)
    if talk.speaker.officer is not None:
        lines += ["", *await duty_lines(talk, court)]
    return joined(fitting(lines, _))


async def inline(talk: Talk, query_id: str, words: str) -> None:
    """`@bot words` in any chat: courts, for linked officers. What is chosen is shown to that whole chat."""
    lines: list[InlineLine] = []
    if talk.speaker.officer is not None and len(normalise(words)) > 0:
        found = await talk.court_meant(words)
        listed = [found.court] if found.court is not None else list(found.choices)
        lines += [_inline_court(talk, court) for court in listed[:MOST_LINES]]
        people = (await _people(talk, words))[: MOST_LINES - len(lines)]
        limit = await people_brake.too_many(talk, len(people))
        if limit is None:
            lines += [_inline_person(talk, person) for person in people]
        else:
            lines.append(_inline_limit(talk, people_brake.sentence(talk, limit, talk.plain)))
    talk.after.append(AnswerInline(query_id, tuple(lines)))


def _inline_court(talk: Talk, court: Court) -> InlineLine:
    _ = talk.html
    about = [court.phone or "", court.address or ""]
    text = [bold(named(court))]
    if court.phone:
        text.append(_("电话：{phone}", phone=court.phone))
    if court.address:
        text.append(_("地址：{address}", address=court.address))
    return InlineLine(uuid4().hex, named(court), "　".join(filter(None, about)), joined(text))


def _inline_person(talk: Talk, officer: Officer) -> InlineLine:
    line = _person_line(talk, officer, phones=False)
    phone = officer.desk_phone or ""
    return InlineLine(uuid4().hex, officer.name, f"{officer.court.name}　{phone}".strip(), line)


def _inline_limit(talk: Talk, said: str) -> InlineLine:
    _ = talk.plain
    return InlineLine(uuid4().hex, _("暂不显示人员"), said, joined([said]))


def _court_line(talk: Talk, court: Court) -> str:
    _ = talk.html
    if court.phone:
        return _("{court}　☎ {phone}", court=named(court), phone=court.phone)
    return named(court)


async def _people(talk: Talk, words: str) -> Sequence[Officer]:
    """People whose name holds the words; nobody for who is no officer, or for a single character."""
    key = normalise(words)
    if talk.speaker.officer is None or len(key) < SHORTEST_PART:
        return []
    pattern = "%".join(["", *(_plain(part) for part in words.split()), ""])
    found = await talk.session.scalars(
        select(Officer)
        .options(joinedload(Officer.court), selectinload(Officer.posts))
        .where(Officer.left_at.is_(None), Officer.name.like(pattern, escape="\\"))
        .order_by(Officer.court_code, Officer.id)
        .limit(MOST_PEOPLE * 5)
    )
    # The asker's own province first: a common name is usually somebody near.
    return sorted(found, key=lambda officer: officer.court.province != talk.speaker.province)


def _plain(part: str) -> str:
    """The words themselves, none of them a wildcard."""
    return part.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _person_line(talk: Talk, officer: Officer, *, phones: bool = True) -> str:
    _ = talk.html
    day = duty.local_day(officer.court, talk.now, talk.parts.desk.timezone)
    held = officers.posts_on(officer, day)
    words = Wording(_)
    posts = _("、").join(words.post(post) for post in officers.POSTS_BY_RANK if post in held)
    parts = [officer.name, named(officer.court), posts or _("今日无岗位")]
    if officer.desk_phone:
        parts.append(f"☎ {officer.desk_phone}")
    if phones and (mobile := mobile_of(talk, officer)):
        parts.append(_("手机 {mobile}", mobile=mobile))
    return joined(["　".join(parts)])


def mobile_of(talk: Talk, officer: Officer) -> str | None:
    """The officer's mobile as a list or a card shows it here, masked; None when not at all.

    A whole one is shown by `mobile_dialogue` alone: somebody else's for a reason, none through the outbox.
    """
    sight = access.sees_in_chat(
        talk.speaker.viewer,
        "mobile",
        Subject(officer.court_code, officer.court.province, officer.id),
        phones=talk.parts.settings.chat_phones,
        private=talk.private,
    )
    return None if sight == "no" else officers.mask_mobile(officer.mobile)
