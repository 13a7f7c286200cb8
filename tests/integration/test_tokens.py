"""Bearer tokens: shown once, stored as a hash, worthless once revoked."""

import pytest
from sqlalchemy import select

from directory import tokens
from directory.database import Database
from directory.errors import CourtNotFound, ProvinceNotFound, TokenExists, TokenNotFound
from directory.models import ApiToken, DirectoryRecord
from tests.builders import Builders
from tests.clock import FrozenClock


async def create(
    database: Database, clock: FrozenClock, name: str = "大连窗口", **scope: str
) -> str:
    async with database.transaction() as session:
        return await tokens.create(session, name, "intake", now=clock.now(), **scope)


async def test_a_secret_opens_until_it_is_revoked(database: Database, clock: FrozenClock) -> None:
    secret = await create(database, clock)
    async with database.transaction() as session:
        token = await tokens.authenticate(session, secret)
        assert token is not None
        assert (token.name, token.role, token.court_code) == ("大连窗口", "intake", None)
        await tokens.revoke(session, "大连窗口", now=clock.now())
        assert await tokens.authenticate(session, secret) is None


@pytest.mark.parametrize("wrong", ["", "x", "liaison_", "%", "x" * 10_000, "令牌"])
async def test_a_wrong_secret_opens_nothing(
    database: Database, clock: FrozenClock, wrong: str
) -> None:
    await create(database, clock)
    async with database.reading() as session:
        assert await tokens.authenticate(session, wrong) is None


async def test_the_secret_is_nowhere_in_the_database(
    database: Database, clock: FrozenClock
) -> None:
    secret = await create(database, clock)
    assert len(secret) >= 40
    async with database.reading() as session:
        (token,) = await tokens.all(session)
        records = (await session.scalars(select(DirectoryRecord))).all()
    assert secret not in token.secret_hash
    assert [(r.kind, r.subject, r.detail) for r in records] == [
        ("token_created", "大连窗口", "intake")
    ]


async def test_a_token_may_be_narrowed_to_a_court_or_a_province(
    database: Database, builders: Builders, clock: FrozenClock
) -> None:
    await builders.court("辽72")
    await create(database, clock, "a", court="辽７２")
    await create(database, clock, "b", province="辽宁省")
    await create(database, clock, "c", province="辽宁")
    async with database.reading() as session:
        scopes = [(t.court_code, t.province) for t in await tokens.all(session)]
    assert scopes == [("辽72", None), (None, "辽宁省"), (None, "辽宁省")]


@pytest.mark.parametrize("province", ["辽", "江", "江西江", "%", "河", "大辽国"])
async def test_an_unknown_province_is_refused(
    database: Database, clock: FrozenClock, province: str
) -> None:
    with pytest.raises(ProvinceNotFound):
        await create(database, clock, province=province)
    async with database.reading() as session:
        assert await tokens.all(session) == []


async def test_an_unknown_court_is_refused(database: Database, clock: FrozenClock) -> None:
    with pytest.raises(CourtNotFound):
        await create(database, clock, court="辽9999")


async def test_a_name_is_free_again_after_its_token_was_revoked(
    database: Database, clock: FrozenClock
) -> None:
    first = await create(database, clock)
    with pytest.raises(TokenExists):
        await create(database, clock, " 大连窗口 ")
    async with database.transaction() as session:
        await tokens.revoke(session, "大连窗口", now=clock.now())
    second = await create(database, clock)
    async with database.reading() as session:
        assert await tokens.authenticate(session, first) is None
        assert await tokens.authenticate(session, second) is not None
        assert len(await tokens.all(session)) == 2


async def test_what_is_not_there_cannot_be_revoked(database: Database, clock: FrozenClock) -> None:
    await create(database, clock)
    async with database.transaction() as session:
        await tokens.revoke(session, "大连窗口", now=clock.now())
        for name in ("大连窗口", "别的"):
            with pytest.raises(TokenNotFound):
                await tokens.revoke(session, name, now=clock.now())
        kinds = (await session.scalars(select(DirectoryRecord.kind).order_by("id"))).all()
    assert list(kinds) == ["token_created", "token_revoked"]


async def test_an_unknown_role_and_two_scopes_are_programming_errors(
    database: Database, builders: Builders, clock: FrozenClock
) -> None:
    await builders.court("辽72")
    async with database.transaction() as session:
        for name, role, scope in (
            ("a", "god", {}),
            ("  ", "intake", {}),
            ("a", "intake", {"court": "辽72", "province": "辽宁省"}),
        ):
            with pytest.raises(ValueError, match="token"):
                await tokens.create(session, name, role, now=clock.now(), **scope)
        assert (await session.scalars(select(ApiToken))).all() == []
