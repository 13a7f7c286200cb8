"""A form that goes to 128 courts: filled by colleagues in turn, corrected, filled by an inspector, too late for one."""

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from directory.models import Court, Officer, OfficerPost
from notifications import form_filling, form_rules, forms
from notifications.form_filling import Writer
from notifications.form_models import Form, FormAnswer, FormSheet
from notifications.form_rules import Question
from notifications.notice_audience import Audience
from notifications.notices import Wish
from tests.notice_desk import RULES

# Two people of a court at once are `test_forms`' business, on both engines.
pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"])

SIGN = Question("sign", "yes_no", "窗口是否悬挂统一标识？", heading="统一标识")
HOURS = Question("hours", "choice", "窗口何时开放？", options=("全部办公时间", "部分办公时间"))
WINDOWS = Question("windows", "number", "有几个窗口？", unit="个", least=0, most=50)
DEFECTS = Question("defects", "text", "还有什么问题？", required=False, hint="简要写明。")
PHOTO = Question("photo", "picture", "请拍下窗口标识。")
QUESTIONS = (SIGN, HOURS, WINDOWS, DEFECTS, PHOTO)
ANSWERS = {"sign": True, "hours": "全部办公时间", "windows": 2,
           "photo": {"file_id": "AgAC", "name": "x.jpg"}}  # fmt: skip

#: Besides 辽 and 辽72; each has one person, whose account is so far above this.
COURTS, ACCOUNTS = 126, 500_000


@pytest.fixture
async def province(app, database, clock, telegram, phones, groups, liaoning):
    """The other 126 courts of 辽宁省, everybody with a phone; the bot is blocked at 辽0001 and 辽0002."""
    stamps = {"created_at": clock.now(), "updated_at": clock.now()}
    numbers = range(1, COURTS + 1)
    async with database.transaction() as session:
        courts = [
            {"code": f"辽{n:04}", "name": f"第{n}法院", "level": "basic", "kind": "general",
             "province": "辽宁省", "city": "沈阳市", "aliases": [], **stamps}
            for n in numbers
        ]  # fmt: skip
        people = [
            {"id": 1000 + n, "court_code": f"辽{n:04}", "name": f"张{n}", **stamps,
             "telegram_id": ACCOUNTS + n}
            for n in numbers
        ]  # fmt: skip
        posts = [{"officer_id": 1000 + n, "post": "A"} for n in numbers]
        for table, rows in ((Court, courts), (Officer, people), (OfficerPost, posts)):
            await session.execute(insert(table), rows)
    for n in numbers:
        phones.give(f"张{n}", f"张{n}", ACCOUNTS + n)
    for name in ("张1", "张2"):
        phones[name].phone.blocks_bot()


async def sent(app, clock, liaoning):
    """The form leaves to the whole province."""
    async with app.database.transaction() as session:
        wish = Wish(
            "请如实填报。", Audience("province", "辽宁省"), clock.now(), "周琳（省级协调员）",
            liaoning.coordinator.id,
        )  # fmt: skip
        plan = forms.Plan("六个统一检查", QUESTIONS, clock.now() + timedelta(hours=1))
        form = await forms.create(session, wish, plan, RULES, now=clock.now())
    await clock.advance(seconds=30)
    return form.id


async def fill_the_rest(session, clock, form_id):
    """All others hand in, but 辽0003."""
    for n in range(4, COURTS + 1):
        held = await form_filling.hold(session, form_id, f"辽{n:04}")
        writer = Writer(f"张{n}（A岗）", 1000 + n, "own")
        for asked in QUESTIONS:
            if (value := ANSWERS.get(asked.key)) is not None:
                await form_filling.answer(session, held, asked, value, writer, now=clock.now())
        assert await form_filling.submit(session, held, writer, now=clock.now()) == "filled"


async def test_128_courts_fill_a_form(app, province, database, clock, phones, liaoning):
    form_id = await sent(app, clock, liaoning)
    a, b = phones["A岗"], phones["B岗"]
    notice = a.expects("【通知】 请如实填报。 填报“六个统一检查”：共 5 题，每院一份，截止 10:30")
    assert notice.labels == ["填报", "已阅"]
    await a.presses("填报", notice)
    await a.presses("是", a.expects("填报 1/5 六个统一检查 【统一标识】 窗口是否悬挂统一标识？"))
    await a.presses("全部办公时间", a.expects("填报 2/5"))
    assert "请只发送一个数字" in (await a.says("三四个")).text
    assert "超出范围（0–50）" in (await a.says("51")).text
    assert "填报 4/5" in (await a.says("３个")).text
    a.expects("3. 有几个窗口？ 3 个")

    # A colleague goes on where the first is; each is told what the other one answered.
    await b.presses("填报", b.expects("【通知】"))
    await b.presses("上一题", b.expects("填报 4/5 还有什么问题？ 说明：简要写明。 （可以跳过）"))
    b.expects("填报 3/5 王建国（A岗） 09:30 已答：3 个")
    await b.says("4")
    b.expects("填报 4/5 第 3 题已改，此前 王建国（A岗） 答：3 个")
    await a.presses("核对", a.expects("填报 4/5"))
    a.expects("核对填报 👥 李敏（B岗） 刚答了第 3 题 已答 3/5 还有必填题：5")
    await a.presses("保存并退出")
    a.expects("已保存 3/5 尚未提交")
    assert "138****5678" in (await b.says("请联系 13812345678")).text
    await b.presses("跳过", b.expects("填报 4/5"))
    await b.sends_document("窗口.jpg", b"jpg")
    b.expects("没有保存：请把图片作为“图片”发送")
    b.phone.sends_photo(b"jpg")
    await clock.settle()
    checked = b.expects(
        "核对填报 4. 还有什么问题？ — 5. 请拍下窗口标识。 王建国（A岗） 答了第 1、2 题。"
    )
    assert "提交填报" in checked.labels
    assert await b.presses("提交填报", checked) == "已提交。"
    for name in ("A岗", "B岗", "带班领导"):
        filled = phones[name].expects("【通知】 ✓ 本院已填报：李敏（B岗） 09:30")
        assert "查看填报" in filled.labels

    await a.presses("继续填报", a.expects("已保存 3/5"))
    await a.presses("1", a.expects("核对填报 本院已填报"))
    await clock.advance(minutes=5)
    await a.presses("否", a.expects("填报 1/5 ✓ 是"))
    a.expects("核对填报 1. 窗口是否悬挂统一标识？ 否")
    phones["带班领导"].expects("【通知】 本院已填报：李敏（B岗） 09:30，09:35 更正")

    inspector = phones["省级协调员"]
    listed = await inspector.says("/form 辽0002")
    assert "已答 0/5" in listed.text
    await inspector.presses("1", listed)
    await inspector.presses("否", inspector.expects("填报 1/5 第2法院（辽0002） 督查代填"))
    await inspector.presses("部分办公时间")
    await inspector.says("0")
    await inspector.says("没有窗口")
    inspector.phone.sends_photo(b"jpg")
    await clock.settle()
    assert await inspector.presses("提交填报", inspector.expects("核对填报")) == "已提交。"
    await inspector.presses("下一个法院 辽0003", inspector.expects("已提交 第2法院"))
    await inspector.presses("保存并退出", inspector.expects("填报 1/5 第3法院（辽0003）"))
    inspector.expects("已保存 0/5 点下方按钮，或发送 /form 辽0003。")

    passer_by = phones.give("路人", "路人", 999)
    unknown = await passer_by.says("/form 辽0003")
    pressed = passer_by.phone.presses_data(f"fill:{form_id}:辽0003", unknown)
    notice, own = phones["张3"].expects("【通知】"), phones["张4"].expects("【通知】")
    stranger = phones["张4"].phone.presses_data(f"fill:{form_id}:辽0003", own)
    await clock.settle()
    assert "只有该院人员" in stranger.answered.text
    assert "未关联任何人员" in unknown.text
    assert "未关联任何人员" in pressed.answered.text
    async with app.database.transaction() as session:
        await fill_the_rest(session, clock, form_id)
        form = await forms.hold(session, form_id)
        assert await forms.close(session, form, "周琳（省级协调员）", now=clock.now())
    await clock.advance(seconds=30)
    assert phones["张3"].expects("【通知】 填报已于 09:35 结束。").labels == ["已阅"]
    late = phones["张3"].phone.presses_data(f"fill:{form_id}", notice)
    assert "填报已结束" in await a.presses("1", a.expects("核对填报 1. 窗口是否悬挂统一标识？ 否"))
    assert a.expects("核对填报 填报已结束").labels == ["关闭"]
    assert "填报已结束" in late.answered.text

    async with database.reading() as session:
        sheets = (await session.scalars(select(FormSheet))).all()
        told = set(await session.scalars(forms.reached(await session.get_one(Form, form_id))))
        first = [
            (one.key, one.value, one.by)
            for one in await form_filling.history(session, form_id, "辽72")
        ]
        count = len((await session.scalars(select(FormAnswer.id))).all())
    states = Counter(
        form_rules.state(one.answers, one.filled_at, reached=one.court_code in told)
        for one in sheets
    )
    # 辽 itself and who came too late; 辽0001, where nobody came to inspect.
    assert states == {"filled": 125, "blank": 2, "unreached": 1}
    assert (len(sheets), sum(one.inspected for one in sheets)) == (128, 1)
    assert {"辽0001", "辽0002"} & told == set()
    assert first[0] == ("sign", True, "王建国（A岗）")
    assert first[-1] == ("sign", False, "王建国（A岗）")
    assert count == 6 + 5 + 4 * (COURTS - 3)
