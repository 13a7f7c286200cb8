"""Imports against real databases: all or nothing, nothing twice, at the size of the nation."""

import asyncio
import csv
import json
import time
from datetime import date, timedelta
from functools import cache

import pytest
from sqlalchemy import func, select

from benchmarks import nation
from directory import demo_data, exports, imports, officers
from directory.database import Database
from directory.errors import ImportRefused
from directory.import_files import read_files
from directory.import_plan import Plan, Refusal
from directory.import_tables import Row, Table
from directory.models import Court, DirectoryRecord, Officer, OfficerPost
from tests import processes

TODAY = date(2019, 8, 19)
COURTS = "code,name,level,province,parent_code,aliases,group_chat_id"
PEOPLE = "court_code,name,post,mobile,telegram_id,valid_to"
BASE = (
    (COURTS, "辽,辽宁省高级人民法院,高级,辽宁,,辽宁高院|省院,", "辽72,大连海事法院,中级,辽宁省,辽,,-1001"),
    (PEOPLE, "辽72,王建国,A,13800000001,101,", "辽72,王建国,leader,,,", "辽72,李敏,B,,102,2019-12-31"),
)  # fmt: skip


def tables(*contents):
    found = []
    for number, content in enumerate(contents):
        rows = [Row(line, line, tuple(row.split(","))) for line, row in enumerate(content, 1)]
        found.append(Table(f"/a/表{number}.csv", None, rows[0], tuple(rows[1:])))
    return found


async def bring_in(database, clock, *contents, replace=(), content=None):
    async with database.transaction() as session:
        return await imports.bring_in(
            session,
            content or tables(*contents),
            replace_courts=replace,
            who="管理员",
            today=TODAY,
            now=clock.now(),
        )


async def everything(database):
    """Every row of the directory, as it is stored."""
    async with database.reading() as session:
        return {
            model.__tablename__: (
                await session.execute(
                    select(model.__table__).order_by(*model.__table__.primary_key)
                )
            ).all()
            for model in (Court, Officer, OfficerPost)
        }


async def person(database, name):
    async with database.reading() as session:
        return await officers.find(session, f"辽72:{name}", departed=True)


async def test_courts_and_people_come_in_together(database, clock):
    done = await bring_in(database, clock, *reversed(BASE))
    assert isinstance(done, Plan), done
    async with database.reading() as session:
        court = await session.get(Court, "辽")
        assert (court.province, court.aliases, court.kind) == (
            "辽宁省",
            ["辽宁高院", "省院"],
            "general",
        )
        assert (await session.get(Court, "辽72")).group_chat_id == -1001
    king = await person(database, "王建国")
    assert {post.post for post in king.posts} == {"A", "leader"}
    assert (king.mobile, king.telegram_id, king.linked_at) == ("13800000001", 101, clock.now())
    minister = await person(database, "李敏")
    assert [(post.post, post.valid_to) for post in minister.posts] == [("B", date(2019, 12, 31))]


async def test_the_same_files_again_write_nothing(database, clock):
    await bring_in(database, clock, *BASE)
    before = await everything(database)
    clock.jump(clock.now() + timedelta(days=1))
    again = await bring_in(database, clock, *BASE, replace=["辽72"])
    assert isinstance(again, Plan)
    assert again.is_empty
    assert await everything(database) == before
    async with database.reading() as session:
        assert await session.scalar(select(func.count()).select_from(DirectoryRecord)) == 1


async def test_one_fault_and_nothing_is_written(database, clock):
    found = await bring_in(database, clock, BASE[0], (*BASE[1], "辽9999,赵强,A,,,"))
    assert isinstance(found, Refusal)
    assert [fault.place.line for fault in found.faults] == [5]
    assert await everything(database) == {"courts": [], "officers": [], "officer_posts": []}


async def test_only_what_changed_is_touched(database, clock):
    await bring_in(database, clock, *BASE)
    clock.jump(clock.now() + timedelta(days=1))
    people = (BASE[1][0], BASE[1][1], BASE[1][2], "辽72,李敏,B,13800000002,,")
    done = await bring_in(database, clock, people)
    assert isinstance(done, Plan)
    minister = await person(database, "李敏")
    assert (minister.mobile, minister.telegram_id) == ("13800000002", 102)
    assert [post.valid_to for post in minister.posts] == [None]
    assert minister.updated_at == clock.now()
    assert (await person(database, "王建国")).updated_at < clock.now()


async def test_people_of_a_replaced_court_depart_and_are_never_deleted(database, clock):
    await bring_in(database, clock, *BASE)
    await bring_in(database, clock, BASE[1][:2], replace=["辽72"])
    minister = await person(database, "李敏")
    assert minister.left_at == clock.now()
    assert [(post.post, post.valid_to) for post in minister.posts] == [("B", TODAY)]
    king = await person(database, "王建国")
    assert king.left_at is None
    assert {post.post: post.valid_to for post in king.posts} == {
        "A": None,
        "leader": TODAY - timedelta(days=1),
    }
    async with database.reading() as session:
        assert await officers.linked(session, 102) is None


async def test_who_departed_comes_back_with_the_next_file(database, clock):
    await bring_in(database, clock, *BASE)
    await bring_in(database, clock, BASE[1][:2], replace=["辽72"])
    await bring_in(database, clock, (BASE[1][0], "辽72,李敏,B,,,"))
    minister = await person(database, "李敏")
    # The account was free meanwhile: it is linked anew by an invitation.
    assert (minister.left_at, minister.telegram_id) == (None, None)
    assert [post.valid_to for post in minister.posts] == [None]


async def test_accounts_change_hands_in_one_import(database, clock):
    await bring_in(database, clock, *BASE)
    swapped = (PEOPLE, "辽72,王建国,A,13800000001,102,", "辽72,李敏,B,,101,")
    await bring_in(database, clock, swapped)
    assert (await person(database, "王建国")).telegram_id == 102
    assert (await person(database, "李敏")).telegram_id == 101
    # 李敏 departs, and whoever comes after takes over the account.
    after = (PEOPLE, "辽72,王建国,A,,,", "辽72,赵强,B,,101,")
    await bring_in(database, clock, after, replace=["辽72"])
    assert (await person(database, "李敏")).telegram_id is None
    assert (await person(database, "赵强")).telegram_id == 101


async def test_a_term_that_never_began_goes_and_a_new_post_comes(database, clock):
    header = "court_code,name,post,valid_from"
    await bring_in(database, clock, BASE[0], (header, "辽72,李敏,B,2020-01-01"))
    await bring_in(database, clock, (header, "辽72,李敏,A,"), replace=["辽72"])
    assert [post.post for post in (await person(database, "李敏")).posts] == ["A"]


async def test_numbers_of_a_file_are_kept_and_later_ones_do_not_meet_them(database, clock):
    people = ("id,court_code,name,post", "7,辽72,李敏,A", "9,辽72,李敏,B")
    await bring_in(database, clock, BASE[0], people)
    await bring_in(
        database, clock, ("court_code,name,post", *(f"辽72,人{n}号,A" for n in range(12)))
    )
    async with database.reading() as session:
        assert await session.scalar(select(func.count()).select_from(Officer)) == 14
        assert (await officers.find(session, "9")).name == "李敏"


async def test_an_import_is_recorded_without_personal_data_and_wakes_the_desk(database, clock):
    woken = database.wakeups.event("steps")
    await bring_in(database, clock, *BASE)
    assert woken.is_set()
    async with database.reading() as session:
        (record,) = (await session.scalars(select(DirectoryRecord))).all()
    assert (record.kind, record.who, record.subject) == ("imported", "管理员", "表0.csv、表1.csv")
    assert json.loads(record.detail) == {
        "courts_added": 2,
        "courts_changed": 0,
        "officers_added": 2,
        "officers_changed": 0,
        "officers_departed": 0,
    }


async def test_a_new_group_of_a_court_is_reachable_until_shown_otherwise(database, clock):
    await bring_in(database, clock, *BASE)
    async with database.transaction() as session:
        (await session.get(Court, "辽72")).group_unreachable_at = clock.now()
    moved = (COURTS, "辽72,大连海事法院,中级,辽宁省,辽,海事|大海,-2002")
    await bring_in(database, clock, moved)
    async with database.reading() as session:
        court = await session.get(Court, "辽72")
        assert (court.group_chat_id, court.group_unreachable_at) == (-2002, None)
        assert court.aliases == ["海事", "大海"]


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
async def test_an_export_read_into_an_empty_directory_is_the_same_directory(
    database, clock, tmp_path, suffix
):
    await imports.import_demo(database, demo_data.paths(), now=clock.now())
    await bring_in(database, clock, (PEOPLE, "辽72,王小明,technician,13800000009,5000000001,"))
    async with database.reading() as session:
        content = await exports.sheets(session, full=True)
    paths = exports.write(tmp_path / f"全部{suffix}", content)
    read, faults = read_files(paths)
    assert faults == ()
    again = await bring_in(database, clock, content=read)
    assert isinstance(again, Plan)
    assert again.is_empty
    other = Database.connect(f"sqlite+aiosqlite:///{tmp_path / 'other.db'}")
    async with other.engine.begin() as connection:
        await connection.run_sync(Court.metadata.create_all)
    done = await bring_in(other, clock, content=read)
    assert isinstance(done, Plan), done
    async with other.reading() as session:
        assert await exports.sheets(session, full=True) == content
    await other.close()


async def test_the_shipped_directory_comes_in_without_a_warning(database, clock):
    found = await imports.import_demo(database, demo_data.paths(), now=clock.now())
    assert found == (156, 634)
    content, _ = read_files(demo_data.paths())
    again = await bring_in(database, clock, content=content)
    assert isinstance(again, Plan)
    assert again.is_empty
    assert again.warnings == ()


def test_nobody_of_the_shipped_directory_can_be_taken_for_real():
    with demo_data.paths()[2].open(encoding="utf-8", newline="") as file:
        people = list(csv.DictReader(file))
    assert len({person["name"] for person in people}) == len(people)
    assert all("虚构" in person["title"] for person in people)
    assert all(person["mobile"].startswith("1900000") for person in people)
    assert all(person["desk_phone"].partition("-")[2].startswith("0000") for person in people)


async def test_a_shipped_file_that_was_spoilt_is_refused(database, clock, tmp_path):
    spoilt = tmp_path / "x.csv"
    spoilt.write_text("court_code,name,post\n辽9999,x,A\n", encoding="utf-8")
    with pytest.raises(ImportRefused):
        await imports.import_demo(database, [spoilt], now=clock.now())


@cache
def nation_tables():
    """3,500 courts and 50,000 people; every tenth holds two posts."""
    found = nation.generate(1)
    headers = ("code", "name", "level", "province", "parent_code"), (
        "court_code", "name", "post", "mobile")  # fmt: skip
    return [
        Table(
            name,
            None,
            Row(1, 1, header),
            tuple(Row(n, n, tuple(row[f] for f in header)) for n, row in enumerate(rows, 2)),
        )
        for name, header, rows in zip(
            ("c", "p"), headers, (found.courts, found.officers), strict=True
        )
    ]


async def test_the_nation_comes_in_within_thirty_seconds(database, clock):
    content = nation_tables()
    began = time.perf_counter()
    done = await bring_in(database, clock, content=content)
    assert time.perf_counter() - began < 30
    assert isinstance(done, Plan), done.faults[:3]
    async with database.reading() as session:
        counts = [
            await session.scalar(select(func.count()).select_from(model))
            for model in (Court, Officer, OfficerPost)
        ]
    assert counts == [3500, 50_000, 55_000]


# Commands


async def run(url, *words, **settings):
    return await processes.command("directory", *words, LIAISON_DATABASE_URL=url, **settings)


async def ready(url):
    """The schema as `db upgrade` makes it: commands refuse any other."""
    done = await processes.command("db", "upgrade", LIAISON_DATABASE_URL=url)
    assert done.code == 0, done.err


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "法院.csv").write_text("\n".join(BASE[0]) + "\n", encoding="gb18030")
    (tmp_path / "人员.csv").write_text("\n".join(BASE[1]) + "\n", encoding="utf-8-sig")
    return tmp_path


async def test_the_commands_import_preview_and_export(empty_database_url, folder):
    url = empty_database_url
    await ready(url)
    files = [str(folder / "人员.csv"), str(folder / "法院.csv")]
    preview = await run(url, "import", *files, "--dry-run")
    assert preview.code == 0, preview.err
    assert all(word in preview.out for word in ("新增", "大连海事法院", "王建国", "A岗"))
    assert "13800000001" not in preview.out
    done = await run(url, "import", *files)
    assert (done.code, done.err) == (0, "")
    again = await run(url, "import", *files, LIAISON_LOCALE="en")
    assert "No change" in again.out
    changed = folder / "改.csv"
    changed.write_text("court_code,name,post,手机\n辽72,王建国,A,139 0000 0002\n", encoding="utf-8")
    preview = await run(url, "import", str(changed), "--dry-run", "--replace-courts", "辽72", "辽")
    assert preview.code == 0, preview.err
    assert all(word in preview.out for word in ("138****0001 → 139****0002", "离任", "李敏"))
    async with asyncio.timeout(60):
        out = await run(url, "export", str(folder / "o.csv"))
        full = await run(url, "export", str(folder / "f.xlsx"), "--full", "--reason", "年度核对")
    assert (out.code, full.code) == (0, 0), out.err + full.err
    text = (folder / "o.csv").read_text(encoding="utf-8-sig")
    assert "138****0001" in text
    assert "13800000001" not in text
    database = Database.connect(url)
    async with database.reading() as session:
        records = await session.scalars(
            select(DirectoryRecord).where(DirectoryRecord.kind == "exported_full")
        )
        assert [(r.subject, r.detail) for r in records] == [("f.xlsx", "年度核对")]
    await database.close()


async def test_a_wrong_file_is_refused_with_every_fault_on_stderr(empty_database_url, folder):
    await ready(empty_database_url)
    wrong = folder / "错.csv"
    wrong.write_text("法院代字,姓名,岗位,手机\n辽72,陈洁,A,138\n辽72,,C,\n", encoding="utf-8")
    missing = str(folder / "无.csv")
    done = await run(empty_database_url, "import", str(wrong), str(folder / "法院.csv"), missing)
    assert (done.code, done.out) == (1, "")
    assert f"{wrong} 第 2 行 “手机”列 “138”：不是手机号。请写 11 位数字" in done.err
    assert "第 3 行 “姓名”列" in done.err
    assert "第 3 行 “岗位”列 “C”" in done.err
    assert "无.csv：找不到文件" in done.err
    assert "共 4 处错误" in done.err


@pytest.mark.parametrize(
    "words",
    [
        ("import",),
        ("import", "a.csv", "--nonsense"),
        ("export", "x.csv", "--full"),
        ("export", "x.csv", "--full", "--reason", " "),
        ("export", "x.csv", "--reason", "x"),
        ("nonsense",),
    ],
)
async def test_wrong_usage_is_status_2(tmp_path, words):
    done = await run(f"sqlite+aiosqlite:///{tmp_path / 'x.db'}", *words)
    assert done.code == 2


async def test_a_database_without_schema_is_refused(tmp_path, folder):
    url = f"sqlite+aiosqlite:///{tmp_path / 'x.db'}"
    done = await run(url, "import", str(folder / "法院.csv"))
    assert done.code == 1
    assert "db upgrade" in done.err
