"""The workbook of a notice's receipts: a page by court, a page by person. The words are those of `notice_report`."""

from collections.abc import Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Any

from directory.later import xlsxwriter
from notifications.notice_sheet import CourtLine, Receipt, Sums

if TYPE_CHECKING:
    from notifications.notice_report import Sheet

#: In which row (from 0) the headings stand; above them title and sums.
HEAD = 3

#: Widths (characters) of the columns.
_COURT_WIDTHS = (6, 10, 30, 10, 10, 8, 8, 10, 8, 10, 8, 10, 60)
_PERSON_WIDTHS = (6, 10, 30, 10, 10, 12, 18, 14, 17, 22, 17, 24)

Cell = str | int

#: xlsxwriter's number of the paper.
_A4 = 9


def workbook(sheet: "Sheet") -> bytes:
    """The file's content. Text is written as text: nothing in it is ever a formula."""
    file = BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False})
    _ = sheet.translate
    courts = [_court(sheet, place + 1, line) for place, line in enumerate(sheet.lines)]
    courts.append(("", "", _("合计"), "", "", *_figures(sheet.sums), ""))
    people = [_person(sheet, place + 1, one) for place, one in enumerate(sheet.receipts)]
    _page(book, sheet, _("按法院"), _court_headings(sheet), _COURT_WIDTHS, courts)
    _page(book, sheet, _("按人员"), _person_headings(sheet), _PERSON_WIDTHS, people)
    book.close()
    return file.getvalue()


def _page(
    book: Any,
    sheet: "Sheet",
    name: str,
    headings: Sequence[str],
    widths: Sequence[int],
    rows: Sequence[Sequence[Cell]],
) -> None:
    _ = sheet.translate
    page = book.add_worksheet(name)
    lines = {"border": 1, "border_color": "#B8C2CC", "valign": "top", "text_wrap": True}
    cell = book.add_format(lines)
    number = book.add_format(lines | {"align": "center"})
    head = book.add_format(lines | {"bold": True, "bg_color": "#E3ECF5"})
    page.write_string(0, 0, sheet.title(), book.add_format({"bold": True, "font_size": 13}))
    page.write_string(1, 0, _("；").join([*sheet.figures(), sheet.made()]))
    for column, (heading, width) in enumerate(zip(headings, widths, strict=True)):
        page.write_string(HEAD, column, heading, head)
        page.set_column(column, column, width)
    for place, row in enumerate(rows, HEAD + 1):
        for column, value in enumerate(row):
            if isinstance(value, int):
                page.write_number(place, column, value, number)
            else:
                page.write_string(place, column, value, cell)
    page.freeze_panes(HEAD + 1, 3)
    page.autofilter(HEAD, 0, HEAD + max(1, len(rows)), len(headings) - 1)
    page.repeat_rows(HEAD)
    page.set_landscape()
    page.set_paper(_A4)
    page.fit_to_pages(1, 0)


def _court_headings(sheet: "Sheet") -> tuple[str, ...]:
    _ = sheet.translate
    return (
        _("序号"), _("代字"), _("法院名称"), _("省份"), _("城市"),
        _("人数"), _("已送达"), _("已阅"), _("代签"), _("未确认"), _("发送中"), _("未送达"),
        _("待催办人员"),
    )  # fmt: skip


def _person_headings(sheet: "Sheet") -> tuple[str, ...]:
    _ = sheet.translate
    return (
        _("序号"), _("代字"), _("法院名称"), _("省份"), _("城市"), _("姓名"), _("岗位"),
        _("状态"), _("确认时间"), _("确认人"), _("提醒时间"), _("未送达原因"),
    )  # fmt: skip


def _court(sheet: "Sheet", number: int, line: CourtLine) -> tuple[Cell, ...]:
    _ = sheet.translate
    missing = sheet.missing(line.missing)
    place = (number, line.code, line.name, line.province, line.city or "")
    return (*place, *_figures(line.sums), missing)


def _figures(sums: Sums) -> tuple[int, ...]:
    return (
        sums.people,
        sums.delivered,
        sums.confirmed,
        sums.signed,
        sums.unconfirmed,
        sums.waiting,
        sums.unreached,
    )


def _person(sheet: "Sheet", number: int, one: Receipt) -> tuple[Cell, ...]:
    return (
        number,
        one.court_code,
        one.court,
        one.province,
        one.city or "",
        one.name,
        sheet.posts(one),
        sheet.state(one),
        sheet.when(one.confirmed_at),
        sheet.signed(one.confirmed_by),
        sheet.when(one.reminded_at),
        sheet.why(one),
    )
