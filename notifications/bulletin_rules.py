"""What a province settled for its bulletins: target, smallest sample, how long figures may be contested. Applies none."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from directory.errors import LiaisonError
from notifications.bulletin_figures import LEAST, TARGET_PERCENT
from notifications.bulletin_models import BulletinRules

#: Under which the nation's rules are kept.
NATION = "*"

#: Working days in which a court may contest a figure.
CONTEST_DAYS = 3

#: What each rule may be, both ends included.
RANGES = {"target_percent": (1, 100), "least": (1, 100), "contest_days": (1, 20)}


class RuleOutOfRange(LiaisonError):
    """该规则须为 {low} 至 {high} 之间的整数。"""


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of one province or the nation; without a word of its coordinators, these."""

    target_percent: int = TARGET_PERCENT
    least: int = LEAST
    contest_days: int = CONTEST_DAYS


async def of(session: AsyncSession, province: str | None) -> Rules:
    """The rules of a province, or of the nation (None)."""
    row = await session.get(BulletinRules, province or NATION)
    return Rules() if row is None else Rules(row.target_percent, row.least, row.contest_days)


async def change(
    session: AsyncSession, province: str | None, name: str, value: int, *, who: str, now: datetime
) -> Rules:
    """Settle one rule by its name in `RANGES`; bulletins published before keep theirs.

    Raises:
        RuleOutOfRange: it may not be that.
    """
    low, high = RANGES[name]
    if not low <= value <= high:
        raise RuleOutOfRange(low=low, high=high)
    row = await session.get(BulletinRules, province or NATION)
    if row is None:
        before = Rules()
        row = BulletinRules(
            scope=province or NATION,
            target_percent=before.target_percent,
            least=before.least,
            contest_days=before.contest_days,
        )
        session.add(row)
    setattr(row, name, value)
    row.changed_by, row.changed_at = who, now
    await session.flush()
    return Rules(row.target_percent, row.least, row.contest_days)
