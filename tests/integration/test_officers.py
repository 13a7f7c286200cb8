"""Who an account is, how people are found by name, and how an account is taken away."""

from datetime import date

import pytest
from sqlalchemy import select

from directory import officers
from directory.database import Database
from directory.errors import OfficerAmbiguous, OfficerNotFound
from directory.models import DirectoryRecord, Officer, OfficerPost
from tests.builders import Builders
from tests.clock import FrozenClock

TODAY = date(2019, 8, 19)


async def test_an_account_is_its_officer_with_court_and_posts(
    database: Database, builders: Builders
) -> None:
    await builders.liaoning()
    async with database.reading() as session:
        officer = await officers.linked(session, 101, today=TODAY)
        assert await officers.linked(session, 999) is None
    assert officer is not None
    assert officer.name == "王建国"
    assert officer.court.code == "辽72"
    assert officers.posts_on(officer, TODAY) == {"A"}


async def test_who_left_is_nobody(
    database: Database, builders: Builders, clock: FrozenClock
) -> None:
    await builders.court("辽72")
    gone = await builders.officer("辽72", "王建国", "A", 101, left_at=clock.now())
    async with database.reading() as session:
        assert await officers.linked(session, 101) is None
    assert officers.posts_on(gone, TODAY) == frozenset()


async def test_an_officer_whose_term_is_over_is_not_an_officer_of_today(
    database: Database, builders: Builders
) -> None:
    await builders.court("辽72")
    officer = await builders.officer("辽72", "王建国", None, 101)
    async with database.transaction() as session:
        session.add_all(
            [
                OfficerPost(officer_id=officer.id, post="A", valid_to=date(2019, 8, 18)),
                OfficerPost(officer_id=officer.id, post="B", valid_from=date(2019, 8, 20)),
            ]
        )
    async with database.reading() as session:
        assert await officers.linked(session, 101, today=TODAY) is None
        assert await officers.linked(session, 101) is not None
        tomorrow = await officers.linked(session, 101, today=date(2019, 8, 20))
    assert tomorrow is not None
    assert officers.posts_on(tomorrow, date(2019, 8, 20)) == {"B"}


@pytest.mark.parametrize(
    "text",
    ["辽72:王建国", "辽72：王建国", " 辽７２ : 王 建国 ", "大连海事法院:王建国"],
)
async def test_a_person_is_found_by_court_and_name(
    database: Database, builders: Builders, text: str
) -> None:
    await builders.liaoning()
    async with database.reading() as session:
        found = await officers.find(session, text)
    assert (found.court.code, found.name) == ("辽72", "王建国")


async def test_a_person_is_found_by_id(database: Database, builders: Builders) -> None:
    cast = await builders.liaoning()
    async with database.reading() as session:
        assert (await officers.find(session, str(cast.b.id))).name == "李敏"
        assert (await officers.find(session, f" {cast.b.id} ")).name == "李敏"


@pytest.mark.parametrize(
    "text",
    ["", ":", "王建国", "辽72:", "辽72:某人", "辽99:王建国", ":王建国", "0", "9" * 40, "-1"],
)
async def test_nobody_is_found_by_half_a_name(
    database: Database, builders: Builders, text: str
) -> None:
    await builders.liaoning()
    async with database.reading() as session:
        with pytest.raises(OfficerNotFound):
            await officers.find(session, text)


async def test_two_people_of_one_name_are_told_apart_by_id_not_guessed(
    database: Database, builders: Builders
) -> None:
    await builders.court("辽72")
    first = await builders.officer("辽72", "王伟", "A", department="立案庭", mobile="13812341234")
    second = await builders.officer("辽72", "王伟", "technician")
    async with database.reading() as session:
        with pytest.raises(OfficerAmbiguous) as two:
            await officers.find(session, "辽72:王伟")
        assert (await officers.find(session, str(second.id))).id == second.id
    choices = str(two.value.data["choices"])
    assert choices == f"{first.id}（立案庭 A岗）、{second.id}（技术人员）"
    assert "1381234" not in str(two.value)


async def test_who_left_is_found_only_by_who_asks_for_the_departed(
    database: Database, builders: Builders, clock: FrozenClock
) -> None:
    await builders.court("辽72")
    gone = await builders.officer("辽72", "王建国", "A", 101, left_at=clock.now())
    async with database.reading() as session:
        for text in ("辽72:王建国", str(gone.id)):
            with pytest.raises(OfficerNotFound):
                await officers.find(session, text)
            assert (await officers.find(session, text, departed=True)).id == gone.id


async def test_unlinking_takes_the_account_the_open_invitations_and_leaves_a_record(
    database: Database, builders: Builders, clock: FrozenClock
) -> None:
    await builders.liaoning()
    async with database.transaction() as session:
        officer = await officers.find(session, "辽72:王建国")
        code = await officers.invite(session, officer, now=clock.now())
        assert await officers.unlink(session, officer, who="cli", now=clock.now())
    async with database.transaction() as session:
        assert await officers.linked(session, 101) is None
        outcome = await officers.accept_invitation(session, 555, code, now=clock.now())
        assert not isinstance(outcome, Officer)
        again = await officers.find(session, "辽72:王建国")
        assert not await officers.unlink(session, again, who="cli", now=clock.now())
    async with database.reading() as session:
        records = (
            await session.scalars(select(DirectoryRecord).where(DirectoryRecord.kind == "unlinked"))
        ).all()
    assert [(r.subject, r.who, r.at) for r in records] == [("辽72:王建国", "cli", clock.now())] * 2
    assert all("101" not in r.detail for r in records)


async def test_since_when_an_account_is_blocked_is_noted_once(
    database: Database, builders: Builders, clock: FrozenClock
) -> None:
    cast = await builders.liaoning()
    since = clock.now()
    for minutes in (0, 5):
        await clock.advance(minutes=minutes)
        async with database.transaction() as session:
            await officers.mark_blocked(session, 101, blocked=True, now=clock.now())
    async with database.transaction() as session:
        assert (await officers.find(session, str(cast.a.id))).blocked_at == since
        await officers.mark_blocked(session, 101, blocked=False, now=clock.now())
    async with database.reading() as session:
        assert (await officers.find(session, str(cast.a.id))).blocked_at is None


@pytest.mark.parametrize(
    ("said", "kept"), [("zh", "zh-CN"), ("zh-CN", "zh-CN"), ("EN", "en"), (None, None)]
)
async def test_a_language_is_kept_as_the_catalogues_name_it(
    database: Database, builders: Builders, clock: FrozenClock, said: str | None, kept: str | None
) -> None:
    await builders.liaoning()
    async with database.transaction() as session:
        officer = await officers.find(session, "辽72:王建国")
        await officers.set_language(session, officer, said, now=clock.now())
    async with database.transaction() as session:
        officer = await officers.find(session, "辽72:王建国")
        assert officer.language == kept
        with pytest.raises(ValueError, match="fr"):
            await officers.set_language(session, officer, "fr", now=clock.now())


async def test_the_people_of_a_court_are_those_who_have_not_left(
    database: Database, builders: Builders, clock: FrozenClock
) -> None:
    await builders.liaoning()
    await builders.officer("辽72", "旧人", "A", left_at=clock.now())
    async with database.reading() as session:
        people = await officers.of_court(session, "辽72")
    assert [person.name for person in people] == ["王建国", "李敏", "赵强"]


@pytest.mark.parametrize(
    ("posts", "shown"),
    [
        ({"leader", "B"}, "B"),
        ({"technician", "coordinator"}, "coordinator"),
        ({"A", "B", "leader"}, "A"),
        (set(), None),
    ],
)
def test_the_post_nearest_to_answering_is_shown(posts: set[str], shown: str | None) -> None:
    assert officers.main_post(posts) == shown


@pytest.mark.parametrize(
    ("mobile", "shown"),
    [
        ("13812341234", "138****1234"),
        ("138****1234", "138****1234"),
        ("12345", "****"),
        ("", None),
        (None, None),
    ],
)
def test_a_mobile_number_is_masked(mobile: str | None, shown: str | None) -> None:
    assert officers.mask_mobile(mobile) == shown


def test_a_person_is_shown_with_the_post() -> None:
    officer = Officer(name="张伟")
    assert officers.display(officer, "A") == "张伟（A岗）"
    assert officers.display(officer, "coordinator") == "张伟（省级协调员）"
    assert officers.display(officer, None) == "张伟"
