"""A form's report: who is missing and why in a message, the answers and their sums in a workbook."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from zoneinfo import ZoneInfo

import pytest
from python_calamine import CalamineWorkbook

from bot.texts import load_texts
from notifications.form_facts import GivenAnswer
from notifications.form_models import Form
from notifications.form_progress import CourtSheet
from notifications.form_report import FormReport
from notifications.form_rules import Question
from notifications.form_workbook import FIRST, HEAD, workbook
from notifications.told import html, unescaped

NOW = datetime(2019, 8, 19, 9, 0, tzinfo=UTC)
QUESTIONS = (
    Question("window", "yes_no", "有无窗口？", heading="窗口"),
    Question("hours", "choice", "何时开放？", ("全天", '"半天"')),
    Question("scanners", "number", "几台？", unit="台"),
    Question("picture", "picture", "照片", required=False),
    Question("more", "text", "备注", required=False),
)
FORM = Form(
    id=7, title="窗口 & 标识", questions=[one.as_json() for one in QUESTIONS],
    created_at=NOW, due_at=NOW - timedelta(minutes=1),
)  # fmt: skip
FULL = {
    "window": True, "hours": '"半天"', "scanners": 2.5, "more": "=1+1",
    "picture": {"file_id": "AgAD", "name": "辽72-4.jpg"},
}  # fmt: skip


def sheet(code, state, answers=None, *, city="大连市", inspected=False, why=None):
    at, by = (NOW, "王敏（A岗）") if state == "filled" else (None, None)
    return CourtSheet(
        code, f"{code}法院", "辽宁省", city, state, answers or {}, by, at, inspected, why
    )


SHEETS = [
    sheet("辽0102", "partly", {"window": True}, city="沈阳市"),
    sheet("辽0211", "unreached", why="nobody"),
    sheet("辽0212", "filled", {**FULL, "window": False, "hours": "全天", "scanners": 1}),
    sheet("辽72", "filled", FULL, inspected=True),
    sheet("辽74", "blank", city=None),
]
HISTORY = [
    GivenAnswer("辽72", "辽72法院", "scanners", 2.5, NOW, "王敏（A岗）", True),
    GivenAnswer("辽72", "辽72法院", "picture", None, NOW, "王敏（A岗）", True),
]


@pytest.fixture(scope="module")
def translate():
    return html(load_texts(), "zh-CN")


def report(translate):
    return FormReport(FORM, SHEETS, HISTORY, translate, ZoneInfo("Asia/Shanghai"), NOW)


def test_the_message_names_who_is_missing_and_how_far_they_are(translate):
    assert report(translate).text().split("\n") == [
        "<b>填报 7“窗口 &amp; 标识”</b>",
        "截止：16:59",
        "已填报 2/5 个法院",
        "其中督查代填 1 个",
        "填报中 1 个",
        "未开始 1 个",
        "未送达 1 个",
        "",
        "未填报 3 个法院：",
        "辽0102 辽0102法院　填报中 1/5 题",
        "辽0211 辽0211法院　未送达（没有人员）",
        "辽74 辽74法院　未开始",
    ]
    corrected = replace(SHEETS[3], corrected_at=NOW + timedelta(minutes=5))
    assert report(translate).standing(corrected) == "17:00 王敏（A岗）　督查代填　逾期　17:05 更正"


@pytest.fixture(scope="module")
def pages(translate):
    book = CalamineWorkbook.from_filelike(BytesIO(workbook(report(unescaped(translate)))))
    return [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]


def test_a_row_a_court_with_its_answers_once_they_are_handed_in(pages):
    courts = pages[0]
    assert courts[0][0] == "填报 7“窗口 & 标识”"
    assert courts[HEAD][12:] == ["有无窗口？", "何时开放？", "几台？", "照片", "备注"]
    assert [row[1:2] + row[5:7] + row[9:] for row in courts[FIRST:]] == [
        ["辽0102", "填报中", "", "", "", "", "", "", "", "", ""],
        ["辽0211", "未送达", "", "", "", "没有人员", "", "", "", "", ""],
        ["辽0212", "已填报", 0, "是", "", "", "否", "全天", 1, "辽72-4.jpg", "=1+1"],
        ["辽72", "已填报", 1, "是", "是", "", "是", '"半天"', 2.5, "辽72-4.jpg", "=1+1"],
        ["辽74", "未开始", "", "", "", "", "", "", "", "", ""],
    ]


def test_sums_by_heading_question_and_city(pages):
    summary = [row for row in pages[1] if row[1]]
    assert summary[1] == [1, "窗口", "有无窗口？", "", 1, 2, 0.5]
    assert [row[3:] for row in pages[1] if row[2] in {"有无窗口？", "何时开放？"}][1:] == [
        ["是", 1, 2, 0.5], ["否", 1, 2, 0.5], ["全天", 1, 2, 0.5], ['"半天"', 1, 2, 0.5],
    ]  # fmt: skip
    assert [row[3:5] for row in pages[1] if row[2] == "几台？"] == [
        ["最小（台）", 1], ["中位（台）", 1.75], ["最大（台）", 2.5], ["合计（台）", 3.5],
    ]  # fmt: skip
    assert [row[1:2] + row[3:] for row in pages[1][-3:]] == [
        ["大连市", 2, 0, 0, 1], ["沈阳市", 0, 1, 0, 0], ["辽宁省", 0, 0, 1, 0],
    ]  # fmt: skip


def test_what_was_answered_when_by_whom(pages):
    assert [row[3:] for row in pages[2][HEAD:]] == [
        ["几台？", 2.5, "王敏（A岗）", "是"], ["照片", "（撤回）", "王敏（A岗）", "是"],
    ]  # fmt: skip
