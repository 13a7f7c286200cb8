"""What people do with a session: 报名, 不参加, 加入日历, 签到, under its notice, its reminders and in its panel."""

import re
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.chat import attendance_dialogue, notice_words
from bot.chat.after_commit import SendFile
from bot.chat.outcome_words import refusal
from bot.chat.replies import Talk
from directory import feed_calendar
from notifications import notices, training, training_calendar, training_messages
from notifications.models import OutgoingMessage
from notifications.training import Answer
from notifications.training_models import TrainingSession
from notifications.training_words import ACTIONS, WORD

# Eighteen digits: every such number fits a database's key, whoever made it up.
_DATA = re.compile(rf"{WORD}:([1-9][0-9]{{0,17}}):([A-Za-z0-9_-]{{1,12}}):({'|'.join(ACTIONS)})")


@dataclass(frozen=True, slots=True)
class TrainingPress:
    """A press under a message about a session: its outgoing message, its nonce, what is wanted."""

    row: int
    nonce: str
    action: str


def decode(data: str) -> TrainingPress | None:
    """What was pressed; None for any other button."""
    match = _DATA.fullmatch(data)
    return TrainingPress(int(match[1]), match[2], match[3]) if match else None


async def pressed(talk: Talk, press: TrainingPress) -> None:
    """Do what the button says, for whoever the message was sent to."""
    _ = talk.plain
    row = await talk.session.get(OutgoingMessage, press.row)
    number = None
    if row is not None and _is_genuine(row, press, talk.chat_id):
        number = await training.of_message(talk.session, row)
    held = await training.hold(talk.session, number) if number is not None else None
    officer = talk.speaker.officer
    if row is None or held is None:
        talk.refuse(_("此按钮已失效，请看最新的消息。"))
    elif officer is None:
        talk.refuse(refusal("hidden" if talk.speaker.hidden else "stranger", _))
    elif officer.id != row.officer_id:
        talk.refuse(_("此通知不是发给您的。"))
    elif press.action == "code":
        talk.answer()
        await attendance_dialogue.ask(talk)
    else:
        await ACTS[press.action](talk, held)


def _is_genuine(row: OutgoingMessage, press: TrainingPress, chat_id: int) -> bool:
    """Whether we wrote this button into this chat."""
    return (
        row.kind in notices.KINDS | training_messages.KINDS
        and row.chat_id == chat_id
        and bool(row.nonce)
        and secrets.compare_digest(row.nonce.encode(), press.nonce.encode())
    )


async def _join(talk: Talk, held: TrainingSession) -> None:
    await _answer(talk, held, "coming")


async def _decline(talk: Talk, held: TrainingSession) -> None:
    await _answer(talk, held, "declined")


async def _answer(talk: Talk, held: TrainingSession, said: Answer) -> None:
    _ = talk.plain
    officer = talk.speaker.officer
    if officer is None:
        talk.refuse(refusal("stranger", _))
        return
    who = talk.speaker.actor.who
    came = await training.answer(talk.session, held, officer, who, said, now=talk.now)
    if came == "coming":
        talk.answer(_("已报名。"))
    elif came == "declined":
        talk.answer(_("已登记为不参加。"))
    elif came == "begun":
        talk.refuse(_("培训已开始，不能再报名或更改。"))
    else:
        talk.refuse(_("培训已取消。"))


async def _calendar(talk: Talk, held: TrainingSession) -> None:
    """The session as a file that phones take into their calendar."""
    _ = talk.plain
    if held.cancelled_at is not None:
        talk.refuse(_("培训已取消。"))
        return
    talk.answer()
    content = feed_calendar.written(
        held.title, (), _, now=talk.now, meetings=[training_calendar.meeting(held)]
    )
    day = held.starts_at.astimezone(notice_words.zone(talk))
    talk.after.append(SendFile(talk.chat_id, f"PX-{day:%Y%m%d}-{held.id}.ics", content))


#: What can be done with a session, by the word of its button.
ACTS: dict[str, Callable[[Talk, TrainingSession], Awaitable[None]]] = {
    "join": _join,
    "no": _decline,
    "ics": _calendar,
}
