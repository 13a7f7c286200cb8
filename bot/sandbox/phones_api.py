"""The phones over HTTP: everything `phones.py` and `groups.py` can do, as JSON under `/phones/api`.

For the page and for clients in other processes. Every POST takes a JSON object with `Content-Type: application/json`, so
that no other page in the browser can press a button. Errors are `{"error": text}`: 400 a wrong body, 404 an unknown phone,
group or message, 409 what a person could not do.
"""

import asyncio
import base64
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aiohttp import web
from aiohttp_sse import sse_response

from bot.sandbox.errors import PhoneError
from bot.sandbox.groups import Group
from bot.sandbox.phones import Phone
from bot.sandbox.presses import InlineResult, InlineSearch, Press
from bot.sandbox.screen import ShownMessage
from bot.sandbox.snapshot import call_json, everything, message_json

if TYPE_CHECKING:
    from bot.sandbox.server import LocalTelegram

#: Changes closer together than this (seconds) reach the page as one.
GATHER = 0.08
KEEP_ALIVE = 15.0
LONGEST_WAIT = 60.0

Handler = Callable[[web.Request], Awaitable[web.Response]]
Action = Callable[[dict[str, Any], web.Request], Awaitable[dict[str, Any]]]


@dataclass(slots=True)
class PhonesApi:
    """The routes of one local Telegram."""

    telegram: "LocalTelegram"

    def routes(self) -> list[web.AbstractRouteDef]:
        """Every address under `/phones/api`."""
        prefix = "/phones/api"
        gets: dict[str, Handler] = {
            "/state": self.state,
            "/calls": self.calls,
            "/phones/{phone}/messages": self.messages,
            "/presses/{press}": self.press_answer,
        }
        posts: dict[str, Action] = {
            "/phones": self._add_phone,
            "/groups": self._add_group,
            "/banner": self._banner,
            "/phones/{phone}/say": self._say,
            "/phones/{phone}/document": self._document,
            "/phones/{phone}/photo": self._photo,
            "/phones/{phone}/press": self._press,
            "/phones/{phone}/inline": self._inline,
            "/phones/{phone}/pick": self._pick,
            "/phones/{phone}/forward": self._forward,
            "/phones/{phone}/edit": self._edit,
            "/phones/{phone}/block": self._block,
            "/groups/{group}/{deed}": self._group_deed,
        }
        return [
            web.get(f"{prefix}/events", self.events),
            *(web.get(prefix + path, _guarded(look)) for path, look in gets.items()),
            *(web.post(prefix + path, _json_action(action)) for path, action in posts.items()),
        ]

    # --- reading

    async def state(self, request: web.Request) -> web.Response:
        """All phones, or those named by `?phone=…`; `?newest=` messages of each chat."""
        known = self.telegram.phones
        named = [int(value) for value in request.query.getall("phone", [])]
        phones = [known[number] for number in named if number in known] if named else None
        newest = int(request.query.get("newest", "80"))
        chosen = list(known.values()) if phones is None else phones
        return web.json_response(everything(self.telegram, chosen, newest))

    async def events(self, request: web.Request) -> web.StreamResponse:
        """Server-sent events: the version after every change."""
        changes = self.telegram.world.changes
        async with sse_response(request) as stream:
            version = -1
            while stream.is_connected():
                if await changes.past(version, KEEP_ALIVE):
                    version = changes.version
                    await stream.send(json.dumps({"version": version}))
                    await asyncio.sleep(GATHER)
        return stream

    async def calls(self, request: web.Request) -> web.Response:
        """The bot's calls after number `?since=`, of `?method=` if given."""
        since = int(request.query.get("since", "0"))
        method = request.query.get("method")
        calls = [c for c in self.telegram.calls if c.number > since and method in {None, c.method}]
        return web.json_response({"items": [call_json(call) for call in calls]})

    async def messages(self, request: web.Request) -> web.Response:
        """A chat as one phone shows it: `?chat_id=`, private without; `?contains=` words; `?wait=` seconds."""
        phone = self._phone(request)
        group = self._chat_of(request.query)
        words = request.query.get("contains", "")

        def found() -> list[ShownMessage]:
            return [m for m in phone.messages(group) if m.contains(words)]

        wait = min(float(request.query.get("wait", "0")), LONGEST_WAIT)
        await self.telegram.world.changes.until(found, wait)
        return web.json_response({"items": [message_json(message) for message in found()]})

    async def press_answer(self, request: web.Request) -> web.Response:
        """The answer to a press, waited for `?wait=` seconds."""
        callback = self.telegram.world.callbacks[request.match_info["press"]]
        wait = min(float(request.query.get("wait", "0")), LONGEST_WAIT)
        await self.telegram.world.changes.until(lambda: callback.answer, wait)
        return web.json_response({"press_id": callback.id, "answer": callback.answer})

    # --- doing

    async def _add_phone(self, body: dict[str, Any], _request: web.Request) -> dict[str, Any]:
        phone = self.telegram.add_phone(
            body["name"],
            body.get("user_id"),
            body.get("language_code", "zh-hans"),
            label=body.get("label", ""),
        )
        return {"id": phone.id, "name": phone.name}

    async def _add_group(self, body: dict[str, Any], _request: web.Request) -> dict[str, Any]:
        members = [self.telegram.phones[number] for number in body.get("members", [])]
        names = ("supergroup", "bot", "bot_is_admin", "announced", "group_id")
        how = {name: body[name] for name in names if name in body}
        group = self.telegram.add_group(body["title"], members, **how)
        return {"id": group.id, "title": group.title}

    async def _banner(self, body: dict[str, Any], _request: web.Request) -> dict[str, Any]:
        self.telegram.set_banner(body)
        return {}

    async def _say(self, body: dict[str, Any], request: web.Request) -> dict[str, Any]:
        phone, group = self._phone(request), self._chat_of(body)
        reply = self._message(phone, body, "reply_to") if body.get("reply_to") else None
        return {"message": message_json(phone.says(body["text"], group, reply))}

    async def _document(self, body: dict[str, Any], request: web.Request) -> dict[str, Any]:
        content = base64.b64decode(body["content"], validate=True)
        phone, group = self._phone(request), self._chat_of(body)
        return {"message": message_json(phone.sends_document(str(body["name"]), content, group))}

    async def _photo(self, body: dict[str, Any], request: web.Request) -> dict[str, Any]:
        content = base64.b64decode(body["content"], validate=True)
        phone, group = self._phone(request), self._chat_of(body)
        return {"message": message_json(phone.sends_photo(content, group))}

    async def _press(self, body: dict[str, Any], request: web.Request) -> dict[str, Any]:
        phone = self._phone(request)
        on = self._message(phone, body) if "message_id" in body else None
        if "label" in body:
            press = phone.presses(body["label"], on, self._chat_of(body))
        elif on is not None:
            press = phone.presses_data(body["data"], on)
        else:
            raise KeyError("message_id")
        return await self._press_json(press, float(body.get("wait", 0)))

    async def _press_json(self, press: Press, wait: float) -> dict[str, Any]:
        if press.callback and wait > 0:
            changes = self.telegram.world.changes
            await changes.until(lambda: press.answered, min(wait, LONGEST_WAIT))
        answer = press.callback.answer if press.callback else None
        return {"press_id": press.id, "answer": answer, "url": press.button.url}

    async def _inline(self, body: dict[str, Any], request: web.Request) -> dict[str, Any]:
        search = self._phone(request).inline(body["query"], self._chat_of(body))
        wait = min(float(body.get("wait", 5)), LONGEST_WAIT)
        await self.telegram.world.changes.until(lambda: search.answer, wait)
        listed = search.listed
        return {"query_id": search.id, "answered": listed is not None, "results": _lines(listed)}

    async def _pick(self, body: dict[str, Any], request: web.Request) -> dict[str, Any]:
        ask = self.telegram.world.asks[body["query_id"]]
        listed = InlineSearch(self.telegram.world, ask).listed or []
        chosen = next((result for result in listed if result.id == body["result_id"]), None)
        if chosen is None:
            raise KeyError(body["result_id"])
        sent = self._phone(request).picks(chosen, self._chat_of(body))
        return {"message": message_json(sent)}

    async def _forward(self, body: dict[str, Any], request: web.Request) -> dict[str, Any]:
        phone = self._phone(request)
        message = self._message(phone, body)
        to = (
            Group(self.telegram.world, self.telegram.world.chats[body["to"]])
            if "to" in body
            else None
        )
        return {"message": message_json(phone.forwards(message, to))}

    async def _edit(self, body: dict[str, Any], request: web.Request) -> dict[str, Any]:
        phone = self._phone(request)
        return {"message": message_json(phone.edits(self._message(phone, body), body["text"]))}

    async def _block(self, body: dict[str, Any], request: web.Request) -> dict[str, Any]:
        phone = self._phone(request)
        if body.get("blocked", True):
            phone.blocks_bot()
        else:
            phone.unblocks_bot()
        return {}

    async def _group_deed(self, body: dict[str, Any], request: web.Request) -> dict[str, Any]:
        group = self.telegram.group(int(request.match_info["group"]))
        deed = request.match_info["deed"]
        by = self.telegram.phones[body["phone"]] if "phone" in body else None
        if deed == "migrate":
            return {"id": group.migrate().id}
        if deed in {"join", "leave"} and by is not None:
            (group.joined_by if deed == "join" else group.left_by)(by)
        elif deed == "kick-bot":
            group.kick_bot(by)
        elif deed == "add-bot":
            group.add_bot(by, admin=bool(body.get("admin")))
        elif deed == "anonymous":
            group.says_anonymously(body["text"])
        elif deed == "channel":
            group.says_as_channel(body["text"])
        else:
            raise KeyError(deed)
        return {}

    # --- finding

    def _phone(self, request: web.Request) -> Phone:
        return self.telegram.phones[int(request.match_info["phone"])]

    def _chat_of(self, given: Any) -> Group | None:
        """The group named by `chat_id`; `None` for a private chat."""
        chat_id = int(given.get("chat_id") or 0)
        return self.telegram.group(chat_id) if chat_id < 0 else None

    def _message(
        self, phone: Phone, body: dict[str, Any], name: str = "message_id"
    ) -> ShownMessage:
        messages = phone.messages(self._chat_of(body))
        found = next((m for m in messages if m.id == body[name] and not m.deleted), None)
        if found is None:
            raise KeyError(name)
        return found


def _lines(results: list[InlineResult] | None) -> list[dict[str, Any]]:
    return [
        {"id": r.id, "title": r.title, "description": r.description, "text": r.text}
        for r in results or []
    ]


def _json_action(action: Action) -> Handler:
    """Wrap an action: a JSON object in, a JSON object out."""

    async def handle(request: web.Request) -> web.Response:
        if request.content_type != "application/json":
            return web.json_response({"error": "Content-Type must be application/json"}, status=415)
        body = await request.json()
        if not isinstance(body, dict):
            raise TypeError("the body must be a JSON object")
        return web.json_response(await action(body, request))

    return _guarded(handle)


def _guarded(handler: Handler) -> Handler:
    """Answer errors as said in the module's docstring."""

    async def handle(request: web.Request) -> web.Response:
        try:
            return await handler(request)
        except PhoneError as error:
            return web.json_response({"error": str(error)}, status=409)
        except KeyError as error:
            return web.json_response({"error": f"unknown or missing: {error}"}, status=404)
        except (ValueError, TypeError) as error:
            return web.json_response({"error": str(error)}, status=400)

    return handle
