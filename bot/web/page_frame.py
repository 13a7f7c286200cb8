"""The frame of every page: language, headers, errors as pages, and where a form may be sent from. No page itself."""

from collections.abc import Awaitable, Callable
from datetime import date
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import jinja2
import structlog
from aiohttp import web

from bot.error_places import place
from bot.web.fields import is_text
from bot.web.languages import locale_of
from bot.web.navigation import navigation
from bot.web.parts import parts_of
from bot.web.problems import Problem, title_of
from bot.web_sessions import Viewer
from directory.outages import is_outage
from directory.texts import CHINESE, ENGLISH, LOCALES, Translate
from notifications.wording import Wording

log = structlog.get_logger(__name__)

PageHandler = Callable[[web.Request], Awaitable[web.StreamResponse]]

#: Pages take script, style and events from this origin alone; nothing inline, nothing from elsewhere.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

#: Addresses name references, and one the code of a link: no cache, no other site, is told of them.
#: (Not `no-referrer`: by it browsers would hide from our own forms where they were sent from.)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",
    "Vary": "Accept-Language, Cookie",
    "X-Robots-Tag": "noindex",
}

#: Whoever looks, once that is known: refusals speak their language too.
VIEWER = web.RequestKey("viewer", Viewer)

LANGUAGE_COOKIE = "liaison_language"
_LANGUAGE_SECONDS = 365 * 24 * 3600
_LANGUAGES = {"zh": CHINESE, "en": ENGLISH}

#: The longest words (characters) that a page looks for.
_LONGEST_WORDS = 64

_TEMPLATES = Path(__file__).parent / "templates"


@cache
def templates() -> jinja2.Environment:
    """The templates of all pages, and drawings that messages have as well; what is filled in is escaped."""
    return jinja2.Environment(
        loader=jinja2.ChoiceLoader(
            [jinja2.FileSystemLoader(_TEMPLATES), jinja2.PackageLoader("notifications")]
        ),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def page_locale(request: web.Request, viewer: Viewer | None = None) -> str:
    """The language of a page: asked for in the address, chosen earlier here, chosen in chat, the browser's."""
    for word in (request.query.get("language"), request.cookies.get(LANGUAGE_COOKIE)):
        if word in _LANGUAGES:
            return _LANGUAGES[word]
    if viewer is not None and viewer.locale in LOCALES:
        return viewer.locale
    return locale_of(request)


def translate_page(request: web.Request, viewer: Viewer | None = None) -> Translate:
    """Gives texts in the language of the page; call it `_`."""
    return parts_of(request).texts.for_locale(page_locale(request, viewer))


def words_asked(request: web.Request, name: str) -> str:
    """What the address says under `name`: short, and without signs that a database refuses."""
    return plain_words(request.query.get(name, ""))


def plain_words(typed: str) -> str:
    """What somebody typed to look for: short, and without signs that a database refuses."""
    text = typed[: 2 * _LONGEST_WORDS]
    return "".join(sign for sign in text if is_text(sign)).strip()[:_LONGEST_WORDS]


def day_asked(request: web.Request, translate: Translate) -> date | None:
    """The day that the address names; None when it names none.

    Raises:
        Problem: 422, it cannot be understood.
    """
    words = words_asked(request, "day")
    if not words:
        return None
    try:
        day = date.fromisoformat(words)
    except ValueError:
        day = date.min
    if not date(2000, 1, 1) <= day < date(9000, 1, 1):
        _ = translate
        raise Problem(422, _("日期“{words}”无法识别，应如 2026-11-24。", words=words))
    return day


async def render(
    request: web.Request,
    template: str,
    *,
    viewer: Viewer | None = None,
    status: int = 200,
    **data: object,
) -> web.Response:
    """A page from `templates/<template>`, which extends `base.j2`.

    The template knows `_`, `words` (`Wording`), `locale`, `viewer`, `path` and what `data` names.
    """
    locale = page_locale(request, viewer)
    response = web.Response(
        text=fill(request, template, locale, viewer=viewer, **data),
        status=status,
        content_type="text/html",
        headers={**HEADERS, "Content-Language": locale},
    )
    if (word := request.query.get("language")) in _LANGUAGES:
        response.set_cookie(
            LANGUAGE_COOKIE, word, max_age=_LANGUAGE_SECONDS, httponly=True, samesite="Lax",
            secure=is_secure(request),
        )  # fmt: skip
    return response


def fill(request: web.Request, template: str, locale: str, **data: object) -> str:
    """The text of a template in one language, whole page or part of one."""
    translate = parts_of(request).texts.for_locale(locale)
    links = {word: str(request.rel_url.update_query(language=word)) for word in _LANGUAGES}
    return templates().get_template(template).render(
        _=translate,
        words=Wording(translate),
        locale=locale,
        path=request.path,
        language_links=links,
        navigation=navigation,
        **data,
    )  # fmt: skip


def is_secure(request: web.Request) -> bool:
    """Whether the reader's browser came by https, also when a proxy before us took the encryption off."""
    public = parts_of(request).settings.public_url
    if public is not None and urlsplit(public).netloc == request.host:
        return public.startswith("https:")
    return bool(request.secure)


def check_origin(request: web.Request) -> None:
    """Refuse a form that another site made a browser send.

    Raises:
        Problem: 403, unless the browser says that the form was on a page of ours.
    """
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site is not None and site != "same-origin":
        origin = None
    public = parts_of(request).settings.public_url
    ours = {request.host} | ({urlsplit(public).netloc} if public else set())
    if origin is None or urlsplit(origin).netloc not in ours:
        _ = translate_page(request)
        raise Problem(403, _("此操作不是从本站页面发出的，已拒绝。请从本站页面重试。"))


def page(handler: PageHandler) -> PageHandler:
    """`handler` as it is registered: forms only from our own pages, faults as pages for people."""

    async def handle(request: web.Request) -> web.StreamResponse:
        try:
            if request.method not in {"GET", "HEAD"}:
                check_origin(request)
            return await handler(request)
        except Problem as problem:
            return await _problem(request, problem.status, problem.detail)
        except web.HTTPException:
            raise
        except Exception as error:  # noqa: BLE001 -- a reader gets a page whatever it was
            return await _broken(request, error)

    return handle


async def _broken(request: web.Request, error: Exception) -> web.Response:
    _ = translate_page(request, request.get(VIEWER))
    if is_outage(error):
        log.warning("database_unavailable", error=type(error).__name__)
        return await _problem(request, 503, _("数据库暂时无法访问，请稍后刷新。"))
    # Where, not what: the text of a database error may quote what it was given.
    log.error("page_failed", error=place(error))
    return await _problem(request, 500, _("服务内部出错，已记入日志。请稍后再试。"))


async def _problem(request: web.Request, status: int, detail: str) -> web.Response:
    viewer = request.get(VIEWER)
    title = title_of(status, translate_page(request, viewer))
    return await render(
        request, "problem.j2", viewer=viewer, status=status, problem=title, detail=detail
    )
