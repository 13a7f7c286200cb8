"""How Alembic reaches the database: through the connection that `bot.migrations.upgrade` opened."""

from alembic import context

from bot.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_as_batch=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
