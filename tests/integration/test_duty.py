"""Duty out of the database: local days, provinces, two queries for a whole nation."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import event

from directory.database import Database
from directory.duty import local_day, on_duty, people
from directory.models import OfficerPost
from tests.builders import Builders
from tests.clock import FrozenClock

BEIJING = "Asia/Shanghai"


async def test_a_courts_own_posts_and_its_provinces_coordinator_are_on_duty(
    database: Database, builders: Builders, clock: FrozenClock
) -> None:
    cast = await builders.liaoning()
    async with database.reading() as session:
        duties = await on_duty(
            session, [cast.jurisdiction], now=clock.now(), default_timezone=BEIJING
        )
    duty = duties["辽72"]
    assert [o.name for o in duty.of("A")] == ["王建国"]
    assert [o.name for o in duty.of("B")] == ["李敏"]
    assert [o.name for o in duty.of("leader")] == ["赵强"]
    assert [o.name for o in duty.of("coordinator")] == ["周琳"]
    assert duty.of("A")[0].desk_phone == "0411-8000101"
    assert duty.of("A")[0].telegram_id == 101


async def test_a_coordinator_of_another_province_or_of_a_lower_court_is_not_asked(
    database: Database, builders: Builders, clock: FrozenClock
) -> None:
    cast = await builders.liaoning()
    await builders.officer("浙", "外省", "coordinator", 201)
    await builders.officer("辽72", "自封", "coordinator", 202)
    async with database.reading() as session:
        duties = await on_duty(
            session, [cast.jurisdiction], now=clock.now(), default_timezone=BEIJING
        )
    assert [o.name for o in duties["辽72"].of("coordinator")] == ["周琳"]


async def test_many_courts_take_one_query_and_one_for_their_plans(
    database: Database, builders: Builders, clock: FrozenClock
) -> None:
    cast = await builders.liaoning()
    async with database.transaction() as session:
        courts = [
            await builders.court(f"辽{number:04}", session=session) for number in range(1100, 1140)
        ]
        for court in courts:
            await builders.officer(court, "某甲", "A", session=session)
    statements: list[str] = []
    event.listen(
        database.engine.sync_engine,
        "before_cursor_execute",
        lambda _c, _cur, statement, *_rest: statements.append(statement),
    )
    async with database.reading() as session:
        duties = await on_duty(
            session,
            [*courts, cast.jurisdiction, cast.collaborating],
            now=clock.now(),
            default_timezone=BEIJING,
        )
    assert len([s for s in statements if s.startswith("SELECT")]) == 2
    assert len(duties) == 42
    assert all([o.name for o in duties[court.code].of("A")] == ["某甲"] for court in courts)
    assert [o.name for o in duties["浙72"].of("coordinator")] == []


async def test_a_term_is_counted_in_the_courts_local_days(
    database: Database, builders: Builders
) -> None:
    court = await builders.court("辽72")
    western = await builders.court("新01", timezone="Asia/Urumqi")
    for code in (court, western):
        officer = await builders.officer(code, "王建国", None)
        async with database.transaction() as session:
            session.add(OfficerPost(officer_id=officer.id, post="A", valid_from=date(2019, 8, 20)))
    # 00:30 on the 20th in Beijing is 22:30 on the 19th in Urumqi.
    now = datetime(2019, 8, 19, 16, 30, tzinfo=UTC)
    async with database.reading() as session:
        duties = await on_duty(
            session, [court, western], now=now, default_timezone=BEIJING, ahead=timedelta(days=9)
        )
    assert [o.name for o in duties["辽72"].of("A")] == ["王建国"]
    assert duties["新01"].of("A") == ()
    assert duties["新01"].changes_on == date(2019, 8, 20)
    assert local_day(court, now, BEIJING) == date(2019, 8, 20)
    assert local_day(western, now, BEIJING) == date(2019, 8, 19)


@pytest.mark.parametrize(
    ("columns", "telegram_id", "unreachable"),
    [
        ({}, None, "unlinked"),
        ({"blocked_at": datetime(2019, 8, 1, tzinfo=UTC)}, 7, "blocked"),
        ({"left_at": datetime(2019, 8, 1, tzinfo=UTC)}, 7, "left"),
    ],
)
async def test_somebody_out_of_reach_is_on_duty_with_the_reason(
    database: Database,
    builders: Builders,
    clock: FrozenClock,
    columns: dict[str, object],
    telegram_id: int | None,
    unreachable: str,
) -> None:
    court = await builders.court("辽72")
    officer = await builders.officer(court, "王建国", "A", telegram_id, **columns)
    async with database.reading() as session:
        duties = await on_duty(session, [court], now=clock.now(), default_timezone=BEIJING)
        found = await people(session, [officer.id], now=clock.now())
    assert [o.unreachable for o in duties["辽72"].of("A")] == [unreachable]
    assert found[officer.id].unreachable == unreachable


async def test_no_court_asks_nothing(database: Database, clock: FrozenClock) -> None:
    async with database.reading() as session:
        assert await on_duty(session, [], now=clock.now(), default_timezone=BEIJING) == {}


async def test_a_person_without_a_term_today_can_still_be_told(
    database: Database, builders: Builders, clock: FrozenClock
) -> None:
    await builders.court("辽72")
    without = await builders.officer("辽72", "王建国", None, 1)
    both = await builders.officer("辽72", "李敏", "leader", 2)
    async with database.transaction() as session:
        session.add(OfficerPost(officer_id=both.id, post="A", valid_to=date(2019, 1, 1)))
    async with database.reading() as session:
        found = await people(session, [without.id, both.id, 999], now=clock.now())
    assert set(found) == {without.id, both.id}
    assert found[without.id].telegram_id == 1
    assert found[both.id].post == "A"
