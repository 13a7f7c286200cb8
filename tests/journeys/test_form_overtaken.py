"""A form that somebody is filling when it ends: recalled, past due, filled in by an inspector, or its filler moved away."""

from datetime import timedelta

import pytest

from directory.models import Officer
from notifications import forms, notices
from notifications.form_rules import Question
from notifications.notice_audience import Audience
from notifications.notices import Wish
from tests.notice_desk import RULES

# What the tables do with sheets is tested on both engines elsewhere.
pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"])

QUESTIONS = (
    Question("windows", "number", "有几个窗口？", unit="个", least=0, most=50),
    Question("defects", "text", "还有什么问题？", required=False),
)


@pytest.fixture
async def send(app, phones, groups, clock, liaoning):
    """`await send("名称")`: a form due in an hour leaves to 辽宁省, and everybody has it."""

    async def create(title):
        async with app.database.transaction() as session:
            wish = Wish(
                title, Audience("province", "辽宁省"), clock.now(), "周琳（省级协调员）",
                liaoning.coordinator.id,
            )  # fmt: skip
            plan = forms.Plan(title, QUESTIONS, clock.now() + timedelta(hours=1))
            form = await forms.create(session, wish, plan, RULES, now=clock.now())
        await clock.advance(seconds=10)
        return form

    return create


async def test_whoever_is_filling_hears_why_it_ended(app, send, phones, clock, liaoning):
    a, b, leader, coordinator = (phones[n] for n in ("A岗", "B岗", "带班领导", "省级协调员"))

    # Recalled under the hands of one who types; its panel offers nothing that nobody can do any more.
    form = await send("窗口调查")
    await a.presses("填报", a.expects("【通知】 窗口调查"))
    async with app.database.transaction() as session:
        notice = await notices.hold(session, form.notice_id)
        await notices.recall(session, notice, "周琳（省级协调员）", now=clock.now())
    await clock.advance(seconds=10)
    assert "此填报已撤回，无需再填" in (await a.says("3")).text
    assert "1 （已撤回） 窗口调查 0/2" in " ".join((await coordinator.says("/form")).text.split())
    await coordinator.presses("1")
    await clock.advance(seconds=2)
    panel = coordinator.expects("填报 1“窗口调查” 通知已撤回")
    assert {"催填", "逐院督查", "本院填报", "结束填报"}.isdisjoint(panel.labels)

    # Past due: still taken, and said to be for good.
    await send("设备调查")
    await a.presses("填报", a.expects("【通知】 设备调查"))
    await b.presses("填报", b.expects("【通知】 设备调查"))
    await clock.advance(minutes=61)
    await a.says("3")
    await clock.advance(seconds=2)
    await a.presses("跳过")
    await clock.advance(seconds=2)
    await a.presses("提交填报", a.expects("核对填报 已逾期（截止 10:30） 提交后不能再更正"))
    await clock.advance(seconds=2)
    assert a.expects("已提交 设备调查 已过截止时间").labels == ["查看填报"]
    b.phone.sends_photo(b"jpg")
    await clock.settle()
    b.expects("核对填报 设备调查 本院已填报：王建国（A岗） 10:31（逾期） 不能再更正")

    # Filled in by an inspector while the court was at it: its findings stand.
    await send("标识调查")
    await leader.presses("填报", leader.expects("【通知】 标识调查"))
    await b.presses("填报", b.expects("【通知】 标识调查"))
    await coordinator.presses("2", await coordinator.says("/form 辽72"))
    await clock.advance(seconds=2)
    await coordinator.says("0")
    await clock.advance(seconds=2)
    await coordinator.presses("跳过")
    await clock.advance(seconds=2)
    await coordinator.presses("提交填报")
    await clock.advance(seconds=2)
    await leader.says("5")
    found = leader.expects("核对填报 标识调查 1. 有几个窗口？ 0 个 此表由督查人员代填")
    assert found.labels == ["关闭"]

    # Moved to another court meanwhile.
    async with app.database.transaction() as session:
        (await session.get_one(Officer, liaoning.b.id)).court_code = "浙72"
    assert "只有该院人员" in (await b.says("5")).text
