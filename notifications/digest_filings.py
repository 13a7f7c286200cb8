"""Filings as digests count them: what arrived in some days of a court, and what waits for it. For a batch of courts at once."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any

from sqlalchemy import and_, case, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from notifications.digest_words import OpenFiling
from notifications.messages import local_time
from notifications.models import Filing
from notifications.performance import Tally, contribution
from notifications.statistics_filings import read_row, seen

#: What is open for longer is history that somebody forgot to close.
OLDEST = timedelta(days=90)

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Waiting:
    """An open filing as it is stored."""

    reference: str
    state: str
    jurisdiction: str
    collaborating: str
    answer_due_at: datetime
    result_due_at: datetime | None
    acknowledged_by: Mapping[str, Any] | None
    filed_by: int | None
    drill: bool
    received_at: datetime

    @property
    def whose(self) -> str:
        """The court whose turn it is."""
        return self.collaborating if self.state == "correcting" else self.jurisdiction

    @property
    def due_at(self) -> datetime | None:
        """When it must have gone on; None while a correction is awaited."""
        return {"waiting": self.answer_due_at, "acknowledged": self.result_due_at}.get(self.state)


def span_of(first: date, last: date, zone: tzinfo) -> tuple[datetime, datetime]:
    """From the beginning of the first local day to the end of the last."""
    return datetime.combine(first, time(), zone), datetime.combine(last + _DAY, time(), zone)


class Counted:
    """The tallies of one court over one range; drills apart."""

    __slots__ = ("drills", "handed_in", "received")

    def __init__(self) -> None:
        self.received, self.handed_in, self.drills = Tally(), Tally(), Tally()


async def count(
    session: AsyncSession,
    ranges: Mapping[str, Sequence[tuple[datetime, datetime]]],
    now: datetime,
) -> dict[str, list[Counted]]:
    """Count what arrived at, and was handed in by, each court in each of its ranges: one statement for all."""
    counted = {code: [Counted() for _ in some] for code, some in ranges.items()}
    if not ranges:
        return counted
    every = [one for some in ranges.values() for one in some]
    codes = list(ranges)
    rows = await session.execute(
        seen().where(
            Filing.received_at >= min(since for since, _ in every),
            Filing.received_at < max(until for _, until in every),
            Filing.trainee_id.is_(None),
            or_(Filing.jurisdiction_court.in_(codes), Filing.collaborating_court.in_(codes)),
        )
    )
    for one in map(read_row, rows):
        what = contribution(one.standing, now)
        for role, code in one.courts.items():
            for place, (since, until) in enumerate(ranges.get(code, ())):
                if not since <= one.received_at < until:
                    continue
                into = counted[code][place]
                if role == "jurisdiction":
                    (into.drills if one.drill else into.received).add(what)
                elif not one.drill:
                    into.handed_in.add(what)
    return counted


async def open_of(
    session: AsyncSession, codes: Iterable[str], now: datetime
) -> dict[str, list[Waiting]]:
    """What waits for these courts, the most urgent first: to be answered or decided, or corrected."""
    wanted = list(codes)
    due = case(
        (Filing.state == "waiting", Filing.answer_due_at),
        (Filing.state == "acknowledged", Filing.result_due_at),
    )
    rows = await session.execute(
        select(
            Filing.reference, Filing.state, Filing.jurisdiction_court, Filing.collaborating_court,
            Filing.answer_due_at, Filing.result_due_at, Filing.acknowledged_by,
            Filing.filed_by_officer_id, Filing.drill,
            Filing.received_at,
        )
        .where(
            or_(
                and_(
                    Filing.jurisdiction_court.in_(wanted),
                    Filing.state.in_(("waiting", "acknowledged")),
                ),
                and_(Filing.collaborating_court.in_(wanted), Filing.state == "correcting"),
            ),
            Filing.received_at >= now - OLDEST,
            Filing.trainee_id.is_(None),
        )
        .order_by(due.is_(None), due, Filing.id)
    )  # fmt: skip
    found: defaultdict[str, list[Waiting]] = defaultdict(list)
    for row in rows:
        one = Waiting(*row)
        found[one.whose].append(one)
    return found


def shown(
    some: Iterable[Waiting], zone: tzinfo, now: datetime, closed_at: datetime | None = None
) -> list[OpenFiling]:
    """The filings as digests name them, with their times on this zone's clock.

    What came after `closed_at` and still waits to be answered is fresh.
    """
    phases = {"waiting": "answer", "acknowledged": "result"}
    return [
        OpenFiling(
            one.reference,
            phases.get(one.state, "correction"),
            None if one.due_at is None else local_time(one.due_at, zone, now),
            one.due_at is not None and one.due_at < now,
            fresh=closed_at is not None and one.state == "waiting" and one.received_at >= closed_at,
        )
        for one in some
    ]
