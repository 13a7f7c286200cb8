"""The stage of the demo: a temporary database, the local Telegram with its people, and the real product on both."""

import logging
import random
import secrets
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import aiohttp
import structlog

from bot import migrations
from bot.app import App, build
from bot.sandbox import Group, LocalTelegram, Phone
from bot.settings import Settings
from directory import demo_data, duty, imports, officers, tokens
from directory.clock import Clock
from directory.courts import get
from directory.database import Database
from directory.errors import LiaisonError
from directory.models import Officer
from directory.texts import LOCALES, Texts
from notifications import faq

JURISDICTION, COLLABORATING, HIGH = "辽72", "浙72", "辽"

#: What the demo files with a maritime court.
_CASE_TYPES = ("civil_first_instance", "enforcement")

#: How the desk says in every language that something was linked.
DONE = "✅"

#: Who gets a phone: (name on the page, court, post).
CAST = (
    ("A岗", JURISDICTION, "A"),
    ("B岗", JURISDICTION, "B"),
    ("带班领导", JURISDICTION, "leader"),
    ("省级协调员", HIGH, "coordinator"),
    ("协作法院", COLLABORATING, "A"),
)


class FilingNotTaken(LiaisonError):
    """立案 {reference} 未被收下：{why}。"""


@dataclass(frozen=True, slots=True)
class Past:
    """How many filings a history brought, and what else: deeds by what made them, as `season_told` counts them."""

    filings: int
    told: Mapping[str, Counter[str]]


class Narrator:
    """Prints one line a step, with the seconds since the start."""

    def __init__(self) -> None:
        self._began = time.monotonic()

    def says(self, text: str) -> None:
        """Print `text` with its time."""
        print(f"{time.monotonic() - self._began:6.2f}s  {text}", flush=True)


@dataclass(frozen=True, slots=True)
class Stage:
    """Everything a scene needs."""

    app: App
    telegram: LocalTelegram
    phones: dict[str, Phone]
    groups: dict[str, Group]
    token: str
    client: aiohttp.ClientSession
    #: How many courts and people the directory holds.
    courts: int
    people: int
    #: What is behind it, with a history.
    past: "Past | None"

    async def file(self, reference: str) -> None:
        """Hand in one filing at the counter of the collaborating court, over HTTP.

        Raises:
            FilingNotTaken: the answer was neither 201 nor 200.
        """
        status, answer = await self.call(
            "POST",
            "/api/v1/filings",
            {
                "reference": reference,
                "collaborating_court": COLLABORATING,
                "jurisdiction_court": JURISDICTION,
                "case_type": random.choice(_CASE_TYPES),  # noqa: S311 -- any will do
            },
        )
        if status not in {200, 201}:
            raise FilingNotTaken(reference=reference, why=answer.get("detail", status))

    async def call(
        self, method: str, path: str, body: dict[str, Any] | None = None
    ) -> tuple[int, dict[str, Any]]:
        """One request to the product's own HTTP API, with the demo's token."""
        headers = {"Authorization": f"Bearer {self.token}"}
        address = self.app.http_address + path
        async with self.client.request(method, address, json=body, headers=headers) as answer:
            return answer.status, await answer.json()


@asynccontextmanager
async def opened(
    http_port: int, locale: str, clock: Clock, *, with_history: bool = False
) -> AsyncIterator[Stage]:
    """Set the stage, on the recorded season if it is wanted; afterwards nothing of it is left on the disk."""
    # The demo speaks through its page and its own lines; only what goes wrong is worth a log line.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="liaison-demo-"))
        telegram = await stack.enter_async_context(
            LocalTelegram(
                f"{secrets.randbelow(10**8) + 10**8}:{secrets.token_urlsafe(24)}", clock=clock.now
            )
        )
        settings = _settings(Path(folder), telegram, http_port, locale)
        courts, people, invitations, token = await _prepare(settings, clock)
        past = await _remember(settings) if with_history else None
        app = build(settings, clock)
        await app.start()
        stack.push_async_callback(app.stop)
        client = await stack.enter_async_context(aiohttp.ClientSession())
        phones = await _link_people(telegram, invitations, app.texts)
        groups = await _link_groups(telegram, phones)
        yield Stage(app, telegram, phones, groups, token, client, courts, people, past)


def _settings(folder: Path, telegram: LocalTelegram, http_port: int, locale: str) -> Settings:
    return Settings.model_validate(
        {
            "database_url": f"sqlite+aiosqlite:///{folder / 'demo.db'}",
            "telegram_token": telegram.api.token,
            "telegram_api_url": telegram.api_url,
            "http_port": http_port,
            "locale": locale,
        }
    )


async def _prepare(
    settings: Settings, clock: Clock
) -> tuple[int, int, dict[str, tuple[Officer, str]], str]:
    """Schema, the directory that ships with the product, an invitation for each of the cast, a token, sample questions."""
    database = Database.connect(settings.database_url)
    try:
        await migrations.upgrade(database)
        now = clock.now()
        courts, people = await imports.import_demo(database, demo_data.paths(), now=now)
        invitations: dict[str, tuple[Officer, str]] = {}
        async with database.transaction() as session:
            for label, code, post in CAST:
                officer = await _holder(session, code, post, settings.timezone, now)
                invitations[label] = (officer, await officers.invite(session, officer, now=now))
            token = await tokens.create(session, "演示柜台", "admin", now=now)
            await faq.publish_samples(session, now=now)
        return courts, people, invitations, token
    finally:
        await database.close()


async def _remember(settings: Settings) -> Past:
    """Put the recorded season and its story behind the demo."""
    from bot import season_history, season_story  # noqa: PLC0415 -- the plain demo starts without them
    from notifications import season_told  # noqa: PLC0415

    database = Database.connect(settings.database_url)
    try:
        async with database.transaction() as session:
            count = await season_history.load(session, season_history.shipped())
            await season_story.load(session, season_story.shipped())
            told = season_told.together(await season_told.found(session))
        return Past(count, told)
    finally:
        await database.close()


async def _holder(session: Any, code: str, post: str, timezone: str, now: datetime) -> Officer:
    court = await get(session, code)
    found = await duty.on_duty(session, [court], now=now, default_timezone=timezone)
    return await officers.find(session, str(found[code].of(post)[0].officer_id))


async def _link_people(
    telegram: LocalTelegram, invitations: dict[str, tuple[Officer, str]], texts: Texts
) -> dict[str, Phone]:
    """Everybody opens the invitation's link, as officers do."""
    phones: dict[str, Phone] = {}
    for label, (officer, code) in invitations.items():
        phones[label] = telegram.add_phone(
            officer.name, label={locale: texts.get(locale, label) for locale in LOCALES}
        )
        phones[label].start(code)
    for phone in phones.values():
        await telegram.until(partial(phone.finds, DONE), timeout=15)
    return phones


async def _link_groups(telegram: LocalTelegram, phones: dict[str, Phone]) -> dict[str, Group]:
    """An officer of each court links the court's group from inside it."""
    members = {
        JURISDICTION: ("大连海事法院跨域立案群", ("A岗", "B岗", "带班领导")),
        COLLABORATING: ("宁波海事法院跨域立案群", ("协作法院",)),
    }
    groups: dict[str, Group] = {}
    for code, (title, labels) in members.items():
        people = [phones[label] for label in labels]
        groups[code] = telegram.add_group(title, people)
        people[0].says(f"/link {code}", groups[code])
        await telegram.until(partial(groups[code].finds, DONE), timeout=15)
    return groups
