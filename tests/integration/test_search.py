"""How a process keeps its search index: built once, fresh after each change, in every process; and what a name means by it."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import select, update

from directory import changes, search
from directory.courts import Resolution
from directory.database import Database
from directory.models import Court, Officer
from directory.search import Searcher
from tests.builders import Builders
from tests.clock import FrozenClock

#: What a change may take to be seen elsewhere.
A_SECOND = 1.0


@pytest.fixture
async def some_courts(database: Database, builders: Builders) -> None:
    async with database.transaction() as session:
        await builders.court("辽", "辽宁省高级人民法院", aliases=["辽宁高院"], session=session)
        for code, name, city, alias in (
            ("辽0106", "沈阳市铁西区人民法院", "沈阳市", "铁西法院"),
            ("辽0303", "鞍山市铁西区人民法院", "鞍山市", "铁西法院"),
            ("辽0211", "大连市甘井子区人民法院", "大连市", "甘井子法院"),
            ("辽0381", "海城市人民法院", "鞍山市", "海城法院"),
            ("辽0122", "沈阳市辽中区人民法院", "沈阳市", "辽中县人民法院（1992/2016-03-31）"),
        ):
            await builders.court(code, name, city=city, aliases=[alias], session=session)
        await builders.court(
            "吉0302", "铁西区人民法院", province="吉林省", city="四平市", session=session
        )
        await builders.court("浙72", "宁波海事法院", province="浙江省", session=session)
        await builders.court("辽72", "大连海事法院", session=session)


#: With an index kept in the process, and with one made for the single question.
@pytest.fixture(params=["kept", "once"])
def meaning(
    request: pytest.FixtureRequest, database: Database
) -> Callable[..., Awaitable[Resolution]]:
    searcher = Searcher(database) if request.param == "kept" else None

    async def meant(words: str, province: str | None = None) -> Resolution:
        async with database.reading() as session:
            return await search.resolve(session, words, province=province, searcher=searcher)

    return meant


@pytest.mark.parametrize("engine_name", ["sqlite"])
async def test_a_court_answers_to_every_name_that_means_it_alone(
    some_courts: None, meaning: Callable[..., Awaitable[Resolution]]
) -> None:
    expected = {
        "辽0211": "辽0211", "辽０２１１": "辽0211", " 辽 0211 ": "辽0211", "liao0211": "辽0211",
        "大连市甘井子区人民法院": "辽0211", "辽宁省大连市甘井子区人民法院": "辽0211",
        "甘井子区人民法院": "辽0211", "甘井子法院": "辽0211", "甘 井 子 法 院": "辽0211",
        "甘井子": "辽0211", "ganjingzi fayuan": "辽0211", "（2019）辽0211民初1234号": "辽0211",
        "辽宁省海城市人民法院": "辽0381", "鞍山市海城市人民法院": "辽0381",
        "辽宁高院": "辽", "辽": "辽", "辽中县人民法院": "辽0122", "遼中區法院": "辽0122",
        "沈阳 铁西": "辽0106", "铁西 沈阳": "辽0106", "四平市铁西区人民法院": "吉0302",
        "宁波海事": "浙72",
    }  # fmt: skip
    meant = {words: (await meaning(words)).court for words in expected}
    assert {words: court and court.code for words, court in meant.items()} == expected


@pytest.mark.parametrize("engine_name", ["sqlite"])
async def test_a_name_of_several_courts_is_never_guessed(
    some_courts: None, meaning: Callable[..., Awaitable[Resolution]]
) -> None:
    expected = {
        "铁西区人民法院": ["吉0302", "辽0106", "辽0303"],
        "铁西法院": ["吉0302", "辽0106", "辽0303"],
        "铁西": ["吉0302", "辽0106", "辽0303"],
        "海事法院": ["浙72", "辽72"],
        # What is abbreviated or misspelt is offered, never taken, though it be one alone.
        "gjz": ["辽0211"],
        "甘并子": ["辽0211"],
    }
    found = {words: await meaning(words) for words in expected}
    assert {words: one.court for words, one in found.items()} == dict.fromkeys(expected)
    codes = {words: sorted(court.code for court in one.choices) for words, one in found.items()}
    assert codes == expected
    for words in ("", "   ", "%", "%%", "__", "_%_", "*", "院", "没有的法院", "\\", "辽9999"):
        assert await meaning(words) == Resolution(None, ()), words


@pytest.mark.parametrize("engine_name", ["sqlite"])
async def test_the_askers_province_comes_first_among_choices(
    some_courts: None, meaning: Callable[..., Awaitable[Resolution]]
) -> None:
    at_home = await meaning("铁西区人民法院", "辽宁省")
    next_door = await meaning("铁西区人民法院", "吉林省")
    assert [court.code for court in at_home.choices] == ["辽0106", "辽0303", "吉0302"]
    assert [court.code for court in next_door.choices] == ["吉0302", "辽0106", "辽0303"]


@asynccontextmanager
async def following(url: str) -> AsyncIterator[Searcher]:
    """Another process: its own connections, its own index, hearing of commits."""
    database = Database.connect(url)
    searcher = Searcher(database)
    await database.wakeups.start()
    task = asyncio.create_task(searcher.run())
    try:
        await searcher.refresh()
        yield searcher
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await database.close()


async def test_every_process_finds_what_changed_within_a_second(
    database_url: str, database: Database, builders: Builders, clock: FrozenClock
) -> None:
    await builders.court("辽0211", "大连市甘井子区人民法院", city="大连市")
    officer = await builders.officer("辽0211", "曾晓", "A")
    async with following(database_url) as searcher:

        async def finds(words: str) -> tuple[list[str], list[str]]:
            found = await searcher.find(words, people=True)
            return [hit.code for hit in found.courts], [hit.name for hit in found.people]

        assert await finds("zengxiao") == ([], ["曾晓"])
        # Wake-ups of SQLite come once a second; what this process does between is no part of it.
        async with database.transaction() as session:
            await changes.lock(session)
            await session.execute(
                update(Court).where(Court.code == "辽0211").values(aliases=["红旗法院"])
            )
            person = await session.get(Officer, officer.id)
            assert person is not None
            person.left_at = clock.now()
            for officer_id, kind in ((None, "changed"), (officer.id, "departed")):
                changes.record(
                    session,
                    who="test",
                    court_code="辽0211",
                    officer_id=officer_id,
                    kind=kind,
                    before={"aliases": [], "left": None},
                    after={"aliases": ["红旗法院"], "left": "2019-08-19"},
                    now=clock.now(),
                )
        began = time.monotonic()
        while await finds("红旗法院") != (["辽0211"], []):
            assert time.monotonic() - began < A_SECOND + 0.5
            await asyncio.sleep(0.01)
        assert await finds("曾晓") == ([], [])


@pytest.mark.parametrize("engine_name", ["sqlite"])
async def test_a_question_with_its_session_sees_what_was_committed_before(
    database: Database, builders: Builders
) -> None:
    searcher = Searcher(database)
    await builders.court("辽0211", "大连市甘井子区人民法院")
    async with database.reading() as session:
        assert (await searcher.find("甘井子", session=session)).certain is not None
    # Written past the record of changes, as an operator with a client of the database may.
    await builders.court("辽0106", "沈阳市铁西区人民法院", city="沈阳市")
    await builders.officer("辽0106", "单雄信", "A")
    async with database.reading() as session:
        found = await searcher.find("铁西", session=session)
        people = await searcher.find("shanxiongxin", people=True, session=session)
    assert [hit.code for hit in found.courts] == ["辽0106"]
    assert [hit.name for hit in people.people] == ["单雄信"]
    async with database.transaction() as session:
        await session.delete((await session.scalars(select(Officer))).one())
        await session.delete(await session.get(Court, "辽0106"))
    async with database.reading() as session:
        assert (await searcher.find("铁西", session=session)).courts == ()


@pytest.mark.parametrize("engine_name", ["sqlite"])
async def test_before_the_index_is_whole_a_code_is_known_and_nothing_guessed(
    database: Database, builders: Builders, monkeypatch: pytest.MonkeyPatch
) -> None:
    await builders.court("辽0211", "大连市甘井子区人民法院")
    searcher = Searcher(database)
    monkeypatch.setattr(search, "PATIENCE", 0.0)
    async with searcher._renewing:
        found = await searcher.find("辽 0211")
        assert [hit.code for hit in found.courts] == ["辽0211"]
        assert (await searcher.find("甘井子", people=True)).courts == ()
        assert not searcher.ready
    await searcher.refresh()
    assert [hit.code for hit in (await searcher.find("甘井子")).courts] == ["辽0211"]


@pytest.mark.parametrize("engine_name", ["sqlite"])
async def test_after_a_great_import_the_index_is_built_anew(
    database: Database, builders: Builders, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "MOST_RENEWED", 2)
    searcher = Searcher(database)
    await searcher.refresh()
    async with database.transaction() as session:
        for number in range(3):
            await builders.court(f"辽010{number}", f"沈阳市第{number}区人民法院", session=session)
            changes.record(
                session, who="test", court_code=f"辽010{number}", officer_id=None, kind="added",
                before={}, after={"name": "x"}, now=clock.now(),
            )  # fmt: skip
    before = searcher._index
    await searcher.refresh()
    assert searcher._index is not before
    assert (await searcher.find("沈阳市第")).courts_in_all == 3
