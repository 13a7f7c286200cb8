"""Conversations under way, as rows: opened, found again by a press or a reply, closed once. What they mean is elsewhere."""

import re
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CursorResult, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.models import Draft

# Eighteen digits: every such number fits a database's key, whoever made it up; in a choice as well.
_DATA = re.compile(r"draft:([1-9][0-9]{0,17}):([A-Za-z0-9_-]{1,12}):((?!\S*\d{19})\S{1,24})")


@dataclass(frozen=True, slots=True)
class Choice:
    """A press of a conversation's button."""

    draft_id: int
    nonce: str
    choice: str


def encode(draft: Draft, choice: str) -> str:
    """Callback data, at most 64 bytes for choices of up to 24."""
    return f"draft:{draft.id}:{draft.nonce}:{choice}"


def decode(data: str) -> Choice | None:
    """What was chosen; None for anything that `encode` did not write."""
    match = _DATA.fullmatch(data)
    return Choice(int(match[1]), match[2], match[3]) if match else None


async def begin(
    session: AsyncSession,
    *,
    kind: str,
    chat_id: int,
    telegram_id: int,
    data: Mapping[str, Any],
    lifetime: timedelta,
    now: datetime,
) -> Draft:
    """Open a conversation; an earlier one of the same kind, person and chat ends."""
    await session.execute(
        update(Draft)
        .where(
            Draft.chat_id == chat_id,
            Draft.telegram_id == telegram_id,
            Draft.kind == kind,
            Draft.done_at.is_(None),
        )
        .values(done_at=now)
        .execution_options(synchronize_session=False)
    )
    draft = Draft(
        chat_id=chat_id,
        telegram_id=telegram_id,
        kind=kind,
        data=dict(data),
        nonce=_nonce(),
        expires_at=now + lifetime,
        done_at=None,
    )
    session.add(draft)
    await session.flush()
    return draft


async def pressed(session: AsyncSession, choice: Choice, chat_id: int) -> Draft | None:
    """The conversation a button belongs to, locked; None when the button is forged or of another chat."""
    draft: Draft | None = await session.scalar(
        select(Draft)
        .where(Draft.id == choice.draft_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if draft is None or draft.chat_id != chat_id:
        return None
    return draft if secrets.compare_digest(draft.nonce.encode(), choice.nonce.encode()) else None


async def under_way(
    session: AsyncSession, kind: str, chat_id: int, telegram_id: int, *, now: datetime
) -> Draft | None:
    """The person's open conversation of this kind in this chat, locked."""
    found = await open_ones(session, (kind,), chat_id, telegram_id, now=now)
    return found[0] if found else None


async def open_ones(
    session: AsyncSession, kinds: Iterable[str], chat_id: int, telegram_id: int, *, now: datetime
) -> Sequence[Draft]:
    """The person's open conversations of these kinds in this chat, locked, the one begun last first."""
    found = await session.scalars(
        select(Draft)
        .where(
            Draft.chat_id == chat_id,
            Draft.telegram_id == telegram_id,
            Draft.kind.in_(tuple(kinds)),
            Draft.done_at.is_(None),
            Draft.expires_at > now,
        )
        .order_by(Draft.id.desc())
        .with_for_update()
    )
    return found.all()


def is_open(draft: Draft, *, now: datetime) -> bool:
    """Whether it can still be answered."""
    return draft.done_at is None and now < draft.expires_at


async def close(session: AsyncSession, draft: Draft, *, now: datetime) -> bool:
    """End it; False when somebody else just did: then nothing may follow from it a second time."""
    ended = await session.execute(
        update(Draft)
        .where(Draft.id == draft.id, Draft.done_at.is_(None))
        .values(done_at=now)
        .execution_options(synchronize_session=False)
    )
    if not isinstance(ended, CursorResult) or ended.rowcount == 0:
        return False
    await session.refresh(draft)
    return True


def go_on(draft: Draft, data: Mapping[str, Any], *, lifetime: timedelta, now: datetime) -> None:
    """Take the next step: the buttons shown before are worth nothing from now on."""
    draft.data = dict(data)
    draft.nonce = _nonce()
    draft.expires_at = now + lifetime


async def move_chat(session: AsyncSession, old: int, new: int) -> None:
    """Follow a group that has a new number."""
    await session.execute(update(Draft).where(Draft.chat_id == old).values(chat_id=new))


def _nonce() -> str:
    return secrets.token_urlsafe(6)
