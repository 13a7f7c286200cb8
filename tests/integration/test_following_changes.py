"""Whoever follows the changes page by page has the directory, whatever was done to it and however two writers met."""

import asyncio
import random
import shutil
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text

from directory import access, changes, courts, edits, imports, invitations, officers, privacy, undo
from directory.change_models import DirectoryImport
from directory.database import Database
from directory.edit_outcomes import Editor
from directory.import_tables import Row, Table
from directory.models import Court, Officer
from tests import databases
from tests.follower import Follower, directory_of

TODAY = date(2019, 8, 19)
BY = Editor("管理员", access.OPERATOR)
CODES = ("辽", "辽02", "辽72", "辽0211")
NAMES = ("王建国", "李敏", "赵强", "𠮷田鿍", "孙丽")
POSTS = ("A", "B", "leader", "technician")
TERM = {"valid_from": None, "valid_to": None}


def table(header, *rows):
    lines = [Row(n, n, tuple(row)) for n, row in enumerate((header.split(","), *rows), 1)]
    return Table("表.csv", None, lines[0], tuple(lines[1:]))


class World:
    """What may happen to a directory; each deed takes two numbers that choose whom and what."""

    def __init__(self, database):
        self.database = database
        self.now = datetime(2019, 8, 19, 1, tzinfo=UTC)

    async def do(self, deed, one, two):
        self.now += timedelta(minutes=1)
        async with self.database.transaction() as session:
            await getattr(self, deed)(session, one, two)

    async def _court(self, session, one):
        return await session.get(Court, CODES[one % len(CODES)])

    async def _person(self, session, one):
        ids = list(await session.scalars(select(Officer.id).order_by(Officer.id)))
        return (
            await officers.find(session, str(ids[one % len(ids)]), departed=True) if ids else None
        )

    async def import_courts(self, session, one, two):
        rows = [
            (code, f"{code}法院{one % 3}", "", "辽宁", f"0{two}", "旧名|=1" if two % 2 else "",
             str(-1 - two % 4) if two % 3 else "")
            for code in CODES
        ]  # fmt: skip
        levels = {1: "高级", 3: "中级", 5: "基层"}
        rows = [(c, n, levels[len(c)], *rest) for c, n, _, *rest in rows]
        header = "code,name,level,province,phone,aliases,group_chat_id"
        await self._bring_in(session, table(header, *rows))

    async def import_people(self, session, one, two):
        rng = random.Random(f"{one} {two}")
        rows = [
            (rng.choice(CODES), rng.choice(NAMES), post, f"1380000{rng.randrange(10_000):04}",
             rng.choice(["", "", str(100 + rng.randrange(6))]), rng.choice(["", "2019-12-31"]))
            for post in rng.sample(POSTS, 2)
        ]  # fmt: skip
        people = table("court_code,name,post,mobile,telegram_id,valid_to", *rows)
        replaced = {row[0] for row in rows} if one % 2 else ()
        await self._bring_in(session, people, replaced)

    async def _bring_in(self, session, content, replaced=()):
        await imports.bring_in(
            session, [content], replace_courts=replaced, who="x", today=TODAY, now=self.now
        )

    async def undo(self, session, one, _two):
        numbers = list(await session.scalars(
            select(DirectoryImport.id).where(DirectoryImport.undone_at.is_(None))))  # fmt: skip
        if numbers:
            await undo.undo(session, numbers[-1 - one % len(numbers)], who="x", now=self.now)

    async def link(self, session, one, two):
        person = await self._person(session, one)
        if person is not None and person.left_at is None:
            code = await invitations.invite(session, person, now=self.now)
            await invitations.accept_invitation(session, 100 + two % 6, code, now=self.now)

    async def unlink(self, session, one, _two):
        person = await self._person(session, one)
        if person is not None:
            await officers.unlink(session, person, who="x", now=self.now)

    async def group(self, session, one, two):
        court, person = await self._court(session, one), await self._person(session, two)
        theirs = None not in (court, person) and person.court_code == court.code
        if theirs and person.left_at is None:
            await courts.link_group(session, court, -1 - two % 4, by=person, now=self.now)

    async def group_moves(self, session, one, two):
        await courts.move_group(session, -1 - one % 4, -1 - two % 4, now=self.now)

    async def edit_court(self, session, one, two):
        court = await self._court(session, one)
        if court is not None:
            values = {"address": f"{two}号", "aliases": "a|b"}
            await edits.change_court(session, court, values, by=BY, now=self.now)

    async def edit_person(self, session, one, two):
        person = await self._person(session, one)
        if person is not None:
            values = {
                "title": f"={two}",
                "posts": {POSTS[two % 4]: TERM, POSTS[one % 4]: None},
            }
            await edits.change_officer(
                session, person, values, by=BY, now=self.now, today=TODAY
            )  # fmt: skip

    async def add(self, session, one, two):
        court = await self._court(session, one)
        if court is not None:
            values = {"name": NAMES[two % 5], "mobile": "13900000000", "posts": {"A": TERM}}
            await edits.add_officer(session, court, values, by=BY, now=self.now, today=TODAY)

    async def depart(self, session, one, _two):
        person = await self._person(session, one)
        if person is not None:
            await edits.depart(session, person, by=BY, now=self.now, today=TODAY)

    async def bring_back(self, session, one, two):
        person = await self._person(session, one)
        if person is not None:
            posts = {POSTS[two % 4]: TERM}
            await edits.bring_back(session, person, posts, by=BY, now=self.now, today=TODAY)

    async def move(self, session, one, two):
        person, court = await self._person(session, one), await self._court(session, two)
        if person is not None and court is not None:
            await edits.move(session, person, court, {"B": TERM}, by=BY, now=self.now, today=TODAY)

    async def erase(self, session, one, _two):
        person = await self._person(session, one)
        if person is not None and person.left_at is not None:
            await privacy.erase(session, person, who="x", now=self.now)


DEEDS = (
    "import_courts", "import_people", "import_people", "undo", "link", "unlink", "group", "group_moves",
    "edit_court", "edit_person", "add", "depart", "bring_back", "move", "erase",
)  # fmt: skip
small = st.integers(0, 11)
#: Each deed with the numbers that choose, and how many changes are read after it.
stories = st.lists(st.tuples(st.sampled_from(DEEDS), small, small, st.integers(0, 4)), max_size=14)


async def play(database, story):
    world, follower = World(database), Follower(database)
    beginning = [("import_courts", 1, 1, 1), ("import_people", 2, 2, 1), ("import_people", 4, 4, 0)]
    for deed, one, two, limit in (*beginning, *story):
        await world.do(deed, one, two)
        if limit:
            await follower.page(limit)
    await follower.to_the_end(1 + len(story) % 7)
    return follower, await directory_of(database)


@given(story=stories)
@settings(
    max_examples=20,
    deadline=None,
    # A story is short as it is; making it shorter still would take minutes.
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_the_changes_rebuild_the_directory(sqlite_template, tmp_path, story):
    async def tell():
        path = tmp_path / "liaison.db"
        for left in tmp_path.glob("liaison.db*"):
            left.unlink()
        shutil.copyfile(sqlite_template, path)
        database = Database.connect(databases.sqlite_url(path))
        try:
            return await play(database, story)
        finally:
            await database.close()

    follower, stored = asyncio.run(tell())
    assert follower.directory == stored
    assert follower.read == sorted(set(follower.read))


async def test_the_changes_rebuild_the_directory_on_postgresql(postgresql_url):
    rng = random.Random(7)
    story = [
        (rng.choice(DEEDS), rng.randrange(12), rng.randrange(12), rng.randrange(5))
        for _ in range(40)
    ]
    database = Database.connect(postgresql_url)
    follower, stored = await play(database, story)
    await database.close()
    assert len(follower.read) > 40
    assert follower.directory == stored


@pytest.mark.parametrize("locked", [True, False])
async def test_a_follower_between_two_commits_misses_nothing_because_of_the_lock(
    postgresql_url, monkeypatch, locked
):
    if not locked:
        # The planted fault: numbers are drawn in one order and committed in the other.
        monkeypatch.setattr(changes, "_TAKE", text("SELECT 1"))
    database = Database.connect(postgresql_url)
    drawn, go = asyncio.Event(), asyncio.Event()

    async def write(name, before_commit):
        async with database.transaction() as session:
            changes.record(
                session, who=name, court_code="辽", officer_id=None, kind="changed",
                before={"name": ""}, after={"name": name}, now=datetime(2019, 8, 19, tzinfo=UTC),
            )  # fmt: skip
            await session.flush()
            await before_commit()

    async def hold():
        drawn.set()
        await go.wait()

    follower = Follower(database)
    async with asyncio.timeout(20), asyncio.TaskGroup() as group:
        group.create_task(write("first", hold))
        await drawn.wait()
        second = group.create_task(write("second", lambda: asyncio.sleep(0)))
        while not (second.done() or await waiting(database)):
            continue
        await follower.to_the_end(1)
        go.set()
    await follower.to_the_end(1)
    async with database.reading() as session:
        everything = [change.id for change in await changes.page(session, after=0, limit=9)]
    await database.close()
    assert len(everything) == 2
    assert (follower.read == everything) is locked


async def waiting(database):
    """Whether somebody waits for a lock that somebody else holds."""
    async with database.reading() as session:
        query = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
        return bool(await session.scalar(text(query)))
