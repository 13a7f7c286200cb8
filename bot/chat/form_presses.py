"""填报 and what else opens a form: pressed under its notice, a reminder or a list. Who may is judged here, at the press."""

import re
from dataclasses import dataclass

from bot.chat import form_dialogue
from bot.chat.form_screens import shut_words
from bot.chat.outcome_words import refusal
from bot.chat.replies import Talk
from notifications import form_filling
from notifications.form_words import WORD

# Eighteen digits: every such number fits a database's key, whoever made it up.
_DATA = re.compile(rf"{WORD}:([1-9][0-9]{{0,17}})(?::(\S{{1,16}}))?")


@dataclass(frozen=True, slots=True)
class FormPress:
    """A form to be opened: for the presser's own court, or for that of a code."""

    form_id: int
    court_code: str | None


def decode(data: str) -> FormPress | None:
    """What was pressed; None for any other button."""
    match = _DATA.fullmatch(data)
    return FormPress(int(match[1]), match[2]) if match else None


async def pressed(talk: Talk, press: FormPress) -> None:
    """Open the sheet for whoever may fill it."""
    _ = talk.plain
    officer = talk.speaker.officer
    if officer is None:
        talk.refuse(refusal("hidden" if talk.speaker.hidden else "stranger", _))
        return
    if not talk.private:
        talk.refuse(_("请私聊机器人发送 /form。"))
        return
    code = press.court_code or officer.court_code
    held = await form_filling.hold(talk.session, press.form_id, code)
    if held is None:
        talk.refuse(_("该院不在此次填报范围内。"))
        return
    writer = await form_dialogue.writer_of(talk, held)
    if writer is None:
        talk.refuse(_("只有该院人员和所在省的协调员可以填报。"))
        return
    shut = held.shut(writer.acts, talk.now)
    if shut is not None and held.sheet.filled_at is None:
        talk.refuse(shut_words(shut, _))
        return
    await form_dialogue.begin(talk, held, writer)
