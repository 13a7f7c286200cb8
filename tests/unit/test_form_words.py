"""How answers and the numbers of questions read."""

import pytest

from bot.texts import load_texts
from directory.texts import CHINESE, ENGLISH
from notifications.form_rules import Question
from notifications.form_words import in_runs, said


@pytest.mark.parametrize(
    ("kind", "unit", "value", "chinese", "english"),
    [
        ("yes_no", "", True, "是", "yes"),
        ("yes_no", "", False, "否", "no"),
        ("choice", "", "部分时间", "部分时间", "部分时间"),
        ("number", "个", 0, "0 个", "0 个"),
        ("number", "%", 97.5, "97.5%", "97.5%"),
        ("number", "", 3, "3", "3"),
        ("text", "", "<无>", "<无>", "<无>"),
        (
            "picture",
            "",
            {"file_id": "AgAC", "name": "辽72-6.jpg"},
            "图片 辽72-6.jpg",
            "picture 辽72-6.jpg",
        ),
    ],
)
def test_an_answer_in_words(kind, unit, value, chinese, english):
    question = Question("key", kind, "题目", unit=unit)
    texts = load_texts()
    assert said(question, value, texts.for_locale(CHINESE)) == chinese
    assert said(question, value, texts.for_locale(ENGLISH)) == english


@pytest.mark.parametrize(
    ("places", "expected"),
    [
        ([], []),
        ([0], ["1"]),
        ([0, 1], ["1", "2"]),
        ([0, 2, 6, 7, 8, 11], ["1", "3", "7–9", "12"]),
    ],
)
def test_numbers_in_a_row_are_said_as_one(places, expected):
    assert in_runs(places) == expected
