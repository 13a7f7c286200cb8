"""A departure by file ends what a departure by edit ends: account, codes, calendar, questions, shifts, turns."""

from datetime import date, timedelta

import pytest
from sqlalchemy import event, select

from directory import duty, edits, feeds, imports, officers, shifts
from directory.access import OPERATOR
from directory.change_models import DirectoryChange, Verification
from directory.duty_models import Rotation, Shift
from directory.edits import Editor
from directory.import_tables import Row, Table
from directory.models import Court, Invitation, Officer

TODAY = date(2019, 8, 19)
_DAY = timedelta(days=1)


async def _by_file(session, leaving, staying, now):
    ids = {one.id for one in leaving}
    head = Row(1, 1, ("court_code", "name", "post"))
    rows = [Row(n, n, ("辽72", one.name, "A")) for n, one in enumerate(staying, 2)]
    table = Table("人员.csv", None, head, tuple(rows))
    planned = await imports.bring_in(
        session, [table], replace_courts=["辽72"], who="cli", today=TODAY, now=now
    )
    assert {gone.id for gone in planned.departed} == ids


async def _by_edit(session, leaving, _staying, now):
    for one in leaving:
        officer = await session.get_one(Officer, one.id)
        await edits.depart(session, officer, by=Editor("cli", OPERATOR), now=now, today=TODAY)


@pytest.mark.parametrize("depart", [_by_file, _by_edit])
async def test_nothing_waits_for_who_has_left(liaoning, database, clock, depart):
    now = clock.now()
    a, b, leader = liaoning.a, liaoning.b, liaoning.leader
    async with database.transaction() as session:
        under_way = ("辽72", "A", a.id, TODAY - _DAY, TODAY + _DAY)
        to_come = ("辽72", "B", b.id, TODAY + 7 * _DAY, TODAY + 9 * _DAY)
        for one in (under_way, to_come):
            await shifts.assign(session, *one, source=shifts.PLAN, by="cli", now=now)
        await shifts.rotate(
            session, "辽72", "A", [a.id, leader.id, b.id], TODAY - 2 * _DAY, by="cli", now=now
        )
        await officers.invite(session, await session.get_one(Officer, a.id), now=now, who="cli")
        secret = await feeds.make(session, officer_id=b.id, by="cli", now=now)
        session.add(Verification(officer_id=a.id, asked_at=now, state="asked", next_at=now))
    async with database.transaction() as session:
        await depart(session, [a, b], [leader], now)
    async with database.reading() as session:
        for one in (a, b):
            gone = await session.get_one(Officer, one.id)
            assert (gone.left_at, gone.telegram_id, gone.verify_next_at) == (now, None, None)
            change = await session.scalar(
                select(DirectoryChange).where(
                    DirectoryChange.officer_id == one.id, DirectoryChange.kind == "departed"
                )
            )
            assert change.before["telegram_id"] == one.telegram_id
        row = (await session.scalars(select(Verification))).one()
        assert (row.state, row.next_at, row.ended_by) == ("closed", None, "cli")
        assert (await session.scalars(select(Invitation))).one().expires_at == now
        assert await feeds.find(session, secret) is None
        standing = await session.scalars(select(Shift).where(Shift.cancelled_at.is_(None)))
        assert {(s.officer_id, s.first_day, s.last_day) for s in standing} == {
            (a.id, TODAY - _DAY, TODAY - _DAY),
            # The rest of the turn under way.
            (leader.id, TODAY, TODAY + 4 * _DAY),
        }
        turns = (await session.scalars(select(Rotation).order_by(Rotation.starts_on))).all()
        assert turns[-1].officer_ids == [leader.id]
        court = await session.get_one(Court, "辽72")
        found = await duty.on_duty(session, [court], now=now, default_timezone="Asia/Shanghai")
        assert [one.officer_id for one in found["辽72"].reachable("A")] == [leader.id]
        assert found["辽72"].reachable("B") == ()


async def test_thousands_leave_in_few_statements(database, clock, builders):
    court = await builders.court("辽72")
    now = clock.now()
    stayer = await builders.officer(court, "留任", "A")
    async with database.transaction() as session:
        session.add_all(
            Officer(court_code="辽72", name=f"人{n}", telegram_id=1000 + n, created_at=now, updated_at=now)
            for n in range(2500)
        )  # fmt: skip
    statements = []

    def count(*_args):
        statements.append(1)

    event.listen(database.engine.sync_engine, "before_cursor_execute", count)
    async with database.transaction() as session:
        leaving = await session.scalars(select(Officer).where(Officer.id != stayer.id))
        await _by_file(session, leaving.all(), [stayer], now)
    event.remove(database.engine.sync_engine, "before_cursor_execute", count)
    assert len(statements) < 60
    async with database.reading() as session:
        assert await officers.linked(session, 1001) is None
