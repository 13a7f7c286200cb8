"""Successful answers in JSON. Errors are in `bot.web.problems`."""

from collections.abc import Mapping

from aiohttp import web
from pydantic import BaseModel


def json_response(
    answer: BaseModel, *, status: int = 200, headers: Mapping[str, str] | None = None
) -> web.Response:
    """`answer` as JSON; what it holds is for this caller alone."""
    return web.Response(
        status=status,
        body=answer.model_dump_json().encode(),
        content_type="application/json",
        headers={"Cache-Control": "no-store", **(headers or {})},
    )
