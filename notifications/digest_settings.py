"""What somebody settled about a digest: its time, off or on, also on empty days. Whose it is to settle is the caller's to ask."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from directory import courts
from directory.database import wake
from directory.models import Court, Officer
from notifications import digest_facts, digest_plan
from notifications.desk import DeskRules
from notifications.digest_models import Digest
from notifications.digest_plan import Kind
from notifications.timekeeper import TOPIC


async def of_officer(
    session: AsyncSession, officer: Officer, kind: Kind, desk: DeskRules, *, now: datetime
) -> Digest:
    """The person's row of this kind, written where there is none yet; court loaded."""
    found = await session.scalar(
        select(Digest).where(Digest.officer_id == officer.id, Digest.kind == kind)
    )
    return found or await _new(session, kind, officer.court, desk, now, officer.id)


async def of_court(
    session: AsyncSession, court: Court, desk: DeskRules, *, now: datetime
) -> Digest:
    """The row of the court's daily digest, written where there is none yet."""
    found = await session.scalar(
        select(Digest).where(Digest.court_code == court.code, Digest.kind == "court")
    )
    return found or await _new(session, "court", court, desk, now)


async def _new(
    session: AsyncSession,
    kind: Kind,
    court: Court,
    desk: DeskRules,
    now: datetime,
    officer_id: int | None = None,
) -> Digest:
    row = Digest(
        kind=kind, officer_id=officer_id, court_code=court.code if officer_id is None else None,
        time=None, off=False, when_empty=False, done_on=None, digest_at=None, message=None,
        changed_by="", changed_at=None,
    )  # fmt: skip
    session.add(row)
    _plan(row, court, desk, now)
    await session.flush()
    wake(session, TOPIC)
    return row


async def hold(session: AsyncSession, number: int) -> Digest | None:
    """The row of this number, held against other writers; None where there is none."""
    found: Digest | None = await session.scalar(
        select(Digest)
        .where(Digest.id == number)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return found


async def settle(
    session: AsyncSession,
    row: Digest,
    desk: DeskRules,
    *,
    by: str,
    now: datetime,
    time: str | None,
    off: bool,
    when_empty: bool,
) -> None:
    """Change a held row. A time that has passed today counts from tomorrow on; nothing is sent twice for it.

    Raises:
        ValueError: the time is none.
    """
    if time is not None and digest_plan.typed_time(time) != time:
        message = f"no time of day: {time}"
        raise ValueError(message)
    row.time, row.off, row.when_empty = time, off, when_empty
    row.changed_by, row.changed_at = by[:128], now
    _plan(row, await court_of(session, row), desk, now)
    await session.flush()
    wake(session, TOPIC)


async def court_of(session: AsyncSession, row: Digest) -> Court:
    """By whose calendar the digest goes: the court's own, or the person's court's."""
    code = row.court_code
    if row.officer_id is not None:
        code = (await session.get_one(Officer, row.officer_id)).court_code
    return await courts.get(session, code or "")


def kind_of(row: Digest) -> Kind:
    """Its kind, as `digest_plan` names it."""
    return next(kind for kind in digest_plan.KINDS if kind == row.kind)


def _plan(row: Digest, court: Court, desk: DeskRules, now: datetime) -> None:
    kind, days = kind_of(row), digest_facts.days_of(court, desk.timezone)
    passed = digest_plan.done_by_now(kind, row.time, days, now)
    row.done_on = passed if row.done_on is None else max(passed, row.done_on)
    row.digest_at = (
        None if row.off else digest_plan.next_look(kind, row.time, days, row.done_on, now)
    )
