"""What messages about a question say: they fit, they escape what people wrote, buttons are for whom they are meant."""

from datetime import UTC, datetime

import pytest

from bot.texts import load_texts
from directory.models import Court
from notifications.desk import DeskRules
from notifications.ladder import LadderBook
from notifications.messages import LONGEST
from notifications.notice_text import length
from notifications.question_models import Question
from notifications.question_rights import LONGEST as LONGEST_TEXT
from notifications.question_rights import MOST_TURNS
from notifications.question_words import QuestionView, say
from notifications.told import Voice, html

AT = datetime(2019, 8, 19, 1, 30, tzinfo=UTC)
VOICE = Voice(load_texts(), DeskRules(LadderBook.built_in(), "Asia/Shanghai", "zh-CN"))
COURT = Court(code="辽72", name="大连海事法院", province="辽宁省", level="intermediate")


def view(turns, **columns):
    values = {
        "id": 7, "nonce": "n0nce", "asked_by": "王建国（A岗）", "asked_at": AT, "state": "open",
        "stage": "coordinator", "message_id": None, "decision": None,
    }  # fmt: skip
    spoken = [
        {"kind": kind, "text": text, "who": "周琳（省级协调员）", "officer": 1, "at": ""}
        for kind, text in turns
    ]
    return QuestionView(Question(turns=spoken, **values | columns), COURT, VOICE, AT)


@pytest.mark.parametrize(("locale", "sign"), [("zh-CN", "长"), ("en", "😀")])
def test_the_longest_exchange_fits_a_message_with_its_beginning_and_its_end(locale, sign):
    longest = (LONGEST_TEXT - 2) // length(sign)
    turns = [
        ("asked" if n % 2 == 0 else "answered", f"{n:02}" + sign * longest)
        for n in range(MOST_TURNS)
    ]
    said = say(view(turns), "coordinator", None, html(VOICE.texts, locale))
    assert length(said.text) < LONGEST
    assert f"00{sign}" in said.text
    assert f"{MOST_TURNS - 1}{sign}" in said.text
    assert "……" in said.text


@pytest.mark.parametrize(
    ("role", "columns", "labels"),
    [
        ("thread", {}, ["已解决"]),
        ("thread", {"message_id": 5}, ["回答", "已解决"]),
        ("thread", {"state": "answered"}, []),
        ("coordinator", {"state": "solved", "answers": []}, []),  # found out alone
        ("answerers", {}, ["回答"]),
        ("past", {}, []),
        ("answerers", {"state": "answered"}, []),
        ("coordinator", {"state": "answered"}, ["发布", "不发布"]),
        ("nation", {"state": "solved"}, ["发布", "不发布"]),
        ("past", {"state": "solved"}, []),
        ("coordinator", {"state": "answered", "decision": "kept"}, []),
    ],
)
def test_each_reader_has_the_buttons_meant_for_them(role, columns, labels):
    rest = {name: value for name, value in columns.items() if name != "answers"}
    turns = [("asked", "<b>怎么办</b>？"), *columns.get("answers", [("answered", "先签收")])]
    said = say(view(turns, **rest), role, None, html(VOICE.texts, "zh-CN"))
    assert [button["text"] for row in said.buttons for button in row] == labels
    assert "&lt;b&gt;怎么办&lt;/b&gt;" in said.text


@pytest.mark.parametrize(
    ("turn", "state", "labels"),
    [
        (1, "answered", []),
        (3, "answered", ["已解决", "继续追问"]),
        (3, "open", []),
        (3, "solved", []),
    ],
)
def test_only_the_last_answer_can_be_taken_or_asked_on(turn, state, labels):
    turns = [("asked", "一"), ("answered", "二"), ("asked", "三"), ("answered", "四")]
    said = say(view(turns, state=state), "answer", turn, html(VOICE.texts, "zh-CN"))
    assert [button["text"] for row in said.buttons for button in row] == labels
    assert f"问：{turns[turn - 1][1]}" in said.text
    assert f"答：{turns[turn][1]}" in said.text
