"""What typed words mean as an audience: cities, courts, and both together."""

import pytest

from bot import notice_rights
from bot.notice_rights import Writer
from directory.search import Searcher

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"])


@pytest.mark.parametrize(
    ("words", "where", "values"),
    [
        ("大连", "city", ("大连市",)),
        ("大连市、沈阳", "city", ("大连市", "沈阳市")),
        # Of courts alone 大连市 would be the one that is called so; beside courts it is all of its courts.
        ("大连市 辽72", "court", ("辽02", "辽0211", "辽72")),
        ("辽02 大连 辽72", "court", ("辽02", "辽0211", "辽72")),
    ],
)
async def test_a_city_beside_courts_stands_for_its_courts(database, builders, words, where, values):
    for code, city in (
        ("辽02", "大连市"),
        ("辽0211", "大连市"),
        ("辽01", "沈阳市"),
        ("辽72", None),
    ):
        await builders.court(code, city=city, parent_code=None)
    writer = Writer("province", "辽宁省")
    async with database.reading() as session:
        found = await notice_rights.meant(session, writer, Searcher(database), words)
    assert [(one.where, one.values) for one in found.audiences] == [(where, values)]
