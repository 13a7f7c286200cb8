"""What no loop would take up again is found, set going and told: each fault is planted in the database."""

from datetime import timedelta

import pytest
import structlog
from sqlalchemy import select, update

from notifications import drills, outbox
from notifications.acknowledgements import accept
from notifications.auditor import Auditor, audit
from notifications.desk import DeskRules
from notifications.drill_plan import Audience, Order
from notifications.filings import Submission, receive
from notifications.ladder import LadderBook
from notifications.models import Drill, Filing, OutgoingMessage, RateBudget
from notifications.permissions import Actor
from notifications.stepper import Stepper

DESK = DeskRules(LadderBook.built_in(), "Asia/Shanghai", "zh-CN")


@pytest.fixture
async def people(builders):
    return await builders.liaoning()


@pytest.fixture
async def filing(database, clock, people):
    async with database.transaction() as session:
        wish = Submission("KY-1", "浙72", "辽72", "civil_first_instance", None, False, "立案平台")
        [receipt] = await receive(session, [wish], DESK, now=clock.now())
    return receipt.filing.id


@pytest.fixture
def look(database, clock):
    """Audit as it is done while the loops have been at work for long."""

    async def audited(at_work=timedelta(hours=1)):
        async with database.transaction() as session:
            now = clock.now()
            found = await audit(session, DESK, now=now, at_work=now - at_work)
        return [repair.fault for repair in found]

    return audited


async def plant(database, model, **values):
    async with database.transaction() as session:
        await session.execute(update(model).values(**values))


async def all_sent(database):
    await plant(database, OutgoingMessage, outcome="sent", shown=1, not_before=None)


async def stored(database, model, *conditions):
    async with database.reading() as session:
        return list(await session.scalars(select(model).where(*conditions)))


async def test_a_sound_desk_has_nothing_to_mend(database, clock, filing, look):
    assert await look() == []


async def test_a_waiting_filing_whose_next_step_was_lost_gets_it_back(
    database, clock, filing, look
):
    await plant(database, Filing, next_step_at=None)
    await clock.advance(minutes=1)
    with structlog.testing.capture_logs() as logs:
        assert await look() == ["no_next_step"]
    [stands] = await stored(database, Filing)
    assert stands.next_step_at == clock.now()
    [line] = [line for line in logs if line["event"] == "audit_repaired"]
    assert (line["log_level"], line["fault"], line["count"]) == ("error", "no_next_step", 1)
    [alert] = await stored(database, OutgoingMessage, OutgoingMessage.kind == "alert")
    assert alert.chat_id == 104
    assert alert.payload["references"] == ["KY-1"]
    assert await look() == []


async def test_the_loop_then_climbs_as_if_nothing_had_been(database, clock, filing, look):
    await plant(database, Filing, next_step_at=None)
    await clock.advance(minutes=11)
    await look()
    await Stepper(database, DESK, clock).step_what_is_due()
    [stands] = await stored(database, Filing)
    assert {"answer:1:A", "answer:2:B"} <= set(stands.steps_taken)
    assert stands.next_step_at == stands.received_at + timedelta(minutes=15)


async def test_a_filing_whose_ladder_has_nothing_left_is_left_alone(database, clock, filing, look):
    await clock.advance(minutes=31)
    await all_sent(database)
    await Stepper(database, DESK, clock).step_what_is_due()
    [stands] = await stored(database, Filing)
    assert (stands.state, stands.next_step_at) == ("waiting", None)
    await all_sent(database)
    assert await look() == []


async def test_an_acknowledged_filing_is_looked_at_too(database, clock, people, filing, look):
    actor = Actor("王建国（A岗）", "王建国", "officer", people.a.id, "辽72", "辽宁省", "A", {"A"})
    async with database.transaction() as session:
        await accept(session, filing, actor, DESK, now=clock.now())
    await plant(database, Filing, next_step_at=None)
    assert await look() == ["no_next_step"]


async def test_a_step_that_no_loop_takes_is_called_for(database, clock, filing, look):
    await clock.advance(minutes=11)
    await all_sent(database)
    assert await look() == ["step_overdue"]
    # Right after the start everything may be overdue: the loops are only beginning.
    assert await look(at_work=timedelta(minutes=1)) == []


async def test_a_message_that_lost_its_time_leaves_after_all(database, clock, filing, look):
    await plant(database, OutgoingMessage, not_before=None)
    rows = await stored(database, OutgoingMessage)
    assert await look() == ["page_lost"] * len(rows)
    assert {row.not_before for row in await stored(database, OutgoingMessage)} >= {clock.now()}


@pytest.mark.parametrize(
    "values",
    [
        {"leased_until": timedelta(days=3), "lease": "x"},
        {"not_before": timedelta(days=3)},
    ],
)
async def test_a_message_that_a_clock_set_back_left_in_the_future_leaves_now(
    database, clock, filing, look, values
):
    planted = {k: clock.now() + v if isinstance(v, timedelta) else v for k, v in values.items()}
    await plant(database, OutgoingMessage, **planted)
    assert set(await look()) == {"page_lost"}
    for row in await stored(database, OutgoingMessage):
        assert (row.lease, row.leased_until) == (None, None)
        assert row.not_before <= clock.now()


async def test_a_page_overdue_whose_lease_is_long_over_is_freed_and_keeps_its_place(
    database, clock, filing, look
):
    before = {row.id: row.not_before for row in await stored(database, OutgoingMessage)}
    await plant(database, OutgoingMessage, lease="x", leased_until=clock.now())
    await clock.advance(minutes=4)
    assert await look() == []
    await clock.advance(minutes=2)
    faults = await look()
    pages = await stored(
        database,
        OutgoingMessage,
        OutgoingMessage.priority == outbox.PAGE,
        OutgoingMessage.kind == "card",
    )
    assert faults.count("page_overdue") == len(pages) > 0
    assert {row.lease for row in pages} == {None}
    assert {row.id: row.not_before for row in pages}.items() <= before.items()


async def drill(database, clock, people):
    wish = Order(Audience("court", "辽72", "大连海事法院", "辽宁省"), clock.now(), 0, "周琳")
    async with database.transaction() as session:
        return (await drills.order(session, wish, DESK, now=clock.now())).id


async def test_a_drill_that_nobody_begins_or_ends_is_called_for(database, clock, people, look):
    await drill(database, clock, people)
    assert await look() == []
    await clock.advance(minutes=6)
    assert await look() == ["drill_stuck"]
    await clock.advance(minutes=60)
    assert await look() == ["drill_stuck"]


async def test_a_drill_filing_that_goes_on_after_the_end_is_taken_back(
    database, clock, people, look
):
    await drill(database, clock, people)
    async with database.transaction() as session:
        await drills.file_due(session, clock.now(), DESK)
    await plant(database, Drill, closed_at=clock.now(), reported_at=clock.now())
    await clock.advance(minutes=61)
    await Stepper(database, DESK, clock).step_what_is_due()
    await all_sent(database)
    assert await look() == ["drill_stuck"]
    async with database.transaction() as session:
        await drills.close_due(session, clock.now())
    [stands] = await stored(database, Filing)
    assert stands.state == "withdrawn"


async def test_the_auditor_counts_what_it_mended(database, clock, filing):
    auditor = Auditor(database, DESK, clock)
    await auditor.look()
    await plant(database, Filing, next_step_at=None)
    await auditor.look()
    assert auditor.repairs == 1


async def test_the_figure_is_shown_and_what_was_planted_before_the_start_is_mended(
    app, clock, file_a_filing, database, phones
):
    await file_a_filing()
    await plant(database, Filing, next_step_at=None)
    await app.auditor.look()
    await clock.settle()
    assert app.auditor.repairs == 1
    phones["省级协调员"].expects("系统自查：1 件立案曾停止呼叫，已恢复")
    [stands] = await stored(database, Filing)
    assert stands.next_step_at == clock.now() + timedelta(minutes=5)


async def test_a_lost_step_is_found_behind_any_number_whose_ladder_is_at_its_end(
    database, clock, filing, monkeypatch
):
    monkeypatch.setattr("notifications.auditor.BATCH", 2)
    async with database.transaction() as session:
        wishes = [
            Submission(f"KY-{n}", "浙72", "辽72", "enforcement", None, False, "立案平台")
            for n in (2, 3, 4)
        ]
        await receive(session, wishes, DESK, now=clock.now())
    await clock.advance(minutes=31)
    await Stepper(database, DESK, clock).step_what_is_due()
    # The oldest forgot that it had taken a step.
    async with database.transaction() as session:
        oldest = await session.get_one(Filing, filing)
        oldest.steps_taken = [key for key in oldest.steps_taken if key != "answer:4:coordinator"]
    auditor = Auditor(database, DESK, clock)
    repaired = [repair.filing.id for repair in await auditor.look() if repair.filing]
    assert repaired == [filing]
    assert (await stored(database, Filing, Filing.id == filing))[0].next_step_at == clock.now()


async def test_a_chat_that_asked_for_patience_for_hours_is_left_alone(
    database, clock, filing, look
):
    until = clock.now() + timedelta(hours=9)
    await plant(database, OutgoingMessage, not_before=until)
    async with database.transaction() as session:
        for row in await session.scalars(select(OutgoingMessage)):
            session.add(RateBudget(chat_id=row.chat_id, free_at=until, recent=[]))
    assert await look() == []
