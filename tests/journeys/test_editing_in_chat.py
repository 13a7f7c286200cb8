"""The directory changed in the private chat: one's own card, a court and its people, and two who edit at once."""

import pytest

from bot.settings import Settings
from directory import changes, edits, officers
from directory.access import OPERATOR
from directory.edits import Editor

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"])


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"chat_phones": "role"})


async def _officer(database, text):
    async with database.reading() as session:
        return await officers.find(session, text, departed=True)


async def test_a_card_and_a_court_are_changed_by_those_who_may(
    liaoning, phones, app, database, clock
):
    me = phones["A岗"]
    # Own card: two taps, the value, one more tap.
    await me.says("/me")
    await me.presses("修改")
    me.expects("王建国 大连海事法院 A岗：担任 办公电话：0411-8000101 请点选")
    await me.presses("办公电话")
    await me.says("0411-12345")
    me.expects("办公电话：0411-8000101 → 0411-12345 是否保存")
    await me.presses("保存")
    me.expects("✅ 已保存 0411-8000101 → 0411-12345")
    # A number that is none is explained and asked for again; a right one is shown masked only.
    await me.presses("手机")
    await me.says("12345")
    me.expects("不是手机号 11 位数字 请重新发送")
    await me.says("139 0000 1111")
    me.expects("手机号：— → 139****1111")
    await me.presses("保存")
    assert (await _officer(database, "辽72:王建国")).mobile == "13900001111"
    shown = [message.text for message in me.phone.messages() if message.from_bot]
    assert not [text for text in shown if "13900001111" in text]
    await me.presses("完成")

    # Somebody else saves while this one types: both values, and the choice.
    await me.says("/edit 辽72")
    await me.presses("法院电话")
    await me.says("0411-1")
    await phones["带班领导"].says("/edit 辽72")
    await phones["带班领导"].presses("法院电话")
    await phones["带班领导"].says("0411-2")
    await phones["带班领导"].presses("保存")
    await me.presses("保存")
    me.expects(
        "刚刚被他人更改 辽72:赵强 09:30 法院电话：— → 0411-2 您要改为 法院电话：0411-2 → 0411-1"
    )
    await me.presses("保留")
    me.expects("法院电话：0411-2 请点选")
    await me.presses("办公时间")
    await me.says("全天")
    me.expects("办公时间有误 请重新发送")
    await me.says("09:00-17:00")
    await me.presses("保存")
    # What was seen is what the answer goes over: now it is this one's own.
    await me.presses("法院电话")
    await me.says("0411-3")
    async with database.transaction() as session:
        court = liaoning.jurisdiction
        court = await session.get_one(type(court), court.code)
        await edits.change_court(
            session, court, {"phone": "0411-4"}, by=Editor("cli", OPERATOR), now=clock.now()
        )
    await me.presses("保存")
    await me.presses("仍要改")
    me.expects("✅ 已保存 0411-4 → 0411-3")
    async with database.reading() as session:
        found = await changes.of_court(session, "辽72", people=False)
        assert next(row.who for row in found) == "辽72:王建国"

    # Whoever may not is told so: a stranger's card, another court, a forged button.
    await phones["协作法院A岗"].says("/edit 辽72")
    phones["协作法院A岗"].expects("您不能更改此条目")
    await phones["协作法院A岗"].says("/edit 王建国")
    phones["协作法院A岗"].expects("在您可以更改的范围内没有“王建国”")


async def test_people_join_change_posts_move_depart_and_come_back(
    liaoning, phones, app, database, builders
):
    await builders.court("辽02")
    leader, coordinator = phones["带班领导"], phones["省级协调员"]
    await leader.says("/edit 辽72")
    await leader.presses("新增人员")
    await leader.says("孙 洋")
    await leader.presses("B岗")
    leader.expects("新增：孙洋（B岗） 是否保存")
    await leader.presses("保存")
    leader.expects("✅ 已保存 姓名：孙洋 B岗：自 8月19日（周一）起")
    # Posts by a tap; a leader never gives the coordinator's.
    await leader.presses("岗位")
    assert "省级协调员" not in leader.phone.last().labels
    await leader.presses("A岗")
    await leader.presses("保存")
    await leader.presses("岗位")
    await leader.presses("✅ B岗")
    leader.expects("B岗：自 8月19日（周一）起 → 不担任")
    await leader.presses("保存")
    assert {post.post for post in (await _officer(database, "辽72:孙洋")).posts} == {"A"}

    # The coordinator moves somebody within the province; nobody else may.
    assert "调动" not in leader.phone.last().labels
    await coordinator.says("/edit 辽72:王建国")
    await coordinator.presses("调动")
    await coordinator.says("浙72")
    coordinator.expects("您只能把人员调到本省的其他法院")
    await coordinator.says("辽02")
    await coordinator.presses("A岗")
    coordinator.expects("调动：王建国 大连海事法院 → 辽宁省大连市中级人民法院（辽02）（A岗）")
    await coordinator.presses("保存")
    moved = await _officer(database, str(liaoning.a.id))
    assert (moved.court_code, moved.telegram_id) == ("辽02", phones["A岗"].id)

    # A departure cuts the account off; the way back is one tap and an invitation.
    await leader.says("/edit 李敏")
    await leader.presses("离任")
    leader.expects("离任：李敏 解除聊天账号 是否保存")
    await leader.presses("保存")
    leader.expects("已办理离任 B岗：至 8月19日（周一）")
    await phones["B岗"].says("/me")
    phones["B岗"].expects("您的聊天账号未关联任何人员")
    await leader.says("/edit 李敏")
    leader.expects("李敏 已离任")
    await leader.presses("复职")
    await leader.presses("B岗")
    await leader.presses("保存")
    back = await _officer(database, "辽72:李敏")
    assert (back.left_at, back.telegram_id, back.id) == (None, None, liaoning.b.id)

    # /cancel gives up what was not saved.
    await leader.says("/edit 辽72")
    await leader.presses("人员")
    await leader.presses("孙洋　A岗")
    await leader.presses("职务")
    await leader.says("/cancel")
    leader.expects("已取消，通讯录不变")
    await leader.says("审判员")
    leader.expects("未能识别您的消息")

    # In English too: names of fields, what is wrong, and what was done.
    await leader.says("/language en")
    await leader.says("/edit")
    leader.expects("duty leader: held Desk phone: — Tap what you want to change")
    await leader.presses("Mobile")
    await leader.says("12")
    leader.expects("Not a mobile number Send it again")
    await leader.says("13900002222")
    await leader.presses("Save")
    leader.expects("✅ Saved Mobile: — → 139****2222")
