"""Filings as statistics see them, read from the tables: where they belong, how they stand, what they were counted as.

Adding them up is `performance`'s business, keeping sums `statistics_cells`'.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, and_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from directory.models import Court
from notifications.models import Filing, Outage
from notifications.performance import Contribution, Standing
from notifications.statistics_models import CountedCourt, CountedFiling
from notifications.statistics_series import NATION, Kind, Role

_Jurisdiction, _Collaborating = aliased(Court), aliased(Court)
#: Where the court of each side lay when a filing was counted.
COUNTED_PROVINCES: Mapping[Role, Any] = {
    "jurisdiction": CountedFiling.jurisdiction_province,
    "collaborating": CountedFiling.collaborating_province,
}

_COLUMNS = (
    Filing.id,
    Filing.received_at,
    Filing.case_type,
    Filing.drill,
    Filing.state,
    Filing.uncounted,
    Filing.answer_due_at,
    Filing.answered_in_time,
    Filing.answer_counts_as,
    Filing.jurisdiction_court,
    Filing.collaborating_court,
    _Jurisdiction.province,
    _Collaborating.province,
    Outage.began_at,
    Outage.ended_at,
    Filing.answer_wall_seconds,
    Filing.answer_working_seconds,
    Filing.result_wall_seconds,
    Filing.result_working_seconds,
    CountedFiling.jurisdiction_province,
    CountedFiling.collaborating_province,
    CountedFiling.contribution,
)


@dataclass(frozen=True, slots=True)
class Counted:
    """What a filing was counted as, and the provinces in which its courts lay then."""

    provinces: Mapping[Role, str]
    contribution: Contribution


@dataclass(frozen=True, slots=True)
class Seen:
    """One filing as it stands, and as it was counted (None: it was not)."""

    id: int
    received_at: datetime
    case_type: str
    drill: bool
    #: Changed since it was counted, or never counted.
    uncounted: bool
    courts: Mapping[Role, str]
    provinces: Mapping[Role, str]
    standing: Standing
    counted: Counted | None

    def units(self, role: Role, provinces: Mapping[Role, str]) -> Mapping[Kind, str]:
        """Where it belongs for a role, with its courts in these provinces."""
        return {"nation": NATION, "province": provinces[role], "court": self.courts[role]}


def seen() -> Select[*tuple[Any, ...]]:
    """The filings with their courts, their outage and what they were counted as; narrow it by `where`."""
    return (
        select(*_COLUMNS)
        .select_from(Filing)
        .join(_Jurisdiction, _Jurisdiction.code == Filing.jurisdiction_court)
        .join(_Collaborating, _Collaborating.code == Filing.collaborating_court)
        .outerjoin(Outage, Outage.id == Filing.outage_id)
        .outerjoin(CountedFiling, CountedFiling.filing_id == Filing.id)
    )


def read_row(row: Row[*tuple[Any, ...]]) -> Seen:
    """A row of `seen`."""
    (number, received_at, case_type, drill, state, uncounted, due_at, in_time, counts_as, jurisdiction,
     collaborating, jurisdiction_in, collaborating_in, began_at, ended_at, answer_wall,
     answer_working, result_wall, result_working, was_jurisdiction_in, was_collaborating_in,
     contribution) = row  # fmt: skip
    counted = None
    if contribution is not None:
        counted = Counted(
            {"jurisdiction": was_jurisdiction_in, "collaborating": was_collaborating_in},
            Contribution.from_bytes(contribution),
        )
    # A filing is also marked for an outage that delayed its result: that excuses no late answer.
    by_outage = began_at is not None and began_at < due_at and ended_at > received_at
    # What a coordinator decided about a contested answer goes before what was measured.
    by_outage = by_outage or counts_as == "apart"
    in_time = True if counts_as == "in_time" else in_time
    return Seen(
        number,
        received_at,
        case_type,
        drill,
        uncounted,
        {"jurisdiction": jurisdiction, "collaborating": collaborating},
        {"jurisdiction": jurisdiction_in, "collaborating": collaborating_in},
        Standing(
            state,
            jurisdiction_in == collaborating_in,
            due_at,
            in_time,
            by_outage,
            (answer_wall, answer_working, result_wall, result_working),
        ),
        counted,
    )


async def moved_courts(session: AsyncSession) -> frozenset[str]:
    """Courts that the directory has in another province than the one they were counted in."""
    found = await session.scalars(
        select(Court.code).join(
            CountedCourt,
            and_(CountedCourt.code == Court.code, CountedCourt.province != Court.province),
        )
    )
    return frozenset(found)
