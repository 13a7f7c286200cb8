"""What a province settles for its desks: defaults, changes, their record, and the rounds planned anew."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from directory import province_rules
from directory.duty_models import ProvinceRound
from directory.models import DirectoryRecord
from directory.province_rules import BadRule, Rules, read_time


async def test_without_a_word_the_defaults_hold(database):
    async with database.reading() as session:
        assert await province_rules.of(session, "辽宁省") == Rules("off", "08:20", 30)
        assert await province_rules.every(session) == {}


async def test_a_change_is_kept_and_recorded_and_the_others_stay(database, clock):
    async with database.transaction() as session:
        await province_rules.change(
            session, "辽宁省", by="周琳", now=clock.now(), check_in="daily", handover_at="08:05"
        )
    async with database.transaction() as session:
        await province_rules.change(
            session, "辽宁省", by="周琳", now=clock.now(), quiet_drill_days=0
        )
    async with database.reading() as session:
        assert await province_rules.of(session, "辽宁省") == Rules("daily", "08:05", 0)
        assert await province_rules.of(session, "浙江省") == Rules()
        records = list(await session.scalars(select(DirectoryRecord).order_by("id")))
    assert [record.subject for record in records] == ["辽宁省", "辽宁省"]
    assert "check_in: off → daily" in records[0].detail
    assert records[1].detail == "quiet_drill_days: 30 → 0"


async def test_saying_the_same_again_is_no_change(database, clock):
    async with database.transaction() as session:
        await province_rules.change(session, "辽宁省", by="周琳", now=clock.now(), check_in="off")
    async with database.reading() as session:
        assert await province_rules.every(session) == {}
        assert await session.scalar(select(DirectoryRecord.id)) is None


async def test_a_change_has_the_rounds_planned_anew_from_now(database, clock):
    async with database.transaction() as session:
        past = clock.now() - timedelta(days=1)
        session.add(
            ProvinceRound(province="辽宁省", kind="check_in", done_until=past, next_at=None)
        )
    async with database.transaction() as session:
        await province_rules.change(
            session, "辽宁省", by="周琳", now=clock.now(), check_in="weekly"
        )
    async with database.reading() as session:
        planned = await session.get_one(ProvinceRound, ("辽宁省", "check_in"))
        assert (planned.done_until, planned.next_at) == (clock.now(), clock.now())


@pytest.mark.parametrize(
    "change", [{"check_in": "hourly"}, {"handover_at": "25:00"}, {"quiet_drill_days": -1}]
)
async def test_a_rule_that_cannot_be_is_refused(database, clock, change):
    async with database.transaction() as session:
        with pytest.raises(BadRule):
            await province_rules.change(session, "辽宁省", by="周琳", now=clock.now(), **change)


@pytest.mark.parametrize(
    ("text", "read"),
    [("8:20", "08:20"), (" 08：05 ", "08:05"), ("23:59", "23:59"), ("off", ""), ("关闭", "")],
)
def test_a_time_is_read_as_people_write_it(text, read):
    assert read_time(text) == read


@pytest.mark.parametrize("text", ["", "820", "24:00", "8:60", "八点"])
def test_what_is_no_time_is_refused(text):
    with pytest.raises(BadRule):
        read_time(text)
