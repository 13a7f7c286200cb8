"""Training on both databases: who counts as untrained, reminders after an outage, the brake on guessing codes."""

from datetime import timedelta
from functools import partial
from io import BytesIO
from zoneinfo import ZoneInfo

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from bot.texts import load_texts
from directory import feed_calendar
from notifications import (
    attendance,
    notice_people,
    quizzes,
    training,
    training_calendar,
    training_facts,
)
from notifications.attendance import CheckedIn, Slowed
from notifications.models import OutgoingMessage
from notifications.notice_audience import Audience
from notifications.notice_models import Notice, NoticeRecipient
from notifications.training_facts import Sums
from notifications.training_models import Onboarding, Quiz, QuizTry, TrainingPlace, TrainingSession
from notifications.training_rules import NoTry
from notifications.training_sheet import HEAD, Sheet

ZONE = "Asia/Shanghai"


@pytest.fixture
async def people(builders):
    """Six linked people of one court, by number of their names."""
    court = await builders.court("辽72")
    return [
        await builders.officer(
            court, f"张{number}", "A" if number == 0 else "technician", 500 + number
        )
        for number in range(6)
    ]


def planned(clock, **more):
    values = {
        "title": "应答规范", "starts_at": clock.now() + timedelta(days=2), "lasts_minutes": 60,
        "place": "三楼", "materials": [], "audience": Audience("province", "辽宁省").as_json(),
        "province": "辽宁省", "made_by": "周琳（省级协调员）", "created_at": clock.now(),
        "reminded_up_to": 0, **more,
    }  # fmt: skip
    return TrainingSession(**values)


def place(held, officer, **more):
    return TrainingPlace(session_id=held.id, officer_id=officer.id, court_code="辽72", **more)


async def test_sessions_are_listed_page_by_page_however_long_ago_they_were(database, clock, people):
    now = clock.now()
    starts = [now - timedelta(days=days) for days in (300, 40, 40, 1)]
    async with database.transaction() as session:
        session.add_all([planned(clock, starts_at=at) for at in starts])
        await session.flush()
        held = (await session.scalars(select(TrainingSession).order_by(TrainingSession.id))).all()
        session.add_all([place(one, people[0], answer="coming") for one in held])
        for listed in (
            partial(training.of_officer, session, people[0].id),
            partial(training.looked_after, session, "province", "辽宁省"),
        ):
            latest = await listed(most=2)
            assert list(latest) == held[2:]
            assert list(await listed(most=2, before=latest[0])) == held[:2]


async def test_who_came_passed_or_took_the_first_steps_lately_is_trained(database, clock, people):
    now = clock.now()
    lately, long_ago = now - timedelta(days=80), now - timedelta(days=100)
    async with database.transaction() as session:
        held = planned(clock)
        session.add(held)
        await session.flush()
        session.add_all(
            [
                place(held, people[0], attended_at=lately),
                place(held, people[1], attended_at=long_ago),
                place(held, people[2], answer="coming"),
                QuizTry(session_id=held.id, officer_id=people[3].id, court_code="辽72", nonce="n",
                        answers=[0], started_at=lately, ended_at=lately, right=1, passed=True),
                QuizTry(session_id=held.id, officer_id=people[4].id, court_code="辽72", nonce="n",
                        answers=[1], started_at=lately, ended_at=lately, right=0, passed=False),
                Onboarding(officer_id=people[5].id, stage="finished", nonce="n",
                           offered_at=lately, finished_at=lately),
            ]
        )  # fmt: skip
    since = (now - timedelta(days=90)).isoformat()
    audience = Audience("province", "辽宁省", narrowing=("untrained", since))
    async with database.reading() as session:
        found = await notice_people.batch(
            session, audience, after=0, most=10, now=now, default_timezone=ZONE
        )
        count = await notice_people.count(session, audience, now=now, default_timezone=ZONE)
    assert {one.officer_id for one in found} == {people[1].id, people[2].id, people[4].id}
    assert count.people == 3


@pytest.mark.parametrize(
    ("hours", "written", "following"),
    [
        (24, {("day", 5)}, "soon"),
        (26, {("day", 5)}, "soon"),
        (47.75, {("soon", 2)}, None),
        (49, set(), None),
    ],
)
async def test_after_an_outage_a_reminder_leaves_only_while_it_makes_sense(
    database, clock, people, hours, written, following
):
    started = clock.now()
    async with database.transaction() as session:
        held = planned(clock)
        training._remind_next(held, None, started)
        session.add(held)
        await session.flush()
        session.add(place(held, people[0], answer="coming"))
        session.add(place(held, people[1], answer="declined"))
    now = started + timedelta(hours=hours)
    for _ in range(3):
        async with database.transaction() as session:
            at = await training.earliest_reminder(session, now)
            if at is not None and at <= now:
                await training.remind_due(session, now)
    async with database.reading() as session:
        rows = (await session.scalars(select(OutgoingMessage))).all()
        held = (await session.scalars(select(TrainingSession))).one()
    assert {(row.payload["reminder"], row.priority) for row in rows} == written
    assert {row.officer_id for row in rows} <= {people[0].id}
    assert held.reminder == following


async def test_a_feed_has_what_somebody_is_coming_to_and_keeps_its_name_when_it_moves(
    database, clock, people
):
    now = clock.now()
    async with database.transaction() as session:
        held, off, other = (planned(clock, title=title) for title in ("去", "取消了", "不去"))
        session.add_all([held, off, other])
        await session.flush()
        off.cancelled_at = now
        session.add_all([place(one, people[0], answer="coming") for one in (held, off)])
        session.add(place(other, people[0], answer="declined"))
    async with database.reading() as session:
        (before,) = await training_calendar.meetings(session, people[0].id, now=now)
    async with database.transaction() as session:
        moved = await training.hold(session, held.id)
        await training.move(session, moved, now + timedelta(hours=5), "二楼", now=now)
        assert moved.reminder == "moved"
        (after,) = await training_calendar.meetings(session, people[0].id, now=now)
    assert (before.title, before.uid) == ("去", after.uid)
    assert (after.place, after.ends_at - after.starts_at) == ("二楼", timedelta(hours=1))
    written = feed_calendar.written("x", (), str, now=now, meetings=[after])
    assert written.count(b"BEGIN:VEVENT") == 1


async def test_a_code_is_guessed_five_times_at_most(database, clock, people):
    async with database.transaction() as session:
        held, other = planned(clock, starts_at=clock.now()), planned(clock)
        session.add_all([held, other])
        await session.flush()
        code = await attendance.code_of(session, held, now=clock.now())
        later = await attendance.code_of(session, other, now=clock.now())
        assert code == await attendance.code_of(session, held, now=clock.now())
        assert code != later

    async def types(text):
        async with database.transaction() as session:
            return await attendance.check_in(session, people[0], text, now=clock.now())

    assert await types(later) is None, "a code is taken before its time"
    for wrong in range(4):
        assert await types(f"{wrong}{wrong}") is None
    assert await types(code) == Slowed(clock.now() + timedelta(minutes=15))
    async with database.transaction() as session:
        came = await attendance.check_in(session, people[1], code, now=clock.now())
        assert isinstance(came, CheckedIn), "one who guesses slows down nobody else"
    await clock.advance(minutes=15)
    came = await types(code)
    assert (came.training.id, came.again) == (held.id, False)
    assert (await types(code)).again


async def test_who_comes_without_being_invited_counts_for_their_court_and_is_marked(
    database, clock, people
):
    now = clock.now()
    async with database.transaction() as session:
        told = Notice(
            text="通知", audience={}, written_by="周琳（省级协调员）", created_at=now, send_at=now
        )
        session.add(told)
        await session.flush()
        held = planned(clock, notice_id=told.id)
        session.add(held)
        await session.flush()
        session.add_all(
            NoticeRecipient(notice_id=told.id, officer_id=one.id, court_code="辽72", posts="A")
            for one in people[:2]
        )
        session.add(place(held, people[0], answer="coming", attended_at=now))
        session.add(place(held, people[2], attended_at=now))
    async with database.reading() as session:
        counted = await training_facts.counted(session, held)
        [(_, of_court)] = await training_facts.by_court(session, held)
        found = await training_facts.attendees(session, held)
    assert counted == of_court == training_facts.sums(found) == Sums(3, 1, 0, 2, 0, 1)
    assert (counted.invited, counted.silent) == (2, 1)
    file = Sheet(held, found, 0, load_texts().for_locale("zh-CN"), ZoneInfo(ZONE), now).document()
    book = CalamineWorkbook.from_filelike(BytesIO(file.content))
    courts, by_person = (book.get_sheet_by_name(name).to_python() for name in ("按法院", "按人员"))
    assert [row[7] for row in by_person[HEAD + 1 :]] == ["报名", "", "未受邀"]
    assert courts[HEAD + 1][5:12] == [3, 1, 0, 1, 1, 2, 0]


async def test_two_presses_begin_one_try_and_questions_stay_once_somebody_began(
    database, clock, people
):
    questions = [{"text": "问", "choices": ["甲", "乙"], "right": 0}]
    async with database.transaction() as session:
        held = planned(clock)
        session.add(held)
        await session.flush()
        session.add(
            Quiz(session_id=held.id, questions=questions, loaded_by="x", loaded_at=clock.now())
        )
    async with database.transaction() as session:
        first = await quizzes.begin(session, held, people[0], now=clock.now())
        second = await quizzes.begin(session, held, people[0], now=clock.now())
        assert first.id == second.id
        asked = await quizzes.questions_of(session, held.id)
        assert not await quizzes.load(session, held, asked, "x", now=clock.now())
        assert quizzes.answer(first, asked, 1, 0, now=clock.now()) is False
        assert quizzes.answer(first, asked, 0, 2, now=clock.now()) is False
        assert quizzes.answer(first, asked, 0, 0, now=clock.now()).passed
        assert quizzes.answer(first, asked, 0, 0, now=clock.now()) is False
        again = await quizzes.begin(session, held, people[0], now=clock.now())
        assert again == NoTry("passed")
