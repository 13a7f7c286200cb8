"""The dispatcher on both databases when sending, writing or recording fails."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from directory.models import Court, Officer
from notifications import outbox
from notifications.channels.port import Later, Moved, Never, Sent
from notifications.models import OutgoingMessage, RateBudget
from tests.outbox_desk import Desk, page, until


@pytest.fixture
def desk(database, clock) -> Desk:
    return Desk(database, clock)


@pytest.fixture
async def filing(builders, desk):
    await builders.liaoning()
    return await desk.file()


@pytest.mark.parametrize(
    "failure",
    [
        Later("timeout", ambiguous=False),
        Later("network"),
        TypeError("junk"),
        TimeoutError(),
    ],
)
async def test_a_page_that_fails_for_now_is_tried_again_with_growing_pauses(
    desk, clock, filing, failure
):
    desk.channel.script(101, *[failure] * 8)
    at = []
    async with desk.running() as dispatcher:
        await page(desk, filing, 101)
        await clock.settle()
        started = clock.now()
        for _ in range(200):
            if len(desk.channel.calls) > len(at):
                at.append((clock.now() - started).total_seconds())
            await clock.advance(seconds=1)
        row = await desk.row()
    assert at == [0, 1, 3, 7, 15, 31, 61, 91, 121]
    assert (row.outcome, row.attempts) == ("sent", 0)
    assert dispatcher.failed_for_now == 8


async def test_retry_after_is_honoured_for_that_chat_alone(desk, clock, database):
    desk.channel.script(7, Later("rate_limited", retry_after=20))
    async with desk.running() as dispatcher:
        await desk.say(7, "一", "二")
        await desk.say(8, "三")
        await clock.settle()
        assert desk.channel.texts(8) == ["三"]
        await clock.advance(seconds=10)
        await desk.say(7, "急", priority=outbox.PAGE)
        await desk.say(8, "四")
        await clock.advance(seconds=10)
        assert desk.channel.texts(8) == ["三", "四"]
        assert desk.channel.texts(7) == []
        await clock.advance(seconds=1)
        assert desk.channel.texts(7) == ["急", "一", "二"]
    assert dispatcher.rate_limited == 1


@pytest.mark.parametrize("reason", ["blocked", "unknown_chat"])
async def test_a_blocked_person_is_final_and_the_next_is_asked_in_the_same_transaction(
    desk, clock, database, filing, reason
):
    desk.channel.script(101, Never(reason, "Forbidden: bot was blocked by the user"))

    async def page_b(session, outgoing, why, *, now):
        assert (outgoing.chat_id, outgoing.outcome, why) == (101, "failed", reason)
        blocked = await session.scalar(select(Officer.blocked_at).where(Officer.telegram_id == 101))
        assert blocked == now
        row = outbox.card(filing, 102, "officer", "page", now=now, step="answer:0:A")
        await outbox.write(session, [row])

    desk.on_failed = page_b
    async with desk.running() as dispatcher:
        await page(desk, filing, 101)
        await clock.settle()
        first, second = await desk.rows()
    assert (first.outcome, first.not_before) == ("failed", None)
    assert first.outcome_detail.startswith(f"{reason}: ")
    assert second.outcome == "sent"
    assert desk.channel.texts(102) == ["card v1"]
    assert await desk.events() == [
        ("delivery_failed", f"telegram A: {reason}"),
        ("delivered", "telegram A"),
    ]
    assert dispatcher.failed_for_good == 1


async def test_a_group_that_put_us_out_is_marked(desk, clock, database, filing):
    desk.channel.script(-1001, Never("kicked"))
    async with desk.running():
        await page(desk, filing, -1001, "group", court_code="辽72")
        await clock.settle()
    async with database.reading() as session:
        court = await session.get_one(Court, "辽72")
    assert court.group_unreachable_at == clock.now()
    assert [reason for _, reason in desk.failures] == ["kicked"]


async def test_a_refused_message_is_final_but_says_nothing_of_the_person(
    desk, clock, database, filing
):
    desk.channel.script(101, Never("refused", "can't parse entities"))
    async with desk.running():
        await page(desk, filing, 101)
        await clock.settle()
        row = await desk.row()
    async with database.reading() as session:
        blocked = await session.scalar(select(Officer.blocked_at).where(Officer.telegram_id == 101))
    assert (row.outcome, blocked) == ("failed", None)
    assert [reason for _, reason in desk.failures] == ["refused"]


async def test_a_failure_whose_consequences_fail_is_tried_again_whole(
    desk, clock, database, filing
):
    desk.channel.script(101, Never("blocked"), Never("blocked"))
    calls = []

    async def fail_once(session, outgoing, reason, *, now):
        calls.append(reason)
        if len(calls) == 1:
            message = "a fault of ours"
            raise ValueError(message)

    desk.on_failed = fail_once
    async with desk.running():
        await page(desk, filing, 101)
        await desk.say(8, "其他")
        await clock.settle()
        assert desk.channel.texts(8) == ["其他"]
        row, _ = await desk.rows()
        assert (row.outcome, await desk.events()) == (None, [])
        await clock.advance(seconds=1)
        row, _ = await desk.rows()
    assert (row.outcome, calls) == ("failed", ["blocked", "blocked"])


async def test_a_lost_copy_is_forgotten_and_nobody_is_blamed(desk, clock, database, filing):
    desk.channel.script(101, Sent(50), Never("gone", "message to edit not found"))
    async with desk.running():
        await page(desk, filing, 101)
        await clock.settle()
        for _ in range(2):
            await desk.refresh(filing)
            await clock.settle()
        row = await desk.row()
    assert (row.outcome, row.not_before) == ("gone", None)
    assert [call.method for call in desk.channel.calls] == ["send", "edit"]
    assert desk.failures == []
    assert await desk.events() == [("delivered", "telegram A")]


async def test_a_refused_edit_rests_until_there_is_something_new_to_say(
    desk, clock, database, filing
):
    desk.channel.script(101, Sent(50), Never("refused"))
    async with desk.running():
        await page(desk, filing, 101)
        await clock.settle()
        for _ in range(2):
            await desk.refresh(filing)
            await clock.settle()
    assert desk.channel.texts(101) == ["card v3"]
    assert desk.failures == []


async def test_what_changed_while_an_edit_was_being_refused_is_still_shown(desk, clock, filing):
    desk.channel.script(101, Sent(50), Never("refused"))
    async with desk.running():
        await page(desk, filing, 101)
        await clock.settle()
        desk.channel.open.clear()
        await desk.refresh(filing)
        await until(lambda: len(desk.channel.calls) == 2)
        await desk.refresh(filing)
        desk.channel.open.set()
        await clock.settle()
    assert desk.channel.texts(101) == ["card v3"]


async def test_a_group_turned_supergroup_is_followed(desk, clock, database, filing):
    desk.channel.script(-1001, Moved(-100200))
    async with database.transaction() as session:
        session.add(RateBudget(chat_id=-1001, free_at=clock.now(), recent=[1.0]))
    async with desk.running():
        await page(desk, filing, -1001, "group", court_code="辽72")
        await desk.say(-1001, "随后")
        await clock.settle()
    async with database.reading() as session:
        court = await session.get_one(Court, "辽72")
        budgets = list(await session.scalars(select(RateBudget.chat_id)))
    assert desk.channel.texts(-100200) == ["card v1", "随后"]
    assert court.group_chat_id == -100200
    assert -1001 not in budgets
    assert -100200 in budgets
    assert desk.failures == []


async def test_a_message_that_cannot_be_written_waits_and_holds_up_no_other(desk, clock):
    for chat, text in ((7, "broken"), (8, "一"), (9, "broken"), (10, "二")):
        await desk.say(chat, text)
    # All four are claimed at once, and written one after the other.
    async with desk.running():
        await clock.settle()
        assert desk.channel.texts(8) == ["一"]
        assert desk.channel.texts(10) == ["二"]
        broken = [row for row in await desk.rows() if row.outcome is None]
    assert [row.outcome_detail for row in broken] == ["render:KeyError"] * 2
    assert {row.not_before for row in broken} == {clock.now() + timedelta(seconds=1)}


async def test_the_loop_outlives_a_database_that_goes_away(desk, clock, database, monkeypatch):
    desk.channel.open.clear()
    async with desk.running() as dispatcher:
        await desk.say(7, "一")
        await until(lambda: desk.channel.calls)
        whole, tries = database.transaction, []

        def broken():
            tries.append(clock.now())
            raise OperationalError("BEGIN", {}, Exception("gone"))

        monkeypatch.setattr(database, "transaction", broken)
        desk.channel.open.set()
        await clock.advance(seconds=8)
        assert 4 <= len(tries) <= 8
        monkeypatch.setattr(database, "transaction", whole)
        await clock.advance(seconds=5)
        assert (await desk.row()).outcome == "sent"
        await desk.say(7, "二")
        await clock.settle()
        assert desk.channel.texts(7) == ["一", "二"]
        assert dispatcher.last_cycle_at == clock.now()


async def test_an_outcome_that_cannot_be_recorded_holds_up_no_other(desk, clock, filing, database):
    """A call's number of a message that no column holds stands for any such fault."""
    desk.channel.script(7, Sent(1 << 70))
    async with desk.running():
        await desk.say(7, "一")
        await clock.settle()
        await desk.say(8, "二")
        await clock.advance(seconds=10)
        assert [row.outcome for row in await desk.rows()] == [None, "sent"]


async def test_a_lease_lost_to_another_is_not_recorded_over(desk, clock, database, filing):
    desk.channel.open.clear()
    async with desk.running():
        await page(desk, filing, 101)
        await until(lambda: desk.channel.calls)
        async with database.transaction() as session:
            row = await session.scalar(select(OutgoingMessage))
            row.lease = "another"
        desk.channel.open.set()
        await clock.settle()
        row = await desk.row()
        assert (row.lease, row.outcome) == ("another", None)
        assert await desk.events() == []


async def test_an_unknown_channel_is_a_final_failure(desk, clock):
    async with desk.running():
        await desk.say(7, "一", channel="pigeon")
        await clock.settle()
        row = await desk.row()
    assert (row.outcome, row.outcome_detail) == ("failed", "refused: no channel pigeon")
