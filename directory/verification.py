"""When somebody is asked whether their card is still right, and that it is. Asks nobody itself.

How true that leaves the directory is counted in `directory.freshness`.
"""

from datetime import UTC, datetime, time, timedelta
from hashlib import sha256
from typing import Literal

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from directory import changes
from directory.change_models import Verification
from directory.database import wake
from directory.models import Court, Officer
from directory.worktime import HORIZON_DAYS, NoWorkingDay, Span, WorkCalendar, spans

#: Silence goes a step further after so many working days besides today.
PATIENCE_DAYS = 5

#: How long after the opening the first is asked, and lists of the silent are written.
AFTER_OPENING = timedelta(minutes=30)

#: When somebody whom nobody is to ask (a province asks none, a court never opens) is looked at again.
LOOK_AGAIN = timedelta(days=90)

_DAY = timedelta(days=1)
_PARTS = 1 << 32


def share(officer_id: int) -> float:
    """A person's own place in any period, from 0 to under 1; the same on every machine."""
    digest = sha256(f"verify:{officer_id}".encode()).digest()
    return int.from_bytes(digest[:4], "big") / _PARTS


def next_asking(
    officer_id: int,
    *,
    added_at: datetime,
    verified_at: datetime | None,
    days: int,
    calendar: WorkCalendar,
    now: datetime,
) -> datetime:
    """When the person is next asked; always while the court is open. UTC.

    One period after the last verification. Somebody whom nobody verified is asked not before one period
    after joining, in the course of the next: a province's people, joined in one import, come one after
    the other. What is overdue is spread over a period from now on.

    Args:
        officer_id: the person.
        added_at: when the card was made.
        verified_at: when somebody responsible last said that it is right.
        days: the province's period, at least 1.
        calendar: the court's.
        now: the present; UTC.

    Raises:
        NoWorkingDay: the court never opens again.
    """
    length, mine = days * _DAY, share(officer_id)
    due = verified_at + length if verified_at else added_at + length * (1 + mine)
    if due < now:
        due = now + length * mine
    return _minute_of(officer_id, _working_day(calendar, due, 0)[0])


def next_day(officer_id: int, calendar: WorkCalendar, now: datetime) -> datetime:
    """When the person is asked who could not be asked now: in the court's hours, on a working day after today.

    Raises:
        NoWorkingDay: the court never opens again.
    """
    return _minute_of(officer_id, _working_day(calendar, now, 1)[0])


def _minute_of(officer_id: int, opened: Span) -> datetime:
    lasts = max(opened.end - opened.start - 2 * AFTER_OPENING, timedelta(0))
    # The share's finer part: people of one day do not come in the order of the days.
    minute = timedelta(minutes=int(lasts / timedelta(minutes=1) * (share(officer_id) * 997 % 1)))
    return min(opened.start + AFTER_OPENING + minute, opened.end - timedelta(minutes=1))


def silence_at(calendar: WorkCalendar, asked_at: datetime) -> datetime:
    """When silence goes a step further: all that was asked on one day of one court at the same instant."""
    return _list_of(_working_day(calendar, asked_at, PATIENCE_DAYS)[0])


def list_at(calendar: WorkCalendar, since: datetime) -> datetime:
    """When the next list of a court is written, `since` or later: once on each working day, at its beginning.

    Raises:
        NoWorkingDay: the court never opens again.
    """
    today = _list_of(_working_day(calendar, since, 0)[0])
    return today if today >= since else _list_of(_working_day(calendar, since, 1)[0])


def _list_of(opened: Span) -> datetime:
    return min(opened.start + AFTER_OPENING, opened.end - timedelta(minutes=1))


def _working_day(calendar: WorkCalendar, since: datetime, later: int) -> tuple[Span, ...]:
    """The hours of the first working day from `since` on; with `later`, of so many after its day."""
    first = since.astimezone(calendar.timezone).date()
    left = later
    for ahead in range(1 if later else 0, HORIZON_DAYS):
        opened = spans(calendar, first + ahead * _DAY)
        left -= bool(opened) and later > 0
        if opened and left == 0:
            return opened
    raise NoWorkingDay(datetime.combine(first, time(), UTC).date())


def confirm_court(court: Court, *, by: str, now: datetime) -> None:
    """The court's own entry is right, says somebody whom `directory.access` lets `verify`: on its card from now on."""
    court.verified_at, court.verified_by = now, by[:128]


async def confirm(
    session: AsyncSession,
    officer: Officer,
    *,
    by: str,
    now: datetime,
    state: Literal["confirmed", "changed"] = "confirmed",
) -> bool:
    """The card is right: open askings end, the next is planned anew. False when nobody had asked.

    Only somebody whom `directory.access` lets `verify` may say so; imports never do. `state` is
    `changed` where the card was first put right.
    """
    await changes.lock(session)
    await session.refresh(officer, ["left_at", "verified_at", "verified_by", "verify_next_at"])
    if officer.left_at is not None:
        return False
    officer.verified_at, officer.verified_by = now, by[:128]
    officer.verify_next_at = None
    waiting = select(Verification.id).where(
        Verification.officer_id == officer.id, Verification.ended_at.is_(None)
    )
    asked = await session.scalar(waiting.limit(1)) is not None
    await session.execute(
        update(Verification)
        .where(Verification.officer_id == officer.id, Verification.ended_at.is_(None))
        .values(state=state, next_at=None, ended_at=now, ended_by=by[:128])
        .execution_options(synchronize_session=False)
    )
    await session.flush()
    wake(session, "timed")
    return asked
