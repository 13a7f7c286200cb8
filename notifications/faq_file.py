"""The published list as a workbook: one row a question. Reads nothing itself."""

from collections.abc import Iterable
from io import BytesIO
from zoneinfo import ZoneInfo

from directory.exports import write_text
from directory.later import xlsxwriter
from directory.texts import Translate
from notifications.question_models import FaqEntry
from notifications.wording import Wording

#: Widths (characters) of the columns.
_WIDTHS = (6, 44, 80, 14, 26, 14, 10)
_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}


def workbook(entries: Iterable[FaqEntry], translate: Translate, zone: ZoneInfo) -> bytes:
    """The content of an .xlsx file; days in `zone`. Text is written as text: nothing in it is ever a formula."""
    _ = translate
    words = Wording(_)
    out = BytesIO()
    with xlsxwriter.Workbook(out, _OPTIONS) as book:
        head = book.add_format({"bold": True, "border": 1, "bg_color": "#EEEEEE"})
        text = book.add_format({"border": 1, "text_wrap": True, "valign": "top"})
        page = book.add_worksheet(_("常见问题"))
        headings = (
            _("序号"), _("问题"), _("答案"), _("省份"), _("发布人"), _("发布日期"), _("有帮助"),
        )  # fmt: skip
        for column, heading in enumerate(headings):
            write_text(page, 0, column, heading, head)
            page.set_column(column, column, _WIDTHS[column])
        last = 0
        for last, entry in enumerate(entries, 1):
            cells = (
                entry.question,
                entry.answer,
                entry.province or _("全国"),
                _("示例") if entry.sample else words.signed(entry.published_by),
                entry.published_at.astimezone(zone).date().isoformat(),
            )
            page.write_number(last, 0, last, text)
            for column, cell in enumerate(cells, 1):
                write_text(page, last, column, cell, text)
            page.write_number(last, len(_WIDTHS) - 1, entry.helpful, text)
        page.freeze_panes(1, 0)
        page.autofilter(0, 0, max(1, last), len(_WIDTHS) - 1)
        page.set_landscape()
        page.set_paper(9)
        page.fit_to_pages(1, 0)
        page.repeat_rows(0)
    return out.getvalue()
