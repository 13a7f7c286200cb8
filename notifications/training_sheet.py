"""The sheet of a session: a page by court, a page by person, as a workbook in the reader's language."""

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from directory.later import xlsxwriter
from directory.texts import Translate
from notifications.messages import Document
from notifications.notice_text import nested
from notifications.training_facts import Attendee, Sums, sums
from notifications.training_models import TrainingSession
from notifications.training_words import TrainingWords
from notifications.wording import Wording

#: In which row (from 0) the headings stand; above them title, time and sums.
HEAD = 3

#: Widths (characters) of the columns.
_COURT_WIDTHS = (6, 10, 34, 12, 12, 8, 8, 8, 8, 8, 8, 8, 40)
_PERSON_WIDTHS = (6, 10, 34, 12, 12, 14, 22, 10, 18, 18, 10, 10, 8)

Cell = str | int


class Sheet:
    """A session's people in one language; times in the desk's zone."""

    def __init__(
        self,
        training: TrainingSession,
        people: Sequence[Attendee],
        questions: int,
        translate: Translate,
        zone: ZoneInfo,
        now: datetime,
    ) -> None:
        self._training = training
        self._people = list(people)
        self._questions = questions
        self._ = translate
        self._words = Wording(translate)
        self._zone = zone
        self._now = now

    def title(self) -> str:
        """Which session it is."""
        _ = self._
        number, title = self._training.id, nested(self._training.title)
        return _("培训 {number}“{title}”情况", number=number, title=title)

    def document(self) -> Document:
        """The workbook. Text is written as text: nothing in it is ever a formula."""
        _ = self._
        file = BytesIO()
        book = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False})
        courts = [
            self._court(number, list(people))
            for number, (_code, people) in enumerate(
                groupby(self._people, key=lambda one: one.court_code), 1
            )
        ]
        total: tuple[Cell, ...] = (
            "",
            "",
            _("合计"),
            "",
            "",
            *self._figures(sums(self._people)),
            "",
        )
        people = [self._person(number, one) for number, one in enumerate(self._people, 1)]
        headings = self._court_headings()
        self._page(book, _("按法院"), headings, _COURT_WIDTHS, [*courts, total])
        self._page(book, _("按人员"), self._person_headings(), _PERSON_WIDTHS, people)
        book.close()
        day = self._training.starts_at.astimezone(self._zone)
        return Document(f"PX-{day:%Y%m%d}-{self._training.id}.xlsx", file.getvalue())

    def _page(
        self,
        book: Any,
        name: str,
        headings: Sequence[str],
        widths: Sequence[int],
        rows: Sequence[Sequence[Cell]],
    ) -> None:
        _ = self._
        page = book.add_worksheet(name)
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        time = TrainingWords(self._training, self._zone, self._, self._now).when()
        made = self._time(self._now)
        page.write_string(0, 0, self.title(), book.add_format({"bold": True}))
        page.write_string(1, 0, _("；").join([time, _("截至 {time}", time=made)]))
        for column, (heading, width) in enumerate(zip(headings, widths, strict=True)):
            page.write_string(HEAD, column, heading, head)
            page.set_column(column, column, width)
        for place, row in enumerate(rows, HEAD + 1):
            for column, value in enumerate(row):
                if isinstance(value, int):
                    page.write_number(place, column, value)
                else:
                    page.write_string(place, column, value)
        page.freeze_panes(HEAD + 1, 3)
        page.autofilter(HEAD, 0, HEAD + max(1, len(rows)), len(headings) - 1)
        page.repeat_rows(HEAD)
        page.set_landscape()
        page.fit_to_pages(1, 0)

    def _court_headings(self) -> tuple[str, ...]:
        _ = self._
        return (
            _("序号"), _("代字"), _("法院名称"), _("省份"), _("城市"), _("人数"), _("报名"),
            _("不参加"), _("未答复"), _("未受邀"), _("到场"), _("测验通过"), _("未到场人员"),
        )  # fmt: skip

    def _person_headings(self) -> tuple[str, ...]:
        _ = self._
        return (
            _("序号"), _("代字"), _("法院名称"), _("省份"), _("城市"), _("姓名"), _("岗位"),
            _("答复"), _("答复时间"), _("签到时间"), _("测验答对"), _("测验结果"), _("次数"),
        )  # fmt: skip

    def _court(self, number: int, people: list[Attendee]) -> tuple[Cell, ...]:
        _ = self._
        one = people[0]
        absent = _("、").join(each.name for each in people if each.attended_at is None)
        place = (number, one.court_code, one.court, one.province, one.city or "")
        return (*place, *self._figures(sums(people)), absent)

    def _figures(self, figures: Sums) -> tuple[int, ...]:
        return (
            figures.people,
            figures.coming,
            figures.declined,
            figures.silent,
            figures.guests,
            figures.attended,
            figures.passed,
        )

    def _person(self, number: int, one: Attendee) -> tuple[Cell, ...]:
        _ = self._
        said = {"coming": _("报名"), "declined": _("不参加")}
        marks = f"{one.right}/{self._questions}" if one.right is not None else ""
        result = (_("通过") if one.passed else _("未通过")) if one.tries else ""
        return (
            number, one.court_code, one.court, one.province, one.city or "", one.name,
            _("、").join(self._words.post(post) for post in one.posts.split(",") if post),
            _("未受邀") if one.guest else said.get(one.answer or "", ""), self._time(one.answered_at),
            self._time(one.attended_at), marks, result, one.tries,
        )  # fmt: skip

    def _time(self, at: datetime | None) -> str:
        return f"{at.astimezone(self._zone):%Y-%m-%d %H:%M}" if at is not None else ""
