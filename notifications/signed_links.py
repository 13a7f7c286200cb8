"""Signed links: by one of them one officer acknowledges one filing, without an account. No page, no letter.

A link is a secret of 192 bits of which only the hash is stored, so that it can be in a letter and nowhere
else. It ends after twelve hours, when it was used, and when the filing is answered. Opening it changes
nothing; only a press does, and that is judged by today's directory like any other.
"""

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload, selectinload

from directory import officers
from directory.duty import local_day
from directory.models import Officer
from notifications import acknowledgements
from notifications.desk import DeskRules
from notifications.models import Filing, SignedLink
from notifications.outcomes import Done, Outcome
from notifications.permissions import Actor

#: How long a link lives.
LIFETIME = timedelta(hours=12)

#: What a link can look like; anything else was never issued.
_TOKEN = re.compile(r"[A-Za-z0-9_-]{32}")

#: Why a link is dead: no such link, its time is over, it was used.
Dead = Literal["unknown", "expired", "used"]


@dataclass(frozen=True, slots=True)
class Opened:
    """A link that was issued, its filing as it stands, and as whom a press would count today."""

    link: SignedLink
    filing: Filing
    officer: Officer
    actor: Actor


@dataclass(frozen=True, slots=True)
class Pressed:
    """What came of a press."""

    opened: Opened
    outcome: Outcome


async def issue(session: AsyncSession, filing_id: int, officer_id: int, *, now: datetime) -> str:
    """A fresh link's secret, to be put into a letter and kept nowhere."""
    token = secrets.token_urlsafe(24)
    session.add(
        SignedLink(
            token_hash=_hash(token),
            filing_id=filing_id,
            officer_id=officer_id,
            created_at=now,
            expires_at=now + LIFETIME,
        )
    )
    await session.flush()
    return token


async def open_link(
    session: AsyncSession, token: str, desk: DeskRules, *, now: datetime
) -> Opened | Dead:
    """The link of this secret; of a used one also, once its filing is answered, for it says by whom."""
    link = await session.get(SignedLink, _hash(token)) if _TOKEN.fullmatch(token) else None
    if link is None:
        return "unknown"
    if now >= link.expires_at:
        return "expired"
    filing = await session.get_one(Filing, link.filing_id, populate_existing=True)
    if link.used_at is not None and filing.state == "waiting":
        return "used"  # The acknowledgment was taken back.
    officer = (
        await session.scalars(
            select(Officer)
            .options(joinedload(Officer.court), selectinload(Officer.posts))
            .where(Officer.id == link.officer_id)
        )
    ).one()
    return Opened(link, filing, officer, _actor(officer, desk, now))


async def press(
    session: AsyncSession, token: str, desk: DeskRules, *, now: datetime
) -> Pressed | Dead:
    """签收 by the link's officer, as they stand in the directory today."""
    opened = await open_link(session, token, desk, now=now)
    if not isinstance(opened, Opened):
        return opened
    outcome = await acknowledgements.accept(session, opened.filing.id, opened.actor, desk, now=now)
    if isinstance(outcome, Done):
        opened.link.used_at = now
        await session.flush()
    return Pressed(opened, outcome)


async def void(session: AsyncSession, officer_id: int, *, now: datetime) -> None:
    """End every link of this officer: the phone that got them is in other hands."""
    await session.execute(
        update(SignedLink)
        .where(SignedLink.officer_id == officer_id, SignedLink.expires_at > now)
        .values(expires_at=now)
        .execution_options(synchronize_session=False)
    )


def _actor(officer: Officer, desk: DeskRules, now: datetime) -> Actor:
    posts = officers.posts_on(officer, local_day(officer.court, now, desk.timezone))
    post = officers.main_post(posts)
    return Actor(
        officers.display(officer, post),
        officer.name,
        "officer",
        officer.id,
        officer.court_code,
        officer.court.province,
        post,
        posts,
    )


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
