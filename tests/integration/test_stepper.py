"""The loop over `next_step_at`: what is due is taken, and one filing that cannot be taken holds up no other."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from directory.database import Database
from notifications import filings, paging
from notifications.models import Filing, OutgoingMessage
from notifications.stepper import FAULT_PAUSE, Stepper
from tests.builders import Builders
from tests.clock import FrozenClock
from tests.integration.test_filings import DESK, FIRST


async def test_a_filing_that_cannot_be_decided_is_put_off_and_the_others_go_on(
    database: Database,
    builders: Builders,
    clock: FrozenClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await builders.liaoning()
    async with database.transaction() as session:
        both = [FIRST, replace(FIRST, reference="KY-2019-000124")]
        first, second = await filings.receive(session, both, DESK, now=clock.now())
    assert first.filing is not None
    assert second.filing is not None
    broken_id = first.filing.id
    take_step = paging.take_step

    def broken(filing: Filing, *more: object, **how: object) -> paging.Step:
        if filing.id == broken_id:
            raise ZeroDivisionError
        return take_step(filing, *more, **how)  # type: ignore[arg-type]

    monkeypatch.setattr(paging, "take_step", broken)
    clock.jump(clock.now() + timedelta(minutes=5))
    await Stepper(database, DESK, clock).step_what_is_due()
    async with database.reading() as session:
        put_off = await session.get_one(Filing, broken_id)
        went_on = await session.get_one(Filing, second.filing.id)
        reminders = select(OutgoingMessage.filing_id).where(OutgoingMessage.step == "answer:1:A")
        assert (await session.scalars(reminders)).all() == [second.filing.id]
    assert put_off.next_step_at == clock.now() + timedelta(seconds=FAULT_PAUSE)
    assert went_on.next_step_at == clock.now() + timedelta(minutes=5)


async def test_nothing_due_is_nothing_done(
    database: Database, builders: Builders, clock: FrozenClock
) -> None:
    await builders.liaoning()
    async with database.transaction() as session:
        await filings.receive(session, [FIRST], DESK, now=clock.now())
    assert await Stepper(database, DESK, clock).step_what_is_due() == 0
