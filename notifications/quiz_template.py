"""The spreadsheet of a quiz to be filled in, with two questions as an example; `notifications.quiz_file` reads it back."""

from io import BytesIO

from directory.later import xlsxwriter
from notifications.quiz_file import COLUMNS, LETTERS, MOST_QUESTIONS

NAME = "测验模板.xlsx"

_EXAMPLES = (
    ("收到呼叫后应在多长时间内签收？", "30 分钟", "1 个工作日", "3 个工作日", "", "", "", "A"),
    ("点错“签收”怎么办？", "不用管", "2 分钟内点“撤销”", "退出群", "", "", "", "B"),
)


def written() -> bytes:
    """The file's content: headings, two examples, the letters to choose from."""
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        bold = book.add_format({"bold": True})
        text = book.add_format({"num_format": "@", "text_wrap": True})
        page = book.add_worksheet("测验")
        page.freeze_panes(1, 0)
        for index, column in enumerate(COLUMNS):
            page.set_column(index, index, 40 if index == 0 else 18, text)
            page.write_string(0, index, column.chinese, bold)
        for row, example in enumerate(_EXAMPLES, 1):
            for index, cell in enumerate(example):
                page.write_string(row, index, cell)
        last = len(COLUMNS) - 1
        rule = {"validate": "list", "source": list(LETTERS), "error_type": "information"}
        page.data_validation(1, last, MOST_QUESTIONS, last, rule)
    return out.getvalue()
