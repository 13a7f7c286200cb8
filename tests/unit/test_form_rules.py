"""What is a form, what answers a question, how far a court is, who fills until when: a table for each."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from notifications.form_rules import (
    LONGEST_ANSWER,
    MOST_QUESTIONS,
    Question,
    Refused,
    answered,
    filler,
    fits,
    is_form,
    missing,
    next_reminder,
    shut,
    state,
    typed,
)
from notifications.notice_audience import Signer

DUE = datetime(2019, 9, 2, 9, 0, tzinfo=UTC)

SIGN = Question("sign", "yes_no", "窗口是否悬挂统一标识？")
HOURS = Question("hours", "choice", "何时开放？", options=("全部时间", "部分时间", "All day"))
WINDOWS = Question("windows", "number", "有几个窗口？", unit="个", least=0, most=50)
DEFECTS = Question("defects", "text", "有何问题？", required=False)
PICTURE = Question("picture", "picture", "请拍标识。")
FORM = (SIGN, HOURS, WINDOWS, DEFECTS, PICTURE)
PHOTO = {"file_id": "AgAC", "name": "辽0211-5.jpg"}


@pytest.mark.parametrize(
    ("question", "text", "expected"),
    [
        (SIGN, " 是。", True),
        (SIGN, "没有", False),
        (SIGN, "ＮＯ", False),
        (SIGN, "基本是", Refused("not_yes_no")),
        (HOURS, "部分时间", "部分时间"),
        (HOURS, "all DAY", "All day"),
        (HOURS, "1", Refused("no_option")),
        (WINDOWS, "3", 3),
        (WINDOWS, "３ 个", 3),
        (WINDOWS, "2.50", 2.5),
        (WINDOWS, "50", 50),
        (WINDOWS, "51", Refused("range")),
        (WINDOWS, "-1", Refused("range")),
        (WINDOWS, "三个", Refused("no_number")),
        (WINDOWS, "1.125", Refused("no_number")),
        (WINDOWS, "NaN", Refused("no_number")),
        (WINDOWS, "1e400", Refused("no_number")),
        (replace(WINDOWS, most=None), "1,200", 1200),
        (replace(WINDOWS, most=None), "2000000000", Refused("no_number")),
        (DEFECTS, " 打印机损坏 ", "打印机损坏"),
        (DEFECTS, "长" * LONGEST_ANSWER, "长" * LONGEST_ANSWER),
        (DEFECTS, "长" * (LONGEST_ANSWER + 1), Refused("too_long")),
        (DEFECTS, " \n", Refused("empty")),
        (PICTURE, "见附件", Refused("picture")),
    ],
)
def test_what_is_typed_is_an_answer_or_says_why_not(question, text, expected):
    read = typed(question, text)
    assert read == expected
    assert type(read) is type(expected)
    assert fits(question, read) is not isinstance(read, Refused)


@pytest.mark.parametrize(
    ("question", "value", "expected"),
    [
        (SIGN, 1, False),
        (HOURS, "随便", False),
        (WINDOWS, True, False),
        (WINDOWS, 51, False),
        (WINDOWS, "3", False),
        (DEFECTS, "长" * (LONGEST_ANSWER + 1), False),
        (PICTURE, PHOTO, True),
        (PICTURE, PHOTO | {"url": "http://"}, False),
    ],
)
def test_only_values_of_its_kind_fit_a_question(question, value, expected):
    assert fits(question, value) is expected


@pytest.mark.parametrize(
    ("questions", "expected"),
    [
        (FORM, True),
        ((), False),
        ((SIGN, SIGN), False),
        (tuple(replace(SIGN, key=f"q{n}") for n in range(MOST_QUESTIONS)), True),
        (tuple(replace(SIGN, key=f"q{n}") for n in range(MOST_QUESTIONS + 1)), False),
        ((replace(SIGN, text=""),), False),
        ((replace(SIGN, options=("是", "否")),), False),
        ((replace(HOURS, options=("只有一个",)),), False),
        ((replace(HOURS, options=("同样", "同样")),), False),
        ((replace(WINDOWS, least=5, most=4),), False),
        ((replace(SIGN, kind="date"),), False),
    ],
)
def test_a_form_has_questions_that_can_be_answered(questions, expected):
    assert is_form(questions) is expected


def test_a_question_comes_back_from_the_table_as_it_went_in():
    assert [Question.from_json(one.as_json()) for one in FORM] == list(FORM)


@pytest.mark.parametrize(
    ("answers", "filled_at", "reached", "expected"),
    [
        ({}, None, False, "unreached"),
        ({}, None, True, "blank"),
        ({"sign": None}, None, True, "blank"),
        ({"sign": False}, None, True, "partly"),
        # An inspector needs no notice to have come.
        ({"sign": True}, None, False, "partly"),
        ({"sign": True}, DUE, False, "filled"),
    ],
)
def test_how_far_a_court_is(answers, filled_at, reached, expected):
    assert state(answers, filled_at, reached=reached) == expected


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        (timedelta(days=3), ("day", DUE - timedelta(days=1))),
        (timedelta(days=1, seconds=1), ("day", DUE - timedelta(days=1))),
        (timedelta(days=1), ("due", DUE)),
        (timedelta(seconds=1), ("due", DUE)),
        (timedelta(), (None, None)),
        (timedelta(days=-1), (None, None)),
    ],
)
def test_a_form_reminds_a_day_before_it_is_due_and_tells_the_missing_at_its_end(before, expected):
    assert next_reminder(DUE, DUE - before) == expected


def test_what_is_still_missing_leaves_out_what_may_be_skipped():
    answers = {"sign": False, "windows": 0, "picture": None}
    assert missing(FORM, answers) == [1, 4]
    assert answered(FORM, answers) == 2
    assert missing(FORM, answers | {"hours": "全部时间", "picture": PHOTO}) == []


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, None),
        # Late is better than never, until somebody closes.
        ({"now": DUE + timedelta(days=1)}, None),
        ({"now": DUE + timedelta(days=1), "closed_at": DUE}, "closed"),
        ({"recalled_at": DUE, "closed_at": DUE}, "recalled"),
        # What was handed in moves until it is due.
        ({"filled_at": DUE - timedelta(hours=1), "now": DUE - timedelta(seconds=1)}, None),
        ({"filled_at": DUE - timedelta(hours=1), "now": DUE}, "over"),
        # What was found on inspection is not for the inspected to change.
        ({"filled_at": DUE - timedelta(hours=1), "inspected": True}, "inspected"),
        ({"filled_at": DUE - timedelta(hours=1), "inspected": True, "who": "inspector"}, None),
        ({"filled_at": DUE, "now": DUE, "who": "inspector"}, None),
        ({"filled_at": DUE, "closed_at": DUE, "now": DUE, "who": "inspector"}, "closed"),
    ],
)
def test_until_when_a_sheet_takes_answers(changed, expected):
    usual = {
        "due_at": DUE, "closed_at": None, "recalled_at": None, "filled_at": None, "inspected": False,
        "who": "own", "now": DUE - timedelta(days=1),
    }  # fmt: skip
    assert shut(**usual | changed) == expected


@pytest.mark.parametrize(
    ("court", "province", "posts", "reach", "expected"),
    [
        ("辽0211", "辽宁省", {"A"}, None, "own"),
        ("辽0211", "辽宁省", {"technician"}, None, "own"),
        ("辽0211", "辽宁省", set(), None, None),
        ("辽0212", "辽宁省", {"leader"}, None, None),
        ("辽", "辽宁省", {"coordinator"}, "province", "inspector"),
        ("沪", "上海市", {"coordinator"}, "province", None),
        ("最高法", "最高法", {"coordinator"}, "nation", "inspector"),
    ],
)
def test_officers_fill_for_their_court_and_coordinators_for_whom_they_inspect(
    court, province, posts, reach, expected
):
    who = Signer(7, court, province, frozenset(posts), reach)
    assert filler(who, "辽0211", "辽宁省") == expected
    assert filler(replace(who, court="辽0211"), "辽0211", "辽宁省") == ("own" if posts else None)
