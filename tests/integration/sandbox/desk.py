"""A raw client of the Bot API, and a check of every object against the full description of it."""

import json
import re
from pathlib import Path

from aiohttp import ClientSession

from bot.sandbox import LocalTelegram

FULL = json.loads(Path(__file__).parents[2].joinpath("bot_api", "bot-api.json").read_text("utf-8"))
BASIC = {"Integer": int, "String": str, "Boolean": bool, "True": bool, "Float": (int, float)}
CONSTANT = re.compile(r"(?:must be|always) [\"“*]?(\w+)")


class RawClient:
    """Calls methods as plain HTTP and gives back `(status, body)`."""

    def __init__(self, telegram: LocalTelegram, session: ClientSession) -> None:
        self.telegram = telegram
        self.session = session

    async def __call__(self, method: str, token: str = "123456:TEST", **params):
        url = f"{self.telegram.api_url}/bot{token}/{method}"
        async with self.session.post(url, json=params) as answer:
            return answer.status, await answer.json()

    async def ok(self, method: str, **params):
        """The result of a call that must succeed."""
        status, body = await self(method, **params)
        assert (status, body["ok"]) == (200, True), body
        return body["result"]

    async def no(self, method: str, **params) -> str:
        """The description of a call that must be refused, without "Bad Request: "."""
        status, body = await self(method, **params)
        assert body["ok"] is False
        assert body["error_code"] == status >= 400
        return body["description"].removeprefix("Bad Request: ")


def faults_of(value, kinds, where="result"):
    """What is wrong with a value by the full description: unknown fields, wrong types, missing ones."""
    every = [_faults_of_one(value, kind, where) for kind in kinds]
    return min(every, key=len)


def _faults_of_one(value, kind, where):
    if kind.startswith("Array of "):
        if not isinstance(value, list):
            return [f"{where}: no list"]
        inner = [kind.removeprefix("Array of ")]
        return [f for i, item in enumerate(value) for f in faults_of(item, inner, f"{where}[{i}]")]
    if kind in BASIC:
        right = isinstance(value, BASIC[kind]) and (kind in {"Boolean", "True"}) == isinstance(
            value, bool
        )
        return [] if right else [f"{where}: {value!r} is no {kind}"]
    described = FULL["types"][kind]
    if "subtypes" in described:
        return faults_of(value, described["subtypes"], where)
    if not isinstance(value, dict):
        return [f"{where}: {value!r} is no {kind}"]
    fields = {field["name"]: field for field in described.get("fields", [])}
    found = [f"{where}: unknown field {name} of {kind}" for name in value if name not in fields]
    for name, field in fields.items():
        if name in value:
            found += faults_of(value[name], field["types"], f"{where}.{name}")
            constant = CONSTANT.search(field["description"])
            if name in {"type", "status", "source"} and constant and value[name] != constant[1]:
                found.append(f"{where}.{name}: not {constant[1]}")
        elif field["required"]:
            found.append(f"{where}: {kind} lacks {name}")
    return found
