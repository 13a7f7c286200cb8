"""Checks the parameters of a call against a table of the Bot API: names, types, what is required. Pure.

The table (`schema.json`) is made from a machine-readable description of the Bot API; what a value *means* (is this chat
known, is this text too long) is for the methods.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from bot.sandbox.errors import ApiError, bad_request

_MISSING = {
    "chat_id": "chat_id is empty",
    "from_chat_id": "from_chat_id is empty",
    "text": "message text is empty",
    "message_id": "message identifier is not specified",
}


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with a call."""

    name: str
    content_type: str
    content: bytes


@cache
def table() -> dict[str, Any]:
    """The reduced description: `{"version", "methods": {name: fields}, "types": {name: …}}`."""
    text = files("bot.sandbox").joinpath("schema.json").read_text("utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


@cache
def _methods_by_lower_name() -> dict[str, str]:
    return {name.lower(): name for name in table()["methods"]}


def method_named(name: str) -> str | None:
    """The method's proper name; names are matched whatever their case, as on Telegram."""
    return _methods_by_lower_name().get(name.lower())


def check(
    method: str, given: Mapping[str, Any], uploads: Mapping[str, Upload], *, textual: bool
) -> dict[str, Any]:
    """Return the parameters in their proper types.

    `textual` says that the values came as text (a form or a query string): numbers and JSON are then read
    from it. Raises the 400 of Telegram for an unknown, wrongly typed or missing parameter. Telegram itself
    ignores unknown parameters; here they are refused, because a misspelt name is a fault that stays hidden.
    """
    fields: dict[str, Any] = table()["methods"][method]
    for name in [*given, *uploads]:
        if name not in fields and name not in _attached(given, uploads):
            raise bad_request(f'unknown parameter "{name}" of {method}')
    checked: dict[str, Any] = {}
    for name, (kinds, required) in fields.items():
        if "InputFile" in kinds and (upload := _upload(name, given, uploads)):
            checked[name] = upload
        elif name in given and given[name] is not None:
            value = _from_text(given[name], kinds, name) if textual else given[name]
            checked[name] = _typed(value, kinds, name)
        elif required:
            raise bad_request(_MISSING.get(name, f'parameter "{name}" is required'))
    return checked


def _attached(given: Mapping[str, Any], uploads: Mapping[str, Upload]) -> set[str]:
    """Names of parts that a parameter points to with `attach://name`."""
    pointed = {v.removeprefix("attach://") for v in given.values() if isinstance(v, str)}
    return pointed & set(uploads)


def _upload(name: str, given: Mapping[str, Any], uploads: Mapping[str, Upload]) -> Upload | None:
    value = given.get(name)
    if isinstance(value, str) and value.startswith("attach://"):
        upload = uploads.get(value.removeprefix("attach://"))
        if upload is None:
            raise bad_request(f"file {value!r} was not attached")
        return upload
    return uploads.get(name)


def _from_text(value: Any, kinds: list[str], name: str) -> Any:
    """Read a form's text as the first kind that fits."""
    if not isinstance(value, str) or "String" in kinds:
        return value
    if "Integer" in kinds:
        try:
            return int(value)
        except ValueError:
            raise _wrong(name, kinds) from None
    if "Boolean" in kinds or "True" in kinds:
        words = {"true": True, "1": True, "false": False, "0": False}
        if value.lower() not in words:
            raise _wrong(name, kinds)
        return words[value.lower()]
    try:
        return json.loads(value)
    except json.JSONDecodeError:
        raise bad_request(f"can't parse {name}: it is not a JSON value") from None


def _typed(value: Any, kinds: list[str], where: str) -> Any:
    """Return `value` when it is one of `kinds`; raise the most telling refusal otherwise."""
    refusal: ApiError | None = None
    for kind in kinds:
        try:
            return _one(value, kind, where)
        except ApiError as error:
            # Of several kinds, the complaint about the one that has the value's shape says most.
            refusal = error if refusal is None or _shaped(value, kind) else refusal
    raise refusal or _wrong(where, kinds)


def _one(value: Any, kind: str, where: str) -> Any:
    if kind.startswith("Array of "):
        if not isinstance(value, list):
            raise _wrong(where, [kind])
        inner = [kind.removeprefix("Array of ")]
        return [_typed(item, inner, f"{where}[{i}]") for i, item in enumerate(value)]
    basic: dict[str, tuple[type, ...]] = {
        "Integer": (int,),
        "Float": (int, float),
        "String": (str,),
        "Boolean": (bool,),
        "True": (bool,),
    }
    if kind in basic:
        is_truth = isinstance(value, bool) and kind not in {"Boolean", "True"}
        if is_truth or not isinstance(value, basic[kind]) or (kind == "True" and not value):
            raise _wrong(where, [kind])
        return value
    described = table()["types"].get(kind)
    if described is None:
        raise bad_request(f'"{where}": {kind} is not supported by the local Telegram')
    if "any_of" in described:
        return _typed(value, described["any_of"], where)
    return _object(value, kind, described, where)


def _object(value: Any, kind: str, described: dict[str, Any], where: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _wrong(where, [kind])
    fields: dict[str, Any] = described["fields"]
    for name in value:
        if name not in fields:
            raise bad_request(f'can\'t parse {where}: unknown field "{name}" of {kind}')
    for name, constant in described.get("constants", {}).items():
        if value.get(name) != constant:
            raise bad_request(f'can\'t parse {where}: "{name}" of {kind} must be "{constant}"')
    checked: dict[str, Any] = {}
    for name, (kinds, required) in fields.items():
        if value.get(name) is not None:
            checked[name] = _typed(value[name], kinds, f"{where}.{name}")
        elif required:
            raise bad_request(f"can't parse {where}: Can't find field \"{name}\"")
    return checked


def _shaped(value: Any, kind: str) -> bool:
    """Whether an object shows by its constants or its fields that it means to be a `kind`."""
    described = table()["types"].get(kind, {})
    if not isinstance(value, dict) or "fields" not in described:
        return False
    constants = described.get("constants", {})
    if constants:
        return all(value.get(name) == constant for name, constant in constants.items())
    required = [name for name, (_, needed) in described["fields"].items() if needed]
    return any(name in value for name in required)


def _wrong(where: str, kinds: list[str]) -> ApiError:
    return bad_request(f'field "{where}" must be of type {" or ".join(kinds)}')
