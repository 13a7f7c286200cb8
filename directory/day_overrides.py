"""Days that a province or a court has settled otherwise: said, taken back, listed. What they do is in `directory.calendars`."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, cast

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from directory import courts, officers
from directory.announced_years import TOPIC
from directory.calendars import SettledDay
from directory.court_codes import normalise
from directory.database import wake
from directory.duty_models import DayOverride
from directory.errors import CourtNotFound, DirectoryError
from directory.models import Court, DirectoryRecord, Officer
from directory.office_hours import BadOfficeHours, OfficeHours
from directory.texts import Phrase

Kind = Literal["off", "work", "hours"]

#: How far ahead (days) a day can be settled: beyond it is a typing mistake.
FURTHEST_DAYS = 400


def _(msgid: str, **data: object) -> Phrase:
    """A text for whoever shows the fault, in the reader's language."""
    return Phrase(msgid, data)


class DayNotSettled(DirectoryError):
    """{day} 的安排未记录：{why}。"""


class NoSuchSettledDay(DirectoryError):
    """没有编号为 {number} 的有效安排。用 calendar override list 查看。"""


@dataclass(frozen=True, slots=True)
class Substitute:
    """Who answers while a court is closed: another court's desk, or one officer."""

    court: str | None = None
    officer_id: int | None = None


async def every(session: AsyncSession) -> tuple[SettledDay, ...]:
    """All that holds, past days too: old figures are counted with them."""
    rows = await session.scalars(
        select(DayOverride).where(DayOverride.cancelled_at.is_(None)).order_by(DayOverride.id)
    )
    return tuple(
        SettledDay(
            row.id,
            row.scope,
            row.day,
            cast("Kind", row.kind),
            row.hours,
            row.name,
            row.substitute_court,
            row.substitute_officer_id,
        )
        for row in rows
    )


async def upcoming(
    session: AsyncSession, scopes: Collection[str] | None, since: date
) -> Sequence[DayOverride]:
    """What holds from `since` on, by day; of these provinces and courts, or (None) of all."""
    wanted = select(DayOverride).where(DayOverride.cancelled_at.is_(None), DayOverride.day >= since)
    if scopes is not None:
        wanted = wanted.where(DayOverride.scope.in_(scopes))
    rows = await session.scalars(wanted.order_by(DayOverride.day, DayOverride.id))
    return rows.all()


async def scope_of(session: AsyncSession, words: str) -> str:
    """The province or the court that words name: 辽宁省, or a 法院代字.

    Raises:
        CourtNotFound: neither.
    """
    name = normalise(words)
    court = await session.get(Court, name)
    if court is not None:
        return court.code
    province: str | None = await session.scalar(
        select(Court.province).where(Court.province == words.strip()).limit(1)
    )
    if province is None:
        raise CourtNotFound(words=words)
    return province


async def settle(
    session: AsyncSession,
    scope: str,
    day: date,
    kind: Kind,
    *,
    by: str,
    now: datetime,
    today: date,
    hours: str | None = None,
    name: str = "",
    substitute: Substitute | None = None,
) -> DayOverride:
    """Let province or court keep other hours on `day`; what was said earlier about it ends. Recorded.

    Args:
        session: a writing transaction.
        scope: as `scope_of` gives it.
        day: a local day, today or later.
        kind: `off`, `work` or `hours`.
        by: who says so.
        now: the present.
        today: the local day of the present.
        hours: with `hours`, the opening hours of that day.
        name: why, in a few words.
        substitute: with `off`, who answers meanwhile.

    Raises:
        DayNotSettled: the day, the hours or the substitute make no sense.
    """
    _check(scope, day, kind, today, hours, substitute)
    await session.execute(
        update(DayOverride)
        .where(
            DayOverride.scope == scope, DayOverride.day == day, DayOverride.cancelled_at.is_(None)
        )
        .values(cancelled_at=now)
        .execution_options(synchronize_session=False)
    )
    held = substitute or Substitute()
    row = DayOverride(
        scope=scope, day=day, kind=kind, hours=hours, name=name, created_by=by, created_at=now,
        substitute_court=held.court, substitute_officer_id=held.officer_id,
    )  # fmt: skip
    session.add(row)
    detail = " ".join(filter(None, (day.isoformat(), kind, hours, name, _told(held))))
    session.add(DirectoryRecord(at=now, who=by, kind="day_settled", subject=scope, detail=detail))
    await session.flush()
    wake(session, TOPIC)
    return row


def _check(
    scope: str,
    day: date,
    kind: Kind,
    today: date,
    hours: str | None,
    substitute: Substitute | None,
) -> None:
    if day < today:
        raise DayNotSettled(day=day, why=_("这一天已经过去"))
    if (day - today).days > FURTHEST_DAYS:
        raise DayNotSettled(day=day, why=_("日期太远，请核对年份"))
    if (kind == "hours") != bool(hours):
        raise DayNotSettled(day=day, why=_("改变办公时间时须写明时段，其他安排不写时段"))
    if hours:
        try:
            OfficeHours.parse(hours)
        except BadOfficeHours as fault:
            raise DayNotSettled(day=day, why=fault.said) from fault
    if substitute is not None and kind != "off":
        raise DayNotSettled(day=day, why=_("只有不办公时才指定代班"))
    if substitute is not None and substitute.court == scope:
        raise DayNotSettled(day=day, why=_("本院不能为本院代班"))


async def take_back(
    session: AsyncSession,
    number: int,
    *,
    by: str,
    now: datetime,
    scopes: Collection[str] | None = None,
) -> DayOverride:
    """Let the calendar hold again for a settled day; recorded.

    Args:
        session: a writing transaction.
        number: which.
        by: who says so.
        now: the present.
        scopes: whose days may be taken back; None for anybody's.

    Raises:
        NoSuchSettledDay: there is none, it was taken back or replaced, or it is of another scope.
    """
    row = await session.get(DayOverride, number, with_for_update=True, populate_existing=True)
    if row is None or row.cancelled_at or (scopes is not None and row.scope not in scopes):
        raise NoSuchSettledDay(number=number)
    row.cancelled_at = now
    detail = f"{row.day.isoformat()} {row.kind}"
    session.add(
        DirectoryRecord(at=now, who=by, kind="day_unsettled", subject=row.scope, detail=detail)
    )
    await session.flush()
    wake(session, TOPIC)
    return row


async def substitute_of(session: AsyncSession, words: str) -> Substitute:
    """Who is meant to stand in: a 法院代字, or an officer as `code:name`.

    Raises:
        CourtNotFound: no such court.
        OfficerNotFound: no such person.
        OfficerAmbiguous: several of that name.
    """
    if ":" in words or "：" in words:
        officer: Officer = await officers.find(session, words.replace("：", ":"))
        return Substitute(officer_id=officer.id)
    return Substitute(court=(await courts.get(session, words)).code)


def _told(substitute: Substitute) -> str:
    if substitute.officer_id is not None:
        return f"→#{substitute.officer_id}"
    return f"→{substitute.court}" if substitute.court else ""
