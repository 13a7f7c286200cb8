"""Buttons under messages about the desk itself: 换班, 确认接班, 到岗. Whose they are is checked below."""

import re
from dataclasses import dataclass

from bot.chat import swap_commands
from bot.chat.outcome_words import refusal
from bot.chat.replies import Talk
from bot.chat.swap_commands import voice
from notifications import check_ins, handover_words, handovers, swap_words

# Eighteen digits: every such number fits a database's key, whoever made it up.
_DATA = re.compile(
    r"(swap|handover|checkin):([1-9][0-9]{0,17}):([A-Za-z0-9_-]{1,12}):([a-z]{1,12})"
)


@dataclass(frozen=True, slots=True)
class DeskPress:
    """A press of one of these buttons."""

    word: str
    number: int
    nonce: str
    action: str


def decode(data: str) -> DeskPress | None:
    """What was pressed; None for any other button."""
    match = _DATA.fullmatch(data)
    return DeskPress(match[1], int(match[2]), match[3], match[4]) if match else None


async def pressed(talk: Talk, press: DeskPress) -> None:
    """Do what the button says; who may not hears so alone."""
    _ = talk.plain
    known = True
    if press.word == swap_words.WORD:
        known = await swap_commands.pressed(talk, press.number, press.nonce, press.action)
    elif talk.speaker.linked is None:
        talk.refuse(refusal("hidden" if talk.speaker.hidden else "stranger", _))
    elif press.word == handover_words.WORD:
        known = await _confirm_handover(talk, press.number)
    elif press.word == check_ins.WORD:
        known = await _check_in(talk, press.number)
    if not known:
        talk.refuse(_("此按钮已失效，请看最新的消息。"))


def _officer_id(talk: Talk) -> int | None:
    officer = talk.speaker.officer
    return officer.id if officer is not None else None


async def _confirm_handover(talk: Talk, number: int) -> bool:
    _ = talk.plain
    said = await handovers.confirm(
        talk.session, number, _officer_id(talk), voice(talk), now=talk.now
    )
    if said == "confirmed":
        talk.answer(_("已确认接班。"))
    elif said == "already":
        talk.refuse(_("此前已确认接班。"))
    elif said == "not_incoming":
        talk.refuse(_("只有接班人员本人可以确认。"))
    return said != "unknown"


async def _check_in(talk: Talk, number: int) -> bool:
    _ = talk.plain
    said = await check_ins.confirm(
        talk.session, number, _officer_id(talk), voice(talk), now=talk.now
    )
    if said == "confirmed":
        talk.answer(_("已到岗。"))
    elif said == "late":
        talk.answer(_("已到岗，恢复由您值班。"))
    elif said == "already":
        talk.refuse(_("此前已确认到岗。"))
    elif said == "over":
        talk.refuse(_("此按钮只在当日有效。"))
    elif said == "not_you":
        talk.refuse(_("只有被询问的值班人员本人可以确认到岗。"))
    return said != "unknown"
