"""The world around a product that dies: two courts, their people's phones, a local Telegram, a client of the API.

The world lives in the test's process and forgets nothing when the product does. It notes what the product
promised (an answered request, an answered press); `invariants` compares that with what is left.
"""

import asyncio
import contextlib
import http.client
import itertools
import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bot.sandbox import Group, Limits, LocalTelegram, Phone, Press
from directory import tokens
from directory.database import Database
from tests.builders import Builders, Liaoning
from tests.clock import FrozenClock
from tests.faults.shared_clock import SharedClock

#: How long (real seconds) a request may take.
PATIENCE = 20.0


@dataclass(frozen=True, slots=True)
class Staffed:
    """A database with people in it, to be copied, and the secret of a token that may file."""

    path: Path
    people: Liaoning
    secret: str


async def staff(url: str, *, more_courts: int = 0) -> tuple[Liaoning, str]:
    """Put the people of the first filing, more courts and an intake token into an empty database."""
    database = Database.connect(url)
    try:
        clock = FrozenClock()
        builders = Builders(database, clock)
        people = await builders.liaoning()
        async with database.transaction() as session:
            for desk in other_desks(more_courts):
                await builders.court(
                    desk.court, parent_code="辽", group_chat_id=desk.group, session=session
                )
                await builders.officer(desk.court, desk.name, "A", desk.officer, session=session)
        async with database.transaction() as session:
            secret = await tokens.create(
                session, "立案平台", "intake", court=None, province=None, now=clock.now()
            )
        return people, secret
    finally:
        await database.close()


@dataclass(frozen=True, slots=True)
class Desk:
    """Who answers at a court: its group and its A post, by their numbers in Telegram."""

    court: str
    group: int
    officer: int
    name: str


def other_desks(count: int) -> list[Desk]:
    """So many courts beside the two of the first filing."""
    return [Desk(f"辽{1000 + n}", -2001 - n, 5001 + n, f"王{n}") for n in range(count)]


@dataclass(slots=True)
class Promise:
    """What one filing was promised."""

    reference: str
    desk: Desk
    #: The answer to the request that filed it; None while there was none.
    status: int | None = None
    #: Pressed buttons by their action: who pressed, and the press itself.
    presses: dict[str, tuple[str, Press]] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class World:
    """Everything outside the product."""

    telegram: LocalTelegram
    clock: SharedClock
    people: Liaoning
    secret: str
    phones: dict[str, Phone]
    groups: dict[str, Group]
    promises: list[Promise] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def promise(self, desk: Desk | None = None) -> Promise:
        """A new filing, not handed in yet; for the jurisdiction court of the first filing if not said."""
        if desk is None:
            court, a = self.people.jurisdiction, self.people.a
            desk = Desk(court.code, court.group_chat_id or 0, a.telegram_id or 0, a.name)
        self.promises.append(Promise(f"KY-2019-{next(self.numbers):06d}", desk))
        return self.promises[-1]

    def file(self, address: str, promise: Promise) -> None:
        """Hand a filing in and note the answer; raises `OSError` or `HTTPException` when none comes."""
        body = {
            "reference": promise.reference,
            "collaborating_court": self.people.collaborating.code,
            "jurisdiction_court": promise.desk.court,
            "case_type": "civil_first_instance",
        }
        status, answer = self.post(address, "/api/v1/filings", body)
        assert status in {200, 201}, (status, answer)
        promise.status = status

    def post(self, address: str, path: str, body: dict[str, Any]) -> tuple[int, str]:
        """POST `body` as JSON with the token."""
        parts = urlsplit(address)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=PATIENCE)
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self.secret}"}
        with contextlib.closing(connection):
            connection.request("POST", path, json.dumps(body).encode(), headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()

    def press(
        self, promise: Promise, action: str, who: str, label: str, chat: Group | None
    ) -> bool:
        """Have `who` press a button under a card of the filing; False when no card offers it."""
        phone = self.phones[who]
        for message in reversed(phone.messages(chat)):
            if promise.reference in message.text and label in message.labels:
                promise.presses[action] = (phone.name, phone.presses(label, message, chat))
                return True
        return False

    def shows(self, promise: Promise, who: str, words: str, chat: Group | None = None) -> bool:
        """Whether a message about the filing with these words is there."""
        return any(
            promise.reference in message.text and message.contains(words)
            for message in self.phones[who].messages(chat)
        )


PHONES = {
    "A": "a", "B": "b", "leader": "leader", "coordinator": "coordinator", "filer": "filing_officer",
}  # fmt: skip


@contextlib.contextmanager
def around(
    clock: SharedClock, people: Liaoning, secret: str, *, more_courts: int = 0
) -> Iterator[World]:
    """A local Telegram in a thread of its own, with everybody's phones and both groups."""
    telegram = LocalTelegram(limits=Limits.lifted(), clock=clock.now)
    with telegram.run_in_thread():
        phones = {}
        for post, name in PHONES.items():
            officer = getattr(people, name)
            phones[post] = telegram.add_phone(officer.name, officer.telegram_id)
            telegram.world.private_chat(phones[post].user)
        inside = {
            people.jurisdiction: [phones[post] for post in ("A", "B", "leader")],
            people.collaborating: [phones["filer"]],
        }
        groups = {
            court.code: telegram.add_group(
                f"{court.name}跨域立案群", members, supergroup=True, announced=False,
                group_id=court.group_chat_id,
            )
            for court, members in inside.items()
        }  # fmt: skip
        for desk in other_desks(more_courts):
            phone = phones[desk.court] = telegram.add_phone(desk.name, desk.officer)
            telegram.world.private_chat(phone.user)
            groups[desk.court] = telegram.add_group(
                desk.court, [phone], supergroup=True, announced=False, group_id=desk.group
            )
        yield World(telegram, clock, people, secret, phones, groups)


def staffed(url: str, path: Path) -> Staffed:
    """`staff` the database at `url`, for a test without a loop; leave it as one file."""
    people, secret = asyncio.run(staff(url))
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return Staffed(path, people, secret)
