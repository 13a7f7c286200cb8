"""The workbook of a drill's result: one row a court. The words are those of `drill_report`."""

from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING

from directory.later import xlsxwriter
from notifications.drill_facts import CourtResult

if TYPE_CHECKING:
    from notifications.drill_report import Sheet

#: Widths (characters) of the columns.
_WIDTHS = (6, 10, 34, 12, 12, 18, 20, 16, 14, 18, 10, 12, 8, 48)


def workbook(sheet: "Sheet") -> bytes:
    """The file's content. Text is written as text: nothing in it is ever a formula."""
    file = BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False})
    _ = sheet.translate
    page = book.add_worksheet(_("演练结果"))
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    page.write_string(0, 0, sheet.title(), book.add_format({"bold": True}))
    page.write_string(1, 0, _("；").join(sheet.sums()))
    for column, heading in enumerate(_headings(sheet)):
        page.write_string(3, column, heading, bold)
        page.set_column(column, column, _WIDTHS[column])
    for place, court in enumerate(sheet.outcome.courts):
        for column, value in enumerate(_row(sheet, place + 1, court)):
            if isinstance(value, int):
                page.write_number(4 + place, column, value)
            else:
                page.write_string(4 + place, column, value)
    page.freeze_panes(4, 3)
    page.autofilter(3, 0, 3 + max(1, len(sheet.outcome.courts)), len(_WIDTHS) - 1)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.repeat_rows(3)
    book.close()
    return file.getvalue()


def _headings(sheet: "Sheet") -> tuple[str, ...]:
    _ = sheet.translate
    return (
        _("序号"),
        _("代字"),
        _("法院名称"),
        _("省份"),
        _("城市"),
        _("发出时间"),
        _("演练结果"),
        _("签收人"),
        _("岗位"),
        _("签收时间"),
        _("用时（秒）"),
        _("工作用时（秒）"),
        _("按时"),
        _("未送达人员及原因"),
    )


def _row(sheet: "Sheet", number: int, court: CourtResult) -> tuple[str | int, ...]:
    _ = sheet.translate

    def when(at: datetime | None) -> str:
        return f"{at.astimezone(sheet.zone):%Y-%m-%d %H:%M:%S}" if at is not None else ""

    in_time = {True: _("是"), False: _("否"), None: ""}[court.in_time]
    return (
        number,
        court.code,
        court.name,
        court.province,
        court.city or "",
        when(court.sent_at),
        sheet.state(court),
        court.by,
        sheet.post(court.by_post),
        when(court.answered_at),
        "" if court.wall_seconds is None else court.wall_seconds,
        "" if court.working_seconds is None else court.working_seconds,
        in_time,
        sheet.why(court),
    )
