"""`/directory`: courts and people found as somebody types. Cards are `court_page`'s business, the search itself `directory.search`'s.

What is looked for, often a name, comes in the body of a POST and goes into no address, log or history.
"""

from dataclasses import dataclass
from typing import Any

from aiohttp import web

from bot.web import directory_export_page
from bot.web.directory_sight import brake, brake_said, looked_up, province_of, sight_of
from bot.web.page_frame import HEADERS, fill, page_locale, plain_words, render, translate_page
from bot.web.parts import parts_of
from bot.web.sign_in import viewer_of
from bot.web_sessions import Viewer
from directory import access, courts, duty, officers
from directory.access import Subject
from directory.court_codes import normalise
from directory.courts import SHORTEST_PART
from directory.models import Court, Officer
from directory.search import CourtHit, Found, PersonHit
from directory.search_index import SURE

#: So many of each are found at all; a more exact word finds the others.
MOST = 50
#: Of what merely resembles the words so many are shown.
MOST_SIMILAR = 10
#: While somebody still types so few people are named; more only once they have asked (Enter, or the button).
MOST_WHILE_TYPING = 5


@dataclass(frozen=True, slots=True)
class Results:
    """What the page shows of one question."""

    words: str = ""
    courts: tuple[tuple[CourtHit, Court], ...] = ()
    people: tuple[Officer, ...] = ()
    #: So many people were found and are named once they are asked for.
    people_waiting: int = 0
    #: Whether anything was found by more than resemblance.
    sure: bool = True
    #: Why no people are named; "" where they are.
    braked: str = ""

    @property
    def count(self) -> int:
        """How many entries are listed."""
        return len(self.courts) + len(self.people)


async def index(request: web.Request) -> web.Response:
    """`GET /directory`: the field to type into."""
    viewer = await viewer_of(request)
    return await _page(request, viewer, Results())


async def search(request: web.Request) -> web.StreamResponse:
    """`POST /directory`: what was found, as a part of the page for htmx, as a page without script.

    Somebody who asks for one court, and no longer types, is led to its card.
    """
    live = request.headers.get("HX-Request") == "true"
    try:
        viewer = await viewer_of(request)
    except web.HTTPSeeOther:
        if not live:
            raise
        # htmx would put the sign-in page into the list.
        return web.Response(headers={**HEADERS, "HX-Redirect": "/sign-in?next=/directory"})
    fields = await request.post()
    words, typing = plain_words(str(fields.get("q", ""))), fields.get("typing") == "1"
    found = await _find(request, viewer, words)
    if not typing and (code := _meant(found)) is not None:
        target = str(request.rel_url.with_path(f"/directory/{code}").with_query(None))
        if live:
            return web.Response(headers={**HEADERS, "HX-Redirect": target})
        return web.Response(status=303, headers={**HEADERS, "Location": target})
    results = await _results(request, viewer, words, found, typing=typing)
    if not live:
        return await _page(request, viewer, results)
    locale = page_locale(request, viewer)
    text = fill(
        request, "directory_found.j2", locale, live=True, **_shown(request, viewer, results)
    )
    return web.Response(text=text, content_type="text/html", headers=HEADERS)


def _sees_people(viewer: Viewer) -> bool:
    anybody = Subject("", "", 0)
    return access.sees(sight_of(viewer), "name", anybody) != "no"


async def _find(request: web.Request, viewer: Viewer, words: str) -> Found:
    parts = parts_of(request)
    if not normalise(words):
        return Found()
    people = _sees_people(viewer) and len(normalise(words)) >= SHORTEST_PART
    async with parts.database.reading() as session:
        return await parts.searcher.find(
            words, province=province_of(viewer), people=people, limit=MOST, session=session
        )


def _meant(found: Found) -> str | None:
    """The one court that is meant, and nobody's name as well."""
    hit = found.certain
    if hit is None or (found.people and found.people[0].score >= max(hit.score, SURE)):
        return None
    return hit.code


async def _results(
    request: web.Request, viewer: Viewer, words: str, found: Found, *, typing: bool
) -> Results:
    """What is shown of what was found; people are counted before they are named."""
    sure = any(hits and hits[0].score >= SURE for hits in (found.courts, found.people))
    wanted = [hit for hit in found.courts if hit.score >= SURE]
    wanted = wanted if sure else list(found.courts[:MOST_SIMILAR])
    named = [hit for hit in found.people if hit.score >= SURE] or found.people[:MOST_SIMILAR]
    waiting, braked = 0, ""
    counted = looked_up(request, viewer, map(_subject, named))
    if typing and len(counted) > MOST_WHILE_TYPING:
        waiting, named, counted = max(len(named), found.people_in_all), [], set()
    limit = await brake(request, viewer, counted)
    if limit is not None:
        named, braked = [], brake_said(request, viewer, limit)
    async with parts_of(request).database.reading() as session:
        by_code = await courts.many(session, [hit.code for hit in wanted])
        by_id = await officers.these(session, [hit.officer_id for hit in named])
    return Results(
        words=words,
        courts=tuple((hit, by_code[hit.code]) for hit in wanted if hit.code in by_code),
        people=tuple(by_id[hit.officer_id] for hit in named if hit.officer_id in by_id),
        people_waiting=waiting,
        sure=sure,
        braked=braked,
    )


def _subject(hit: PersonHit) -> Subject:
    return Subject(hit.court_code, hit.province, hit.officer_id)


def _shown(request: web.Request, viewer: Viewer, results: Results) -> dict[str, Any]:
    parts = parts_of(request)
    now, zone = parts.clock.now(), parts.desk.timezone

    def posts(officer: Officer) -> list[str]:
        held = officers.posts_on(officer, duty.local_day(officer.court, now, zone))
        return [post for post in officers.POSTS_BY_RANK if post in held]

    return {
        "results": results,
        "posts": posts,
        "mask": officers.mask_mobile,
        "sees_people": _sees_people(viewer),
    }


async def _page(request: web.Request, viewer: Viewer, results: Results) -> web.Response:
    offer = directory_export_page.offered(viewer, translate_page(request, viewer))
    return await render(
        request,
        "directory.j2",
        viewer=viewer,
        live=False,
        offer=offer,
        typed=directory_export_page.TYPED,
        **_shown(request, viewer, results),
    )
