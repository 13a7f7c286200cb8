"""What the tables know of notices: lists, receipts and sums, for sheets, lists and pages. Changes nothing."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from directory.models import Court, Officer
from notifications.models import OutgoingMessage
from notifications.notice_audience import Reach
from notifications.notice_models import Notice, NoticeCopy, NoticeRecipient
from notifications.notice_sheet import Receipt, Sums
from notifications.notices import TEXT_PART

#: A person's copy of the text, joined to the recipient.
_COPY = and_(
    NoticeCopy.notice_id == NoticeRecipient.notice_id,
    NoticeCopy.officer_id == NoticeRecipient.officer_id,
    NoticeCopy.part == TEXT_PART,
)


@dataclass(frozen=True, slots=True)
class Scope:
    """Of which people somebody sees the receipts: of all, of a province, or of a court."""

    province: str | None = None
    court: str | None = None

    def condition(self) -> ColumnElement[bool]:
        """The same, of recipients joined to their court."""
        if self.court is not None:
            return NoticeRecipient.court_code == self.court
        return Court.province == self.province if self.province is not None else true()


async def receipts(
    session: AsyncSession, notice_id: int, scope: Scope, *, missing: bool = False
) -> list[Receipt]:
    """Every person's receipt, by court and number; with `missing` only of who has not confirmed."""
    statement = _receipts().where(NoticeRecipient.notice_id == notice_id, scope.condition())
    if missing:
        statement = statement.where(NoticeRecipient.confirmed_at.is_(None))
    found = await session.execute(
        statement.order_by(NoticeRecipient.court_code, NoticeRecipient.officer_id)
    )
    return [Receipt(*row) for row in found]


async def receipt(session: AsyncSession, notice_id: int, officer_id: int) -> Receipt | None:
    """One person's receipt; None for whom the notice is not addressed to."""
    statement = _receipts().where(
        NoticeRecipient.notice_id == notice_id, NoticeRecipient.officer_id == officer_id
    )
    row = (await session.execute(statement)).first()
    return Receipt(*row) if row is not None else None


def _receipts() -> Select[*tuple[Any, ...]]:
    person, row = NoticeRecipient, OutgoingMessage
    return (
        select(
            person.court_code,
            Court.name,
            Court.province,
            Court.city,
            person.officer_id,
            Officer.name,
            person.posts,
            person.unreachable,
            row.shown.is_not(None),
            row.outcome,
            row.outcome_detail,
            person.confirmed_at,
            person.confirmed_by,
            person.confirmed_for_by_id.is_not(None),
            person.reminded_at,
        )
        .join(Court, Court.code == person.court_code)
        .join(Officer, Officer.id == person.officer_id)
        .outerjoin(NoticeCopy, _COPY)
        .outerjoin(row, row.id == NoticeCopy.row_id)
    )


async def sums(session: AsyncSession, notice_ids: Collection[int], scope: Scope) -> dict[int, Sums]:
    """The sums of several notices at once; a notice without people in the scope is left out."""
    person = NoticeRecipient
    found = await session.execute(
        _sums(person.notice_id).where(person.notice_id.in_(notice_ids), scope.condition())
    )
    return {row[0]: Sums(*(int(figure) for figure in row[1:])) for row in found}


async def by_province(session: AsyncSession, notice_id: int) -> dict[str, Sums]:
    """The sums of one notice, province by province."""
    found = await session.execute(
        _sums(Court.province)
        .where(NoticeRecipient.notice_id == notice_id)
        .order_by(func.min(Court.code))
    )
    return {row[0]: Sums(*(int(figure) for figure in row[1:])) for row in found}


def _sums(key: InstrumentedAttribute[Any]) -> Select[*tuple[Any, ...]]:
    """Figures in the order of `Sums`, for each value of `key`."""
    person, row = NoticeRecipient, OutgoingMessage
    confirmed, shown = person.confirmed_at.is_not(None), row.shown.is_not(None)
    unreached = or_(person.unreachable.is_not(None), row.outcome.in_(["failed", "dropped", "gone"]))

    def people(condition: ColumnElement[bool]) -> ColumnElement[int]:
        return func.sum(case((condition, 1), else_=0))

    return (
        select(
            key,
            func.count(),
            people(shown),
            people(confirmed),
            people(and_(confirmed, person.confirmed_for_by_id.is_not(None))),
            people(and_(~confirmed, shown)),
            people(
                and_(~confirmed, row.shown.is_(None), func.coalesce(unreached, False).is_(False))
            ),
            people(and_(~confirmed, row.shown.is_(None), unreached)),
        )
        .select_from(person)
        .join(Court, Court.code == person.court_code)
        .outerjoin(NoticeCopy, _COPY)
        .outerjoin(row, row.id == NoticeCopy.row_id)
        .group_by(key)
    )


async def looked_after(
    session: AsyncSession,
    reach: Reach,
    province: str | None,
    *,
    most: int,
    after: int | None = None,
) -> Sequence[Notice]:
    """The latest notices that somebody of this reach sees, newest first: a province's own, and those to its people.

    `after` is the number of the last one seen already.
    """
    conditions: list[ColumnElement[bool]] = []
    if reach == "province":
        to_its_people = exists().where(
            NoticeRecipient.notice_id == Notice.id,
            NoticeRecipient.court_code == Court.code,
            Court.province == province,
        )
        # Only the nation's notices go to people of other provinces: no other is looked into.
        conditions.append(
            or_(Notice.province == province, and_(Notice.province.is_(None), to_its_people))
        )
    if after is not None:
        conditions.append(Notice.id < after)
    found = await session.scalars(
        select(Notice).where(*conditions).order_by(Notice.id.desc()).limit(most)
    )
    return found.all()


async def addressed(
    session: AsyncSession, officer_id: int, *, most: int, after: int | None = None
) -> list[tuple[Notice, Receipt]]:
    """The latest notices to one person with their receipt, newest first; not those taken back.

    `after` is the number of the last one seen already.
    """
    older = Notice.id < after if after is not None else true()
    found = await session.scalars(
        select(Notice)
        .join(NoticeRecipient, NoticeRecipient.notice_id == Notice.id)
        .where(NoticeRecipient.officer_id == officer_id, Notice.recalled_at.is_(None), older)
        .order_by(Notice.id.desc())
        .limit(most)
    )
    told: list[tuple[Notice, Receipt]] = []
    for notice in found.all():
        mine = await receipt(session, notice.id, officer_id)
        if mine is not None:
            told.append((notice, mine))
    return told


async def with_missing(session: AsyncSession, court_code: str, *, most: int) -> Sequence[Notice]:
    """The latest notices that somebody of a court has not confirmed, newest first."""
    missing = exists().where(
        NoticeRecipient.notice_id == Notice.id,
        NoticeRecipient.court_code == court_code,
        NoticeRecipient.confirmed_at.is_(None),
    )
    found = await session.scalars(
        select(Notice)
        .where(missing, Notice.recalled_at.is_(None))
        .order_by(Notice.id.desc())
        .limit(most)
    )
    return found.all()
