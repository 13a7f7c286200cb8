"""What became of each page, and whom the chat cannot reach at all: 已送达, 未送达, 未关联. Sends nothing."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from sqlalchemy import ColumnElement, Select, and_, case, false, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from directory.models import Court, Invitation, Officer, OfficerPost
from directory.officers import POSTS_BY_RANK
from directory.texts import Translate
from notifications import event_words
from notifications.models import Filing, OutgoingMessage
from notifications.permissions import ANSWERING_POSTS

#: A filing is paged for at most so long after it came: how far back its pages are looked for.
LONGEST_PAGING = timedelta(days=14)

#: Messages of the outbox that call somebody; everything else is news.
_PAGES = ("card", "fallback")

Outcome = Literal["delivered", "failed", "waiting", "dropped"]


@dataclass(frozen=True, slots=True)
class Delivery:
    """One page to one person, group or fallback address, and whether it arrived."""

    #: When it was wanted.
    asked_at: datetime
    #: When it arrived or was known not to; while it waits, `asked_at`.
    at: datetime
    outcome: Outcome
    #: Why it did not arrive (`blocked`, `unknown_chat`, `kicked`, `refused` …); empty otherwise.
    reason: str
    channel: str
    reference: str
    drill: bool
    #: The court of whom it was meant for.
    court_code: str
    court_name: str
    #: None for a group or an address that no single person reads.
    officer_id: int | None
    officer: str | None
    post: str | None
    #: `filed`, `reminder` or `escalation`.
    heading: str
    #: Whose place this person took (a post) and why, when the ladder passed somebody over.
    standing_in_for: str | None
    why: str | None


@dataclass(frozen=True, slots=True)
class Unreached:
    """An officer with a post today whom the chat cannot reach."""

    officer_id: int
    name: str
    #: Posts held today that answer filings, the nearest to answering first.
    posts: tuple[str, ...]
    court_code: str
    court_name: str
    #: `unlinked` or `blocked`.
    reason: str
    #: Blocked since; None for who was never linked.
    since: datetime | None
    #: When an invitation was last made out; None: never.
    invited_at: datetime | None


async def deliveries(
    session: AsyncSession,
    *,
    courts: frozenset[str] | None,
    province: str | None,
    since: datetime,
    until: datetime,
    limit: int,
    officer: str | None = None,
) -> list[Delivery]:
    """The pages wanted from `since` (inclusive) to `until` (exclusive), failures first, then the newest.

    Args:
        session: any transaction.
        courts: only pages to people and groups of these courts; None: of all.
        province: only those of courts of this province; None: of all.
        since: an aware instant.
        until: an aware instant.
        limit: at most so many.
        officer: only pages to people whose name contains this; None: to anybody and to groups.
    """
    failed_first = case((OutgoingMessage.outcome == "failed", 0), else_=1)
    rows = await session.execute(
        _pages()
        .where(
            # Said of filings, for they have an index by time and messages have none.
            Filing.received_at >= since - LONGEST_PAGING,
            Filing.received_at < until,
            OutgoingMessage.created_at >= since,
            OutgoingMessage.created_at < until,
            *_within(courts, province),
            *_called(officer),
        )
        .order_by(failed_first, OutgoingMessage.created_at.desc(), OutgoingMessage.id.desc())
        .limit(limit)
    )
    return [_delivery(*row) for row in rows]


async def of_filing(session: AsyncSession, filing_id: int) -> list[Delivery]:
    """Every page of one filing, to whomever, in the order in which they were wanted."""
    return (await of_filings(session, [filing_id]))[filing_id]


async def of_filings(
    session: AsyncSession, filing_ids: Collection[int]
) -> dict[int, list[Delivery]]:
    """Every page of each of these filings, to whomever, in the order in which they were wanted."""
    rows = await session.execute(
        _pages().where(Filing.id.in_(filing_ids)).order_by(OutgoingMessage.id)
    )
    found: dict[int, list[Delivery]] = {filing_id: [] for filing_id in filing_ids}
    for row in rows:
        filing_id = row[0].filing_id
        if filing_id is not None:
            found[filing_id].append(_delivery(*row))
    return found


def _pages() -> Select[OutgoingMessage, str, bool, str, str, Officer]:
    """Pages with their filing, the court of whom they are meant for, and the officer where there is one."""
    to = func.coalesce(Officer.court_code, OutgoingMessage.court_code, Filing.jurisdiction_court)
    return (
        select(OutgoingMessage, Filing.reference, Filing.drill, Court.code, Court.name, Officer)
        .join(Filing, Filing.id == OutgoingMessage.filing_id)
        .join(Officer, Officer.id == OutgoingMessage.officer_id, isouter=True)
        .join(Court, Court.code == to)
        .where(
            OutgoingMessage.kind.in_(_PAGES),
            # What the court that filed follows calls nobody; nor what somebody asked to see.
            func.coalesce(OutgoingMessage.payload["view"].as_string(), "") != "collaborating",
            func.coalesce(OutgoingMessage.payload["asked_for"].as_boolean(), false()).is_(false()),
        )
    )


def _within(courts: frozenset[str] | None, province: str | None) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if courts is not None:
        conditions.append(Court.code.in_(courts))
    if province is not None:
        conditions.append(Court.province == province)
    return conditions


def _called(officer: str | None) -> list[ColumnElement[bool]]:
    return [] if officer is None else [Officer.name.contains(officer, autoescape=True)]


def _delivery(
    row: OutgoingMessage,
    reference: str,
    drill: bool,
    code: str,
    name: str,
    officer: Officer | None,
) -> Delivery:
    outcome = _outcome(row)
    reason = (row.outcome_detail or "").partition(":")[0] if outcome == "failed" else ""
    at = row.sent_at or row.created_at
    blocked_at = officer.blocked_at if officer is not None else None
    if reason == "blocked" and blocked_at is not None and blocked_at >= row.created_at:
        at = blocked_at
    return Delivery(
        asked_at=row.created_at,
        at=at,
        outcome=outcome,
        reason=reason,
        channel=row.channel,
        reference=reference,
        drill=drill,
        court_code=code,
        court_name=name,
        officer_id=row.officer_id,
        officer=officer.name if officer is not None else None,
        post=row.payload.get("post"),
        heading=row.payload.get("heading", "filed"),
        standing_in_for=row.payload.get("standing_in_for"),
        why=row.payload.get("reason"),
    )


def _outcome(row: OutgoingMessage) -> Outcome:
    if row.sent_at is not None:
        return "delivered"
    if row.outcome == "failed":
        return "failed"
    return "waiting" if row.outcome is None else "dropped"


def outcome_words(delivery: Delivery, translate: Translate) -> str:
    """`已送达`, `未送达：聊天账号无法送达` …"""
    _ = translate
    if delivery.outcome == "failed" and delivery.reason:
        fault = event_words.undelivered(delivery.reason, translate)
        return _("未送达：{fault}", fault=fault)
    names = {
        "delivered": _("已送达"),
        "failed": _("未送达"),
        "dropped": _("已无需发送"),
        "waiting": _("等待发送"),
    }
    return names[delivery.outcome]


async def unreached(
    session: AsyncSession,
    *,
    courts: frozenset[str] | None,
    province: str | None,
    today: date,
    limit: int,
    officer: str | None = None,
) -> list[Unreached]:
    """Who holds a post that answers filings on `today` and cannot be reached by chat, by court and post.

    Without `limit` reached, this is everybody, or with `officer` everybody whose name contains that:
    never linked first, then those who blocked the bot.
    """
    asked = _unreached_people(courts, province, today).where(*_called(officer))
    people = await session.execute(asked.limit(limit))
    found = {officer.id: (officer, name) for officer, name in people}
    posts, invited = await _posts(session, found, today), await _invited(session, found)
    return [
        Unreached(
            officer_id=officer.id,
            name=officer.name,
            posts=posts[officer.id],
            court_code=officer.court_code,
            court_name=name,
            reason="unlinked" if officer.telegram_id is None else "blocked",
            since=officer.blocked_at,
            invited_at=invited.get(officer.id),
        )
        for officer, name in found.values()
    ]


def _unreached_people(
    courts: frozenset[str] | None, province: str | None, today: date
) -> Select[Officer, str]:
    held = (
        select(OfficerPost.officer_id)
        .where(OfficerPost.officer_id == Officer.id, *_held(today))
        .correlate(Officer)
        .exists()
    )
    return (
        select(Officer, Court.name)
        .join(Court, Court.code == Officer.court_code)
        .where(
            Officer.left_at.is_(None),
            or_(Officer.telegram_id.is_(None), Officer.blocked_at.is_not(None)),
            held,
            *_within(courts, province),
        )
        .order_by(Officer.telegram_id.is_not(None), Court.code, Officer.id)
    )


def _held(today: date) -> list[ColumnElement[bool]]:
    return [
        OfficerPost.post.in_(ANSWERING_POSTS),
        or_(OfficerPost.valid_from.is_(None), OfficerPost.valid_from <= today),
        or_(OfficerPost.valid_to.is_(None), OfficerPost.valid_to >= today),
    ]


async def _posts(
    session: AsyncSession, officer_ids: Iterable[int], today: date
) -> dict[int, tuple[str, ...]]:
    rows = await session.execute(
        select(OfficerPost.officer_id, OfficerPost.post).where(
            and_(OfficerPost.officer_id.in_(list(officer_ids)), *_held(today))
        )
    )
    held: dict[int, set[str]] = {}
    for officer_id, post in rows:
        held.setdefault(officer_id, set()).add(post)
    return {
        officer_id: tuple(post for post in POSTS_BY_RANK if post in posts)
        for officer_id, posts in held.items()
    }


async def _invited(session: AsyncSession, officer_ids: Iterable[int]) -> dict[int, datetime]:
    rows = await session.execute(
        select(Invitation.officer_id, func.max(Invitation.created_at))
        .where(Invitation.officer_id.in_(list(officer_ids)))
        .group_by(Invitation.officer_id)
    )
    return {officer_id: at for officer_id, at in rows}  # noqa: C416 -- rows are no pairs to mypy
