"""In which language a request is answered: its Accept-Language, else the installation's."""

from aiohttp import web

from bot.web.parts import parts_of
from directory.texts import CHINESE, ENGLISH, Translate

_BY_TAG = {"zh": CHINESE, "en": ENGLISH}

#: A header naming more languages than this was not written by a browser.
_MOST = 20


def preferred(header: str, default: str) -> str:
    """The locale that an Accept-Language header prefers among ours; `default` when it names neither.

    Unreadable weights count as nothing wished for.
    """
    best, weight = default, 0.0
    for part in header.split(",")[:_MOST]:
        tag, _semicolon, parameter = part.partition(";")
        locale = _BY_TAG.get(tag.strip().lower().split("-")[0])
        if locale is not None and (wish := _weight(parameter)) > weight:
            best, weight = locale, wish
    return best


def _weight(parameter: str) -> float:
    name, _equals, value = parameter.strip().partition("=")
    if not name:
        return 1.0
    try:
        wish = float(value)
    except ValueError:
        return 0.0
    return wish if name.strip() == "q" and 0 <= wish <= 1 else 0.0


def locale_of(request: web.Request) -> str:
    """The locale in which `request` is answered."""
    return preferred(request.headers.get("Accept-Language", ""), parts_of(request).settings.locale)


def translate_for(request: web.Request) -> Translate:
    """Gives texts in the language of `request`; call it `_`."""
    return parts_of(request).texts.for_locale(locale_of(request))
