"""A quiz taken by buttons in the private chat: one message, a question after the other, then what came of it."""

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from bot.chat import notice_words
from bot.chat.outcome_words import refusal
from bot.chat.replies import Talk, bold, joined
from notifications import quizzes, training, training_rules
from notifications.quiz_file import LETTERS
from notifications.training_models import QuizTry, TrainingSession
from notifications.training_rules import Marks, NoTry, Question

# Eighteen digits: every such number fits a database's key, whoever made it up.
_DATA = re.compile(r"quiz:([1-9][0-9]{0,17}):(go|[A-Za-z0-9_-]{8})(?::([0-9]{1,2}):([0-9]))?")


@dataclass(frozen=True, slots=True)
class QuizPress:
    """做测验 under a session (`nonce` is `go`), or the choice of an answer in a try."""

    number: int
    nonce: str
    place: int
    choice: int


def decode(data: str) -> QuizPress | None:
    """What was pressed; None for any other button."""
    match = _DATA.fullmatch(data)
    if match is None or (match[2] == "go") != (match[3] is None):
        return None
    return QuizPress(int(match[1]), match[2], int(match[3] or 0), int(match[4] or 0))


async def button(talk: Talk, held: TrainingSession) -> list[dict[str, str]]:
    """The button by which a session's quiz is taken; none before it begins, without a quiz, or once it is passed."""
    _ = talk.html
    officer = talk.speaker.officer
    if officer is None or held.cancelled_at is not None or talk.now < held.starts_at:
        return []
    if not await quizzes.questions_of(talk.session, held.id):
        return []
    tries = await quizzes.tries_of(talk.session, held.id, officer.id)
    if any(one.passed for one in tries):
        return []
    return [{"text": _("做测验"), "data": f"quiz:{held.id}:go", "style": "primary"}]


async def pressed(talk: Talk, press: QuizPress) -> None:
    """Begin, or take an answer; only whose try it is can go on with it."""
    _ = talk.plain
    if talk.speaker.officer is None:
        talk.refuse(refusal("hidden" if talk.speaker.hidden else "stranger", _))
    elif not talk.private:
        talk.refuse(_("请私聊机器人发送 /training。"))
    elif press.nonce == "go":
        await _begin(talk, press.number)
    else:
        await _answer(talk, press)


async def _begin(talk: Talk, training_id: int) -> None:
    _ = talk.plain
    held = await training.hold(talk.session, training_id)
    officer = talk.speaker.officer
    if held is None or officer is None or not await _may_take(talk, held, officer.id):
        talk.refuse(_("此按钮已失效，请看最新的消息。"))
        return
    questions = await quizzes.questions_of(talk.session, held.id)
    came = await quizzes.begin(talk.session, held, officer, now=talk.now)
    if isinstance(came, NoTry):
        talk.refuse(_refused(talk, came))
        return
    talk.answer()
    text, row = _asked(talk, came, questions)
    came.row_id = await talk.reply(text, [row])


async def _may_take(talk: Talk, held: TrainingSession, officer_id: int) -> bool:
    """Whether there is a quiz now, for somebody to whom the session was announced or who came."""
    offered = await button(talk, held)
    return bool(offered) and await training.is_for(talk.session, held, officer_id)


def _refused(talk: Talk, why: NoTry) -> str:
    _ = talk.plain
    if why.again_at is not None:
        return _("请于 {time} 后再做。", time=notice_words.when(talk, why.again_at))
    if why.reason == "passed":
        return _("您已通过此测验。")
    return _("已做 {most} 次，不能再做。", most=training_rules.MOST_TRIES)


async def _answer(talk: Talk, press: QuizPress) -> None:
    _ = talk.plain
    held = await quizzes.hold(talk.session, press.number)
    officer = talk.speaker.officer
    genuine = held is not None and secrets.compare_digest(held.nonce.encode(), press.nonce.encode())
    if held is None or not genuine or officer is None or held.officer_id != officer.id:
        talk.refuse(_("此按钮已失效，请看最新的消息。"))
        return
    questions = await quizzes.questions_of(talk.session, held.session_id)
    came = quizzes.answer(held, questions, press.place, press.choice, now=talk.now)
    if came is False:
        talk.refuse(_("此题已答。"))
        return
    talk.answer()
    if came is True:
        text, row = _asked(talk, held, questions)
        rows = [row]
    else:
        text, rows = await _result(talk, held, questions, came), []
    if held.row_id is not None:
        await talk.edit(held.row_id, text, rows)


def _asked(
    talk: Talk, held: QuizTry, questions: Sequence[Question]
) -> tuple[str, list[dict[str, str]]]:
    """The question that is next, with its choices as letters."""
    _ = talk.html
    place = len(held.answers)
    asked = questions[place]
    lines = [
        bold(_("测验　第 {number}/{count} 题", number=place + 1, count=len(questions))),
        asked.text,
        "",
        *(f"{LETTERS[at]}. {choice}" for at, choice in enumerate(asked.choices)),
    ]
    row = [
        {"text": LETTERS[at], "data": f"quiz:{held.id}:{held.nonce}:{place}:{at}"}
        for at in range(len(asked.choices))
    ]
    return joined(lines), row


async def _result(talk: Talk, held: QuizTry, questions: Sequence[Question], came: Marks) -> str:
    """The marks; the right answers once nobody can use them for another try."""
    _ = talk.html
    data = {"right": came.right, "count": came.questions}
    tries = await quizzes.tries_of(talk.session, held.session_id, held.officer_id)
    left = training_rules.MOST_TRIES - len(tries)
    lines = [bold(_("✅ 测验通过：答对 {right}/{count}", **data))]
    if not came.passed:
        percent = training_rules.PASS_PERCENT
        lines = [
            bold(_("❌ 测验未通过：答对 {right}/{count}，须达 {percent}%", percent=percent, **data))
        ]
    for place in came.wrong:
        asked = questions[place]
        answer = f"{LETTERS[asked.right]}. {asked.choices[asked.right]}"
        if came.passed or left <= 0:
            lines += ["", f"{place + 1}. {asked.text}", _("正确答案：{answer}", answer=answer)]
    if not came.passed and left > 0:
        wrong = _("、").join(str(place + 1) for place in came.wrong)
        minutes = int(training_rules.RETRY_AFTER.total_seconds()) // 60
        lines += [
            _("答错的题：{numbers}", numbers=wrong),
            _(
                "{minutes} 分钟后可以再做，还有 {left} 次：/training",
                minutes=minutes, left=left,
            ),
        ]  # fmt: skip
    return joined(_within(lines))


def _within(lines: list[str], most: int = 3800) -> list[str]:
    """As many lines as a message holds."""
    kept: list[str] = []
    for line in lines:
        if sum(len(one) + 1 for one in kept) + len(line) > most:
            return [*kept, "…"]
        kept.append(line)
    return kept
