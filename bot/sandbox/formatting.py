"""Texts as Telegram counts and understands them: UTF-16 lengths, HTML and the entities it finds by itself. Pure.

MarkdownV2 has a file of its own (`markdown.py`); the old `Markdown` mode is refused.
"""

import html
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from bot.sandbox.errors import bad_request

Entity = dict[str, Any]

TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
}
_TAG_NAME = re.compile(r"[a-zA-Z0-9-]+")
_ATTRIBUTE = re.compile(r"""\s+([a-zA-Z-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([a-zA-Z0-9.-]+)))?""")
_CHARACTER = re.compile(r"&(?:lt|gt|amp|quot|#[0-9]{1,7}|#x[0-9a-fA-F]{1,6});")
_RUN = re.compile(r"[^<&]+")
_FOUND = (
    ("url", re.compile(r"https?://[^\s<>\"“”‘’，。；（）【】]+")),
    ("mention", re.compile(r"(?<![\w@/])@[A-Za-z][A-Za-z0-9_]{2,31}(?!\w)")),
    ("hashtag", re.compile(r"(?<![\w#&/])#\w*[^\W\d]\w*")),
    (
        "bot_command",
        re.compile(r"(?<![\w/<>])/[a-zA-Z0-9_]{1,64}(?:@[a-zA-Z0-9_]{3,32})?(?![\w/<>])"),
    ),
)


def utf16(text: str) -> int:
    """The length of `text` in UTF-16 code units, as Telegram counts."""
    return len(text.encode("utf-16-le")) // 2


@dataclass(frozen=True, slots=True)
class Formatted:
    """A text without its marks, and what the marks meant."""

    text: str
    entities: tuple[Entity, ...] = ()


@dataclass(slots=True)
class _Open:
    tag: str
    kind: str
    start: int
    extra: dict[str, Any]


def parse_html(source: str) -> Formatted:
    """Read Telegram's HTML. Raises `can't parse entities` for anything Telegram does not allow."""
    plain: list[str] = []
    entities: list[Entity] = []
    stack: list[_Open] = []
    length = position = 0
    while position < len(source):
        if source[position] == "<":
            end = _tag_end(source, position)
            tag = source[position + 1 : end]
            if tag.startswith("/"):
                _close(stack, tag[1:].strip().lower(), length, entities, _bytes(source, position))
            else:
                stack.append(_open(tag, length, stack, _bytes(source, position)))
            position = end + 1
            continue
        run = _RUN.match(source, position) or _CHARACTER.match(source, position)
        piece = html.unescape(run[0]) if run else source[position]
        position = run.end() if run else position + 1
        plain.append(piece)
        length += utf16(piece)
    if stack:
        raise _unparsable(f'Can\'t find end tag corresponding to start tag "{stack[-1].tag}"')
    return Formatted("".join(plain), tuple(entities))


def _tag_end(source: str, start: int) -> int:
    end = source.find(">", start)
    if end < 0:
        raise _unparsable(f"Unclosed start tag at byte offset {_bytes(source, start)}")
    return end


def _open(tag: str, length: int, stack: list[_Open], offset: int) -> _Open:
    named = _TAG_NAME.match(tag)
    name = named[0].lower() if named else ""
    if name not in TAGS:
        raise _unparsable(f'Unsupported start tag "{name}" at byte offset {offset}')
    rest = tag[len(name) :]
    attributes: dict[str, str] = {}
    position = 0
    while match := _ATTRIBUTE.match(rest, position):
        attributes[match[1].lower()] = html.unescape(match[2] or match[3] or match[4] or "")
        position = match.end()
    if rest[position:].strip():
        raise _unparsable(f"Unexpected end of name token at byte offset {offset}")
    if name == "span" and attributes.get("class") != "tg-spoiler":
        raise _unparsable(f'Tag "span" must have class "tg-spoiler" at byte offset {offset}')
    kind, extra = TAGS[name], {}
    if name == "a":
        extra = {"url": attributes.get("href", "")}
    elif name == "tg-emoji":
        extra = {"custom_emoji_id": attributes.get("emoji-id", "")}
    elif name == "blockquote" and "expandable" in attributes:
        kind = "expandable_blockquote"
    elif name == "code" and stack and stack[-1].tag == "pre":
        language = attributes.get("class", "").removeprefix("language-")
        stack[-1].extra.update({"language": language} if language else {})
    return _Open(name, kind, length, extra)


def _close(stack: list[_Open], name: str, length: int, entities: list[Entity], offset: int) -> None:
    if not stack:
        raise _unparsable(f"Unexpected end tag at byte offset {offset}")
    opened = stack.pop()
    if name not in {"", opened.tag}:
        raise _unparsable(
            f'Unmatched end tag at byte offset {offset}, expected "</{opened.tag}>", found "</{name}>"'
        )
    # Inside code and pre nothing else is kept; the inner tags of code blocks only name a language.
    if length == opened.start or any(outer.tag in {"code", "pre"} for outer in stack):
        return
    entity = {"type": opened.kind, "offset": opened.start, "length": length - opened.start}
    if opened.kind == "text_link" and not is_public_url(opened.extra["url"]):
        return  # Telegram shows such a link as plain text, without a word
    entities.append(entity | opened.extra)


def is_public_url(url: str) -> bool:
    """Whether Telegram makes a link of it: http, https or tg, and a host with a dot (so not `localhost`)."""
    try:
        parts = urlsplit(url if "://" in url else f"http://{url}")
        host = parts.hostname or ""
        port = parts.port
    except ValueError:
        return False
    if parts.scheme in {"tg", "ton"}:
        return True
    named = "." in host.strip(".") or ":" in host
    return parts.scheme in {"http", "https"} and named and " " not in url and port != 0


def trimmed(formatted: Formatted) -> Formatted:
    """The text without blank space around it, its entities moved along, sorted, none beyond the ends."""
    text = formatted.text
    lead = utf16(text) - utf16(text.lstrip())
    stripped = text.strip()
    total = utf16(stripped)
    entities: list[Entity] = []
    for entity in formatted.entities:
        start = max(entity["offset"] - lead, 0)
        end = min(entity["offset"] - lead + entity["length"], total)
        if end > start:
            entities.append(entity | {"offset": start, "length": end - start})
    entities.sort(key=lambda entity: (entity["offset"], -entity["length"]))
    return Formatted(stripped, tuple(entities))


def with_found(formatted: Formatted) -> Formatted:
    """Add what Telegram finds by itself: commands, mentions, hashtags, addresses outside code and links."""
    taken = [
        (entity["offset"], entity["offset"] + entity["length"])
        for entity in formatted.entities
        if entity["type"] in {"code", "pre", "text_link", "text_mention"}
    ]
    found: list[Entity] = []
    for kind, pattern in _FOUND:
        for match in pattern.finditer(formatted.text):
            start = utf16(formatted.text[: match.start()])
            end = start + utf16(match[0])
            if all(end <= a or start >= b for a, b in taken):
                taken.append((start, end))
                found.append({"type": kind, "offset": start, "length": end - start})
    entities = sorted([*formatted.entities, *found], key=lambda e: (e["offset"], -e["length"]))
    return Formatted(formatted.text, tuple(entities))


def _bytes(source: str, position: int) -> int:
    return len(source[:position].encode())


def _unparsable(reason: str) -> Exception:
    return bad_request(f"can't parse entities: {reason}")
