"""Buttons of 这些还对吗?: 都对 and 已调离, by the person or whoever answers for the card; 知悉 and 仍在岗 under a departure.

修改 is the button of every card (`edit_buttons`). No button carries a right: each press is judged anew.
"""

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from bot.chat import drafts, edit_acts
from bot.chat.edit_acts import editor_of, entry_of
from bot.chat.edit_words import refusal as fault_said
from bot.chat.replies import Talk, joined
from bot.chat.swap_commands import voice
from bot.models import Draft
from directory import access
from directory.access import Action
from directory.change_models import Verification
from directory.edits import Refused
from directory.models import Officer
from notifications import outbox, verification_departures, verification_lists, verifications
from notifications.models import OutgoingMessage
from notifications.verification_words import WORD

#: The kind of the question whether somebody really left, and how long it may stand.
KIND = "verify"
LIFETIME = timedelta(minutes=30)

# Eighteen digits: every such number fits a database's key, whoever made it up.
_DATA = re.compile(rf"{WORD}:(ok|all|left|seen|back):([1-9][0-9]{{0,17}})")

#: What the action table calls what a button does.
_ACTIONS: dict[str, Action] = {
    "ok": "verify", "all": "verify", "left": "depart", "seen": "depart", "back": "return",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class VerificationPress:
    """A press of one of these buttons, under one asking."""

    action: Literal["ok", "all", "left", "seen", "back"]
    number: int


def decode(data: str) -> VerificationPress | None:
    """What was pressed; None for any other button."""
    match = _DATA.fullmatch(data)
    return VerificationPress(match[1], int(match[2])) if match else None  # type: ignore[arg-type]


async def pressed(talk: Talk, press: VerificationPress) -> None:
    """Do what the button says; who may not hears so alone."""
    _ = talk.plain
    row = await talk.session.get(Verification, press.number, populate_existing=True)
    entry = await entry_of(talk, f"o{row.officer_id}") if row is not None else None
    if row is None or not isinstance(entry, Officer) or not talk.private:
        talk.refuse(_("此按钮已失效，请看最新的消息。"))
    elif not access.may(
        talk.speaker.viewer, _ACTIONS[press.action], verification_lists.subject_of(entry)
    ):
        talk.refuse(_("您不能更改此条目。请由该法院带班领导、A岗或省级协调员更改。"))
    elif press.action in ("seen", "back"):
        await _departed(talk, row, entry, press.action)
    elif press.action == "all":
        await _all(talk, row)
    elif row.ended_at is not None:
        talk.refuse(_("该操作此前已处理。"))
    elif press.action == "ok":
        await verifications.confirm(
            talk.session, [row], by=editor_of(talk), voice=voice(talk), now=talk.now
        )
        talk.answer(_("已核对，谢谢。"))
    else:
        await _ask_again(talk, row, entry)


async def _all(talk: Talk, row: Verification) -> None:
    _ = talk.plain
    people = await verification_lists.beside(talk.session, row, talk.now)
    count = await verifications.confirm(
        talk.session, people, by=editor_of(talk), voice=voice(talk), now=talk.now
    )
    if count:
        talk.answer(_("已核对 {count} 人，谢谢。", count=count))
    else:
        talk.refuse(_("该操作此前已处理。"))


async def _ask_again(talk: Talk, row: Verification, officer: Officer) -> None:
    """已调离 cuts somebody off: it is said twice."""
    _ = talk.html
    talk.answer()
    draft = await drafts.begin(
        talk.session, kind=KIND, chat_id=talk.chat_id, telegram_id=talk.speaker.telegram_id,
        data={"row": row.id}, lifetime=LIFETIME, now=talk.now,
    )  # fmt: skip
    lines = await edit_acts.lines(talk, officer, {"do": "depart"})
    if talk.speaker.viewer.officer_id == officer.id:
        lines.append(_("将同时告知带班领导；没有带班领导的，告知省级协调员。"))
    lines.append(_("👉 确认已调离？"))
    plain = talk.plain
    row_of_buttons = [
        {"text": plain("确认已调离"), "data": drafts.encode(draft, "yes")},
        {"text": plain("取消"), "data": drafts.encode(draft, "no")},
    ]
    draft.data = {**draft.data, "message": await talk.reply(joined(lines), [row_of_buttons])}


async def chosen(talk: Talk, draft: Draft, choice: str) -> None:
    """确认已调离, or 取消."""
    _ = talk.plain
    row = await talk.session.get(Verification, draft.data["row"], populate_existing=True)
    if row is None or choice not in {"yes", "no"}:
        talk.refuse(_("此按钮已失效，请看最新的消息。"))
        return
    if not await drafts.close(talk.session, draft, now=talk.now):
        return
    if choice == "no":
        talk.answer()
        await talk.edit(draft.data["message"], talk.html("已取消，通讯录不变。"))
        return
    said = await verification_departures.leave(
        talk.session, row, by=editor_of(talk), voice=voice(talk), now=talk.now
    )
    told = {
        "left": _("已办理离任。历史立案和履历保留；不会再收到呼叫。"),
        "already": _("该操作此前已处理。"),
        "nobody": _(
            "本院带班领导和省级协调员目前都联系不到，暂不能办理离任。请先电话告知省级协调员。"
        ),
        "refused": _("您不能更改此条目。请由该法院带班领导、A岗或省级协调员更改。"),
    }
    talk.answer()
    if said == "left" and talk.speaker.viewer.officer_id == row.officer_id:
        await _farewell(talk, row, draft)
    await talk.edit(draft.data["message"], joined([told[said]]))


async def _farewell(talk: Talk, row: Verification, draft: Draft) -> None:
    """What is meant for a person is not sent once the account is free; these last words are."""
    question = await outbox.asked_once(talk.session, verifications.own_key(row.id))
    last = await talk.session.get_one(OutgoingMessage, draft.data["message"])
    for message in (question, last):
        if message is not None and message.chat_id == talk.chat_id:
            message.officer_id = None


async def _departed(
    talk: Talk, row: Verification, officer: Officer, how: Literal["seen", "back"]
) -> None:
    _ = talk.plain
    by = editor_of(talk)
    if how == "back":
        outcome = await verification_departures.bring_back(
            talk.session, row, by=by, voice=voice(talk), now=talk.now
        )
        if isinstance(outcome, Refused):
            talk.refuse(fault_said(outcome.faults[0], _))
            return
    closed = await verification_departures.close(
        talk.session, row, how, by=by, voice=voice(talk), now=talk.now
    )
    if not closed:
        talk.refuse(_("该操作此前已处理。"))
    elif how == "back":
        talk.answer(_("已恢复 {name} 的岗位。", name=officer.name))
    else:
        talk.answer(_("已记录。"))
