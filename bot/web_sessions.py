"""Who a browser is signed in as: one-time links, sessions, and the viewer judged anew at each request. No page.

Codes and session secrets are random and stored as SHA-256 alone. A session says only which officer or
token it belongs to: what they hold, and whether they may still look, is asked of today's directory.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import CursorResult, delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload, selectinload

from bot import standing_in
from bot.models import WebLogin, WebSession
from directory import courts, tokens
from directory.court_codes import SUPREME
from directory.duty import local_day
from directory.models import ApiToken, Officer
from directory.officers import posts_on
from directory.roster import COORDINATOR

#: How long a link from the chat can be used, and how long a browser then stays signed in.
LINK_LIFETIME = timedelta(minutes=5)
SESSION_LIFETIME = timedelta(hours=12)
#: A screen on a wall has nobody who would sign it in each morning; its token can be revoked at once.
SCREEN_LIFETIME = timedelta(days=30)

#: Roles of tokens that open pages; `board` opens the board alone.
SCREEN = "board"
TOKEN_ROLES = frozenset({SCREEN, "reader", "coordinator", "admin"})

OFFICER = "officer"

_SECRET_BYTES = 32
_LONGEST = 128


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks at a page, as of this request.

    Without `scope_court` and `scope_province` the viewer sees the nation.
    """

    #: An officer's name or a token's.
    name: str
    #: `officer` or the token's role.
    role: str
    #: The one court or the one province whose filings are shown.
    scope_court: str | None = None
    scope_province: str | None = None
    #: What the scope is called; empty for the nation.
    place: str = ""
    #: The officer with court and posts; None for a token.
    officer: Officer | None = None
    #: Posts held today.
    posts: frozenset[str] = frozenset()
    #: The closed courts that the officer, or the own court, answers for today.
    served: frozenset[str] = frozenset()

    @property
    def locale(self) -> str | None:
        """The language chosen in chat; None when none was."""
        return self.officer.language if self.officer is not None else None

    @property
    def is_screen(self) -> bool:
        """Whether this is a wall screen, which sees the board and nothing else."""
        return self.role == SCREEN

    @property
    def is_coordinator(self) -> bool:
        """Whether the viewer coordinates a province today."""
        return COORDINATOR in self.posts


@dataclass(frozen=True, slots=True)
class Opened:
    """A session just opened; its `secret` goes into the browser's cookie and is stored nowhere."""

    secret: str
    #: How long the cookie outlives the browser; None: it goes with it.
    kept: timedelta | None = None


async def make_link(session: AsyncSession, officer_id: int, *, now: datetime) -> str:
    """A code by which `officer_id` signs one browser in, once, within `LINK_LIFETIME`.

    An earlier unused one dies: only the newest message in the chat holds a link that works.
    """
    await session.execute(
        delete(WebLogin).where(WebLogin.officer_id == officer_id, WebLogin.used_at.is_(None))
    )
    code = secrets.token_urlsafe(_SECRET_BYTES)
    session.add(
        WebLogin(
            code_hash=_hash(code),
            officer_id=officer_id,
            created_at=now,
            expires_at=now + LINK_LIFETIME,
        )
    )
    await session.flush()
    return code


async def is_open(session: AsyncSession, code: str, *, now: datetime) -> bool:
    """Whether a code could be used now. Uses nothing up: any crawler may ask."""
    if len(code) > _LONGEST:
        return False
    found: WebLogin | None = await session.get(WebLogin, _hash(code))
    return found is not None and found.used_at is None and found.expires_at > now


async def use_link(
    session: AsyncSession, code: str, *, now: datetime, timezone: str
) -> Opened | None:
    """Use a code up and sign in whom it was made for.

    None when the code is unknown, used or expired, or when that person may no longer look.
    """
    if len(code) > _LONGEST:
        return None
    used = await session.execute(
        update(WebLogin)
        .where(
            WebLogin.code_hash == _hash(code),
            WebLogin.used_at.is_(None),
            WebLogin.expires_at > now,
        )
        .values(used_at=now)
    )
    if not isinstance(used, CursorResult) or used.rowcount != 1:
        return None
    login = await session.get_one(WebLogin, _hash(code), populate_existing=True)
    if await _officer(session, login.officer_id, login.created_at, now, timezone) is None:
        return None
    return Opened(_open(session, now, SESSION_LIFETIME, officer_id=login.officer_id))


async def use_token(session: AsyncSession, secret: str, *, now: datetime) -> Opened | None:
    """Sign in by an API token; None when it is not valid or opens no page."""
    token = await tokens.authenticate(session, secret)
    if token is None or token.role not in TOKEN_ROLES:
        return None
    if token.role == SCREEN:
        # A screen that is switched off at night must still be signed in in the morning.
        return Opened(_open(session, now, SCREEN_LIFETIME, token_id=token.id), SCREEN_LIFETIME)
    return Opened(_open(session, now, SESSION_LIFETIME, token_id=token.id))


async def viewer(
    session: AsyncSession, secret: str, *, now: datetime, timezone: str
) -> Viewer | None:
    """Who holds this session's secret, judged by today's directory; None when nobody may look by it."""
    if not secret or len(secret) > _LONGEST:
        return None
    held: WebSession | None = await session.get(WebSession, _hash(secret))
    if held is None or held.expires_at <= now:
        return None
    if held.officer_id is not None:
        return await _officer(session, held.officer_id, held.created_at, now, timezone)
    return await _token(session, held.token_id)


async def end(session: AsyncSession, secret: str) -> None:
    """Sign a browser out."""
    await session.execute(delete(WebSession).where(WebSession.secret_hash == _hash(secret)))


async def _officer(
    session: AsyncSession, officer_id: int, since: datetime, now: datetime, timezone: str
) -> Viewer | None:
    """The officer as a viewer, unless the person left, holds no post today or lost the account since."""
    officer: Officer | None = await session.scalar(
        select(Officer)
        .options(joinedload(Officer.court), selectinload(Officer.posts))
        .where(Officer.id == officer_id)
    )
    if officer is None or officer.telegram_id is None:
        return None
    if officer.linked_at is not None and officer.linked_at > since:
        # Linked anew: what an earlier, perhaps lost, phone opened stays shut.
        return None
    posts = posts_on(officer, local_day(officer.court, now, timezone))
    if not posts:
        return None
    court, scope_court, scope_province = officer.court, None, None
    place = court.name
    if COORDINATOR not in posts:
        scope_court = court.code
    elif court.code == SUPREME:
        place = ""
    else:
        scope_province = place = court.province
    served: frozenset[str] = frozenset()
    if scope_court is not None:
        served = await standing_in.served_today(session, officer, now=now, timezone=timezone)
    return Viewer(officer.name, OFFICER, scope_court, scope_province, place, officer, posts, served)


async def _token(session: AsyncSession, token_id: int | None) -> Viewer | None:
    token = await session.get(ApiToken, token_id) if token_id is not None else None
    if token is None or token.revoked_at is not None:
        return None
    place = token.province or ""
    if token.court_code is not None:
        place = (await courts.get(session, token.court_code)).name
    return Viewer(token.name, token.role, token.court_code, token.province, place)


def _open(
    session: AsyncSession,
    now: datetime,
    lifetime: timedelta,
    *,
    officer_id: int | None = None,
    token_id: int | None = None,
) -> str:
    secret = secrets.token_urlsafe(_SECRET_BYTES)
    session.add(
        WebSession(
            secret_hash=_hash(secret),
            officer_id=officer_id,
            token_id=token_id,
            created_at=now,
            expires_at=now + lifetime,
        )
    )
    return secret


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
