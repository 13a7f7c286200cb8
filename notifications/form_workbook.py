"""The workbook of a form: every court's answers, their sums as formulas, and who answered what when. The words are `form_report`'s.

Only what was handed in stands in the first page, so that a formula over a column counts what counts.
"""

from collections.abc import Sequence
from io import BytesIO
from itertools import groupby
from typing import TYPE_CHECKING, Any

from directory.later import xlsxwriter
from notifications import form_progress
from notifications.form_progress import CourtSheet, Summary
from notifications.form_rules import Question

if TYPE_CHECKING:
    from notifications.form_report import FormReport

#: In which rows (from 0) of the first page the groups of questions, the headings and the first court stand.
GROUPS, HEAD, FIRST = 3, 4, 5

#: Widths (characters) of the columns before the questions, of a question's by kind, of the other pages.
_WIDTHS = (6, 10, 30, 12, 12, 10, 8, 26, 17, 8, 10, 20)
_QUESTION_WIDTHS = {"yes_no": 13, "choice": 16, "number": 13, "text": 40, "picture": 18}
_SUMMARY_WIDTHS = (6, 14, 52, 24, 12, 12, 12)
_HISTORY_WIDTHS = (17, 10, 30, 52, 30, 26, 10)

#: xlsxwriter's number of the paper.
_A4 = 9

Cell = str | int | float | None


def workbook(report: "FormReport") -> bytes:
    """The file's content. Text is written as text: nothing that somebody typed is ever a formula."""
    file = BytesIO()
    book = xlsxwriter.Workbook(
        file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    _Writing(book, report).write()
    book.close()
    return file.getvalue()


class _Writing:
    """One workbook being written, page by page."""

    def __init__(self, book: Any, report: "FormReport") -> None:
        _ = report.translate
        lines = {"border": 1, "border_color": "#B8C2CC", "valign": "top", "text_wrap": True}
        self._book = book
        self._report = report
        self._ = _
        self._cell = book.add_format(lines)
        self._number = book.add_format(lines | {"align": "center"})
        self._share = book.add_format(lines | {"align": "center", "num_format": "0%"})
        self._head = book.add_format(lines | {"bold": True, "bg_color": "#E3ECF5"})
        self._group = book.add_format(
            lines | {"bold": True, "bg_color": "#D3E1EF", "align": "center"}
        )
        self._title = book.add_format({"bold": True, "font_size": 13})
        #: Where the columns of the questions begin on the first page.
        self._questions_at = len(_WIDTHS)
        self._courts_name = _("各院填报")

    def write(self) -> None:
        """All three pages."""
        self._courts()
        self._summary()
        self._history()

    def _page(self, name: str, widths: Sequence[int]) -> Any:
        page = self._book.add_worksheet(name)
        page.write_string(0, 0, self._report.title(), self._title)
        _ = self._
        facts = [*self._report.figures(), self._report.made()]
        page.write_string(1, 0, _("；").join(facts))
        for column, width in enumerate(widths):
            page.set_column(column, column, width)
        page.set_landscape()
        page.set_paper(_A4)
        page.fit_to_pages(1, 0)
        return page

    def _row(self, page: Any, row: int, cells: Sequence[Cell], form: Any = None) -> None:
        for column, value in enumerate(cells):
            if isinstance(value, int | float):
                page.write_number(row, column, value, form or self._number)
            elif value:
                page.write_string(row, column, value, form or self._cell)
            else:
                page.write_blank(row, column, None, form or self._cell)

    # The courts

    def _courts(self) -> None:
        questions = self._report.questions
        widths = [*_WIDTHS, *(_QUESTION_WIDTHS[one.kind] for one in questions)]
        page = self._page(self._courts_name, widths)
        for name, some in groupby(enumerate(questions), key=lambda one: one[1].heading):
            places = [self._questions_at + place for place, _question in some]
            if len(places) > 1:
                page.merge_range(GROUPS, places[0], GROUPS, places[-1], name, self._group)
            else:
                page.write_string(GROUPS, places[0], name, self._group)
        self._row(page, HEAD, [*self._headings(), *(one.text for one in questions)], self._head)
        sheets = self._report.sheets
        for number, one in enumerate(sheets, 1):
            self._row(page, FIRST + number - 1, self._court(number, one))
        page.freeze_panes(FIRST, 3)
        page.autofilter(HEAD, 0, max(FIRST, self._last), len(widths) - 1)
        # Questions are sentences: they need lines, and a sheet of paper is not wide enough for all of them.
        page.set_row(HEAD, 75)
        page.repeat_rows(GROUPS, HEAD)
        page.repeat_columns(1, 2)
        page.fit_to_pages(2, 0)

    def _headings(self) -> tuple[str, ...]:
        _ = self._
        return (
            _("序号"), _("代字"), _("法院名称"), _("省份"), _("城市"), _("状态"), _("达标组数"),
            _("填报人"), _("填报时间"), _("逾期"), _("督查代填"), _("未送达原因"),
        )  # fmt: skip

    def _court(self, number: int, one: CourtSheet) -> list[Cell]:
        _ = self._
        report = self._report
        counts = one.handed_in and bool(form_progress.headings(report.questions))
        answers = [
            report.value(question, one.answers.get(question.key)) if one.handed_in else None
            for question in report.questions
        ]
        return [
            number, one.code, one.court, one.province, one.city or one.province,
            report.state(one), form_progress.met(report.questions, one.answers) if counts else None,
            report.signed(one.filled_by), report.when(one.filled_at),
            _("是") if report.late(one) else None,
            _("是") if one.handed_in and one.inspected else None,
            report.why(one),
            *answers,
        ]  # fmt: skip

    @property
    def _last(self) -> int:
        return FIRST + len(self._report.sheets) - 1

    def _range(self, column: int) -> str:
        """A column of the first page, for a formula."""
        cells = xlsxwriter.utility.xl_range_abs(FIRST, column, max(FIRST, self._last), column)
        return f"'{self._courts_name}'!{cells}"

    def _of(self, question: Question) -> str:
        return self._range(self._questions_at + self._report.questions.index(question))

    # The sums

    def _summary(self) -> None:
        _ = self._
        page = self._page(_("汇总"), _SUMMARY_WIDTHS)
        row = self._headings_met(page, HEAD - 1)
        row = self._questions(page, row)
        self._cities(page, row)

    def _headings_met(self, page: Any, row: int) -> int:
        """How many courts meet each heading; returns the row that is free below."""
        _ = self._
        results = form_progress.heading_results(self._report.questions, self._report.sheets)
        if not results:
            return row
        head = (_("序号"), _("题组"), _("达标：该组“是否”题全部答“是”"), "", _("达标法院"),
                _("已填报"), _("达标率"))  # fmt: skip
        self._row(page, row, head, self._head)
        yes, handed_in = self._quoted(_("是")), self._quoted(_("已填报"))
        state = self._range(5)
        for number, one in enumerate(results, 1):
            at = row + number
            questions = form_progress.headings(self._report.questions)[one.name]
            told = "\n".join(question.text for question in questions)
            self._row(page, at, (number, one.name, told, None))
            page.set_row(at, 15 * len(questions))
            every = "*".join(f"({self._of(question)}={yes})" for question in questions)
            page.write_formula(at, 4, f"=SUMPRODUCT({every}*1)", self._number, one.met)
            total = f"=SUMPRODUCT(({state}={handed_in})*1)"
            page.write_formula(at, 5, total, self._number, one.courts)
            self._part(page, at, 6, 4, 5, one.met, one.courts)
        return row + len(results) + 2

    def _part(
        self, page: Any, row: int, column: int, part: int, whole: int, met: int, of: int
    ) -> None:
        """A share as a formula of two cells of its row."""
        name = xlsxwriter.utility.xl_rowcol_to_cell
        above, below = name(row, part), name(row, whole)
        value = met / of if of else ""
        page.write_formula(row, column, f'=IF({below}=0,"",{above}/{below})', self._share, value)

    def _questions(self, page: Any, row: int) -> int:
        _ = self._
        head = (_("序号"), _("题组"), _("题目"), _("答案"), _("数"), _("已答"), _("占比"))
        self._row(page, row, head, self._head)
        row += 1
        for number, one in enumerate(self._report.summaries(), 1):
            for label, formula, value, shared in self._lines(one):
                self._row(page, row, (number, one.question.heading, one.question.text, label))
                page.write_formula(row, 4, formula, self._number, value)
                answered = f"=COUNTA({self._of(one.question)})"
                page.write_formula(row, 5, answered, self._number, one.answered)
                if shared:
                    self._part(page, row, 6, 4, 5, int(value or 0), one.answered)
                else:
                    page.write_blank(row, 6, None, self._cell)
                row += 1
        return row + 1

    def _lines(self, one: Summary) -> list[tuple[str, str, Cell, bool]]:
        """What is said of a question: label, formula, its value as of now, and whether it is a share of the answers."""
        _ = self._
        column = self._of(one.question)
        if one.counts:
            labels = {"yes": _("是"), "no": _("否")} if one.question.kind == "yes_no" else {}
            return [
                (
                    labels.get(option, option),
                    f"=SUMPRODUCT(({column}={self._quoted(labels.get(option, option))})*1)",
                    count,
                    True,
                )
                for option, count in one.counts.items()
            ]
        if one.question.kind == "number":
            figures = {
                "MIN": (_("最小"), one.least), "MEDIAN": (_("中位"), one.middle),
                "MAX": (_("最大"), one.most), "SUM": (_("合计"), one.total),
            }  # fmt: skip
            unit = one.question.unit
            return [
                (
                    _("{figure}（{unit}）", figure=label, unit=unit) if unit else label,
                    f'=IF(COUNT({column})=0,"",{name}({column}))',
                    "" if value is None else value,
                    False,
                )
                for name, (label, value) in figures.items()
            ]
        return [(_("已答"), f"=COUNTA({column})", one.answered, False)]

    def _quoted(self, text: str) -> str:
        """A text as a constant of a formula."""
        return '"{}"'.format(text.replace('"', '""'))

    def _cities(self, page: Any, row: int) -> None:
        _ = self._
        states = (_("已填报"), _("填报中"), _("未开始"), _("未送达"))
        self._row(page, row, ("", _("城市"), "", *states), self._head)
        cities, state = self._range(4), self._range(5)
        for at, (city, sums) in enumerate(form_progress.by_city(self._report.sheets), row + 1):
            self._row(page, at, (at - row, city, None))
            figures = (sums.filled, sums.partly, sums.blank, sums.unreached)
            for column, (word, value) in enumerate(zip(states, figures, strict=True), 3):
                both = f"({cities}={self._quoted(city)})*({state}={self._quoted(word)})"
                page.write_formula(at, column, f"=SUMPRODUCT({both})", self._number, value)

    # Who answered what when

    def _history(self) -> None:
        _ = self._
        page = self._page(_("填报经过"), _HISTORY_WIDTHS)
        head = (
            _("时间"),
            _("代字"),
            _("法院名称"),
            _("题目"),
            _("答案"),
            _("填报人"),
            _("督查代填"),
        )
        self._row(page, HEAD - 1, head, self._head)
        rows = self._report.history_rows()
        for place, row in enumerate(rows, HEAD):
            self._row(page, place, row)
        page.freeze_panes(HEAD, 0)
        page.autofilter(HEAD - 1, 0, HEAD - 1 + max(1, len(rows)), len(head) - 1)
        page.repeat_rows(HEAD - 1)
