"""What the dialogue of a form shows: a question with its buttons, the whole sheet to check, what was handed in. Changes nothing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.chat import drafts, notice_words
from bot.chat.replies import Buttons, Talk, bold, fitting
from bot.models import Draft
from directory.texts import Translate
from notifications import form_rules, form_words
from notifications.form_filling import Given, Held
from notifications.form_rules import LONGEST_ANSWER, As, Question, Reason, Shut
from notifications.form_words import FormWords
from notifications.free_text import fit_to_show
from notifications.wording import Wording

#: So many signs have all questions with their answers in the list of all; so many a question and an answer at most.
_ROOM = 3000
_SHORT_QUESTION, _SHORT_ANSWER = 40, 60

#: So many buttons stand side by side: numbers of questions, options as long as this (characters).
_NUMBERS_IN_ROW = 6
_LONG_OPTION = 12


@dataclass(frozen=True, slots=True)
class Screen:
    """One message of the dialogue."""

    lines: list[str]
    rows: Buttons


class FormScreens:
    """One sheet as one person sees it: `given` are the last words on its questions."""

    def __init__(
        self, talk: Talk, draft: Draft, held: Held, acts: As, given: Mapping[str, Given]
    ) -> None:
        self._talk = talk
        self._draft = draft
        self._held = held
        self._acts = acts
        self._given = given
        self._ = talk.html
        self._words = Wording(talk.html)

    def question(self, place: int) -> Screen:
        """One question (from 0), what was answered to it by whom, how it is answered."""
        _ = self._
        asked = self._held.questions[place]
        count = len(self._held.questions)
        head = bold(_("填报 {number}/{count}", number=place + 1, count=count))
        lines = [head + "　" + self._title(), *self._whose(), ""]
        if asked.heading:
            lines.append(_("【{heading}】", heading=asked.heading))
        lines.append(bold(f"{place + 1}. {asked.text}"))
        if asked.hint:
            lines.append(_("说明：{hint}", hint=asked.hint))
        lines += ["", *self._answered(asked), self._how(asked)]
        return Screen(lines, [*self._answers(asked), *self._ways(place)])

    def _title(self) -> str:
        return str(self._held.form.title)

    def _whose(self) -> list[str]:
        """For which court, when that is not the reader's own."""
        _ = self._
        if self._acts == "own":
            return []
        court = self._held.court
        return [_("{court}（{code}）　督查代填", court=court.name, code=court.code)]

    def _answered(self, asked: Question) -> list[str]:
        _ = self._
        last = self._given.get(asked.key)
        if last is None or last.value is None:
            return []
        said = form_words.said(asked, last.value, _)
        data = {"answer": said, "time": notice_words.when(self._talk, last.at)}
        if last.officer_id == self._talk.speaker.actor.officer_id:
            return [_("✅ 您 {time} 已答：{answer}", **data)]
        return [_("✅ {who} {time} 已答：{answer}", who=self._words.signed(last.by), **data)]

    def _how(self, asked: Question) -> str:
        """What kind of answer is wanted."""
        _ = self._
        how = {
            "yes_no": _("请点“是”或“否”。"),
            "choice": _("请点一个选项。"),
            "number": self._range(asked),
            "text": _(
                "请发送文字（最多 {most} 字），不要写当事人姓名和个人号码。", most=LONGEST_ANSWER
            ),
            "picture": _("请发送一张图片，画面中不要有当事人和案卷。"),
        }[asked.kind]
        return how if asked.required else _("{how}（可以跳过）", how=how)

    def _range(self, asked: Question) -> str:
        _ = self._
        unit = asked.unit
        if asked.least is not None and asked.most is not None:
            data = {"least": asked.least, "most": asked.most, "unit": unit}
            return _("请发送数字（{least}–{most}{unit}）。", **data)
        if asked.least is not None:
            return _("请发送数字（至少 {least}{unit}）。", least=asked.least, unit=unit)
        if asked.most is not None:
            return _("请发送数字（最多 {most}{unit}）。", most=asked.most, unit=unit)
        return _("请发送数字（{unit}）。", unit=unit) if unit else _("请发送数字。")

    def _answers(self, asked: Question) -> list[list[dict[str, str]]]:
        """Buttons that answer, the present answer marked; and the picture as it was sent."""
        _ = self._
        value = self._held.sheet.answers.get(asked.key)
        if asked.kind == "yes_no":
            both = (("1", _("是"), value is True), ("0", _("否"), value is False))
            return [[self._button(_marked(text, on=on), f"a={word}") for word, text, on in both]]
        if asked.kind == "choice":
            every = [
                self._button(_marked(option, on=option == value), f"a={number}")
                for number, option in enumerate(asked.options)
            ]
            side = 1 if max(map(len, asked.options)) > _LONG_OPTION else 2
            return _rows(every, side)
        if asked.kind == "picture" and value is not None:
            return [[self._button(_("看图片"), "picture")]]
        return []

    def _ways(self, place: int) -> list[list[dict[str, str]]]:
        """On, back, and out."""
        _ = self._
        asked = self._held.questions[place]
        known = self._held.sheet.answers.get(asked.key) is not None
        if self._draft.data.get("from_all"):
            ways = [self._button(_("返回核对"), "all")]
        else:
            later = _("稍后答") if asked.required else _("跳过")
            ways = [self._button(_("下一题") if known else later, f"to={place + 1}")]
            if place:
                ways.insert(0, self._button(_("上一题"), f"to={place - 1}"))
        if known and not asked.required:
            ways.append(self._button(_("清除"), "clear"))
        if self._draft.data.get("from_all"):
            return [ways, [self._out()]]
        return [ways, [self._button(_("核对"), "all"), self._out()]]

    def _out(self) -> dict[str, str]:
        """Leave: nothing is left unsaved, only a sheet that was not handed in is left unfinished."""
        _ = self._
        unfinished = self._held.sheet.filled_at is None
        return self._button(_("保存并退出") if unfinished else _("关闭"), "exit")

    def everything(self, shut: Shut | None) -> Screen:
        """All questions with their answers, to check, to correct, to hand in; `shut`: only to read."""
        _ = self._
        sheet, questions = self._held.sheet, self._held.questions
        words = self._form_words()
        lines = [bold(_("核对填报")) + "　" + self._title(), *self._whose()]
        if sheet.filled_at is not None:
            lines.append(words.filled(sheet, own=self._acts == "own"))
        lines.append("")
        listed = [self._line(place) for place in range(len(questions))]
        lines += fitting(listed, _, room=_ROOM)
        lines += ["", *self._by_others(), *self._standing(shut)]
        if shut is not None:
            return Screen(lines, [[self._button(_("关闭"), "exit")]])
        numbers = [self._button(self._mark(place), f"q={place}") for place in range(len(questions))]
        rows = _rows(numbers, _NUMBERS_IN_ROW)
        if sheet.filled_at is None and not self._held.missing:
            rows.append([self._button(_("提交填报"), "go", style="primary")])
        return Screen(lines, [*rows, [self._out()]])

    def _line(self, place: int) -> str:
        _ = self._
        asked = self._held.questions[place]
        value = self._held.sheet.answers.get(asked.key)
        said = form_words.said(asked, value, _) if value is not None else "—"
        # Of a long form each line is shorter, so that none of them is missing.
        each = _ROOM // len(self._held.questions) - 10
        question = fit_to_show(asked.text, min(_SHORT_QUESTION, each * 2 // 5))
        answer = fit_to_show(said, min(_SHORT_ANSWER, each * 3 // 5))
        return _(
            "{number}. {question}　{answer}", number=place + 1, question=question, answer=answer
        )

    def _mark(self, place: int) -> str:
        """A question's number as a button; what is still missing stands out."""
        return f"❗{place + 1}" if place in self._held.missing else str(place + 1)

    def _by_others(self) -> Iterable[str]:
        """Which answers are colleagues'."""
        _ = self._
        mine = self._talk.speaker.actor.officer_id
        others: dict[str, list[int]] = {}
        for place, asked in enumerate(self._held.questions):
            last = self._given.get(asked.key)
            if last is not None and last.value is not None and last.officer_id != mine:
                others.setdefault(last.by, []).append(place)
        for who, places in others.items():
            data = {"who": self._words.signed(who), "numbers": self.numbers(places)}
            yield _("{who} 答了第 {numbers} 题。", **data)

    def _standing(self, shut: Shut | None) -> list[str]:
        """How much is answered, what is missing, until when."""
        _ = self._
        sheet, form = self._held.sheet, self._held.form
        due = notice_words.when(self._talk, form.due_at)
        if shut is not None:
            return [shut_words(shut, self._)]
        if sheet.filled_at is not None:
            if self._acts == "inspector":
                return [_("要更正，请点题号；结束填报前都可以更正。")]
            return [_("要更正，请点题号；{time} 前可以更正。", time=due)]
        done = form_rules.answered(self._held.questions, sheet.answers)
        data = {"done": done, "count": len(self._held.questions), "time": due}
        if self._talk.now < form.due_at:
            lines = [_("已答 {done}/{count}，截止 {time}。", **data)]
        else:
            lines = [_("已答 {done}/{count}，已逾期（截止 {time}）", **data)]
            if self._acts == "own":
                lines.append(_("逾期仍可提交，但提交后不能再更正。"))
        if self._held.missing:
            lines.append(_("还有必填题：{numbers}", numbers=self.numbers(self._held.missing)))
        else:
            lines.append(_("核对无误后请点“提交填报”；要改，请点题号。"))
        return lines

    def numbers(self, places: Sequence[int]) -> str:
        """Questions by their numbers: `1、3、7–12`."""
        return self._("、").join(form_words.in_runs(places))

    def handed_in(self, shut: Shut | None, following: str | None) -> Screen:
        """That it is done, and until when it can be changed (`shut`: no more); to the court that is inspected next, if any."""
        _ = self._
        form = self._held.form
        rows = [[self._again(_("查看或更正") if shut is None else _("查看填报"))]]
        if following is not None:
            data = form_words.data(form.id, following)
            rows.append([{"text": _("下一个法院 {code}", code=following), "data": data}])
        lines = [bold(_("✅ 已提交")) + "　" + self._title(), *self._whose()]
        if shut is not None:
            lines.append(shut_words(shut, _))
        elif self._acts == "own":
            lines.append(_("{time} 前可以更正。", time=notice_words.when(self._talk, form.due_at)))
        return Screen(lines, rows)

    def left(self) -> Screen:
        """That what was answered is kept, and how one goes on."""
        _ = self._
        sheet, questions = self._held.sheet, self._held.questions
        if sheet.filled_at is not None:
            filled = self._form_words().filled(sheet, own=self._acts == "own")
            return Screen([self._title(), *self._whose(), filled], [[self._again(_("查看填报"))]])
        done = form_rules.answered(questions, sheet.answers)
        lines = [
            bold(_("已保存 {done}/{count}", done=done, count=len(questions)))
            + "　"
            + self._title(),
            *self._whose(),
            _(
                "尚未提交。您或同事可以接着填：点下方按钮，或发送 {command}。",
                command=self._command(),
            ),
        ]
        return Screen(lines, [[self._again(_("继续填报"))]])

    def record(self, place: int) -> str:
        """What stays of a question that was answered in words."""
        return self._line(place)

    def _command(self) -> str:
        """What opens this sheet: an inspector names its court."""
        return "/form" if self._acts == "own" else f"/form {self._held.court.code}"

    def _form_words(self) -> FormWords:
        talk = self._talk
        return FormWords(self._held.form, notice_words.zone(talk), self._, talk.now)

    def _again(self, text: str) -> dict[str, str]:
        court = None if self._acts == "own" else self._held.court.code
        return {"text": text, "data": form_words.data(self._held.form.id, court)}

    def _button(self, text: str, choice: str, **more: str) -> dict[str, str]:
        return {"text": text, "data": drafts.encode(self._draft, choice), **more}


def _marked(text: str, *, on: bool) -> str:
    return f"✓ {text}" if on else text


def _rows(buttons: list[dict[str, str]], side: int) -> list[list[dict[str, str]]]:
    return [buttons[start : start + side] for start in range(0, len(buttons), side)]


def shut_words(shut: Shut, translate: Translate) -> str:
    """Why a sheet takes no answer."""
    _ = translate
    return {
        "recalled": _("此填报已撤回，无需再填。"),
        "closed": _("填报已结束，不能再填写或更正。"),
        "inspected": _("此表由督查人员代填。如有不符，请联系省级协调员更正。"),
        "over": _("已过截止时间，已提交的填报不能再更正。"),
    }[shut]


def fault_words(asked: Question, why: Reason, translate: Translate) -> str:
    """Why what was typed is no answer, and what would be."""
    _ = translate
    if why == "range":
        least = "" if asked.least is None else asked.least
        most = "" if asked.most is None else asked.most
        return _("超出范围（{least}–{most}），请重新发送。", least=least, most=most)
    return {
        "empty": _("没有内容，请重新发送。"),
        "not_yes_no": _("请点“是”或“否”。"),
        "no_option": _("请点一个选项。"),
        "no_number": _("请只发送一个数字，最多两位小数。"),
        "too_long": _("文字过长，最多 {most} 字。", most=LONGEST_ANSWER),
        "picture": _("此题请发送一张图片。"),
    }[why]
