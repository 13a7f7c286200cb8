"""The schema's history (Alembic) and whether a database stands where this program needs it.

In `bot` because only `bot` sees every model file. What the tables mean is said in those.
"""

from sqlalchemy import inspect, text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError

from directory.database import Database
from directory.errors import DatabaseUnreachable, SchemaNewer, SchemaOutdated

#: The revision this program needs: the newest file in `versions`.
NEEDED = "0015"

#: Every revision, oldest first; what is not here comes from a newer program.
KNOWN = (
    "0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008", "0009", "0010", "0011",
    "0012", "0013", "0014", "0015",
)  # fmt: skip


async def revision(database: Database) -> str | None:
    """The revision a database stands at; None when it holds no table of ours.

    Raises:
        DatabaseUnreachable: it cannot be asked.
    """
    try:
        async with database.engine.connect() as connection:
            return await connection.run_sync(_revision)
    except (SQLAlchemyError, OSError) as error:
        # The driver's own text may hold the address with its password.
        raise DatabaseUnreachable(why=type(error).__name__) from error


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return found


async def check(database: Database) -> None:
    """Refuse a schema that this program does not fit.

    Raises:
        SchemaOutdated: it is older, or there is none yet; the message names the command.
        SchemaNewer: a newer program has migrated it.
    """
    found = await revision(database)
    if found == NEEDED:
        return
    if found is None or found in KNOWN:
        raise SchemaOutdated(found=found or "空", needed=NEEDED)
    raise SchemaNewer(found=found)


async def upgrade(database: Database) -> None:
    """Create the schema or bring it up to `NEEDED`, in one transaction."""
    found = await revision(database)
    if found is not None and found not in KNOWN:
        raise SchemaNewer(found=found)
    async with database.engine.begin() as connection:
        await connection.run_sync(_upgrade)


def _upgrade(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415 -- costs a start that migrates nothing 150 ms
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", "bot:migrations")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
