"""Telegram's MarkdownV2: marks to entities, every reserved character escaped. Pure."""

from dataclasses import dataclass, field

from bot.sandbox.errors import bad_request
from bot.sandbox.formatting import Entity, Formatted, is_public_url, utf16

RESERVED = frozenset("_*[]()~`>#+-=|{}.!")
_MARKS = (
    ("```", "pre"),
    ("||", "spoiler"),
    ("__", "underline"),
    ("*", "bold"),
    ("_", "italic"),
    ("~", "strikethrough"),
    ("`", "code"),
)


@dataclass(slots=True)
class _Reading:
    source: str
    position: int = 0
    length: int = 0
    plain: list[str] = field(default_factory=list)
    entities: list[Entity] = field(default_factory=list)
    stack: list[tuple[str, str, int]] = field(default_factory=list)
    quote_start: int | None = None

    def keep(self, text: str) -> None:
        self.plain.append(text)
        self.length += utf16(text)

    def add(self, kind: str, start: int, **extra: str) -> None:
        if self.length > start:
            entity: Entity = {"type": kind, "offset": start, "length": self.length - start}
            self.entities.append(entity | extra)

    def refuse(self, reason: str) -> Exception:
        offset = len(self.source[: self.position].encode())
        return bad_request(f"can't parse entities: {reason} at byte offset {offset}")


def parse_markdown(source: str) -> Formatted:
    """Read MarkdownV2. Raises `can't parse entities` for an unescaped reserved character or an open mark."""
    reading = _Reading(source)
    while reading.position < len(source):
        _step(reading)
    if reading.stack:
        kind = reading.stack[-1][1].capitalize()
        raise reading.refuse(f"Can't find end of {kind} entity")
    if reading.quote_start is not None:
        reading.add("blockquote", reading.quote_start)
    return Formatted("".join(reading.plain), tuple(reading.entities))


def _step(reading: _Reading) -> None:
    source, position = reading.source, reading.position
    character = source[position]
    inside = reading.stack[-1][1] if reading.stack else ""
    if character == "\\" and position + 1 < len(source) and ord(source[position + 1]) < 127:
        reading.keep(source[position + 1])
        reading.position += 2
    elif inside in {"code", "pre"} and not source.startswith(reading.stack[-1][0], position):
        reading.keep(character)
        reading.position += 1
    elif _mark(reading):
        return
    elif character == "[" or source.startswith("![", position):
        reading.position += 2 if character == "!" else 1
        reading.stack.append(("]", "link", reading.length))
    elif character == "]" and inside == "link":
        _link(reading)
    elif character == ">" and (position == 0 or source[position - 1] == "\n"):
        reading.position += 1
        if reading.quote_start is None:
            reading.quote_start = reading.length
    elif character in RESERVED:
        raise reading.refuse(
            f"Character '{character}' is reserved and must be escaped with the preceding '\\'"
        )
    else:
        _plain(reading, character)


def _plain(reading: _Reading, character: str) -> None:
    continues = reading.source.startswith(">", reading.position + 1)
    if character == "\n" and reading.quote_start is not None and not continues:
        reading.add("blockquote", reading.quote_start)
        reading.quote_start = None
    reading.keep(character)
    reading.position += 1


def _mark(reading: _Reading) -> bool:
    """Open or close an entity when a mark stands here."""
    for mark, kind in _MARKS:
        if not reading.source.startswith(mark, reading.position):
            continue
        if reading.stack and reading.stack[-1][0] == mark:
            reading.position += len(mark)
            reading.add(kind, reading.stack.pop()[2])
            return True
        if any(opened == mark for opened, _, _ in reading.stack):
            raise reading.refuse(f"Can't find end of {reading.stack[-1][1].capitalize()} entity")
        reading.position += len(mark)
        reading.stack.append((mark, kind, reading.length))
        return True
    return False


def _link(reading: _Reading) -> None:
    start = reading.stack.pop()[2]
    reading.position += 1
    if not reading.source.startswith("(", reading.position):
        raise reading.refuse("Can't find a link address in parentheses")
    end = reading.source.find(")", reading.position)
    if end < 0:
        raise reading.refuse("Can't find end of a URL")
    url = reading.source[reading.position + 1 : end].replace("\\", "")
    reading.position = end + 1
    if url.startswith("tg://emoji?id="):
        reading.add("custom_emoji", start, custom_emoji_id=url.removeprefix("tg://emoji?id="))
    elif is_public_url(url):
        reading.add("text_link", start, url=url)
