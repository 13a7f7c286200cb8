"""The text of a message as a method gives it, checked and made plain: parse mode, entities, length."""

from typing import Any

from bot.sandbox.errors import bad_request
from bot.sandbox.formatting import Formatted, parse_html, trimmed, utf16, with_found
from bot.sandbox.markdown import parse_markdown

LONGEST_TEXT = 4096
LONGEST_CAPTION = 1024
MOST_ENTITIES = 100


def message_text(args: dict[str, Any]) -> Formatted:
    """The text of a message, 1–4096 UTF-16 units after parsing; raises Telegram's 400."""
    formatted = _formatted(args.get("text", ""), args.get("parse_mode"), args.get("entities"))
    if not formatted.text:
        raise bad_request("message text is empty")
    if utf16(formatted.text) > LONGEST_TEXT:
        raise bad_request("message is too long")
    return formatted


def caption(args: dict[str, Any]) -> Formatted:
    """The caption of a file, 0–1024 UTF-16 units after parsing."""
    entities = args.get("caption_entities")
    formatted = _formatted(args.get("caption", ""), args.get("parse_mode"), entities)
    if utf16(formatted.text) > LONGEST_CAPTION:
        raise bad_request("message caption is too long")
    return formatted


def _formatted(
    text: str, parse_mode: str | None, entities: list[dict[str, Any]] | None
) -> Formatted:
    mode = (parse_mode or "").lower()
    if mode not in {"", "html", "markdownv2"}:
        raise bad_request("unsupported parse_mode")
    if mode == "html":
        formatted = parse_html(text)
    elif mode == "markdownv2":
        formatted = parse_markdown(text)
    else:
        formatted = Formatted(text, tuple(entities or ()))
    total = utf16(formatted.text)
    if any(not 0 <= entity["offset"] < max(total, 1) for entity in formatted.entities):
        raise bad_request("entity beginning lies outside of the text")
    if len(formatted.entities) > MOST_ENTITIES:
        raise bad_request("too many entities in the message")
    return with_found(trimmed(formatted))
