"""A coordinator decides that an answer counts as something else: written on the filing, honoured by every later figure.

What was measured stays: instants, seconds, `answered_in_time`. Who contests what, and why, is `bulletin_contests`.
"""

from datetime import datetime
from typing import Literal, get_args

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from directory.database import wake
from notifications import events
from notifications.models import Filing

#: `in_time`: it was answered in time, whatever the desk measured (another target, another way); `apart`: late
#: for no fault of the court, left out of rates and times as what an outage made late.
CountsAs = Literal["in_time", "apart"]
COUNTS_AS: tuple[CountsAs, ...] = get_args(CountsAs)

#: The event's kind; its detail is a `CountsAs`.
CORRECTED = "figure_corrected"


async def correct(
    session: AsyncSession, filing_id: int, counts_as: CountsAs, who: str, *, now: datetime
) -> Filing:
    """Have a filing's answer count so from now on. What was decided about it once stays: bulletins were told.

    Raises:
        sqlalchemy.exc.NoResultFound: there is no such filing.
    """
    asked = select(Filing).where(Filing.id == filing_id).with_for_update()
    filing = (await session.scalars(asked.execution_options(populate_existing=True))).one()
    if filing.answer_counts_as is not None:
        return filing
    filing.answer_counts_as, filing.answer_corrected_at = counts_as, now
    filing.uncounted = True
    await events.record(session, filing, CORRECTED, who, counts_as, now=now)
    await session.flush()
    wake(session, "timed")
    return filing
