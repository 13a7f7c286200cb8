"""The web application over loopback, with a real database and a real intake. No assertion lives here."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import ClientResponse, ClientSession, web
from yarl import URL

from bot.settings import Settings
from bot.texts import load_texts
from bot.web.application import build, runner
from bot.web.health import DeskHealth
from bot.web.parts import Chat, HandleUpdate, Intake, WebParts
from directory import tokens
from directory.clock import Clock
from directory.database import Database
from directory.search import Searcher
from notifications.desk import DeskRules
from notifications.intake import IntakeQueue
from notifications.ladder import LadderBook

#: A database that nobody serves.
NOWHERE = "postgresql+asyncpg://nobody@127.0.0.1:1/nothing"

FIRST_FILING = {
    "reference": "KY-2019-000123",
    "collaborating_court": "浙72",
    "jurisdiction_court": "辽72",
    "case_type": "civil_first_instance",
    "filed_at": "2019-08-18T09:30:00+08:00",
    "drill": False,
}


@dataclass
class Pulse:
    """What the loops and the chat say of themselves; a test sets it."""

    last_cycle_at: Any
    chat: Chat = "connected"


@dataclass
class WebDesk:
    """The served application, and quick ways to ask it."""

    client: ClientSession
    #: `http://127.0.0.1:port`.
    address: str
    database: Database
    clock: Clock
    pulse: Pulse
    parts: WebParts
    secrets: dict[str, str] = field(default_factory=dict)

    async def token(self, role: str = "admin", name: str | None = None, **scope: str) -> str:
        """A fresh token's secret."""
        async with self.database.transaction() as session:
            return await tokens.create(
                session, name or f"{role}-{len(self.secrets)}", role, now=self.clock.now(), **scope
            )

    async def ask(
        self, method: str, path: str, *, token: str | None = None, **options: Any
    ) -> ClientResponse:
        """One request; without `token` as an administrator, with an empty one as nobody."""
        if token is None:
            token = self.secrets.get("admin") or await self.token("admin")
            self.secrets["admin"] = token
        headers = dict(options.pop("headers", {}))
        if token:
            headers["Authorization"] = f"Bearer {token}"
        url = URL(self.address + path, encoded=True)
        return await self.client.request(method, url, headers=headers, **options)

    async def get(self, path: str, **options: Any) -> ClientResponse:
        return await self.ask("GET", path, **options)

    async def post(self, path: str, body: Any = None, **options: Any) -> ClientResponse:
        if "data" not in options:
            options["json"] = {} if body is None else body
        return await self.ask("POST", path, **options)

    async def file(self, *, token: str | None = None, **changes: Any) -> ClientResponse:
        """The first filing of 2019, with changes; a value of `...` leaves the field out."""
        body = {key: value for key, value in {**FIRST_FILING, **changes}.items() if value != ...}
        return await self.post("/api/v1/filings", body, token=token)


@asynccontextmanager
async def served(
    database: Database,
    clock: Clock,
    *,
    settings: Settings | None = None,
    intake: Intake | None = None,
    handle_update: HandleUpdate | None = None,
) -> AsyncIterator[WebDesk]:
    """The application on a free port of the loopback."""
    desk = DeskRules(ladder=LadderBook.built_in(), timezone="Asia/Shanghai", locale="zh-CN")
    queue = IntakeQueue(database, desk, clock)
    await queue.start()
    pulse = Pulse(clock.now())
    parts = WebParts(
        database=database,
        desk=desk,
        texts=load_texts(),
        clock=clock,
        intake=intake or queue,
        settings=settings or Settings(),
        health=DeskHealth(database, clock, lambda: pulse.last_cycle_at, lambda: pulse.chat),
        searcher=Searcher(database),
        handle_update=handle_update,
    )
    running = runner(build(parts))
    await running.setup()
    site = web.TCPSite(running, "127.0.0.1", 0)
    await site.start()
    host, port = running.addresses[0][:2]
    try:
        async with ClientSession() as client:
            yield WebDesk(client, f"http://{host}:{port}", database, clock, pulse, parts)
    finally:
        await running.cleanup()
        await queue.stop()


def rejecting(error: Exception) -> Callable[[Any], Awaitable[Any]]:
    """A coroutine function that only ever raises."""

    async def refuse(_anything: Any) -> Any:
        await asyncio.sleep(0)
        raise error

    return refuse
