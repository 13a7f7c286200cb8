"""Shifts, rotations and leave in the database: entered, conflicting, taken back, and who stands there by them."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from directory import duty, shifts
from directory.database import Database
from directory.duty_models import CheckIn, Rotation
from directory.errors import DaysReversed, NotOfTheCourt, NotPlannable, ShiftTaken
from directory.models import Court, DirectoryRecord
from tests.builders import Builders, Liaoning
from tests.clock import FrozenClock

BEIJING = "Asia/Shanghai"
TODAY = date(2019, 8, 19)


def after(days: int) -> date:
    return TODAY + timedelta(days=days)


@pytest.fixture
async def cast(builders: Builders) -> Liaoning:
    return await builders.liaoning()


async def at(database: Database, clock: FrozenClock, post: str = "A") -> list[tuple[str, object]]:
    """Who stands at a post of 辽72 now, with what keeps the chat from them."""
    async with database.reading() as session:
        court = await session.get_one(Court, "辽72")
        found = await duty.on_duty(session, [court], now=clock.now(), default_timezone=BEIJING)
    return [(o.name, o.unreachable) for o in found["辽72"].of(post)]


async def test_a_shift_puts_its_officer_there_until_it_is_taken_back(
    database: Database, builders: Builders, cast: Liaoning, clock: FrozenClock
) -> None:
    stand_in = await builders.officer("辽72", "孙丽", None, 109)
    async with database.transaction() as session:
        entered = await shifts.assign(
            session, "辽72", "A", stand_in.id, TODAY, TODAY,
            source="plan", by="赵强", now=clock.now(),
        )  # fmt: skip
    assert await at(database, clock) == [("孙丽", None)]
    async with database.transaction() as session:
        await shifts.cancel(session, entered.id, by="赵强", now=clock.now())
        await shifts.cancel(session, entered.id, by="赵强", now=clock.now())
    assert await at(database, clock) == [("王建国", None)]
    async with database.reading() as session:
        kinds = (await session.scalars(select(DirectoryRecord.kind))).all()
    assert kinds == ["shift_assigned", "shift_cancelled"]


async def test_a_plan_never_goes_over_another_plan_but_a_leader_may_assign(
    database: Database, cast: Liaoning, clock: FrozenClock
) -> None:
    async with database.transaction() as session:
        await shifts.assign(
            session, "辽72", "A", cast.b.id, TODAY, after(4), source="plan", by="x", now=clock.now()
        )
        with pytest.raises(ShiftTaken) as refused:
            await shifts.assign(
                session, "辽72", "A", cast.a.id, after(4), after(6),
                source="plan", by="x", now=clock.now(),
            )  # fmt: skip
        assert "李敏" in str(refused.value)
        await shifts.assign(
            session,
            "辽72",
            "A",
            cast.a.id,
            TODAY,
            TODAY,
            source="assigned",
            by="x",
            now=clock.now(),
        )
    assert await at(database, clock) == [("王建国", None)]
    clock.jump(clock.now() + timedelta(days=1))
    assert await at(database, clock) == [("李敏", None)]
    assert await at(database, clock, "B") == [("王建国", None)]


async def test_what_makes_no_sense_is_refused(
    database: Database, cast: Liaoning, clock: FrozenClock
) -> None:
    async with database.transaction() as session:
        for post, officer, last, error in (
            ("A", cast.a.id, after(-1), DaysReversed),
            ("technician", cast.a.id, TODAY, NotPlannable),
            ("A", cast.filing_officer.id, TODAY, NotOfTheCourt),
        ):
            with pytest.raises(error):
                await shifts.assign(
                    session, "辽72", post, officer, TODAY, last,
                    source="assigned", by="x", now=clock.now(),
                )  # fmt: skip


async def test_a_new_rotation_ends_the_one_before_it(
    database: Database, cast: Liaoning, clock: FrozenClock
) -> None:
    async with database.transaction() as session:
        for start, people in (
            (-7, [cast.a.id]),
            (7, [cast.leader.id]),
            (0, [cast.b.id, cast.a.id]),
        ):
            await shifts.rotate(session, "辽72", "A", people, after(start), by="x", now=clock.now())
    assert await at(database, clock) == [("李敏", None)]
    async with database.reading() as session:
        rows = (await session.execute(select(Rotation.starts_on, Rotation.ends_on))).all()
    assert sorted(rows, key=lambda row: row[0]) == [(after(-7), after(-1)), (after(0), None)]


async def test_leave_and_a_missed_check_in_are_reasons_and_end(
    database: Database, cast: Liaoning, clock: FrozenClock
) -> None:
    async with database.transaction() as session:
        entered = await shifts.leave(session, cast.a.id, TODAY, TODAY, by="x", now=clock.now())
        await shifts.leave(session, cast.coordinator.id, TODAY, TODAY, by="x", now=clock.now())
        session.add(
            CheckIn(
                court_code="辽72", day=TODAY, officer_id=cast.b.id, asked_at=clock.now(),
                due_at=None, confirmed_at=None, missed_at=clock.now(),
            )
        )  # fmt: skip
    assert await at(database, clock) == [("王建国", "on_leave")]
    assert await at(database, clock, "B") == [("李敏", "absent")]
    assert await at(database, clock, "coordinator") == [("周琳", "on_leave")]
    async with database.transaction() as session:
        await shifts.cancel_leave(session, entered.id, by="x", now=clock.now())
        (check_in,) = (await session.scalars(select(CheckIn))).all()
        check_in.confirmed_at = clock.now()
    assert await at(database, clock) == [("王建国", None)]
    assert await at(database, clock, "B") == [("李敏", None)]
