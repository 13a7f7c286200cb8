"""`/ics/{secret}.ics`: a calendar of duty for whoever knows the address. What it holds is `directory.feeds`' business."""

from aiohttp import web

from bot.web.page_frame import HEADERS
from bot.web.parts import parts_of
from bot.web.problems import Problem
from directory import feed_calendar, feeds
from directory.models import Officer
from notifications import training_calendar


async def show(request: web.Request) -> web.Response:
    """`GET /ics/{secret}.ics`, without signing in: calendars cannot.

    Raises:
        Problem: 404 for an address that never was or is no longer.
    """
    parts = parts_of(request)
    now = parts.clock.now()
    async with parts.database.reading() as session:
        feed = await feeds.find(session, request.match_info["secret"])
        if feed is None:
            _ = parts.texts.for_locale(parts.desk.locale)
            raise Problem(404, _("没有这个订阅地址，或已停用。"))
        court, days = await feeds.days(session, feed, now=now, default_timezone=parts.desk.timezone)
        meetings = (
            await training_calendar.meetings(session, feed.officer_id, now=now)
            if feed.officer_id is not None
            else []
        )
        officer = (
            await session.get(Officer, feed.officer_id) if feed.officer_id is not None else None
        )
    _ = parts.texts.for_locale((officer.language if officer else None) or parts.desk.locale)
    name = _("值班　{name}", name=officer.name if officer is not None else court.name)
    return web.Response(
        body=feed_calendar.written(name, days, _, now=now, meetings=meetings),
        headers={**HEADERS, "Content-Type": "text/calendar; charset=utf-8"},
    )
