"""Filings page by page, newest first, filtered and within a scope. Changes nothing; one filing is in `filings`."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, false, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from directory.models import Court
from notifications import figure_filings
from notifications.desk import DeskRules
from notifications.figure_filings import Figure
from notifications.filings import reference_key
from notifications.models import Filing

#: Papers are sent on a few times at most: `-2`, `-3` …
MOST_HOPS = 10


@dataclass(frozen=True, slots=True)
class Position:
    """A filing's place in the order of arrival; a page begins right after one."""

    received_at: datetime
    id: int


@dataclass(frozen=True, slots=True)
class FilingQuery:
    """Which filings are asked for. Everything is optional but `limit`.

    `role` says on which side `court` or `province` stands (without both, the court or province of the scope);
    without it either side will do. `scope_court` and `scope_province` narrow to filings between
    courts one of which is that court or lies in that province, or that `scope_served` decide. `since` is inclusive, `until`
    exclusive, both by `received_at`. `province` narrows as `court` does. `figure` is what a bulletin counted
    at `as_of`, drills left out.
    """

    limit: int
    #: A whole reference (then also those it was sent on as), or else how references begin.
    reference: str | None = None
    state: str | None = None
    court: str | None = None
    province: str | None = None
    role: str | None = None
    figure: Figure | None = None
    #: Needed with `figure`.
    as_of: datetime | None = None
    since: datetime | None = None
    until: datetime | None = None
    drill: bool | None = None
    scope_court: str | None = None
    scope_province: str | None = None
    #: The closed courts that `scope_court` answers for.
    scope_served: frozenset[str] = frozenset()
    after: Position | None = None


async def page(
    session: AsyncSession, query: FilingQuery, desk: DeskRules
) -> tuple[list[Filing], Position | None]:
    """The filings of one page, and after which of them the next page begins (None: there is none)."""
    found = await session.scalars(
        select(Filing)
        .where(*await _narrowed(session, query, desk), *_after(query.after))
        .order_by(Filing.received_at.desc(), Filing.id.desc())
        .limit(query.limit + 1)
    )
    filings = list(found)
    if len(filings) <= query.limit:
        return filings, None
    filings.pop()
    return filings, Position(filings[-1].received_at, filings[-1].id)


async def count(session: AsyncSession, query: FilingQuery, desk: DeskRules) -> int:
    """How many filings all pages have together."""
    wanted = await _narrowed(session, query, desk)
    return await session.scalar(select(func.count()).select_from(Filing).where(*wanted)) or 0


async def _narrowed(
    session: AsyncSession, query: FilingQuery, desk: DeskRules
) -> list[ColumnElement[bool]]:
    conditions = _conditions(query)
    if query.reference is not None:
        conditions.append(await _referred_to(session, reference_key(query.reference)))
    if query.figure is not None and query.as_of is not None:
        conditions += [Filing.drill.is_(False), Filing.received_at <= query.as_of]
        conditions += await figure_filings.conditions(
            session, query.figure, query.as_of, list(conditions), desk
        )
    return conditions


async def _referred_to(session: AsyncSession, key: str) -> ColumnElement[bool]:
    """Filings with this reference and their later hops; of a part of one, all that begin with it.

    A whole reference is what people paste: the index finds it, where a beginning reads every row.
    """
    known = await session.scalar(select(Filing.id).where(Filing.reference_key == key))
    if known is None:
        return Filing.reference_key.startswith(key, autoescape=True)
    return Filing.reference_key.in_([key, *(f"{key}-{hop}" for hop in range(2, MOST_HOPS))])


def _conditions(query: FilingQuery) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if query.state is not None:
        conditions.append(Filing.state == query.state)
    if query.drill is not None:
        conditions.append(Filing.drill == query.drill)
    if query.since is not None:
        conditions.append(Filing.received_at >= query.since)
    if query.until is not None:
        conditions.append(Filing.received_at < query.until)
    if query.court is not None:
        conditions.append(_on_side(query.role, court=query.court))
    if query.province is not None:
        conditions.append(_on_side(query.role, province=query.province))
    if query.scope_court is not None or query.scope_province is not None:
        named = query.court is not None or query.province is not None
        role = None if named else query.role
        within = _on_side(role, query.scope_court, query.scope_province)
        if query.scope_served and role != "collaborating":
            within = or_(within, Filing.jurisdiction_court.in_(query.scope_served))
        conditions.append(within)
    return conditions


def _after(position: Position | None) -> list[ColumnElement[bool]]:
    if position is None:
        return []
    at, filing_id = position.received_at, position.id
    return [
        # This alone lets the index begin at the right place.
        Filing.received_at <= at,
        or_(Filing.received_at < at, and_(Filing.received_at == at, Filing.id < filing_id)),
    ]


def _on_side(
    role: str | None, court: str | None = None, province: str | None = None
) -> ColumnElement[bool]:
    """Whether the court of a side (or of either) is `court`, or lies in `province`."""
    wanted = []
    for side, column in (
        ("jurisdiction", Filing.jurisdiction_court),
        ("collaborating", Filing.collaborating_court),
    ):
        if role not in {None, side}:
            continue
        if court is not None:
            wanted.append(column == court)
        elif province is not None:
            wanted.append(column.in_(select(Court.code).where(Court.province == province)))
    return or_(false(), *wanted)
