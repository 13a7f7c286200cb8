"""Signing in and out: the page behind the link from `/web`, the form for tokens, and who looks at a page."""

import re

from aiohttp import web

from bot import web_sessions
from bot.web.page_frame import VIEWER, is_secure, render, translate_page
from bot.web.parts import parts_of
from bot.web.problems import Problem
from bot.web_sessions import Opened, Viewer

__all__ = ["SESSION_COOKIE", "Viewer", "viewer_of", "whoever_looks"]

SESSION_COOKIE = "liaison_session"
#: Where the browser was on its way to. The link from the chat opens without it in its address.
NEXT_COOKIE = "liaison_next"
_NEXT_SECONDS = 15 * 60

#: Where a browser goes once it is signed in, unless it was on its way elsewhere.
FIRST_PAGE = "/board"
PATH = "/sign-in"

#: A path on this site: `//host` and `/\host` would lead to another.
_OWN_PATH = re.compile(r"/(?![/\\])[^\\\x00-\x20]*")
_LONGEST_PATH = 512


async def viewer_of(request: web.Request, *, board: bool = False) -> Viewer:
    """Who looks, judged by today's directory: an officer linked today, or a valid token.

    Args:
        request: carries the session's cookie.
        board: whether a wall screen (a `board` token) may look as well.

    Raises:
        web.HTTPSeeOther: nobody is signed in; the browser is led to the sign-in page.
        Problem: 403, a wall screen asks for another page.
    """
    viewer = await whoever_looks(request)
    if viewer is None:
        asked = request.rel_url.raw_path_qs if request.method == "GET" else FIRST_PAGE
        target = web.HTTPSeeOther(request.rel_url.with_path(PATH).with_query(next=asked))
        if SESSION_COOKIE in request.cookies:
            target.del_cookie(SESSION_COOKIE, path="/")
        if not board or request.path == FIRST_PAGE:
            _remember(request, target, asked)
        raise target
    if viewer.is_screen and not board:
        _ = translate_page(request, viewer)
        raise Problem(403, _("大屏令牌只能打开值班看板。"))
    return viewer


async def whoever_looks(request: web.Request) -> Viewer | None:
    """Who looks; None when nobody is signed in."""
    secret = request.cookies.get(SESSION_COOKIE, "")
    if not secret:
        return None
    parts = parts_of(request)
    async with parts.database.reading() as session:
        viewer = await web_sessions.viewer(
            session, secret, now=parts.clock.now(), timezone=parts.desk.timezone
        )
    if viewer is not None:
        request[VIEWER] = viewer
    return viewer


def _remember(request: web.Request, response: web.StreamResponse, asked: str) -> None:
    """Have the browser keep for a while which page it asked for."""
    if _own_path(asked) == asked:
        response.set_cookie(
            NEXT_COOKIE, asked, max_age=_NEXT_SECONDS, httponly=True, samesite="Lax",
            secure=is_secure(request), path=PATH,
        )  # fmt: skip


async def form(request: web.Request) -> web.Response:
    """`GET /sign-in`: how to sign in, and the field for a token."""
    return await _form(request, request.query.get("next", ""))


async def use_form(request: web.Request) -> web.StreamResponse:
    """`POST /sign-in`: sign in by a token, which is sent in the body and kept nowhere."""
    fields = await request.post()
    secret, target = str(fields.get("token", "")).strip(), str(fields.get("next", ""))
    parts = parts_of(request)
    async with parts.database.transaction() as session:
        opened = await web_sessions.use_token(session, secret, now=parts.clock.now())
    if opened is None:
        return await _form(request, target, refused=True, status=403)
    return _signed_in(request, opened, target)


async def _form(
    request: web.Request, target: str, *, refused: bool = False, status: int = 200
) -> web.Response:
    return await render(
        request, "sign_in.j2", status=status, next=_own_path(target), refused=refused
    )


async def link(request: web.Request) -> web.Response:
    """`GET /sign-in/{code}`: one button. A preview or a crawler that opens the link signs nobody in."""
    parts = parts_of(request)
    async with parts.database.reading() as session:
        alive = await web_sessions.is_open(
            session, request.match_info["code"], now=parts.clock.now()
        )
    return await _link(request, alive=alive)


async def use_link(request: web.Request) -> web.StreamResponse:
    """`POST /sign-in/{code}`: the button was pressed; the link is used up."""
    parts = parts_of(request)
    async with parts.database.transaction() as session:
        opened = await web_sessions.use_link(
            session,
            request.match_info["code"],
            now=parts.clock.now(),
            timezone=parts.desk.timezone,
        )
    if opened is None:
        return await _link(request, alive=False)
    return _signed_in(request, opened, request.cookies.get(NEXT_COOKIE, ""))


async def _link(request: web.Request, *, alive: bool) -> web.Response:
    return await render(request, "sign_in_link.j2", status=200 if alive else 410, alive=alive)


async def sign_out(request: web.Request) -> web.StreamResponse:
    """`POST /sign-out`: forget this browser."""
    secret = request.cookies.get(SESSION_COOKIE, "")
    if secret:
        async with parts_of(request).database.transaction() as session:
            await web_sessions.end(session, secret)
    response = web.Response(status=303, headers={"Location": PATH})
    response.del_cookie(SESSION_COOKIE, path="/")
    return response


def _own_path(target: str) -> str:
    """Where to go next, if that is a page of ours."""
    if len(target) <= _LONGEST_PATH and _OWN_PATH.fullmatch(target):
        return target
    return FIRST_PAGE


def _signed_in(request: web.Request, opened: Opened, target: str) -> web.Response:
    response = web.Response(status=303, headers={"Location": _own_path(target)})
    response.set_cookie(
        SESSION_COOKIE,
        opened.secret,
        max_age=round(opened.kept.total_seconds()) if opened.kept else None,
        httponly=True,
        samesite="Lax",
        secure=is_secure(request),
        path="/",
    )
    if NEXT_COOKIE in request.cookies:
        response.del_cookie(NEXT_COOKIE, path=PATH)
    return response
