"""Filings of the past as `ladder_simulation` replays them: read from the tables, or from a made-up season."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from directory import courts as directory_courts
from directory import worktime
from directory.worktime import WorkCalendar
from notifications.ladder_simulation import PastAnswer, PastFiling, Stretch
from notifications.models import Filing, FilingEvent, OutgoingMessage
from notifications.season import Season, SeasonFiling

#: Events that begin and end a run of the result clock.
_BEGINS = frozenset({"acknowledged", "supplemented"})
_ENDS = frozenset({"result", "correction", "returned"})

#: How many filings are read at a time.
_BATCH = 500


async def stored(
    session: AsyncSession,
    timezone: str,
    since: datetime | None = None,
    until: datetime | None = None,
) -> list[PastFiling]:
    """The stored filings by the time of their arrival, drills left out.

    `since` is inclusive, `until` exclusive; `timezone` that of courts that name none. Filings that
    are still waiting are left out: nobody knows yet how long they will take.
    """
    asked = select(Filing).where(Filing.drill.is_(False), Filing.state != "waiting")
    if since is not None:
        asked = asked.where(Filing.received_at >= since)
    if until is not None:
        asked = asked.where(Filing.received_at < until)
    filings = (await session.scalars(asked.order_by(Filing.received_at, Filing.id))).all()
    codes = {filing.jurisdiction_court for filing in filings}
    found = await directory_courts.many(session, codes)
    calendars = {
        code: directory_courts.calendar_of(court, timezone) for code, court in found.items()
    }
    past: list[PastFiling] = []
    for first in range(0, len(filings), _BATCH):
        batch = filings[first : first + _BATCH]
        ids = [filing.id for filing in batch]
        pages, happened = await _pages(session, ids), await _happened(session, ids)
        past += [
            _past(filing, calendars[filing.jurisdiction_court], pages, happened.get(filing.id, ()))
            for filing in batch
        ]
    return past


async def _pages(session: AsyncSession, ids: Sequence[int]) -> dict[tuple[int, int], datetime]:
    """When each officer's first direct page about each filing was sent, by (filing, officer)."""
    rows = await session.execute(
        select(
            OutgoingMessage.filing_id, OutgoingMessage.officer_id, func.min(OutgoingMessage.sent_at)
        )
        .where(
            OutgoingMessage.filing_id.in_(ids),
            OutgoingMessage.officer_id.is_not(None),
            OutgoingMessage.step.is_not(None),
            OutgoingMessage.sent_at.is_not(None),
        )
        .group_by(OutgoingMessage.filing_id, OutgoingMessage.officer_id)
    )
    return {
        (filing_id, officer_id): sent_at
        for filing_id, officer_id, sent_at in rows
        if filing_id is not None and officer_id is not None and sent_at is not None
    }


async def _happened(
    session: AsyncSession, ids: Sequence[int]
) -> dict[int, list[tuple[str, datetime]]]:
    rows = await session.execute(
        select(FilingEvent.filing_id, FilingEvent.kind, FilingEvent.at)
        .where(
            FilingEvent.filing_id.in_(ids), FilingEvent.kind.in_(_BEGINS | _ENDS | {"withdrawn"})
        )
        .order_by(FilingEvent.at, FilingEvent.id)
    )
    happened: dict[int, list[tuple[str, datetime]]] = {}
    for filing_id, kind, at in rows:
        happened.setdefault(filing_id, []).append((kind, at))
    return happened


def _past(
    filing: Filing,
    calendar: WorkCalendar,
    pages: Mapping[tuple[int, int], datetime],
    happened: Iterable[tuple[str, datetime]],
) -> PastFiling:
    happened = list(happened)
    withdrawn = next((at for kind, at in happened if kind == "withdrawn"), None)
    return PastFiling(
        filing.collaborating_court,
        filing.jurisdiction_court,
        filing.received_at,
        _answer(filing, calendar, pages),
        withdrawn,
        _stretches(calendar, filing.acknowledged_at, happened),
    )


def _answer(
    filing: Filing, calendar: WorkCalendar, pages: Mapping[tuple[int, int], datetime]
) -> PastAnswer | None:
    at, by = filing.acknowledged_at, filing.acknowledged_by or {}
    if at is None:
        return None
    officer_id = by.get("officer_id")
    page = pages.get((filing.id, officer_id)) if officer_id is not None else None
    if page is not None and page > at:
        page = None
    start = page or filing.received_at
    working = worktime.working_seconds(calendar, start, at)
    # Who answered while the court was closed would do so again: by the clock on the wall.
    wall = int((at - start) / timedelta(seconds=1))
    seconds = working or wall
    return PastAnswer(
        by.get("post") or "A", officer_id, max(0, seconds), working > 0, page is not None
    )


def _stretches(
    calendar: WorkCalendar,
    acknowledged_at: datetime | None,
    happened: Sequence[tuple[str, datetime]],
) -> tuple[Stretch, ...]:
    """Each run of the result clock; what was taken back and done again counts as it ended."""
    if acknowledged_at is None:
        return ()
    stretches: list[Stretch] = []
    ended, begins = acknowledged_at, acknowledged_at
    running = True
    for kind, at in happened:
        if kind == "supplemented":
            begins, running = at, True
        elif kind in _ENDS and at >= acknowledged_at:
            gap = worktime.working_seconds(calendar, ended, begins) if running else 0
            seconds = worktime.working_seconds(calendar, begins, at)
            if not running:  # A result given again after it was taken back: the same run went on.
                gap = stretches.pop().gap
            stretches.append(Stretch(gap, seconds))
            ended, running = at, False
    return tuple(stretches)


def of_season(season: Season, calendars: Mapping[str, WorkCalendar]) -> list[PastFiling]:
    """A made-up season as filings of the past; `calendars` by jurisdiction court."""
    return [_made_up(story, calendars[story.jurisdiction]) for story in season.filings]


def _made_up(story: SeasonFiling, calendar: WorkCalendar) -> PastFiling:
    course = story.course
    home = course.from_home
    answer = PastAnswer(course.answer.by, None, course.answer.seconds, not home, not home)
    gone = next((deed for deed in course.early if deed.kind == "withdraw"), None)
    gone_at = worktime.add_working(calendar, story.at, gone.seconds) if gone else None
    stretches: list[Stretch] = []
    gap = passed = 0
    deeds: list[Any] = [deed for deed in course.later if deed.kind != "acknowledge"]
    for deed, after in zip(deeds, [*deeds[1:], None], strict=True):
        if deed.kind == "supplement":
            gap, passed = deed.seconds, 0
            continue
        passed += deed.seconds
        taken_back = after is not None and after.kind == "undo"
        if deed.kind not in ("undo", "withdraw") and not taken_back:
            stretches.append(Stretch(gap, passed))
            gap = passed = 0
    return PastFiling(
        story.collaborating, story.jurisdiction, story.at, answer, gone_at, tuple(stretches)
    )
