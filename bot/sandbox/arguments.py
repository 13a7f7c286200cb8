"""Reads the parameters of a call off an HTTP request, in each of the ways Telegram accepts. Checks no meaning."""

import json
from dataclasses import dataclass, field
from typing import Any

from aiohttp import BodyPartReader, web

from bot.sandbox.errors import ApiError, bad_request
from bot.sandbox.schema import Upload


@dataclass(slots=True)
class Arguments:
    """What came with a call. `textual`: the values are text and still to be read as numbers or JSON."""

    values: dict[str, Any] = field(default_factory=dict)
    uploads: dict[str, Upload] = field(default_factory=dict)
    textual: bool = True


async def read_arguments(request: web.Request) -> Arguments:
    """Take them from the query string and a JSON, form, multipart or empty body."""
    arguments = Arguments(dict(request.query))
    kind = request.content_type
    if request.method != "POST" or not request.can_read_body:
        return arguments
    if kind == "application/json":
        return _from_json(await request.read(), arguments)
    if kind == "application/x-www-form-urlencoded":
        form = await request.post()
        arguments.values |= {name: value for name, value in form.items() if isinstance(value, str)}
        return arguments
    if kind == "multipart/form-data":
        return await _from_multipart(request, arguments)
    # Clients send a call without parameters as an octet stream with nothing in it.
    if await request.read():
        raise ApiError(400, f"Bad Request: unsupported content type {kind}")
    return arguments


def _from_json(body: bytes, arguments: Arguments) -> Arguments:
    if not body.strip():
        return arguments
    try:
        parsed = json.loads(body)
    except ValueError:
        raise bad_request("can't parse request: it is not a JSON object") from None
    if not isinstance(parsed, dict):
        raise bad_request("can't parse request: it is not a JSON object")
    if arguments.values:
        raise bad_request("parameters come either in the address or in a JSON body")
    return Arguments(parsed, textual=False)


async def _from_multipart(request: web.Request, arguments: Arguments) -> Arguments:
    reader = await request.multipart()
    while part := await reader.next():
        if not isinstance(part, BodyPartReader) or part.name is None:
            raise bad_request("a part of the form has no name")
        content = bytes(await part.read(decode=True))
        if part.filename is None:
            arguments.values[part.name] = content.decode()
        else:
            kind = part.headers.get("Content-Type", "application/octet-stream")
            arguments.uploads[part.name] = Upload(part.filename, kind, content)
    return arguments
