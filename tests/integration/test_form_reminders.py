"""When courts are reminded of a form: in their hours, once by itself, at a coordinator's wish not too often."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bot.texts import load_texts
from directory.texts import CHINESE
from notifications import form_plans, form_reminders, forms, notices
from notifications.form_models import Form
from notifications.form_rules import Question
from notifications.forms import Plan
from notifications.models import OutgoingMessage
from notifications.notice_audience import Audience
from notifications.notices import Wish
from tests.notice_desk import RULES

HOUR = timedelta(hours=1)
AUDIENCE = Audience("province", "辽宁省")
QUESTIONS = (Question("window", "yes_no", "有无窗口？"),)


@pytest.fixture
async def sent(database, builders, clock):
    """A form to two courts, due tomorrow at noon: 大连 pauses then, 沈阳 does not. Everybody has its notice."""
    now = clock.now()
    for code, hours, account in (
        ("辽0211", "08:30-11:30 13:30-17:00", 11), ("辽0102", "09:00-18:00", 12),
    ):  # fmt: skip
        court = await builders.court(code, province="辽宁省", hours=hours)
        await builders.officer(court, f"张{code}", "A", telegram_id=account)
    async with database.transaction() as session:
        wish = Wish("检查", AUDIENCE, now, "周琳（省级协调员）")
        plan = Plan("检查", QUESTIONS, now + 26 * HOUR + HOUR / 2)
        form = await forms.create(session, wish, plan, RULES, now=now)
        await notices.write_due(session, now, RULES)
        await session.execute(update(OutgoingMessage).values(shown=1, message_id=7))
    return form.id


async def remind(database, form_id, now):
    """Do what is due; the reminders that wait: to whom and when, and what is next."""
    async with database.transaction() as session:
        await form_reminders.remind_due(session, now, RULES)
        form = await session.get_one(Form, form_id)
        row = OutgoingMessage
        found = await session.execute(
            select(row.chat_id, row.not_before)
            .where(row.kind == form_reminders.REMINDER, row.shown.is_(None))
            .order_by(row.chat_id)
        )
        return [tuple(one) for one in found], form.reminder, form.remind_at


async def arrive(database):
    """What waits was sent."""
    async with database.transaction() as session:
        waits = OutgoingMessage.shown.is_(None)
        await session.execute(update(OutgoingMessage).where(waits).values(shown=1))


async def move(database, form_id, due_at, now):
    """What the form says next, and when."""
    async with database.transaction() as session:
        form = await forms.hold(session, form_id)
        await form_plans.move(session, form, due_at, "周琳（省级协调员）", now=now)
        return form.reminder, form.remind_at


async def says(database, chat_id, now):
    """A reminder that waits, as it would read; None: it would not leave."""
    row = OutgoingMessage
    async with database.reading() as session:
        waiting = await session.scalar(
            select(row).where(row.kind == form_reminders.REMINDER, row.chat_id == chat_id)
        )
        translate = load_texts().for_locale(CHINESE)
        return await form_reminders.message(session, waiting, translate, RULES, now=now)


async def ask(database, form_id, now):
    async with database.transaction() as session:
        form = await forms.hold(session, form_id)
        return await form_reminders.remind_now(session, form, now=now)


async def test_a_day_before_each_court_is_reminded_in_its_own_hours(database, clock, sent):
    noon = clock.now() + 2 * HOUR + HOUR / 2
    assert await remind(database, sent, noon - HOUR) == ([], "day", noon)
    # Half past one is when 大连 opens again.
    waiting = [(11, noon + HOUR * 3 / 2), (12, noon)]
    due = noon + 24 * HOUR
    assert await remind(database, sent, noon) == (waiting, "due", due)
    assert await remind(database, sent, noon + HOUR) == (waiting, "due", due)
    assert await remind(database, sent, due) == (waiting, None, None)


@pytest.mark.parametrize("engine_name", ["sqlite"])
async def test_asked_for_they_leave_at_once_and_not_twice_in_an_hour(database, clock, sent):
    now, day = clock.now(), clock.now() + 2 * HOUR + HOUR / 2
    assert await ask(database, sent, now) == "reminding"
    assert await remind(database, sent, now) == ([(11, now), (12, now)], "day", day)
    assert await ask(database, sent, now + HOUR - timedelta(seconds=1)) == "too_soon"
    assert await ask(database, sent, now + HOUR) == "reminding"
    async with database.transaction() as session:
        await forms.close(session, await forms.hold(session, sent), "周琳", now=now + HOUR)
    _rows, reminder, remind_at = await remind(database, sent, now + 2 * HOUR)
    assert (reminder, remind_at) == (None, None)
    assert await ask(database, sent, now + 3 * HOUR) == "over"


async def test_nobody_is_reminded_twice_because_a_coordinator_asked_as_well(database, clock, sent):
    noon = clock.now() + 2 * HOUR + HOUR / 2
    assert await ask(database, sent, noon - 2 * HOUR) == "reminding"
    asked, _reminder, _at = await remind(database, sent, noon - 2 * HOUR)
    assert asked == [(11, noon - 2 * HOUR), (12, noon - 2 * HOUR)]
    await arrive(database)
    # 沈阳 was reminded two hours ago; when 大连 opens that is more than three.
    waiting, _reminder, _at = await remind(database, sent, noon)
    assert waiting == [(11, noon + HOUR * 3 / 2)]
    # Asked for again before it opens, 大连 has that one now, and no other.
    assert await ask(database, sent, noon + HOUR) == "reminding"
    waiting, _reminder, _at = await remind(database, sent, noon + HOUR)
    assert waiting == [(11, noon + HOUR), (12, noon + HOUR)]


@pytest.mark.parametrize("engine_name", ["sqlite"])
async def test_a_form_that_is_moved_reminds_and_tells_anew(database, clock, sent):
    due = clock.now() + 26 * HOUR + HOUR / 2
    noon, later = due - 24 * HOUR, due + 72 * HOUR
    await remind(database, sent, noon)
    assert await move(database, sent, later, noon + HOUR) == ("day", later - 24 * HOUR)
    # What waits for 大连 to open is worth nothing now: it will be reminded a day before.
    assert await says(database, 11, noon + HOUR * 3 / 2) is None
    soon = noon + 5 * HOUR
    assert await move(database, sent, soon, noon + HOUR) == ("due", soon)
    assert "截止：17:00" in (await says(database, 11, noon + HOUR * 3 / 2)).text
    assert (await remind(database, sent, soon))[1:] == (None, None)
    # Over and told of; moved on, it is open once more.
    assert await move(database, sent, later, soon + HOUR) == ("day", later - 24 * HOUR)
    # A reminder that somebody has just asked for is not lost by that.
    assert await ask(database, sent, soon + HOUR) == "reminding"
    assert await move(database, sent, due, soon + HOUR) == ("now", soon + HOUR)
    assert (await remind(database, sent, soon + HOUR))[1:] == ("due", due)
