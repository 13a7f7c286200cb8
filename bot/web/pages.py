"""The first page: what this is and how it stands, for anybody. Shows no figure that needs signing in."""

from functools import cache
from pathlib import Path

import jinja2
from aiohttp import web

from bot.web.health import loop_lives
from bot.web.languages import locale_of
from bot.web.parts import parts_of
from directory.texts import CHINESE, ENGLISH

_HERE = Path(__file__).parent
STATIC = _HERE / "static"

_LANGUAGES = {"zh": CHINESE, "en": ENGLISH}


@cache
def _templates() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


async def first_page(request: web.Request) -> web.Response:
    """`/`: in the browser's language, or the one asked for by `?language=zh|en`."""
    parts = parts_of(request)
    locale = _LANGUAGES.get(request.query.get("language", ""), locale_of(request))
    health = await parts.health.health()
    page = _templates().get_template("first_page.j2")
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
