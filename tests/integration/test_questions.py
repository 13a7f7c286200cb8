"""Questions and the published list on both databases: fresh in every process, shown once however many look."""

import asyncio

from sqlalchemy import func, select

from bot.texts import load_texts
from directory.database import Database
from directory.models import Officer
from notifications import faq, question_readers, questions
from notifications.desk import DeskRules
from notifications.faq_search import FaqSearcher
from notifications.ladder import LadderBook
from notifications.question_models import FaqEntry, QuestionMessage
from notifications.questions import Place
from notifications.told import Voice

VOICE = Voice(load_texts(), DeskRules(LadderBook.built_in(), "Asia/Shanghai", "zh-CN"))


async def test_what_one_process_publishes_another_finds_at_once(database, database_url, clock):
    other = Database.connect(database_url)
    searcher = FaqSearcher(other)

    async def found(words):
        async with other.reading() as session:
            return [hit.id for hit in await searcher.find(session, words)]

    try:
        assert await found("诉前调解怎么转") == []
        async with database.transaction() as session:
            first = await faq.publish(
                session, "诉前调解怎么转？", "点转诉前调解。", province="辽宁省", by="周琳", now=clock.now()
            )  # fmt: skip
            assert await faq.publish_samples(session, now=clock.now()) == 12
        assert await found("诉前调解怎么转") == [first.id]
        async with database.transaction() as session:
            assert await faq.withdraw(session, first, now=clock.now())
            assert not await faq.withdraw(session, first, now=clock.now())
        assert first.id not in await found("诉前调解怎么转")
        async with database.reading() as session:
            assert [e.id for e in await faq.many(session, [first.id])] == []
            last = await faq.page(session, 9, order="newest", size=8)
            assert (last.number, last.pages, last.count, len(last.entries)) == (1, 2, 12, 4)
    finally:
        await other.close()


async def test_everybody_counts_once(database, builders, clock):
    people = await builders.liaoning()
    async with database.transaction() as session:
        entry = await faq.publish(
            session, "能撤销吗？", "两分钟内。", province=None, by="周琳", now=clock.now()
        )
    for officer in (people.a, people.a, people.b):
        async with database.transaction() as session:
            await faq.helped(session, entry.id, officer.id)
    async with database.reading() as session:
        assert await session.scalar(select(FaqEntry.helpful)) == 2


async def test_a_question_climbs_once_however_many_instances_look(
    database, database_url, builders, clock
):
    people = await builders.liaoning()
    expert = await builders.officer("辽72", "何技", "technician", 110)
    async with database.transaction() as session:
        held = await officer_with_court(session, expert.id)
        assert await question_readers.appoint(session, held, by="周琳", now=clock.now())
        assert not await question_readers.appoint(session, held, by="周琳", now=clock.now())
        asker = await officer_with_court(session, people.a.id)
        place = Place(101, None)
        await questions.ask(session, asker, "A", "平台打不开怎么办", place, VOICE, now=clock.now())
        due = await questions.earliest(session, clock.now())
    await clock.to(due)
    other = Database.connect(database_url)

    async def look(instance):
        async with instance.transaction() as session:
            await questions.climb_due(session, clock.now(), VOICE)

    try:
        # On SQLite only one process writes at all.
        instances = (database, other) if database.dialect == "postgresql" else (database, database)
        await asyncio.gather(*(look(instance) for instance in instances))
        async with database.reading() as session:
            shown = await session.execute(
                select(QuestionMessage.role, func.count()).group_by(QuestionMessage.role)
            )
            assert dict(map(tuple, shown)) == {
                "thread": 1,
                "answerers": 1,
                "coordinator": 1,
            }
            later = await questions.earliest(session, clock.now())
            assert later is not None
            assert later > due
    finally:
        await other.close()


async def officer_with_court(session, officer_id):
    officer = await session.get_one(Officer, officer_id)
    await session.refresh(officer, ["court"])
    return officer
