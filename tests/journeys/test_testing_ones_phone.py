"""`/test`: an officer pages their own phone and hears what arrived; the statistics hear nothing."""

from sqlalchemy import func, select

from notifications.models import Filing


async def test_a_test_says_when_it_arrived_when_it_was_pressed_and_how_the_group_stands(
    clock, phones, groups, app, database
):
    page = await phones["A岗"].says("/test")
    assert page.contains("【测试】 不是立案")
    await clock.advance(seconds=8)
    assert await phones["A岗"].presses("收到了", page) == "测试完成。"
    phones["A岗"].expects(
        "测试完成 送达：09:30:00 按下：送达后 8 秒 聊天账号：已关联 今日岗位：A岗 本院群：已关联，可以送达"
    )
    for other in ("B岗", "省级协调员"):
        phones[other].expects_nothing("测试")
    phones["A岗"].expects_nothing("测试", groups["辽72"])
    async with database.reading() as session:
        assert await session.scalar(select(func.count()).select_from(Filing)) == 0


async def test_a_group_that_is_gone_is_said_and_a_second_press_says_nothing_new(
    clock, phones, groups, app, database, liaoning
):
    async with database.transaction() as session:
        court = await session.merge(liaoning.jurisdiction)
        court.group_unreachable_at = clock.now()
    page = await phones["A岗"].says("/test")
    button = page.buttons[0][0]
    await phones["A岗"].presses("收到了", page)
    phones["A岗"].expects("测试完成 机器人不在群内")
    again = phones["A岗"].phone.presses_data(button.data, page)
    await clock.settle()
    assert again.answered.text == "该操作此前已处理。"


async def test_a_test_is_for_officers_in_their_own_chat(phones, groups, app):
    phones.give("陌生人", "路人", 208)
    said = await phones["陌生人"].says("/test")
    assert said.text.startswith("您的聊天账号未关联任何人员")
    said = await phones["A岗"].says("/test", groups["辽72"])
    assert "请私聊机器人" in said.text


async def test_an_old_test_is_over(clock, phones, liaoning, app):
    page = await phones["A岗"].says("/test")
    await clock.advance(hours=1)
    assert "已过期" in await phones["A岗"].presses("收到了", page)
