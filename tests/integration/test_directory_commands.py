"""`directory import` at a terminal, `directory imports`, `directory undo`: what people see and are asked."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from bot.cli import directory_import
from bot.cli.directory import directory_app
from directory import corrections, courts, officers
from directory.change_models import Correction
from directory.clock import SystemClock
from directory.database import Database
from directory.models import Officer
from tests import databases

COURTS = "code,name,level,province\n辽,辽宁省高级人民法院,高级,辽宁\n"
PEOPLE = "court_code,name,post,mobile\n辽,王建国,A,13800000001\n辽,李敏,B,13800000002\n"


@pytest.fixture
def url(sqlite_template, tmp_path, monkeypatch):
    address = databases.sqlite_copy(sqlite_template, tmp_path)
    monkeypatch.setenv("LIAISON_DATABASE_URL", address)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "c.csv").write_text(COURTS, encoding="utf-8")
    (tmp_path / "p.csv").write_text(PEOPLE, encoding="utf-8")
    return address


@pytest.fixture
def terminal(monkeypatch):
    monkeypatch.setattr(directory_import, "_at_a_terminal", lambda: True)


def run(*words, answers=None):
    return CliRunner().invoke(directory_app, list(words), input=answers)


def numbers(url):
    async def read():
        database = Database.connect(url)
        async with database.reading() as session:
            found = list(await session.scalars(select(Officer.mobile).order_by(Officer.id)))
        await database.close()
        return found

    return asyncio.run(read())


def test_at_a_terminal_the_plan_is_shown_and_somebody_is_asked(url, terminal):
    no = run("import", "c.csv", "p.csv", answers="n\n")
    assert (no.exit_code, numbers(url)) == (0, [])
    assert "导入吗" in no.output
    assert "辽宁省高级人民法院" in no.output
    assert "什么也没有写入" in no.output
    yes = run("import", "c.csv", "p.csv", answers="y\n")
    assert "导入编号 1" in yes.output
    assert numbers(url) == ["13800000001", "13800000002"]


def test_an_import_that_was_wrong_is_taken_back(url, tmp_path):
    assert "导入吗" not in run("import", "c.csv", "p.csv").output
    (tmp_path / "n.csv").write_text(
        "court_code,name,post,mobile\n辽,王建国,A,13900000009\n", encoding="utf-8"
    )
    preview = run("import", "n.csv", "--dry-run", "--replace-courts", "辽")
    assert "138****0001 → 139****0009" in preview.output
    assert "2 人中有 1 人离任（50%）" in preview.output
    assert "2 人中有 1 人离任" in run("import", "n.csv", "--replace-courts", "辽").stderr
    (tmp_path / "l.csv").write_text(
        "court_code,name,post,mobile\n辽,王建国,A,13700000007\n", encoding="utf-8"
    )
    run("import", "l.csv")
    refused = run("undo", "2")
    assert refused.exit_code == 1
    assert "辽:王建国（1）：“手机”现为“137****0007”（cli:" in refused.stderr
    assert run("undo", "3").exit_code == 0
    undone = run("undo", "2")
    assert "法院 0 个、人员 2 人已恢复原状" in undone.output
    assert numbers(url) == ["13800000001", "13800000002"]
    listed = run("imports").output
    assert "人员 +0 ±1 −1" in listed
    assert listed.index("l.csv") < listed.index("n.csv") < listed.index("p.csv")
    assert run("undo", "2").exception.template.startswith("导入 {number} 已由")


def test_an_import_ends_what_was_said_to_be_wrong(url, tmp_path):
    run("import", "c.csv", "p.csv")

    async def reported():
        database, now = Database.connect(url), SystemClock().now()
        async with database.transaction() as session:
            court = await courts.get(session, "辽")
            for officer in await officers.of_court(session, "辽"):
                await corrections.open_(
                    session, court, officer, note="phone", by="浙72:陈洁", by_officer_id=None,
                    next_at=now + timedelta(days=2), now=now,
                )  # fmt: skip
        await database.close()

    async def states():
        database = Database.connect(url)
        async with database.reading() as session:
            found = list(await session.scalars(select(Correction.state).order_by(Correction.id)))
        await database.close()
        return found

    asyncio.run(reported())
    (tmp_path / "p.csv").write_text(PEOPLE.replace("13800000002", "13800000003"), encoding="utf-8")
    run("import", "p.csv")
    assert asyncio.run(states()) == ["open", "mended"]
