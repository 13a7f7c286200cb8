"""Buttons under a question, and replies to it: 回答, 已解决, 继续追问, 发布, 不发布. Who may is judged anew each time."""

import re
from dataclasses import dataclass
from datetime import timedelta

from bot.chat import drafts, question_publishing
from bot.chat.outcome_words import refusal
from bot.chat.replies import Talk
from bot.chat.swap_commands import voice
from bot.models import Draft
from directory import officers
from notifications import question_readers, question_words, questions
from notifications.question_models import Question
from notifications.question_rights import coordinates, is_thanks, may_add, may_answer
from notifications.question_words import ACTIONS, WORD

#: Conversations: an answer is waited for, or what the asker wants to know besides.
ANSWER, MORE = "answer", "ask_more"

#: How long it is waited for.
LIFETIME = timedelta(minutes=30)

# Eighteen digits: every such number fits a database's key, whoever made it up.
_DATA = re.compile(rf"{WORD}:([1-9][0-9]{{0,17}}):([A-Za-z0-9_-]{{1,12}}):({'|'.join(ACTIONS)})")


@dataclass(frozen=True, slots=True)
class QuestionPress:
    """A press of one of these buttons."""

    number: int
    nonce: str
    action: str


def decode(data: str) -> QuestionPress | None:
    """What was pressed; None for any other button."""
    match = _DATA.fullmatch(data)
    return QuestionPress(int(match[1]), match[2], match[3]) if match else None


async def pressed(talk: Talk, press: QuestionPress) -> None:
    """Do what the button says; who may not hears so alone."""
    _ = talk.plain
    question = await questions.locked(talk.session, press.number)
    if question is None or question.nonce != press.nonce:
        talk.refuse(_("此按钮已失效，请看最新的消息。"))
    elif talk.speaker.officer is None:
        talk.refuse(refusal("hidden" if talk.speaker.hidden else "stranger", _))
    elif press.action == "answer":
        await _begin_answer(talk, question)
    elif press.action in {"publish", "keep"}:
        await _decide(talk, question, press.action)
    elif talk.speaker.officer.id != question.asked_by_officer_id:
        talk.refuse(_("只有提问人可以点此按钮。"))
    elif press.action == "more":
        await _begin_more(talk, question)
    elif question.state == "solved":
        talk.refuse(_("该操作此前已处理。"))
    else:
        await questions.solve(talk.session, question, voice(talk), now=talk.now)
        talk.answer(_("已解决。"))


async def _decide(talk: Talk, question: Question, action: str) -> None:
    _ = talk.plain
    if not coordinates(talk.speaker.viewer, questions.asked(question)):
        talk.refuse(_("只有省级协调员可以决定是否发布。"))
    elif question.decision is not None:
        talk.refuse(_("该操作此前已处理。"))
    elif question.state == "open" or not question_words.has_answer(question):
        talk.refuse(_("尚未答复，不能发布。"))
    elif action == "keep":
        await questions.decide(talk.session, question, "kept", voice(talk), now=talk.now)
        talk.answer(_("不收入常见问题。"))
    else:
        talk.answer()
        await question_publishing.begin(talk, question)


async def _refused(talk: Talk, question: Question) -> str | None:
    """Why the speaker may not answer now, in plain words."""
    _ = talk.plain
    viewer, asked = talk.speaker.viewer, questions.asked(question)
    if talk.speaker.officer is None:
        return refusal("hidden" if talk.speaker.hidden else "stranger", _)
    appointed = await question_readers.appointed(talk.session, question.province)
    if not may_answer(viewer, asked, appointed):
        return _("只有本省答疑人员和省级协调员可以答复。")
    if question.state != "open" and not may_add(viewer, asked):
        if question.answered_by is None:
            return _("提问人已自行解决，不用再答复。")
        return _("此问题已由 {who} 答复。", who=question.answered_by)
    return None


async def _begin_answer(talk: Talk, question: Question) -> None:
    said = await _refused(talk, question)
    if said is not None:
        talk.refuse(said)
        return
    talk.answer()
    _ = talk.html
    await _wait_for(
        talk,
        ANSWER,
        question,
        _("请写下答复（不要写姓名、证件号、银行卡号、手机号）。"),
        _("写下答复"),
    )


async def _begin_more(talk: Talk, question: Question) -> None:
    talk.answer()
    _ = talk.html
    await _wait_for(
        talk,
        MORE,
        question,
        _("请写下还想问的内容（不要写姓名、证件号、银行卡号、手机号）。"),
        _("写下追问"),
    )


async def _wait_for(talk: Talk, kind: str, question: Question, text: str, field: str) -> None:
    await drafts.begin(
        talk.session,
        kind=kind,
        chat_id=talk.chat_id,
        telegram_id=talk.speaker.telegram_id,
        data={"question": question.id},
        lifetime=LIFETIME,
        now=talk.now,
    )
    await talk.reply(text, asks=str(field))


async def answered(talk: Talk, draft: Draft, text: str) -> bool:
    """What was waited for, typed."""
    question = await questions.locked(talk.session, draft.data["question"])
    if question is None:
        return False
    taken = await (_answer if draft.kind == ANSWER else _more)(talk, question, text)
    if taken:
        await drafts.close(talk.session, draft, now=talk.now)
    return True


async def replied(talk: Talk, text: str) -> bool:
    """A reply to a message that shows a question: from the asker an addition, from others an answer."""
    if talk.replied_to is None:
        return False
    found = await questions.of_message(talk.session, talk.chat_id, talk.replied_to)
    if found is None:
        return False
    question, role = found
    officer = talk.speaker.officer
    asker = officer is not None and officer.id == question.asked_by_officer_id
    if asker and role in {"thread", "answer"}:
        await _more(talk, question, text)
    else:
        await _answer(talk, question, text)
    return True


async def _answer(talk: Talk, question: Question, text: str) -> bool:
    """An answer: taken, or refused with the reason; True when taken."""
    _ = talk.html
    said = await _refused(talk, question)
    officer = talk.speaker.officer
    if said is not None or officer is None:
        await talk.reply(said or "")
        return False
    if (reason := await questions.unfit(talk.session, text)) is not None:
        await talk.reply(question_words.unfit(reason, _))
        return False
    told_asker = await questions.answer(
        talk.session, question, officer, officers.main_post(talk.speaker.posts), _plain(text),
        voice(talk), now=talk.now,
    )  # fmt: skip
    if not told_asker:
        await talk.reply(_("答复已记录；提问人的聊天账号现在无法送达，请另行告知。"))
    elif talk.private:
        await talk.reply(_("答复已发给提问人。"))
    return True


async def _more(talk: Talk, question: Question, text: str) -> bool:
    _ = talk.html
    officer = talk.speaker.officer
    if officer is None or officer.id != question.asked_by_officer_id:
        await talk.reply(_("只有提问人可以追问。"))
        return False
    if question.state == "answered" and is_thanks(text):
        await questions.solve(talk.session, question, voice(talk), now=talk.now)
        if talk.private:
            await talk.reply(_("已记为已解决；还想问的，请再回复答复。"))
        return True
    if (reason := await questions.unfit(talk.session, text)) is not None:
        await talk.reply(question_words.unfit(reason, _))
        return False
    if not await questions.go_on(talk.session, question, _plain(text), voice(talk), now=talk.now):
        await talk.reply(_("此问题往来已较多，请用 /ask 另提一个问题。"))
        return False
    await talk.reply(_("已转答疑人员，答复将发到这里。"))
    return True


def _plain(text: str) -> str:
    """The text without blanks at its ends and empty lines."""
    return "\n".join(line for line in (line.strip() for line in text.splitlines()) if line)
