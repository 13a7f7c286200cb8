"""Methods about the bot itself: who it is, its command menu, its descriptions, its files."""

import json
import re
from typing import Any

from bot.sandbox.chats import Chat, User
from bot.sandbox.errors import bad_request
from bot.sandbox.methods.call import Call, method
from bot.sandbox.world import World

_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_LANGUAGE = re.compile(r"[a-z]{2}")
MOST_COMMANDS = 100
#: A bot may fetch files of up to 20 MB.
LARGEST_DOWNLOAD = 20 * 1024 * 1024


@method("getMe")
def get_me(call: Call) -> dict[str, Any]:
    """The bot, with what only getMe tells."""
    return call.world.bot.to_api() | {
        "can_join_groups": True,
        "can_read_all_group_messages": not call.world.privacy_mode,
        "supports_inline_queries": True,
        "can_connect_to_business": False,
        "has_main_web_app": False,
        "has_topics_enabled": False,
        "allows_users_to_create_topics": False,
        "can_manage_bots": False,
        "supports_guest_queries": False,
        "supports_join_request_queries": False,
    }


@method("setMyCommands")
def set_my_commands(call: Call) -> bool:
    """The menu for a scope and a language."""
    commands = call.args["commands"]
    if len(commands) > MOST_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not _COMMAND.fullmatch(command["command"].removeprefix("/")):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= len(command["description"].strip()) <= 256:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    call.world.commands[_menu(call)] = [dict(command) for command in commands]
    return True


@method("getMyCommands")
def get_my_commands(call: Call) -> list[dict[str, str]]:
    """The menu of exactly this scope and language."""
    return call.world.commands.get(_menu(call), [])


@method("deleteMyCommands")
def delete_my_commands(call: Call) -> bool:
    """No menu for this scope and language: the wider one shows."""
    call.world.commands.pop(_menu(call), None)
    return True


@method("setMyDescription")
def set_my_description(call: Call) -> bool:
    """The text of an empty chat."""
    return _describe(call, "description", 512)


@method("getMyDescription")
def get_my_description(call: Call) -> dict[str, str]:
    """The text of an empty chat."""
    return {"description": call.world.descriptions.get(("description", _language(call)), "")}


@method("setMyShortDescription")
def set_my_short_description(call: Call) -> bool:
    """The text of the profile."""
    return _describe(call, "short_description", 120)


@method("getMyShortDescription")
def get_my_short_description(call: Call) -> dict[str, str]:
    """The text of the profile."""
    key = ("short_description", _language(call))
    return {"short_description": call.world.descriptions.get(key, "")}


@method("getFile")
def get_file(call: Call) -> dict[str, Any]:
    """Where to fetch a file."""
    file_id = call.args["file_id"]
    if file_id not in call.world.files:
        raise bad_request("invalid file_id")
    name, content = call.world.files[file_id]
    if len(content) > LARGEST_DOWNLOAD:
        raise bad_request("file is too big")
    return {
        "file_id": file_id,
        "file_unique_id": f"AgAD{file_id[-19:]}",
        "file_size": len(content),
        "file_path": f"documents/{file_id}/{name}",
    }


def menu_for(world: World, chat: Chat, user: User) -> list[dict[str, str]]:
    """The command menu a person sees in a chat: the narrowest scope that has one, their language first."""
    language = (user.language_code or "").partition("-")[0]
    administrator = chat.status_of(user.id) in {"creator", "administrator"}
    if chat.type == "private":
        scopes = [f"chat:{chat.id}", "all_private_chats", "default"]
    else:
        scopes = [f"chat_member:{chat.id}:{user.id}"]
        scopes += [f"chat_administrators:{chat.id}"] if administrator else []
        scopes += [f"chat:{chat.id}"]
        scopes += ["all_chat_administrators"] if administrator else []
        scopes += ["all_group_chats", "default"]
    for scope in scopes:
        for code in (language, ""):
            if commands := world.commands.get((scope, code)):
                return commands
    return []


def _menu(call: Call) -> tuple[str, str]:
    scope = call.args.get("scope") or {"type": "default"}
    parts = [scope["type"]]
    if "chat_id" in scope:
        parts.append(str(call.world.chat_for_bot(scope["chat_id"]).id))
    if "user_id" in scope:
        parts.append(str(scope["user_id"]))
    return ":".join(parts), _language(call)


def _language(call: Call) -> str:
    code: str = call.args.get("language_code", "")
    if code and not _LANGUAGE.fullmatch(code):
        raise bad_request(f"invalid language code specified: {json.dumps(code)}")
    return code


def _describe(call: Call, name: str, longest: int) -> bool:
    text = call.args.get(name, "")
    if len(text) > longest:
        raise bad_request(f"bot {name.replace('_', ' ')} is too long")
    call.world.descriptions[name, _language(call)] = text
    return True
