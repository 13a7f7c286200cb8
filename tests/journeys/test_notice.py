"""The coordinator writes to the province: everybody gets it once, confirms, and is chased if they do not."""

from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook

from bot.chat import notice_signing
from directory import officers
from directory.models import Officer


@pytest.fixture
def coordinator(app, phones, groups, liaoning):
    return phones["省级协调员"]


async def test_a_notice_is_previewed_sent_confirmed_corrected_and_recalled(
    coordinator, phones, clock, builders
):
    unlinked = await builders.officer("辽72", "吴凡", "technician")
    coordinator.phone.says("/notice <b>系统维护</b>\n今日 15:00", html=True)
    await clock.settle()
    await coordinator.presses("全省", coordinator.expects("发给谁"))
    preview = coordinator.expects("预览 人数")
    assert "人数：5 人，2 个法院" in preview.text
    assert "无法送达：1 人（未关联聊天账号 1 人）" in preview.text
    assert "已开始发送" in await coordinator.presses("发送", preview)
    await clock.advance(seconds=10)
    notice = phones["A岗"].expects("【通知】 系统维护 今日 15:00")
    assert {"type": "bold", "offset": 5, "length": 4} in notice.entities
    assert phones["A岗"].count("【通知】") == phones["B岗"].count("【通知】") == 1
    phones["协作法院A岗"].expects_nothing("【通知】")

    # Found again by its number and confirmed there, it is confirmed where it was sent.
    await phones["A岗"].says("/notice")
    await phones["A岗"].presses("通知 1", phones["A岗"].expects("我的通知 未确认"))
    await clock.advance(seconds=3)
    assert await phones["A岗"].presses("已阅") == "已确认。"
    await clock.advance(seconds=3)
    assert phones["A岗"].expects("✓ 已阅").labels == ["通知列表"]
    assert await phones["A岗"].presses("已阅", notice) == "此前已确认。"
    assert "没有编号为 2 的通知" in (await phones["A岗"].says("/notice 2")).text
    await coordinator.says("/notice")
    await coordinator.presses("通知 1", coordinator.expects("写通知请发送"))
    assert "已阅 1/5 人" in coordinator.expects("通知 1 收件").text
    await clock.advance(seconds=5)

    await coordinator.presses("更正")
    await coordinator.says("今日 16:00 系统维护")
    await clock.advance(seconds=5)
    await coordinator.presses("确认更正")
    await clock.advance(seconds=20)
    for name in ("A岗", "B岗", "带班领导"):
        assert "今日 16:00 系统维护" in phones[name].expects("【通知】 已更正").text

    await coordinator.presses("撤回通知")
    await clock.advance(seconds=5)
    await coordinator.presses("确认撤回通知")
    await clock.advance(seconds=20)
    for name in ("A岗", "B岗", "带班领导"):
        gone = phones[name].expects("【通知】已撤回")
        assert gone.labels == []
        assert "系统维护" not in gone.text
    assert unlinked.telegram_id is None


async def test_at_the_limit_those_missing_are_reminded_once_and_the_leader_signs_for_a_colleague(
    coordinator, phones, clock, monkeypatch
):
    await coordinator.says("/notice 请阅值班规范。")
    await coordinator.presses("全省", coordinator.expects("发给谁"))
    await coordinator.presses("期限", coordinator.expects("预览"))
    await coordinator.says("10:30")
    await coordinator.presses("发送", coordinator.expects("预览 确认期限：10:30"))
    await clock.advance(seconds=10)
    await phones["A岗"].presses("已阅")
    await clock.advance(hours=1, minutes=1)
    phones["A岗"].expects_nothing("您尚未确认")
    reminder = phones["B岗"].expects("您尚未确认通知“请阅值班规范。” 确认期限 10:30 已过")
    assert reminder.reply_to == phones["B岗"].expects("【通知】").id
    chase = coordinator.expects("回执 已阅 1/4 人")
    assert "大连海事法院：李敏（B岗）、赵强（带班领导）" in chase.text
    sheet = CalamineWorkbook.from_filelike(BytesIO(coordinator.expects(".xlsx").file))
    by_court = sheet.get_sheet_by_index(0).to_python()
    assert [
        *by_court[5][1:3], *by_court[5][5:8], by_court[5][9]
    ] == ["辽72", "大连海事法院", 3, 3, 1, 2]  # fmt: skip

    # However many they are, each can be signed for: a page at a time.
    monkeypatch.setattr(notice_signing, "MOST_PEOPLE", 1)
    await phones["带班领导"].says("/notice")
    await phones["带班领导"].presses("代签 1")
    await clock.advance(seconds=3)
    await phones["带班领导"].presses("下一页 ›")
    await clock.advance(seconds=3)
    assert phones["带班领导"].expects("未确认 2 人").labels == ["代签 赵强", "‹ 上一页", "返回"]
    await phones["带班领导"].presses("‹ 上一页")
    await clock.advance(seconds=3)
    await phones["带班领导"].presses("代签 李敏")
    await clock.advance(seconds=10)
    assert "由 赵强（带班领导） 代签" in phones["B岗"].expects("【通知】").text
    assert phones["B岗"].expects("【通知】").labels == []
    await clock.advance(hours=1)
    assert phones["B岗"].count("您尚未确认") + phones["带班领导"].count("您尚未确认") == 1


@pytest.mark.parametrize("engine_name", ["sqlite"])
async def test_the_nations_notice_is_chased_by_each_province_and_recalled_by_the_nation_alone(
    coordinator, phones, clock, builders
):
    supreme = await builders.court("最高法", level="supreme", province="北京市", parent_code=None)
    officer = await builders.officer(supreme, "林涛", "coordinator", 900)
    nation = phones.give_officer("全国协调员", officer)
    await nation.says("/notice 全国演练准备")
    asked = nation.expects("发给谁")
    assert asked.labels[:3] == ["全国", "浙江省", "辽宁省"]
    await nation.presses("全国", asked)
    assert "人数：6 人，4 个法院" in nation.expects("预览").text
    await nation.presses("发送")
    await clock.advance(seconds=10)
    await phones["协作法院A岗"].presses("已阅")

    listed = await coordinator.says("/notice")
    await coordinator.presses("通知 1", listed)
    await clock.advance(seconds=3)
    shown = coordinator.expects("通知 1 收件：全国")
    assert "已阅 0/4 人" in shown.text
    assert shown.labels == ["待催办", "回执表", "代签名单", "刷新", "通知列表"]
    forged = shown.buttons[0][0].data.replace("chase", "recall")
    heard = coordinator.phone.presses_data(forged, shown)
    await clock.settle()
    assert "只有发通知一级的协调员" in heard.answered.text
    await coordinator.presses("代签名单", shown)
    await clock.advance(seconds=3)
    assert not any("宁波" in label for label in coordinator.expects("代签").labels)
    await nation.presses("提醒未确认")
    await clock.advance(seconds=10)
    assert "大连海事法院：王建国（A岗）、李敏（B岗）、赵强（带班领导）" in (
        coordinator.expects("回执 已阅 0/4 人").text
    )
    assert "宁波" not in coordinator.expects("回执 已阅 0/4 人").text


@pytest.mark.parametrize("engine_name", ["sqlite"])
async def test_who_has_another_phone_gets_there_what_was_not_confirmed_on_the_lost_one(
    coordinator, phones, clock, database, liaoning, cut_off
):
    for text in ("第一条", "第二条"):
        await coordinator.says(f"/notice {text}")
        await coordinator.presses("全省", coordinator.expects("发给谁"))
        await coordinator.presses("发送", coordinator.expects("预览"))
        await clock.advance(seconds=10)
    await phones["A岗"].presses("已阅", phones["A岗"].expects("【通知】 第一条"))
    await cut_off(liaoning.a)
    async with database.transaction() as session:
        held = await session.get_one(Officer, liaoning.a.id)
        code = await officers.invite(session, held, now=clock.now())
    new = phones.give("新手机", "王建国", 777, started=False)
    await new.says(f"/start {code}")
    await clock.advance(seconds=10)
    new.expects_nothing("第一条")
    assert await new.presses("已阅", new.expects("【通知】 第二条")) == "已确认。"
    await clock.advance(seconds=3)
    assert "已阅" in new.expects("【通知】 第二条").text
    assert "已阅" not in phones["A岗"].expects("【通知】 第二条").text
