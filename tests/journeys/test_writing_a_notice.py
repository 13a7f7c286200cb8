"""What the coordinator is asked and refused while writing a notice, and who may not write one."""

import pytest

# What the tables do with it is `test_notices`' business, on both engines.
pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"])


@pytest.fixture
def coordinator(app, phones, groups, liaoning):
    return phones["省级协调员"]


async def test_numbers_are_refused_files_go_along_and_a_second_press_sends_nothing_twice(
    coordinator, phones, clock, builders, database
):
    await builders.court("辽0211", city="大连市", phone="138 0000 0000")
    refused = await coordinator.says("/notice 咨询张法官 １３８1234 5678\n证号 11010519491231002X")
    assert "第 1 行　手机号 138****5678" in refused.text
    assert "第 2 行　身份证号 110*************2X" in refused.text
    await coordinator.says("咨询 13800000000")  # the desk phone of a court
    asked = coordinator.expects("发给谁")
    await coordinator.says("辽72、无此法院")
    assert "无此法院" in coordinator.expects("发给谁").text
    assert coordinator.expects("发给谁").id != asked.id
    await coordinator.says("大连海事法院")
    await coordinator.presses("按岗位", coordinator.expects("预览 人数：3 人"))
    await clock.advance(seconds=3)
    await coordinator.presses("B岗")
    await clock.advance(seconds=3)
    await coordinator.presses("返回预览")
    await clock.advance(seconds=3)
    assert "大连海事法院（辽72），B岗" in coordinator.expects("预览 人数：1 人").text
    coordinator.phone.sends_photo(b"jpg")
    await clock.advance(seconds=3)
    await coordinator.sends_document("张三13812345678.pdf", b"pdf")
    await clock.advance(seconds=3)
    refused = coordinator.expects("文件名中有个人号码 138****5678，此文件未添加")
    assert "附件：图片\n" in refused.text + "\n"
    await coordinator.sends_document("值班表.pdf", b"pdf")
    preview = coordinator.expects("预览 附件：图片、值班表.pdf")
    await coordinator.presses("发送", preview)
    assert "已失效" in await coordinator.presses("发送", preview)
    await clock.advance(seconds=10)

    assert phones["B岗"].count("【通知】") == 1
    shown = [m for m in phones["B岗"].phone.messages() if not m.deleted]
    assert [m.document or m.text[:4] for m in shown[-3:]] == ["photo", "值班表.pdf", "【通知】"]
    assert [m.silent for m in shown[-3:]] == [True, True, False]
    phones["A岗"].expects_nothing("【通知】")

    await coordinator.presses("撤回通知")
    await clock.advance(seconds=3)
    await coordinator.presses("确认撤回通知")
    await clock.advance(seconds=10)
    left = [m for m in phones["B岗"].phone.messages() if not m.deleted]
    assert len(left) == len(shown) - 2


async def test_a_planned_notice_leaves_at_its_time_and_only_coordinators_write_and_confirm_their_own(
    coordinator, phones, clock, groups
):
    assert "只有省级协调员可以发通知" in (await phones["A岗"].says("/notice 大家好")).text
    assert "请在私聊中" in (await coordinator.says("/notice 大家好", groups["辽72"])).text
    stranger = phones.give("路人", "路人", 999)
    assert "关联" in (await stranger.says("/notice")).text

    await coordinator.says("/notice 写错了")
    await coordinator.says("/training 也写错了")
    said = (await coordinator.says("/cancel")).text
    assert said.splitlines() == ["已取消，没有安排培训。", "已取消，没有发出通知。"]
    assert "没有正在进行" in (await coordinator.says("/cancel")).text
    await coordinator.says("/notice notice")
    await coordinator.presses("全省", coordinator.expects("发给谁"))
    assert coordinator.expects("预览").text.startswith("【通知】\nnotice\n\n")
    await coordinator.says("/notice 明早开会")
    await coordinator.presses("全省", coordinator.expects("发给谁"))
    await coordinator.presses("定时", coordinator.expects("预览"))
    await coordinator.says("11:00")
    await coordinator.presses("期限", coordinator.expects("预览 发出：11:00"))
    await coordinator.says("10:00")
    assert "早于发出时间" in await coordinator.presses("发送", coordinator.expects("预览"))
    await coordinator.presses("期限")
    await clock.advance(seconds=3)
    await coordinator.presses("不设期限")
    await clock.advance(seconds=3)
    assert await coordinator.presses("发送", coordinator.expects("预览 不设期限")) == "已定时。"
    await clock.advance(minutes=80)
    phones["A岗"].expects_nothing("明早开会")
    await clock.advance(minutes=11)
    notice = phones["A岗"].expects("【通知】 明早开会")
    [[button]] = notice.buttons
    for other in (phones["B岗"], stranger):
        heard = other.phone.presses_data(button.data, other.phone.last() or notice)
        await clock.settle()
        assert heard.answered.text == "此按钮已失效，请看最新的消息。"
    assert await phones["A岗"].presses("已阅", notice) == "已确认。"
    await phones["A岗"].says("/notice")
    assert "1　11:00　“明早开会”　已阅" in phones["A岗"].expects("我的通知").text
    unconfirmed = await phones["B岗"].says("/notice")
    assert "1　11:00　“明早开会”　未确认\n未确认的，请点编号看正文" in unconfirmed.text


async def test_of_two_who_correct_at_once_the_second_sees_the_others_text(
    coordinator, phones, clock, builders
):
    other = phones.give_officer(
        "另一协调员", await builders.officer("辽", "冯涛", "coordinator", 120)
    )
    await coordinator.says("/notice 原文")
    await coordinator.presses("全省", coordinator.expects("发给谁"))
    await coordinator.presses("发送", coordinator.expects("预览"))
    await clock.advance(seconds=10)
    for one, text in ((coordinator, "甲的更正"), (other, "乙的更正")):
        await one.says("/notice")
        await one.presses("通知 1", one.expects("写通知请发送"))
        await clock.advance(seconds=3)
        await one.presses("更正")
        await clock.advance(seconds=3)
        await one.says(text)
        await clock.advance(seconds=3)
    mine = coordinator.expects("将更正为 甲的更正")
    assert await coordinator.presses("确认更正", mine) == "正在更正。"
    assert "已失效" in await coordinator.presses("确认更正", mine)
    assert "刚被他人更正过" in await other.presses("确认更正", other.expects("将更正为 乙的更正"))
    await clock.advance(seconds=10)
    assert "甲的更正" in phones["A岗"].expects("【通知】 已更正").text
    other.expects("通知 1 甲的更正 收件")
