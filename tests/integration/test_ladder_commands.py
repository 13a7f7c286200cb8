"""`ladder check` against the directory, and `serve`'s warning of tables that hold for nobody."""

import functools

import pytest
from structlog.testing import capture_logs

from tests import processes
from tests.databases import sqlite_url

FILE = '[court."辽72"]\nsnooze = "5min"\n[court."辽7Z"]\nsnooze = "5min"\n[province."辽宁"]\nsnooze = "5min"\n'


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "ladder.toml"
    path.write_text(FILE, encoding="utf-8")
    return str(path)


async def test_a_court_that_does_not_exist_is_a_fault(file, database_url, builders):
    await builders.liaoning()
    run = functools.partial(processes.command, LIAISON_DATABASE_URL=database_url)
    checked = await run("ladder", "check", file)
    assert (checked.code, checked.out) == (1, "")
    lines = checked.err.splitlines()
    assert lines[0] == "逐级呼叫规则文件有 2 处错误："
    assert lines[1].startswith("第 3 行 court.辽7Z = 辽7Z：通讯录中没有代字为“辽7Z”的法院")
    assert lines[2].startswith("第 5 行 province.辽宁 = 辽宁：")
    english = await run("ladder", "check", file, LIAISON_LOCALE="en")
    assert "line 3, court.辽7Z = 辽7Z: the directory has no court" in english.err


async def test_without_a_directory_the_file_alone_is_checked(file, tmp_path):
    nowhere = tmp_path / "none.db"
    checked = await processes.command(
        "ladder", "check", file, LIAISON_DATABASE_URL=sqlite_url(nowhere)
    )
    assert (checked.code, checked.err) == (0, "")
    assert "未与通讯录核对" in checked.out
    assert not nowhere.exists()
    missing = await processes.command("ladder", "check", "nowhere.toml", LIAISON_LOCALE="en")
    assert missing.code == 1
    assert "nowhere.toml cannot be read: There is no such file" in missing.err


async def test_the_examples_of_the_built_in_ladder_are_nobodys_fault(app):
    with capture_logs() as said:
        await app._compare_ladder()
    assert said == []
