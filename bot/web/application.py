"""Puts the web application together: routes, middlewares, headers. Opens no port by itself."""

import logging
from collections.abc import Awaitable, Callable

from aiohttp import web

from bot.web import access_log, health, openapi, pages, telegram_webhook, validation
from bot.web.authentication import AUTHENTICATOR, Authenticator, authenticate
from bot.web.board_feed import FEED, BoardFeed, close_boards, run_feed
from bot.web.directory_sight import PEOPLE_SHOWN, PeopleShown
from bot.web.languages import translate_for
from bot.web.metrics import METRICS, Metrics
from bot.web.page_frame import page
from bot.web.page_routes import PAGES
from bot.web.parts import PARTS, WebParts
from bot.web.problems import Problem, problem_middleware
from bot.web.routes import OPERATIONS, Operation

#: Sent with every answer. Pages use files of this origin alone and no inline script or style.
SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
}


def build(parts: WebParts) -> web.Application:
    """The application that serves `parts`."""
    app = web.Application(
        middlewares=[access_log.access_log_middleware, problem_middleware],
        client_max_size=telegram_webhook.LARGEST_UPDATE,
    )
    app[PARTS] = parts
    app[METRICS] = Metrics()
    app[PEOPLE_SHOWN] = PeopleShown()
    app[AUTHENTICATOR] = Authenticator(parts.database)
    for operation in OPERATIONS:
        app.router.add_route(
            operation.method, operation.path, _guarded(operation), name=operation.name
        )
    app.router.add_get(openapi.PATH, openapi.show, allow_head=False)
    app.router.add_get("/healthz", health.healthz)
    app.router.add_get("/readyz", health.readyz)
    app.router.add_get("/metrics", health.metrics)
    app.router.add_get("/", pages.first_page)
    for method, address, handler in PAGES:
        app.router.add_route(method, address, page(handler))
    app.router.add_static("/static", pages.STATIC)
    if (path := telegram_webhook.webhook_path(parts.settings)) is not None:
        app.router.add_post(path, telegram_webhook.receive_update, name=access_log.WEBHOOK_ROUTE)
    app.on_response_prepare.append(_secure)
    app.on_cleanup.append(_close)
    app[FEED] = BoardFeed(parts.database)
    app.cleanup_ctx.append(run_feed)
    app.on_shutdown.append(close_boards)
    return app


def runner(app: web.Application, *, shutdown_timeout: float = 2.0) -> web.AppRunner:
    """What serves `app`, without aiohttp's own logs: those write addresses, and with them references.

    `bot.web.access_log` writes a line for each request instead; of a request that cannot be parsed
    only the kind of fault is logged. Requests under way have `shutdown_timeout` seconds to end.
    """
    return web.AppRunner(
        app, access_log=None, logger=_server_log(), shutdown_timeout=shutdown_timeout
    )


def _server_log() -> logging.Logger:
    logger = logging.getLogger("liaison.http")
    logger.addFilter(_without_what_was_sent)
    return logger


def _without_what_was_sent(record: logging.LogRecord) -> bool:
    """Leave of a record of aiohttp's server what kind of fault it tells of."""
    kind = record.exc_info[0] if record.exc_info else None
    record.msg, record.args = "http_fault %s", (kind.__name__ if kind else record.funcName,)
    record.exc_info = record.exc_text = record.stack_info = None
    return True


def _guarded(operation: Operation) -> Callable[[web.Request], Awaitable[web.Response]]:
    """The handler of an operation behind what is the same for all: token, role, parameters."""

    async def handle(request: web.Request) -> web.Response:
        caller = await authenticate(request)
        if caller.role not in operation.roles:
            _ = translate_for(request)
            raise Problem(403, _("此令牌的角色不能进行此操作。"))
        if operation.query is None:
            validation.refuse_query(request)
        return await operation.handler(request, caller)

    return handle


async def _secure(_request: web.Request, response: web.StreamResponse) -> None:
    for name, value in SECURITY_HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.pop("Server", None)


async def _close(app: web.Application) -> None:
    await app[AUTHENTICATOR].close()
