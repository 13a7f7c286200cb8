"""What a played season came to, read from the tables, and the proof that no filing in it was forgotten."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from directory.calendars import shipped_years
from directory.database import Database
from directory.models import Court
from notifications.models import Filing, FilingEvent, OutgoingMessage
from notifications.season import HOME

#: The Supreme People's Court's indicator, in seconds.
HALF_AN_HOUR = 1800

#: States in which nothing more has to be done.
ENDED = frozenset({"completed", "withdrawn"})

#: The hours of every court that ships with the product, written once more for the recount.
_HOURS = ((time(8, 30), time(11, 30)), (time(13, 30), time(17, 0)))
_ZONE = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class SeasonFigures:
    """The figures of a season, or of a part of it: parts add up.

    Attributes:
        filings: how many came in, `across` of them between provinces, `withdrawn` taken back.
        seconds: each answer in working seconds of the jurisdiction court; `seconds_home` those by
            courts of Liaoning.
        steps: how often each step of the ladder was taken, by its key ("answer:2:B").
        reached: how many filings climbed to each post before they were answered.
        pages: direct pages by officer id.
    """

    filings: int
    across: int
    withdrawn: int
    seconds: tuple[int, ...]
    seconds_home: tuple[int, ...]
    steps: Counter[str]
    reached: Counter[str]
    pages: Counter[int]

    def __add__(self, other: SeasonFigures) -> SeasonFigures:
        """Both together."""
        return SeasonFigures(
            self.filings + other.filings,
            self.across + other.across,
            self.withdrawn + other.withdrawn,
            self.seconds + other.seconds,
            self.seconds_home + other.seconds_home,
            self.steps + other.steps,
            self.reached + other.reached,
            self.pages + other.pages,
        )

    @property
    def share(self) -> float:
        """The share answered within 30 working minutes, of those answered."""
        in_time = sum(seconds <= HALF_AN_HOUR for seconds in self.seconds)
        return in_time / len(self.seconds) if self.seconds else 0.0

    @property
    def mean_answer(self) -> float:
        """The mean answer in working seconds."""
        return statistics.fmean(self.seconds or [0])


def plain_working_seconds(start: datetime, end: datetime) -> int:
    """Working seconds counted as on paper, day by day: nothing shared with `directory.worktime`."""
    first, last = (instant.replace(microsecond=0).astimezone(_ZONE) for instant in (start, end))
    seconds, day = 0, first.date()
    while day <= last.date():
        for opens, closes in _HOURS if _works(day) else ():
            since = max(first, datetime.combine(day, opens, _ZONE))
            until = min(last, datetime.combine(day, closes, _ZONE))
            seconds += max(0, int((until - since).total_seconds()))
        day += timedelta(days=1)
    return seconds


def _works(day: date) -> bool:
    year = shipped_years()[day.year]
    if day.weekday() >= 5:
        return day in dict(year.work)
    return day not in dict(year.off)


async def figures(database: Database) -> SeasonFigures:
    """Count a season that was played on `database`."""
    async with database.reading() as session:
        filings = (await session.scalars(select(Filing).order_by(Filing.id))).all()
        known = await session.execute(select(Court.code, Court.province))
        provinces = {row.code: row.province for row in known}
        direct = OutgoingMessage.officer_id.is_not(None) & OutgoingMessage.step.is_not(None)
        paged = await session.execute(
            select(OutgoingMessage.officer_id, func.count()).where(direct).group_by("officer_id")
        )
        pages = Counter({officer: count for officer, count in paged if officer is not None})
    seconds = [
        (filing.answer_working_seconds, provinces[filing.jurisdiction_court] == HOME)
        for filing in filings
        if filing.answer_working_seconds is not None
    ]
    steps = Counter(key for filing in filings for key in filing.steps_taken)
    return SeasonFigures(
        filings=len(filings),
        across=sum(
            provinces[filing.jurisdiction_court] != provinces[filing.collaborating_court]
            for filing in filings
        ),
        withdrawn=sum(filing.state == "withdrawn" for filing in filings),
        seconds=tuple(second for second, _ in seconds),
        seconds_home=tuple(second for second, at_home in seconds if at_home),
        steps=steps,
        reached=Counter(
            target
            for filing in filings
            for target in {
                key.split(":")[2]
                for key in filing.steps_taken
                if key.startswith("answer:") and key.split(":")[2] in ("B", "leader", "coordinator")
            }
        ),
        pages=pages,
    )


async def forgotten(database: Database) -> list[str]:
    """Every way in which a filing was forgotten or miscounted, in words; empty when none was.

    A filing must have ended, or have a next step, or wait for its supplement; every page must have
    been delivered; every figure must agree with a recount on paper; nothing may have happened twice.
    """
    async with database.reading() as session:
        filings = (await session.scalars(select(Filing).order_by(Filing.id))).all()
        events = (await session.execute(select(FilingEvent.filing_id, FilingEvent.kind))).all()
        left = await session.execute(
            select(OutgoingMessage.id, OutgoingMessage.filing_id, OutgoingMessage.outcome).where(
                OutgoingMessage.not_before.is_not(None)
                | OutgoingMessage.outcome.is_(None)
                | (OutgoingMessage.step.is_not(None) & (OutgoingMessage.outcome != "sent"))
            )
        )
        wrong = [
            f"message {number} of filing {filing_id}: {outcome or 'not sent'}"
            for number, filing_id, outcome in left
        ]
    kinds: dict[int, Counter[str]] = {}
    for filing_id, kind in events:
        kinds.setdefault(filing_id, Counter())[kind] += 1
    for filing in filings:
        wrong += [
            f"{filing.reference}: {fault}"
            for fault in _faults(filing, kinds.get(filing.id, Counter()))
        ]
    return wrong


def _faults(filing: Filing, happened: Counter[str]) -> list[str]:
    """What is wrong with one filing."""
    wrong = []
    if filing.state not in ENDED | {"correcting"} and filing.next_step_at is None:
        wrong.append(f"{filing.state} without a next step")
    if happened["received"] != 1:
        wrong.append(f"received {happened['received']} times")
    if not happened["paged"]:
        wrong.append("nobody was paged")
    answers = happened["acknowledged"] - (filing.acknowledged_at is not None)
    if not 0 <= answers <= happened["undone"]:
        wrong.append(f"acknowledged {happened['acknowledged']} times")
    if len(filing.steps_taken) != len(set(filing.steps_taken)):
        wrong.append("a step was taken twice")
    for name, start, end in (
        ("answer", filing.received_at, filing.acknowledged_at),
        ("result", filing.result_clock_from, filing.result_at),
    ):
        stored = getattr(filing, f"{name}_wall_seconds"), getattr(filing, f"{name}_working_seconds")
        wrong += _recount(name, stored, start, end)
    return wrong


def _recount(
    name: str, stored: tuple[Any, Any], start: datetime | None, end: datetime | None
) -> list[str]:
    if start is None or end is None:
        return [] if stored == (None, None) else [f"{name}: {stored}, but it never came"]
    wall = int((end - start).total_seconds())
    plain = (wall, plain_working_seconds(start, end))
    if stored == plain and min(plain) >= 0:
        return []
    return [f"{name}: {stored} seconds, on paper {plain}"]


def lines(found: SeasonFigures) -> Sequence[tuple[str, str]]:
    """The figures as (name, value), for a table."""
    per_officer = sorted(found.pages.values())
    climbed = ", ".join(f"{post} {found.reached[post]}" for post in ("B", "leader", "coordinator"))
    keys = sorted(key for key in found.steps if not key.startswith("snooze"))
    return (
        ("filings", f"{found.filings:,} ({found.across} between provinces, {found.withdrawn} withdrawn)"),
        ("answered in 30 working minutes", f"{found.share:.1%} of {len(found.seconds):,}"),
        ("mean answer", f"{found.mean_answer / 60:.1f} min (Liaoning's courts {statistics.fmean(found.seconds_home or [0]) / 60:.1f})"),
        ("median answer", f"{statistics.median(found.seconds or [0]) / 60:.1f} min"),
        ("climbed to", climbed),
        ("direct pages", f"{sum(per_officer):,} to {len(per_officer)} officers"),
        ("pages per officer", f"mean {statistics.fmean(per_officer or [0]):.1f}, most {max(per_officer, default=0)}"),
        ("steps taken", ", ".join(f"{key} {found.steps[key]}" for key in keys)),
    )  # fmt: skip
