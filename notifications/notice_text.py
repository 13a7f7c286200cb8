"""A notice's text: what was typed in chat, with its simple formatting, as safe Telegram HTML and back. Pure.

Kept are bold, italic, underlined, struck through, code, quotations and links to http(s); all else is plain text.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape, unescape

#: The longest text (`length`, without its formatting): with head, foot and figures it fits one message.
LONGEST = 3000

#: So many attachments go with a notice.
MOST_ATTACHMENTS = 5

#: Formatting that is kept, by Telegram's name, and its tag.
_TAGS = {
    "bold": "b",
    "italic": "i",
    "underline": "u",
    "strikethrough": "s",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "expandable_blockquote": "blockquote",
}

_SINGLE = str.maketrans("“”", "‘’")

_TAG = re.compile(r"<[^>]*>")
_ADDRESS = re.compile(r'<a href="([^"]*)">')
_WEB = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that the channel has already, sent on by its number there: `document`, `photo` or `video`."""

    kind: str
    file_id: str


@dataclass(frozen=True, slots=True)
class Entity:
    """Formatting of a part of a text; `offset` and `length` in UTF-16 code units, as Telegram counts."""

    kind: str
    offset: int
    length: int
    url: str | None = None


@dataclass(frozen=True, slots=True)
class _Span:
    start: int
    end: int
    opens: str
    closes: str


def to_html(text: str, entities: Sequence[Entity] = (), *, start: int = 0) -> str:
    """`text` from character `start` on as Telegram HTML, without blanks at its ends.

    Formatting that overlaps other formatting is cut at its end, so that tags always nest.
    """
    end = len(text.rstrip())
    while start < end and text[start].isspace():
        start += 1
    spans = sorted(_spans(text, entities, start, end), key=lambda span: (span.start, -span.end))
    return _written(text, spans, start, end)


def plain(html: str) -> str:
    """The text without its formatting."""
    return unescape(_TAG.sub("", html))


def length(text: str) -> int:
    """How long Telegram holds a text to be: in UTF-16 code units, two for most emoji."""
    return len(text) + sum(sign > "\uffff" for sign in text)


def addresses(html: str) -> list[str]:
    """Where its links lead: they are part of what is sent, though nobody sees them."""
    return [unescape(address) for address in _ADDRESS.findall(html)]


def first_line(html: str, limit: int = 30) -> str:
    """The first line, plain and cut: by it a notice is called in lists."""
    line = next((line.strip() for line in plain(html).splitlines() if line.strip()), "")
    return line if len(line) <= limit else line[: limit - 1] + "…"


def nested(title: str) -> str:
    """A title as it stands in quotation marks: its own become single ones (GB/T 15834-2011, 4.8.3.3)."""
    return title.translate(_SINGLE)


def _spans(text: str, entities: Sequence[Entity], start: int, end: int) -> list[_Span]:
    places = _places(text)
    spans = []
    for entity in entities:
        first = max(start, _at(places, entity.offset))
        last = min(end, _at(places, entity.offset + entity.length))
        tags = _tags(entity)
        if first < last and tags is not None:
            spans.append(_Span(first, last, *tags))
    return spans


def _tags(entity: Entity) -> tuple[str, str] | None:
    if entity.kind == "text_link":
        url = entity.url or ""
        return (f'<a href="{escape(url)}">', "</a>") if _WEB.fullmatch(url) else None
    tag = _TAGS.get(entity.kind)
    return (f"<{tag}>", f"</{tag}>") if tag is not None else None


def _places(text: str) -> list[int]:
    """The character at each UTF-16 code unit, and where the text ends."""
    places: list[int] = []
    for place, sign in enumerate(text):
        places += [place] * (2 if ord(sign) > 0xFFFF else 1)
    return [*places, len(text)]


def _at(places: Sequence[int], offset: int) -> int:
    return places[min(max(offset, 0), len(places) - 1)]


def _written(text: str, spans: Sequence[_Span], start: int, end: int) -> str:
    parts: list[str] = []
    at = start
    while spans:
        outer = spans[0]
        stop = min(outer.end, end)
        inside = [span for span in spans[1:] if span.start < stop]
        spans = spans[1 + len(inside) :]
        if outer.start >= stop:
            continue
        parts.append(escape(text[at : outer.start], quote=False))
        parts.append(outer.opens + _written(text, inside, outer.start, stop) + outer.closes)
        at = stop
    parts.append(escape(text[at:end], quote=False))
    return "".join(parts)
