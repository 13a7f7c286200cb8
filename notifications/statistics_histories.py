"""Filings beside their own histories: whether the columns that statistics count say what the events say."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from directory.worktime import whole_second
from notifications.answer_corrections import CORRECTED
from notifications.event_course import KINDS, replay
from notifications.events import Happened
from notifications.models import Filing, FilingEvent


async def contradictory(session: AsyncSession, ids: Sequence[int]) -> list[int]:
    """Those filings that do not stand as their events say, by number.

    Working seconds are not compared: they were counted with the calendar of their day, which may have changed.
    """
    histories: dict[int, list[Happened]] = defaultdict(list)
    events = await session.execute(
        select(
            FilingEvent.filing_id,
            FilingEvent.at,
            FilingEvent.kind,
            FilingEvent.who,
            FilingEvent.detail,
        )
        .where(FilingEvent.filing_id.in_(ids), FilingEvent.kind.in_({*KINDS, CORRECTED}))
        .order_by(FilingEvent.filing_id, FilingEvent.at, FilingEvent.id)
    )
    decided: dict[int, str] = {}
    for number, at, kind, who, detail in events:
        histories[number].append(Happened(at, kind, who, ""))
        if kind == CORRECTED:
            decided[number] = detail
    rows = await session.execute(
        select(
            Filing.id,
            Filing.state,
            Filing.received_at,
            Filing.answer_wall_seconds,
            Filing.result_wall_seconds,
            Filing.answer_counts_as,
        ).where(Filing.id.in_(ids))
    )
    wrong = []
    for number, standing, received_at, answer, result, counts_as in rows:
        course = replay(histories[number])
        told = (
            course.state,
            _seconds(received_at, course.acknowledged_at),
            _seconds(course.result_from, course.result_at),
            decided.get(number),
        )
        if told != (standing, answer, result, counts_as):
            wrong.append(number)
    return wrong


def _seconds(start: datetime | None, end: datetime | None) -> int | None:
    """Whole seconds on the wall from one instant to another."""
    if start is None or end is None:
        return None
    return max(0, (whole_second(end) - whole_second(start)) // timedelta(seconds=1))


async def references(session: AsyncSession, ids: Iterable[int]) -> Mapping[int, str]:
    """The references of filings by their numbers."""
    rows = await session.execute(select(Filing.id, Filing.reference).where(Filing.id.in_(ids)))
    return {number: reference for number, reference in rows}  # noqa: C416 -- rows are no pairs to mypy
