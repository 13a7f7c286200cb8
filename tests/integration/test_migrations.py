"""A database with filings in it comes through every later revision whole."""

from alembic import command
from alembic.config import Config
from sqlalchemy import text
from sqlalchemy.engine import Connection

from bot import migrations
from directory.database import Database

_COURT = """
    INSERT INTO courts (code, name, level, kind, province, aliases, created_at, updated_at)
    VALUES (:code, :code, 'basic', 'general', '辽宁省', '[]', :now, :now)
"""
_FILING = """
    INSERT INTO filings (reference, reference_key, state, collaborating_court, jurisdiction_court,
        case_type, drill, filed_at_given, filed_at, received_at, filed_by, clock,
        answer_target_seconds, result_target_seconds, answer_due_at, steps_taken, supplements,
        snoozes, version, next_step_at)
    VALUES ('KY-1', 'KY-1', 'waiting', '浙72', '辽72', 'enforcement', false, false, :now, :now,
        '立案平台', 'working', 1800, 3600, :now, '[]', 0, '[]', 1, :now)
"""
_EVENT = """
    INSERT INTO filing_events (filing_id, at, kind, who, detail)
    VALUES (1, :now, 'received', '立案平台', '')
"""
_FILLED = (
    (_COURT, {"code": "浙72"}),
    (_COURT, {"code": "辽72"}),
    (_FILING, {}),
    (_EVENT, {}),
)


def first_revision(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", "bot:migrations")
    config.attributes["connection"] = connection
    command.upgrade(config, "0001")


async def test_a_filing_of_the_first_schema_is_whole_after_the_upgrade(empty_database_url, clock):
    database = Database.connect(empty_database_url)
    now = clock.now()
    if database.dialect == "sqlite":
        now = now.strftime("%Y-%m-%d %H:%M:%S.%f")
    async with database.engine.begin() as connection:
        await connection.run_sync(first_revision)
        for statement, values in _FILLED:
            await connection.execute(text(statement), {**values, "now": now})
    await migrations.upgrade(database)
    assert await migrations.revision(database) == migrations.NEEDED
    async with database.engine.connect() as connection:
        events = "SELECT count(*) FROM filing_events JOIN filings ON filings.id = filing_id"
        assert await connection.scalar(text(events)) == 1
        kept = text("SELECT reference, state, outage_id FROM filings")
        assert tuple((await connection.execute(kept)).one()) == ("KY-1", "waiting", None)
    await database.close()
