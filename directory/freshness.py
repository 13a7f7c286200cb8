"""How true the directory is: by court and by province, what was verified, what fails, and one score. Changes nothing.

Who is asked and when is `directory.verification`'s business; the workbook is `directory.freshness_file`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from directory import province_rules
from directory.calendars import USUAL_TIMEZONE
from directory.change_models import Correction
from directory.corrections import OPEN
from directory.models import Court, Officer, OfficerPost
from directory.province_rules import Rules

#: The share of the score that each thing is worth (points); together 100.
VERIFIED, REACHED, SUBSTITUTE, LINKED, CORRECT = 50, 10, 15, 15, 10

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class FreshnessRow:
    """One court (`key` its code) or one province (`key` its name); `share` from 0 to 1, `score` 0 to 100."""

    key: str
    name: str
    officers: int
    #: Verified within their province's period.
    verified: int
    share: float
    #: Accounts that cannot be written to.
    bounced: int
    #: Courts in which nobody holds post B today.
    without_b: int
    #: Courts in which nobody can be reached in chat.
    unlinked_courts: int
    open_corrections: int
    score: int
    #: Never verified by anybody.
    never: int = 0
    courts: int = 1


@dataclass(frozen=True, slots=True)
class _Counts:
    officers: int = 0
    verified: int = 0
    never: int = 0
    bounced: int = 0
    linked: int = 0


def score(
    *,
    courts: int,
    officers: int,
    verified: int,
    bounced: int,
    without_b: int,
    unlinked_courts: int,
    open_corrections: int,
) -> int:
    """From 0 (nobody is known) to 100 (all verified and reached, nothing open); rounded down.

    Half of it is the verified share. Corrections cost all of their points at one a court.
    """
    if officers == 0 or courts == 0:
        return 0
    points = (
        VERIFIED * verified / officers
        + REACHED * (officers - bounced) / officers
        + SUBSTITUTE * (courts - without_b) / courts
        + LINKED * (courts - unlinked_courts) / courts
        + CORRECT * max(0, courts - open_corrections) / courts
    )
    # Sums of fractions fall short by less than this.
    return int(points + 1e-9)


async def freshness(
    session: AsyncSession, *, province: str | None, now: datetime
) -> list[FreshnessRow]:
    """How true the directory is, the worst first, in five queries whatever the number of courts.

    Args:
        session: any transaction.
        province: by court of this province; None: by province of the nation.
        now: what is verified is judged by; UTC.
    """
    rules = await province_rules.every(session)
    within = Court.province == province if province is not None else Court.code.is_not(None)
    courts = (
        await session.execute(select(Court.code, Court.name, Court.province).where(within))
    ).all()
    counts = await _people(session, within, rules, now)
    today = now.astimezone(ZoneInfo(USUAL_TIMEZONE)).date()
    with_b = set(
        await session.scalars(
            select(Officer.court_code)
            .join(Court, Court.code == Officer.court_code)
            .join(OfficerPost, OfficerPost.officer_id == Officer.id)
            .where(
                within,
                Officer.left_at.is_(None),
                OfficerPost.post == "B",
                or_(OfficerPost.valid_from.is_(None), OfficerPost.valid_from <= today),
                or_(OfficerPost.valid_to.is_(None), OfficerPost.valid_to >= today),
            )
            .distinct()
        )
    )
    asked = await session.execute(
        select(Correction.court_code, func.count())
        .join(Court, Court.code == Correction.court_code)
        .where(within, Correction.state == OPEN)
        .group_by(Correction.court_code)
    )
    wrong = {code: number for code, number in asked}  # noqa: C416 -- rows are no pairs to mypy
    rows = [
        _row(code, name, counts.get(code, _Counts()), code in with_b, wrong.get(code, 0))
        for code, name, _province in courts
    ]
    if province is None:
        rows = _by_province(rows, {code: where for code, _name, where in courts})
    return sorted(rows, key=lambda row: (row.score, row.key))


async def _people(
    session: AsyncSession, within: ColumnElement[bool], rules: Mapping[str, Rules], now: datetime
) -> dict[str, _Counts]:
    """The people of each court, counted."""
    fresh: ColumnElement[Any] = Officer.verified_at >= now - period(Rules())
    if rules:
        settled = [
            (Court.province == name, Officer.verified_at >= now - period(one))
            for name, one in rules.items()
        ]
        fresh = case(*settled, else_=fresh)
    counted = await session.execute(
        select(
            Officer.court_code,
            func.count(),
            _number(fresh),
            _number(Officer.verified_at.is_(None)),
            _number(Officer.blocked_at.is_not(None)),
            _number(and_(Officer.telegram_id.is_not(None), Officer.blocked_at.is_(None))),
        )
        .join(Court, Court.code == Officer.court_code)
        .where(within, Officer.left_at.is_(None))
        .group_by(Officer.court_code)
    )
    return {code: _Counts(*numbers) for code, *numbers in counted}


def period(rules: Rules) -> timedelta:
    """How long a verification holds; where a province asks nobody, as long as elsewhere."""
    return (rules.verify_days or Rules().verify_days) * _DAY


def _number(condition: ColumnElement[Any]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))


def _row(code: str, name: str, found: _Counts, with_b: bool, wrong: int) -> FreshnessRow:
    return _scored(
        code,
        name,
        courts=1,
        officers=found.officers,
        verified=found.verified,
        never=found.never,
        bounced=found.bounced,
        without_b=int(not with_b),
        unlinked_courts=int(found.linked == 0),
        open_corrections=wrong,
    )


def _by_province(
    rows: Iterable[FreshnessRow], province_of: Mapping[str, str]
) -> list[FreshnessRow]:
    grouped: dict[str, list[FreshnessRow]] = {}
    for row in rows:
        grouped.setdefault(province_of[row.key], []).append(row)
    return [total(name, name, mine) for name, mine in grouped.items()]


def total(key: str, name: str, rows: Iterable[FreshnessRow]) -> FreshnessRow:
    """Several rows as one, scored anew."""
    mine = tuple(rows)
    return _scored(
        key,
        name,
        courts=sum(row.courts for row in mine),
        officers=sum(row.officers for row in mine),
        verified=sum(row.verified for row in mine),
        never=sum(row.never for row in mine),
        bounced=sum(row.bounced for row in mine),
        without_b=sum(row.without_b for row in mine),
        unlinked_courts=sum(row.unlinked_courts for row in mine),
        open_corrections=sum(row.open_corrections for row in mine),
    )


def _scored(
    key: str,
    name: str,
    *,
    courts: int,
    officers: int,
    verified: int,
    never: int,
    bounced: int,
    without_b: int,
    unlinked_courts: int,
    open_corrections: int,
) -> FreshnessRow:
    return FreshnessRow(
        key=key,
        name=name,
        officers=officers,
        verified=verified,
        share=verified / officers if officers else 0.0,
        bounced=bounced,
        without_b=without_b,
        unlinked_courts=unlinked_courts,
        open_corrections=open_corrections,
        score=score(
            courts=courts,
            officers=officers,
            verified=verified,
            bounced=bounced,
            without_b=without_b,
            unlinked_courts=unlinked_courts,
            open_corrections=open_corrections,
        ),
        never=never,
        courts=courts,
    )
