"""The times of answers of a bulletin counted plainly: every filing looked at, no statistics, no index."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from directory import courts
from directory.models import Court
from notifications import answer_clock
from notifications.bulletin_figures import WITHIN_SECONDS, Measures, Took
from notifications.models import Filing, Outage


@dataclass(frozen=True, slots=True)
class Answer:
    """One filing's time to answer on both clocks; of an unanswered one, the time that has passed."""

    wall: int
    working: int
    answered: bool


def measured(answers: Sequence[Answer]) -> Measures:
    return Measures(
        _took([(one.wall, one.answered) for one in answers]),
        _took([(one.working, one.answered) for one in answers]),
        sum(not one.answered for one in answers),
    )


def _took(values: Sequence[tuple[int, bool]]) -> Took:
    if not values:
        return Took()
    seconds = sorted(took for took, _answered in values)
    within = sum(answered and took <= WITHIN_SECONDS for took, answered in values)
    settled = sum(answered or took > WITHIN_SECONDS for took, answered in values)
    count = len(seconds)
    median = (seconds[(count - 1) // 2] + seconds[count // 2]) / 2
    return Took(within, settled, sum(seconds) / count, median, seconds[(9 * count + 9) // 10 - 1])


async def answers(session: Any, desk: Any, now: datetime) -> dict[str, list[Answer]]:
    """By court and by province, all under an empty name."""
    places = {court.code: court for court in await session.scalars(select(Court))}
    outages = {one.id: one for one in await session.scalars(select(Outage))}
    found: dict[str, list[Answer]] = {"": []}
    for filing in await session.scalars(select(Filing)):
        court = places[filing.jurisdiction_court]
        if filing.drill or filing.state == "withdrawn" or filing.answer_counts_as is not None:
            continue
        took = answer_clock.elapsed(
            courts.calendar_of(court, desk.timezone),
            filing.received_at,
            filing.acknowledged_at or now,
        )
        outage = outages.get(filing.outage_id or 0)
        late = took.by(filing.clock) > filing.answer_target_seconds
        if late and outage and outage.began_at < filing.answer_due_at:
            continue
        answer = Answer(took.wall_seconds, took.working_seconds, filing.acknowledged_at is not None)
        for key in (court.code, court.province, ""):
            found.setdefault(key, []).append(answer)
    return found
