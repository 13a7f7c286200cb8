"""The database of the settings, opened for one command once its schema fits. What is done there is the commands' business."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot import migrations
from bot.settings import Settings
from directory.database import Database
from notifications.calendar_watch import announce_stored


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Database]:
    """Give the database, with the calendars stored in it announced, and close it afterwards.

    Raises:
        SchemaOutdated: it needs `db upgrade` first.
        SchemaNewer: a newer program has migrated it.
    """
    database = Database.connect(settings.database_url)
    try:
        await migrations.check(database)
        async with database.reading() as session:
            await announce_stored(session)
        yield database
    finally:
        await database.close()
