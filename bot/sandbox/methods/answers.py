"""Methods that answer what a person pressed or typed: callback and inline queries."""

from datetime import timedelta
from typing import Any

from bot.sandbox.errors import bad_request
from bot.sandbox.formatting import utf16
from bot.sandbox.keyboards import checked_inline
from bot.sandbox.methods.call import Call, method
from bot.sandbox.methods.texts import message_text
from bot.sandbox.world import CachedAnswer

TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
#: How long a press or an inline query can be answered.
CALLBACK_LIVES = timedelta(minutes=15)
INLINE_LIVES = timedelta(seconds=30)
DEFAULT_CACHE_SECONDS = 300
MOST_RESULTS = 50


@method("answerCallbackQuery")
def answer_callback_query(call: Call) -> bool:
    """End the waiting of a pressed button, with a short text for that person alone."""
    args, world = call.args, call.world
    callback = world.callbacks.get(args["callback_query_id"])
    if callback is None or world.clock() - callback.pressed_at > CALLBACK_LIVES:
        raise bad_request(TOO_OLD)
    if callback.answer is not None:
        raise bad_request(TOO_OLD)
    if utf16(args.get("text", "")) > 200:
        raise bad_request("MESSAGE_TOO_LONG")
    url = args.get("url")
    if url is not None and not url.startswith(f"https://t.me/{world.bot.username}?start="):
        raise bad_request("URL_INVALID")
    callback.answer = {
        "text": args.get("text", ""),
        "show_alert": args.get("show_alert", False),
        "url": url,
    }
    return True


@method("answerInlineQuery")
def answer_inline_query(call: Call) -> bool:
    """Give the list under an inline query. Not personal means: kept and shown to everybody who asks the same."""
    args, world = call.args, call.world
    results = args["results"]
    if len(results) > MOST_RESULTS:
        raise bad_request("RESULTS_TOO_MUCH")
    ids = [result["id"] for result in results]
    if len(set(ids)) < len(ids):
        raise bad_request("RESULT_ID_DUPLICATE")
    for result in results:
        _check_result(result)
    ask = world.asks.get(args["inline_query_id"])
    if ask is None or ask.answer is not None or world.clock() - ask.asked_at > INLINE_LIVES:
        raise bad_request(TOO_OLD)
    personal = args.get("is_personal", False)
    cache_time = args.get("cache_time", DEFAULT_CACHE_SECONDS)
    ask.answer = {
        "results": results,
        "is_personal": personal,
        "cache_time": cache_time,
        "next_offset": args.get("next_offset", ""),
        "button": args.get("button"),
    }
    if cache_time > 0:
        world.inline_cache.append(
            CachedAnswer(
                ask.user.id if personal else None,
                ask.query,
                ask.offset,
                world.clock() + timedelta(seconds=cache_time),
                ask.answer,
            )
        )
    return True


def _check_result(result: dict[str, Any]) -> None:
    if not 1 <= len(result["id"].encode()) <= 64:
        raise bad_request("RESULT_ID_INVALID")
    checked_inline(result.get("reply_markup"))
    if not result.get("title", result.get("first_name", "")).strip():
        raise bad_request("ARTICLE_TITLE_EMPTY")
    content = result.get("input_message_content")
    if content is not None and "message_text" in content:
        message_text(content | {"text": content["message_text"]})
