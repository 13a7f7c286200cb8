"""How a form is spoken of: what its notice says below the text, answers in words, its button. Decides nothing."""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from directory.texts import Translate
from notifications.form_models import Form, FormSheet
from notifications.form_rules import Question
from notifications.messages import Button, local_time
from notifications.notice_text import nested
from notifications.wording import Wording

#: The word with which callback data of the button begins.
WORD = "fill"


class FormWords:
    """One form in one language, for readers of one zone; `translate` gives HTML."""

    def __init__(self, form: Form, zone: ZoneInfo, translate: Translate, now: datetime) -> None:
        self._form = form
        self._zone = zone
        self._ = translate
        self._words = Wording(translate)
        self._now = now

    def facts(self, sheet: FormSheet | None, corrected_at: datetime | None = None) -> list[str]:
        """How large the form is and until when, and how the reader's court stands: lines of its notice."""
        _ = self._
        form = self._form
        lines = [
            _(
                "填报“{title}”：共 {count} 题，每院一份，截止 {time}",
                title=nested(form.title),
                count=len(form.questions), time=self.when(form.due_at),
            )
        ]  # fmt: skip
        if form.first_due_at not in (None, form.due_at):
            lines.append(_("截止时间已改，原为 {time}", time=self.when(form.first_due_at)))
        if sheet is not None and sheet.filled_at is not None:
            lines.append(self.filled(sheet, corrected_at))
        if form.closed_at is not None:
            lines.append(_("填报已于 {time} 结束。", time=self.when(form.closed_at)))
        return lines

    def moved(self) -> list[str]:
        """Who moved the due time last, for those who look after the form; nothing while it stands."""
        _ = self._
        form = self._form
        if form.moved_at is None or form.first_due_at is None:
            return []
        who = self._words.signed(form.moved_by or "")
        data = {"time": self.when(form.moved_at), "was": self.when(form.first_due_at)}
        return [_("{time} {who} 改过截止时间，原为 {was}", who=who, **data)]

    def filled(
        self, sheet: FormSheet, corrected_at: datetime | None = None, *, own: bool = True
    ) -> str:
        """Who handed the sheet of one's own court, or of another, in, when, and whether it was late or changed since."""
        _ = self._
        at = sheet.filled_at or self._now
        data = {"who": self._words.signed(sheet.filled_by or ""), "time": self.when(at)}
        if sheet.inspected:
            line = _("✓ 督查代填：{who} {time}", **data)
        elif own:
            line = _("✓ 本院已填报：{who} {time}", **data)
        else:
            line = _("✓ 已填报：{who} {time}", **data)
        if at > self._form.due_at:
            line += _("（逾期）")
        if corrected_at is not None:
            line += _("，{time} 更正", time=self.when(corrected_at))
        return line

    def button(self, sheet: FormSheet | None) -> Button | None:
        """What the reader can press under the notice; None once the form is over."""
        _ = self._
        if self._form.closed_at is not None or sheet is None:
            return None
        filled = sheet.filled_at is not None
        label = _("查看填报") if filled else _("填报")
        return Button(str(label), data=data(self._form.id), style=None if filled else "primary")

    def when(self, at: datetime) -> str:
        """An instant on the reader's wall clock."""
        return self._words.when(local_time(at, self._zone, self._now))


def data(form_id: int, court_code: str | None = None) -> str:
    """The callback data that opens a form: for the presser's own court, or for the one that is inspected.

    Who presses is judged then; the data is no secret and grants nothing.
    """
    return f"{WORD}:{form_id}" if court_code is None else f"{WORD}:{form_id}:{court_code}"


def said(question: Question, value: Any, translate: Translate) -> str:
    """An answer in words."""
    _ = translate
    match question.kind:
        case "yes_no":
            return str(_("是") if value else _("否"))
        case "number":
            return f"{value}{_gap(question.unit)}{question.unit}"
        case "picture":
            return str(_("图片 {name}", name=value["name"]))
    return str(value)


def in_runs(places: Sequence[int]) -> list[str]:
    """Questions (from 0, in order) by their numbers, three and more in a row as one: `1`, `3`, `7–12`."""
    said: list[str] = []
    for _first, run in groupby(enumerate(places), key=lambda one: one[1] - one[0]):
        numbers = [str(place + 1) for _nth, place in run]
        said += [f"{numbers[0]}–{numbers[-1]}"] if len(numbers) > 2 else numbers
    return said


def _gap(unit: str) -> str:
    """Between a figure and its unit: a blank before words, none before signs."""
    return " " if unit and unit not in "%％‰" else ""
