"""The spreadsheet of a form to be filled in, with a question of each kind as an example; `form_file` reads it back."""

from io import BytesIO

from directory.later import xlsxwriter
from notifications.form_file import COLUMNS, KIND_WORDS
from notifications.form_rules import MOST_QUESTIONS

NAME = "填报模板.xlsx"

_EXAMPLES: tuple[tuple[str | int, ...], ...] = (
    ("窗口", "大厅是否设有跨域立案窗口？", "是否", "", "", "", "", "是", "共用窗口挂有标识的，算“是”"),
    ("窗口", "窗口什么时间开放？", "单选", "全部办公时间；部分办公时间；不固定", "", "", "", "是", ""),
    ("设备", "窗口有几台扫描设备？", "数字", "", "台", 0, 50, "是", ""),
    ("设备", "窗口照片", "图片", "", "", "", "", "否", "不得拍到当事人、证件和案件材料"),
    ("其他", "需要省里协调的问题", "文字", "", "", "", "", "否", "不得写当事人信息"),
)  # fmt: skip

#: Widths (characters) of the columns.
_WIDTHS = (12, 44, 10, 40, 8, 8, 8, 8, 40)


def written() -> bytes:
    """The file's content: headings, the examples, the words to choose from."""
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        bold = book.add_format({"bold": True, "bg_color": "#E3ECF5", "border": 1})
        text = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
        page = book.add_worksheet("填报")
        page.freeze_panes(1, 0)
        for index, (column, width) in enumerate(zip(COLUMNS, _WIDTHS, strict=True)):
            page.set_column(index, index, width, text)
            page.write_string(0, index, column.chinese, bold)
        for row, example in enumerate(_EXAMPLES, 1):
            for index, cell in enumerate(example):
                page.write(row, index, cell, text)
        for field, words in (("kind", list(KIND_WORDS)), ("required", ["是", "否"])):
            at = next(i for i, column in enumerate(COLUMNS) if column.field == field)
            rule = {"validate": "list", "source": words, "error_type": "information"}
            page.data_validation(1, at, MOST_QUESTIONS, at, rule)
    return out.getvalue()
