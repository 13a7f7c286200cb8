"""A form filled in the private chat: one message from question to question, then all of it to check and hand in.

What is answered is stored at once (`notifications.form_filling`); the conversation only knows where somebody is.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from telegram import Message

from bot.chat import drafts, notice_draft, notice_rights, training_draft
from bot.chat.form_screens import FormScreens, Screen, fault_words, shut_words
from bot.chat.replies import Talk, joined
from bot.models import Draft
from notifications import form_filling, form_messages, form_rules, form_words
from notifications.form_filling import Given, Held, NumbersInAnswer, Writer
from notifications.form_rules import Refused, Shut, Value
from notifications.wording import Wording

KIND = "form_fill"

#: How long the next answer is waited for; what was answered stays.
LIFETIME = timedelta(hours=2)


@dataclass(slots=True)
class Filling:
    """A sheet in somebody's hands: the conversation, the sheet (locked), who writes, the last words on it."""

    talk: Talk
    draft: Draft
    held: Held
    writer: Writer
    given: dict[str, Given]

    @property
    def screens(self) -> FormScreens:
        """What can be shown of it."""
        return FormScreens(self.talk, self.draft, self.held, self.writer.acts, self.given)

    @property
    def place(self) -> int | None:
        """The question that is shown (from 0); None while all of them are."""
        place: int | None = self.draft.data.get("place")
        return place

    def shut(self) -> Shut | None:
        """Why no answer is taken; None while it is."""
        return self.held.shut(self.writer.acts, self.talk.now)

    async def reload(self) -> None:
        """Read the last words again."""
        self.given = await form_filling.given(self.talk.session, self.held)


async def begin(talk: Talk, held: Held, writer: Writer) -> None:
    """Open a sheet for somebody: at the first question without an answer, or to read it."""
    draft = await drafts.begin(
        talk.session,
        kind=KIND,
        chat_id=talk.chat_id,
        telegram_id=talk.speaker.telegram_id,
        data={"form": held.form.id, "court": held.sheet.court_code},
        lifetime=LIFETIME,
        now=talk.now,
    )
    filling = Filling(talk, draft, held, writer, {})
    await filling.reload()
    _seen(filling)
    answers = held.sheet.answers
    blank = [n for n, one in enumerate(held.questions) if answers.get(one.key) is None]
    talk.answer()
    if held.sheet.filled_at is not None or filling.shut() is not None or not blank:
        await _show(filling, None)
    else:
        await _show(filling, blank[0])


async def writer_of(talk: Talk, held: Held) -> Writer | None:
    """The speaker as somebody who fills this sheet; None for who may not."""
    signer, actor = notice_rights.signer(talk.speaker), talk.speaker.actor
    if signer is None:
        return None
    acts = form_rules.filler(signer, held.court.code, held.court.province)
    return Writer(actor.who, signer.officer_id, acts) if acts is not None else None


async def _load(talk: Talk, draft: Draft) -> Filling | None:
    held = await form_filling.hold(talk.session, draft.data["form"], draft.data["court"])
    writer = await writer_of(talk, held) if held is not None else None
    if held is None or writer is None:
        return None
    filling = Filling(talk, draft, held, writer, {})
    await filling.reload()
    return filling


async def chosen(talk: Talk, draft: Draft, choice: str) -> None:
    """A button of the conversation."""
    _ = talk.plain
    filling = await _load(talk, draft)
    if filling is None:
        talk.refuse(_("只有该院人员和所在省的协调员可以填报。"))
        return
    shut = filling.shut()
    if choice == "exit":
        await _leave(filling)
    elif shut is not None:
        talk.refuse(shut_words(shut, _))
        await _show(filling, None)
    elif choice == "go" and filling.place is None:
        await _submit(filling)
    elif filling.place is None or not await _of_question(filling, filling.place, choice):
        await _walk(filling, choice)


async def _of_question(filling: Filling, place: int, choice: str) -> bool:
    """A button that answers the question shown, takes its answer back or shows its picture; False for any other."""
    talk, asked = filling.talk, filling.held.questions[place]
    kind, _equals, value = choice.partition("=")
    if kind == "a":
        await _press_answer(filling, place, value)
    elif choice == "clear" and not asked.required:
        talk.answer(talk.plain("已清除。"))
        await _take(filling, place, None)
    elif choice == "picture" and asked.kind == "picture":
        talk.answer()
        await form_messages.send_picture(
            talk.session, filling.held, asked, talk.chat_id, filling.writer.officer_id, now=talk.now
        )
    else:
        return False
    return True


async def _walk(filling: Filling, choice: str) -> None:
    """To another question, from one to the next or out of the list of all; else to that list."""
    filling.talk.answer()
    kind, _equals, value = choice.partition("=")
    place = int(value) if kind in ("q", "to") and value.isdecimal() else None
    await _show(filling, place, from_all=kind == "q")


async def answered(talk: Talk, draft: Draft, text: str) -> bool:
    """A typed answer to the question that is shown; False when none is."""
    place: int | None = draft.data.get("place")
    if place is None:
        return False
    filling = await _taking(talk, draft)
    if filling is None:
        return True
    asked = filling.held.questions[place]
    read = form_rules.typed(asked, text)
    if isinstance(read, Refused):
        await talk.reply(fault_words(asked, read.reason, talk.html))
    else:
        await _take(filling, place, read)
    return True


async def _taking(talk: Talk, draft: Draft) -> Filling | None:
    """The sheet for whoever sent an answer; None once they were told why it takes none any more."""
    filling = await _load(talk, draft)
    if filling is None:
        await drafts.close(talk.session, draft, now=talk.now)
        await talk.reply(talk.html("只有该院人员和所在省的协调员可以填报。"))
        return None
    if filling.shut() is not None:
        await _show(filling, None)
        return None
    return filling


async def received(talk: Talk, message: Message) -> bool:
    """A picture, kept by its number and never fetched; False when none is wanted, or when a command says otherwise.

    Telegram shows no file as a picture later: whoever sends one as a file is asked to send it again.
    """
    if not talk.private or talk.text.lstrip().startswith("/"):
        return False
    if not message.photo and message.document is None:
        return False
    kinds = (KIND, notice_draft.KIND, training_draft.KIND)
    me = talk.speaker.telegram_id
    under_way = await drafts.open_ones(talk.session, kinds, talk.chat_id, me, now=talk.now)
    # Whichever was begun last is meant.
    if not under_way or under_way[0].kind != KIND:
        return False
    place: int | None = under_way[0].data.get("place")
    if place is None:
        return False
    if not message.photo:
        return await _refuse_file(talk, under_way[0], place)
    filling = await _taking(talk, under_way[0])
    if filling is not None:
        await _take_picture(filling, place, message)
    return True


async def _refuse_file(talk: Talk, draft: Draft, place: int) -> bool:
    """Say how a picture is to be sent; False when none is asked for, and the file is somebody else's business."""
    filling = await _load(talk, draft)
    if filling is None or filling.shut() or filling.held.questions[place].kind != "picture":
        return False
    await talk.reply(talk.html("没有保存：请把图片作为“图片”发送，不要作为“文件”。"))
    return True


async def _take_picture(filling: Filling, place: int, message: Message) -> None:
    if filling.held.questions[place].kind != "picture":
        await filling.talk.reply(filling.talk.html("此题不需要图片，没有保存。"))
        return
    name = f"{filling.held.court.code}-{place + 1}.jpg"
    # The last size is the largest.
    picture = {"file_id": message.photo[-1].file_id, "name": name}
    await _take(filling, place, picture)


async def _press_answer(filling: Filling, place: int, value: str) -> None:
    talk, asked = filling.talk, filling.held.questions[place]
    said: Value
    if asked.kind == "yes_no":
        said = value == "1"
    elif asked.kind == "choice" and value.isdecimal() and int(value) < len(asked.options):
        said = asked.options[int(value)]
    else:
        talk.refuse(talk.plain("此按钮已失效，请看最新的消息。"))
        return
    talk.answer()
    await _take(filling, place, said)


async def _take(filling: Filling, place: int, value: Value | None) -> None:
    """Store an answer and go on; whose answer it replaced is said."""
    talk, held = filling.talk, filling.held
    asked = held.questions[place]
    before = filling.given.get(asked.key)
    try:
        await form_filling.answer(talk.session, held, asked, value, filling.writer, now=talk.now)
    except NumbersInAnswer as fault:
        await talk.reply(talk.fault(fault))
        return
    notes = _colleagues(filling)
    if before is not None and _is_other(filling, before) and before.value not in (None, value):
        notes.append(_replaced(filling, place, before))
    await filling.reload()
    _seen(filling)
    from_all = filling.draft.data.get("from_all")
    await _show(filling, None if from_all else place + 1, notes=notes, answered=place)


def _is_other(filling: Filling, one: Given) -> bool:
    return one.officer_id != filling.writer.officer_id


def _replaced(filling: Filling, place: int, before: Given) -> str:
    _ = filling.talk.html
    who = Wording(_).signed(before.by)
    said = form_words.said(filling.held.questions[place], before.value, _)
    return _("第 {number} 题已改，此前 {who} 答：{answer}", number=place + 1, who=who, answer=said)


def _colleagues(filling: Filling) -> list[str]:
    """What others answered since this conversation last looked."""
    _ = filling.talk.html
    seen = filling.draft.data.get("seen", 0)
    lately: dict[str, list[int]] = {}
    for place, asked in enumerate(filling.held.questions):
        last = filling.given.get(asked.key)
        if last is not None and last.number > seen and _is_other(filling, last):
            lately.setdefault(last.by, []).append(place)
    return [
        _(
            "👥 {who} 刚答了第 {numbers} 题",
            who=Wording(_).signed(who), numbers=filling.screens.numbers(places),
        )
        for who, places in lately.items()
    ]  # fmt: skip


def _seen(filling: Filling) -> None:
    last = max((one.number for one in filling.given.values()), default=0)
    filling.draft.data = {**filling.draft.data, "seen": last}


async def _submit(filling: Filling) -> None:
    talk, _ = filling.talk, filling.talk.plain
    came = await form_filling.submit(talk.session, filling.held, filling.writer, now=talk.now)
    if came == "filled":
        talk.answer(_("已提交。"))
        await drafts.close(talk.session, filling.draft, now=talk.now)
        inspects = filling.writer.acts == "inspector"
        following = await form_filling.next_court(talk.session, filling.held) if inspects else None
        await _say(filling, filling.screens.handed_in(filling.shut(), following))
        return
    who = Wording(_).signed(filling.held.sheet.filled_by or "")
    talk.refuse(_("{who} 已提交。", who=who) if came == "already" else _("还有必填题没有答。"))
    await _show(filling, None)


async def cancel(talk: Talk, draft: Draft) -> None:
    """Leave the form under way; what was answered stays."""
    filling = await _load(talk, draft)
    if filling is None:
        await drafts.close(talk.session, draft, now=talk.now)
    else:
        await _leave(filling)


async def _leave(filling: Filling) -> None:
    filling.talk.answer()
    await drafts.close(filling.talk.session, filling.draft, now=filling.talk.now)
    await _say(filling, filling.screens.left())


async def _show(
    filling: Filling,
    place: int | None,
    *,
    from_all: bool = False,
    notes: list[str] | None = None,
    answered: int | None = None,
) -> None:
    """Show the question at `place`, or all of them (None, and beyond the last)."""
    if place is not None and place >= len(filling.held.questions):
        place = None
    lines = notes if notes is not None else _colleagues(filling)
    _seen(filling)
    data: dict[str, Any] = {**filling.draft.data, "place": place, "from_all": from_all}
    drafts.go_on(filling.draft, data, lifetime=LIFETIME, now=filling.talk.now)
    screens = filling.screens
    shown = screens.everything(filling.shut()) if place is None else screens.question(place)
    head = [*lines, ""] if lines else []
    await _say(filling, Screen([*head, *shown.lines], shown.rows), answered=answered)


async def _say(filling: Filling, shown: Screen, *, answered: int | None = None) -> None:
    """A press changes the message it is under; below what was typed a new one follows, and the old one keeps the answer."""
    talk, draft = filling.talk, filling.draft
    row = draft.data.get("message")
    if row is not None and talk.query_id is not None:
        await talk.edit(row, joined(shown.lines), shown.rows)
        return
    if row is not None and answered is not None:
        await talk.edit(row, filling.screens.record(answered))
    row = await talk.reply(joined(shown.lines), shown.rows)
    draft.data = {**draft.data, "message": row}
