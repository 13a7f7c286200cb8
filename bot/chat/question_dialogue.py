"""`/ask`: a question typed, or a message replied to; what is published already is offered first. Answering is `question_presses`."""

from collections.abc import Sequence
from datetime import timedelta

from bot.chat import answerers_choice, drafts
from bot.chat.outcome_words import refusal
from bot.chat.replies import Buttons, Talk, bold, joined
from bot.chat.swap_commands import voice
from bot.models import Draft
from directory import courts, officers
from directory.texts import Translate
from notifications import faq, question_words, questions
from notifications.messages import local_time
from notifications.question_models import FaqEntry
from notifications.question_rights import TooMany
from notifications.questions import Place
from notifications.wording import Wording

KIND = "ask"

#: How long the question, or the choice among what is offered, is waited for.
LIFETIME = timedelta(minutes=30)

#: So many published questions are offered before a new one is asked.
MOST_OFFERED = 3


async def command(talk: Talk, words: str) -> None:
    """`/ask [QUESTION]`, in a group or alone; as a reply to a message it asks what stands there."""
    _ = talk.html
    if talk.speaker.officer is None:
        await talk.reply(refusal("hidden" if talk.speaker.hidden else "stranger", _))
        return
    text = words or talk.replied_text or ""
    # What somebody else wrote is answered there.
    about = talk.replied_to if not words and talk.replied_text else talk.message_id
    draft = await drafts.begin(
        talk.session,
        kind=KIND,
        chat_id=talk.chat_id,
        telegram_id=talk.speaker.telegram_id,
        data={"asks": True, "about": None if talk.private else about},
        lifetime=LIFETIME,
        now=talk.now,
    )
    if text:
        await _take(talk, draft, text)
    else:
        await _prompt(talk, draft)


async def _prompt(talk: Talk, draft: Draft) -> None:
    _ = talk.html
    question = _("请写下您的问题（不要写姓名、证件号、银行卡号、手机号）。")
    if not talk.private:
        row = await talk.reply(question, asks=str(_("写下您的问题")))
    else:
        buttons = [{"text": talk.plain("取消"), "data": drafts.encode(draft, "no")}]
        if talk.speaker.is_coordinator:
            label = talk.plain("答疑人员…")
            buttons.insert(0, {"text": label, "data": drafts.encode(draft, "who")})
        row = await talk.reply(question, [buttons])
    draft.data = {**draft.data, "message": row}


def asks(draft: Draft) -> bool:
    """Whether the question itself is still waited for."""
    return bool(draft.data.get("asks"))


async def answered(talk: Talk, draft: Draft, text: str) -> bool:
    """The question, typed; False when none is waited for."""
    if not asks(draft) or talk.speaker.officer is None:
        return False
    if not talk.private and draft.data["about"] is not None:
        draft.data = {**draft.data, "about": talk.message_id}
    await _take(talk, draft, text)
    return True


async def _take(talk: Talk, draft: Draft, text: str) -> None:
    """A question: refused, or answered by what is published, or asked."""
    _ = talk.html
    officer = talk.speaker.officer
    if officer is None:
        return
    if (reason := await questions.unfit(talk.session, text)) is not None:
        await talk.reply(question_words.unfit(reason, _))
        return
    limit = await questions.may_ask(talk.session, officer.id, now=talk.now)
    if limit is not None:
        await drafts.close(talk.session, draft, now=talk.now)
        await talk.reply(_flooded(talk, limit, _))
        return
    question = " ".join(text.split())
    hits = await talk.parts.faq.find(
        talk.session, question, province=talk.speaker.province, limit=MOST_OFFERED
    )
    data = {"text": question, "about": draft.data["about"], "offered": [hit.id for hit in hits]}
    drafts.go_on(draft, data, lifetime=LIFETIME, now=talk.now)
    if not hits:
        await _ask(talk, draft)
        return
    said, buttons = await _offer(talk, draft)
    draft.data = {**draft.data, "message": await talk.reply(said, buttons)}


async def _offer(talk: Talk, draft: Draft) -> tuple[str, Buttons]:
    """The published questions that resemble it, each with 看答案."""
    _ = talk.html
    plain = talk.plain
    entries = await faq.many(talk.session, draft.data["offered"])
    lines = [bold(_("常见问题里有相近的，请先看一看："))]
    lines += [
        f"{number}. {faq.said(entry, talk.locale)[0]}" for number, entry in enumerate(entries, 1)
    ]
    row = [
        {"text": _label(plain, number, entries), "data": drafts.encode(draft, f"see={entry.id}")}
        for number, entry in enumerate(entries, 1)
    ]
    return joined(lines), [row, *_further(draft, plain)]


def _label(translate: Translate, number: int, entries: Sequence[FaqEntry]) -> str:
    _ = translate
    return _("看答案") if len(entries) == 1 else _("看答案 {number}", number=number)


def _further(draft: Draft, translate: Translate) -> list[list[dict[str, str]]]:
    _ = translate
    return [
        [{"text": _("没有帮助，继续提问"), "data": drafts.encode(draft, "ask")}],
        [{"text": _("取消"), "data": drafts.encode(draft, "no")}],
    ]


async def chosen(talk: Talk, draft: Draft, choice: str) -> None:
    """看答案, 有帮助, 返回, 没有帮助，继续提问, 取消; for coordinators also 答疑人员."""
    _ = talk.plain
    word, _equals, value = choice.partition("=")
    if talk.speaker.officer is None:
        talk.refuse(refusal("hidden" if talk.speaker.hidden else "stranger", _))
    elif word == "no":
        talk.answer()
        await cancel(talk, draft)
    elif word == "who" and talk.speaker.is_coordinator:
        talk.answer()
        await cancel(talk, draft)
        await answerers_choice.begin(talk)
    elif "text" not in draft.data:
        talk.refuse(_("此按钮已失效，请看最新的消息。"))
    elif word in {"see", "good"} and value.isdecimal():
        await _see(talk, draft, int(value), helped=word == "good")
    elif word == "back":
        talk.answer()
        said, buttons = await _offer(talk, draft)
        await talk.edit(draft.data["message"], said, buttons)
    elif word == "ask":
        talk.answer()
        await _ask(talk, draft)
    else:
        talk.refuse(_("此按钮已失效，请看最新的消息。"))


async def _see(talk: Talk, draft: Draft, entry_id: int, *, helped: bool) -> None:
    """One answer; with `helped` it is the last word."""
    _ = talk.html
    plain = talk.plain
    entry = await faq.get(talk.session, entry_id) if entry_id in draft.data["offered"] else None
    if entry is None or talk.speaker.officer is None:
        talk.refuse(plain("此按钮已失效，请看最新的消息。"))
        return
    talk.answer()
    asked, said = faq.said(entry, talk.locale)
    lines = [bold(asked), said]
    if helped:
        if await drafts.close(talk.session, draft, now=talk.now):
            await faq.helped(talk.session, entry.id, talk.speaker.officer.id)
        await talk.edit(draft.data["message"], joined([*lines, _("✅ 已解决，没有另外提问。")]))
        return
    row = [
        {"text": plain("有帮助，不用问了"), "data": drafts.encode(draft, f"good={entry.id}")},
        {"text": plain("返回"), "data": drafts.encode(draft, "back")},
    ]
    await talk.edit(draft.data["message"], joined(lines), [row, *_further(draft, plain)])


async def _ask(talk: Talk, draft: Draft) -> None:
    """Bring the question to the province's answerers."""
    _ = talk.html
    officer = talk.speaker.officer
    if officer is None or not await drafts.close(talk.session, draft, now=talk.now):
        return
    opened = await questions.ask(
        talk.session, officer, officers.main_post(talk.speaker.posts), draft.data["text"],
        Place(talk.chat_id, draft.data["about"]), voice(talk), now=talk.now,
    )  # fmt: skip
    if isinstance(opened, TooMany):
        await talk.reply(_flooded(talk, opened, _))
    elif (row := draft.data.get("message")) is not None:
        await talk.edit(row, _("已提交，请看下方的提问。"))


def _flooded(talk: Talk, limit: TooMany, translate: Translate) -> str:
    time = ""
    if limit.again_at is not None and talk.speaker.linked is not None:
        zone = courts.zone_of(talk.speaker.linked.court, talk.parts.desk.timezone)
        time = Wording(translate).when(local_time(limit.again_at, zone, talk.now))
    return question_words.flooded(limit, translate, time)


async def cancel(talk: Talk, draft: Draft) -> None:
    """End it; nothing was asked."""
    _ = talk.html
    await drafts.close(talk.session, draft, now=talk.now)
    if not talk.private and asks(draft):
        # A question that opens the reply field is not edited.
        return
    if (row := draft.data.get("message")) is not None:
        await talk.edit(row, _("已取消，没有提问。"))
