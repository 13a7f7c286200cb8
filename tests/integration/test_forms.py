"""Forms in the tables: which courts get a sheet, two people of one court at once, what an answer may not hold."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bot.texts import load_texts
from directory import retention
from directory.texts import CHINESE
from notifications import (
    form_filling,
    form_plans,
    forms,
    notice_messages,
    notice_people,
    notices,
)
from notifications.form_filling import NumbersInAnswer, Writer
from notifications.form_models import Form, FormAnswer, FormSheet
from notifications.form_rules import Question
from notifications.models import OutgoingMessage
from notifications.notice_audience import Audience
from notifications.notices import NumbersInText, Wish
from tests.notice_desk import RULES

#: Where SQL says nothing new.
on_sqlite = pytest.mark.parametrize("engine_name", ["sqlite"])

SIGN = Question("sign", "yes_no", "窗口是否悬挂统一标识？")
WINDOWS = Question("windows", "number", "有几个窗口？", unit="个")
DEFECTS = Question("defects", "text", "还有什么问题？", required=False)
QUESTIONS = (SIGN, WINDOWS, DEFECTS)
A, B = Writer("王建国（A岗）", 1, "own"), Writer("李敏（B岗）", 2, "own")


@pytest.fixture
async def people(builders):
    """辽72 with two people; one court unlinked, one without anybody."""
    court = await builders.court("辽72", phone="138 0000 0000")
    for number, (name, post) in enumerate((("王建国", "A"), ("李敏", "B")), 1):
        await builders.officer(court, name, post, 500 + number)
    await builders.officer(await builders.court("辽0211"), "张伟", "A")
    await builders.court("辽0212")


def wish(clock, **more):
    return Wish("请填报。", Audience("province", "辽宁省", **more), clock.now(), "周琳", None)


async def reads(session, row, now):
    """A copy as it would read."""
    await session.refresh(row)
    translate = load_texts().for_locale(CHINESE)
    return (await notice_messages.message(session, row, translate, RULES, now=now)).text


async def send(database, clock):
    plan = forms.Plan("检查", QUESTIONS, clock.now() + timedelta(days=2))
    async with database.transaction() as session:
        form = await forms.create(session, wish(clock), plan, RULES, now=clock.now())
        await notices.write_due(session, clock.now(), RULES)
    return form.id


@on_sqlite
async def test_every_court_of_the_audience_has_a_sheet_and_says_why_nobody_was_reached(
    database, clock, people
):
    number = await send(database, clock)
    only_leaders = Audience("province", "辽宁省", posts=("leader",))
    some = Audience("province", "辽宁省", narrowing=("untrained", clock.now().isoformat()))
    async with database.reading() as session:
        form = await session.get_one(Form, number)
        sheets = {
            code: (await session.get_one(FormSheet, (number, code))).unreachable
            for code in ("辽72", "辽0211", "辽0212")
        }
        asked = [
            await notice_people.courts(
                session, one, now=clock.now(), default_timezone=RULES.timezone
            )
            for one in (only_leaders, some)
        ]
    assert sheets == {"辽72": None, "辽0211": "unlinked", "辽0212": "nobody"}
    assert {why for _, why in asked[0]} == {"nobody"}
    assert [code for code, _ in asked[1]] == ["辽0211", "辽72"]
    assert (form.reminder, form.remind_at) == ("day", clock.now() + timedelta(days=1))


@on_sqlite
async def test_a_form_leaves_with_its_notice_to_the_courts_that_there_are_then(
    database, clock, people, builders
):
    at, due = clock.now() + timedelta(hours=2), clock.now() + timedelta(days=2)
    planned = replace(wish(clock), send_at=at)
    async with database.transaction() as session:
        form = await forms.create(
            session, planned, forms.Plan("检查", QUESTIONS, due), RULES, now=clock.now()
        )
        notice = await notices.hold(session, form.notice_id)
        # Neither time passes the other.
        for move_due in (at, clock.now()):
            with pytest.raises(forms.DueTooEarly):
                await form_plans.move(session, form, move_due, "周琳", now=clock.now())
        with pytest.raises(form_plans.DueBeforeLeaving):
            await form_plans.replan(session, notice, due, None, now=clock.now())
        later = due + timedelta(days=3)
        await form_plans.move(session, form, later, "周琳", now=clock.now())
        # Held back, it is nobody's; what nobody was promised is moved without a word.
        assert await form_plans.replan(session, notice, None, None, now=clock.now())
        for move_due in (at, later):
            await form_plans.move(session, form, move_due, "周琳", now=clock.now())
        assert await forms.of_court(session, "辽72", now=clock.now(), most=9) == []
        assert await session.scalar(select(func.count()).select_from(FormSheet)) == 0
        assert (form.first_due_at, form.remind_at) == (None, None)
        assert await form_plans.replan(session, notice, due, None, now=clock.now())
    await builders.court("辽0213")
    async with database.transaction() as session:
        await notices.write_due(session, due, RULES)
        form = await forms.hold(session, form.id)
        codes = await session.scalars(select(FormSheet.court_code).order_by(FormSheet.court_code))
        assert codes.all() == ["辽0211", "辽0212", "辽0213", "辽72"]
        assert (form.reminder, form.remind_at) == ("day", later - timedelta(days=1))
        [(listed, _sheet, _at)] = await forms.of_court(session, "辽72", now=due, most=9)
        assert listed is form


@on_sqlite
async def test_who_was_late_is_in_time_when_the_form_is_moved(database, clock, people):
    number = await send(database, clock)
    due, filled = clock.now() + timedelta(days=2), clock.now() + timedelta(days=3)
    async with database.transaction() as session:
        held = await form_filling.hold(session, number, "辽72")
        for asked, value in ((SIGN, True), (WINDOWS, 3)):
            await form_filling.answer(session, held, asked, value, A, now=filled)
        await form_filling.submit(session, held, A, now=filled)
        form = await forms.hold(session, number)
        [row] = await session.scalars(
            select(OutgoingMessage).where(OutgoingMessage.officer_id == 1)
        )
        lines = [await reads(session, row, filled)]
        assert held.shut("own", filled) == "over"
        for day in (4, 3, 5):
            moved = clock.now() + timedelta(days=day, hours=1)
            await form_plans.move(session, form, moved, "周琳（省级协调员）", now=filled)
            lines.append(await reads(session, row, filled))
        assert held.shut("own", filled) is None
        # The list of the court's forms says so as its notice does.
        later = filled + timedelta(hours=1)
        await form_filling.answer(session, held, WINDOWS, 4, A, now=later)
        [(_form, _sheet, corrected_at)] = await forms.of_court(session, "辽72", now=later, most=9)
        assert corrected_at == later
        await forms.close(session, form, "周琳", now=later)
        with pytest.raises(form_plans.FormOver):
            await form_plans.move(session, form, due, "周琳", now=later)
        assert (form.first_due_at, form.moved_at) == (due, filled)
    assert ["逾期" in text for text in lines] == [True, False, False, False]
    assert ["原为 8月21日 09:30" in text for text in lines] == [False, True, True, True]


async def test_two_people_of_a_court_answer_and_hand_in_at_once(database, clock, people):
    number = await send(database, clock)

    async def one(writer, asked, value, *, hand_in=False):
        async with database.transaction() as session:
            held = await form_filling.hold(session, number, "辽72")
            await asyncio.sleep(0)  # the other one has begun by now
            await form_filling.answer(session, held, asked, value, writer, now=clock.now())
            if hand_in:
                return await form_filling.submit(session, held, writer, now=clock.now())
        return None

    await asyncio.gather(one(A, SIGN, True), one(B, WINDOWS, 3), one(A, DEFECTS, "无"))
    await asyncio.gather(one(A, WINDOWS, 4), one(B, WINDOWS, 5))
    came = await asyncio.gather(one(A, SIGN, False, hand_in=True), one(B, SIGN, True, hand_in=True))
    async with database.reading() as session:
        sheet = await session.get_one(FormSheet, (number, "辽72"))
        history = await form_filling.history(session, number, "辽72")
    # Nobody's answer is lost to another question's; the last word stands, all are on record.
    assert sorted(came) == ["already", "filled"]
    last = {one.key: one.value for one in history}
    assert sheet.answers == last
    assert (len(history), sheet.version) == (7, 8)
    assert {one.value for one in history if one.key == "windows"} == {3, 4, 5}
    assert sheet.filled_by in (A.who, B.who)


@on_sqlite
async def test_a_form_goes_with_its_notice(database, clock, people):
    number = await send(database, clock)
    async with database.transaction() as session:
        held = await form_filling.hold(session, number, "辽72")
        await form_filling.answer(session, held, SIGN, True, A, now=clock.now())
    async with database.transaction() as session:
        await retention.purge(session, now=clock.now() + timedelta(days=731))
        for model in (Form, FormSheet, FormAnswer):
            assert await session.scalar(select(func.count()).select_from(model)) == 0


@on_sqlite
async def test_what_an_answer_and_a_question_may_not_hold_and_when_none_is_taken(
    database, clock, people
):
    number = await send(database, clock)
    asked = Question("who", "text", "请张三 13912345678 填写")
    later = clock.now() + timedelta(days=2)
    refused = (
        (forms.Plan("检查", (asked,), later), NumbersInText),
        (forms.Plan("检查", QUESTIONS, clock.now()), forms.DueTooEarly),
        (forms.Plan("", QUESTIONS, later), forms.NoForm),
        (forms.Plan("检查", (), later), forms.NoForm),
    )
    async with database.transaction() as session:
        for plan, why in refused:
            with pytest.raises(why):
                await forms.create(session, wish(clock), plan, RULES, now=clock.now())

    async with database.transaction() as session:
        held = await form_filling.hold(session, number, "辽72")

        def answer(question, value):
            return form_filling.answer(session, held, question, value, A, now=clock.now())

        for text in ("证号 11010519491231002X", "请打 139-1234-5678"):
            with pytest.raises(NumbersInAnswer):
                await answer(DEFECTS, text)
        with pytest.raises(ValueError, match="windows"):
            await answer(WINDOWS, "3")
        assert await answer(DEFECTS, "请打本院电话 13800000000") is None
        assert await form_filling.submit(session, held, A, now=clock.now()) == "missing"
        await answer(SIGN, True)
        await answer(WINDOWS, 3)
        await answer(DEFECTS, None)
        assert held.sheet.answers == {"sign": True, "windows": 3}
        assert await form_filling.submit(session, held, A, now=clock.now()) == "filled"
        # What a sheet needs cannot be taken out of it any more.
        with pytest.raises(ValueError, match="sign"):
            await answer(SIGN, None)
        form = await forms.hold(session, number)
        assert await forms.close(session, form, "周琳", now=clock.now())
        assert not await forms.close(session, form, "周琳", now=clock.now())
        assert await answer(SIGN, False) == "closed"
        assert (form.remind_at, form.reminder) == (None, None)
