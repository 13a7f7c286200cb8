"""How Alembic reaches the database: through the connection that `bot.migrations.upgrade` opened."""

from alembic import context

import bot.models
import directory.change_models
import directory.duty_models
import directory.models
import notifications.bulletin_models
import notifications.digest_models
import notifications.models
import notifications.notice_models
import notifications.question_models
import notifications.statistics_models
import notifications.training_models
from directory.database import Base

MODELS = (
    bot.models,
    directory.change_models,
    directory.duty_models,
    directory.models,
    notifications.bulletin_models,
    notifications.digest_models,
    notifications.models,
    notifications.notice_models,
    notifications.question_models,
    notifications.statistics_models,
    notifications.training_models,
)

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
