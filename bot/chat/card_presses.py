"""Presses under cards and lists of the directory: another page, a card in the same message, 名片, 提交协作.

The buttons carry no right: each press is judged anew for whoever pressed. vCards and contacts go past the
outbox, which would keep them.
"""

import re
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import select

from bot.chat import (
    court_card,
    directory_commands,
    filing_dialogue,
    mobile_dialogue,
    officer_card,
    people_brake,
)
from bot.chat.after_commit import SendContact, SendFile
from bot.chat.card_words import court_vcard, labels, officer_vcard
from bot.chat.directory_commands import PAGE, Shown
from bot.chat.outcome_words import refusal
from bot.chat.replies import Talk, bold, joined
from directory import disclosures, vcards
from directory.models import Court, Officer
from directory.search_index import PersonHit
from notifications.models import OutgoingMessage

# Eighteen digits: every such number fits a database's key, whoever made it up.
_DATA = re.compile(
    r"(?P<list>find):(?P<start>[0-9]{1,3})"
    r"|(?P<word>card|vcf|coop):(?:o(?P<officer>[1-9][0-9]{0,17})|c(?P<court>[^\s:]{1,16}))"
    r"(?::(?P<detail>[a-z]{1,12}))?"
)

#: The vCard of a person without the mobile.
_WITHOUT = "desk"


@dataclass(frozen=True, slots=True)
class CardPress:
    """What was pressed: a page of a list, or something of one entry."""

    word: Literal["find", "card", "vcf", "coop"]
    start: int = 0
    officer_id: int | None = None
    court_code: str | None = None
    detail: str | None = None


def decode(data: str) -> CardPress | None:
    """What was pressed; None for any other button."""
    match = _DATA.fullmatch(data)
    if match is None:
        return None
    if match["list"]:
        return CardPress("find", int(match["start"]))
    officer = int(match["officer"]) if match["officer"] else None
    word: Literal["card", "vcf", "coop"] = match["word"]  # type: ignore[assignment]
    return CardPress(word, 0, officer, match["court"], match["detail"])


async def pressed(talk: Talk, press: CardPress) -> None:
    """Do what the button says, or say why not."""
    if press.word == "find":
        await _page(talk, press.start)
    elif press.officer_id is not None:
        await _of_person(talk, press, press.officer_id)
    else:
        await _of_court(talk, press, press.court_code or "")


async def _message(talk: Talk) -> OutgoingMessage | None:
    """The reply that the button stands under."""
    found: OutgoingMessage | None = await talk.session.scalar(
        select(OutgoingMessage)
        .where(
            OutgoingMessage.chat_id == talk.chat_id,
            OutgoingMessage.message_id == talk.message_id,
            OutgoingMessage.kind == "reply",
        )
        .order_by(OutgoingMessage.id.desc())
        .limit(1)
    )
    return found


async def _page(talk: Talk, start: int) -> None:
    message = await _message(talk)
    words = message.payload.get("asked") if message is not None else None
    if message is None or words is None:
        _refuse_dead(talk)
        return
    talk.answer()
    people = bool(message.payload.get("people"))
    found = await directory_commands.asked(talk, words, people=people)
    shown = await directory_commands.page(talk, words, found, start, people=people)
    await talk.edit(message.id, shown.text, shown.buttons)


async def _of_court(talk: Talk, press: CardPress, code: str) -> None:
    court = await talk.session.get(Court, code)
    if court is None:
        _refuse_dead(talk)
    elif press.word == "coop":
        await _file_there(talk, court)
    elif press.word == "vcf":
        card = court_vcard(talk, court)
        talk.answer(talk.plain("名片已发送。"))
        text = vcards.written(card, labels(talk))
        talk.after.append(SendFile(talk.chat_id, card.file_name, text.encode()))
    else:
        talk.answer()
        await _court_here(talk, court)


async def _court_here(talk: Talk, court: Court) -> None:
    """The court's card in place of the list, or of the card, that was pressed in."""
    message = await _message(talk)
    former, back = None, None
    if message is not None and (words := message.payload.get("asked")) is not None:
        found = await directory_commands.asked(talk, words, people=bool(message.payload["people"]))
        hits = directory_commands.listed(found)
        for place, hit in enumerate(hits):
            if not isinstance(hit, PersonHit) and hit.code == court.code:
                former, back = hit.former, place - place % PAGE
        back = 0 if back is None and hits else back
    text = await court_card.text(talk, court, former=former)
    await _put(talk, message, Shown(text, court_card.buttons(talk, court, back=back)))


async def _put(talk: Talk, message: OutgoingMessage | None, shown: Shown) -> None:
    """Into the message pressed in; a new one where that is gone from the books."""
    if message is None:
        await talk.reply(shown.text, shown.buttons)
    else:
        await talk.edit(message.id, shown.text, shown.buttons)


async def _file_there(talk: Talk, court: Court) -> None:
    if not talk.speaker.answers:
        reason = (
            "technician"
            if talk.speaker.officer
            else "hidden"
            if talk.speaker.hidden
            else "stranger"
        )
        talk.refuse(refusal(reason, talk.plain))
        return
    talk.answer()
    await filing_dialogue.begin(talk, jurisdiction=court)


async def _of_person(talk: Talk, press: CardPress, officer_id: int) -> None:
    """A person's card or vCard: for officers of today, in their private chat, counted as a look-up."""
    _ = talk.plain
    if talk.speaker.officer is None:
        talk.refuse(refusal("hidden" if talk.speaker.hidden else "stranger", _))
        return
    officer = (await officer_card.loaded(talk, [officer_id])).get(officer_id)
    if officer is None:
        talk.refuse(_("此人已离任，或已不在通讯录中。"))
    elif not talk.private or press.word == "coop":
        _refuse_dead(talk)
    # A made-up number names somebody as well: each press counts.
    elif (limit := await people_brake.too_many(talk, 1)) is not None:
        talk.refuse(people_brake.sentence(talk, limit, _))
    elif press.word == "card":
        talk.answer()
        await _person_here(talk, officer)
    else:
        await _vcard(talk, officer, press.detail)


async def _person_here(talk: Talk, officer: Officer) -> None:
    message = await _message(talk)
    back = None
    if message is not None and (words := message.payload.get("asked")) is not None:
        found = await directory_commands.asked(talk, words, people=bool(message.payload["people"]))
        hits = directory_commands.listed(found)
        places = [
            place
            for place, hit in enumerate(hits)
            if isinstance(hit, PersonHit) and hit.officer_id == officer.id
        ]
        back = places[0] - places[0] % PAGE if places else None
    text = await officer_card.text(talk, officer)
    await _put(talk, message, Shown(text, officer_card.buttons(talk, officer, back=back)))


async def _vcard(talk: Talk, officer: Officer, detail: str | None) -> None:
    """The card without a mobile at once; with it for a reason, as a contact, written down as a disclosure."""
    own = talk.speaker.officer is not None and talk.speaker.officer.id == officer.id
    if detail == _WITHOUT or not mobile_dialogue.may_show(talk, officer):
        card = officer_vcard(talk, officer)
        talk.answer(talk.plain("名片已发送。"))
        text = vcards.written(card, labels(talk))
        talk.after.append(SendFile(talk.chat_id, card.file_name, text.encode()))
    elif own and officer.mobile is not None:
        _send_contact(talk, officer, officer.mobile)
    elif detail is None:
        talk.answer()
        await _ask(talk, officer)
    elif detail in disclosures.REASONS:
        found = await disclosures.show_mobile(
            talk.session,
            mobile_dialogue.label(talk),
            talk.speaker.officer.id if talk.speaker.officer is not None else None,
            officer,
            reason=disclosures.REASONS[detail],
            channel=disclosures.CHAT,
            now=talk.now,
        )
        if found is not None:
            _send_contact(talk, officer, found, recorded=True)
    else:
        _refuse_dead(talk)


async def _ask(talk: Talk, officer: Officer) -> None:
    _ = talk.html
    plain = talk.plain
    reasons = [
        {"text": plain(words), "data": f"vcf:o{officer.id}:{reason}"}
        for reason, words in disclosures.REASONS.items()
    ]
    without = {"text": plain("不含手机号"), "data": f"vcf:o{officer.id}:{_WITHOUT}"}
    lines = [
        bold(_("发送 {name}（{court}）的名片", name=officer.name, court=officer.court.name)),
        _("名片含手机号的，请选择理由。查看将被记录，本人可以看到。"),
    ]
    await talk.reply(joined(lines), [reasons[:2], reasons[2:], [without]])


def _send_contact(talk: Talk, officer: Officer, mobile: str, *, recorded: bool = False) -> None:
    card = officer_vcard(talk, officer, mobile=mobile)
    talk.answer(talk.plain("已记录。") if recorded else talk.plain("名片已发送。"))
    vcard = vcards.beside_contact(card, labels(talk))
    talk.after.append(SendContact(talk.chat_id, vcards.international(mobile), officer.name, vcard))


def _refuse_dead(talk: Talk) -> None:
    talk.refuse(talk.plain("此按钮已失效，请看最新的消息。"))
