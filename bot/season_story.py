"""The story beside a season's filings, kept in one small file for the demo: what was told, taught, asked, published.

`python -m bot.season_story` plays it on the recorded filings and writes the file anew (minutes); a test plays
parts of it again and holds the whole against the generator. Of messages only the copies of notices are kept, at rest.
"""

import asyncio
import logging
import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, cast

import structlog
from sqlalchemy import ColumnElement, Table, func, select, true, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot import schedule, season_history, season_stage, season_tables
from bot.season_history import EVENTS, FILINGS, OUTBOX
from bot.texts import load_texts
from directory.database import Database
from notifications import season_story, season_told, shipped_forms
from notifications.bulletin_models import Bulletin, BulletinContest
from notifications.desk import DeskRules
from notifications.form_models import Form, FormAnswer, FormSheet
from notifications.ladder import LadderBook
from notifications.notice_models import Notice, NoticeCopy, NoticeRecipient
from notifications.notices import TEXT_PART
from notifications.question_models import FaqEntry, Question, QuestionAnswerer
from notifications.season import SEED
from notifications.season_story import Story
from notifications.season_story_play import StoryPlay
from notifications.told import Voice
from notifications.training_models import Quiz, QuizTry, TrainingPlace, TrainingSession

FILE = Path(__file__).with_name("season_story.json.gz")

#: What falls due in the story. Digests do not: one for each person and day would be most of the file.
WORKS = frozenset(
    {"notices", "notice_reminders", "training_reminders", "questions", "form_reminders"}
)


def _table(model: type) -> Table:
    return cast("Table", model.__table__)  # type: ignore[attr-defined]


_COPIES = _table(NoticeCopy)
_ENTRIES, _QUESTIONS, _TRIES = map(_table, (FaqEntry, Question, QuizTry))
_CONTESTS = _table(BulletinContest)

#: The tables in the order in which they may be written, and which of their rows are kept.
_TABLES: Mapping[Table, ColumnElement[bool]] = {
    _table(Notice): true(),
    _table(NoticeRecipient): true(),
    OUTBOX: OUTBOX.c.id.in_(select(_COPIES.c.row_id).where(_COPIES.c.part == TEXT_PART)),
    _COPIES: _COPIES.c.part == TEXT_PART,
    _table(TrainingSession): true(),
    _table(TrainingPlace): true(),
    _table(Quiz): true(),
    _TRIES: true(),
    _table(QuestionAnswerer): true(),
    _ENTRIES: true(),
    _QUESTIONS: true(),
    _table(Form): true(),
    _table(FormSheet): true(),
    _table(FormAnswer): true(),
    _table(Bulletin): true(),
    _CONTESTS: true(),
}

#: Chance made these, or they name messages that are not kept.
_LEFT_OUT = (
    OUTBOX.c.nonce,
    _table(TrainingSession).c.code,
    _TRIES.c.nonce,
    _TRIES.c.row_id,
    _QUESTIONS.c.nonce,
)


def shipped_story(seed: int = SEED) -> Story:
    """The story of the courts that ship with the product."""
    form = shipped_forms.shipped(shipped_forms.SIX_UNITIES, "zh-CN")
    courts, calendar = season_stage.story_courts(), season_stage.calendar()
    return season_story.make(courts, calendar, form.questions, seed)


@asynccontextmanager
async def played(story: Story) -> AsyncIterator[Database]:
    """The recorded filings with `story` played on them; gone afterwards."""
    desk = DeskRules(LadderBook.built_in(), season_stage.TIMEZONE, "zh-CN")
    works = [work for work in schedule.timed(desk) if work.name in WORKS]
    async with season_stage.furnished(story.acts[0].at) as database:
        async with database.transaction() as session:
            await season_history.load(session, season_history.shipped())
        voice = Voice(load_texts(), desk)
        await StoryPlay(database, story, voice, season_history.unwritten, works).run()
        yield database


async def recorded(database: Database, story: Story) -> bytes:
    """The file of a story that was played on `database`."""
    document: dict[str, Any] = {"digest": story.digest}
    async with database.reading() as session:

        async def kept(table: Table, which: ColumnElement[bool]) -> dict[str, Any]:
            asked = select(table).where(which).order_by(*table.primary_key.columns)
            rows = (await session.execute(asked)).mappings().all()
            return season_tables.kept(table, rows, without=_LEFT_OUT)

        document["people"] = await season_tables.people_of(session)
        for table, which in _TABLES.items():
            document[table.name] = await kept(table, which)
        # What a decision about a contested figure changed.
        contested = FILINGS.c.id.in_(select(_CONTESTS.c.filing_id))
        document["contested"] = await kept(FILINGS, contested)
        before = season_history.shipped()["events"]
        last = max(before["values"][before["columns"].index("id")])
        document["decided"] = await kept(EVENTS, EVENTS.c.id > last)
    return season_tables.packed(document)


def shipped() -> dict[str, Any]:
    """The story that ships with the product."""
    return season_tables.opened(FILE.read_bytes())


async def load(session: AsyncSession, document: Mapping[str, Any]) -> None:
    """Write a recorded story into a database that holds the demo's directory and the recorded filings.

    Raises:
        sqlalchemy.exc.IntegrityError: there are notices, forms or bulletins already.
    """
    people = await season_tables.today(session, document["people"])
    # The demo's sample questions are on the list already.
    first = await session.scalar(select(func.max(_ENTRIES.c.id))) or 0
    for table in _TABLES:
        rows = season_tables.rows(table, document[table.name], people)
        await season_tables.write(session, table, _of_today(table, rows, first))
    contested = season_tables.rows(FILINGS, document["contested"], people)
    for row in season_history.rows_of_today(contested, people):
        number = row.pop("id")
        await session.execute(update(FILINGS).where(FILINGS.c.id == number).values(row))
    decided = season_tables.rows(EVENTS, document["decided"], people)
    await season_tables.write(session, EVENTS, decided)


def _of_today(table: Table, rows: season_tables.Rows, first: int) -> season_tables.Rows:
    """Rows with what is made anew in every database: buttons nobody can guess, numbers behind those there are."""
    for row in rows:
        if table in {_TRIES, _QUESTIONS}:
            row["nonce"] = secrets.token_urlsafe(6)
        if table is _ENTRIES:
            row["id"] += first
        if row.get("entry_id") is not None:
            row["entry_id"] += first
        yield row


async def _make() -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    story = shipped_story()
    async with played(story) as database:
        async with database.reading() as session:
            if wrong := await season_told.disagreements(session, story):
                raise SystemExit("\n".join(wrong))
            counts = season_told.together(await season_told.found(session))
        for name, deeds in counts.items():
            print(f"{name}: {dict(deeds)}")  # noqa: T201 -- what the file holds, for whoever makes it
        FILE.write_bytes(await recorded(database, story))


if __name__ == "__main__":
    asyncio.run(_make())
