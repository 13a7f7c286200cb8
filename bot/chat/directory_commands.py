"""`/find` and `/court`: a card where one thing is meant, else a list to choose from. Officers are named to linked officers alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from bot.chat import court_card, officer_card, people_brake
from bot.chat.card_words import labels
from bot.chat.court_card import Row
from bot.chat.filing_rows import named
from bot.chat.replies import Talk, bold, fitting, joined, quoted
from directory import courts
from directory.aliases import Alias
from directory.court_codes import normalise
from directory.courts import SHORTEST_PART
from directory.models import Court
from directory.search import CourtHit, Found
from directory.search_index import SURE, PersonHit
from notifications.models import OutgoingMessage

#: So many courts and people stand on one page of a list.
PAGE = 10

#: So many of each are listed at all; a more exact word finds the others.
MOST_LISTED = 50

_Hit = CourtHit | PersonHit


@dataclass(frozen=True, slots=True)
class Shown:
    """A message as it is to be: `listed` when it is a list, whose words its buttons need."""

    text: str
    buttons: Sequence[Row] = ()
    listed: bool = False


async def find(talk: Talk, words: str) -> None:
    """`/find WORDS`: courts by whatever names them; people by name, for linked officers."""
    _ = talk.html
    if not words:
        await talk.reply(_("请写明查询内容，例如：/find 甘井子 或 /find 辽0211"))
        return
    await _say(talk, words, people=True)


async def court(talk: Talk, words: str) -> None:
    """`/court CODE`: everything about one court."""
    _ = talk.html
    if not words:
        await talk.reply(_("请写明法院代字，例如：/court 辽0211"))
        return
    await _say(talk, words, people=False)


async def _say(talk: Talk, words: str, *, people: bool) -> None:
    shown = await _answer(talk, words, await asked(talk, words, people=people), people=people)
    row = await talk.reply(shown.text, shown.buttons)
    if shown.listed:
        # By them a press finds the list's other pages, and under which former name a court was asked for.
        message = await talk.session.get_one(OutgoingMessage, row)
        message.payload = {**message.payload, "asked": words, "people": people}


async def asked(talk: Talk, words: str, *, people: bool, limit: int = MOST_LISTED) -> Found:
    """What the words may mean to this speaker: people for officers of today alone, and for no single character."""
    named_ones = (
        people and talk.speaker.officer is not None and len(normalise(words)) >= SHORTEST_PART
    )
    return await talk.parts.searcher.find(
        words, province=talk.speaker.province, people=named_ones, limit=limit, session=talk.session
    )


async def _answer(talk: Talk, words: str, found: Found, *, people: bool) -> Shown:
    if (one := _one_court(found)) is not None:
        court = (await courts.many(talk.session, [one.code])).get(one.code)
        if court is not None:
            text = await court_card.text(talk, court, former=one.former)
            return Shown(text, court_card.buttons(talk, court))
    if not found.courts and len(found.people) == 1 and found.people[0].score >= SURE:
        return await _one_person(talk, found.people[0].officer_id)
    return await page(talk, words, found, 0, people=people)


def _one_court(found: Found) -> CourtHit | None:
    """The court that is meant, and nobody's name as well."""
    hit = found.certain
    if hit is None or (found.people and found.people[0].score >= max(hit.score, SURE)):
        return None
    return hit


async def _one_person(talk: Talk, officer_id: int) -> Shown:
    limit = await people_brake.too_many(talk, 1)
    if limit is not None:
        return Shown(joined([people_brake.sentence(talk, limit, talk.html)]))
    officer = (await officer_card.loaded(talk, [officer_id]))[officer_id]
    return Shown(await officer_card.text(talk, officer), officer_card.buttons(talk, officer))


def listed(found: Found) -> list[_Hit]:
    """What a list offers: those found in as sure a way as the best, of what merely resembles the words a page."""
    people = [hit for hit in found.people if hit.score >= SURE] or found.people[:PAGE]
    if not people:
        return list(found.best) if _sure(found) else list(found.courts[:PAGE])
    first = found.people[0].score > (found.courts[0].score if found.courts else 0)
    halves = (people, found.best) if first else (found.best, people)
    return list(chain(*halves))


def _sure(found: Found) -> bool:
    scores = [hit.score for hit in found.courts[:1]] + [hit.score for hit in found.people[:1]]
    return any(score >= SURE for score in scores)


async def page(talk: Talk, words: str, found: Found, start: int, *, people: bool) -> Shown:
    """One page of the list, from number `start` on; what to try where nothing was found."""
    hits = listed(found)
    if start >= len(hits):
        start = 0
    some = hits[start : start + PAGE]
    if not some:
        return Shown(_nothing(talk, words, people=people))
    persons = [hit for hit in some if isinstance(hit, PersonHit)]
    limit = await people_brake.too_many(talk, len(persons))
    if limit is not None:
        some = [hit for hit in some if isinstance(hit, CourtHit)]
    _ = talk.html
    lines, rows = await _lines(talk, some, start)
    if limit is not None:
        lines.append(people_brake.sentence(talk, limit, _))
    if not some:
        return Shown(joined(lines))
    if len(hits) > PAGE:
        rows.append([_more(talk, start, len(hits))])
    return Shown(joined([_head(talk, words, found), *fitting(lines, _)]), rows, listed=True)


def _head(talk: Talk, words: str, found: Found) -> str:
    _ = talk.html
    if _sure(found):
        return bold(_("“{words}”可能是以下各项，请点选：", words=quoted(words)))
    return bold(_("没有找到“{words}”。您要找的是不是：", words=quoted(words)))


def _nothing(talk: Talk, words: str, *, people: bool) -> str:
    _ = talk.html
    said = {"words": quoted(words)}
    if people and talk.speaker.officer is not None:
        return _("没有找到“{words}”。可以写代字、院名或其中一部分、拼音或首字母、案号、人员姓名（至少两个字）。", **said)  # fmt: skip
    return _("没有找到“{words}”。可以写代字、院名或其中一部分、拼音或首字母、案号。", **said)


async def _lines(talk: Talk, hits: Sequence[_Hit], start: int) -> tuple[list[str], list[Row]]:
    """What is said of each, and its button; people get one in the private chat alone."""
    found = await courts.many(talk.session, [h.code for h in hits if isinstance(h, CourtHit)])
    known = await officer_card.loaded(
        talk, [hit.officer_id for hit in hits if isinstance(hit, PersonHit)]
    )
    lines: list[str] = []
    rows: list[Row] = []
    for number, hit in enumerate(hits, start + 1):
        if isinstance(hit, CourtHit):
            if hit.code in found:
                lines.append(f"{number}. {_court_line(talk, found[hit.code], hit.former)}")
                rows.append([{"text": _choice(number, hit), "data": f"card:c{hit.code}"}])
        elif hit.officer_id in known:
            lines.append(joined([f"{number}. {officer_card.line(talk, known[hit.officer_id])}"]))
            if talk.private:
                label = f"{number}. {hit.name} · {hit.court_name}"
                rows.append([{"text": label, "data": f"card:o{hit.officer_id}"}])
    return lines, rows


def _court_line(talk: Talk, court: Court, former: Alias | None) -> str:
    _ = talk.html
    parts = [named(court), court_card.place_of(court)]
    if former is not None:
        parts.append(court_card.former_said(talk, former))
    if court.phone:
        parts.append(f"☎ {court.phone}")
    return "　".join(filter(None, parts))


def _choice(number: int, hit: CourtHit) -> str:
    """`1. 鼓楼区人民法院 · 江苏省南京市`, with the code where two look alike."""
    place = "".join(dict.fromkeys(part for part in (hit.province, hit.city) if part))
    code = f"（{hit.code}）" if hit.show_code else ""
    return f"{number}. {hit.name}{code} · {place}" if place else f"{number}. {hit.name}{code}"


def _more(talk: Talk, start: int, count: int) -> dict[str, str]:
    """The next page; from the last one the first again."""
    _ = labels(talk)
    following = start + PAGE
    if following >= count:
        return {"text": _("回到开头"), "data": "find:0"}
    last = min(following + PAGE, count)
    return {
        "text": _(
            "更多（{first}–{last}，共 {count}）", first=following + 1, last=last, count=count
        ),
        "data": f"find:{following}",
    }
