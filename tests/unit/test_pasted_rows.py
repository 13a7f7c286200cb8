"""Rows as people type and paste them: separators, headers, widths, and lines that are no filing."""

import pytest

from bot.chat.pasted_rows import LineFault, Row, case_type, parse

WHOLE = ("KY-1", "浙72", "辽72", "民事一审")


def values(row: Row) -> tuple[str, str, str, str]:
    return row.reference, row.collaborating_court, row.jurisdiction_court, row.case_type


@pytest.mark.parametrize(
    "line",
    [
        "KY-1 浙72 辽72 民事一审",
        "KY-1\t浙72\t辽72\t民事一审",
        "KY-1,浙72,辽72,民事一审",
        "KY-1，浙72，辽72，民事一审",
        "KY-1、浙72、辽72、民事一审",
        "KY-1；浙72；辽72；民事一审",
        "KY-1;浙72;辽72;民事一审",
        "  KY-1   浙72    辽72  民事一审  ",
        "KY-1　浙72　辽72　民事一审",
        '"KY-1"\t"浙72"\t"辽72"\t"民事一审"',
        "KY-1\t浙72\t辽72\t民事一审\t\t",
        "KY-1， 浙72， 辽72， 民事一审，",
    ],
)
def test_a_line_is_read_whatever_separates_it(line):
    paste = parse(line)
    assert [values(row) for row in paste.rows] == [WHOLE]
    assert paste.faults == ()


def test_court_names_with_blanks_survive_tabs():
    [row] = parse("KY-1\t宁波 海事法院\t大连海事法院\t执行").rows
    assert row.collaborating_court == "宁波 海事法院"


def test_an_english_case_type_may_have_blanks_of_its_own():
    [row] = parse("KY-1 浙72 辽72 civil first instance").rows
    assert row.case_type == "civil first instance"


def test_full_width_references_stay_as_written():
    [row] = parse("（２０１９）辽0211民初１２３４号 浙72 辽0211 民事一审").rows
    assert row.reference == "（２０１９）辽0211民初１２３４号"


def test_a_header_gives_the_columns_any_order_and_others_are_passed_over():
    paste = parse(
        "序号\t案件类型\t管辖法院\t申请编号\t备注\t协作法院代字\n"
        "1\t执行\t大连海事法院\tKY-1\t\t浙72\n"
        "2\t民事一审\t辽0211\tKY-2\t略\t浙72"
    )
    assert paste.headed
    assert [values(row) for row in paste.rows] == [
        ("KY-1", "浙72", "大连海事法院", "执行"),
        ("KY-2", "浙72", "辽0211", "民事一审"),
    ]
    assert [row.line for row in paste.rows] == [2, 3]


def test_an_english_header_is_a_header():
    paste = parse("reference,case_type,jurisdiction court,Collaborating-Court\nKY-1,执行,辽72,浙72")
    assert values(paste.rows[0]) == ("KY-1", "浙72", "辽72", "执行")


def test_a_header_without_a_column_names_it():
    paste = parse("编号\t协作法院\t案件类型\nKY-1\t浙72\t执行")
    assert paste.rows == ()
    assert [(fault.kind, fault.field) for fault in paste.faults] == [
        ("header", "jurisdiction_court")
    ]


def test_each_faulty_line_is_told_and_the_others_are_read():
    paste = parse("KY-1 浙72 辽72 执行\n\nKY-2 浙72\nKY-3,浙72,,执行\nKY-4 浙72 辽72 执行 多余")
    assert [row.reference for row in paste.rows] == ["KY-1"]
    assert paste.faults == (
        LineFault(3, "columns", "KY-2 浙72", 2),
        LineFault(4, "empty", "KY-3,浙72,,执行", 4, "jurisdiction_court"),
        LineFault(5, "columns", "KY-4 浙72 辽72 执行 多余", 5),
    )


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("民事一审", "civil_first_instance"),
        ("民事一审案件", "civil_first_instance"),
        ("民初", "civil_first_instance"),
        ("Civil First Instance", "civil_first_instance"),
        ("civil_first_instance", "civil_first_instance"),
        ("行政一审", "administrative_first_instance"),
        ("执行", "enforcement"),
        ("ｅｎｆｏｒｃｅｍｅｎｔ", "enforcement"),
        ("刑事自诉", "private_prosecution"),
        ("国赔", "state_compensation"),
        ("民事申请再审", "civil_retrial_application"),
        ("民事 二审", None),
        ("", None),
    ],
)
def test_case_types_are_known_by_every_name(words, code):
    assert case_type(words) == code


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("KY-1 浙72 辽72 民事一审", True),
        ("编号\t协作法院\t管辖法院\t案件类型\nKY-1\t甲\t乙\t执行", True),
        ("KY-1 宁波海事法院 大连海事法院 随便", True),
        ("今天 下午 开会 吗", False),
        ("你好", False),
        ("编号\t协作法院\t案件类型", False),
        ("", False),
    ],
)
def test_a_text_without_a_command_is_rows_only_when_it_can_be_nothing_else(text, meant):
    assert parse(text).is_meant_as_rows is meant


@pytest.mark.parametrize(
    "text", ["\x00", "\t\t\t", ",,,,", "\n" * 500, "甲" * 4096, "=1+1\t2\t3\t4"]
)
def test_no_text_breaks_the_parser(text):
    paste = parse(text)
    assert len(paste.rows) + len(paste.faults) <= max(1, text.count("\n") + 1)
