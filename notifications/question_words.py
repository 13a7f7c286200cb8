"""What the messages about a question say, and their buttons. Decides nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from directory.models import Court
from directory.texts import Translate
from notifications.notice_text import length
from notifications.question_ladder import STAGES
from notifications.question_models import Question
from notifications.question_rights import LONGEST, MOST_OPEN, SHORTEST, TooMany
from notifications.told import Said, Voice, bold, joined, moment
from notifications.wording import Wording

#: The word before a question's number in callback data.
WORD = "question"

Action = Literal["answer", "solved", "more", "publish", "keep"]
ACTIONS: tuple[Action, ...] = ("answer", "solved", "more", "publish", "keep")

#: Whose copies ask whether it is published.
DECIDING = frozenset({"coordinator", "nation"})

#: So much (characters) of the last question is repeated above its answer.
_REPEATED = 120

#: So much (characters) of an exchange is shown to whoever answers: its beginning, then what was said last.
_ROOM = 3000


@dataclass(frozen=True, slots=True)
class QuestionView:
    """A question with what its messages need besides."""

    question: Question
    court: Court
    voice: Voice
    now: datetime

    def when(self, translate: Translate, at: datetime) -> str:
        """An instant on the asking court's wall clock."""
        return moment(translate, at, self.court, self.voice, self.now)


def encode(question: Question, action: Action) -> str:
    """Callback data of a button of this question."""
    return f"{WORD}:{question.id}:{question.nonce}:{action}"


def has_answer(question: Question) -> bool:
    """Whether anything was answered; an asker may find it out alone."""
    return any(turn["kind"] == "answered" for turn in question.turns)


def say(view: QuestionView, role: str, turn: int | None, translate: Translate) -> Said:
    """The message as this reader sees it now: `role` and `turn` are those of `QuestionMessage`."""
    if role == "thread":
        return _thread(view, translate)
    if role == "answer":
        return _answer(view, turn or 0, translate)
    return _for_answerer(view, role, translate)


def _thread(view: QuestionView, translate: Translate) -> Said:
    """Where it was asked: that it is under way, and with whom."""
    _ = translate
    question = view.question
    lines = [
        bold(_("【提问】{state}", state=_state(question, _))),
        _("问：{text}", text=question.turns[0]["text"]),
    ]
    if question.state != "open":
        return Said(joined(lines))
    buttons = [_button(question, "solved", _)]
    if question.message_id is None:
        lines.append(_("答复将发到这里。"))
    else:
        lines.append(_("答复将发到这里。本省答疑人员可以直接回复本消息作答。"))
        buttons.insert(0, _button(question, "answer", _))
    return Said(joined(lines), [buttons])


def _answer(view: QuestionView, turn: int, translate: Translate) -> Said:
    """One answer, for the asker."""
    _ = translate
    question = view.question
    given = question.turns[turn]
    asked = next(one for one in reversed(question.turns[:turn]) if one["kind"] == "asked")
    text = asked["text"]
    repeated = text if len(text) <= _REPEATED else text[: _REPEATED - 1] + "…"
    lines = [
        bold(_("【答复】")),
        _("问：{text}", text=repeated),
        _("答：{text}", text=given["text"]),
        _("—— {who}", who=Wording(_).signed(given["who"])),
    ]
    last = turn == len(question.turns) - 1
    if last and question.state == "solved":
        lines.append(_("✅ 已解决"))
    if last and question.decision in {"published", "linked"}:
        lines.append(_("已收入常见问题（/faq）。"))
    if not last or question.state != "answered":
        return Said(joined(lines))
    return Said(joined(lines), [[_button(question, "solved", _), _button(question, "more", _)]])


def _for_answerer(view: QuestionView, role: str, translate: Translate) -> Said:
    """The whole exchange, for whoever answers or decides; `past` sees it without buttons."""
    _ = translate
    question = view.question
    lines = [
        bold(_("【答疑】{state}", state=_state(question, _))),
        _(
            "{court}　{who}　{time}",
            court=view.court.name,
            who=Wording(_).signed(question.asked_by),
            time=view.when(_, question.asked_at),
        ),
        *_exchange(question, _),
    ]
    buttons: list[dict[str, str]] = []
    if role in STAGES and question.state == "open":
        lines.append(
            _("👉 请直接回复本消息作答，或点“回答”。不要写姓名、证件号、银行卡号、手机号。")
        )
        buttons = [_button(question, "answer", _)]
    elif role in DECIDING and question.decision is None and has_answer(question):
        lines.append(_("👉 是否收入常见问题？发布前可以改写。"))
        buttons = [_button(question, "publish", _), _button(question, "keep", _)]
    elif question.decision is not None:
        lines.append(_decided(question.decision, _))
    return Said(joined(lines), [buttons] if buttons and role in STAGES else [])


def _exchange(question: Question, translate: Translate) -> list[str]:
    """What was said, as far as it fits a message."""
    first, *further = (_spoken(turn, translate) for turn in question.turns)
    room = _ROOM - length(first)
    kept: list[str] = []
    for line in reversed(further):
        room -= length(line)
        if room < 0:
            kept.append("……")
            break
        kept.append(line)
    return [first, *reversed(kept)]


def _spoken(turn: Mapping[str, Any], translate: Translate) -> str:
    _ = translate
    if turn["kind"] == "asked":
        return _("问：{text}", text=turn["text"])
    return _("{who} 答：{text}", text=turn["text"], who=Wording(_).signed(turn["who"]))


def _state(question: Question, translate: Translate) -> str:
    _ = translate
    if question.state == "solved":
        return _("已解决")
    if question.state == "answered":
        return _("已答复")
    return {
        "answerers": _("已转本省答疑人员"),
        "coordinator": _("已转省级协调员"),
        "nation": _("已转全国协调员"),
    }.get(question.stage or "") or _("暂时联系不到答疑人员，将继续联系")


def _decided(decision: str, translate: Translate) -> str:
    _ = translate
    return {
        "published": _("已收入常见问题（/faq）。"),
        "linked": _("已关联到常见问题中的同一问题。"),
    }.get(decision) or _("不收入常见问题。")


def _button(question: Question, action: Action, translate: Translate) -> dict[str, str]:
    _ = translate
    label = {
        "answer": _("回答"),
        "solved": _("已解决"),
        "more": _("继续追问"),
        "publish": _("发布"),
        "keep": _("不发布"),
    }[action]
    return {"text": str(label), "data": encode(question, action)}


def unfit(reason: str, translate: Translate) -> str:
    """Why a text can be no question and no answer."""
    _ = translate
    return {
        "short": _("内容太短，请写清楚（至少 {least} 个字）。", least=SHORTEST),
        "long": _("内容太长（最多 {most} 个字），请精简。", most=LONGEST),
        "personal": _(
            "内容含有证件号、银行卡号或手机号，没有提交。请去掉后重新发送，并删除刚才那条消息。"
        ),
    }[reason]


def flooded(limit: TooMany, translate: Translate, again_at: str) -> str:
    """Why nothing more may be asked now; `again_at` in words."""
    _ = translate
    if limit.again_at is None:
        return _(
            "您已有 {count} 个问题在等答复（最多 {most} 个）。请等答复，或先把不再需要的点“已解决”。",
            count=limit.waiting,
            most=MOST_OPEN,
        )
    return _("您今天提问较多，请于 {time} 后再提；可以先用 /faq 查找。", time=again_at)
