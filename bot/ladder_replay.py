"""Gathers filings of the past and the ground on which `notifications.ladder_simulation` replays them. No rule."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy.engine import make_url

from bot import migrations, season_stage
from bot.settings import Settings
from directory import courts, duty
from directory.clock import SystemClock
from directory.database import Database
from directory.worktime import WorkCalendar
from notifications import paging, past_filings
from notifications.desk import DeskRules
from notifications.escalation import OnDuty
from notifications.ladder import Ladder, LadderBook
from notifications.ladder_simulation import Figures, PastFiling, simulate


@dataclass(frozen=True, slots=True)
class Past:
    """Filings of the past and the ground they stand on; `ladders` resolves a book for each pair of courts."""

    filings: Sequence[PastFiling]
    calendars: Mapping[str, WorkCalendar]
    duty: Mapping[str, OnDuty]
    #: By court: province and the court's own two targets in minutes.
    courts: Mapping[str, tuple[str, int | None, int | None]]
    shipped: bool

    def ladders(self, book: LadderBook) -> dict[tuple[str, str], Ladder]:
        """The ladder of each pair of courts among the filings."""
        pairs = {(filing.collaborating, filing.jurisdiction) for filing in self.filings}
        return {
            (theirs, ours): book.resolve(theirs, ours, *self.courts[ours]) for theirs, ours in pairs
        }

    def under(self, book: LadderBook) -> Figures:
        """What would have come of them under the ladders of `book`."""
        return simulate(self.filings, self.ladders(book), self.calendars, self.duty)


async def gathered(
    settings: Settings, since: datetime | None, until: datetime | None, liaoning: bool
) -> Past:
    """The stored filings received in that time; the shipped four months where none was ever stored.

    Raises:
        SchemaOutdated: the database needs `db upgrade` first.
        SchemaNewer: a newer program has migrated it.
    """
    # Asking a file that is not there would make it.
    if not (liaoning or _missing(settings.database_url)):
        database = Database.connect(settings.database_url)
        try:
            # An empty database has no filings; one of another schema is refused.
            if await migrations.revision(database) is not None:
                await migrations.check(database)
                stored = await _stored(database, settings, since, until)
                if stored is not None:
                    return stored
        finally:
            await database.close()
    return _shipped(since, until)


def _missing(address: str) -> bool:
    url = make_url(address)
    return url.get_backend_name() == "sqlite" and not Path(url.database or "").exists()


async def _stored(
    database: Database, settings: Settings, since: datetime | None, until: datetime | None
) -> Past | None:
    """What the database holds; None when it never held any filing."""
    now = SystemClock().now()
    desk = DeskRules(
        LadderBook.built_in(),
        settings.timezone,
        settings.locale,
        fallback=bool(settings.fallback_urls),
    )
    async with database.reading() as session:
        filings = await past_filings.stored(session, settings.timezone, since, until)
        if not filings and not await past_filings.stored(session, settings.timezone):
            return None
        codes = {filing.jurisdiction for filing in filings}
        found = await courts.many(session, codes)
        on_duty = await duty.on_duty(
            session, [*found.values()], now=now, default_timezone=settings.timezone
        )
    return Past(
        filings,
        {code: courts.calendar_of(court, settings.timezone) for code, court in found.items()},
        {code: paging.on_duty(found[code], on_duty[code], desk, None) for code in codes},
        {
            code: (court.province, court.answer_target_min, court.result_target_min)
            for code, court in found.items()
        },
        shipped=False,
    )


def _shipped(since: datetime | None, until: datetime | None) -> Past:
    season = season_stage.shipped_season()
    calendar = season_stage.calendar()
    on_duty = season_stage.shipped_duty()
    filings = [
        filing
        for filing in past_filings.of_season(season, dict.fromkeys(on_duty, calendar))
        if (since is None or filing.received_at >= since)
        and (until is None or filing.received_at < until)
    ]
    provinces = {court.code: (court.province, None, None) for court in season_stage.court_rows()}
    return Past(filings, dict.fromkeys(on_duty, calendar), on_duty, provinces, shipped=True)
