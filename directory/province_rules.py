"""What a province has settled for its courts' desks: read, changed, recorded. Where it is used is elsewhere."""

import re
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime, time
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from directory.database import wake
from directory.duty_models import ProvinceRound, ProvinceRules
from directory.models import Court, DirectoryRecord, Officer

CHECK_IN = ("off", "weekly", "daily")

#: The longest time (days) without a filing that a quiet drill may wait for.
LONGEST_QUIET = 365
#: The shortest and the longest time (days) between two askings 这些还对吗?
SHORTEST_VERIFY, LONGEST_VERIFY = 7, 730

_TIME = re.compile(r"([01]?\d|2[0-3])[:：]([0-5]\d)")


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of one province; without a word of its coordinators, these."""

    #: `off`, `weekly` (the first working day of the week) or `daily`.
    check_in: str = "off"
    #: Local time of the automatic handover, `HH:MM`; empty: none. 8:20 is the hour of Jingning's rules.
    handover_at: str = "08:20"
    #: After how many days without a filing a court gets a quiet drill; 0: never.
    quiet_drill_days: int = 30
    #: After how many days each card is asked about again; 0: never.
    verify_days: int = 90

    @property
    def handover_time(self) -> time | None:
        """The local time of the automatic handover; None where there is none."""
        match = _TIME.fullmatch(self.handover_at)
        return time(int(match[1]), int(match[2])) if match else None


class BadRule(ValueError):
    """A value no rule can have; the caller says so in its own words."""


def read_time(text: str) -> str:
    """A time of day as people write it (`8:20`, `08：20`) as `HH:MM`; `off` as the empty text.

    Raises:
        BadRule: it is neither.
    """
    word = text.strip().lower()
    if word in {"off", "关闭", "关"}:
        return ""
    match = _TIME.fullmatch(word)
    if match is None:
        raise BadRule(text)
    return f"{int(match[1]):02}:{match[2]}"


async def of(session: AsyncSession, province: str) -> Rules:
    """The rules of a province."""
    row = await session.get(ProvinceRules, province)
    return Rules() if row is None else _rules(row)


async def every(session: AsyncSession) -> dict[str, Rules]:
    """The rules of the provinces that settled any, by name; all others have `Rules()`."""
    rows = await session.scalars(select(ProvinceRules))
    return {row.province: _rules(row) for row in rows}


async def change(
    session: AsyncSession, province: str, *, by: str, now: datetime, **changes: Any
) -> Rules:
    """Settle `check_in`, `handover_at`, `quiet_drill_days` or `verify_days` anew; recorded under `by`.

    The rounds of the province are planned anew, from `now` on: what was past before is not made up; so
    are the askings of its officers when their period changes.

    Raises:
        BadRule: a value that no rule can have.
    """
    before = await of(session, province)
    after = replace(before, **changes)
    _check(after)
    if after == before:
        return after
    row = await session.get(ProvinceRules, province)
    if row is None:
        row = ProvinceRules(province=province)
        session.add(row)
    for field in fields(Rules):
        setattr(row, field.name, getattr(after, field.name))
    row.changed_by, row.changed_at = by, now
    session.add(_record(province, before, after, by, now))
    await _plan_anew(session, province, now)
    if after.verify_days != before.verify_days:
        await _ask_anew(session, province)
    await session.flush()
    return after


def _check(rules: Rules) -> None:
    if rules.check_in not in CHECK_IN:
        raise BadRule(rules.check_in)
    if rules.handover_at and rules.handover_time is None:
        raise BadRule(rules.handover_at)
    if not 0 <= rules.quiet_drill_days <= LONGEST_QUIET:
        raise BadRule(str(rules.quiet_drill_days))
    if rules.verify_days and not SHORTEST_VERIFY <= rules.verify_days <= LONGEST_VERIFY:
        raise BadRule(str(rules.verify_days))


async def _plan_anew(session: AsyncSession, province: str, now: datetime) -> None:
    rounds = await session.scalars(
        select(ProvinceRound).where(ProvinceRound.province == province).with_for_update()
    )
    for row in rounds:
        row.done_until, row.next_at = now, now
    wake(session, "timed")


async def _ask_anew(session: AsyncSession, province: str) -> None:
    """Have the askings of the province's people planned by the new period."""
    mine = select(Court.code).where(Court.province == province)
    await session.execute(
        update(Officer)
        .where(Officer.court_code.in_(mine), Officer.verify_next_at.is_not(None))
        .values(verify_next_at=None)
        .execution_options(synchronize_session=False)
    )


def _record(province: str, before: Rules, after: Rules, by: str, now: datetime) -> DirectoryRecord:
    old, new = asdict(before), asdict(after)
    detail = "; ".join(f"{k}: {old[k]} → {new[k]}" for k in new if old[k] != new[k])
    return DirectoryRecord(at=now, who=by, kind="rules", subject=province, detail=detail)


def _rules(row: ProvinceRules) -> Rules:
    return Rules(row.check_in, row.handover_at, row.quiet_drill_days, row.verify_days)
