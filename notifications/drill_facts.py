"""What came of a drill, court by court, read from the tables. The words are in `drill_report`."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import fmean
from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from directory import duty
from directory.models import Court, Officer
from directory.roster import Duty
from notifications.desk import DeskRules
from notifications.escalation import LINE
from notifications.models import Drill, DrillFiling, Filing, OutgoingMessage

#: `silent`: called and not answered; `failed`: no call arrived; `nobody`: nobody could be called;
#: `held`: the court was not open to be called; `not_sent`: the drill ended before its turn.
State = Literal["answered", "silent", "failed", "nobody", "held", "not_sent"]


@dataclass(frozen=True, slots=True)
class Unreached:
    """Somebody (or, without a name, the group) who could not be reached, and why."""

    name: str
    post: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class CourtResult:
    """One court in a drill. Seconds are whole, wall and working; None when it did not answer."""

    code: str
    name: str
    province: str
    city: str | None
    state: State
    sent_at: datetime | None = None
    answered_at: datetime | None = None
    wall_seconds: int | None = None
    working_seconds: int | None = None
    in_time: bool | None = None
    by: str = ""
    by_post: str | None = None
    unreached: tuple[Unreached, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """A drill's result: those who did not answer first, then by code."""

    drill_id: int
    name: str
    starts_at: datetime
    cancelled: bool
    quiet: bool
    courts: tuple[CourtResult, ...]

    @property
    def answered(self) -> tuple[CourtResult, ...]:
        """The courts that answered."""
        return tuple(court for court in self.courts if court.state == "answered")

    @property
    def missing(self) -> tuple[CourtResult, ...]:
        """The courts that did not."""
        return tuple(court for court in self.courts if court.state != "answered")

    @property
    def in_time(self) -> int:
        """How many answered within their target."""
        return sum(bool(court.in_time) for court in self.courts)

    @property
    def mean_seconds(self) -> int | None:
        """The mean of the answers on the wall clock; None when nobody answered."""
        seconds = [c.wall_seconds for c in self.courts if c.wall_seconds is not None]
        return round(fmean(seconds)) if seconds else None


async def load(
    session: AsyncSession, drill: Drill, province: str | None, desk: DeskRules, *, now: datetime
) -> Outcome:
    """The result of a drill as it stands; `province` narrows it to that province's courts."""
    statement = (
        select(DrillFiling, Court, Filing)
        .join(Court, Court.code == DrillFiling.court_code)
        .join(Filing, Filing.id == DrillFiling.filing_id, isouter=True)
        .where(DrillFiling.drill_id == drill.id)
        .order_by(DrillFiling.court_code)
    )
    if province is not None:
        statement = statement.where(Court.province == province)
    rows = [(court, filing) for _, court, filing in await session.execute(statement)]
    silent = [filing.id for _, filing in rows if filing is not None and not _answered(filing)]
    pages = await _pages(session, silent)
    quiet = [court for court, filing in rows if filing is not None and not _answered(filing)]
    duties = await duty.on_duty(session, quiet, now=now, default_timezone=desk.timezone)
    found = [
        _result(court, filing, pages.get(filing.id, ()) if filing else (), duties.get(court.code))
        for court, filing in rows
    ]
    return Outcome(
        drill_id=drill.id,
        name=drill.audience["name"],
        starts_at=drill.starts_at,
        cancelled=drill.cancelled_at is not None,
        quiet=drill.quiet,
        courts=tuple(sorted(found, key=lambda court: court.state == "answered")),
    )


def _answered(filing: Filing) -> bool:
    return filing.acknowledged_at is not None


@dataclass(frozen=True, slots=True)
class _Page:
    delivered: bool
    to: Unreached


async def _pages(session: AsyncSession, filing_ids: Collection[int]) -> dict[int, Sequence[_Page]]:
    """The pages of filings that nobody answered, by filing."""
    row = OutgoingMessage
    found = await session.execute(
        select(row.filing_id, row.payload, row.shown, row.outcome_detail, Officer.name)
        .join(Officer, Officer.id == row.officer_id, isouter=True)
        .where(row.filing_id.in_(filing_ids), row.kind == "card", row.step.is_not(None))
        .order_by(row.id)
    )
    pages: dict[int, list[_Page]] = {}
    for filing_id, payload, shown, detail, name in found:
        pages.setdefault(filing_id, []).append(_page(payload, shown, detail, name))
    return dict(pages.items())


def _page(
    payload: dict[str, Any], shown: int | None, detail: str | None, name: str | None
) -> _Page:
    reason = (detail or "").partition(":")[0] or "undelivered"
    to = Unreached(name or "", payload.get("post"), reason)
    return _Page(shown is not None, to)


def _result(
    court: Court, filing: Filing | None, pages: Sequence[_Page], today: Duty | None
) -> CourtResult:
    place = (court.code, court.name, court.province, court.city)
    if filing is None:
        return CourtResult(*place, "not_sent")
    if _answered(filing):
        by = filing.acknowledged_by or {}
        return CourtResult(
            *place,
            "answered",
            filing.received_at,
            filing.acknowledged_at,
            filing.answer_wall_seconds,
            filing.answer_working_seconds,
            filing.answered_in_time,
            str(by.get("name") or ""),
            by.get("post"),
        )
    missed = [page.to for page in pages if not page.delivered]
    known = [one for one in _unreachable(today) if one.name not in {to.name for to in missed}]
    state: State = "held" if _somebody(court, today) else "nobody"
    if pages:
        state = "silent" if len(missed) < len(pages) else "failed"
    unreached = tuple(dict.fromkeys([*missed, *known]))
    return CourtResult(*place, state, filing.received_at, unreached=unreached)


def _somebody(court: Court, today: Duty | None) -> bool:
    """Whether a page could have reached anybody: then it waits for the opening."""
    group = court.group_chat_id is not None and court.group_unreachable_at is None
    return group or any(today.reachable(post) for post in LINE if today is not None)


def _unreachable(today: Duty | None) -> tuple[Unreached, ...]:
    if today is None:
        return ()
    return tuple(
        dict.fromkeys(
            Unreached(person.name, person.post, person.unreachable)
            for post in LINE[:3]
            for person in today.of(post)
            if person.unreachable is not None
        )
    )
