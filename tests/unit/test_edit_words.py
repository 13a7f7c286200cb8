"""What is said of an edit fits one message, whatever somebody typed."""

from bot.chat import edit_words
from bot.texts import load_texts
from notifications.messages import LONGEST
from notifications.told import html


def test_a_court_with_a_hundred_names_still_fits_a_message() -> None:
    names = tuple(f"第{number}个很长很长很长的曾用名称，仍然查得到" for number in range(180))
    said = edit_words.step("aliases", names[:150], names, html(load_texts(), "zh-CN"))
    assert len(said) < LONGEST / 2
    assert said.count("…") == 2
    assert edit_words.shown("aliases", names[:2], str) == "｜".join(names[:2])
