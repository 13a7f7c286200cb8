"""A notice as it is typed on a page: plain text with a few tags, as safe Telegram HTML and back; where in it a number stands. Pure.

The tags are those of `notice_text`. One that is not closed, or crosses another, is plain text.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import unescape

from notifications.notice_check import Finding
from notifications.notice_text import Entity, addresses, length, plain, to_html

#: Tags that may be typed, and what chat calls them.
_KINDS = {
    "b": "bold",
    "i": "italic",
    "u": "underline",
    "s": "strikethrough",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "a": "text_link",
}

#: In these nothing is formatted: what stands there is shown as it is.
_VERBATIM = frozenset({"code", "pre"})

_TAG = re.compile(
    r'<(?P<open>b|i|u|s|code|pre|blockquote|a(?= href="))(?: href="(?P<url>[^"<>\n]*)")?>'
    r"|</(?P<close>b|i|u|s|code|pre|blockquote|a)>"
)
_SIGN = re.compile(r"&(?:lt|gt|amp);")
_STORED = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed, as it is stored (`html`), and where each character of what is checked was typed.

    `places` belong to the plain text, then line by line to the addresses of links, as `notices.check`
    looks at them; `None` stands for what nobody typed.
    """

    html: str
    places: tuple[int | None, ...]

    def place(self, found: Finding) -> tuple[int, int]:
        """From where to where (characters of what was typed) a number stands."""
        typed = [at for at in self.places[found.start : found.end] if at is not None]
        return (typed[0], typed[-1] + 1) if typed else (0, 0)


@dataclass(frozen=True, slots=True)
class _Pair:
    opening: re.Match[str]
    closing: re.Match[str]


def read(typed: str) -> Typed:
    """The text of a page's field, its line breaks as Unix writes them."""
    tags, entities, signs, at = _pairs(typed), [], [], []
    begun: dict[int, tuple[re.Match[str], int]] = {}
    place = units = 0
    while place < len(typed):
        match, tag = tags.get(place, (None, None))
        if match is not None and tag is not None:
            if match is tag.opening:
                begun[place] = match, units
            else:
                opening, start = begun[tag.opening.start()]
                kind = _KINDS[opening["open"]]
                url = unescape(opening["url"]) if opening["url"] is not None else None
                entities.append(Entity(kind, start, units - start, url))
            place = match.end()
            continue
        sign = _SIGN.match(typed, place)
        said = unescape(sign[0]) if sign is not None else typed[place]
        signs.append(said)
        at.append(place)
        units += length(said)
        place = sign.end() if sign is not None else place + 1
    text = "".join(signs)
    # Outer formatting first: of two that begin and end alike the one typed first holds the other.
    html = to_html(text, sorted(entities, key=lambda one: (one.offset, -one.length)))
    return Typed(html, _places(text, at, html, [tag for _, tag in tags.values()]))


def typed(html: str) -> str:
    """A stored text as it is typed: `read` makes the same of it."""
    parts, at = [], 0
    for tag in _STORED.finditer(html):
        parts += [_said(html[at : tag.start()]), tag[0]]
        at = tag.end()
    return "".join([*parts, _said(html[at:])])


def _said(stored: str) -> str:
    """Text between tags; only what would be taken for a tag or a sign stays written otherwise."""
    said = _SIGN.sub(lambda sign: f"&amp;{sign[0][1:]}", unescape(stored))
    return _TAG.sub(lambda tag: f"&lt;{tag[0][1:]}", said)


def _pairs(typed: str) -> dict[int, tuple[re.Match[str], _Pair]]:
    """By where each begins: the tags that nest as they should."""
    pairs: dict[int, tuple[re.Match[str], _Pair]] = {}
    under: list[re.Match[str]] = []
    for match in _TAG.finditer(typed):
        names = [one["open"] for one in under]
        if name := match["open"]:
            if name not in names and not _VERBATIM.intersection(names):
                under.append(match)
        elif match["close"] in names:
            # What was opened since and not closed is plain text.
            del under[names.index(match["close"]) + 1 :]
            pair = _Pair(under.pop(), match)
            pairs[pair.opening.start()] = pair.opening, pair
            pairs[match.start()] = match, pair
    return pairs


def _places(
    text: str, at: Sequence[int], html: str, pairs: Sequence[_Pair]
) -> tuple[int | None, ...]:
    first = len(text) - len(text.lstrip())
    places: list[int | None] = list(at[first : first + len(plain(html))])
    links = {
        unescape(pair.opening["url"]): pair.opening
        for pair in reversed(pairs)
        if pair.opening["url"] is not None
    }
    for address in addresses(html):
        begins = links[address].start("url")
        # A sign written otherwise in an address moves what follows it: to the tag at least it leads.
        places += [None, *range(begins, begins + len(address))]
    return tuple(places)
