"""One line and one count for every request: the route's template, never the address that was asked for.

References, tokens in links and query strings stay out of logs and figures.
"""

import asyncio

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler

from bot.web.metrics import METRICS

#: The name under which the webhook is counted: its path may be meant to be hard to guess.
WEBHOOK_ROUTE = "telegram_webhook"

_UNMATCHED = "unmatched"
#: Asked every few seconds by machines; counted, but not worth a line each.
_QUIET = frozenset({"/healthz", "/readyz", "/metrics"})

log = structlog.get_logger("liaison.access")


def route_of(request: web.Request) -> str:
    """The template of the route that answers, `telegram_webhook`, or `unmatched`."""
    route = request.match_info.route
    if route.name == WEBHOOK_ROUTE:
        return WEBHOOK_ROUTE
    return _UNMATCHED if route.resource is None else route.resource.canonical


@web.middleware
async def access_log_middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Log and count a request when it has been answered; the outermost middleware."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    status = 499  # What stands when the client went away before there was an answer.
    try:
        response = await handler(request)
        status = response.status
    except web.HTTPException as error:
        status = error.status
        raise
    finally:
        seconds = loop.time() - began
        route = route_of(request)
        request.app[METRICS].count_request(request.method, route, status, seconds)
        if route not in _QUIET or status >= 400:
            log.info(
                "request",
                method=request.method[:16],
                route=route,
                status=status,
                milliseconds=round(seconds * 1000, 1),
            )
    return response
