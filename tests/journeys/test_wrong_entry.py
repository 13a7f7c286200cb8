"""号码有误: reported from a card, checked by the court, carried to the province by silence; the reporter hears how it ended."""

import pytest

from directory import officers
from directory.models import Officer

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"])


async def test_a_wrong_number_is_mended_found_right_or_carried_to_the_province(
    liaoning, phones, app, clock, database, beijing
):
    clerk, leader, a = phones["协作法院A岗"], phones["带班领导"], phones["A岗"]
    boss = phones["省级协调员"]
    await clerk.says("/duty 辽72")
    card = clerk.phone.last()

    async def reports(entry, reason):
        clerk.phone.presses_data(f"wrong:{entry}", card)
        await clock.settle()
        await clerk.presses(reason)

    # Reported: the court's leader and A are asked, with the two buttons; a second report says so.
    await reports(f"o{liaoning.b.id}", "电话打不通")
    clerk.expects("已请大连海事法院核对“李敏”")
    for keeper in (leader, a):
        keeper.expects("【通讯录有误】李敏 电话打不通 反映人：宁波海事法院 陈洁 修改 无误")
    boss.expects_nothing("通讯录有误")
    await reports(f"o{liaoning.b.id}", "其他内容有误")
    clerk.expects("“李敏”此前已有人反映，正在核对")

    # 修改 under it leads to the card; saving it ends the correction wherever it is shown.
    await a.presses("修改", a.expects("【通讯录有误】李敏"))
    await a.presses("办公电话")
    await a.says("0411-222")
    await a.presses("保存")
    leader.expects("【通讯录有误】李敏 ✅ 已更正（大连海事法院 王建国）")
    assert leader.expects("【通讯录有误】李敏").labels == []
    clerk.expects("您反映的通讯录问题：李敏 ✅ 已更正（大连海事法院 王建国）")

    # 无误: only who keeps the entry may say so; who comes second hears that it is done.
    await reports("c辽72", "其他内容有误")
    asked = leader.expects("【通讯录有误】大连海事法院")
    later = a.expects("【通讯录有误】大连海事法院")
    forged = asked.buttons[0][1].data
    clerk.phone.presses_data(forged, card)
    await clock.settle()
    leader.expects("【通讯录有误】大连海事法院 无误")
    assert "经核对无误" in await leader.presses("无误", asked)
    clerk.expects("您反映的通讯录问题：大连海事法院 经核对无误（大连海事法院 赵强）")
    assert a.phone.presses_data(forged, later) is not None
    await clock.settle()

    # Silence: two working days after, the province is asked, and can let the person go.
    await beijing("09:40")
    await reports(f"o{liaoning.b.id}", "此人已调离")
    await beijing("16:59", day=21)
    boss.expects_nothing("通讯录有误")
    await beijing("17:01", day=21)
    boss.expects("【通讯录有误】李敏 此人已调离 修改 无误")
    await boss.presses("修改", boss.expects("【通讯录有误】李敏"))
    await boss.presses("离任")
    await boss.presses("保存")
    clerk.expects("您反映的通讯录问题：李敏 ✅ 已更正（辽宁省高级人民法院 周琳）")
    async with database.reading() as session:
        gone = await officers.find(session, "辽72:李敏", departed=True)
        assert gone.left_at is not None
    press = clerk.phone.presses_data(f"wrong:o{liaoning.b.id}", card)
    await clock.settle()
    assert press.answered.text.startswith("此人已离任")


async def test_silence_waits_for_a_coordinator_who_is_reached(
    liaoning, phones, app, clock, database, beijing
):
    async def reached(at):
        async with database.transaction() as session:
            boss = await session.get_one(Officer, liaoning.coordinator.id)
            boss.blocked_at = at

    clerk, boss = phones["协作法院A岗"], phones["省级协调员"]
    card = await clerk.says("/court 辽72")
    await clerk.presses("号码有误", card)
    await clerk.presses("其他内容有误")
    await reached(clock.now())
    await beijing("17:01", day=21)
    await reached(None)
    boss.expects_nothing("通讯录有误")
    await beijing("17:01", day=23)
    boss.expects("【通讯录有误】大连海事法院 其他内容有误 修改 无误")
