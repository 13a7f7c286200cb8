"""号码有误 under a card: what is wrong, by a button; and 无误, by whoever keeps the entry."""

import re
from datetime import timedelta

from bot.chat import drafts, people_brake
from bot.chat.edit_acts import court_of, editor_of, entry_of, kept
from bot.chat.edit_buttons import EntryPress, subject_of
from bot.chat.outcome_words import refusal
from bot.chat.replies import Talk, bold, joined
from bot.chat.swap_commands import voice
from bot.models import Draft
from directory import access
from directory.change_models import Correction
from directory.models import Officer
from notifications import corrections

KIND = "wrong"

#: How long the question what is wrong may stand.
LIFETIME = timedelta(minutes=30)

# Eighteen digits: every such number fits a database's key, whoever made it up.
_RIGHT = re.compile(rf"{corrections.WORD}:([1-9][0-9]{{0,17}})")


def decode(data: str) -> int | None:
    """The correction whose 无误 was pressed; None for any other button."""
    match = _RIGHT.fullmatch(data)
    return int(match[1]) if match else None


async def pressed(talk: Talk, press: EntryPress) -> None:
    """Ask what is wrong with the entry."""
    _ = talk.html
    key = f"o{press.officer_id}" if press.officer_id else f"c{press.court_code}"
    entry = await entry_of(talk, key)
    if talk.speaker.officer is None:
        talk.refuse(refusal("hidden" if talk.speaker.hidden else "stranger", talk.plain))
        return
    if isinstance(entry, Officer) and entry.left_at is not None:
        talk.refuse(talk.plain("此人已离任，或已不在通讯录中。"))
        return
    if entry is None or not access.may(talk.speaker.viewer, "report", subject_of(entry)):
        talk.refuse(talk.plain("此按钮已失效，请看最新的消息。"))
        return
    if isinstance(entry, Officer) and (limit := await people_brake.too_many(talk, 1)) is not None:
        # A made-up number names somebody as well.
        talk.refuse(people_brake.sentence(talk, limit, talk.plain))
        return
    talk.answer()
    draft = await drafts.begin(
        talk.session, kind=KIND, chat_id=talk.chat_id, telegram_id=talk.speaker.telegram_id,
        data={"entry": kept(entry)}, lifetime=LIFETIME, now=talk.now,
    )  # fmt: skip
    rows = [
        [{"text": words, "data": drafts.encode(draft, f"r={word}")}]
        for word, words in corrections.reasons(talk.plain).items()
    ]
    rows.append([{"text": talk.plain("取消"), "data": drafts.encode(draft, "no")}])
    lines = [
        bold(_("{name}：哪里有误？", name=entry.name)),
        _("将请{court}核对，处理结果会告知您。", court=court_of(entry).name),
    ]
    draft.data = {**draft.data, "message": await talk.reply(joined(lines), rows)}


async def chosen(talk: Talk, draft: Draft, choice: str) -> None:
    """What is wrong, or 取消."""
    _ = talk.html
    word, _equals, reason = choice.partition("=")
    entry = await entry_of(talk, draft.data["entry"])
    known = word == "r" and reason in corrections.reasons(talk.plain)
    if entry is None or not (known or word == "no"):
        talk.refuse(talk.plain("此按钮已失效，请看最新的消息。"))
        return
    if not access.may(talk.speaker.viewer, "report", subject_of(entry)):
        talk.refuse(refusal("stranger", talk.plain))
        return
    talk.answer()
    if not await drafts.close(talk.session, draft, now=talk.now):
        return
    if word == "no":
        await talk.edit(draft.data["message"], _("已取消，没有转告任何人。"))
        return
    officer = entry if isinstance(entry, Officer) else None
    speaker = talk.speaker.officer
    opened = await corrections.report(
        talk.session, court_of(entry), officer, reason=reason, by=editor_of(talk).who,
        by_officer_id=speaker.id if speaker is not None else None,
        voice=voice(talk), now=talk.now,
    )  # fmt: skip
    said = _(
        "已请{court}核对“{name}”，处理结果会告知您。", court=court_of(entry).name, name=entry.name
    )
    if opened is None:
        said = _("“{name}”此前已有人反映，正在核对。", name=entry.name)
    await talk.edit(draft.data["message"], said)


async def right(talk: Talk, number: int) -> None:
    """无误: the entry stays as it is, says whoever keeps it."""
    _ = talk.plain
    correction = await talk.session.get(Correction, number)
    entry = None
    if correction is not None:
        officer = correction.officer_id
        entry = await entry_of(talk, f"o{officer}" if officer else f"c{correction.court_code}")
    if correction is None or entry is None:
        talk.refuse(_("此按钮已失效，请看最新的消息。"))
    elif not access.may(talk.speaker.viewer, "verify", subject_of(entry)):
        talk.refuse(_("您不能更改此条目。请由该法院带班领导、A岗或省级协调员更改。"))
    elif await corrections.refuse(
        talk.session, correction, by=editor_of(talk).who, voice=voice(talk), now=talk.now
    ):
        talk.answer(_("已告知反映人：经核对无误。"))
    else:
        talk.refuse(_("该操作此前已处理。"))
