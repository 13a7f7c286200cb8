"""A form as its coordinator sees it: the inspection of the six unities from 发起 to 结束, and questions of one's own."""

import csv
from io import BytesIO, StringIO

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from notifications import form_filling
from notifications.form_filling import Writer
from notifications.form_models import Form

# What the tables do with sheets is tested on both engines elsewhere.
pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"])

ANSWERS = {
    "yes_no": True,
    "number": 2,
    "text": "无",
    "picture": {"file_id": "x", "name": "窗口.jpg"},
}


@pytest.fixture
async def coordinator(app, phones, groups, liaoning, builders):
    court = await builders.court("辽0211", city="大连市")
    await builders.officer(court, "王敏", "A")
    return phones["省级协调员"]


async def fill(database, clock, code, officer, who):
    """Answer everything for a court, as its officer does question by question, and hand it in."""
    async with database.transaction() as session:
        form = (await session.scalars(select(Form))).one()
        held = await form_filling.hold(session, form.id, code)
        writer = Writer(who, officer.id, "own")
        for one in held.questions:
            value = one.options[0] if one.kind == "choice" else ANSWERS[one.kind]
            await form_filling.answer(session, held, one, value, writer, now=clock.now())
        assert await form_filling.submit(session, held, writer, now=clock.now()) == "filled"


async def send_the_inspection(coordinator, clock):
    await coordinator.says("/form")
    await coordinator.presses("发起填报", coordinator.expects("尚未发起填报"))
    await coordinator.presses("跨域立案六个统一检查", coordinator.expects("填报什么"))
    await clock.advance(seconds=2)
    await coordinator.presses("全省")
    await clock.advance(seconds=2)
    assert "8月26日 17:00" in coordinator.expects("什么时间截止").labels
    await coordinator.says("明天 9:50")
    await coordinator.presses("看题目", coordinator.expects("预览 人数：5 人，3 个法院"))
    await clock.advance(seconds=2)
    await coordinator.presses("返回预览", coordinator.expects("统一专人 单选：办公时间全部开放"))
    await clock.advance(seconds=2)
    preview = coordinator.expects("【通知】 共 18 题，每院一份，截止 8月20日 09:50")
    assert await coordinator.presses("发送", preview) == "已开始发送。"
    await clock.advance(seconds=10)


async def test_the_inspection_from_the_first_tap_to_the_sheet(
    app, api, coordinator, phones, clock, beijing, database, liaoning
):
    await send_the_inspection(coordinator, clock)
    assert "填报" in phones["A岗"].expects("【通知】 跨域立案六个统一检查").labels
    await coordinator.presses("刷新", coordinator.expects("填报 1“跨域立案六个统一检查” 发送中"))
    await clock.advance(seconds=2)
    assert "未送达 1 个" in coordinator.expects("填报 1 已填报 0/3 个法院").text

    assert "正在提醒" in await coordinator.presses("催填")
    await clock.advance(seconds=5)
    phones["A岗"].expects(
        "⏰ 大连海事法院尚未填报“跨域立案六个统一检查”（0/18 题）。 截止：8月20日 09:50"
    )
    assert "一小时内已提醒过" in await coordinator.presses("催填")

    # A day before it is due nobody is reminded again so soon.
    await beijing("09:51")
    assert phones["A岗"].count("⏰") == 1
    await fill(database, clock, "辽72", liaoning.a, "王敏（A岗）")

    # 延期, and the other way.
    await coordinator.presses(
        "改截止", coordinator.expects("填报 1 09:30 发出，8月20日 09:50 截止 提醒过")
    )
    await clock.advance(seconds=2)
    await coordinator.presses("8月21日 09:50", coordinator.expects("现在的截止时间：8月20日 09:50"))
    await clock.advance(seconds=2)
    await coordinator.presses("改截止", coordinator.expects("改过截止时间，原为 8月20日 09:50"))
    await clock.advance(seconds=2)
    assert "8月18日 10:00 已过" in (await coordinator.says("昨天 10:00")).text
    assert "10:00 截止" in (await coordinator.says("今天 10:00")).text
    await clock.advance(seconds=2)
    phones["B岗"].expects("【通知】 每院一份，截止 10:00 截止时间已改，原为 8月20日 09:50")
    await beijing("10:01")
    chase = coordinator.expects("未填报 2 个法院")
    assert "辽0211" in chase.text
    assert "未关联聊天账号" in chase.text
    assert "已填报 1/3" in chase.text
    sheet = CalamineWorkbook.from_filelike(BytesIO(coordinator.expects(".xlsx").file))
    by_court = sheet.get_sheet_by_index(0).to_python()
    assert [row[1:2] + row[5:8] for row in by_court[5:]] == [
        ["辽", "未开始", "", ""],
        ["辽0211", "未送达", "", ""],
        ["辽72", "已填报", 6, "王敏（A岗）"],
    ]

    await told_over_http(await api("reader", court="辽72"))
    await coordinator.says("/form")
    await coordinator.presses("1", coordinator.expects("1 截止 1/3"))
    await clock.advance(seconds=2)
    assert "统一窗口：达标 1/1" in coordinator.expects("填报 1 已填报 1/3").text
    await coordinator.presses("统计")
    await clock.advance(seconds=2)
    await coordinator.presses("返回", coordinator.expects("是 1（100%）"))
    await clock.advance(seconds=2)
    await coordinator.presses("逐院督查")
    await clock.advance(seconds=2)
    await coordinator.presses("选城市", coordinator.expects("未填报 2 个法院 点代字"))
    await clock.advance(seconds=2)
    await coordinator.presses("大连市 1")
    await clock.advance(seconds=2)
    courts = coordinator.expects("大连市：未填报 1 个法院")
    await coordinator.presses("辽0211", courts)
    assert "督查代填" in coordinator.expects("辽0211 1/18").text
    await coordinator.presses("返回", courts)
    await clock.advance(seconds=2)
    await coordinator.presses("结束填报")
    await clock.advance(seconds=2)
    assert await coordinator.presses("确认结束填报") == "已结束填报。"
    await clock.advance(seconds=10)
    assert "填报" not in phones["B岗"].expects("【通知】 填报已于").labels


async def told_over_http(client):
    """What a token of one court reads: its own sheet, a picture by its name alone."""
    async with client.get("/api/v1/forms") as answer:
        [item] = (await answer.json())["items"]
    assert (item["id"], item["filled"], item["courts"]) == (1, 1, 1)
    async with client.get("/api/v1/forms/1") as answer:
        form = await answer.json()
    [sheet] = form["sheets"]
    assert len(form["questions"]) == 18
    assert (sheet["code"], sheet["state"], sheet["late"]) == ("辽72", "filled", False)
    assert (sheet["answers"]["window"], sheet["answers"]["sign_picture"]) == (True, "窗口.jpg")
    for number in ("2", "one"):
        async with client.get(f"/api/v1/forms/{number}") as answer:
            assert answer.status == 404


async def test_own_questions_come_typed_or_from_a_file_with_its_faults_named(
    coordinator, phones, clock
):
    assert "只有" not in (await phones["A岗"].says("/form")).text
    await coordinator.says("/form")
    await coordinator.presses("发起填报", coordinator.expects("尚未发起填报"))
    await coordinator.presses("上传表格", coordinator.expects("填报什么"))
    await clock.advance(seconds=2)
    coordinator.expects("填报模板.xlsx")
    await send_file(coordinator, ("有无窗口？", "多选"), answer="有 1 处错误")
    assert "第 2 行 “类型”列 “多选”：不是题目类型" in coordinator.expects("1 处错误").text
    rows = ("有无窗口？", "是否"), ("几台？", "数字")
    await send_file(coordinator, *rows, answer="哪些法院填报", caption="/form")
    await coordinator.says("大连海事法院")
    await coordinator.says("13:00")
    await coordinator.presses("截止", coordinator.expects("窗口调查 共 2 题"))
    await clock.advance(seconds=2)
    await coordinator.presses("返回预览", coordinator.expects("什么时间截止"))
    await clock.advance(seconds=2)
    await coordinator.presses("换题目", coordinator.expects("窗口调查 共 2 题"))
    await clock.advance(seconds=2)
    assert "返回预览" in coordinator.expects("填报什么").labels
    await coordinator.presses("逐题输入")
    await clock.advance(seconds=2)
    await coordinator.says("有无窗口？\n几台？｜数字｜台\n备注｜文字")
    await coordinator.presses("定时", coordinator.expects("窗口调查 共 3 题 人数：3 人"))
    await clock.advance(seconds=2)
    await coordinator.says("11:00")
    planned = coordinator.expects("预览 发出：11:00 截止：13:00")
    assert await coordinator.presses("发送", planned) == "已定时。"
    await clock.advance(seconds=10)
    panel = coordinator.expects("填报 1 定时 11:00，13:00 截止 尚无人收到")
    assert panel.labels == ["改发出时间", "改截止", "取消发出", "刷新", "填报列表"]
    await coordinator.presses("改发出时间", panel)
    await clock.advance(seconds=2)
    assert "请先改截止时间" in (await coordinator.says("13:30")).text
    await coordinator.presses("暂缓发出")
    await clock.advance(seconds=2)
    await coordinator.presses("填报列表", coordinator.expects("填报 1 暂缓，13:00 截止"))
    await clock.advance(seconds=2)
    await coordinator.presses("1", coordinator.expects("1 暂缓 窗口调查"))
    await clock.advance(seconds=2)
    await coordinator.presses("改发出时间")
    await clock.advance(seconds=2)
    await coordinator.presses("立即")
    await clock.advance(seconds=10)
    phones["B岗"].expects("【通知】 窗口调查 共 3 题")


async def send_file(coordinator, *rows, answer, caption=""):
    """Send a spreadsheet and wait until it was read, which takes real time."""
    out = StringIO(newline="")
    csv.writer(out).writerows([("题目", "类型"), *rows])
    coordinator.phone.sends_document("窗口调查.csv", out.getvalue().encode(), caption=caption)
    await coordinator.phone.expects(answer, timeout=15)
    await coordinator.clock.advance(seconds=2)
