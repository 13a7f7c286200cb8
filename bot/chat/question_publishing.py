"""发布: a coordinator puts an answered question on the list, in words from which everything personal is gone."""

from datetime import timedelta

from bot.chat import drafts
from bot.chat.replies import Buttons, Talk, bold, joined
from bot.chat.swap_commands import voice
from bot.models import Draft
from directory.court_codes import SUPREME
from notifications import faq, question_words, questions
from notifications.faq_index import SAME
from notifications.question_models import Question
from notifications.question_rights import coordinates

KIND = "publish"

#: How long the wording may take.
LIFETIME = timedelta(hours=12)


async def begin(talk: Talk, question: Question) -> None:
    """Show the wording as it was asked and answered; rights are judged already."""
    asked = next(one["text"] for one in question.turns if one["kind"] == "asked")
    said = next(one["text"] for one in reversed(question.turns) if one["kind"] == "answered")
    draft = await drafts.begin(
        talk.session,
        kind=KIND,
        chat_id=talk.chat_id,
        telegram_id=talk.speaker.telegram_id,
        data={"question": question.id, "q": asked, "a": said},
        lifetime=LIFETIME,
        now=talk.now,
    )
    text, buttons = await _preview(talk, draft)
    draft.data = {**draft.data, "message": await talk.reply(text, buttons)}


async def _preview(talk: Talk, draft: Draft) -> tuple[str, Buttons]:
    """The wording, and an entry that says the same already."""
    _ = talk.html
    plain = talk.plain
    data = draft.data
    lines = [
        bold(_("【发布到常见问题】请核对")),
        _("问：{text}", text=data["q"]),
        _("答：{text}", text=data["a"]),
        _("全国已关联人员都能看到。请去掉个案和个人信息；需要改写的，点“改问题”或“改答案”。"),
    ]
    rows = [
        [
            {"text": plain("改问题"), "data": drafts.encode(draft, "edit=q")},
            {"text": plain("改答案"), "data": drafts.encode(draft, "edit=a")},
        ],
        [
            {"text": plain("确认发布"), "data": drafts.encode(draft, "yes")},
            {"text": plain("取消"), "data": drafts.encode(draft, "no")},
        ],
    ]
    hits = await talk.parts.faq.find(
        talk.session, data["q"], province=talk.speaker.province, limit=1
    )
    near = [hit.id for hit in hits if hit.alike >= SAME]
    for entry in await faq.many(talk.session, near):
        lines.append(_("⚠️ 已有相同的问题：{text}", text=faq.said(entry, talk.locale)[0]))
        link = {"text": plain("关联到已有的"), "data": drafts.encode(draft, f"link={entry.id}")}
        rows.insert(1, [link])
    return joined(lines), rows


def asks(draft: Draft) -> bool:
    """Whether new words are waited for."""
    return bool(draft.data.get("asks"))


async def answered(talk: Talk, draft: Draft, text: str) -> bool:
    """The question or the answer in other words."""
    _ = talk.html
    if not asks(draft) or not talk.private:
        return False
    if (reason := await questions.unfit(talk.session, text)) is not None:
        await talk.reply(question_words.unfit(reason, _))
        return True
    data = {**draft.data, draft.data["asks"]: text.strip()}
    data.pop("asks")
    await talk.edit(data["message"], _("已改写，请看下方。"))
    drafts.go_on(draft, data, lifetime=LIFETIME, now=talk.now)
    said, buttons = await _preview(talk, draft)
    draft.data = {**data, "message": await talk.reply(said, buttons)}
    return True


async def chosen(talk: Talk, draft: Draft, choice: str) -> None:
    """改问题, 改答案, 返回, 关联, 确认发布, 取消."""
    _ = talk.plain
    word, _equals, value = choice.partition("=")
    question = await questions.locked(talk.session, draft.data["question"])
    if question is None or not coordinates(talk.speaker.viewer, questions.asked(question)):
        talk.refuse(_("只有省级协调员可以决定是否发布。"))
    elif word == "no":
        talk.answer()
        await drafts.close(talk.session, draft, now=talk.now)
        await talk.edit(draft.data["message"], talk.html("已取消，没有发布。"))
    elif question.decision is not None:
        talk.refuse(_("该操作此前已处理。"))
    elif word == "edit" and value in {"q", "a"}:
        talk.answer()
        await _ask(talk, draft, value)
    elif word == "back":
        talk.answer()
        data = {key: kept for key, kept in draft.data.items() if key != "asks"}
        drafts.go_on(draft, data, lifetime=LIFETIME, now=talk.now)
        said, buttons = await _preview(talk, draft)
        await talk.edit(data["message"], said, buttons)
    elif word == "yes":
        await _publish(talk, draft, question)
    elif word == "link" and value.isdecimal():
        await _link(talk, draft, question, int(value))
    else:
        talk.refuse(_("此按钮已失效，请看最新的消息。"))


async def _ask(talk: Talk, draft: Draft, part: str) -> None:
    _ = talk.html
    drafts.go_on(draft, {**draft.data, "asks": part}, lifetime=LIFETIME, now=talk.now)
    said = _("请直接发送新的问题。") if part == "q" else _("请直接发送新的答案。")
    lines = [bold(said), _("现为：{value}", value=draft.data[part])]
    row = [{"text": talk.plain("返回"), "data": drafts.encode(draft, "back")}]
    await talk.edit(draft.data["message"], joined(lines), [row])


async def _publish(talk: Talk, draft: Draft, question: Question) -> None:
    _ = talk.html
    officer = talk.speaker.officer
    data = draft.data
    # Judged once more: a wording taken over unchanged was never typed here.
    reason = await questions.unfit(talk.session, data["q"])
    reason = reason or await questions.unfit(talk.session, data["a"])
    if reason is not None or officer is None:
        talk.refuse(question_words.unfit(reason or "personal", talk.plain))
        return
    if not await drafts.close(talk.session, draft, now=talk.now):
        talk.refuse(talk.plain("该操作此前已处理。"))
        return
    talk.answer(talk.plain("已发布。"))
    entry = await faq.publish(
        talk.session, data["q"], data["a"],
        province=None if officer.court_code == SUPREME else officer.court.province,
        by=talk.speaker.actor.who, now=talk.now,
    )  # fmt: skip
    await questions.decide(
        talk.session, question, "published", voice(talk), now=talk.now, entry_id=entry.id
    )
    lines = [bold(_("✅ 已收入常见问题")), entry.question]
    await talk.edit(data["message"], joined(lines))


async def _link(talk: Talk, draft: Draft, question: Question, entry_id: int) -> None:
    _ = talk.html
    entry = await faq.get(talk.session, entry_id)
    if entry is None or not await drafts.close(talk.session, draft, now=talk.now):
        talk.refuse(talk.plain("此按钮已失效，请看最新的消息。"))
        return
    talk.answer()
    await questions.decide(
        talk.session, question, "linked", voice(talk), now=talk.now, entry_id=entry.id
    )
    lines = [bold(_("已关联到常见问题中的同一问题。")), entry.question]
    await talk.edit(draft.data["message"], joined(lines))
