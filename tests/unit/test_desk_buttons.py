"""Which callback data is a button of the desk, and which is a forgery or somebody else's."""

import pytest

from bot.chat.desk_buttons import DeskPress, decode


@pytest.mark.parametrize(
    ("data", "press"),
    [
        ("swap:7:a-_Z09:accept", DeskPress("swap", 7, "a-_Z09", "accept")),
        ("handover:123:-:ok", DeskPress("handover", 123, "-", "ok")),
        ("checkin:1:-:ok", DeskPress("checkin", 1, "-", "ok")),
        ("swap:999999999999999999:n:cancel", DeskPress("swap", 10**18 - 1, "n", "cancel")),
    ],
)
def test_a_button_of_ours_is_read(data, press):
    assert decode(data) == press
    assert len(data.encode()) <= 64


@pytest.mark.parametrize(
    "data",
    [
        "", "swap", "swap:7", "swap:7:n", "swap:0:n:accept", "swap:-1:n:accept", "swap:٣:n:accept",
        "swap:9999999999999999999:n:accept", "swap:7::accept", "swap:7:n:accept:more",
        "swap:7:n:ACCEPT", "swap:7:n n:accept", "Swap:7:n:accept", "ack:7:n:accept",
        "swap:7:n:accept\n", "draft:1:n:day=1",
    ],
)  # fmt: skip
def test_anything_else_is_not(data):
    assert decode(data) is None
