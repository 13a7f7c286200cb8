"""`roster import` and `roster template` as an administrator types them."""

import functools
from collections.abc import Awaitable, Callable
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter
from sqlalchemy import select

from bot import migrations
from directory.clock import SystemClock
from directory.database import Database
from directory.duty_models import Leave, Rotation, Shift
from tests import databases, processes
from tests.builders import Builders
from tests.processes import Finished

Run = Callable[..., Awaitable[Finished]]

HEADER = "类别,法院代字,岗位,姓名,起始日期,截止日期,轮班天数\n"


@pytest.fixture
async def migrated(tmp_path: Path) -> Database:
    opened = Database.connect(databases.sqlite_url(tmp_path / "desk.db"))
    await migrations.upgrade(opened)
    await Builders(opened, SystemClock()).liaoning()
    yield opened
    await opened.close()


@pytest.fixture
def run(migrated: Database) -> Run:
    """Run `bot.py` on the migrated database."""
    url = migrated.engine.url.render_as_string(hide_password=False)
    return functools.partial(processes.command, LIAISON_DATABASE_URL=url)


async def stored(database: Database) -> tuple[int, int, int]:
    async with database.reading() as session:
        found = [len((await session.scalars(select(m))).all()) for m in (Shift, Rotation, Leave)]
    return found[0], found[1], found[2]


async def test_shifts_a_rotation_and_leave_come_in_and_the_same_again_changes_nothing(
    run: Run, migrated: Database, tmp_path: Path
) -> None:
    file = tmp_path / "排班.csv"
    file.write_bytes(
        (
            HEADER
            + "轮班,辽72,A岗,王建国、李敏,2026-11-23,,7\n"
            + "值班,辽72,A岗,李敏,2026-12-01,2026-12-02,\n"
            + "休假,辽72,,王建国,2026-12-01,,\n"
        ).encode("gb18030")
    )
    shown = await run("roster", "import", str(file), "--dry-run")
    assert shown.code == 0, shown.err
    assert "轮班\t辽72\tA岗\t王建国、李敏\t2026-11-23.." in shown.out
    assert await stored(migrated) == (0, 0, 0)
    done = await run("roster", "import", str(file))
    assert done.code == 0, done.err
    assert "值班 1 段、轮班 1 个、休假 1 段" in done.out
    assert await stored(migrated) == (1, 1, 1)
    again = await run("roster", "import", str(file), LIAISON_LOCALE="en")
    assert again.code == 0
    assert await stored(migrated) == (1, 1, 1)
    async with migrated.reading() as session:
        shift = (await session.scalars(select(Shift))).one()
    assert (shift.first_day, shift.source) == (date(2026, 12, 1), "plan")


async def test_every_fault_is_printed_and_nothing_written(
    run: Run, migrated: Database, tmp_path: Path
) -> None:
    file = tmp_path / "排班.csv"
    file.write_text(
        HEADER + "值班,辽72,A岗,王建国,2026-12-01,,\n,辽99,,王建国,2026-12-01,,\n,辽72,,某人,x,,\n"
    )
    refused = await run("roster", "import", str(file))
    assert refused.code == 1
    assert f"{file} 第 3 行 “法院代字”列 “辽99”：没有代字为“辽99”的法院。" in refused.err
    assert "第 4 行 “起始日期”列 “x”：不是日期" in refused.err
    assert await stored(migrated) == (0, 0, 0)


async def test_a_conflict_is_said_and_goes_with_the_option(
    run: Run, migrated: Database, tmp_path: Path
) -> None:
    first, second = tmp_path / "1.csv", tmp_path / "2.csv"
    first.write_text(HEADER + ",辽72,A岗,王建国,2026-12-01,2026-12-04,\n")
    second.write_text(HEADER + ",辽72,A岗,李敏,2026-12-02,,\n")
    assert (await run("roster", "import", str(first))).code == 0
    refused = await run("roster", "import", str(second), LIAISON_LOCALE="en")
    assert refused.code == 1
    assert "王建国 is planned from 2026-12-01 to 2026-12-04" in refused.err
    assert (await run("roster", "import", str(second), "--replace")).code == 0
    assert await stored(migrated) == (2, 0, 0)


async def test_the_template_is_filled_in_and_read(
    run: Run, migrated: Database, tmp_path: Path
) -> None:
    for name in ("空表.xlsx", "空表.csv"):
        written = await run("roster", "template", str(tmp_path / name))
        assert (written.code, (tmp_path / name).exists()) == (0, True)
    filled = tmp_path / "排班.xlsx"
    with xlsxwriter.Workbook(filled) as workbook:
        sheet = workbook.add_worksheet()
        day = workbook.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(0, 0, ["法院代字", "姓名", "起始日期"])
        sheet.write_row(1, 0, ["辽72", "李敏"])
        sheet.write_datetime(1, 2, date(2026, 12, 1), day)
    assert (await run("roster", "import", str(filled))).code == 0
    assert await stored(migrated) == (1, 0, 0)
    nothing = await run("roster", "import", str(tmp_path / "空表.xlsx"))
    assert (nothing.code, "没有变化" in nothing.out) == (0, True)
