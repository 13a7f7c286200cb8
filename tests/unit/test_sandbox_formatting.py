"""Texts as Telegram reads them: HTML, MarkdownV2, UTF-16 lengths, what it finds by itself; and buttons."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.errors import ApiError
from bot.sandbox.formatting import (
    Formatted,
    is_public_url,
    parse_html,
    trimmed,
    utf16,
    with_found,
)
from bot.sandbox.keyboards import checked_inline
from bot.sandbox.markdown import parse_markdown
from bot.sandbox.methods.texts import caption, message_text


def marks(formatted):
    units = formatted.text.encode("utf-16-le")
    return [
        (e["type"], units[2 * e["offset"] : 2 * (e["offset"] + e["length"])].decode("utf-16-le"))
        for e in formatted.entities
    ]


@pytest.mark.parametrize(
    ("source", "text", "entities"),
    [
        ("plain & simple > nothing", "plain & simple > nothing", []),
        ("<b>粗</b>细", "粗细", [("bold", "粗")]),
        ("𠮷<b>𠮷</b>", "𠮷𠮷", [("bold", "𠮷")]),
        ("<B>a</B>", "a", [("bold", "a")]),
        ("<b>a<i>b</i></b>", "ab", [("italic", "b"), ("bold", "ab")]),
        ("&lt;b&gt; &amp; &quot; &#39; &#x4e00; &nbsp;", "<b> & \" ' 一 &nbsp;", []),
        ('<a href="https://t.me/x?start=1">开始</a>', "开始", [("text_link", "开始")]),
        ('<a href="http://localhost:80/">本机</a>', "本机", []),
        ('<span class="tg-spoiler">x</span>', "x", [("spoiler", "x")]),
        ("<blockquote expandable>x</blockquote>", "x", [("expandable_blockquote", "x")]),
        ('<pre><code class="language-py">x</code></pre>', "x", [("pre", "x")]),
        ("<b></b>x", "x", []),
    ],
)
def test_html_becomes_text_and_entities(source, text, entities):
    formatted = parse_html(source)
    assert formatted.text == text
    assert marks(formatted) == entities


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("3 < 4 > 2", 'Unsupported start tag ""'),
        ("a <", "Unclosed start tag"),
        ("<br>", 'Unsupported start tag "br" at byte offset 0'),
        ("一<br/>", 'Unsupported start tag "br" at byte offset 3'),
        ("<p>x</p>", 'Unsupported start tag "p"'),
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("<b>x</i>", 'expected "</b>", found "</i>"'),
        ("<b><i>x</b></i>", 'expected "</i>", found "</b>"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<span>x</span>", 'class "tg-spoiler"'),
    ],
)
def test_html_telegram_does_not_know_is_refused(source, words):
    with pytest.raises(ApiError) as caught:
        parse_html(source)
    assert caught.value.description.startswith("Bad Request: can't parse entities: ")
    assert words in caught.value.description


@given(st.text())
def test_escaped_text_comes_back_as_it_was(text):
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert parse_html(f"<b>{escaped}</b>").text == text


@pytest.mark.parametrize(
    ("source", "text", "entities"),
    [
        ("*粗* _斜_", "粗 斜", [("bold", "粗"), ("italic", "斜")]),
        (
            "__u__ ~s~ ||p||",
            "u s p",
            [("underline", "u"), ("strikethrough", "s"), ("spoiler", "p")],
        ),
        ("`a.b!` ```c.d```", "a.b! c.d", [("code", "a.b!"), ("pre", "c.d")]),
        ("[x](https://t.me/a) 1\\.", "x 1.", [("text_link", "x")]),
        (">引\n>文\n外", "引\n文\n外", [("blockquote", "引\n文")]),
    ],
)
def test_markdown_becomes_text_and_entities(source, text, entities):
    formatted = parse_markdown(source)
    assert formatted.text == text
    assert [(kind, words.rstrip("\n")) for kind, words in marks(formatted)] == entities


@pytest.mark.parametrize("source", ["a.b", "1-2", "(x)", "*x", "[x]", "[x](https://t.me", "_a*b_*"])
def test_markdown_with_a_bare_mark_is_refused(source):
    with pytest.raises(ApiError, match="can't parse entities"):
        parse_markdown(source)


def test_blank_space_around_a_text_is_cut_and_entities_move_along():
    formatted = trimmed(parse_html("  \n<b> a</b> \n"))
    assert formatted.text == "a"
    assert marks(formatted) == [("bold", "a")]


@pytest.mark.parametrize(
    ("text", "entities"),
    [
        ("/find 甘井子", [("bot_command", "/find")]),
        ("𠮷 /find@liaison_bot x", [("bot_command", "/find@liaison_bot")]),
        ("a/find https://a.b/c。", [("url", "https://a.b/c")]),
        ("@liaison_bot 甘井子 #跨域", [("mention", "@liaison_bot"), ("hashtag", "#跨域")]),
        ("/find甘井子", []),
    ],
)
def test_telegram_finds_commands_addresses_and_names_by_itself(text, entities):
    assert marks(with_found(Formatted(text))) == entities


def test_nothing_is_found_inside_code():
    assert marks(with_found(parse_html("<code>/find</code>"))) == [("code", "/find")]


def test_lengths_are_counted_in_utf16_units_after_parsing():
    assert utf16("一𠮷") == 3
    full = "<b>" + "𠮷" * 2048 + "</b>"
    assert message_text({"text": full, "parse_mode": "HTML"}).text == "𠮷" * 2048
    with pytest.raises(ApiError, match="message is too long"):
        message_text({"text": "𠮷" * 2048 + "a"})
    with pytest.raises(ApiError, match="caption is too long"):
        caption({"caption": "a" * 1025})


@pytest.mark.parametrize("text", ["", "   ", "<b> </b>"])
def test_a_text_without_words_is_empty(text):
    with pytest.raises(ApiError, match="message text is empty"):
        message_text({"text": text, "parse_mode": "HTML"})


def test_an_unknown_parse_mode_is_refused():
    with pytest.raises(ApiError, match="unsupported parse_mode"):
        message_text({"text": "a", "parse_mode": "Markdown"})


@pytest.mark.parametrize(
    ("url", "public"),
    [
        ("https://example.cn/a?b=c", True),
        ("http://127.0.0.1:8080/a", True),
        ("example.cn", True),
        ("tg://user?id=1", True),
        ("http://localhost:8080", False),
        ("ftp://example.cn", False),
        ("", False),
        ("http://a b.cn", False),
        ("http://[", False),
    ],
)
def test_only_addresses_telegram_would_link_are_links(url, public):
    assert is_public_url(url) is public


def button(**action):
    return {"inline_keyboard": [[{"text": "签收"} | action]]}


@pytest.mark.parametrize(
    "markup",
    [
        button(callback_data="x" * 64),
        button(callback_data="一" * 21),
        button(url="https://t.me/x"),
        button(copy_text={"text": "x"}),
        button(switch_inline_query_current_chat=""),
        button(callback_data="a", style="danger"),
    ],
)
def test_a_button_with_one_action_is_accepted(markup):
    assert checked_inline(markup) == markup


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        (button(), "Text buttons are unallowed in the inline keyboard"),
        (button(callback_data="a", url="https://t.me/x"), "exactly one action"),
        (button(callback_data=""), "BUTTON_DATA_INVALID"),
        (button(callback_data="x" * 65), "BUTTON_DATA_INVALID"),
        (button(callback_data="一" * 22), "BUTTON_DATA_INVALID"),
        (button(url="http://localhost/"), "Wrong HTTP URL"),
        (button(copy_text={"text": "x" * 257}), "BUTTON_COPY_TEXT_INVALID"),
        (button(text=" ", callback_data="a"), "non-empty"),
        (button(callback_data="a", style="red"), "style"),
        ({"inline_keyboard": [[{"text": "a", "callback_data": "a"}] * 9]}, "too long"),
    ],
)
def test_a_wrong_button_is_refused(markup, words):
    with pytest.raises(ApiError, match=words):
        checked_inline(markup)


def test_a_keyboard_without_buttons_is_no_keyboard():
    assert checked_inline({"inline_keyboard": [[], []]}) is None
