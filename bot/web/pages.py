"""The first page: what this is and how it stands, for anybody. Shows no figure that needs signing in."""

from pathlib import Path

from aiohttp import web

from bot.web.health import loop_lives
from bot.web.languages import locale_of
from bot.web.page_frame import templates
from bot.web.parts import parts_of
from directory.texts import CHINESE, ENGLISH

STATIC = Path(__file__).parent / "static"

_LANGUAGES = {"zh": CHINESE, "en": ENGLISH}


async def first_page(request: web.Request) -> web.Response:
    """`/`: in the browser's language, or the one asked for by `?language=zh|en`."""
    parts = parts_of(request)
    locale = _LANGUAGES.get(request.query.get("language", ""), locale_of(request))
    health = await parts.health.health()
    page = templates().get_template("first_page.j2")
    text = page.render(
        _=parts.texts.for_locale(locale),
        locale=locale,
        takes_filings=health.outbox is not None,
        pages_people=health.outbox is not None and loop_lives(health),
        chat=health.chat,
    )
    return web.Response(
        text=text,
        content_type="text/html",
        headers={
            "Content-Language": locale,
            "Vary": "Accept-Language",
            "Cache-Control": "no-store",
        },
    )
