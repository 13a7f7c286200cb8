"""Who asks: the bearer token of a request. What a token may do is decided in `bot.web.scopes`.

A token that was found valid is remembered for a fifth of a second, so that a burst of filings costs
no lookup each. A revocation forgets everything at once: in this process by the wake-up of its
commit, in another instance by NOTIFY; on SQLite, revoked from the command line, it holds when the
fifth of a second is over. Lookups that wait at the same time share one transaction.
"""

import asyncio
import hashlib
from collections import deque
from dataclasses import dataclass

from aiohttp import web

from bot.web.languages import translate_for
from bot.web.problems import Problem
from directory import tokens
from directory.database import Database
from directory.models import ApiToken

#: How many requests one transaction answers at the most.
BATCH = 256

#: How long (seconds) a valid token is remembered.
MEMORY_SECONDS = 0.2
#: How many are remembered at the most.
MOST_REMEMBERED = 4096

_REALM = 'Bearer realm="liaison"'


@dataclass(frozen=True, slots=True)
class Caller:
    """A valid token: its name, its role and what narrows it."""

    name: str
    role: str
    court: str | None = None
    province: str | None = None


class Authenticator:
    """Looks tokens up."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: deque[tuple[str, asyncio.Future[Caller | None]]] = deque()
        self._task: asyncio.Task[None] | None = None
        self._changed = database.wakeups.event(tokens.TOPIC)
        #: Valid tokens by the hash of their secret, each with when (loop time) it is forgotten.
        self._remembered: dict[bytes, tuple[Caller, float]] = {}

    async def caller(self, secret: str) -> Caller | None:
        """The token with this secret; None when there is no valid one.

        Raises:
            sqlalchemy.exc.SQLAlchemyError, OSError: the database cannot be asked.
        """
        if self._changed.is_set():
            self._changed.clear()
            self._remembered.clear()
        loop = asyncio.get_running_loop()
        known = self._remembered.get(_key(secret))
        if known is not None and loop.time() < known[1]:
            return known[0]
        answer: asyncio.Future[Caller | None] = loop.create_future()
        self._waiting.append((secret, answer))
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._work(), name="authentication")
        return await answer

    async def close(self) -> None:
        """Let the lookups under way end."""
        if self._task is not None:
            await self._task

    def _remember(self, found: dict[str, Caller], asked_at: float) -> None:
        """Remember what was found, unless a token was revoked since it was asked for."""
        if self._changed.is_set():
            return
        if len(self._remembered) > MOST_REMEMBERED:
            self._remembered.clear()
        for secret, caller in found.items():
            self._remembered[_key(secret)] = caller, asked_at + MEMORY_SECONDS

    async def _work(self) -> None:
        while self._waiting:
            asked_at = asyncio.get_running_loop().time()
            count = min(BATCH, len(self._waiting))
            batch = [self._waiting.popleft() for _ in range(count)]
            try:
                found = await self._look_up({secret for secret, _answer in batch})
            except Exception as error:  # noqa: BLE001 -- whatever it is, those who wait must hear of it
                for _secret, answer in batch:
                    if not answer.done():
                        answer.set_exception(error)
                continue
            self._remember(found, asked_at)
            for secret, answer in batch:
                if not answer.done():
                    answer.set_result(found.get(secret))

    async def _look_up(self, secrets: set[str]) -> dict[str, Caller]:
        found: dict[str, Caller] = {}
        async with self._database.reading() as session:
            for secret in secrets:
                token = await tokens.authenticate(session, secret)
                if token is not None:
                    found[secret] = _caller(token)
        return found


AUTHENTICATOR = web.AppKey("authenticator", Authenticator)


def _key(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


def _caller(token: ApiToken) -> Caller:
    return Caller(token.name, token.role, token.court_code, token.province)


async def authenticate(request: web.Request) -> Caller:
    """Who sends this request.

    Raises:
        Problem: 401, without a token or with one that is not valid.
    """
    _ = translate_for(request)
    scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
    secret = secret.strip()
    if scheme.lower() != "bearer" or not secret.isascii() or not secret:
        raise Problem(
            401,
            _("请在请求头写明令牌：Authorization: Bearer 令牌。令牌由管理员用 token create 签发。"),
            headers={"WWW-Authenticate": _REALM},
        )
    caller = await request.app[AUTHENTICATOR].caller(secret)
    if caller is None:
        raise Problem(
            401,
            _("令牌无效或已作废。请向管理员索取新的令牌。"),
            headers={"WWW-Authenticate": f'{_REALM}, error="invalid_token"'},
        )
    return caller
