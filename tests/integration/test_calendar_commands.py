"""`calendar import`, `show` and `override` as an administrator types them: what is printed, stored and refused."""

import functools
import json
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from directory import announced_years, day_overrides
from directory.clock import SystemClock
from directory.database import Database
from directory.models import DirectoryRecord
from tests import processes
from tests.builders import Builders
from tests.processes import Finished

Run = Callable[..., Awaitable[Finished]]

YEAR = {
    "year": 2090,
    "notices": [{"title": "关于2090年部分节假日安排的通知", "number": "国办发明电〔2089〕7号"}],
    "off": {"2090-01-01": "元旦", "2090-01-02": "元旦", "2090-05-01": "劳动节"},
    "work": {"2090-01-07": "元旦"},
}


@pytest.fixture
async def run(database: Database, builders: Builders, database_url: str) -> Run:
    """Run `bot.py` on the database of the story, on either engine."""
    await builders.liaoning()
    return functools.partial(processes.command, LIAISON_DATABASE_URL=database_url)


@pytest.fixture
def year_file(tmp_path: Path) -> Callable[..., str]:
    def write(**change: object) -> str:
        file = tmp_path / "2090.json"
        file.write_text(json.dumps(YEAR | change, ensure_ascii=False), encoding="utf-8")
        return str(file)

    return write


async def test_a_year_is_previewed_brought_in_and_shown(run, year_file, database):
    shown = await run("calendar", "show", "2090")
    assert shown.code == 0
    assert "预估" in shown.out.splitlines()[0]
    looked = await run("calendar", "import", year_file(), "--dry-run")
    assert (looked.code, looked.err) == (0, "")
    assert "2090-01-07 元旦: 平常 → 调休上班" in looked.out
    assert "什么也没有写入" in looked.out
    async with database.reading() as session:
        assert await announced_years.every(session) == ()
    done = await run("calendar", "import", year_file())
    assert done.code == 0
    assert "变化 4 天" in done.out
    lines = (await run("calendar", "show", "2090")).out.splitlines()
    assert "国办发明电〔2089〕7号" in lines[0]
    assert "预估" not in lines[0]
    assert lines[1].endswith("放假 1-2 元旦　调休上班 7 元旦")
    async with database.reading() as session:
        record = await session.scalar(
            select(DirectoryRecord).where(DirectoryRecord.kind == "calendar_imported")
        )
    assert record is not None
    assert record.subject == "2090"


async def test_another_edition_needs_another_source(run, year_file):
    assert (await run("calendar", "import", year_file())).code == 0
    again = await run("calendar", "import", year_file())
    assert (again.code, again.out) == (0, "2090年的日期与现有的相同，没有变化。\n")
    refused = await run("calendar", "import", year_file(work={}), LIAISON_LOCALE="en")
    assert refused.code == 1
    assert "name the notice that changed them" in refused.err
    other = [{"title": "关于调整2090年元旦假期的通知", "number": "国办发明电〔2090〕1号"}]
    replaced = await run("calendar", "import", year_file(work={}, notices=other))
    assert replaced.code == 0
    assert "现依据 国办发明电〔2089〕7号，将改为依据 国办发明电〔2090〕1号" in replaced.out
    shipped = await run("calendar", "import", year_file(year=2026, off={}, work={}))
    assert shipped.code == 0
    assert "现依据 国办发明电" in shipped.out


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "第 1 行不是正确的 JSON"),
        ("[]", "不是一个 JSON 对象"),
        (json.dumps(YEAR | {"notices": []}), "缺少来源通知"),
        (json.dumps(YEAR | {"off": {"2089-01-01": "x"}}), "不在 2090 年内"),
        (b"\xff\xfe\xfd".decode("latin-1").encode("latin-1"), "不是 UTF-8"),
    ],
)
async def test_a_wrong_file_is_refused_with_what_is_wrong(run, tmp_path, content, said):
    file = tmp_path / "wrong.json"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    refused = await run("calendar", "import", str(file))
    assert (refused.code, refused.out) == (1, "")
    assert said in refused.err
    assert (await run("calendar", "import", str(tmp_path / "none.json"))).code == 1


async def test_a_day_is_settled_listed_shown_and_taken_back(run, database):
    day = (SystemClock().now() + timedelta(days=3)).date()
    added = await run(
        "calendar", "override", "add", "辽72", str(day), "--closed",
        "--substitute", "浙72", "--reason", "停电",
    )  # fmt: skip
    assert (added.code, added.err) == (0, "")
    assert f"{day}　辽72 大连海事法院　不办公　停电　由宁波海事法院代班" in added.out
    province = await run("calendar", "override", "add", "辽宁省", str(day), "--hours", "9:00-12:00")
    assert province.code == 0
    listed = (await run("calendar", "override", "list", "辽72")).out
    assert listed == added.out
    assert len((await run("calendar", "override", "list")).out.splitlines()) == 2
    shown = await run("calendar", "show", str(day.year), "--court", "辽72")
    assert "08:30-11:30 13:30-17:00" in shown.out
    assert "由宁波海事法院代班" in shown.out
    number = listed.split("　")[0].removeprefix("#")
    assert (await run("calendar", "override", "cancel", number)).code == 0
    again = await run("calendar", "override", "cancel", number, LIAISON_LOCALE="en")
    assert again.code == 1
    assert "No arrangement" in again.err
    async with database.reading() as session:
        assert [item.scope for item in await day_overrides.every(session)] == ["辽宁省"]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["辽72", "2019-01-01", "--closed"], 1, "已经过去"),
        (["辽72", "2190-01-01", "--closed"], 1, "太远"),
        (["京99", "{day}", "--closed"], 1, "京99"),
        (["辽72", "{day}", "--closed", "--substitute", "辽72"], 1, "本院不能为本院代班"),
        (["辽72", "{day}", "--closed", "--substitute", "辽72:无此人"], 1, "无此人"),
        (["辽72", "{day}", "--open", "--substitute", "浙72"], 1, "只有不办公时"),
        (["辽72", "{day}", "--hours", "9-12"], 1, "应写成“08:30-11:30”"),
        (["辽72", "{day}"], 2, "exactly one"),
        (["辽72", "{day}", "--open", "--closed"], 2, "exactly one"),
        (["辽72", "tomorrow", "--open"], 2, ""),
    ],
)
async def test_a_day_that_makes_no_sense_is_refused(run, database, words, code, said):
    day = (SystemClock().now() + timedelta(days=3)).date()
    refused = await run("calendar", "override", "add", *(word.format(day=day) for word in words))
    assert refused.code == code
    assert said in refused.err
    async with database.reading() as session:
        assert await day_overrides.every(session) == ()
