"""What coordinators are told of a form: the courts that are missing as a message, all of it as a workbook.

Both are written when they are sent, in the reader's language.
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from markupsafe import Markup, escape
from sqlalchemy.ext.asyncio import AsyncSession

from directory.texts import Translate
from notifications import form_facts, form_progress, forms
from notifications.desk import DeskRules
from notifications.form_facts import GivenAnswer, Where
from notifications.form_models import Form
from notifications.form_progress import Counts, CourtSheet, Summary
from notifications.form_rules import Question
from notifications.messages import Document, Message, local_time
from notifications.models import OutgoingMessage
from notifications.notice_text import nested
from notifications.told import courts_fitting, unescaped
from notifications.wording import Wording

#: The text and the workbook, as kinds of outgoing messages.
CHASE, SHEET = "form_chase", "form_sheet"
KINDS = frozenset({CHASE, SHEET})

#: How many characters the courts may take in the text: Telegram's 4096 less the head.
ROOM = 3400


async def message(
    session: AsyncSession,
    outgoing: OutgoingMessage,
    translate: Translate,
    desk: DeskRules,
    *,
    now: datetime,
) -> Message | None:
    """The chase list or the workbook as the tables stand now; None once the form is gone."""
    form = await session.get(Form, outgoing.payload["form"], populate_existing=True)
    if form is None:
        return None
    province, chase = outgoing.payload["province"], outgoing.kind == CHASE
    said = translate if chase else unescaped(translate)
    report = await load(session, form, province, said, desk, now=now, history=not chase)
    if chase:
        return Message(report.text())
    return Message(escape(report.title()), document=await document(report))


async def load(
    session: AsyncSession,
    form: Form,
    province: str | None,
    translate: Translate,
    desk: DeskRules,
    *,
    now: datetime,
    history: bool = False,
) -> "FormReport":
    """A form's report for the courts of a province (None: all), in one language; with every answer if asked."""
    where = Where(province)
    sheets = await form_facts.sheets(session, form, where)
    given = await form_facts.history(session, form, where) if history else []
    return FormReport(form, sheets, given, translate, ZoneInfo(desk.timezone), now)


async def document(report: "FormReport") -> Document:
    """The report as a workbook; made beside the loop, for 3,500 courts take seconds."""
    from notifications.form_workbook import workbook  # noqa: PLC0415 -- loaded when one is asked for

    content = await asyncio.to_thread(workbook, report)
    return Document(report.file_name(), content)


class FormReport:
    """A form's sheets in one language; times in the desk's zone."""

    def __init__(
        self,
        form: Form,
        sheets: Sequence[CourtSheet],
        history: Sequence[GivenAnswer],
        translate: Translate,
        zone: ZoneInfo,
        now: datetime,
    ) -> None:
        self.sheets = list(sheets)
        self.questions = forms.questions_of(form)
        self.counts = form_progress.counts(sheets)
        self.translate = translate
        self._form = form
        self._history = history
        self._zone = zone
        self._words = Wording(translate)
        self._now = now

    def file_name(self) -> str:
        """`TB-20191124-12.xlsx`: the day it was sent, and its number."""
        return f"TB-{self._form.created_at.astimezone(self._zone):%Y%m%d}-{self._form.id}.xlsx"

    def title(self) -> str:
        """Which form it is."""
        _ = self.translate
        return _("填报 {number}“{title}”", number=self._form.id, title=nested(self._form.title))

    def figures(self) -> list[str]:
        """The counts in words."""
        return figures(self.counts, self.translate)

    def made(self) -> str:
        """When this was written."""
        _ = self.translate
        time = self._words.when(local_time(self._now, self._zone, self._now))
        return _("截至 {time}", time=time)

    def summaries(self) -> list[Summary]:
        """What was answered to each question."""
        return form_progress.summaries(self.questions, self.sheets)

    def text(self) -> str:
        """Telegram HTML: the counts, then by city the courts that have not handed in and how far they are."""
        _ = self.translate
        due = self._words.when(local_time(self._form.due_at, self._zone, self._now))
        lines = [
            Markup("<b>{}</b>").format(self.title()),
            _("截止：{time}", time=due),
            *self.figures(),
        ]
        late = [one for one in self.sheets if not one.handed_in]
        if late:
            lines += ["", _("未填报 {count} 个法院：", count=len(late))]
        lines += courts_fitting([self.line(one) for one in late], ROOM, _)
        return Markup("\n").join(lines)

    def line(self, one: CourtSheet) -> str:
        """A court and how far it is."""
        _ = self.translate
        data = {"code": one.code, "court": one.court, "state": self.standing(one)}
        return _("{code} {court}　{state}", **data)

    def standing(self, one: CourtSheet) -> str:
        """How far a court is, with how many answers, who handed in and when, or why it was not told."""
        _ = self.translate
        match one.state:
            case "filled":
                time = self._words.when(
                    local_time(one.filled_at or self._now, self._zone, self._now)
                )
                said = _("{time} {who}", who=self.signed(one.filled_by), time=time)
                marks = [_("督查代填")] if one.inspected else []
                marks += [_("逾期")] if self.late(one) else []
                if one.corrected_at is not None:
                    at = self._words.when(local_time(one.corrected_at, self._zone, self._now))
                    marks.append(_("{time} 更正", time=at))
                return "　".join([said, *marks])
            case "partly":
                done = sum(one.answers.get(each.key) is not None for each in self.questions)
                return _("填报中 {done}/{of} 题", done=done, of=len(self.questions))
            case "unreached" if why := self.why(one):
                return _("未送达（{reason}）", reason=why)
        return self.state(one)

    def state(self, one: CourtSheet) -> str:
        """Where a court stands, in a word."""
        _ = self.translate
        return {
            "filled": _("已填报"),
            "partly": _("填报中"),
            "blank": _("未开始"),
            "unreached": _("未送达"),
        }[one.state]

    def why(self, one: CourtSheet) -> str:
        """Why nobody of a court was told; empty for all others."""
        _ = self.translate
        if one.state != "unreached" or one.unreachable is None:
            return ""
        return (
            _("没有人员")
            if one.unreachable == "nobody"
            else self._words.unreachable(one.unreachable)
        )

    def value(self, question: Question, value: Any) -> str | int | float | None:
        """An answer as it is shown: a number stays one, a picture is its name."""
        _ = self.translate
        if value is None:
            return None
        if isinstance(value, bool):
            return _("是") if value else _("否")
        if question.kind == "picture":
            return str(value.get("name") or _("有"))
        return value if isinstance(value, int | float) else str(value)

    def history_rows(self) -> list[tuple[str | int | float | None, ...]]:
        """Every answer given: when, which court, what was asked, the answer, who, and whether by an inspector."""
        _ = self.translate
        asked = {one.key: one for one in self.questions}
        return [
            (
                self.when(one.at), one.code, one.court, asked[one.key].text,
                _("（撤回）") if one.value is None else self.value(asked[one.key], one.value),
                self.signed(one.by), _("是") if one.inspected else None,
            )
            for one in self._history
            if one.key in asked
        ]  # fmt: skip

    def late(self, one: CourtSheet) -> bool:
        """Whether a court handed in after the form was due."""
        return one.filled_at is not None and one.filled_at > self._form.due_at

    def signed(self, who: str | None) -> str:
        """Who handed in."""
        return self._words.signed(who) if who else ""

    def when(self, at: datetime | None) -> str:
        """An instant with its date, as sheets write it."""
        return f"{at.astimezone(self._zone):%Y-%m-%d %H:%M}" if at is not None else ""


def figures(counts: Counts, translate: Translate) -> list[str]:
    """The counts of a form in words; what is nothing is left out."""
    _ = translate
    lines = [_("已填报 {filled}/{courts} 个法院", filled=counts.filled, courts=counts.courts)]
    if counts.inspected:
        lines.append(_("其中督查代填 {count} 个", count=counts.inspected))
    if counts.partly:
        lines.append(_("填报中 {count} 个", count=counts.partly))
    if counts.blank:
        lines.append(_("未开始 {count} 个", count=counts.blank))
    if counts.unreached:
        lines.append(_("未送达 {count} 个", count=counts.unreached))
    return lines
