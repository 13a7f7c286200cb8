"""A quiz's spreadsheet: read as questions, or every fault with its line and column."""

import csv
import io

import pytest

from directory.import_files import read_files
from directory.import_tables import Row, Table
from notifications import quiz_file, quiz_template
from notifications.training_rules import Question

HEAD = ("题目", "选项A", "选项B", "选项C", "正确答案")


def table(*rows, head=HEAD):
    written = [Row(number, number, row) for number, row in enumerate(rows, 2)]
    return Table("测验.xlsx", None, Row(1, 1, head), tuple(written), even=False)


def faults_of(*rows, head=HEAD):
    found = quiz_file.read([table(*rows, head=head)])
    assert found.questions == ()
    return [(one.place.line, one.place.column, one.reason.what) for one in found.faults]


def test_rows_become_questions_in_their_order():
    found = quiz_file.read(
        [
            table(
                ("多久签收？", "30 分钟", "一天", "", " ａ "),
                ("谁签收？", "A岗", "B岗", "都行", "C"),
            )
        ]
    )
    assert found.faults == ()
    assert found.questions == (
        Question("多久签收？", ("30 分钟", "一天"), 0),
        Question("谁签收？", ("A岗", "B岗", "都行"), 2),
    )


def test_the_template_is_a_quiz_itself(tmp_path):
    path = tmp_path / quiz_template.NAME
    path.write_bytes(quiz_template.written())
    tables, faults = read_files([path])
    assert [one.right for one in quiz_file.read(tables, faults).questions] == [0, 1]


@pytest.mark.parametrize(
    ("row", "column", "what"),
    [
        (("", "甲", "乙", "", "A"), "题目", "此格不能为空"),
        (("问", "甲", "乙", "", ""), "正确答案", "此格不能为空"),
        (("问", "甲", "乙", "", "E"), "正确答案", "正确答案所指的选项为空"),
        (("问", "甲", "乙", "", "AB"), "正确答案", "不是选项字母"),
        (("问", "甲", "", "", "A"), "选项B", "至少要有两个选项"),
        (("问", "甲", "", "丙", "A"), "选项C", "选项之间有空"),
        (("问", "甲", "甲", "", "A"), "选项B", "此选项与另一选项相同"),
        (("电话 13912345678 是谁的", "甲", "乙", "", "A"), "题目", "内容中有个人号码 {number}"),
    ],
)
def test_a_fault_is_named_by_line_and_column(row, column, what):
    good = ("问", "甲", "乙", "丙", "C")
    assert (3, column, what) in faults_of(good, row)


def test_a_number_is_not_repeated():
    found = quiz_file.read([table(("问 13912345678", "甲", "乙", "", "A"))])
    (fault,) = found.faults
    assert fault.place.value is None
    assert fault.data["number"] == "139****5678"


def test_headings_and_sizes_are_checked():
    assert faults_of(head=HEAD) == [(None, None, "文件中没有题目")]
    assert "缺少必需的列 {columns}" in {what for *_, what in faults_of(head=("题目", "选项A"))}
    many = [("问", "甲", "乙", "", "A")] * 31
    assert faults_of(*many) == [(32, None, "题目有 {count} 道，最多 {most} 道")]


def test_a_text_file_is_as_good(tmp_path):
    out = io.StringIO(newline="")
    csv.writer(out).writerows([HEAD, ("多久？", "30 分钟", "一天", "", "B")])
    path = tmp_path / "测验.csv"
    path.write_bytes(out.getvalue().encode("gb18030"))
    tables, faults = read_files([path])
    (question,) = quiz_file.read(tables, faults).questions
    assert question.right == 1
