"""Bearer tokens of the HTTP API: made, revoked, recognised. What each role may do is decided where it is asked."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from directory import courts
from directory.court_codes import PROVINCES, normalise
from directory.database import wake
from directory.errors import ProvinceNotFound, TokenExists, TokenNotFound
from directory.models import ApiToken, Court, DirectoryRecord

#: Woken when a token is revoked: whoever remembers tokens forgets them.
TOPIC = "tokens"

ROLES = ("intake", "reader", "coordinator", "admin", "board")

#: Lets a scanner recognise a secret that was pasted where it does not belong.
PREFIX = "liaison_"
_SECRET_BYTES = 32
_LONGEST_SECRET = 128


async def create(
    session: AsyncSession,
    name: str,
    role: str,
    *,
    court: str | None = None,
    province: str | None = None,
    now: datetime,
    who: str = "cli",
) -> str:
    """Make a token and return its secret, which is stored nowhere and cannot be shown again.

    `court` is a code, `province` a name such as 辽宁省; at most one of them narrows the token.

    Raises:
        ValueError: the role is not one of `ROLES`, the name is empty, or both scopes are given.
        CourtNotFound: no such court.
        ProvinceNotFound: no such province.
        TokenExists: a valid token has this name.
    """
    if role not in ROLES or not name.strip() or (court and province):
        message = "a token needs a name, a known role and at most one scope"
        raise ValueError(message)
    scope_court = (await courts.get(session, court)).code if court else None
    scope_province = await _province(session, province) if province else None
    name = name.strip()
    if await _valid(session, name) is not None:
        raise TokenExists(name=name)
    secret = PREFIX + secrets.token_urlsafe(_SECRET_BYTES)
    session.add(
        ApiToken(
            name=name,
            secret_hash=_hash(secret),
            role=role,
            court_code=scope_court,
            province=scope_province,
            created_at=now,
        )
    )
    detail = " ".join(filter(None, (role, scope_court, scope_province)))
    session.add(DirectoryRecord(at=now, who=who, kind="token_created", subject=name, detail=detail))
    await session.flush()
    return secret


async def revoke(session: AsyncSession, name: str, *, now: datetime, who: str = "cli") -> ApiToken:
    """Make a token worthless from the next request on; recorded.

    Raises:
        TokenNotFound: no valid token has this name.
    """
    token = await _valid(session, name.strip())
    if token is None:
        raise TokenNotFound(name=name)
    token.revoked_at = now
    wake(session, TOPIC)
    session.add(DirectoryRecord(at=now, who=who, kind="token_revoked", subject=token.name))
    await session.flush()
    return token


async def all(session: AsyncSession) -> Sequence[ApiToken]:  # noqa: A001
    """Every token, revoked ones too, by name and age."""
    found = await session.scalars(select(ApiToken).order_by(ApiToken.name, ApiToken.id))
    return found.all()


async def authenticate(session: AsyncSession, secret: str) -> ApiToken | None:
    """The valid token with this secret.

    The lookup is by hash, so how long it takes says nothing about how much of a secret was right.
    """
    if len(secret) > _LONGEST_SECRET:
        return None
    token: ApiToken | None = await session.scalar(
        select(ApiToken).where(ApiToken.secret_hash == _hash(secret), ApiToken.revoked_at.is_(None))
    )
    return token


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


async def _valid(session: AsyncSession, name: str) -> ApiToken | None:
    token: ApiToken | None = await session.scalar(
        select(ApiToken).where(ApiToken.name == name, ApiToken.revoked_at.is_(None))
    )
    return token


async def _province(session: AsyncSession, words: str) -> str:
    """The province as the directory writes it; 辽宁 will do for 辽宁省 where only one begins so."""
    stored: set[str] = set(await session.scalars(select(Court.province).distinct()))
    known = stored.union(PROVINCES.values())
    key = normalise(words)
    exact = [province for province in known if normalise(province) == key]
    begun = [province for province in known if len(key) > 1 and normalise(province).startswith(key)]
    for found in (exact, begun):
        if len(found) == 1:
            return found[0]
    raise ProvinceNotFound(province=words)
