"""The machine's clock is set back an hour, or three days ahead, while the product runs: nothing is lost."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.settings import Settings
from notifications.models import Filing, FilingEvent, OutgoingMessage

BACK, AHEAD = timedelta(hours=-1), timedelta(days=3)


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """The real limits: what was noted of the pace before the jump must not hold anything up after it."""
    return settings.model_copy(update={"rate_global": 29.0, "rate_group": 20, "rate_chat": 1.0})


async def everything_sent(app, clock) -> list[OutgoingMessage]:
    """Let half a minute pass; every message there is must have left by then."""
    await clock.advance(seconds=30)
    async with app.database.reading() as session:
        rows = list(await session.scalars(select(OutgoingMessage)))
    assert [row.outcome for row in rows] == ["sent"] * len(rows)
    return rows


async def stored(app, filing) -> Filing:
    async with app.database.reading() as session:
        return await session.get_one(Filing, filing.id)


async def kinds(app, filing) -> list[str]:
    async with app.database.reading() as session:
        found = await session.scalars(
            select(FilingEvent.kind)
            .where(FilingEvent.filing_id == filing.id)
            .order_by(FilingEvent.id)
        )
        return list(found)


@pytest.mark.parametrize("jump", [BACK, AHEAD], ids=["an hour back", "three days ahead"])
async def test_a_filing_after_the_jump_is_paged_at_once(
    app, clock, phones, groups, file_a_filing, jump
):
    await file_a_filing("KY-1")
    await everything_sent(app, clock)
    clock.jump(clock.now() + jump)
    await clock.settle()
    await file_a_filing("KY-2")
    await everything_sent(app, clock)
    phones["A岗"].expects("KY-2 待签收")
    phones["A岗"].expects("KY-2 待签收", chat=groups["辽72"])


@pytest.mark.parametrize("jump", [BACK, AHEAD], ids=["an hour back", "three days ahead"])
async def test_pages_under_way_at_the_jump_arrive(
    app, clock, phones, groups, liaoning, file_a_filing, jump
):
    """Eight filings for one group: with one message a second most still wait when the clock is set."""
    for number in range(8):
        await file_a_filing(f"KY-{number}")
    clock.jump(clock.now() + jump)
    await clock.settle()
    await clock.advance(minutes=1)
    for number in range(8):
        phones["A岗"].expects(f"KY-{number}")
        phones["A岗"].expects(f"KY-{number}", chat=groups["辽72"])
    # The pages are there; what three missed days add to them may fill the group's minute and wait.
    await everything_sent(app, clock)
    async with app.database.reading() as session:
        outcomes = set(await session.scalars(select(OutgoingMessage.outcome)))
    assert outcomes == {"sent"}


@pytest.mark.parametrize("jump", [BACK, AHEAD], ids=["an hour back", "three days ahead"])
async def test_an_answer_after_the_jump_never_takes_negative_seconds(
    app, clock, phones, file_a_filing, jump
):
    filing = await file_a_filing()
    await everything_sent(app, clock)
    clock.jump(clock.now() + jump)
    await clock.settle()
    await phones["A岗"].presses("签收")
    await everything_sent(app, clock)
    await phones["A岗"].presses("登记立案")
    await everything_sent(app, clock)
    after = await stored(app, filing)
    assert after.state == "completed"
    seconds = [
        after.answer_wall_seconds, after.answer_working_seconds,
        after.result_wall_seconds, after.result_working_seconds,
    ]  # fmt: skip
    assert all(value is not None and value >= 0 for value in seconds), seconds
    assert after.answered_in_time is (jump is BACK)
    assert (await kinds(app, filing)).count("acknowledged") == 1
    phones["A岗"].expects("登记立案")


async def test_three_days_ahead_every_step_missed_is_taken_once(
    app, clock, phones, groups, file_a_filing
):
    filing = await file_a_filing()
    await everything_sent(app, clock)
    clock.jump(clock.now() + AHEAD)
    await clock.settle()
    await everything_sent(app, clock)
    for name in ("B岗", "带班领导", "省级协调员"):
        assert phones[name].count(filing.reference) == 1, name
    steps = (await stored(app, filing)).steps_taken
    assert len(steps) == len(set(steps))


async def test_an_hour_back_the_ladder_goes_on_when_its_time_comes(
    app, clock, phones, file_a_filing
):
    """What was promised for 09:40 comes at 09:40 by the clock as it is now, and once."""
    filing = await file_a_filing()
    await everything_sent(app, clock)
    clock.jump(clock.now() + BACK)
    await clock.settle()
    phones["B岗"].expects_nothing()
    await clock.advance(hours=1, minutes=10)
    assert phones["B岗"].count(filing.reference) == 1
    assert (await stored(app, filing)).next_step_at is not None
