"""What every measurement stands on: databases on both engines, durable, holding courts and a token. No figures."""

import json
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlalchemy.engine import make_url

from directory import tokens
from directory.clock import SystemClock
from directory.database import Database
from directory.models import Court, Officer, OfficerPost
from tests import databases, postgres

ENGINES = ("sqlite", "postgresql")

#: The ladder by which all hours of the day measure the same.
LADDER = 'outside_hours = "page"\n'


@dataclass(frozen=True, slots=True)
class Place:
    """A court, its group's chat, and the account of its officer on duty."""

    code: str
    group: int
    officer: int


@dataclass(slots=True)
class Stage:
    """A folder, courts, and databases that hold them, as many as are asked for."""

    folder: Path
    places: list[Place]
    #: By engine: the database that is copied, and the secret of the token in it.
    templates: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)

    @asynccontextmanager
    async def fresh(self, engine: str) -> AsyncIterator[str]:
        """The URL of a database of its own with the courts and the token, gone afterwards."""
        if engine == "sqlite":
            with tempfile.TemporaryDirectory(dir=self.folder) as folder:
                template = make_url(self.templates["sqlite"]).database
                yield databases.sqlite_copy(Path(str(template)), Path(folder))
            return
        url = make_url(self.templates["postgresql"])
        server = url.set(drivername="postgresql", database="postgres")
        async with databases.postgresql_clone(
            server.render_as_string(hide_password=False), str(url.database)
        ) as clone:
            yield clone

    def settings(self, database_url: str) -> dict[str, str]:
        """What a server must be told at least."""
        return {"LIAISON_DATABASE_URL": database_url, "LIAISON_LADDER": str(self.folder / "ladder")}

    @property
    def places_file(self) -> Path:
        """The courts as JSON, for programs that have no directory."""
        path = self.folder / "places.json"
        listed = {place.code: [place.group, place.officer] for place in self.places}
        path.write_text(json.dumps(listed))
        return path


@asynccontextmanager
async def opened(courts: int, engines: tuple[str, ...] = ENGINES) -> AsyncIterator[Stage]:
    """A stage with so many courts; everything is cleared away afterwards.

    PostgreSQL runs as installed: a commit is on the disk before it is confirmed.
    """
    places = [Place(f"辽{number:04}", -2001 - number, 500_001 + number) for number in range(courts)]
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="liaison-bench-")))
        (folder / "ladder").write_text(LADDER)
        stage = Stage(folder, places)
        for engine in engines:
            if engine == "sqlite":
                url = databases.sqlite_url(folder / "template.db")
            else:
                server = stack.enter_context(postgres.server(settings=()))
                url = await stack.enter_async_context(
                    databases.postgresql_clone(server, "template0")
                )
            stage.templates[engine] = url
            stage.tokens[engine] = await _fill(url, places)
        yield stage


async def _fill(url: str, places: list[Place]) -> str:
    """Tables, courts, people and a token; returns the token's secret."""
    await databases.create_tables(url)
    database = Database.connect(url)
    now = SystemClock().now()
    stamps = {"created_at": now, "updated_at": now}
    high: dict[str, object] = {"code": "辽", "name": "辽宁省高级人民法院", "level": "high"}
    basic: list[dict[str, object]] = [
        {
            "code": place.code,
            "name": f"辽宁省第{place.code[1:]}人民法院",
            "level": "basic",
            "parent_code": "辽",
            "group_chat_id": place.group,
        }
        for place in places
    ]
    async with database.transaction() as session:
        # Without places the directory is left empty, for imports.
        for court in (high, *basic) if places else ():
            session.add(Court(**court, province="辽宁省", aliases=[], **stamps))
        await session.flush()
        if places:
            session.add(_officer("辽", "周琳", "coordinator", 400_001, now))
        for number, place in enumerate(places):
            for offset, post in ((0, "A"), (100_000, "B"), (200_000, "leader")):
                account = place.officer + offset
                session.add(_officer(place.code, f"王{post}{number}", post, account, now))
        token = await tokens.create(session, "测量", "admin", now=now)
    await database.close()
    return token


def _officer(court: str, name: str, post: str, account: int, now: datetime) -> Officer:
    return Officer(
        court_code=court,
        name=name,
        telegram_id=account,
        posts=[OfficerPost(post=post)],
        linked_at=now,
        created_at=now,
        updated_at=now,
    )
