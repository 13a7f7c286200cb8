"""The local Telegram's table of the Bot API: it agrees with the full description and refuses what that refuses."""

import importlib.util
import json
from pathlib import Path

import pytest

from bot.sandbox.errors import ApiError
from bot.sandbox.methods import METHODS
from bot.sandbox.schema import Upload, check, method_named, table

BOT_API = Path(__file__).parents[1] / "bot_api"


def reducer():
    spec = importlib.util.spec_from_file_location("bot_api_reduce", BOT_API / "reduce.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_shipped_table_is_what_the_full_description_reduces_to():
    module = reducer()
    assert table() == module.reduce(module.full())
    assert module.REDUCED.read_text("utf-8") == module.as_text(table())


def test_every_method_of_the_table_is_carried_out_somewhere():
    transport = {"getUpdates", "setWebhook", "deleteWebhook", "getWebhookInfo"}
    assert set(table()["methods"]) == set(METHODS) | transport


def test_method_names_are_matched_whatever_their_case():
    assert method_named("SENDMESSAGE") == "sendMessage"
    assert method_named("sendmessages") is None


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"chat_id": "-4", "text": "a"}, {"chat_id": "-4", "text": "a"}),
        ({"chat_id": "1", "text": "a", "disable_notification": "true"}, True),
        ({"chat_id": "1", "text": "a", "message_thread_id": "7"}, 7),
        (
            {"chat_id": "1", "text": "a", "reply_markup": '{"inline_keyboard": [[]]}'},
            {"inline_keyboard": [[]]},
        ),
    ],
)
def test_the_text_of_a_form_is_read_as_its_type(values, expected):
    checked = check("sendMessage", values, {}, textual=True)
    assert expected == checked or expected in list(checked.values())


ARTICLE = {
    "type": "article",
    "id": "1",
    "title": "t",
    "input_message_content": {"message_text": "m"},
}


@pytest.mark.parametrize(
    ("method", "values", "words"),
    [
        ("sendMessage", {"text": "a"}, "chat_id is empty"),
        ("sendMessage", {"chat_id": 1}, "message text is empty"),
        ("sendMessage", {"chat_id": 1, "text": 5}, 'field "text" must be of type String'),
        ("sendMessage", {"chat_id": 1.5, "text": "a"}, "chat_id"),
        ("sendMessage", {"chat_id": True, "text": "a"}, "chat_id"),
        (
            "sendMessage",
            {"chat_id": 1, "text": "a", "parsemode": "HTML"},
            'unknown parameter "parsemode"',
        ),
        ("sendMessage", {"chat_id": 1, "text": "a", "protect_content": "yes"}, "protect_content"),
        (
            "sendMessage",
            {"chat_id": 1, "text": "a", "reply_markup": {"buttons": []}},
            "reply_markup",
        ),
        (
            "sendMessage",
            {"chat_id": 1, "text": "a", "reply_markup": {"inline_keyboard": [[{"url": "x"}]]}},
            'Can\'t find field "text"',
        ),
        (
            "sendMessage",
            {"chat_id": 1, "text": "a", "reply_markup": {"inline_keyboard": [{"text": "x"}]}},
            "Array of InlineKeyboardButton",
        ),
        ("sendMessage", {"chat_id": 1, "text": "a", "reply_parameters": {}}, "message_id"),
        ("deleteMessage", {"chat_id": 1, "message_id": "7x"}, "message_id"),
        ("setMyCommands", {"commands": [{"command": "a"}]}, "description"),
        ("setMyCommands", {"commands": [], "scope": {"type": "everyone"}}, "scope"),
        ("answerInlineQuery", {"inline_query_id": "1", "results": [ARTICLE | {"id": 1}]}, "id"),
        ("answerInlineQuery", {"inline_query_id": "1", "results": [ARTICLE | {"x": 1}]}, '"x"'),
        ("sendDocument", {"chat_id": 1}, "document"),
    ],
)
def test_a_wrong_parameter_is_named(method, values, words):
    with pytest.raises(ApiError) as caught:
        check(method, values, {}, textual=False)
    assert caught.value.status == 400
    assert words in caught.value.description


def test_a_form_value_that_is_no_json_is_refused():
    with pytest.raises(ApiError, match="reply_markup"):
        check("sendMessage", {"chat_id": "1", "text": "a", "reply_markup": "{"}, {}, textual=True)


def test_a_file_comes_under_its_own_name_or_is_pointed_to():
    upload = Upload("a.txt", "text/plain", b"a")
    direct = check("sendDocument", {"chat_id": "1"}, {"document": upload}, textual=True)
    pointed = check(
        "sendDocument", {"chat_id": "1", "document": "attach://f"}, {"f": upload}, textual=True
    )
    assert direct["document"] is pointed["document"] is upload
    with pytest.raises(ApiError, match="not attached"):
        check("sendDocument", {"chat_id": "1", "document": "attach://g"}, {}, textual=True)
    with pytest.raises(ApiError, match="unknown parameter"):
        check("sendDocument", {"chat_id": "1", "document": "x"}, {"f": upload}, textual=True)


def test_the_table_is_small_and_tells_no_prose():
    text = json.dumps(table())
    assert len(text) < 40_000
    assert "description of" not in text
