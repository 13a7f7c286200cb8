"""The attendance code of a session: made when somebody asks, said in the session, taken from whoever types it."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from directory.models import Officer
from notifications import training, training_rules
from notifications.training_models import CodeTry, TrainingSession

#: No session is nearly as long, so that one whose code still holds began since then.
_SINCE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Slowed:
    """Too many wrong codes: no more before `retry_at`."""

    retry_at: datetime


@dataclass(frozen=True, slots=True)
class CheckedIn:
    """Somebody came to a session; `again` when that was known already."""

    training: TrainingSession
    again: bool


async def code_of(session: AsyncSession, held: TrainingSession, *, now: datetime) -> str:
    """The code of a held session; the same whenever it is asked for, and no other session's of these days."""
    if held.code is None:
        taken = {one.code for one in await _with_codes(session, now)}
        while held.code is None or held.code in taken:
            held.code = f"{secrets.randbelow(10**training_rules.CODE_DIGITS):06d}"
        await session.flush()
    return held.code


async def check_in(
    session: AsyncSession, officer: Officer, typed: str, *, now: datetime
) -> CheckedIn | Slowed | None:
    """Take a code from somebody; None for one that is wrong, or that no session takes now.

    Wrong ones are counted: whoever sent too many waits, with the right one too.
    """
    # Of many codes sent at once each must see those before it.
    await session.execute(select(Officer.id).where(Officer.id == officer.id).with_for_update())
    wrong = await session.scalars(
        select(CodeTry.at).where(
            CodeTry.officer_id == officer.id, CodeTry.at > now - training_rules.WRONG_WINDOW
        )
    )
    retry_at = training_rules.slowed(wrong.all(), now)
    if retry_at is not None:
        return Slowed(retry_at)
    code = training_rules.code_in(typed)
    for one in await _with_codes(session, now):
        holds = training_rules.code_holds(one.starts_at, one.lasts_minutes, now)
        if code is not None and holds and secrets.compare_digest(one.code or "", code):
            first = await training.came(session, one, officer, now=now)
            return CheckedIn(one, again=not first)
    session.add(CodeTry(officer_id=officer.id, at=now))
    await session.flush()
    return None


async def _with_codes(session: AsyncSession, now: datetime) -> list[TrainingSession]:
    """Sessions that have a code and were not long ago."""
    found = await session.scalars(
        select(TrainingSession).where(
            TrainingSession.code.is_not(None),
            TrainingSession.cancelled_at.is_(None),
            TrainingSession.starts_at > now - _SINCE,
        )
    )
    return list(found)
