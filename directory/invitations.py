"""One-time codes by which officers link their chat accounts, and the brake on guessing them. Sends nothing."""

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload, selectinload

from directory import changes
from directory.errors import AccountAlreadyLinked, InvitationRefused, OfficerNotFound
from directory.models import DirectoryRecord, Invitation, LinkAttempt, Officer

#: 192 bits, 32 characters of the alphabet Telegram allows in a start link.
_CODE_BYTES = 24
_LONGEST_CODE = 128
LIFETIME = timedelta(hours=24)

#: Failures after which an account must wait until the oldest of them is `ACCOUNT_WINDOW` old.
ACCOUNT_FAILURES = 5
ACCOUNT_WINDOW = timedelta(minutes=15)
#: Failures of all accounts together after which everybody must wait.
OVERALL_FAILURES = 100
OVERALL_WINDOW = timedelta(minutes=1)
#: Failures are forgotten after so long; nothing looks further back.
KEPT = timedelta(days=1)

#: Any number that nothing else locks: counting failures and adding one must not interleave.
_LOCK = 7_261_001


@dataclass(frozen=True, slots=True)
class Slowed:
    """Too many wrong codes lately: this one was not even looked at. Try again from `retry_at` (UTC)."""

    retry_at: datetime


async def invite(
    session: AsyncSession, officer: Officer, *, now: datetime, who: str = "cli"
) -> str:
    """Make a code for `officer`, good once and for `LIFETIME`; earlier unused ones become worthless.

    Only its SHA-256 is stored. Recorded under `who`.

    Raises:
        OfficerNotFound: the person left the court.
    """
    if officer.left_at is not None:
        raise OfficerNotFound(words=subject(officer))
    await void(session, officer.id, now=now)
    code = secrets.token_urlsafe(_CODE_BYTES)
    session.add(
        Invitation(
            code_hash=_hash(code), officer_id=officer.id, created_at=now, expires_at=now + LIFETIME
        )
    )
    _record(session, officer, "invited", who=who, now=now)
    await session.flush()
    return code


async def void(session: AsyncSession, officer_id: int, *, now: datetime) -> None:
    """Make the officer's unused codes worthless."""
    await void_all(session, [officer_id], now=now)


async def void_all(session: AsyncSession, officer_ids: Collection[int], *, now: datetime) -> None:
    """The same for several; at most a thousand."""
    await session.execute(
        update(Invitation)
        .where(
            Invitation.officer_id.in_(officer_ids),
            Invitation.used_at.is_(None),
            Invitation.expires_at > now,
        )
        .values(expires_at=now)
    )


async def accept_invitation(
    session: AsyncSession, telegram_id: int, code: str, *, now: datetime
) -> Officer | Slowed | InvitationRefused | AccountAlreadyLinked:
    """Link the chat account to the person the code was made for.

    The two errors are returned, not raised: raising would roll back the record of the failure, and
    with it the brake. Commit the transaction whatever comes back.

    Returns:
        The officer, court and posts loaded (also when the same account brings its code again);
        `Slowed` when there were too many failures; `InvitationRefused` for a code that is unknown,
        used or too old; `AccountAlreadyLinked` when the account belongs to another person, the
        code staying good.
    """
    await _one_at_a_time(session)
    retry_at = await _retry_at(session, telegram_id, now)
    if retry_at is not None:
        return Slowed(retry_at)
    invitation = await _invitation(session, code)
    officer = None if invitation is None else await _invited(session, invitation)
    if invitation is None or officer is None or officer.left_at is not None:
        return await _failed(session, telegram_id, now)
    if invitation.used_at is not None and officer.telegram_id == telegram_id:
        return officer
    holder = await _holder(session, telegram_id)
    if holder is not None and holder is not officer and holder.left_at is None:
        return AccountAlreadyLinked(name=holder.name, court=holder.court.name)
    if not await _use(session, invitation, now):
        return await _failed(session, telegram_id, now)
    if holder is not None and holder is not officer:
        # A person who left lets go of the account before another takes it: it is unique.
        _take_account(session, holder, None, who=subject(officer), now=now)
        await session.flush()
    await _link(session, officer, telegram_id, now)
    return officer


async def _holder(session: AsyncSession, telegram_id: int) -> Officer | None:
    holder: Officer | None = await session.scalar(
        select(Officer).options(joinedload(Officer.court)).where(Officer.telegram_id == telegram_id)
    )
    return holder


async def _link(session: AsyncSession, officer: Officer, telegram_id: int, now: datetime) -> None:
    moved = officer.telegram_id is not None and officer.telegram_id != telegram_id
    _take_account(session, officer, telegram_id, who=subject(officer), now=now)
    officer.linked_at = now
    officer.blocked_at = None
    officer.updated_at = now
    _record(session, officer, "relinked" if moved else "linked", who=subject(officer), now=now)
    await session.flush()


def _take_account(
    session: AsyncSession, officer: Officer, account: int | None, *, who: str, now: datetime
) -> None:
    changes.record(
        session,
        who=who,
        court_code=officer.court_code,
        officer_id=officer.id,
        kind="changed",
        before={"telegram_id": officer.telegram_id},
        after={"telegram_id": account},
        now=now,
    )
    officer.telegram_id = account


async def _use(session: AsyncSession, invitation: Invitation, now: datetime) -> bool:
    """Mark the code used; False when somebody else just did."""
    used = await session.scalar(
        update(Invitation)
        .where(
            Invitation.code_hash == invitation.code_hash,
            Invitation.used_at.is_(None),
            Invitation.expires_at > now,
        )
        .values(used_at=now)
        .returning(Invitation.officer_id)
        .execution_options(synchronize_session=False)
    )
    return used is not None


async def _retry_at(session: AsyncSession, telegram_id: int, now: datetime) -> datetime | None:
    """Until when this account must wait; None when it may try."""
    own = await session.scalar(
        select(LinkAttempt.at)
        .where(LinkAttempt.telegram_id == telegram_id, LinkAttempt.at > now - ACCOUNT_WINDOW)
        .order_by(LinkAttempt.at.desc())
        .offset(ACCOUNT_FAILURES - 1)
        .limit(1)
    )
    everybody = await session.scalar(
        select(LinkAttempt.at)
        .where(LinkAttempt.at > now - OVERALL_WINDOW)
        .order_by(LinkAttempt.at.desc())
        .offset(OVERALL_FAILURES - 1)
        .limit(1)
    )
    waits = [
        at + window
        for at, window in ((own, ACCOUNT_WINDOW), (everybody, OVERALL_WINDOW))
        if at is not None
    ]
    return max(waits, default=None)


async def _failed(session: AsyncSession, telegram_id: int, now: datetime) -> InvitationRefused:
    await session.execute(delete(LinkAttempt).where(LinkAttempt.at < now - KEPT))
    session.add(LinkAttempt(telegram_id=telegram_id, at=now))
    await session.flush()
    return InvitationRefused()


async def _invitation(session: AsyncSession, code: str) -> Invitation | None:
    if not code or len(code) > _LONGEST_CODE:
        return None
    return await session.get(Invitation, _hash(code), populate_existing=True)


async def _invited(session: AsyncSession, invitation: Invitation) -> Officer | None:
    """Whom the code was made for, as they are once nobody else writes the directory."""
    await changes.lock(session)
    officer: Officer | None = await session.scalar(
        select(Officer)
        .options(joinedload(Officer.court), selectinload(Officer.posts))
        .where(Officer.id == invitation.officer_id)
        .execution_options(populate_existing=True)
    )
    return officer


async def _one_at_a_time(session: AsyncSession) -> None:
    """Let one code be tried at a time until this transaction ends. SQLite has one writer anyway."""
    if session.get_bind().dialect.name == "postgresql":
        await session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})


def _hash(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()


def subject(officer: Officer) -> str:
    """How records name a person: `辽0211:张伟`."""
    return f"{officer.court_code}:{officer.name}"


def _record(session: AsyncSession, officer: Officer, kind: str, *, who: str, now: datetime) -> None:
    session.add(
        DirectoryRecord(
            at=now, who=who, kind=kind, subject=subject(officer), detail=f"officer {officer.id}"
        )
    )
