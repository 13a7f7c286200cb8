"""Which buttons stand under a card in each state and view, and what a press may carry."""

import pytest

from notifications.channels.telegram_buttons import (
    LABELS,
    Pressed,
    card_buttons,
    decode,
    encode,
    news_buttons,
)


def drawn(rows):
    """The labels: a row a line, buttons parted by a bar."""
    return "\n".join(" | ".join(button.label for button in row) for row in rows)


RESULTS = "登记立案\n一次性补正 | 转诉前调解\n不予受理 | 退回"

CARDS = [
    # view, state, undo open, what stands under the card
    ("group", "waiting", False, "签收\n转B岗 | 查看"),
    ("officer", "waiting", False, "签收\n转B岗 | 稍后 | 查看"),
    ("collaborating", "waiting", False, "催办\n撤回 | 查看"),
    ("group", "acknowledged", True, f"{RESULTS}\n撤销 | 查看"),
    ("group", "acknowledged", False, f"{RESULTS}\n查看"),
    ("officer", "acknowledged", True, f"{RESULTS}\n撤销 | 查看"),
    ("collaborating", "acknowledged", True, "催办\n撤回 | 查看"),
    ("group", "correcting", True, "登记立案 | 转诉前调解\n不予受理 | 退回\n撤销 | 查看"),
    ("officer", "correcting", False, "登记立案 | 转诉前调解\n不予受理 | 退回\n查看"),
    ("collaborating", "correcting", False, "已补正\n撤回 | 查看"),
    ("group", "completed", True, "撤销 | 查看"),
    ("officer", "completed", False, "查看"),
    ("collaborating", "completed", True, "查看"),
    ("group", "withdrawn", False, "查看"),
    ("collaborating", "withdrawn", False, "查看"),
]


@pytest.mark.parametrize(("view", "state", "undo_open", "expected"), CARDS)
def test_a_card_offers_what_its_reader_may_do_next(view, state, undo_open, expected):
    assert drawn(card_buttons(view, state, undo_open=undo_open)) == expected


def test_the_b_post_is_not_offered_to_hand_over_to_itself():
    assert drawn(card_buttons("officer", "waiting", hand_over=False)) == "签收\n稍后 | 查看"


def test_what_was_put_off_or_handed_over_once_is_not_offered_again():
    rows = card_buttons("officer", "waiting", hand_over=False, snooze=False)
    assert drawn(rows) == "签收\n查看"


def test_the_likeliest_press_is_green_and_alone_in_the_first_row():
    for view, state, action in [
        ("group", "waiting", "ack"),
        ("officer", "waiting", "ack"),
        ("officer", "acknowledged", "reg"),
        ("collaborating", "correcting", "supp"),
    ]:
        (first,), *_rest = card_buttons(view, state)
        assert (first.action, first.style) == (action, "success")


NEWS = [
    ("nudged", "group", "waiting", "签收\n转B岗 | 查看"),
    ("nudged", "officer", "acknowledged", f"{RESULTS}\n查看"),
    ("supplemented", "group", "acknowledged", f"{RESULTS}\n查看"),
    ("corrected", "collaborating", "correcting", "已补正\n查看"),
    ("acknowledged", "collaborating", "acknowledged", ""),
    ("result", "collaborating", "completed", ""),
    ("undone", "collaborating", "waiting", ""),
    ("withdrawn", "officer", "withdrawn", ""),
]


@pytest.mark.parametrize(("kind", "view", "state", "expected"), NEWS)
def test_news_has_buttons_only_where_the_reader_must_act(kind, view, state, expected):
    assert drawn(news_buttons(kind, view, state)) == expected


@pytest.mark.parametrize("action", sorted(LABELS))
def test_a_press_carries_its_action_row_and_nonce_within_64_bytes(action):
    data = encode(action, 9_223_372_036_854_775_807, "aB3-_x9z")
    assert len(data.encode()) <= 64
    assert decode(data) == Pressed(action, 9_223_372_036_854_775_807, "aB3-_x9z")


@pytest.mark.parametrize(
    "data",
    [
        "",
        "ack",
        "ack:1",
        "ack:0:abc",
        "ack:-1:abc",
        "ack:01:abc",
        "ack:１:abc",
        "ack:1:",
        "ack:1:ab c",
        "ack:1:abc:more",
        "ack:1:abc\n",
        "steal:1:abc",
        "draft:1:abc:yes",
        "ack:99999999999999999999:abc",
        "ack:1:abcdefghijklmnopq",
    ],
)
def test_what_no_button_of_ours_carries_is_not_understood(data):
    assert decode(data) is None
