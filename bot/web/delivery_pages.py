"""`/deliveries`: what became of each page in the viewer's scope, failures first, and whom chat cannot reach."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from bot.web.page_frame import day_asked, render, translate_page, words_asked
from bot.web.parts import parts_of
from bot.web.sign_in import viewer_of
from bot.web_sessions import Viewer
from directory import courts, search
from directory.models import Court
from directory.search import Searcher
from notifications import deliveries
from notifications.deliveries import Delivery

#: So many pages and people are shown; a province with more is told so.
MOST_PAGES = 300
MOST_PEOPLE = 300


async def show(request: web.Request) -> web.Response:
    """`GET /deliveries?day=2026-11-24&court=&officer=`: one day, by default today."""
    viewer = await viewer_of(request)
    parts = parts_of(request)
    zone = ZoneInfo(parts.desk.timezone)
    _ = translate_page(request, viewer)
    today = parts.clock.now().astimezone(zone).date()
    day = day_asked(request, _) or today
    words = {name: words_asked(request, name) for name in ("court", "officer")}
    async with parts.database.reading() as session:
        within, choices = await _courts(session, parts.searcher, viewer, words["court"])
        pages = await _pages(session, viewer, within, words["officer"], day, zone)
        people = await deliveries.unreached(
            session,
            courts=within,
            province=viewer.scope_province,
            today=today,
            limit=MOST_PEOPLE + 1,
            officer=words["officer"] or None,
        )
        found = await courts.many(session, {page.court_code for page in pages})
    zones = {code: courts.zone_of(court, parts.desk.timezone) for code, court in found.items()}
    return await render(
        request,
        "deliveries.j2",
        viewer=viewer,
        words_asked=words,
        choices=choices,
        nowhere=bool(words["court"]) and not choices and within == frozenset(),
        day=day,
        link=lambda **changes: str(request.rel_url.update_query(changes)),
        before=day - timedelta(days=1),
        after=day + timedelta(days=1) if day < today else None,
        failed=[page for page in pages[:MOST_PAGES] if page.outcome == "failed"],
        others=[page for page in pages[:MOST_PAGES] if page.outcome != "failed"],
        more=len(pages) > MOST_PAGES,
        people=people[:MOST_PEOPLE],
        more_people=len(people) > MOST_PEOPLE,
        at=lambda page: f"{page.at.astimezone(zones[page.court_code]):%H:%M:%S}",
        on_day=lambda instant: f"{instant.astimezone(zone):%Y-%m-%d}",
        outcome=lambda page: deliveries.outcome_words(page, _),
    )


async def _courts(
    session: AsyncSession, searcher: Searcher, viewer: Viewer, words: str
) -> tuple[frozenset[str] | None, tuple[Court, ...]]:
    """The courts asked for within the viewer's scope (None: all of it), or those the words could mean."""
    own = frozenset({viewer.scope_court}) if viewer.scope_court is not None else None
    if not words:
        return own, ()
    found = await search.resolve(session, words, province=viewer.scope_province, searcher=searcher)
    if found.court is None:
        return frozenset(), found.choices[:20]
    asked = frozenset({found.court.code})
    return (asked if own is None else own & asked), ()


async def _pages(
    session: AsyncSession,
    viewer: Viewer,
    within: frozenset[str] | None,
    officer: str,
    day: date,
    zone: ZoneInfo,
) -> list[Delivery]:
    since = datetime.combine(day, time(), zone)
    return await deliveries.deliveries(
        session,
        courts=within,
        province=viewer.scope_province,
        officer=officer or None,
        since=since,
        until=since + timedelta(days=1),
        limit=MOST_PAGES + 1,
    )
