"""A session of training from its announcement to what came of it: signing up, reminders, the code, the sheet."""

import csv
from io import BytesIO, StringIO

import pytest
from icalendar import Calendar
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from notifications.training_models import TrainingSession

#: Where SQL says nothing new.
on_sqlite = pytest.mark.parametrize("engine_name", ["sqlite"])


@pytest.fixture
def coordinator(app, phones, groups, liaoning):
    return phones["省级协调员"]


async def plan(coordinator, clock, *, court=None):
    """Plan a session for the whole province or a court, a day and ten minutes ahead."""
    people = f"人数：{3 if court else 4} 人"
    await coordinator.says("/training 应答规范")
    await coordinator.says("明天 9:40")
    assert "请发送 10 到 480 之间的分钟数" in (await coordinator.says("5")).text
    await coordinator.says("４５分钟")
    await coordinator.says("https://meet.example.cn/42")
    if court:
        await coordinator.says(court)
    else:
        await coordinator.presses("全省", coordinator.expects("请谁参加"))
    await clock.advance(seconds=2)
    await coordinator.presses("地点", coordinator.expects(f"培训：应答规范 09:40–10:25 {people}"))
    await clock.advance(seconds=2)
    await coordinator.presses("返回预览", coordinator.expects("在哪里"))
    await clock.advance(seconds=2)
    await coordinator.presses("时长", coordinator.expects(f"培训：应答规范 09:40–10:25 {people}"))
    await clock.advance(seconds=2)
    await coordinator.presses("60 分钟", coordinator.expects("多长时间"))
    await clock.advance(seconds=2)
    preview = coordinator.expects(f"培训：应答规范 {people}")
    assert "时间：8月20日（周二）09:40–10:40" in preview.text
    assert "已开始发送" in await coordinator.presses("发送", preview)
    await clock.advance(seconds=10)


async def test_a_session_from_the_announcement_to_the_sheet(coordinator, phones, clock, beijing):
    await plan(coordinator, clock)
    notice = phones["A岗"].expects("【通知】 培训：应答规范 地点：https://meet.example.cn/42")
    assert "报名后会在前一天和开始前 15 分钟提醒您" in notice.text
    assert notice.labels == ["报名", "不参加", "已阅"]
    assert await phones["A岗"].presses("报名", notice) == "已报名。"
    await phones["B岗"].presses("不参加", phones["B岗"].expects("应答规范"))
    notice = phones["A岗"].expects("✅ 您已报名 ✓ 已阅")
    assert notice.labels == ["不参加", "加入日历"]
    await phones["A岗"].presses("加入日历", notice)
    (event,) = Calendar.from_ical(phones["A岗"].expects(".ics").file).walk("VEVENT")
    assert (str(event["SUMMARY"]), str(event["LOCATION"])) == (
        "应答规范", "https://meet.example.cn/42",
    )  # fmt: skip

    await clock.advance(minutes=10)
    phones["A岗"].expects("⏰ 培训提醒：应答规范 8月20日（周二）")
    await coordinator.presses("改时间地点", coordinator.expects("培训 1 刷新"))
    await coordinator.says("10:10\n三楼会议室")
    await clock.advance(seconds=20)
    moved = phones["A岗"].expects("❗ 培训时间或地点有变 8月19日（周一）10:10–11:10")
    assert "地点：三楼会议室" in moved.text
    phones["B岗"].expects("【通知】 三楼会议室")
    await clock.advance(minutes=15)
    soon = phones["A岗"].expects("⏰ 培训 15 分钟后开始：应答规范")
    assert phones["A岗"].count("⏰") == 2
    for name in ("B岗", "带班领导"):
        phones[name].expects_nothing("⏰")
        phones[name].expects_nothing("❗")

    await coordinator.says("/training")
    await coordinator.presses("1", coordinator.expects("安排培训请发送"))
    assert "报名 1 · 不参加 1 · 未答复 2（共 4 人）" in coordinator.expects("培训 1").text
    code = (await coordinator.presses("签到码")).split("\n")[0].removeprefix("签到码 ")
    await phones["A岗"].presses("签到", soon)
    assert "签到码不对" in (await phones["A岗"].says(_other(code))).text
    assert "✅ 已签到：应答规范" in (await phones["A岗"].says(code)).text
    assert "此前已签到" in (await phones["A岗"].says(f"/training {code}")).text
    assert "✅ 已签到" in (await phones["带班领导"].says(f"/training {code}")).text
    assert "此前已签到" in (await phones["带班领导"].says(code)).text
    phones["A岗"].expects("【通知】 ✅ 09:55 已签到")

    await coordinator.presses("培训表", coordinator.expects("培训 1 报名 1"))
    await clock.advance(seconds=2)
    sheet = CalamineWorkbook.from_filelike(BytesIO(coordinator.expects(".xlsx").file))
    by_court = sheet.get_sheet_by_index(0).to_python()
    assert [row[1:3] + row[5:12] for row in by_court[4:]] == [
        ["辽", "辽宁省高级人民法院", 1, 0, 0, 1, 0, 0, 0],
        ["辽72", "大连海事法院", 3, 1, 1, 1, 0, 2, 0],
        ["", "合计", 4, 1, 1, 2, 0, 2, 0],
    ]


async def send_quiz(coordinator, *rows, answer):
    """Send a spreadsheet; what is said of it, once it was read, which takes real time."""
    out = StringIO(newline="")
    csv.writer(out).writerows([("题目", "选项A", "选项B", "正确答案"), *rows])
    await coordinator.sends_document("测验.csv", out.getvalue().encode())
    await coordinator.phone.expects(answer, timeout=15)
    await coordinator.clock.advance(seconds=2)
    return coordinator.expects(answer)


@on_sqlite
async def test_a_quiz_is_taken_by_buttons_again_after_ten_minutes_and_shown_by_court(
    coordinator, phones, clock, database
):
    await plan(coordinator, clock, court="辽72")
    panel = coordinator.expects("培训 1 刷新")
    # Who is not invited is not asked whether they come.
    assert "报名”" not in panel.text
    assert not {"报名", "不参加", "加入日历"} & {*panel.labels}
    await coordinator.presses("测验…", panel)
    await coordinator.says("/cancel")
    coordinator.expects("已取消，测验不变。")
    await coordinator.presses("测验…", panel)
    bad = ("多久签收？", "30 分钟", "一天", "D")
    refused = await send_quiz(coordinator, bad, answer="有 1 处错误")
    assert "第 2 行 “正确答案”列 “D”：正确答案所指的选项为空" in refused.text
    good = [("多久签收？", "30 分钟", "一天", "A"), ("谁签收？", "A岗", "B岗", "A")]
    await send_quiz(coordinator, *good, answer="✅ 已载入测验：2 题")
    async with database.transaction() as session:
        held = (await session.scalars(select(TrainingSession))).one()
        held.starts_at = clock.now()

    await phones["A岗"].says("/training")
    await phones["A岗"].presses("1")
    await phones["A岗"].presses("做测验")
    await phones["A岗"].presses("A", phones["A岗"].expects("第 1/2 题 A. 30 分钟"))
    await phones["A岗"].presses("B", phones["A岗"].expects("第 2/2 题 谁签收？"))
    failed = phones["A岗"].expects("❌ 测验未通过：答对 1/2")
    assert "答错的题：2" in failed.text
    assert "正确答案" not in failed.text
    again = phones["A岗"].expects("培训 1")
    assert "请于 09:40 后再做" in await phones["A岗"].presses("做测验", again)
    await clock.advance(minutes=10)
    await phones["A岗"].presses("做测验", again)
    await phones["A岗"].presses("A", phones["A岗"].expects("第 1/2 题"))
    await phones["A岗"].presses("A", phones["A岗"].expects("第 2/2 题"))
    phones["A岗"].expects("✅ 测验通过：答对 2/2")
    assert "失效" in await phones["A岗"].presses("做测验", again)
    await coordinator.presses("各法院", coordinator.expects("培训 1 刷新"))
    coordinator.expects("大连海事法院：报名 0/3，到场 0，通过 1")


def _other(code):
    digits = code.replace(" ", "")
    return digits[1:] + ("1" if digits[0] != "1" else "2")


@on_sqlite
async def test_who_signed_up_hears_that_a_session_is_called_off(coordinator, phones, clock):
    await plan(coordinator, clock)
    assert (await phones["A岗"].says("/training 2")).text == "您没有编号为 2 的培训。"
    opened = await phones["A岗"].says("/training 1")
    await phones["A岗"].presses("报名", opened)
    await coordinator.presses("取消培训", coordinator.expects("培训 1 刷新"))
    await clock.advance(seconds=5)
    await coordinator.presses("确认取消培训")
    await clock.advance(seconds=10)
    phones["A岗"].expects("❌ 培训已取消：应答规范")
    phones["B岗"].expects_nothing("❌ 培训已取消：")
    assert phones["B岗"].expects("【通知】 ✗ 培训已取消").labels == ["已阅"]
    await clock.advance(minutes=15)
    phones["A岗"].expects_nothing("⏰")


@on_sqlite
async def test_a_session_is_off_when_its_notice_is_recalled(coordinator, phones, clock):
    await plan(coordinator, clock)
    await phones["A岗"].presses("报名", phones["A岗"].expects("应答规范"))
    await coordinator.says("/notice")
    await coordinator.presses("1", coordinator.expects("写通知请发送"))
    await clock.advance(seconds=2)
    await coordinator.presses("撤回通知")
    await clock.advance(seconds=2)
    await coordinator.presses("确认撤回通知")
    await clock.advance(seconds=10)
    phones["A岗"].expects("❌ 培训已取消：应答规范")
    assert phones["B岗"].expects("【通知】已撤回").labels == []
