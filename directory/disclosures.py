"""Who saw whose mobile number, when, why and on which way, and the brake on looking people up. Sends nothing.

Who may see a number is decided where it is asked; here what was shown is written down first.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from directory.change_models import Disclosure, LookUps
from directory.invitations import subject
from directory.models import DirectoryRecord, Officer
from directory.texts import Translate

#: The ways on which a number goes, as `Disclosure.channel` has them.
CHAT, PAGE, HTTP = "chat", "page", "http"

#: The reasons to choose from, by the word that stands in a button or form. What is stored is the Chinese.
REASONS: Mapping[str, str] = {
    "filing": "联系立案",
    "check": "核对号码",
    "duty": "值班联络",
    "other": "其他",
}

#: The reason of a system that reads over HTTP: it was given when its token was made.
BY_SYSTEM = "接口读取"

LONGEST_REASON = 200
#: Reasons that are words of ours; any other was typed by whoever looked.
_OURS = frozenset({*REASONS.values(), BY_SYSTEM})
_LONGEST_VIEWER = 128

#: So many people somebody may find in an hour unless the installation says otherwise: a busy counter
#: finds thirty, copying a province takes hundreds.
PER_HOUR = 120

#: The kind of the record that somebody came to the limit, one an hour.
LIMITED = "look_ups_limited"

#: The kind of the record of a full export, which shows every number at once.
EXPORTED = "exported_full"


@dataclass(frozen=True, slots=True)
class Allowed:
    """So many people were found in this hour, these among them; 0 where nothing is counted."""

    count: int


@dataclass(frozen=True, slots=True)
class TooMany:
    """The hour's people are used up: show none. `first` is True once an hour, when it is recorded."""

    #: When the next hour begins, UTC.
    until: datetime
    first: bool


@dataclass(frozen=True, slots=True)
class Reader:
    """Everything that one viewer saw for one reason on one way: how often, and when last."""

    viewer: str
    reason: str
    channel: str
    count: int
    last_at: datetime


def reason_said(reason: str, translate: Translate) -> str:
    """A stored reason in the reader's language, one that was typed as it is: plain, to be filled in."""
    return translate(reason) if reason in _OURS else reason


async def show_mobile(
    session: AsyncSession,
    viewer_label: str,
    viewer_id: int | None,
    officer: Officer,
    *,
    reason: str,
    channel: str,
    now: datetime,
) -> str | None:
    """The officer's whole number, its showing written down in the same transaction.

    Args:
        session: a writing transaction; show the number after its commit only.
        viewer_label: a person with post, or a token's name.
        viewer_id: the viewing officer; None for a token.
        officer: whose number it is.
        reason: why, as it will be told to the officer; its first `LONGEST_REASON` characters are kept.
        channel: `CHAT`, `PAGE` or `HTTP`.
        now: the present.

    Returns:
        The number; None (and nothing written) when none is stored.

    Raises:
        ValueError: the reason is blank.
    """
    if officer.mobile is None:
        return None
    await show_mobiles(
        session, viewer_label, viewer_id, [officer.id], reason=reason, channel=channel, now=now
    )
    return officer.mobile


async def show_mobiles(
    session: AsyncSession,
    viewer_label: str,
    viewer_id: int | None,
    officer_ids: Collection[int],
    *,
    reason: str,
    channel: str,
    now: datetime,
) -> None:
    """Write down that these officers' numbers are shown together: one disclosure each.

    A person's own number is nobody's business but theirs: seeing it is not written down.

    Raises:
        ValueError: the reason is blank.
    """
    kept = reason.strip()[:LONGEST_REASON]
    if not kept:
        message = "a disclosure needs a reason"
        raise ValueError(message)
    rows = [
        {
            "at": now,
            "viewer": viewer_label[:_LONGEST_VIEWER],
            "viewer_id": viewer_id,
            "officer_id": officer_id,
            "reason": kept,
            "channel": channel,
        }
        for officer_id in dict.fromkeys(officer_ids)
        if officer_id != viewer_id
    ]
    if rows:
        await session.execute(insert(Disclosure), rows)


async def of(session: AsyncSession, officer_id: int, limit: int) -> Sequence[Disclosure]:
    """Who saw this officer's number, the latest first."""
    found = await session.scalars(
        select(Disclosure)
        .where(Disclosure.officer_id == officer_id)
        .order_by(Disclosure.at.desc(), Disclosure.id.desc())
        .limit(limit)
    )
    return found.all()


async def readers(session: AsyncSession, officer_id: int, limit: int) -> Sequence[Reader]:
    """The same by reader: a system that reads each minute must not hide a person who read once."""
    last_at = func.max(Disclosure.at)
    found = await session.execute(
        select(Disclosure.viewer, Disclosure.reason, Disclosure.channel, func.count(), last_at)
        .where(Disclosure.officer_id == officer_id)
        .group_by(Disclosure.viewer, Disclosure.reason, Disclosure.channel)
        .order_by(last_at.desc(), Disclosure.viewer)
        .limit(limit)
    )
    return [Reader(*row) for row in found]


async def full_exports(session: AsyncSession, *, since: datetime | None = None) -> int:
    """How often every number left in one file; each is one record and no disclosure of 50,000 people."""
    query = select(func.count()).where(DirectoryRecord.kind == EXPORTED)
    if since is not None:
        query = query.where(DirectoryRecord.at >= since)
    return await session.scalar(query) or 0


async def count_look_up(
    session: AsyncSession,
    officer_id: int,
    people: int,
    *,
    now: datetime,
    per_hour: int = PER_HOUR,
) -> Allowed | TooMany:
    """Count `people` found by an officer in this hour, before they are shown.

    The look-up that reaches the limit is still answered, the next is not: whoever found two names too
    many must not come away with none. Courts are not people: nothing is counted for none.

    Args:
        session: a writing transaction.
        officer_id: who asks.
        people: how many the answer would name.
        now: decides the hour.
        per_hour: from how many on nobody else is shown; 0 counts nothing.

    Returns:
        `Allowed`, or `TooMany` with the beginning of the next hour; the first one of an hour is recorded.
    """
    if per_hour <= 0 or people <= 0:
        return Allowed(0)
    hour = now.replace(minute=0, second=0, microsecond=0)
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    statement = dialect.insert(LookUps).values(officer_id=officer_id, hour=hour, count=people)
    # One statement: two searches at the same instant are both counted.
    count: int | None = await session.scalar(
        statement.on_conflict_do_update(
            index_elements=["officer_id", "hour"],
            set_={"count": LookUps.count + people},
            where=LookUps.count < per_hour,
        ).returning(LookUps.count)
    )
    if count is not None:
        return Allowed(count)
    return TooMany(hour + timedelta(hours=1), await _record_limit(session, officer_id, hour, now))


async def _record_limit(
    session: AsyncSession, officer_id: int, hour: datetime, now: datetime
) -> bool:
    """Record that the officer came to the limit, unless it was in this hour; whether it is the first time."""
    # The row is the lock: of two refusals at once the second sees the first one's record.
    await session.execute(
        select(LookUps.id)
        .where(LookUps.officer_id == officer_id, LookUps.hour == hour)
        .with_for_update()
    )
    who = subject(await session.get_one(Officer, officer_id))
    before = await session.scalar(
        select(DirectoryRecord.id)
        .where(
            DirectoryRecord.subject == who,
            DirectoryRecord.kind == LIMITED,
            DirectoryRecord.at >= hour,
        )
        .limit(1)
    )
    if before is not None:
        return False
    session.add(DirectoryRecord(at=now, who=who, kind=LIMITED, subject=who))
    await session.flush()
    return True
