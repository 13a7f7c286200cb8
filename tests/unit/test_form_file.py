"""A form from a spreadsheet, from typed lines and from the shipped data: questions, or every fault with its place."""

import pytest

from directory.import_files import read_files
from directory.import_tables import Row, Table
from directory.texts import CHINESE, ENGLISH
from notifications import form_file, form_template, shipped_forms
from notifications.form_progress import headings
from notifications.form_rules import KINDS, Question, is_form

HEAD = ("分组", "题目", "类型", "选项", "单位", "最小", "最大", "必填", "说明")


def table(*rows, head=HEAD):
    written = [Row(number, number, row) for number, row in enumerate(rows, 2)]
    return Table("检查.xlsx", None, Row(1, 1, head), tuple(written), even=False)


def faults_of(*rows, head=HEAD):
    found = form_file.read([table(*rows, head=head)])
    assert found.questions == ()
    return [(one.place.line, one.place.column, one.reason.what) for one in found.faults]


def test_rows_become_questions_in_their_order():
    found = form_file.read(
        [
            table(
                ("窗口", "有无窗口？", "是否题", "", "", "", "", "", "共用也算"),
                ("窗口", "何时开放？", "单选", "全天；半天｜ 不定 ", "", "", "", "否", ""),
                ("", "几台？", "NUMBER", "", "台", 0, "50.0", "是", ""),
                ("", "照片", "图片", "", "", "", "", "选填", ""),
            )
        ]
    )
    assert found.faults == ()
    assert found.questions == (
        Question("q1", "yes_no", "有无窗口？", heading="窗口", hint="共用也算"),
        Question("q2", "choice", "何时开放？", ("全天", "半天", "不定"), required=False, heading="窗口"),
        Question("q3", "number", "几台？", unit="台", least=0, most=50),
        Question("q4", "picture", "照片", required=False),
    )  # fmt: skip
    assert is_form(found.questions)


def test_the_template_is_a_form_itself(tmp_path):
    path = tmp_path / form_template.NAME
    path.write_bytes(form_template.written())
    tables, faults = read_files([path])
    questions = form_file.read(tables, faults).questions
    assert {one.kind for one in questions} == set(KINDS)
    assert is_form(questions)


@pytest.mark.parametrize(
    ("row", "column", "what"),
    [
        (("", "", "是否"), "题目", "此格不能为空"),
        (("", "问", ""), "类型", "此格不能为空"),
        (("", "问", "多选"), "类型", "不是题目类型"),
        (("", "问", "单选"), "选项", "单选题至少要有两个选项"),
        (("", "问", "单选", "甲"), "选项", "单选题至少要有两个选项"),
        (("", "问", "单选", "甲；乙；甲"), "选项", "有两个相同的选项"),
        (("", "问", "单选", "；".join("一二三四五六七八九")), "选项", "选项有 {count} 个，最多 {most} 个"),
        (("", "问", "单选", "甲；" + "长" * 41), "选项", "内容有 {length} 个字，最多 {limit} 个"),
        (("", "问", "是否", "甲；乙"), "选项", "只有单选题有选项"),
        (("", "问", "文字", "", "台"), "单位", "只有数字题有单位、最小和最大"),
        (("", "问", "数字", "", "", "少", ""), "最小", "不是整数"),
        (("", "问", "数字", "", "", 5, 1), "最大", "最大值小于最小值"),
        (("", "问", "是否", "", "", "", "", "随便"), "必填", "不是“是”或“否”"),
        (("", "好题", "文字"), "题目", "此题与前面的题目相同"),
        (("", "电话 13912345678", "文字"), "题目", "内容中有个人号码 {number}"),
        (("", "问", "单选", "13912345678；乙"), "选项", "内容中有个人号码 {number}"),
    ],
)  # fmt: skip
def test_a_fault_is_named_by_line_and_column(row, column, what):
    assert (3, column, what) in faults_of(("", "好题", "是否"), row)


def test_headings_and_sizes_are_checked():
    assert faults_of() == [(None, None, "文件中没有题目")]
    assert "缺少必需的列 {columns}" in {what for *_, what in faults_of(head=("题目", "选项"))}
    many = [("", f"第 {number} 问", "是否") for number in range(41)]
    assert faults_of(*many) == [(42, None, "题目有 {count} 道，最多 {most} 道")]


def test_typed_lines_are_questions_too():
    found = form_file.typed(
        "有无窗口？\n\n几台扫描仪？｜数字｜台\n何时开放？|单选|全天；半天\n备注｜文字"
    )
    assert [(one.kind, one.unit, one.options) for one in found.questions] == [
        ("yes_no", "", ()), ("number", "台", ()), ("choice", "", ("全天", "半天")), ("text", "", ()),
    ]  # fmt: skip
    (fault,) = form_file.typed("一问\n二问｜多选｜甲；乙").faults
    assert (fault.place.line, fault.place.value) == (2, "多选")


@pytest.mark.parametrize(("locale", "words"), [(CHINESE, "统一"), (ENGLISH, "")])
def test_the_shipped_inspection_asks_all_kinds_under_six_headings_in_both_languages(locale, words):
    form = shipped_forms.shipped(shipped_forms.SIX_UNITIES, locale)
    assert is_form(form.questions)
    assert 12 <= len(form.questions) <= 18
    assert {one.kind for one in form.questions} == set(KINDS)
    assert len(headings(form.questions)) == 6
    assert all(name.startswith(words) for name in headings(form.questions))
    other = shipped_forms.shipped(shipped_forms.SIX_UNITIES, CHINESE)
    assert [one.key for one in form.questions] == [one.key for one in other.questions]
