"""Makes the table of the local Telegram (`bot/sandbox/schema.json`) out of the full description beside this file.

`python tests/bot_api/reduce.py` writes it anew; a unit test holds the shipped table against it.
"""

import json
import re
from pathlib import Path
from typing import Any

FULL = Path(__file__).with_name("bot-api.json")
REDUCED = Path(__file__).parents[2] / "bot" / "sandbox" / "schema.json"

METHODS = [
    "getMe",
    "getUpdates",
    "setWebhook",
    "deleteWebhook",
    "getWebhookInfo",
    "sendMessage",
    "sendDocument",
    "sendPhoto",
    "sendVideo",
    "sendContact",
    "sendChatAction",
    "copyMessage",
    "forwardMessage",
    "editMessageText",
    "editMessageReplyMarkup",
    "deleteMessage",
    "pinChatMessage",
    "unpinChatMessage",
    "answerCallbackQuery",
    "answerInlineQuery",
    "setMyCommands",
    "getMyCommands",
    "deleteMyCommands",
    "setMyDescription",
    "getMyDescription",
    "setMyShortDescription",
    "getMyShortDescription",
    "getChat",
    "getChatMember",
    "getChatAdministrators",
    "getChatMemberCount",
    "leaveChat",
    "getFile",
]
# Two kinds of inline answers are enough here; the other eighteen would only make the table long.
INLINE_RESULTS = ["InlineQueryResultArticle", "InlineQueryResultContact"]
CONSTANT = re.compile(r"(?:must be|always) [\"“*]?(\w+)")


def full() -> dict[str, Any]:
    return json.loads(FULL.read_text("utf-8"))


def reduce(description: dict[str, Any]) -> dict[str, Any]:
    types: dict[str, Any] = {}
    methods = {name: _fields(description["methods"][name]) for name in METHODS}
    waiting = [
        kind for fields in methods.values() for field in fields.values() for kind in field[0]
    ]
    while waiting:
        name = waiting.pop().replace("Array of ", "")
        if name in types or name not in description["types"]:
            continue
        entry = description["types"][name]
        if subtypes := entry.get("subtypes"):
            if name == "InlineQueryResult":
                subtypes = [kind for kind in subtypes if kind in INLINE_RESULTS]
            types[name] = {"any_of": subtypes}
            waiting += subtypes
        else:
            types[name] = {"fields": _fields(entry)}
            constants = {
                field["name"]: found[1]
                for field in entry.get("fields", [])
                if field["name"] in {"type", "status", "source"}
                and (found := CONSTANT.search(field["description"]))
            }
            if constants:
                types[name]["constants"] = constants
            waiting += [kind for field in types[name]["fields"].values() for kind in field[0]]
    return {
        "version": description["version"],
        "methods": dict(sorted(methods.items())),
        "types": dict(sorted(types.items())),
    }


def _fields(entry: dict[str, Any]) -> dict[str, Any]:
    """`{name: [[types…], required]}`."""
    return {field["name"]: [field["types"], field["required"]] for field in entry.get("fields", [])}


def as_text(table: dict[str, Any]) -> str:
    """One method or type a line: readable in a diff, small on disk."""
    lines = [f'{{"version": {json.dumps(table["version"])},']
    for part in ("methods", "types"):
        rows = [f" {json.dumps(k)}: {json.dumps(v)}" for k, v in table[part].items()]
        lines += [f'"{part}": {{', ",\n".join(rows), "}" + ("," if part == "methods" else "")]
    return "\n".join([*lines, "}\n"])


if __name__ == "__main__":
    REDUCED.write_text(as_text(reduce(full())), "utf-8")
