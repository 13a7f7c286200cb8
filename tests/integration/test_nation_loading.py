"""The test data of the nation in databases: quickly in, and never beside courts that are real."""

import pytest
from sqlalchemy import func, select

from benchmarks import nation
from directory import officers
from directory.models import Court, Officer, OfficerPost


async def test_a_nation_goes_straight_in_and_only_once(database, clock):
    few = nation.generate(1, courts=60)
    await nation.load(database, few, clock.now())
    async with database.reading() as session:
        counts = [
            await session.scalar(select(func.count()).select_from(model))
            for model in (Court, Officer, OfficerPost)
        ]
        assert counts == [60, few.people, len(few.officers)]
        for row in few.officers[:: len(few.officers) // 5]:
            found = await officers.find(session, f"{row['court_code']}:{row['name']}")
            assert (found.mobile, found.title) == (row["mobile"], row["title"])
            assert row["post"] in {post.post for post in found.posts}
        court = next(row for row in few.courts if "|" in row["aliases"])
        stored = await session.get(Court, court["code"])
        assert stored.aliases == court["aliases"].split("|")


async def test_a_nation_never_stands_beside_courts_of_another_origin(database, clock, builders):
    await builders.court("辽72")
    with pytest.raises(nation.HoldsOtherCourts):
        await nation.load(database, nation.generate(1, courts=5), clock.now())
    async with database.reading() as session:
        assert list(await session.scalars(select(Court.code))) == ["辽72"]
