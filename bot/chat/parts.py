"""What the chat side is made of, handed in from outside, and what follows from it. Handles no update."""

from dataclasses import dataclass, field

from telegram import Bot

from bot.settings import Settings
from directory.clock import Clock
from directory.database import Database
from directory.search import Searcher
from directory.texts import Texts
from notifications.desk import DeskRules
from notifications.faq_search import FaqSearcher
from notifications.rendering import Renderer


@dataclass(slots=True)
class ChatParts:
    """Everything the handlers use."""

    database: Database
    desk: DeskRules
    texts: Texts
    settings: Settings
    clock: Clock
    bot: Bot
    searcher: Searcher
    renderer: Renderer = field(init=False)
    #: The published questions.
    faq: FaqSearcher = field(init=False)
    #: The bot's own name without `@`, once Telegram has said it: `/find@other_bot` is not for us.
    username: str | None = field(init=False, default=None)
    #: `http://host:port` once this process listens.
    http_address: str = field(init=False, default="")

    @property
    def public_address(self) -> str:
        """Where people's browsers find the pages, without a slash at its end."""
        return self.settings.public_url or self.http_address

    def __post_init__(self) -> None:
        """Make the renderer once: it reads every template; and the search of the published questions."""
        self.renderer = Renderer(self.texts, self.desk)
        self.faq = FaqSearcher(self.database)
