"""How courts are found by what people call them, and how groups are tied to them."""

import pytest
from sqlalchemy import select

from directory import courts, officers
from directory.database import Database
from directory.errors import CourtNotFound, GroupNotVouchedFor
from directory.models import Court, DirectoryRecord
from tests.builders import Builders
from tests.clock import FrozenClock

BEIJING = "Asia/Shanghai"


@pytest.fixture
async def some_courts(database: Database, builders: Builders) -> None:
    async with database.transaction() as session:
        await builders.court("辽", "辽宁省高级人民法院", aliases=["辽宁高院"], session=session)
        for code, name, city, alias in (
            ("辽0106", "沈阳市铁西区人民法院", "沈阳市", "铁西法院"),
            ("辽0303", "鞍山市铁西区人民法院", "鞍山市", "铁西法院"),
            ("辽0211", "大连市甘井子区人民法院", "大连市", "甘井子法院"),
            ("辽0381", "海城市人民法院", "鞍山市", "海城法院"),
            ("辽0122", "沈阳市辽中区人民法院", "沈阳市", "辽中县人民法院"),
        ):
            await builders.court(code, name, city=city, aliases=[alias], session=session)
        await builders.court(
            "吉0302", "铁西区人民法院", province="吉林省", city="四平市", session=session
        )
        await builders.court("浙72", "宁波海事法院", session=session)
        await builders.court("辽72", "大连海事法院", session=session)


async def test_a_court_is_got_by_its_code_in_any_width(
    database: Database, some_courts: None
) -> None:
    async with database.reading() as session:
        assert (await courts.get(session, "辽0211")).name == "大连市甘井子区人民法院"
        assert (await courts.get(session, " 辽 ０２１１ ")).code == "辽0211"
        with pytest.raises(CourtNotFound) as missing:
            await courts.get(session, "辽9999")
    assert missing.value.data == {"words": "辽9999"}
    assert "辽9999" in str(missing.value)


async def test_many_courts_come_by_code_and_unknown_ones_do_not(
    database: Database, some_courts: None
) -> None:
    async with database.reading() as session:
        found = await courts.many(session, ["辽0211", "浙72", "辽9999"])
        assert await courts.many(session, []) == {}
    assert set(found) == {"辽0211", "浙72"}


async def test_the_calendar_knows_the_courts_hours_and_its_provinces(builders: Builders) -> None:
    own = Court(code="辽1", province="辽宁省", hours="09:00-10:00", timezone="Asia/Urumqi")
    western = Court(code="新01", province="新疆维吾尔自治区")
    plain = Court(code="辽2", province="辽宁省")
    assert str(courts.calendar_of(own, BEIJING).timezone) == "Asia/Urumqi"
    assert courts.calendar_of(western, BEIJING).hours != courts.calendar_of(plain, BEIJING).hours
    assert courts.calendar_of(plain, BEIJING) is courts.calendar_of(plain, BEIJING)
    assert str(courts.zone_of(plain, BEIJING)) == BEIJING


@pytest.mark.parametrize("columns", [{"hours": "always"}, {"timezone": "Moon/Base"}])
def test_unreadable_hours_do_not_stop_pages(columns: dict[str, str]) -> None:
    broken = Court(code="辽1", province="辽宁省", **columns)
    usual = Court(code="辽2", province="辽宁省")
    assert courts.calendar_of(broken, BEIJING) == courts.calendar_of(usual, BEIJING)


async def test_a_court_has_one_group_and_a_group_may_serve_several_courts(
    database: Database, builders: Builders, clock: FrozenClock
) -> None:
    cast = await builders.liaoning()
    async with database.transaction() as session:
        by = await officers.linked(session, 101)
        coordinator = await officers.linked(session, 104)
        assert by is not None
        assert coordinator is not None
        dalian = await courts.get(session, "辽72")
        high = await courts.get(session, "辽")
        await courts.link_group(session, dalian, -2001, by=by, now=clock.now())
        await courts.link_group(session, high, -2001, by=coordinator, now=clock.now())
    async with database.reading() as session:
        assert [c.code for c in await courts.of_group(session, -2001)] == ["辽", "辽72"]
        assert await courts.of_group(session, cast.jurisdiction.group_chat_id or 0) == []
        records = (await session.scalars(select(DirectoryRecord).order_by("id"))).all()
    assert [(r.kind, r.subject, r.who) for r in records] == [
        ("group_linked", "辽72", "辽72:王建国"),
        ("group_linked", "辽", "辽:周琳"),
    ]


async def test_only_the_courts_people_and_its_coordinator_vouch_for_a_group(
    database: Database, builders: Builders, clock: FrozenClock
) -> None:
    await builders.liaoning()
    await builders.officer("浙", "外省", "coordinator", 201)
    async with database.transaction() as session:
        dalian = await courts.get(session, "辽72")
        for telegram_id in (105, 201):
            by = await officers.linked(session, telegram_id)
            assert by is not None
            with pytest.raises(GroupNotVouchedFor):
                await courts.link_group(session, dalian, -2001, by=by, now=clock.now())
        coordinator = await officers.linked(session, 104)
        assert coordinator is not None
        await courts.link_group(session, dalian, -2002, by=coordinator, now=clock.now())
        assert dalian.group_chat_id == -2002


async def test_a_group_that_moves_keeps_all_its_courts(
    database: Database, builders: Builders, clock: FrozenClock
) -> None:
    for code in ("辽72", "辽0211"):
        await builders.court(code, group_chat_id=-1, group_unreachable_at=clock.now())
    async with database.transaction() as session:
        await courts.move_group(session, -1, -100_1, now=clock.now())
    async with database.reading() as session:
        moved = await courts.of_group(session, -100_1)
    assert [(c.code, c.group_unreachable_at) for c in moved] == [("辽0211", None), ("辽72", None)]


async def test_since_when_a_group_is_out_of_reach_is_noted_once(
    database: Database, builders: Builders, clock: FrozenClock
) -> None:
    await builders.court("辽72", group_chat_id=-1)
    since = clock.now()
    for minutes in (0, 5):
        await clock.advance(minutes=minutes)
        async with database.transaction() as session:
            await courts.mark_group(session, -1, unreachable=True, now=clock.now())
    async with database.reading() as session:
        assert (await courts.get(session, "辽72")).group_unreachable_at == since
    async with database.transaction() as session:
        await courts.mark_group(session, -1, unreachable=False, now=clock.now())
    async with database.reading() as session:
        assert (await courts.get(session, "辽72")).group_unreachable_at is None
