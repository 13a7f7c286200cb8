"""The story beside a season's filings, kept in one small file for the demo: what was told, taught, asked, published.

`python -m bot.season_story` plays it on the recorded filings and writes the file anew (a minute); a test plays
parts of it again and holds the whole against the generator. Of messages only each copy of a notice is kept, at rest.
"""

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot import schedule, season_history, season_stage
from bot.texts import load_texts
from directory.database import Database
from notifications import season_story
from notifications.desk import DeskRules
from notifications.ladder import LadderBook
from notifications.season_story import Story
from notifications.season_story_play import StoryPlay
from notifications.told import Voice

#: What falls due in the story. Digests do not: one for each person and day would be most of the file.
WORKS = frozenset(
    {"notices", "notice_reminders", "training_reminders", "questions", "form_reminders"}
)


def shipped_story() -> Story:
    """The story of the courts that ship with the product."""
    return season_story.make(season_stage.story_courts(), season_stage.calendar())


@asynccontextmanager
async def played(story: Story) -> AsyncIterator[tuple[Database, Counter[str]]]:
    """The recorded filings with `story` played on them, and how often each deed was done; gone afterwards."""
    desk = DeskRules(LadderBook.built_in(), season_stage.TIMEZONE, "zh-CN")
    works = [work for work in schedule.timed(desk) if work.name in WORKS]
    async with season_stage.furnished(story.acts[0].at) as database:
        async with database.transaction() as session:
            await season_history.load(session, season_history.shipped())
        voice = Voice(load_texts(), desk)
        play = StoryPlay(database, story, voice, season_history.unwritten, works)
        yield database, await play.run()
