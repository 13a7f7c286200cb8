"""When courts are reminded of a form: in their hours, once by itself, at a coordinator's wish not too often."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from notifications import form_reminders, forms, notices
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
