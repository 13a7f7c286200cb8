"""`@bot words` in any chat: courts and people for linked officers. What is chosen is read by everybody in that chat."""

from uuid import uuid4

from bot.chat import court_card, faq_inline, officer_card, people_brake
from bot.chat.after_commit import AnswerInline, InlineLine
from bot.chat.directory_commands import asked
from bot.chat.filing_rows import named
from bot.chat.linking import HOW_TO_LINK
from bot.chat.replies import Talk, bold, joined
from directory import courts
from directory.court_codes import normalise
from directory.models import Court, Officer
from directory.search_index import SURE
from directory.worktime import spans
from notifications.day_texts import day_said
from notifications.messages import local_time
from notifications.wording import Wording

#: An inline answer has room for so many courts; and so many people, for each letter typed counts them anew.
MOST_COURTS, MOST_PEOPLE = 15, 5
#: So many published questions come after courts and people, and so many where they alone are asked for.
MOST_FAQ, MOST_ALONE = 3, 15


async def inline(talk: Talk, query_id: str, words: str) -> None:
    """Answer an inline query: nothing for accounts that are not linked but the way to become so."""
    if talk.speaker.officer is None:
        link = talk.speaker.linked is None and not talk.speaker.hidden
        start = HOW_TO_LINK if link else None
        label = talk.plain("请先关联本人账号") if link else None
        talk.after.append(AnswerInline(query_id, (), label, start))
        return
    lines: list[InlineLine] = []
    if (asked_for := faq_inline.words_asked(words)) is not None:
        lines = await faq_inline.lines(talk, asked_for, limit=MOST_ALONE, alone=True)
    elif normalise(words):
        found = await asked(talk, words, people=True, limit=MOST_COURTS)
        codes = [hit.code for hit in found.courts]
        known = await courts.many(talk.session, codes)
        of_courts = [_court(talk, known[code]) for code in codes if code in known]
        people = [hit.officer_id for hit in found.people if hit.score >= SURE][:MOST_PEOPLE]
        of_people = await _people(talk, people)
        first = bool(people) and (not found.courts or found.people[0].score > found.courts[0].score)
        lines = of_people + of_courts if first else of_courts + of_people
        lines += await faq_inline.lines(talk, words, limit=MOST_FAQ, alone=False)
    talk.after.append(AnswerInline(query_id, tuple(lines)))


async def _people(talk: Talk, ids: list[int]) -> list[InlineLine]:
    limit = await people_brake.too_many(talk, len(ids))
    if limit is not None:
        _ = talk.plain
        said = people_brake.sentence(talk, limit, _)
        return [InlineLine(uuid4().hex, _("暂不显示人员"), said, joined([said]))]
    known = await officer_card.loaded(talk, ids)
    return [_person(talk, known[officer_id]) for officer_id in ids if officer_id in known]


def _court(talk: Talk, court: Court) -> InlineLine:
    _ = talk.html
    about = [court_card.place_of(court), court.phone or "", court.address or ""]
    lines = [bold(named(court))]
    if place := court_card.place_of(court):
        lines.append(place)
    if court.phone:
        lines.append(_("电话：{phone}", phone=court.phone))
    if court.address:
        lines.append(_("地址：{address}", address=court.address))
    lines.append(_hours(talk, court))
    said = "　".join(filter(None, about))
    return InlineLine(uuid4().hex, named(court), said, joined(lines), (_("复制代字"), court.code))


def _hours(talk: Talk, court: Court) -> str:
    """The hours with their day: the message stays in that chat and is not renewed."""
    _ = talk.html
    calendar = courts.calendar_of(court, talk.parts.desk.timezone)
    zone, at = calendar.timezone, talk.now
    day = at.astimezone(zone).date()
    words = Wording(_)
    shown = _("、").join(
        words.span(local_time(s.start, zone, at), local_time(s.end, zone, at))
        for s in spans(calendar, day)
    )
    if not shown or court_card.closed_today(talk, court):
        return _("{day} 不办公", day=day_said(day, _))
    return _("{day} 办公：{hours}", day=day_said(day, _), hours=shown)


def _person(talk: Talk, officer: Officer) -> InlineLine:
    """Without any mobile: `talk` is no private chat."""
    phone = officer.desk_phone or officer.court.phone or ""
    said = f"{named(officer.court)}　{phone}".strip()
    return InlineLine(uuid4().hex, officer.name, said, officer_card.line(talk, officer))
