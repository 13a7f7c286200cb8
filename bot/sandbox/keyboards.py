"""What Telegram accepts under a message: inline keyboards, reply keyboards. Pure; types are checked before."""

from typing import Any

from bot.sandbox.errors import ApiError, bad_request
from bot.sandbox.formatting import is_public_url, utf16

ACTIONS = (
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
)
MOST_BUTTONS = 100
MOST_IN_ROW = 8
STYLES = {"danger", "success", "primary"}


def checked_inline(markup: dict[str, Any] | None) -> dict[str, Any] | None:
    """Return an inline keyboard without empty rows, `None` for an empty one; raises Telegram's 400."""
    if markup is None:
        return None
    rows = [row for row in markup["inline_keyboard"] if row]
    if sum(map(len, rows)) > MOST_BUTTONS or any(len(row) > MOST_IN_ROW for row in rows):
        raise bad_request("reply markup is too long")
    for row in rows:
        for button in row:
            _check_button(button)
    return {"inline_keyboard": rows} if rows else None


def checked_markup(markup: dict[str, Any] | None) -> dict[str, Any] | None:
    """Return any reply markup, checked; raises Telegram's 400."""
    if markup is None:
        return None
    if "inline_keyboard" in markup:
        return checked_inline(markup)
    for row in markup.get("keyboard", []):
        for button in row:
            if not button["text"].strip():
                raise bad_request("keyboard button text must be non-empty")
    return markup


def _check_button(button: dict[str, Any]) -> None:
    actions = [name for name in ACTIONS if name in button]
    if not button["text"].strip():
        raise _unreadable("Text of the button must be non-empty")
    if not actions:
        raise _unreadable("Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        raise _unreadable(f"exactly one action is allowed, found {', '.join(actions)}")
    if button.get("style") not in {None, *STYLES}:
        raise _unreadable("invalid button style specified")
    value = button[actions[0]]
    if actions[0] == "callback_data" and not 1 <= len(value.encode()) <= 64:
        raise bad_request("BUTTON_DATA_INVALID")
    if actions[0] == "copy_text" and not 1 <= utf16(value["text"]) <= 256:
        raise bad_request("BUTTON_COPY_TEXT_INVALID")
    if actions[0] == "url" and not is_public_url(value):
        raise bad_request(f"inline keyboard button URL '{value}' is invalid: Wrong HTTP URL")
    if actions[0] in {"callback_game", "pay"}:
        raise bad_request("BUTTON_TYPE_INVALID")


def _unreadable(reason: str) -> ApiError:
    return bad_request(f"can't parse inline keyboard button: {reason}")
