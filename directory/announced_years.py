"""The years that an administrator brought in: stored, looked up, put in another's place. Their form is elsewhere."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from directory.calendars import shipped_years
from directory.database import wake
from directory.duty_models import HolidayYear
from directory.errors import DirectoryError
from directory.holiday_years import (
    DayChange,
    Notice,
    Verdict,
    YearDays,
    changes,
    parse_year,
    verdict,
)
from directory.models import DirectoryRecord

#: A commit that changes what calendars are made of announces this topic.
TOPIC = "calendar"


class YearNeedsItsSource(DirectoryError):
    """{year}年的节假日表未导入：来源通知与现有的相同（{notices}），日期却不同。请核对日期，或在 notices 中写明作出更改的通知。"""


@dataclass(frozen=True, slots=True)
class YearImport:
    """What bringing in a year does, or would do: `replaced` is the edition that counted before."""

    verdict: Verdict
    year: YearDays
    replaced: YearDays | None
    changes: tuple[DayChange, ...]


async def every(session: AsyncSession) -> tuple[YearDays, ...]:
    """All years that were brought in, by number."""
    rows = await session.scalars(select(HolidayYear).order_by(HolidayYear.year))
    return tuple(parse_year(row.document, str(row.year)) for row in rows)


async def preview(session: AsyncSession, year: YearDays) -> YearImport:
    """What bringing in `year` would change.

    Raises:
        YearNeedsItsSource: other days than the edition in force by the same notices.
    """
    stored = await session.get(HolidayYear, year.year)
    before = (
        parse_year(stored.document, str(year.year)) if stored else shipped_years().get(year.year)
    )
    found = verdict(before, year)
    if before is not None and found == "no_other_source":
        raise YearNeedsItsSource(year=year.year, notices=named(before.notices))
    return YearImport(found, year, before, changes(before, year))


async def bring_in(session: AsyncSession, year: YearDays, *, who: str, now: datetime) -> YearImport:
    """Count with `year` from now on, in the place of any other edition of it; recorded.

    Raises:
        YearNeedsItsSource: as `preview`.
    """
    done = await preview(session, year)
    if done.verdict == "same":
        return done
    row = await session.get(HolidayYear, year.year) or HolidayYear(year=year.year)
    row.document, row.imported_at, row.imported_by = year.document(), now, who
    session.add(row)
    session.add(
        DirectoryRecord(
            at=now,
            who=who,
            kind="calendar_imported",
            subject=str(year.year),
            detail=f"{done.replaced.edition if done.replaced else ''}→{year.edition}"
            f" {named(year.notices)}",
        )
    )
    await session.flush()
    wake(session, TOPIC)
    return done


def named(notices: tuple[Notice, ...]) -> str:
    """The notices by their numbers, where they have one."""
    return "、".join(notice.number or notice.title for notice in notices)
