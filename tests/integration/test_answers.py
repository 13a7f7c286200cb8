"""Answering a filing: who is first, what may be taken back, what restarts a clock."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from directory import shifts
from directory.database import Database
from directory.models import Court
from notifications import acknowledgements, collaboration, filings, rerouting, results
from notifications.models import Filing, FilingEvent, OutgoingMessage
from notifications.outcomes import Already, Done, NotNow, Outcome, Refused
from notifications.permissions import Actor
from notifications.stepper import Stepper
from tests.builders import Builders, Liaoning
from tests.clock import FrozenClock
from tests.integration.test_filings import DESK, FIRST


def actor(officer_id: int, name: str, court: str, province: str, post: str) -> Actor:
    return Actor(
        f"{name}（{post}）", name, "officer", officer_id, court, province, post, frozenset({post})
    )


class Desk:
    """One filing and the people around it."""

    def __init__(
        self, database: Database, clock: FrozenClock, people: Liaoning, filing_id: int
    ) -> None:
        self.database, self.clock, self.filing_id = database, clock, filing_id
        self.a = actor(people.a.id, people.a.name, "辽72", "辽宁省", "A")
        self.b = actor(people.b.id, people.b.name, "辽72", "辽宁省", "B")
        self.filer = actor(people.filing_officer.id, "陈洁", "浙72", "浙江省", "A")

    async def does(
        self, action: Callable[..., Awaitable[Outcome]], who: Actor, *more: object
    ) -> Outcome:
        async with self.database.transaction() as session:
            return await action(session, self.filing_id, who, *more, DESK, now=self.clock.now())

    async def steps(self) -> None:
        await Stepper(self.database, DESK, self.clock).step_due()

    async def filing(self) -> Filing:
        async with self.database.reading() as session:
            return await session.get_one(Filing, self.filing_id)

    async def events(self) -> list[str]:
        async with self.database.reading() as session:
            found = await session.scalars(select(FilingEvent).order_by(FilingEvent.id))
            return [item.kind for item in found]

    async def messages(self, kind: str) -> list[OutgoingMessage]:
        async with self.database.reading() as session:
            rows = select(OutgoingMessage).where(OutgoingMessage.kind == kind)
            return list(await session.scalars(rows.order_by(OutgoingMessage.id)))


@pytest.fixture
async def desk(database: Database, builders: Builders, clock: FrozenClock) -> Desk:
    people = await builders.liaoning()
    async with database.transaction() as session:
        [receipt] = await filings.receive(session, [FIRST], DESK, now=clock.now())
    assert receipt.filing is not None
    return Desk(database, clock, people, receipt.filing.id)


async def test_the_first_acknowledgment_wins_and_the_second_hears_who_was_first(desk: Desk) -> None:
    desk.clock.jump(desk.clock.now() + timedelta(minutes=9, seconds=30))
    assert isinstance(await desk.does(acknowledgements.accept, desk.a), Done)
    first_at = desk.clock.now()
    desk.clock.jump(first_at + timedelta(seconds=5))
    second = await desk.does(acknowledgements.accept, desk.b)
    assert isinstance(second, Already)
    assert (second.by["name"], second.at) == ("王建国", first_at)
    filing = await desk.filing()
    assert (filing.answer_wall_seconds, filing.answer_working_seconds) == (570, 570)
    assert filing.answered_in_time is True
    assert filing.result_due_at == first_at + timedelta(minutes=60)


async def test_many_pressing_at_once_leave_one_acknowledgment(desk: Desk) -> None:
    outcomes = await asyncio.gather(
        *(desk.does(acknowledgements.accept, who) for who in (desk.a, desk.b) * 5)
    )
    assert sum(isinstance(outcome, Done) for outcome in outcomes) == 1
    assert (await desk.events()).count("acknowledged") == 1


async def test_a_refusal_is_written_down(desk: Desk) -> None:
    refused = await desk.does(acknowledgements.accept, desk.filer)
    assert isinstance(refused, Refused)
    assert refused.reason == "not_jurisdiction"
    assert (await desk.filing()).state == "waiting"
    assert (await desk.events())[-1] == "refused"


async def test_undo_gives_back_state_and_clocks_and_repeats_no_step(desk: Desk) -> None:
    before = await desk.filing()
    await desk.does(acknowledgements.accept, desk.a)
    desk.clock.jump(desk.clock.now() + timedelta(seconds=119))
    assert isinstance(await desk.does(acknowledgements.undo, desk.a), Done)
    after = await desk.filing()
    for field in ("state", "acknowledged_at", "acknowledged_by", "result_due_at", "steps_taken"):
        assert getattr(after, field) == getattr(before, field)
    await desk.steps()
    assert len(await desk.messages("card")) == 3
    assert (await desk.filing()).next_step_at == before.next_step_at


@pytest.mark.parametrize(
    ("who", "seconds", "reason"),
    [("a", 120, "undo_expired"), ("b", 60, "undo_not_author")],
)
async def test_undo_is_for_its_author_and_for_two_minutes(
    desk: Desk, who: str, seconds: int, reason: str
) -> None:
    await desk.does(acknowledgements.accept, desk.a)
    desk.clock.jump(desk.clock.now() + timedelta(seconds=seconds))
    outcome = await desk.does(acknowledgements.undo, getattr(desk, who))
    assert isinstance(outcome, NotNow)
    assert outcome.reason == reason


async def test_undo_without_anything_to_undo_says_so(desk: Desk) -> None:
    outcome = await desk.does(acknowledgements.undo, desk.a)
    assert isinstance(outcome, NotNow)
    assert outcome.reason == "nothing_to_undo"


async def test_after_two_minutes_the_loop_takes_the_undo_button_off(desk: Desk) -> None:
    await desk.does(acknowledgements.accept, desk.a)
    await desk.steps()
    version = (await desk.filing()).version
    assert (await desk.filing()).next_step_at == desk.clock.now() + timedelta(seconds=120)
    desk.clock.jump(desk.clock.now() + timedelta(seconds=120))
    await desk.steps()
    filing = await desk.filing()
    assert filing.undo is None
    assert filing.version == version + 1
    assert filing.next_step_at == desk.clock.now() + timedelta(minutes=43)


async def test_a_result_acknowledges_first_and_undo_takes_both_back(desk: Desk) -> None:
    desk.clock.jump(desk.clock.now() + timedelta(minutes=4))
    assert isinstance(await desk.does(results.give, desk.a, "registered", None), Done)
    filing = await desk.filing()
    assert (filing.state, filing.result, filing.answer_wall_seconds) == (
        "completed",
        "registered",
        240,
    )
    assert filing.result_wall_seconds == 0
    await desk.does(acknowledgements.undo, desk.a)
    assert (await desk.filing()).state == "waiting"


async def test_a_correction_keeps_the_filing_open_and_its_supplement_restarts_the_clock(
    desk: Desk,
) -> None:
    await desk.does(acknowledgements.accept, desk.a)
    desk.clock.jump(desk.clock.now() + timedelta(minutes=10))
    await desk.does(results.give, desk.a, "correction", "请补交授权委托书")
    filing = await desk.filing()
    assert (filing.state, filing.result, filing.result_due_at) == ("correcting", "correction", None)
    desk.clock.jump(desk.clock.now() + timedelta(minutes=20))
    assert isinstance(await desk.does(results.supplement, desk.filer), Done)
    filing = await desk.filing()
    assert (filing.state, filing.result, filing.result_note) == ("acknowledged", None, None)
    assert filing.result_due_at == desk.clock.now() + timedelta(minutes=60)
    desk.clock.jump(desk.clock.now() + timedelta(minutes=7))
    await desk.does(results.give, desk.b, "registered", None)
    assert (await desk.filing()).result_working_seconds == 7 * 60


async def test_a_supplement_nobody_asked_for_is_not_taken(desk: Desk) -> None:
    outcome = await desk.does(results.supplement, desk.filer)
    assert isinstance(outcome, NotNow)
    assert outcome.reason == "state_waiting"


async def test_a_nudge_reaches_group_and_officer_and_bars_the_next_for_ten_minutes(
    desk: Desk,
) -> None:
    assert isinstance(await desk.does(collaboration.nudge, desk.filer), Done)
    assert {row.chat_id for row in await desk.messages("nudged")} == {-1001, 101}
    outcome = await desk.does(collaboration.nudge, desk.filer)
    assert isinstance(outcome, NotNow)
    assert (outcome.reason, outcome.retry_at) == (
        "too_soon", desk.clock.now() + timedelta(minutes=10),
    )  # fmt: skip


async def test_nothing_is_asked_about_a_withdrawn_filing(desk: Desk) -> None:
    await desk.does(collaboration.withdraw, desk.filer, "当事人撤回")
    desk.clock.jump(desk.clock.now() + timedelta(hours=2))
    await desk.steps()
    filing = await desk.filing()
    assert (filing.state, filing.next_step_at) == ("withdrawn", None)
    assert len(await desk.messages("card")) == 3
    late = await desk.does(acknowledgements.accept, desk.a)
    assert isinstance(late, NotNow)
    assert late.reason == "state_withdrawn"


async def test_handing_over_pages_post_b_once(desk: Desk) -> None:
    assert isinstance(await desk.does(rerouting.hand_over, desk.a), Done)
    to_b = [row for row in await desk.messages("card") if row.chat_id == 102]
    assert [row.payload["reason"] for row in to_b] == ["handed_over"]
    again = await desk.does(rerouting.hand_over, desk.a)
    assert isinstance(again, NotNow)
    assert again.reason == "already_paged"


async def test_a_snooze_spares_one_officer_and_holds_nobody_else_up(desk: Desk) -> None:
    assert isinstance(await desk.does(rerouting.snooze, desk.a), Done)
    desk.clock.jump(desk.clock.now() + timedelta(minutes=10))
    await desk.steps()
    paged = [row.chat_id for row in await desk.messages("card")]
    assert paged.count(101) == 1
    assert paged.count(102) == 1
    again = await desk.does(rerouting.snooze, desk.a)
    assert isinstance(again, NotNow)


async def test_every_change_reaches_the_cards_that_were_sent(desk: Desk) -> None:
    async with desk.database.transaction() as session:
        for row in await session.scalars(select(OutgoingMessage)):
            row.shown, row.outcome, row.message_id, row.not_before = 1, "sent", row.id, None
    await desk.does(acknowledgements.accept, desk.a)
    cards = await desk.messages("card")
    version = (await desk.filing()).version
    assert {row.wanted for row in cards} == {version}
    assert all(row.not_before == desk.clock.now() for row in cards)


async def test_who_acknowledged_and_is_on_leave_is_not_called_for_the_result_but_who_stands_in(
    desk: Desk, database: Database
) -> None:
    await desk.does(acknowledgements.accept, desk.a)
    await desk.steps()
    async with database.transaction() as session:
        today = desk.clock.now().date()
        await shifts.leave(
            session, desk.a.officer_id or 0, today, today, by="赵强", now=desk.clock.now()
        )
    desk.clock.jump(desk.clock.now() + timedelta(minutes=45))
    await desk.steps()
    called = [row for row in await desk.messages("card") if (row.step or "").startswith("result")]
    assert [row.officer_id for row in called] == [desk.b.officer_id]
    assert called[0].payload["reason"] == "on_leave"
    # A supplement, too, waits for nobody who is away.
    await desk.does(results.give, desk.b, "correction", "缺送达地址确认书")
    await desk.does(results.supplement, desk.filer)
    assert desk.a.officer_id not in [row.officer_id for row in await desk.messages("supplemented")]


@pytest.mark.parametrize("column", ["blocked_at", "left_at"])
async def test_a_court_without_a_group_is_told_at_post_a_when_who_filed_cannot_be(
    desk: Desk, database: Database, builders: Builders, column: str
) -> None:
    now = desk.clock.now()
    filer = await builders.officer("浙72", "陈晨", "B", 205, **{column: now})
    async with database.transaction() as session:
        (await session.get_one(Court, "浙72")).group_chat_id = None
        item = replace(FIRST, reference="KY-2", filed_by_officer_id=filer.id)
        [receipt] = await filings.receive(session, [item], DESK, now=now)
    assert receipt.filing is not None
    desk.filing_id = receipt.filing.id
    cards = [row for row in await desk.messages("card") if row.filing_id == desk.filing_id]
    told = [row.officer_id for row in cards if row.payload["view"] == "collaborating"]
    assert told == [desk.filer.officer_id]
    await desk.does(acknowledgements.accept, desk.a)
    assert [row.officer_id for row in await desk.messages("acknowledged")] == [
        desk.filer.officer_id
    ]
