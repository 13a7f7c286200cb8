"""A notice as it is typed on a page: which tags count, the same text back, and where a number stands in what was typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.web.notice_markup import read, typed
from notifications import notice_check
from notifications.notice_text import addresses, plain

TYPED = (
    ("<b>重要</b>：A&B <附件>", "<b>重要</b>：A&amp;B &lt;附件&gt;"),
    ("<i>a<b>b</b></i>", "<i>a<b>b</b></i>"),
    ("  \n<blockquote>一\n二</blockquote> ", "<blockquote>一\n二</blockquote>"),
    ('见<a href="https://a.cn/?x=1&y=2">此处</a>', '见<a href="https://a.cn/?x=1&amp;y=2">此处</a>'),
    # Not closed, crossed, the same in itself, where nothing is formatted, written out: plain text.
    ("<b>x", "&lt;b&gt;x"),
    ("<b><i>x</b></i>", "<b>&lt;i&gt;x</b>&lt;/i&gt;"),
    ("<b>a<b>b</b></b>", "<b>a&lt;b&gt;b</b>&lt;/b&gt;"),
    ("<code><b>x</b></code>", "<code>&lt;b&gt;x&lt;/b&gt;</code>"),
    ("&lt;b&gt;x&lt;/b&gt; &amp;lt;", "&lt;b&gt;x&lt;/b&gt; &amp;lt;"),
    # Nothing that a browser or Telegram would follow elsewhere.
    ('<a href="javascript:x()">x</a>', "x"),
    ("<script>x</script>", "&lt;script&gt;x&lt;/script&gt;"),
    ('<a href="https://a.cn" onclick="x">x</a>', '&lt;a href="https://a.cn" onclick="x"&gt;x&lt;/a&gt;'),
)  # fmt: skip


@pytest.mark.parametrize(("text", "html"), TYPED)
def test_tags_that_nest_count_and_all_else_is_text(text, html):
    assert read(text).html == html


PIECES = st.sampled_from(
    ["<b>", "</b>", "<i>", "</i>", "<code>", "</code>", '<a href="https://a.cn">', "</a>", "&lt;", "&",
     "amp;", "<", ">", "\n", "😀", "字"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=12).map("".join))
def test_what_is_stored_comes_back_as_something_typed_that_is_stored_alike(text):
    html = read(text).html
    assert read(typed(html)).html == html


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("  😀<b>请</b>打138<i>12</i>341234", ["138<i>12</i>341234"]),
        ("&lt;&amp; １３８1234 5678。", ["１３８1234 5678"]),
        ('<a href="https://a.cn/13912345678">详情</a>', ["13912345678"]),
        ("13812341234\n13812341235", ["13812341234", "13812341235"]),
    ],
)
def test_a_number_is_marked_where_it_was_typed(text, marked):
    made = read(text)
    looked_at = "\n".join([plain(made.html), *addresses(made.html)])
    places = [made.place(one) for one in notice_check.findings(looked_at)]
    assert [text[start:end] for start, end in places] == marked
