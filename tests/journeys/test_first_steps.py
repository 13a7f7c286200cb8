"""A new officer's first steps: three short messages, a drill for this person alone, done; or skipped."""

import pytest
from sqlalchemy import select

from directory import officers
from notifications.models import Filing, OutgoingMessage
from notifications.training_models import Onboarding

FIRST = "用三分钟熟悉一下"


@pytest.fixture
async def newcomer(app, database, clock, builders, phones, groups, liaoning):
    """Somebody new at Dalian's post B, with a code to link the phone by."""
    async with database.transaction() as session:
        officer = await builders.officer(liaoning.jurisdiction, "孙丽", "B", session=session)
        code = await officers.invite(session, officer, now=clock.now())
    phone = phones.give("新B岗", "孙丽", started=False)
    await phone.says(f"/start {code}")
    return phone


async def steps_of(database):
    async with database.reading() as session:
        return (await session.scalars(select(Onboarding))).one()


async def test_three_messages_and_a_drill_of_ones_own_take_three_minutes(
    phones, groups, newcomer, clock, database
):
    newcomer.expects(f"✅ 已关联：孙丽 {FIRST}")
    await newcomer.presses("开始")
    assert "【跨域立案】待签收" in newcomer.expects("1/3 呼叫是什么样 大连海事法院").text
    await newcomer.presses("下一条（2/3）")
    newcomer.expects("2/3 转B岗 撤销")
    await newcomer.presses("下一条（3/3）")
    assert "5 分钟：A岗\n10 分钟：B岗、法院群\n15 分钟：带班领导" in newcomer.expects("3/3").text
    await clock.advance(seconds=60)
    await newcomer.presses("开始演练")
    card = newcomer.expects("【演练】 编号 YL-20190819-")
    assert [button.text for row in card.buttons for button in row] == ["签收", "查看"]
    reference = card.text.split("编号：")[1].split("\n")[0]
    assert reference not in (await phones["A岗"].says("/pending")).text
    assert "只由本人操作" in (await phones["A岗"].says(f"/ack {reference}")).text
    await clock.advance(seconds=20)
    assert "已签收" in await newcomer.presses("签收", card)
    newcomer.expects("✅ 上手完成，签收用时 20 秒")
    for other in ("A岗", "B岗", "带班领导", "省级协调员", "协作法院A岗"):
        phones[other].expects_nothing("【演练】")
    phones["A岗"].expects_nothing("【演练】", groups["辽72"])
    await newcomer.presses("登记立案", newcomer.expects("【演练】 已签收"))
    newcomer.expects("【演练】 登记立案")
    await clock.advance(hours=2)
    assert newcomer.count("【演练】") == 1
    async with database.reading() as session:
        told = await session.scalars(select(OutgoingMessage).join(Filing))
        assert {row.chat_id for row in told} == {newcomer.id}
    steps = await steps_of(database)
    assert (steps.stage, (steps.finished_at - steps.started_at).total_seconds()) == ("finished", 80)


@pytest.mark.parametrize("engine_name", ["sqlite"])
async def test_a_drill_that_nobody_answers_ends_by_itself_and_can_be_done_again_or_skipped(
    phones, groups, newcomer, clock, database
):
    await newcomer.presses("开始")
    for label in ("下一条（2/3）", "下一条（3/3）", "开始演练"):
        await newcomer.presses(label)
    await clock.advance(minutes=31)
    newcomer.expects("【演练】 已撤回 系统 10:00")
    newcomer.expects("演练已结束，您没有签收")
    phones["A岗"].expects_nothing("【演练】", groups["辽72"])
    await newcomer.presses("再来一次")
    await newcomer.presses("签收", newcomer.expects("【演练】 待签收"))
    newcomer.expects("✅ 上手完成")
    async with database.reading() as session:
        states = await session.scalars(select(Filing.state).order_by(Filing.id))
        assert list(states) == ["withdrawn", "acknowledged"]


@pytest.mark.parametrize("engine_name", ["sqlite"])
async def test_whoever_coordinates_orders_nobody_to_answer_a_drill_of_their_own(
    phones, groups, liaoning, app
):
    boss = phones["省级协调员"]
    await boss.says("/training")
    for label in ("上手练习", "开始", "下一条（2/3）", "下一条（3/3）", "开始演练"):
        await boss.presses(label)
    card = boss.expects("【演练】 编号")
    assert card.labels == ["签收", "查看"]
    reference = card.text.split("编号：")[1].split("\n")[0]
    assert "只由本人操作" in (await boss.says(f"/supervise {reference}")).text
