"""Where a season is played: a database that forgets, the directory of the demo, and everybody linked. No rule."""

import csv
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot import migrations
from bot.texts import load_texts
from directory import changes, demo_data, imports, sqlite_in_process
from directory.calendars import calendar_for
from directory.database import Database
from directory.models import Court, Officer
from directory.roster import COORDINATOR
from directory.worktime import WorkCalendar
from notifications import season
from notifications.desk import DeskRules
from notifications.dispatch import Render
from notifications.escalation import LINE, OnDuty, Person
from notifications.ladder import LadderBook
from notifications.rendering import Renderer
from notifications.season import Season, SeasonCourt
from notifications.season_play import SeasonPlay, load_cast
from notifications.season_story import StoryCourt

TIMEZONE = "Asia/Shanghai"


@dataclass(frozen=True, slots=True)
class SeasonStage:
    """A database with its directory, and the season that is to be played on it."""

    database: Database
    season: Season
    desk: DeskRules
    play: SeasonPlay


def calendar() -> WorkCalendar:
    """The days and hours of every court that ships with the product."""
    return calendar_for(None, None, TIMEZONE)


def court_rows() -> list[SeasonCourt]:
    """The courts that ship with the product."""
    return [SeasonCourt(row["code"], row["province"], row["level"]) for row in _courts()]


def story_courts() -> list[StoryCourt]:
    """The same, as the story beside the filings knows them."""
    return [StoryCourt(row["code"], row["province"], row["city"]) for row in _courts()]


def _courts() -> list[dict[str, str]]:
    return [row for path in demo_data.court_files() for row in _rows(path)]


def shipped_season(seed: int = season.SEED) -> Season:
    """The season of the courts that ship with the product."""
    return season.make(court_rows(), calendar(), seed)


def shipped_duty() -> dict[str, OnDuty]:
    """Who answers for each court that ships with the product, everybody reachable."""
    holders: dict[tuple[str, str], list[Person]] = {}
    for number, row in enumerate(_rows(demo_data.officers_file()), 1):
        # A coordinator stands for the province, whose character begins the code of its courts.
        place = row["court_code"][:1] if row["post"] == COORDINATOR else row["court_code"]
        person = Person(number, row["name"], row["post"])
        holders.setdefault((place, row["post"]), []).append(person)
    return {
        court.code: OnDuty(
            group=True,
            posts={
                post: tuple(
                    holders.get((court.code[:1] if post == COORDINATOR else court.code, post), ())
                )
                for post in LINE
            },
        )
        for court in court_rows()
    }


def _rows(path: Path) -> list[dict[str, str]]:
    return [*csv.DictReader(path.read_text(encoding="utf-8").splitlines())]


@asynccontextmanager
async def opened(
    played: Season, ladder: LadderBook | None = None, render: Render | None = None
) -> AsyncIterator[SeasonStage]:
    """Set the stage for `played`; gone afterwards.

    `ladder` is the built-in one and `render` the product's own writing unless others are given.
    """
    desk = DeskRules(ladder or LadderBook.built_in(), TIMEZONE, "zh-CN")
    async with furnished(played.filings[0].at) as database:
        render = render or Renderer(load_texts(), desk).render
        cast = await load_cast(database, desk)
        yield SeasonStage(database, played, desk, SeasonPlay(database, played, desk, render, cast))


@asynccontextmanager
async def furnished(first: datetime) -> AsyncIterator[Database]:
    """A database that forgets, with the directory as of the day before `first` and everybody linked."""
    with TemporaryDirectory(prefix="liaison-season-", dir=_in_memory()) as folder:
        database = sqlite_in_process.opened(Path(folder) / "season.db")
        try:
            await migrations.upgrade(database)
            await _fill(database, first - timedelta(days=1))
            yield database
        finally:
            await database.close()


def _in_memory() -> Path | None:
    """A folder that is kept in memory, where the machine has one."""
    shared = Path("/dev/shm")  # noqa: S108 -- a private folder is made inside it
    return shared if shared.is_dir() else None


async def _fill(database: Database, now: datetime) -> None:
    """The directory as of `now`; everybody has an account and every court a group."""
    await imports.import_demo(database, demo_data.paths(), now=now)
    async with database.transaction() as session:
        await changes.lock(session)
        for officer in await session.scalars(select(Officer).order_by(Officer.id)):
            account = {"telegram_id": officer.id + 1_000_000}
            officer.telegram_id, officer.linked_at = account["telegram_id"], now
            _record(session, officer.court_code, officer.id, account, now)
        courts = await session.scalars(select(Court).order_by(Court.code))
        for number, court in enumerate(courts, 1):
            group = {"group_chat_id": -1_000_000 - number}
            court.group_chat_id = group["group_chat_id"]
            _record(session, court.code, None, group, now)


def _record(
    session: AsyncSession, code: str, officer_id: int | None, after: dict[str, int], now: datetime
) -> None:
    """Every change of the directory is recorded, on a stage too."""
    changes.record(
        session, who="season", court_code=code, officer_id=officer_id, kind="changed",
        before=dict.fromkeys(after), after=after, now=now,
    )  # fmt: skip
