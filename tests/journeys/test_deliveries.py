"""Whether a page arrived is seen by others: who got it when, who did not, who was never linked."""

from datetime import timedelta

from bot.texts import load_texts
from notifications import deliveries


async def seen(database, clock, courts=None, province=None, limit=50):
    async with database.reading() as session:
        return await deliveries.deliveries(
            session,
            courts=courts,
            province=province,
            since=clock.now() - timedelta(hours=1),
            until=clock.now() + timedelta(seconds=1),
            limit=limit,
        )


def lines(found):
    _ = load_texts().for_locale("zh-CN")
    return [
        f"{one.officer or one.court_name} {one.post} {deliveries.outcome_words(one, _)}"
        for one in found
    ]


async def test_failures_come_first_and_each_page_says_whether_it_arrived(
    telegram, phones, file_a_filing, database, clock
):
    telegram.world.blocked.add(phones["A岗"].id)
    filing = await file_a_filing()
    found = await seen(database, clock)
    assert {one.reference for one in found} == {filing.reference}
    said = lines(found)
    assert said[0] == "王建国 A 未送达：聊天账号无法送达"
    assert sorted(said[1:]) == ["大连海事法院 None 已送达", "李敏 B 已送达"]
    assert {one.outcome for one in found[1:]} == {"delivered"}
    assert found[0].at == clock.now()


async def test_pages_are_shown_by_whose_court_they_went_to(
    file_a_filing, database, clock, builders
):
    await file_a_filing()
    assert len(await seen(database, clock, courts=frozenset({"辽72"}))) == 2
    assert len(await seen(database, clock, province="辽宁省")) == 2
    assert await seen(database, clock, courts=frozenset({"浙72"})) == []
    assert await seen(database, clock, province="浙江省") == []
    assert len(await seen(database, clock, limit=1)) == 1
    await clock.advance(minutes=61)
    late = await seen(database, clock)
    assert {one.post for one in late} >= {"A", "B", "leader", "coordinator"}
    assert clock.now() - min(one.asked_at for one in late) < timedelta(hours=1)


async def test_who_was_never_linked_is_named_with_the_court_and_who_left_is_not(
    app, database, clock, liaoning, builders
):
    new = await builders.officer("辽72", "孙丽", "B")
    await builders.officer("浙72", "钱进", "leader")
    await builders.officer("辽72", "已走", "B", left_at=clock.now())
    await builders.officer("辽72", "技工", "technician")
    await builders.officer("辽72", "拉黑", "B", 777, blocked_at=clock.now())
    today = clock.now().date()
    async with database.reading() as session:
        every = await deliveries.unreached(
            session, courts=None, province="辽宁省", today=today, limit=50
        )
        mine = await deliveries.unreached(
            session, courts=frozenset({"浙72"}), province=None, today=today, limit=50
        )
        named = await deliveries.unreached(
            session, courts=None, province="辽宁省", today=today, limit=1, officer="拉"
        )
    assert [(one.name, one.reason) for one in every] == [("孙丽", "unlinked"), ("拉黑", "blocked")]
    assert (every[0].officer_id, every[0].posts, every[0].invited_at) == (new.id, ("B",), None)
    assert [(one.name, one.court_name) for one in mine] == [("钱进", "宁波海事法院")]
    assert [one.name for one in named] == ["拉黑"]


async def test_a_card_that_somebody_asked_to_see_takes_no_pages_place(
    file_a_filing, phones, database, clock
):
    await file_a_filing()
    await clock.advance(seconds=5)
    await phones["A岗"].says("/pending")
    await phones["A岗"].presses("查看 1")
    assert {one.post for one in await seen(database, clock, limit=2)} == {"A", None}
