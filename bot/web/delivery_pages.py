"""`/deliveries`: what became of each page in the viewer's scope, failures first, and whom chat cannot reach."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from aiohttp import web

from bot.web.page_frame import render, translate_page
from bot.web.parts import parts_of
from bot.web.sign_in import viewer_of
from directory import courts
from notifications import deliveries

#: So many pages and people are shown; a province with more is told so.
MOST_PAGES = 300
MOST_PEOPLE = 300


async def show(request: web.Request) -> web.Response:
    """`GET /deliveries?day=2026-11-24`: one day, by default today."""
    viewer = await viewer_of(request)
    parts = parts_of(request)
    now, zone = parts.clock.now(), ZoneInfo(parts.desk.timezone)
    _ = translate_page(request, viewer)
    today = now.astimezone(zone).date()
    day = _day(request.query.get("day", "")) or today
    since = datetime.combine(day, time(), zone)
    within = frozenset({viewer.scope_court}) if viewer.scope_court is not None else None
    async with parts.database.reading() as session:
        pages = await deliveries.deliveries(
            session,
            courts=within,
            province=viewer.scope_province,
            since=since,
            until=since + timedelta(days=1),
            limit=MOST_PAGES + 1,
        )
        people = await deliveries.unreached(
            session,
            courts=within,
            province=viewer.scope_province,
            today=today,
            limit=MOST_PEOPLE + 1,
        )
        zones = {
            code: courts.zone_of(court, parts.desk.timezone)
            for code, court in (
                await courts.many(session, {page.court_code for page in pages})
            ).items()
        }

    def at(page: deliveries.Delivery) -> str:
        return f"{page.at.astimezone(zones[page.court_code]):%H:%M:%S}"

    failed = [page for page in pages[:MOST_PAGES] if page.outcome == "failed"]
    return await render(
        request,
        "deliveries.j2",
        viewer=viewer,
        day=day,
        before=day - timedelta(days=1),
        after=day + timedelta(days=1) if day < today else None,
        failed=failed,
        others=[page for page in pages[:MOST_PAGES] if page.outcome != "failed"],
        more=len(pages) > MOST_PAGES,
        people=people[:MOST_PEOPLE],
        more_people=len(people) > MOST_PEOPLE,
        at=at,
        on_day=lambda instant: f"{instant.astimezone(zone):%Y-%m-%d}",
        outcome=lambda page: deliveries.outcome_words(page, _),
    )


def _day(words: str) -> date | None:
    """A day that somebody may have written into the address; None for anything else."""
    try:
        day = date.fromisoformat(words)
    except ValueError:
        return None
    return day if date(2000, 1, 1) <= day < date(9000, 1, 1) else None
