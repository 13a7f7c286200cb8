"""The Bot API over HTTP: routes, the token, faults, the record of calls. What methods do is in `methods/`."""

import asyncio
import hmac
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from bot.sandbox.arguments import Arguments, read_arguments
from bot.sandbox.calls import ApiCall, CallLog
from bot.sandbox.errors import ApiError, bad_request
from bot.sandbox.faults import Fault, FaultPlan
from bot.sandbox.limits import Meter
from bot.sandbox.methods import METHODS, Call
from bot.sandbox.polling import get_updates
from bot.sandbox.schema import Upload, check, method_named
from bot.sandbox.webhooks import Webhook
from bot.sandbox.world import World

#: Faults under which the method is carried out all the same.
DONE_UNDER = frozenset({Fault.TIMEOUT_AFTER, Fault.CUT, Fault.JUNK, Fault.JUNK_JSON, Fault.SLOW})
#: Answers that do not depend on the call: status, content type, text.
CANNED = {
    Fault.INTERNAL_ERROR: (
        500,
        "application/json",
        '{"ok":false,"error_code":500,"description":"Internal Server Error"}',
    ),
    Fault.BAD_GATEWAY: (
        502,
        "text/html",
        "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body></body>\r\n</html>\r\n",
    ),
    Fault.JUNK: (200, "text/html", "<html>Please sign in to the network</html>"),
    Fault.JUNK_JSON: (200, "application/json", "[]"),
}


@dataclass(slots=True)
class BotApi:
    """Serves one bot. `faults` may be exchanged while running."""

    world: World
    token: str = field(repr=False)
    meter: Meter
    webhook: Webhook
    faults: FaultPlan
    monotonic: Callable[[], float] = time.monotonic
    calls: CallLog = field(default_factory=CallLog)

    def routes(self) -> list[web.AbstractRouteDef]:
        """`/bot<token>/<method>` and `/file/bot<token>/<path>`."""
        return [
            web.route("*", "/bot{token:[^/]*}/{method:[^/]*}", self.handle),
            web.get("/file/bot{token:[^/]*}/documents/{file_id}/{name}", self.file),
        ]

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """One call, from its arrival to its answer or to its fault."""
        named = request.match_info["method"]
        method = method_named(named)
        call = self.calls.open(method or named, self.monotonic(), self.world.clock())
        try:
            self._admit(request, method)
            arguments = await read_arguments(request)
            call.params = dict(arguments.values) | _shown(arguments)
            fault = self.faults.for_call(call.method, call.method_number)
            if fault is not None and fault not in DONE_UNDER:
                call.outcome = f"fault:{fault}"
                return await self._broken(request, fault, b"")
            body, status = await self._answer(call.method, arguments, call)
        except ApiError as error:
            body, status, fault = _refused(call, error), error.status, None
        except UnicodeError:
            # A lone surrogate, or bytes of another encoding.
            call.params = {}
            unreadable = bad_request("strings must be encoded in UTF-8")
            body, status, fault = _refused(call, unreadable), unreadable.status, None
        encoded = json.dumps(body, ensure_ascii=False).encode()
        if fault is not None:
            call.outcome = f"fault:{fault}"
            return await self._broken(request, fault, encoded)
        return web.Response(body=encoded, status=status, content_type="application/json")

    async def file(self, request: web.Request) -> web.Response:
        """The bytes of a file named by getFile."""
        known = self.world.files.get(request.match_info["file_id"])
        if not self._knows(request) or known is None:
            raise web.HTTPNotFound
        return web.Response(body=known[1], content_type="application/octet-stream")

    def _admit(self, request: web.Request, method: str | None) -> None:
        if not self._knows(request):
            raise ApiError(401, "Unauthorized")
        if method is None:
            raise ApiError(404, "Not Found: method not found")

    def _knows(self, request: web.Request) -> bool:
        return hmac.compare_digest(request.match_info["token"].encode(), self.token.encode())

    async def _answer(
        self, method: str, arguments: Arguments, call: ApiCall
    ) -> tuple[dict[str, Any], int]:
        """Carry the method out; the body and the status of the answer, a refusal included."""
        try:
            args = check(method, arguments.values, arguments.uploads, textual=arguments.textual)
            call.params = {k: v.name if isinstance(v, Upload) else v for k, v in args.items()}
            result = await self._perform(method, args)
        except ApiError as error:
            return _refused(call, error), error.status
        call.outcome, call.status, call.done, call.result = "ok", 200, True, result
        return {"ok": True, "result": result}, 200

    async def _perform(self, method: str, args: dict[str, Any]) -> Any:
        if method == "getUpdates":
            return await get_updates(self.world, self.webhook, args)
        if method == "setWebhook":
            return self.webhook.set(args)
        if method == "deleteWebhook":
            return self.webhook.set(args | {"url": ""})
        if method == "getWebhookInfo":
            return self.webhook.info()
        with self.world.lock:
            result = METHODS[method](Call(self.world, args, self.meter, self.monotonic))
            self.world.changes.announce()
            return result

    async def _broken(
        self, request: web.Request, fault: Fault, answer: bytes
    ) -> web.StreamResponse:
        """Answer as the fault demands. `answer` is what a sound server would have said."""
        if fault in CANNED:
            status, kind, text = CANNED[fault]
            return web.Response(text=text, status=status, content_type=kind)
        if fault is Fault.SLOW:
            await asyncio.sleep(self.faults.delay)
            return web.Response(body=answer, content_type="application/json")
        if fault is Fault.CUT:
            return await _cut(request, answer)
        await asyncio.sleep(self.faults.hold)
        _drop(request)
        return web.Response(status=504)


async def _cut(request: web.Request, answer: bytes) -> web.StreamResponse:
    """Promise the whole answer, send half, hang up."""
    headers = {"Content-Length": str(len(answer)), "Content-Type": "application/json"}
    response = web.StreamResponse(headers=headers)
    await response.prepare(request)
    await response.write(answer[: len(answer) // 2])
    _drop(request)
    return response


def _drop(request: web.Request) -> None:
    if request.transport is not None:
        request.transport.close()


def _refused(call: ApiCall, error: ApiError) -> dict[str, Any]:
    call.outcome = "limited" if error.status == 429 else "refused"
    call.status, call.description = error.status, error.description
    return error.body()


def _shown(arguments: Arguments) -> dict[str, str]:
    """Uploads appear in the record by their file name."""
    return {name: upload.name for name, upload in arguments.uploads.items()}
