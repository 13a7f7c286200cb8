"""`/board`: the wall of the hall and the coordinator's desk, and the events that keep it up to date.

What it shows is read in `notifications.board`; a browser counts the clocks on between two events.
"""

import asyncio
import contextlib
from datetime import datetime, tzinfo
from typing import Any

import structlog
from aiohttp import web
from aiohttp_sse import EventSourceResponse
from sqlalchemy.exc import SQLAlchemyError

from bot.web.board_feed import FEED, Listener
from bot.web.page_frame import fill, page_locale, render
from bot.web.parts import parts_of
from bot.web.sign_in import viewer_of, whoever_looks
from bot.web_sessions import Viewer
from notifications import board
from notifications.board import Board, Scope
from notifications.messages import local_time

log = structlog.get_logger(__name__)

#: A board looks again after so many seconds though nobody woke it: duty changes, shops open and shut.
REFRESH_SECONDS = 60.0

#: What a browser is told that must sign in again.
SIGNED_OUT = "signed-out"


async def show(request: web.Request) -> web.Response:
    """`GET /board`: the whole page as of now; it works without script, then as a still picture."""
    viewer = await viewer_of(request, board=True)
    seen = await _load(request, scope_of(viewer))
    return await render(request, "board.j2", viewer=viewer, **_shown(seen))


async def events(request: web.Request) -> web.StreamResponse:
    """`GET /board/events`: the board's inside as HTML, again whenever it changed, as server-sent events."""
    viewer = await viewer_of(request, board=True)
    scope, locale = scope_of(viewer), page_locale(request, viewer)
    response = EventSourceResponse(headers={"Content-Language": locale})
    await response.prepare(request)
    async with response:
        with request.app[FEED].listening(scope) as listener:
            try:
                await _follow(request, response, listener, locale)
            except (SQLAlchemyError, OSError) as error:
                # The browser comes back by itself, and says until then that the connection is lost.
                log.info("board_ends", error=type(error).__name__)
    return response


async def _follow(
    request: web.Request, response: EventSourceResponse, listener: Listener, locale: str
) -> None:
    feed = request.app[FEED]
    while response.is_connected() and not feed.closed:
        listener.changed.clear()
        viewer = await whoever_looks(request)
        if viewer is None or scope_of(viewer) != listener.scope:
            await response.send("", event=SIGNED_OUT)
            return
        seen = await _load(request, listener.scope)
        await response.send(fill(request, "board_inside.j2", locale, **_shown(seen)))
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(REFRESH_SECONDS):
                await listener.changed.wait()


def scope_of(viewer: Viewer) -> Scope:
    """Whose filings the viewer sees."""
    return Scope(viewer.scope_court, viewer.scope_province, viewer.served)


async def _load(request: web.Request, scope: Scope) -> Board:
    parts = parts_of(request)
    async with parts.database.reading() as session:
        return await board.load(session, scope, parts.desk, now=parts.clock.now())


def _shown(seen: Board) -> dict[str, Any]:
    """What the templates need besides texts: the board, and how its times are written."""

    def at(instant: datetime, zone: tzinfo) -> object:
        return local_time(instant, zone, seen.as_of)

    offset = seen.as_of.astimezone(seen.zone).utcoffset()
    return {
        "board": seen,
        "at": at,
        "clock": clock_words,
        "milliseconds": _milliseconds,
        "offset": int(offset.total_seconds() * 1000) if offset is not None else 0,
        "today": seen.as_of.astimezone(seen.zone).date().isoformat(),
    }


def _milliseconds(instant: datetime | None) -> str:
    """Milliseconds since 1970, as browsers count; empty for none."""
    return "" if instant is None else str(int(instant.timestamp() * 1000))


def clock_words(seconds: int) -> str:
    """`12:05`, from an hour on `1:02:05`; the page's script counts in the same way."""
    minutes, rest = divmod(max(0, seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes:02}:{rest:02}"
