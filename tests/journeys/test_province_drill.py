"""The coordinator drills the province: one court answers, one fails, and everybody sees which and why."""

from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from notifications.models import Drill, Filing
from tests.journeys.screens import arrivals


@pytest.fixture
async def coordinator(app, phones, groups, liaoning, builders):
    """A province of three courts; of the third nobody was ever linked."""
    court = await builders.court("辽0211", city="大连市")
    await builders.officer(court, "孙悦", "A")
    return phones["省级协调员"]


async def ordered(coordinator, whom="全省", when="现在", spread="同时发出"):
    asked = await coordinator.says("/drill")
    await coordinator.presses(whom, asked)
    asked = coordinator.expects("何时开始")
    if when == "现在":
        await coordinator.presses("现在", asked)
    else:
        await coordinator.says(when)
    if spread is not None:
        await coordinator.presses(spread, coordinator.expects("一次全部发出"))
    preview = coordinator.expects("请核对演练")
    await coordinator.presses("发起", preview)
    return preview


async def stored(database, model):
    async with database.reading() as session:
        return list(await session.scalars(select(model).order_by(model.id)))


async def test_a_province_drill_with_a_court_that_fails(
    coordinator, clock, phones, groups, database
):
    preview = await ordered(coordinator)
    assert "3 个法院" in preview.text
    page = phones["A岗"].expects("【演练】待签收 YL-20190819-1-辽72")
    phones["A岗"].expects("【演练】待签收 YL-20190819-1-辽72", groups["辽72"])
    await clock.advance(seconds=130)
    await phones["A岗"].presses("签收", page)
    await clock.advance(minutes=58)
    text = coordinator.expects("【演练】结果 辽宁省 应答")
    assert "应答 1/3 个法院，按时 1" in text.text
    assert "平均应答 2 分 10 秒" in text.text
    assert "✅ 大连海事法院　2 分 10 秒　王建国（A岗）" in text.text
    assert "❌ 辽宁省大连市甘井子区人民法院：已呼叫，无人应答　孙悦（A岗）未关联聊天账号" in (
        text.text
    )
    document = coordinator.expects("YL-20190819-1.xlsx")
    sheet = CalamineWorkbook.from_filelike(BytesIO(document.file)).get_sheet_by_index(0)
    row = next(row for row in sheet.to_python() if row[1] == "辽72")
    assert row[6:8] == ["已应答", "王建国"]
    assert row[10] == 130


async def test_at_the_end_nothing_of_a_drill_keeps_climbing(coordinator, clock, phones, database):
    await ordered(coordinator)
    await clock.advance(minutes=61)
    phones["A岗"].expects("【演练】已撤回 YL-20190819-1-辽72")
    before = [len(phones[name].phone.messages()) for name in phones]
    await clock.advance(hours=5)
    assert [len(phones[name].phone.messages()) for name in phones] == before
    assert {filing.state for filing in await stored(database, Filing)} == {"withdrawn"}


async def test_a_drill_is_planned_for_tomorrow_and_spread(coordinator, clock, phones, beijing):
    preview = await ordered(coordinator, when="明天 9:30", spread="分散在 30 分钟内")
    assert "8月20日 09:30" in preview.text
    phones["A岗"].expects_nothing("演练")
    await beijing("09:25", day=20)
    phones["A岗"].expects_nothing("演练")
    await beijing("10:00", day=20)
    assert arrivals(phones["A岗"], "YL-20190820-1-辽72")[0] == "09:50"


async def test_a_drill_is_cancelled_by_whoever_ordered_it(coordinator, clock, phones, database):
    preview = await ordered(coordinator, spread="分散在 30 分钟内")
    shown = coordinator.expects("演练已发起")
    assert shown.id == preview.id
    assert "演练已取消" in await coordinator.presses("取消演练 1", shown)
    coordinator.expects("演练 1 已取消")
    await clock.advance(minutes=40)
    phones["A岗"].expects_nothing("演练")
    [drill] = await stored(database, Drill)
    assert drill.cancelled_at is not None
    coordinator.expects("【演练】已取消 辽宁省")


async def test_who_asks_again_sees_what_is_under_way_and_may_cancel_it_there(coordinator, clock):
    await ordered(coordinator, when="明天 9:30")
    listed = await coordinator.says("/drill")
    assert "进行中或已安排：演练 1　辽宁省　8月20日 09:30 开始" in listed.text
    assert "演练已取消" in await coordinator.presses("取消演练 1", listed)
    again = await coordinator.says("/drill")
    assert "进行中" not in again.text


async def test_a_leader_drills_the_own_court_and_no_other(coordinator, phones, groups):
    leader = phones["带班领导"]
    asked = await leader.says("/drill 辽0211")
    assert "您只能演练本院" in asked.text
    await leader.presses("大连海事法院", asked)
    await leader.presses("现在", leader.expects("何时开始"))
    await leader.presses("发起", leader.expects("请核对演练"))
    await phones["A岗"].presses("签收", phones["A岗"].expects("【演练】待签收"))
    # The only court answered: the result comes at once, to the leader and to the coordinator.
    leader.expects("【演练】结果 大连海事法院 应答 1/1")
    coordinator.expects("【演练】结果 大连海事法院 应答 1/1")


async def test_who_holds_no_such_post_orders_nothing(coordinator, phones, database):
    said = await phones["A岗"].says("/drill")
    assert "只有省级协调员和带班领导可以发起演练" in said.text
    phones.give("路人", "路人")
    said = await phones["路人"].says("/drill")
    assert "邀请链接" in said.text
    assert await stored(database, Drill) == []


async def test_a_time_that_is_over_or_no_time_is_asked_for_again(coordinator):
    await coordinator.presses("全省", await coordinator.says("/drill"))
    for words, fault in (
        ("昨天", "未能识别时间"),
        ("8:00", "08:00 已过"),
        ("2019-12-23 9:00", "最多提前 60 天"),
    ):
        assert fault in (await coordinator.says(words)).text
    said = await coordinator.says("/cancel")
    assert "没有发起演练" in said.text


async def test_drills_are_kept_apart_from_real_filings(coordinator, phones, api):
    await ordered(coordinator)
    client = await api("reader")
    async with client.get("/api/v1/filings?drill=false") as answer:
        assert (await answer.json())["items"] == []
    async with client.get("/api/v1/filings?drill=true") as answer:
        assert len((await answer.json())["items"]) == 3


async def test_a_coordinator_who_reads_english_gets_everything_in_english(
    coordinator, clock, phones
):
    await coordinator.says("/language en")
    asked = await coordinator.says("/drill")
    await coordinator.presses("Whole province", asked)
    await coordinator.presses("Now", coordinator.expects("When should it begin"))
    await coordinator.presses("All at once", coordinator.expects("All at once, or spread?"))
    await coordinator.presses("Start", coordinator.expects("Please check the drill"))
    await clock.advance(minutes=61)
    text = coordinator.expects("[DRILL] Result Answered")
    assert "Answered: 0/3 courts, 0 in time" in text.text


async def test_a_city_is_called_by_its_name_also_by_the_nations_coordinator(
    coordinator, phones, builders
):
    court = await builders.court("最高法", "最高人民法院", level="supreme", province="全国")
    highest = phones.give_officer(
        "全国协调员", await builders.officer(court, "孙敏", "coordinator", 900)
    )
    await highest.says("/drill")
    await highest.says("大连")
    await highest.presses("现在", highest.expects("何时开始"))
    assert "范围：大连市（1 个法院）" in highest.expects("请核对演练").text
    await phones["带班领导"].says("/drill")
    await phones["带班领导"].says("大连市")
    phones["带班领导"].expects_nothing("大连市（")
