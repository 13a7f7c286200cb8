"""Successful answers in JSON, and workbooks of pages. Errors are in `bot.web.problems`."""

from collections.abc import Mapping
from urllib.parse import quote

from aiohttp import web
from pydantic import BaseModel

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


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


def workbook(name: str, content: bytes, headers: Mapping[str, str]) -> web.Response:
    """A workbook under its name; `headers` are those of every page."""
    return web.Response(
        body=content,
        headers={
            **headers,
            "Content-Type": _XLSX,
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}",
        },
    )
