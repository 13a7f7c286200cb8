"""How true the directory is, as a workbook: one row a court or a province, the worst first, and all of it. Counts nothing.

The figures are `directory.freshness`' business.
"""

import io
from collections.abc import Sequence
from datetime import date
from typing import Any

from directory.exports import write_text
from directory.freshness import FreshnessRow, total
from directory.later import xlsxwriter
from directory.texts import Translate

#: Widths (characters) of the columns.
_WIDTHS = (12, 34, 10, 10, 10, 10, 12, 12, 14, 12, 16, 14)
_HEAD = 2
_A4 = 9
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def write(
    rows: Sequence[FreshnessRow], translate: Translate, *, province: str | None, day: date
) -> bytes:
    """The content of an .xlsx file.

    Args:
        rows: what `freshness` gave, in its order.
        translate: the reader's language.
        province: whose courts the rows are; None where each is a province.
        day: the reader's local day, for the title.
    """
    _ = translate
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, _OPTIONS) as book:
        forms = {
            "title": book.add_format({"bold": True, "font_size": 14}),
            "head": book.add_format(
                {"bold": True, "border": 1, "bg_color": "#EEEEEE", "text_wrap": True}
            ),
            "text": book.add_format({"border": 1}),
            "number": book.add_format({"border": 1, "num_format": "0"}),
            "share": book.add_format({"border": 1, "num_format": "0%"}),
        }
        page = book.add_worksheet(_("通讯录准确度"))
        where = province if province is not None else _("全国")
        title = _("{where}通讯录准确度　{day}", where=where, day=day.isoformat())
        write_text(page, 0, 0, title, forms["title"])
        page.write_string(1, 0, legend(_))
        _table(page, forms, rows, province, _)
    return out.getvalue()


def legend(translate: Translate) -> str:
    """What the score is made of, in one sentence."""
    _ = translate
    return _(
        "满分 100：期内已核对 50，账号收得到消息 10，有B岗 15，有人已关联聊天账号 15，无未处理的有误反映 10。"
    )


def _table(
    page: Any,
    forms: dict[str, Any],
    rows: Sequence[FreshnessRow],
    province: str | None,
    translate: Translate,
) -> None:
    for column, heading in enumerate(_headings(translate)):
        page.write_string(_HEAD, column, heading, forms["head"])
        page.set_column(column, column, _WIDTHS[column])
    # A province is its own key: its name stands once.
    shown = [(row, row.key if province is not None else "") for row in rows]
    if len(rows) > 1:
        shown.append((total("", translate("合计"), rows), ""))
    for place, (row, key) in enumerate(shown, _HEAD + 1):
        for column, value in enumerate(_cells(row, key)):
            if isinstance(value, str):
                write_text(page, place, column, value, forms["text"])
            else:
                form = forms["share"] if isinstance(value, float) else forms["number"]
                page.write_number(place, column, value, form)
    page.freeze_panes(_HEAD + 1, 2)
    page.autofilter(_HEAD, 0, _HEAD + max(1, len(rows)), len(_WIDTHS) - 1)
    page.set_paper(_A4)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.repeat_rows(_HEAD)


def _headings(translate: Translate) -> tuple[str, ...]:
    _ = translate
    return (
        _("代字"),
        _("法院或省份"),
        _("得分"),
        _("法院数"),
        _("在册人数"),
        _("期内已核对"),
        _("核对率"),
        _("从未核对"),
        _("账号收不到消息"),
        _("无B岗的法院"),
        _("无人关联的法院"),
        _("未处理的有误反映"),
    )


def _cells(row: FreshnessRow, key: str) -> tuple[str | int | float, ...]:
    return (
        key,
        row.name,
        row.score,
        row.courts,
        row.officers,
        row.verified,
        row.share,
        row.never,
        row.bounced,
        row.without_b,
        row.unlinked_courts,
        row.open_corrections,
    )
