"""The printable duty sheet: page, workbook and command; who rings whom; only desk phones; within the scope."""

import functools
import zipfile
from datetime import date

import pytest

from bot import migrations, web_sessions
from directory import duty_sheet, shifts, tokens
from directory.clock import SystemClock
from directory.database import Database
from directory.import_files import read_files
from tests import databases, pages_desk, processes
from tests.builders import Builders
from tests.web_desk import served

BEIJING = "Asia/Shanghai"


@pytest.fixture
async def desk(database, clock):
    async with served(database, clock) as running:
        yield running


@pytest.fixture
async def people(builders):
    cast = await builders.liaoning()
    await builders.court("辽02", phone="0411-8300000")
    await builders.court("辽0211")
    await builders.officer(
        "辽02", "何静", "A", 120, desk_phone="0411-8300001", mobile="13812341234"
    )
    await builders.officer("辽0211", "=1+1", "A", 121, desk_phone="0411-8660001")
    return cast


@pytest.fixture
async def browser(desk, people):
    async with pages_desk.browser(desk.address) as opened:
        yield opened


@pytest.fixture
def sign_in(database, clock, browser, people):
    """`await sign_in(officer)`: the browser is theirs."""

    async def enter(officer):
        async with database.transaction() as session:
            code = await web_sessions.make_link(session, officer.id, now=clock.now())
        assert (await browser.post(f"/sign-in/{code}")).status == 303

    return enter


async def test_the_page_shows_desks_and_who_rings_whom(database, clock, browser, sign_in, people):
    async with database.transaction() as session:
        await shifts.assign(
            session, "辽72", "A", people.b.id, date(2019, 8, 19), date(2019, 8, 21),
            source="plan", by="x", now=clock.now(),
        )  # fmt: skip
        await shifts.leave(
            session, people.leader.id, date(2019, 8, 19), date(2019, 8, 19), by="x", now=clock.now()
        )
    await sign_in(people.a)
    page = await browser.text("/duty-sheet")
    assert "辽宁省跨域立案值班表　8月19日（周一）" in page
    assert "8月21日（周三）" in page
    assert '赵强 <span class="warn">休假</span>' in page
    assert '何静 <span class="phone">0411-8300001</span>' in page
    assert "13812341234" not in page
    assert "机器人停用时的电话联络表" in page
    other = await browser.text("/duty-sheet?province=浙江&day=2019-08-20")
    assert "浙江省跨域立案值班表　8月20日（周二）" in other
    assert (await browser.get("/duty-sheet?province=某省")).status == 404


async def test_the_tree_goes_from_the_coordinator_to_each_court_and_down(database, clock, people):
    async with database.reading() as session:
        sheet = await duty_sheet.load(
            session, "辽宁省", None, now=clock.now(), default_timezone=BEIJING
        )
    edges = {(c.caller.code if c.caller else None, c.court.code) for c in sheet.tree}
    assert edges == {(None, "辽"), (None, "辽02"), (None, "辽72"), ("辽02", "辽0211")}
    assert [p.name for p in sheet.coordinators] == ["周琳"]
    numbers = {court.code: court.ringing for court in sheet.courts}
    assert numbers["辽0211"] == "0411-8660001"


async def test_the_workbook_holds_texts_and_no_formula(browser, sign_in, people, tmp_path):
    await sign_in(people.a)
    answer = await browser.get("/duty-sheet.xlsx?province=辽宁省")
    file = tmp_path / "sheet.xlsx"
    file.write_bytes(await answer.read())
    tables, faults = read_files([file])
    assert (faults, [table.sheet for table in tables]) == ((), ["值班表", "电话联络表"])
    cells = [cell for table in tables for row in table.rows for cell in row.cells]
    assert "=1+1 0411-8660001" in cells
    with zipfile.ZipFile(file) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")
    assert "filename*=UTF-8" in answer.headers["Content-Disposition"]


async def test_a_token_of_one_province_sees_that_one_alone(database, clock, desk, browser):
    async with database.transaction() as session:
        secret = await tokens.create(
            session, "省院", "reader", province="辽宁省", court=None, now=clock.now()
        )
    assert (await browser.post("/sign-in", {"token": secret})).status == 303
    assert (await browser.get("/duty-sheet")).status == 200
    assert (await browser.get("/duty-sheet?province=浙江省")).status == 403
    assert (await browser.get("/duty-sheet.xlsx?province=浙江省")).status == 403


async def test_nobody_looks_without_signing_in(browser):
    answer = await browser.get("/duty-sheet")
    assert answer.status == 303
    assert answer.headers["Location"].startswith("/sign-in")


async def test_an_operator_writes_it_from_the_command_line(tmp_path):
    opened = Database.connect(databases.sqlite_url(tmp_path / "desk.db"))
    await migrations.upgrade(opened)
    await Builders(opened, SystemClock()).liaoning()
    url = opened.engine.url.render_as_string(hide_password=False)
    run = functools.partial(processes.command, LIAISON_DATABASE_URL=url)
    file = tmp_path / "值班表.xlsx"
    done = await run("roster", "sheet", str(file), "--province", "辽宁")
    assert done.code == 0, done.err
    tables, faults = read_files([file])
    assert not faults
    assert any("辽宁省高级人民法院" in row.cells for row in tables[0].rows)
    wrong = await run("roster", "sheet", str(file), "--province", "某省", LIAISON_LOCALE="en")
    assert (wrong.code, "There is no province" in wrong.err) == (1, True)
    await opened.close()
