"""`token`, `invite` and `unlink` as an administrator types them: what is printed where, and the exit status."""

import functools
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from bot import migrations
from bot.sandbox import LocalTelegram
from directory import feeds, officers, tokens
from directory.clock import SystemClock
from directory.database import Database
from directory.models import Officer
from tests import databases, processes
from tests.builders import Builders
from tests.processes import Finished

Run = Callable[..., Awaitable[Finished]]


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


async def test_a_token_is_made_shown_once_listed_and_revoked(run: Run, migrated: Database) -> None:
    made = await run("token", "create", "窗口", "--role", "intake", "--court", "辽72")
    assert (made.code, made.err) == (0, "")
    (secret,) = made.out.split()
    async with migrated.reading() as session:
        token = await tokens.authenticate(session, secret)
    assert token is not None
    assert (token.name, token.court_code) == ("窗口", "辽72")
    listed = await run("token", "list", LIAISON_TIMEZONE="UTC")
    assert listed.out.startswith(f"窗口\tintake\t辽72\t{token.created_at:%Y-%m-%d %H:%M}")
    assert secret not in listed.out
    assert (await run("token", "revoke", "窗口")).code == 0
    async with migrated.reading() as session:
        assert await tokens.authenticate(session, secret) is None
    again = await run("token", "revoke", "窗口", LIAISON_LOCALE="en")
    assert (again.code, again.out) == (1, "")
    assert "No valid token" in again.err


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--role", "god"], 2),
        ([], 2),
        (["--role", "intake", "--colour", "red"], 2),
        (["--role", "intake", "--court", "辽72", "--province", "辽宁省"], 2),
        (["--role", "intake", "--court", "辽9999"], 1),
        (["--role", "intake", "--province", "大辽国"], 1),
    ],
)
async def test_a_token_that_cannot_be_is_not_made(
    run: Run, migrated: Database, words: list[str], code: int
) -> None:
    done = await run("token", "create", "窗口", *words)
    assert (done.code, done.out) == (code, "")
    assert done.err
    assert "Traceback" not in done.err
    async with migrated.reading() as session:
        assert await tokens.all(session) == []


async def test_an_invitation_names_the_bot_and_ends_with_the_code(
    run: Run, migrated: Database, telegram: LocalTelegram
) -> None:
    done = await run(
        "invite",
        "辽72：王建国",
        LIAISON_TELEGRAM_TOKEN="123456:TEST",
        LIAISON_TELEGRAM_API_URL=telegram.api_url,
        HTTP_PROXY="http://127.0.0.1:9",
    )
    assert (done.code, done.err) == (0, "")
    code = done.out.split()[-1]
    assert f"https://t.me/liaison_bot?start={code}" in done.out.split()
    async with migrated.transaction() as session:
        linked = await officers.accept_invitation(session, 909, code, now=SystemClock().now())
    assert isinstance(linked, Officer)
    assert linked.name == "王建国"


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {
            "LIAISON_TELEGRAM_TOKEN": "123456:SECRET",
            "LIAISON_TELEGRAM_API_URL": "http://127.0.0.1:9",
        },
    ],
)
async def test_an_invitation_without_the_chat_says_what_to_fill_in(
    run: Run, migrated: Database, settings: dict[str, str]
) -> None:
    done = await run("invite", "辽72:王建国", **settings)
    assert done.code == 0
    assert f"https://t.me/<bot>?start={done.out.split()[-1]}" in done.out
    assert "<bot>" in done.err
    assert "SECRET" not in done.out + done.err


async def test_a_lost_phone_is_cut_off_also_for_who_left(run: Run, migrated: Database) -> None:
    async with migrated.transaction() as session:
        person = await officers.linked(session, 102)
        assert person is not None
        person.left_at = SystemClock().now()
        lost = await officers.find(session, "辽72:王建国")
        now = SystemClock().now()
        calendar = await feeds.make(session, officer_id=lost.id, by="王建国", now=now)
    for name, telegram_id in (("王建国", 101), ("李敏", 102)):
        done = await run("unlink", f"辽72:{name}")
        assert (done.code, done.err) == (0, "")
        assert str(telegram_id) not in done.out
    async with migrated.reading() as session:
        assert await officers.linked(session, 101) is None
        gone = await officers.find(session, "辽72:李敏", departed=True)
        assert gone.telegram_id is None
        assert await feeds.find(session, calendar) is None


@pytest.mark.parametrize("command", ["invite", "unlink"])
async def test_an_unknown_officer_is_named_in_the_refusal(
    run: Run, migrated: Database, command: str
) -> None:
    done = await run(command, "辽72:某某")
    assert (done.code, done.out) == (1, "")
    assert "辽72:某某" in done.err


async def test_without_a_schema_the_command_that_makes_it_is_named(tmp_path: Path) -> None:
    url = databases.sqlite_url(tmp_path / "new.db")
    done = await processes.command("token", "list", LIAISON_DATABASE_URL=url)
    assert done.code == 1
    assert "db upgrade" in done.err
