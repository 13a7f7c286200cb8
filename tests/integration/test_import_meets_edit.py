"""An import and an edit that meet on PostgreSQL wait for each other in one order only, and neither is lost."""

import asyncio
from datetime import date

import pytest
from sqlalchemy import text

from directory import changes, edits, imports, officers
from directory.access import OPERATOR
from directory.edits import Conflict, Edited, Editor
from directory.import_files import read_files
from directory.import_plan import Plan
from directory.models import Officer

TODAY = date(2019, 8, 19)

pytestmark = pytest.mark.parametrize("engine_name", ["postgresql"])


@pytest.fixture
def sheets(tmp_path):
    """A file that gives A another number and puts B's account on another phone."""
    path = tmp_path / "people.csv"
    path.write_text(
        "court_code,name,post,desk_phone,telegram_id\n辽72,王建国,A,0411-7,\n辽72,李敏,B,,770077\n",
        encoding="utf-8",
    )
    tables, faults = read_files([path])
    assert faults == ()
    return tables


async def waits(database):
    """Once somebody waits for a lock that another transaction holds."""
    query = "SELECT count(*) FROM pg_locks WHERE NOT granted"
    while True:
        async with database.reading() as session:
            if await session.scalar(text(query)):
                return


async def bring_in(session, sheets, clock):
    return await imports.bring_in(session, sheets, who="cli", today=TODAY, now=clock.now())


async def edit(session, officer_id, phone, clock, *, seen):
    officer = await officers.find(session, str(officer_id))
    return await edits.change_officer(
        session, officer, {"desk_phone": phone},
        by=Editor("cli", OPERATOR), expected={"desk_phone": seen}, now=clock.now(), today=TODAY,
    )  # fmt: skip


async def test_an_edit_that_comes_second_sees_the_import(database, liaoning, sheets, clock):
    async with asyncio.timeout(20), asyncio.TaskGroup() as group:

        async def later():
            async with database.transaction() as session:
                return await edit(session, liaoning.a.id, "0411-9", clock, seen="0411-8000101")

        async with database.transaction() as session:
            first = await bring_in(session, sheets, clock)
            second = group.create_task(later())
            await waits(database)
    assert isinstance(first, Plan)
    met = second.result()
    assert isinstance(met, Conflict)
    assert met.now_is == "0411-7"


async def test_an_import_that_comes_second_goes_over_what_the_edit_wrote(
    database, liaoning, sheets, clock
):
    async with asyncio.timeout(20), asyncio.TaskGroup() as group:

        async def later():
            async with database.transaction() as session:
                return await bring_in(session, sheets, clock)

        async with database.transaction() as session:
            first = await edit(session, liaoning.a.id, "0411-9", clock, seen="0411-8000101")
            second = group.create_task(later())
            await waits(database)
    assert isinstance(first, Edited)
    assert isinstance(second.result(), Plan)
    async with database.reading() as session:
        assert (await session.get_one(Officer, liaoning.a.id)).desk_phone == "0411-7"
        assert (await session.get_one(Officer, liaoning.b.id)).telegram_id == 770077


@pytest.fixture
def held(monkeypatch):
    """The directory's tables of which somebody held rows when they asked for the directory's lock."""
    found = []
    lock = changes.lock
    query = text(
        "SELECT relation::regclass::text FROM pg_locks WHERE pid = pg_backend_pid()"
        " AND mode IN ('RowShareLock', 'RowExclusiveLock') AND NOT EXISTS"
        " (SELECT 1 FROM pg_locks WHERE pid = pg_backend_pid() AND locktype = 'advisory')"
    )

    async def watched(session):
        with session.no_autoflush:
            tables = set(await session.scalars(query))
        found.append(tables & {"courts", "officers", "officer_posts"})
        await lock(session)

    monkeypatch.setattr(changes, "lock", watched)
    return found


async def test_whoever_asks_for_the_directory_in_chat_holds_no_row_of_it_yet(
    liaoning, phones, app, clock, held
):
    """Or an import, which has the lock and wants that row, and they would wait for each other for ever."""
    leader, clerk = phones["带班领导"], phones["协作法院A岗"]
    await clerk.says("/find 李敏")
    await clerk.presses("号码有误")
    await clerk.presses("此人已调离")
    leader.expects("【通讯录有误】李敏")
    await leader.says("/edit 辽72")
    await leader.presses("法院电话")
    await leader.says("0411-2")
    await leader.presses("保存")
    await leader.says("/edit 李敏")
    await leader.presses("离任")
    await leader.presses("保存")
    leader.expects("已办理离任")
    assert len(held) >= 3
    assert set().union(*held) == set()
