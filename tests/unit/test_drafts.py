"""Which callback data is a press in a conversation."""

import pytest

from bot.chat.drafts import Choice, decode


@pytest.mark.parametrize(
    ("choice", "pressed"),
    [
        ("court=1.辽72.2", True),
        ("n=999999999999999999", True),
        ("n=9999999999999999999", False),  # no database's key
        ("n=٩٩٩٩٩٩٩٩٩٩٩٩٩٩٩٩٩٩٩", False),
        ("", False),
        ("x" * 25, False),
    ],
)
def test_only_what_could_have_been_written_is_read_back(choice, pressed):
    found = decode(f"draft:7:Abc_-9:{choice}")
    assert found == (Choice(7, "Abc_-9", choice) if pressed else None)
