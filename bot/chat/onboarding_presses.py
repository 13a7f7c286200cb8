"""Buttons of a newcomer's first steps: 开始, 下一条, 开始演练, 跳过. What follows is `notifications.onboarding`'s."""

import re
import secrets
from dataclasses import dataclass

from bot.chat.outcome_words import refusal
from bot.chat.replies import Talk, joined
from bot.chat.swap_commands import voice
from directory.errors import LiaisonError
from directory.models import Officer
from notifications import onboarding, outbox
from notifications.models import OutgoingMessage
from notifications.onboarding import Newcomer
from notifications.onboarding_words import WORD
from notifications.told import Said
from notifications.training_models import Onboarding

# Eighteen digits: every such number fits a database's key, whoever made it up.
_DATA = re.compile(rf"{WORD}:([1-9][0-9]{{0,17}}):([A-Za-z0-9_-]{{1,12}}):(next|skip)")


@dataclass(frozen=True, slots=True)
class OnboardingPress:
    """A press of one of these buttons."""

    officer_id: int
    nonce: str
    action: str


def decode(data: str) -> OnboardingPress | None:
    """What was pressed; None for any other button."""
    match = _DATA.fullmatch(data)
    return OnboardingPress(int(match[1]), match[2], match[3]) if match else None


async def greet(talk: Talk, newcomer: Newcomer, greeting: list[str]) -> None:
    """Say that an account was linked, and offer the first steps under it; not twice to the same person."""
    steps = await onboarding.offer(talk.session, newcomer, now=talk.now)
    await _offer(talk, steps, newcomer, greeting)


async def begin_again(talk: Talk, newcomer: Newcomer) -> None:
    """Offer the first steps to whoever asks for them."""
    known = await onboarding.of_officer(talk.session, newcomer.officer.id)
    if known is not None:
        await _take_buttons(talk, known)
    steps = await onboarding.again(talk.session, newcomer, now=talk.now)
    await _offer(talk, steps, newcomer, [])


async def _offer(
    talk: Talk, steps: Onboarding | None, newcomer: Newcomer, greeting: list[str]
) -> None:
    if steps is None:
        await talk.reply(joined(greeting))
        return
    locale = newcomer.officer.language or talk.parts.desk.locale
    words = await onboarding.lessons(talk.session, steps, newcomer, voice(talk), locale)
    said = words.offer()
    steps.row_id = await talk.reply(joined([*greeting, said.text]), said.buttons)


async def pressed(talk: Talk, press: OnboardingPress) -> None:
    """Go on, or end it; the message under which it was pressed loses its buttons."""
    _ = talk.plain
    officer = talk.speaker.officer
    if officer is None:
        talk.refuse(refusal("hidden" if talk.speaker.hidden else "stranger", _))
        return
    steps = await onboarding.of_officer(talk.session, press.officer_id)
    genuine = steps is not None and secrets.compare_digest(
        steps.nonce.encode(), press.nonce.encode()
    )
    if steps is None or not genuine or officer.id != press.officer_id:
        talk.refuse(_("此按钮已失效，请看最新的消息。"))
        return
    await _take_buttons(talk, steps)
    newcomer = newcomer_of(talk, officer)
    if press.action == "skip":
        onboarding.skip(steps, now=talk.now)
        await _show(talk, steps, newcomer, "skipped")
        return
    stage = onboarding.go_on(steps, newcomer, now=talk.now)
    if stage == "drill":
        try:
            await onboarding.practise(talk.session, steps, newcomer, talk.parts.desk, now=talk.now)
        except LiaisonError as fault:
            steps.stage = "skipped"
            await talk.reply(talk.fault(fault))
            return
    await _show(talk, steps, newcomer, stage)


async def _show(talk: Talk, steps: Onboarding, newcomer: Newcomer, stage: str) -> None:
    talk.answer()
    words = await onboarding.lessons(
        talk.session, steps, newcomer, voice(talk), talk.speaker.locale
    )
    said: Said
    if stage == "skipped":
        said = words.skipped()
    elif stage == "drill":
        said = words.calling()
    elif stage == "finished":
        said = words.finished(None)
    else:
        said = words.lesson(stage)
    steps.row_id = await talk.reply(said.text, said.buttons)


async def _take_buttons(talk: Talk, steps: Onboarding) -> None:
    """The message stays to be read again, without its buttons; what comes next is not kept waiting by that."""
    if steps.row_id is None:
        return
    row = await talk.session.get(OutgoingMessage, steps.row_id)
    if row is not None and "text" in row.payload:
        await talk.edit(row.id, row.payload["text"])
        row.priority = outbox.LATER


def newcomer_of(talk: Talk, officer: Officer) -> Newcomer:
    """The speaker as somebody who may take the first steps."""
    return Newcomer(officer, officer.court, talk.speaker.posts)
