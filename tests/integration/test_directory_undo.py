"""Imports taken back as a whole, on both databases; the record of what imports did."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from directory import changes, exports, import_writing, imports, officers, undo
from directory.change_models import DirectoryImport
from directory.errors import ImportForgotten, ImportNotFound, ImportUndone
from directory.import_files import read_files
from directory.import_plan import Plan, Refusal
from directory.import_tables import Row, Table
from directory.models import Court, Officer
from directory.tokens import create
from directory.undo import Undone

TODAY = date(2019, 8, 19)
COURTS = "code,name,level,province,parent_code,phone"
PEOPLE = "court_code,name,post,mobile,telegram_id,title"
HIGH, DALIAN = "辽,辽宁省高级人民法院,高级,辽宁,,1", "辽72,大连海事法院,中级,辽宁省,辽,2"
KING, LI = "辽72,王建国,A,13800000001,101,法官", "辽72,李敏,B,,102,"


def tables(*contents):
    found = []
    for number, content in enumerate(contents):
        rows = [Row(line, line, tuple(row.split(","))) for line, row in enumerate(content, 1)]
        found.append(Table(f"表{number}.csv", None, rows[0], tuple(rows[1:])))
    return found


@pytest.fixture
def bring_in(database, clock):
    async def bring_in(*contents, replace=(), content=None, who="管理员", overwrite=False):
        async with database.transaction() as session:
            return await imports.bring_in(
                session, content or tables(*contents), replace_courts=replace, who=who,
                today=TODAY, now=clock.now(), overwrite=overwrite,
            )  # fmt: skip

    return bring_in


@pytest.fixture
def take_back(database, clock):
    async def take_back(number):
        async with database.transaction() as session:
            return await undo.undo(session, number, who="省协调员", now=clock.now())

    return take_back


async def standing(database):
    """Every field of the directory, by court and person."""
    async with database.reading() as session:
        existing = await imports.load(session)
        return dict(existing.courts), dict(existing.officers)


async def person(database, name):
    async with database.reading() as session:
        return await officers.find(session, f"辽72:{name}", departed=True)


async def test_an_import_is_one_change_for_each_court_and_person(database, bring_in):
    first = await bring_in((COURTS, HIGH, DALIAN), (PEOPLE, KING, "辽72,王建国,leader,,,", LI))
    second = await bring_in(
        (COURTS, "辽,辽宁省高级人民法院,高级,辽宁,,9"), (PEOPLE, "辽72,王建国,A,,,"),
        replace=["辽72"],
    )  # fmt: skip
    assert (first.import_id, second.import_id) == (1, 2)
    async with database.reading() as session:
        found = await changes.page(session, after=0, limit=50)
        assert [(c.court_code, c.kind, c.import_id) for c in found] == [
            ("辽", "added", 1),
            ("辽72", "added", 1),
            ("辽72", "added", 1),
            ("辽72", "added", 1),
            ("辽", "changed", 2),
            ("辽72", "changed", 2),
            ("辽72", "departed", 2),
        ]
        assert found[2].after["posts"] == {
            "A": {"valid_from": None, "valid_to": None},
            "leader": {"valid_from": None, "valid_to": None},
        }
        assert (found[4].before, found[4].after) == ({"phone": "1"}, {"phone": "9"})
        assert found[5].before["mobile"] == "13800000001"
        assert found[5].after["posts"] == {"leader": {"valid_from": None, "valid_to": "2019-08-18"}}
        assert found[6].after["left"] is not None
        king = await changes.of_officer(session, found[5].officer_id)
        assert [change.kind for change in king] == ["changed", "added"]
        assert len(await changes.of_court(session, "辽72")) == 5
        assert len(await changes.of_court(session, "辽72", people=False)) == 1
        listed = await imports.history(session)
        assert [(row.id, row.files, row.who) for row in listed] == [
            (2, "表0.csv、表1.csv", "管理员"),
            (1, "表0.csv、表1.csv", "管理员"),
        ]


async def test_an_import_goes_back_as_a_whole_and_only_once(database, bring_in, take_back, clock):
    woken = database.wakeups.event("directory")
    await bring_in((COURTS, HIGH, DALIAN), (PEOPLE, KING, LI))
    assert woken.is_set()
    before = await standing(database)
    clock.jump(clock.now() + timedelta(days=1))
    # A changed court, an account that changes hands, a departure, and somebody new.
    done = await bring_in(
        (COURTS, "辽72,大连海事法院,中级,辽宁省,辽,3"),
        (PEOPLE, "辽72,王建国,B,13900000002,102,", "辽72,赵强,leader,,,"),
        replace=["辽72"],
    )
    assert isinstance(done, Plan), done
    clock.jump(clock.now() + timedelta(days=1))
    assert await take_back(done.import_id) == Undone(courts=1, people=3)
    courts, people = await standing(database)
    new = next(number for number in people if number not in before[1])
    assert (people[new].left, people[new].posts) == (True, {})
    del people[new]
    assert (courts, people) == before
    async with database.reading() as session:
        found = await changes.page(session, after=0, limit=50)
        assert [c.kind for c in found[-4:]] == ["changed", "departed", "changed", "returned"]
        row = await session.get(DirectoryImport, done.import_id)
        assert (row.undone_at, row.undone_by) == (clock.now(), "省协调员")
    with pytest.raises(ImportUndone):
        await take_back(done.import_id)
    with pytest.raises(ImportNotFound):
        await take_back(99)


async def test_what_changed_since_is_named_and_nothing_is_written(
    database, bring_in, take_back, clock
):
    await bring_in((COURTS, HIGH, DALIAN), (PEOPLE, KING, LI))
    done = await bring_in((PEOPLE, "辽72,王建国,A,13900000002,101,庭长", "辽72,赵强,leader,,,"))
    later = await bring_in((PEOPLE, "辽72,王建国,A,13900000003,101,庭长"), who="别人")
    async with database.transaction() as session:
        new = await officers.find(session, "辽72:赵强")
        code = await officers.invite(session, new, now=clock.now())
        await officers.accept_invitation(session, 103, code, now=clock.now())
    before = await standing(database)
    found = await take_back(done.import_id)
    assert [(c.name, c.field, c.now, c.by.who) for c in found] == [
        ("赵强", "telegram_id", 103, "辽72:赵强"),
        ("王建国", "mobile", "13900000003", "别人"),
    ]
    assert await standing(database) == before
    # Changed back is as it was left.
    assert isinstance(await take_back(later.import_id), Undone)
    async with database.transaction() as session:
        await officers.unlink(
            session, await officers.find(session, "辽72:赵强"), who="x", now=clock.now()
        )
    assert isinstance(await take_back(done.import_id), Undone)
    assert (await person(database, "王建国")).mobile == "13800000001"


async def test_new_courts_go_with_their_new_people_unless_something_points_at_them(
    database, bring_in, take_back, clock, monkeypatch
):
    monkeypatch.setattr(import_writing, "_BATCH", 1)
    first = await bring_in((COURTS, HIGH, DALIAN), (PEOPLE, KING, LI))
    below = await bring_in((COURTS, "辽7201,辽7201法院,基层,辽宁,辽72,"))
    found = await take_back(first.import_id)
    assert [(c.court_code, c.field, c.now) for c in found] == [("辽72", "in_use", "辽7201法院")]
    async with database.transaction() as session:
        await create(session, "x", "intake", court="辽7201", now=clock.now())
    (pointed,) = await take_back(below.import_id)
    assert (pointed.field, pointed.now) == ("in_use", "api_tokens")
    async with database.transaction() as session:
        for token in await session.scalars(select(Court.metadata.tables["api_tokens"].c.id)):
            await session.execute(
                Court.metadata.tables["api_tokens"]
                .delete()
                .where(Court.metadata.tables["api_tokens"].c.id == token)
            )
    assert await take_back(below.import_id) == Undone(courts=1, people=0)
    assert await take_back(first.import_id) == Undone(courts=2, people=2)
    assert await standing(database) == ({}, {})
    async with database.reading() as session:
        last = (await changes.page(session, after=0, limit=50))[-1]
    assert (last.kind, last.before["name"], last.after) == ("removed", "李敏", {})


async def test_an_account_that_somebody_else_holds_by_now_is_not_taken_back(
    database, bring_in, take_back, clock
):
    await bring_in((COURTS, HIGH, DALIAN), (PEOPLE, KING, LI))
    done = await bring_in((PEOPLE, "辽72,王建国,A,,201,"))
    await bring_in((PEOPLE, "辽72,赵强,leader,,101,"))
    (conflict,) = await take_back(done.import_id)
    assert (conflict.name, conflict.field, conflict.now) == ("王建国", "telegram_id", "赵强")


async def test_erased_people_and_forgotten_imports_stay_as_they_are(
    database, bring_in, take_back, clock
):
    done = await bring_in((COURTS, HIGH, DALIAN), (PEOPLE, KING, LI))
    async with database.transaction() as session:
        king = await officers.find(session, "辽72:王建国")
        king.name, king.erased_at = "已删除人员", clock.now()
        assert await changes.scrub(session, king.id) == 1
        (row,) = await changes.of_officer(session, king.id)
        assert (row.after["name"], row.after["mobile"]) == (None, None)
        assert row.after["court_code"] == "辽72"
    assert {c.field for c in await take_back(done.import_id)} == {"erased"}
    async with database.transaction() as session:
        (row,) = await changes.of_officer(session, king.id)
        row.before, row.after = {}, {}
    with pytest.raises(ImportForgotten):
        await take_back(done.import_id)


# Workbooks that went out and come back


async def exported(database, path):
    async with database.reading() as session:
        content = await exports.sheets(session, full=True)
    exports.write(path, content)
    found, faults = read_files([path])
    assert faults == ()
    return found


async def test_a_workbook_does_not_set_back_what_changed_after_it_was_exported(
    database, bring_in, tmp_path
):
    await bring_in((COURTS, HIGH, DALIAN), (PEOPLE, KING, LI))
    workbook = await exported(database, tmp_path / "通讯录.xlsx")
    assert (await bring_in(content=workbook)).is_empty
    await bring_in(
        (COURTS, "辽72,大连海事法院,中级,辽宁省,辽,7"), (PEOPLE, "辽72,孙丽,B,,,"), who="别人"
    )
    refused = await bring_in(content=workbook, replace=["辽72"])
    assert isinstance(refused, Refusal), refused
    assert [(f.place.column or f.place.file, f.data["who"]) for f in refused.faults] == [
        ("--replace-courts", "别人"),
        ("phone", "别人"),
    ]
    assert refused.faults[1].data["at"] == "2019-08-19 09:30"
    done = await bring_in(content=workbook, replace=["辽72"], overwrite=True)
    assert isinstance(done, Plan)
    assert (await person(database, "孙丽")).left_at is not None
    # Other files carry no mark and say what shall be.
    assert isinstance(await bring_in((PEOPLE, "辽72,孙丽,B,,,")), Plan)


async def test_a_workbook_of_another_installation_is_any_file(database, bring_in, tmp_path):
    await bring_in((COURTS, HIGH, DALIAN), (PEOPLE, KING))
    workbook = await exported(database, tmp_path / "x.xlsx")
    elsewhere = [
        Table(t.file, t.sheet, t.header, t.rows, t.even, type(t.mark)(1, "2001-01-01"))
        for t in workbook
    ]
    await bring_in((COURTS, "辽72,大连海事法院,中级,辽宁省,辽,7"), who="别人")
    assert isinstance(await bring_in(content=workbook), Refusal)
    assert isinstance(await bring_in(content=elsewhere), Plan)
    assert len((await standing(database))[1]) == 1
    async with database.reading() as session:
        assert (await session.get(Court, "辽72")).phone == "2"
        assert await session.scalar(select(Officer.mobile)) == "13800000001"
