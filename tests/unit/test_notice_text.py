"""Which formatting of a typed text a notice keeps, and that nothing else gets in."""

import pytest

from bot.sandbox.formatting import parse_html, utf16
from notifications.notice_text import Entity, addresses, first_line, length, nested, plain, to_html


def entity(kind, offset, length, url=None):
    return Entity(kind, offset, length, url)


@pytest.mark.parametrize(
    ("text", "entities", "html"),
    [
        ("大家好", [], "大家好"),
        ("a < b & c", [], "a &lt; b &amp; c"),
        ("<b>假的</b>", [], "&lt;b&gt;假的&lt;/b&gt;"),
        ("粗 体", [entity("bold", 0, 1)], "<b>粗</b> 体"),
        ("斜粗", [entity("bold", 0, 2), entity("italic", 0, 1)], "<b><i>斜</i>粗</b>"),
        ("😀粗", [entity("bold", 2, 1)], "😀<b>粗</b>"),
        ("看", [entity("text_link", 0, 1, "https://a.cn/?a=1&b=2")],
         '<a href="https://a.cn/?a=1&amp;b=2">看</a>'),
        ("看", [entity("text_link", 0, 1, "javascript:alert(1)")], "看"),
        ("看", [entity("text_link", 0, 1, "tg://user?id=1")], "看"),
        ("看", [entity("text_link", 0, 1, 'https://a.cn/" onclick="x')], "看"),
        ("张三", [entity("text_mention", 0, 2)], "张三"),
        ("乱", [entity("bold", -3, 90)], "<b>乱</b>"),
        ("abcd", [entity("bold", 0, 2), entity("italic", 1, 3)], "<b>a<i>b</i></b>cd"),
        ("引\n文", [entity("blockquote", 0, 3)], "<blockquote>引\n文</blockquote>"),
        ("  前后  ", [entity("bold", 0, 6)], "<b>前后</b>"),
    ],
)  # fmt: skip
def test_formatting_is_kept_and_nests(text, entities, html):
    assert to_html(text, entities) == html
    # Telegram reads it back as the very text.
    assert parse_html(html).text == plain(html)


def test_the_command_before_the_text_goes_with_its_formatting():
    text = "/notice 系统维护"
    entities = [entity("bot_command", 0, 7), entity("bold", 5, 5)]
    assert to_html(text, entities, start=7) == "<b>系统</b>维护"


@pytest.mark.parametrize("text", ["", "请阅 abc", "😀粗👨‍👩‍👧", "𠮷野"])
def test_a_text_is_as_long_as_telegram_counts(text):
    assert length(text) == utf16(text)


def test_links_and_the_first_line_are_read_back():
    html = '<b>标题</b> &lt;1&gt;\n<a href="https://a.cn/?x=1&amp;y=13812345678">看</a>'
    assert addresses(html) == ["https://a.cn/?x=1&y=13812345678"]
    assert first_line(html) == "标题 <1>"
    assert first_line("很" * 40) == "很" * 29 + "…"
    assert nested("“六个统一”督查") == "‘六个统一’督查"
