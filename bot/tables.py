"""Every module that holds tables: whoever imports this one knows all tables of the product. Holds none itself.

What migrates, erases or purges must, whichever command it is a part of: a module more of models is a line
more here.
"""

import bot.models
import directory.change_models
import directory.duty_models
import directory.models
import notifications.bulletin_models
import notifications.digest_models
import notifications.form_models
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
    notifications.form_models,
    notifications.models,
    notifications.notice_models,
    notifications.question_models,
    notifications.statistics_models,
    notifications.training_models,
)

#: All tables.
METADATA = Base.metadata
