"""What 这些还对吗? says: to the person, to who is asked in their place, in both languages; nothing in it is markup of theirs."""

from dataclasses import replace
from datetime import date

import pytest

from bot.texts import load_texts
from notifications.told import html
from notifications.verification_words import AskedView, departure, listed, question

TEXTS = load_texts()
ZH, EN = html(TEXTS, "zh-CN"), html(TEXTS, "en")

VIEW = AskedView(
    number=7, officer_id=3, name="王<建国", court_code="辽72", court="大连海事法院（辽72）",
    posts=("A", "leader"), title=None, department="立案庭", desk_phone="0411-1", mobile=None,
    reached=True, left=False, state="asked", ended_by=None,
)  # fmt: skip


def labels(said):
    return [[button["text"] for button in row] for row in said.buttons]


def test_the_question_shows_the_card_with_what_is_missing_and_no_mobile_where_none_may_be_written():
    said = question(VIEW, None, "辽72:王<建国", ZH)
    assert "<b>王&lt;建国</b>" in said.text
    assert "职务：—" in said.text
    assert "手机" not in said.text
    assert "手机 —" in question(replace(VIEW, mobile=""), None, "", ZH).text
    assert labels(said) == [["都对", "修改", "已调离"]]
    assert [button["data"] for button in said.buttons[0]] == [
        "verify:ok:7",
        "edit:o3",
        "verify:left:7",
    ]
    assert labels(question(VIEW, None, "", EN)) == [["All right", "Edit", "Left"]]


@pytest.mark.parametrize(
    ("but", "words"),
    [
        ({"state": "leader"}, "都对请点"),
        ({"state": "confirmed", "ended_by": "me"}, "✅ 已核对：都对，谢谢。\n下次核对约在 11月18日（周一）。"),
        ({"state": "confirmed", "ended_by": "辽72:赵强"}, "✅ 都对（辽72:赵强）\n下次"),
        ({"state": "changed", "ended_by": "me"}, "✅ 已更改并核对，谢谢。\n下次"),
        ({"state": "left", "ended_by": "me", "left": True}, "已办理离任（me）"),
        ({"state": "closed", "ended_by": "辽:周琳", "left": True}, "已办理离任（辽:周琳）"),
        ({"state": "closed"}, "本次核对已结束，无须再答复。"),
    ],
)  # fmt: skip
def test_the_question_says_how_it_ended(but, words):
    said = question(replace(VIEW, **but), date(2019, 11, 18), "me", ZH)
    assert words in said.text
    assert bool(said.buttons) == (but["state"] == "leader")


def test_a_list_has_buttons_for_whom_its_reader_may_still_answer():
    waiting = replace(VIEW, state="leader", reached=False)
    done = replace(VIEW, number=8, name="李敏", state="confirmed", ended_by="辽72:赵强")
    said = listed([waiting, done], "leader", "大连海事法院", (1, 1), ZH)
    assert (
        "1. <b>王&lt;建国</b>　A岗、带班领导　聊天中联系不到\n立案庭　☎\u00a00411-1\n2. 李敏　✅ 都对"
        in said.text
    )
    assert labels(said) == [["1 都对", "1 修改", "1 已调离"]]
    both = listed([waiting, replace(waiting, number=9)], "leader", "大连海事法院", (2, 3), ZH)
    assert "【请代为核对】大连海事法院（2/3）" in both.text
    assert labels(both)[-1] == ["以上全部都对"]
    # Out of the court's hands; the province sees it under its court, and never all at once.
    up = [replace(waiting, state="province"), replace(waiting, number=9, state="province")]
    assert listed(up, "leader", "大连海事法院", (1, 1), ZH).buttons == []
    above = listed(up, "province", "辽宁省", (1, 1), ZH)
    assert above.text.count("<b>大连海事法院（辽72）</b>") == 1
    assert len(above.buttons) == 2


@pytest.mark.parametrize(
    ("names", "warning"),
    [((["赵强"], ["李敏"]), None), (([], ["李敏"]), "A岗现无人"), (([], []), "A岗、B岗现均无人")],
)
def test_a_departure_says_who_is_left_at_the_desk(names, warning):
    said = departure(VIEW, (("A", names[0]), ("B", names[1])), ZH).text
    assert "王&lt;建国（A岗、带班领导）在核对时表示已调离" in said
    assert ("⚠️" in said) == (warning is not None)
    assert warning is None or warning in said
