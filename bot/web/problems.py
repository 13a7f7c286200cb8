"""Answers of `application/problem+json` (RFC 9457): what went wrong, in the reader's language.

Handlers raise `Problem`; the middleware here turns it, and everything else that may be raised, into
an answer. Which faults of a body exist is in `bot.web.validation`.
"""

import json
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler

from bot.web.languages import locale_of, translate_for
from bot.web.parts import Extra
from directory.outages import is_outage
from directory.texts import Translate

CONTENT_TYPE = "application/problem+json"

#: After how many seconds a client should try again when the database cannot be reached.
RETRY_SECONDS = 5

#: The last part of `type`, by status, unless a problem names a closer one.
_KINDS = {
    400: "broken-json",
    401: "token-needed",
    403: "outside-scope",
    404: "not-found",
    405: "wrong-method",
    409: "conflict",
    412: "stale",
    413: "too-large",
    415: "not-json",
    422: "invalid",
    428: "condition-needed",
    429: "too-soon",
    500: "internal",
    503: "unavailable",
}

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with a field of a body or with a parameter; `message` is in the reader's language."""

    field: str
    message: str


class Problem(Exception):
    """An answer other than success. Its texts are in the reader's language already.

    Args:
        status: the HTTP status.
        detail: one sentence that says what is wrong and, where possible, what to do.
        kind: the last part of `type`; by default the status's own.
        faults: what is wrong with which field.
        headers: headers of the answer, such as Retry-After.
        members: further members of the answer.
    """

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        kind: str | None = None,
        faults: Sequence[Fault] = (),
        headers: Extra | None = None,
        members: Extra | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.kind = kind
        self.faults = tuple(faults)
        self.headers = dict(headers or {})
        self.members = dict(members or {})


def title_of(status: int, translate: Translate) -> str:
    """The short name of a status."""
    _ = translate
    titles = {
        400: _("请求无法读懂"),
        401: _("需要令牌"),
        403: _("不在权限之内"),
        404: _("没有找到"),
        405: _("不支持这种请求方式"),
        409: _("与现状冲突"),
        412: _("已被更改"),
        413: _("请求过大"),
        415: _("请求格式不是 JSON"),
        422: _("内容有误"),
        428: _("须带 If-Match"),
        429: _("请求太频繁"),
        500: _("服务出错"),
        503: _("暂时无法服务"),
    }
    return titles.get(status) or HTTPStatus(status).phrase


def answer(request: web.Request, problem: Problem) -> web.Response:
    """The response that states `problem`."""
    kind = problem.kind or _KINDS.get(problem.status, "other")
    body: dict[str, object] = {
        "type": f"urn:liaison:problem:{kind}",
        "title": title_of(problem.status, translate_for(request)),
        "status": problem.status,
        "detail": problem.detail,
    }
    if problem.faults:
        body["errors"] = [
            {"field": fault.field, "message": fault.message} for fault in problem.faults
        ]
    body.update(problem.members)
    return web.Response(
        status=problem.status,
        body=json.dumps(body, ensure_ascii=False).encode("utf-8", "replace"),
        content_type=CONTENT_TYPE,
        headers={
            "Content-Language": locale_of(request),
            "Vary": "Accept-Language",
            **problem.headers,
        },
    )


@web.middleware
async def problem_middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn whatever is raised into a problem; the cause of a 500 goes to the log alone."""
    try:
        return await handler(request)
    except Problem as problem:
        return answer(request, problem)
    except web.HTTPException as error:
        return _of_http(request, error)
    except Exception as error:  # noqa: BLE001 -- the client gets a problem whatever it was
        _ = translate_for(request)
        if is_outage(error):
            log.warning("database_unavailable", error=type(error).__name__)
            return answer(
                request,
                Problem(
                    503,
                    _("数据库暂时无法访问或已满，本次请求没有确认。请稍后重发，重发不会重复立案。"),
                    headers={"Retry-After": str(RETRY_SECONDS)},
                ),
            )
        # Where, not what: the text of a database error quotes the values it was given.
        log.error(  # noqa: TRY400
            "request_failed", error=type(error).__name__, at=_places(error)
        )
        return answer(request, Problem(500, _("服务内部出错，已记入日志。请稍后再试。")))


def _places(error: Exception) -> list[str]:
    """The innermost places an exception came through."""
    frames = traceback.extract_tb(error.__traceback__)[-6:]
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]


def _of_http(request: web.Request, error: web.HTTPException) -> web.StreamResponse:
    """What aiohttp itself raises: no such path, wrong method, too big; redirects stay what they are."""
    if error.status < 400:
        raise error
    _ = translate_for(request)
    details = {
        404: _("没有这个地址。"),
        405: _("这个地址不支持此请求方式，支持的方式见 Allow。"),
        413: _("请求超过允许的大小。"),
    }
    headers = {"Allow": error.headers["Allow"]} if "Allow" in error.headers else {}
    detail = details.get(error.status, HTTPStatus(error.status).phrase)
    return answer(request, Problem(error.status, detail, headers=headers))
