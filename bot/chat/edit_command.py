"""`/edit` and the button 修改: a card or a court changed in the private chat, field by field, before → after first.

What may be changed says `directory.access`, what an edit does `bot.chat.edit_acts`; nothing is written
without 保存, and never over what somebody else has changed meanwhile.
"""

from collections.abc import Sequence

from bot.chat import drafts, edit_acts, edit_people, export_buttons
from bot.chat.edit_acts import LIFETIME, Entry, court_of, entry_of, go_on, kept, preview, values_of
from bot.chat.edit_buttons import EntryPress, subject_of
from bot.chat.edit_choice import meant
from bot.chat.edit_words import label, line_of, refusal, shown, step, steps
from bot.chat.filing_rows import named
from bot.chat.outcome_words import refusal as nobody
from bot.chat.replies import Talk, bold, joined
from bot.chat.swap_commands import voice
from bot.models import Draft
from directory import access, courts
from directory.edits import Conflict, Edited, Refused
from directory.models import Officer
from notifications import corrections, verifications
from notifications.messages import local_time
from notifications.wording import Wording

KIND = "edit"

#: The fields offered here, in this order; the others are changed by file.
OFFICER_FIELDS = ("desk_phone", "mobile", "title", "department", "name")
COURT_FIELDS = (
    "hours", "phone", "address", "aliases", "answer_target_min", "result_target_min",
)  # fmt: skip

#: The field that nobody may empty.
_NEEDED = frozenset({"name"})


async def command(talk: Talk, words: str) -> None:
    """`/edit [COURT or PERSON]`, in the private chat; without words the own card."""
    _ = talk.html
    if talk.speaker.linked is None:
        await talk.reply(nobody("hidden" if talk.speaker.hidden else "stranger", _))
    elif not talk.private:
        await talk.reply(_("请私聊机器人发送 /edit。"))
    else:
        entry = await meant(talk, words) if words else talk.speaker.linked
        if entry is not None:
            await begin(talk, entry, () if words else _other_entries(talk))


def _other_entries(talk: Talk) -> Sequence[str]:
    """Over the own card: how to come to the other entries, for whoever keeps more than their own."""
    own = talk.speaker.linked
    if own is None or not access.may(talk.speaker.viewer, "edit", subject_of(own.court)):
        return ()
    return (talk.html("改法院或其他人员：/edit 代字或姓名"), "")


async def pressed(talk: Talk, press: EntryPress) -> None:
    """修改 under a card."""
    _ = talk.plain
    key = f"o{press.officer_id}" if press.officer_id else f"c{press.court_code}"
    entry = await entry_of(talk, key)
    if entry is None or not talk.private or not _may_open(talk, entry):
        talk.refuse(_("您不能更改此条目。请由该法院带班领导、A岗或省级协调员更改。"))
        return
    talk.answer()
    await begin(talk, entry)


def _may_open(talk: Talk, entry: Entry) -> bool:
    left = isinstance(entry, Officer) and entry.left_at is not None
    return access.may(talk.speaker.viewer, "return" if left else "edit", subject_of(entry))


async def begin(talk: Talk, entry: Entry, head: Sequence[str] = ()) -> None:
    """Open the conversation about an entry with a message of its own."""
    _ = talk.html
    if not _may_open(talk, entry):
        await talk.reply(_("您不能更改此条目。请由该法院带班领导、A岗或省级协调员更改。"))
        return
    draft = await drafts.begin(
        talk.session, kind=KIND, chat_id=talk.chat_id, telegram_id=talk.speaker.telegram_id,
        data={"entry": kept(entry)}, lifetime=LIFETIME, now=talk.now,
    )  # fmt: skip
    draft.data = {**draft.data, "message": await talk.reply("…")}
    await _menu(talk, draft, entry, head)


async def _menu(talk: Talk, draft: Draft, entry: Entry, head: Sequence[str] = ()) -> None:
    """The entry as it is, and a button for everything that this speaker may change of it."""
    _ = talk.html
    go_on(talk, draft, entry=kept(entry))
    values = values_of(entry)
    if isinstance(entry, Officer):
        lines = [bold(_("{name}　{court}", name=entry.name, court=named(entry.court)))]
        lines += edit_people.post_lines(talk, entry)
    else:
        lines = [bold(named(entry))]
    fields = _fields(talk, entry)
    lines += [line_of(one, values[one], _) for one in fields if one != "name"]
    lines.append(_("请点选要更改的内容"))
    plain = talk.plain
    buttons = [
        {"text": label(one, plain), "data": drafts.encode(draft, f"f={one}")} for one in fields
    ]
    rows = [buttons[at : at + 2] for at in range(0, len(buttons), 2)]
    rows += edit_people.rows(talk, draft, entry)
    rows += export_buttons.buttons(talk)
    rows.append([{"text": plain("完成"), "data": drafts.encode(draft, "no")}])
    await talk.edit(draft.data["message"], joined([*head, *lines]), rows)


def _fields(talk: Talk, entry: Entry) -> list[str]:
    """What this speaker may change here; no mobile where none may be written into a chat."""
    subject, viewer = subject_of(entry), talk.speaker.viewer
    if isinstance(entry, Officer):
        if entry.left_at is not None:
            return []
        phones = talk.parts.settings.chat_phones
        offered = [
            one
            for one in OFFICER_FIELDS
            if access.sees_in_chat(viewer, one, subject, phones=phones, private=True) != "no"
        ]
    else:
        offered = list(COURT_FIELDS)
    return [one for one in offered if access.writes(viewer, one, subject)]


def asks(draft: Draft) -> bool:
    """Whether a typed answer is waited for."""
    return bool(draft.data.get("asks"))


async def answered(talk: Talk, draft: Draft, text: str) -> bool:
    """What was typed for the field, the new person's name or the other court; False when nothing was asked."""
    if not asks(draft) or not talk.private:
        return False
    entry = await entry_of(talk, draft.data["entry"])
    if entry is None:
        return False
    asked = draft.data["asks"]
    if asked in {"add", "move"}:
        said = await edit_people.answered(talk, draft, entry, text)
        if said is not None:
            await _ask_again(talk, said)
        return True
    await _typed(talk, draft, entry, asked, text)
    return True


async def _typed(talk: Talk, draft: Draft, entry: Entry, field: str, text: str) -> None:
    _ = talk.html
    if found := edit_acts.faults_of(entry, field, text):
        await _ask_again(talk, refusal(found[0], talk.plain))
        return
    # The question's buttons end with it: what follows stands below what was typed.
    question = label(field, _)
    await talk.edit(draft.data["message"], _("已收到新的{field}，请看下方。", field=question))
    act = {"do": "field", "field": field, "value": text, "seen": values_of(entry)[field]}
    go_on(talk, draft, message=await talk.reply("…"), act=act)
    await preview(talk, draft, entry)


async def _ask_again(talk: Talk, said: str) -> None:
    await talk.reply(joined([said, talk.html("请重新发送；/cancel 取消。")]))


async def chosen(talk: Talk, draft: Draft, choice: str) -> None:
    """A tap on any of the conversation's buttons; each is judged anew when it writes."""
    _ = talk.plain
    word, _equals, value = choice.partition("=")
    entry = await entry_of(talk, draft.data["entry"])
    if entry is None or not _may_open(talk, entry):
        talk.refuse(_("您不能更改此条目。请由该法院带班领导、A岗或省级协调员更改。"))
    elif word == "no":
        talk.answer()
        await cancel(talk, draft)
    elif word in {"back", "keep"}:
        talk.answer()
        await _menu(talk, draft, entry)
    elif word == "f" and value in _fields(talk, entry):
        talk.answer()
        await _ask(talk, draft, entry, value)
    elif word == "clear" and asks(draft) and draft.data["asks"] not in _NEEDED:
        talk.answer()
        await _clear(talk, draft, entry)
    elif word in {"save", "force"} and "act" in draft.data:
        talk.answer()
        await _save(talk, draft, entry)
    elif word == "who" and value.isdecimal():
        await _open(talk, draft, int(value))
    elif not await edit_people.chosen(talk, draft, entry, word, value):
        talk.refuse(_("此按钮已失效，请看最新的消息。"))


async def cancel(talk: Talk, draft: Draft) -> None:
    """End the conversation; what was not saved is not kept."""
    _ = talk.html
    await drafts.close(talk.session, draft, now=talk.now)
    draft.data = {key: draft.data[key] for key in ("entry", "message")}
    await talk.edit(draft.data["message"], _("已结束。已保存的有效，其余没有改动。"))


async def _open(talk: Talk, draft: Draft, officer_id: int) -> None:
    """A person of the court's list."""
    officer = await entry_of(talk, f"o{officer_id}")
    if officer is None or not _may_open(talk, officer):
        talk.refuse(talk.plain("此按钮已失效，请看最新的消息。"))
        return
    talk.answer()
    await _menu(talk, draft, officer)


async def _ask(talk: Talk, draft: Draft, entry: Entry, field: str) -> None:
    _ = talk.html
    plain = talk.plain
    go_on(talk, draft, asks=field)
    now_is = shown(field, values_of(entry)[field], _)
    lines = [
        bold(_("{field}：请直接发送新的内容", field=label(field, _))),
        _("现为：{value}", value=now_is),
    ]
    if field == "hours":
        lines.append(_("例如 08:30-11:30 13:30-17:00"))
    row = [{"text": plain("返回"), "data": drafts.encode(draft, "back")}]
    if field not in _NEEDED:
        row.insert(0, {"text": plain("清空"), "data": drafts.encode(draft, "clear")})
    await talk.edit(draft.data["message"], joined(lines), [row])


async def _clear(talk: Talk, draft: Draft, entry: Entry) -> None:
    field = draft.data["asks"]
    act = {"do": "field", "field": field, "value": "", "seen": values_of(entry)[field]}
    go_on(talk, draft, act=act)
    await preview(talk, draft, entry)


async def _save(talk: Talk, draft: Draft, entry: Entry) -> None:
    outcome = await edit_acts.perform(talk, entry, draft.data["act"])
    match outcome:
        case Conflict():
            await _show_conflict(talk, draft, entry, outcome)
        case Refused():
            said = [refusal(fault, talk.plain) for fault in outcome.faults[:3]]
            await _menu(talk, draft, entry, said)
        case Edited():
            await _saved(talk, draft, entry, outcome)


async def _saved(talk: Talk, draft: Draft, entry: Entry, outcome: Edited) -> None:
    _ = talk.html
    head = [_("内容与现状相同，没有改动。")]
    if outcome.change is not None:
        head = [_("✅ 已保存"), *steps(outcome.change, _), ""]
        await corrections.settle(talk.session, voice(talk), now=talk.now)
        if isinstance(entry, Officer):
            await verifications.settle(
                talk.session, entry, outcome.change,
                by=edit_acts.editor_of(talk), voice=voice(talk), now=talk.now,
            )  # fmt: skip
    shown_next: Entry = outcome.officer or entry
    left = isinstance(shown_next, Officer) and shown_next.left_at is not None
    if left or not _may_open(talk, shown_next):
        await drafts.close(talk.session, draft, now=talk.now)
        draft.data = {key: draft.data[key] for key in ("entry", "message")}
        await talk.edit(draft.data["message"], joined(head))
        return
    # Read anew: a new person has a number now, and courts may differ.
    again = await entry_of(talk, kept(shown_next))
    await _menu(talk, draft, again or shown_next, head)


async def _show_conflict(talk: Talk, draft: Draft, entry: Entry, met: Conflict) -> None:
    """Both values, who was there first, and the choice; what stands now is what 仍要改 goes over."""
    _ = talk.html
    plain = talk.plain
    act = {**draft.data["act"], "seen": met.now_is}
    zone = courts.zone_of(court_of(entry), talk.parts.desk.timezone)
    when = Wording(_).when(local_time(met.at, zone, talk.now)) if met.at is not None else "—"
    lines = [
        bold(_("该内容刚刚被他人更改，尚未保存您的修改")),
        _("{who}　{when}", who=met.by or "—", when=when),
        step(met.field, met.seen, met.now_is, _),
        _("您要改为："),
        *await edit_acts.lines(talk, entry, act),
    ]
    go_on(talk, draft, act=act)
    row = [
        {"text": plain("仍要改"), "data": drafts.encode(draft, "force")},
        {"text": plain("保留"), "data": drafts.encode(draft, "keep")},
    ]
    await talk.edit(draft.data["message"], joined(lines), [row])
