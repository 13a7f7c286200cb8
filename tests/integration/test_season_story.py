"""The recorded story of the season: what the tables hold is what was planned, and what playing a part of it again gives."""

import json
import logging
from collections import Counter
from datetime import timedelta

import pytest
import structlog
from sqlalchemy import delete, func, select, update

from bot import season_history, season_stage, season_story, season_tables
from directory.models import Court
from notifications import bulletins, season_script, season_told
from notifications.bulletin_models import Bulletin
from notifications.faq import publish_samples
from notifications.form_models import FormSheet
from notifications.models import Filing, OutgoingMessage
from notifications.notice_models import Notice, NoticeRecipient
from notifications.question_models import FaqEntry, Question
from notifications.season import HOME
from notifications.training_models import QuizTry, TrainingPlace

#: A part that the suite has time for: sent and recalled, asked and climbed, published and contested.
AGAIN = frozenset({"answerers", "stop_wrong", "enforcement", "august"})

#: How the file is made anew when a rule has changed what it holds.
REMEDY = "python -m bot.season_story writes the file anew"


@pytest.fixture(autouse=True)
def quiet():
    """Only what goes wrong is worth a line."""
    settings = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    yield
    structlog.configure(**settings)


@pytest.fixture
async def remembered():
    """The demo's directory with the recorded season and its story."""
    async with season_stage.furnished(season_history.OPENS_AT) as database:
        async with database.transaction() as session:
            await publish_samples(session, now=season_history.OPENS_AT)
            await season_history.load(session, season_history.shipped())
            await season_story.load(session, season_story.shipped())
        yield database


async def test_what_the_demo_remembers_is_what_was_planned(remembered):
    story = season_story.shipped_story()
    assert season_story.shipped()["digest"] == story.digest, REMEDY
    async with remembered.reading() as session:
        assert await season_told.disagreements(session, story) == []
        told = season_told.together(await season_told.found(session))
        assert told["form"]["fill"] == 128
        assert told["announce"]["announce"] == 4
        assert await _nothing_is_due_but_the_open_question(session) == []
        assert await _miscounted(session) == []
        await _the_season_is_liaonings(session)
        await _the_meeting_names_the_last(session)
        await _published_answers_are_listed(session)
    await _faults_are_found(remembered, story)


async def _nothing_is_due_but_the_open_question(session):
    due = select(func.count()).where(OutgoingMessage.not_before.is_not(None))
    writing = select(func.count()).where(
        Notice.write_at.is_not(None) | Notice.remind_at.is_not(None)
    )
    questions = await session.scalars(select(Question.next_at).where(Question.next_at.is_not(None)))
    soon = [at - season_history.OPENS_AT for at in questions]
    assert [timedelta(0) < wait < timedelta(minutes=5) for wait in soon] == [True]
    return [n for n in (await session.scalar(due), await session.scalar(writing)) if n]


async def _miscounted(session):
    """Every figure of the four states in every bulletin that is not what its filings say, counted one by one."""
    zone = season_script.ZONE
    filings = (await session.scalars(select(Filing).where(Filing.state != "withdrawn"))).all()
    published = (await session.scalars(select(Bulletin).order_by(Bulletin.id))).all()
    wrong = [] if len(published) == len(season_script.ISSUES) else [len(published)]
    for bulletin in published:
        mine = [
            filing
            for filing in filings
            if bulletin.first_day <= filing.received_at.astimezone(zone).date() <= bulletin.last_day
        ]
        # It was played when all had been answered: none may have been waiting then.
        wrong += [f.reference for f in mine if f.acknowledged_at >= bulletin.published_at]
        counted = Counter((f.jurisdiction_court, _in_time(f, bulletin)) for f in mine)
        for line in bulletins.sheet_of(bulletin).lines:
            states = line.states
            said = states.in_time, states.late, states.overdue, states.pending
            if said != (counted[line.key, True], counted[line.key, False], 0, 0):
                wrong.append((bulletin.number, line.name))
    return wrong


async def _the_season_is_liaonings(session):
    courts = await session.execute(select(Court.code, Court.province))
    provinces = {row.code: row.province for row in courts}
    filings = await session.execute(select(Filing.collaborating_court, Filing.jurisdiction_court))
    pairs = [{provinces[row[0]], provinces[row[1]]} for row in filings.all()]
    across = [pair for pair in pairs if len(pair) == 2]
    assert (len(pairs), len(across)) == (2266, 165)
    assert len(set().union(*across) - {HOME}) == 9


async def _the_meeting_names_the_last(session):
    """The notice after the second meeting quotes the bulletin: who was last has the lowest rate of those ranked."""
    told = await session.scalar(select(Notice.text).order_by(Notice.id.desc()).limit(1))
    meeting = await session.scalar(select(Bulletin).order_by(Bulletin.id.desc()).limit(1))
    sheet = bulletins.sheet_of(meeting)
    ranked = [line for line in sheet.lines if line.states.decided >= sheet.least]
    lowest = min(line.states.rate for line in ranked)
    assert any(line.name in told for line in ranked if line.states.rate == lowest)
    assert f"{sheet.total.states.total} 件" in told


def _in_time(filing, bulletin):
    decided = filing.answer_corrected_at
    if decided is not None and decided < bulletin.published_at:
        return True
    return filing.answered_in_time


async def _published_answers_are_listed(session):
    listed = await session.execute(
        select(Question.turns, FaqEntry.question, FaqEntry.sample).join(
            FaqEntry, FaqEntry.id == Question.entry_id
        )
    )
    rows = listed.all()
    assert rows
    assert all(row.turns[0]["text"] == row.question and not row.sample for row in rows)


async def _faults_are_found(database, story):
    """The comparison can fail: what is broken by hand is named."""
    first = await _first(database, select(func.min(Notice.id)))
    some = await _first(
        database,
        select(NoticeRecipient.officer_id).where(
            NoticeRecipient.notice_id == first, NoticeRecipient.confirmed_at.is_not(None)
        ),
    )
    faults = {
        "notice:0: confirm": update(NoticeRecipient)
        .where(NoticeRecipient.notice_id == first, NoticeRecipient.officer_id == some)
        .values(confirmed_at=None, confirmed_for_by_id=None),
        "announce:0: attend": update(TrainingPlace)
        .where(TrainingPlace.session_id == 1)
        .values(attended_at=None),
        "announce:1: passed": update(QuizTry).where(QuizTry.session_id == 2).values(passed=False),
        "form:0: fill": update(FormSheet).where(FormSheet.court_code == "辽01").values(filled_at=None),
        "bulletin:22": delete(Bulletin).where(
            Bulletin.id == select(func.max(Bulletin.id)).scalar_subquery()
        ),
    }  # fmt: skip
    async with database.transaction() as session:
        for fault in faults.values():
            await session.execute(fault)
        late = await session.scalar(
            select(Filing).where(Filing.answered_in_time.is_(False)).order_by(Filing.id).limit(1)
        )
        late.answered_in_time = True
    async with database.reading() as session:
        wrong = "\n".join(await season_told.disagreements(session, story))
        assert any(isinstance(one, tuple) for one in await _miscounted(session))
    assert [name for name in faults if name not in wrong] == []


async def _first(database, asked):
    async with database.reading() as session:
        return await session.scalar(asked.limit(1))


async def test_a_part_played_again_is_what_was_recorded():
    story = season_story.shipped_story()
    async with season_story.played(story.of(AGAIN)) as database:
        again = season_tables.opened(await season_story.recorded(database, story))
    shipped = season_story.shipped()
    for table, columns in _COMPARED.items():
        ours, theirs = (_rows(kept[table], columns, kept["people"]) for kept in (again, shipped))
        assert ours, table
        assert [row for row in ours if row not in set(theirs)] == [], (table, REMEDY)


#: What says the same in a part as in the whole: everything but numbers.
_COMPARED = {
    "notices": ("text", "created_at", "confirm_by", "edited_at", "recalled_at", "version", "reminded_at"),
    "notice_recipients": ("officer_id", "court_code", "unreachable", "confirmed_at", "confirmed_by", "reminded_at"),
    "outbox": ("kind", "officer_id", "created_at", "sent_at", "outcome"),
    "questions": ("asked_by", "stage", "state", "answered_at", "answered_by", "last_at"),
    "faq_entries": ("question", "answer", "published_at"),
    "bulletins": ("first_day", "last_day", "published_at", "contest_until", "figures"),
    "bulletin_contests": ("court_code", "filing_id", "raised_by", "decided_at", "accepted"),
    "contested": ("reference", "answer_counts_as", "answer_corrected_at", "version"),
}  # fmt: skip


def _rows(kept, columns, people):
    names = kept["columns"]
    rows = (dict(zip(names, values, strict=True)) for values in zip(*kept["values"], strict=True))
    return [
        tuple(
            tuple(people[str(row[name])]) if name == "officer_id" else json.dumps(row.get(name))
            for name in columns
        )
        for row in rows
    ]
