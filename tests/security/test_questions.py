"""Questions: strangers neither ask nor read, nobody answers, decides or presses for others, no number gets in."""

import pytest
from sqlalchemy import func, select

from directory.models import Officer
from notifications import faq
from notifications.models import OutgoingMessage
from notifications.question_models import FaqEntry, Question

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"])

WRONG = "此按钮已失效"


@pytest.fixture
def questions(database):
    async def read():
        async with database.reading() as session:
            return (await session.scalars(select(Question).order_by(Question.id))).all()

    return read


async def test_strangers_neither_ask_nor_read(
    liaoning, phones, groups, app, database, clock, questions
):
    async with database.transaction() as session:
        await faq.publish_samples(session, now=clock.now())
    stranger = phones.give("路人", "王建国")
    groups["辽72"].joined_by(stranger.phone)
    for words in ("/ask 签收点错了怎么办？", "/faq", "/faq 签收"):
        assert "未关联任何人员" in (await stranger.says(words)).text
        await stranger.says(words, groups["辽72"])
        stranger.expects("未关联任何人员", groups["辽72"])
    assert await stranger.asks_inline("问 签收") == []
    assert await questions() == []
    # Who left is nobody from that moment on.
    async with database.transaction() as session:
        (await session.get_one(Officer, liaoning.b.id)).left_at = clock.now()
    assert "未关联任何人员" in (await phones["B岗"].says("/ask 签收点错了怎么办？")).text
    # A stranger in the group answers nothing, by reply or by button.
    await phones["A岗"].says("/ask 电子送达要不要签字？", groups["辽72"])
    thread = phones["A岗"].expects("【提问】", groups["辽72"])
    await stranger.says("不要签字，随便填就行", groups["辽72"], reply_to=thread)
    assert "未关联任何人员" in await stranger.presses("回答", thread, groups["辽72"])
    (question,) = await questions()
    assert (question.state, len(question.turns)) == ("open", 1)


async def test_nobody_answers_decides_or_presses_for_others(
    liaoning, builders, phones, groups, app, clock, questions, database
):
    other = phones.give_officer(
        "浙江协调员", await builders.officer("浙", "许文", "coordinator", 140)
    )
    a, b, boss, group = phones["A岗"], phones["B岗"], phones["省级协调员"], groups["辽72"]
    groups["辽72"].joined_by(other.phone)
    await a.says("/ask 电子送达要不要签字？", group)
    thread = a.expects("【提问】", group)
    forged = boss.expects("【答疑】").buttons[0][0].data
    assert forged.endswith(":answer")

    for phone in (b, other, a):
        assert "只有本省答疑人员" in await phone.presses("回答", thread, group)
    await other.says("不要签字", group, reply_to=thread)
    for data in (
        forged.replace(":answer", ":publish"),
        forged.replace(":answer", ":keep"),
    ):
        press = b.phone.presses_data(data, thread)
        await clock.settle()
        assert "只有省级协调员" in press.answered.text
    for data in (
        f"question:{10**17}:AAAAAAAA:answer",
        "question:1:AAAAAAAA:answer",
        forged.replace(":answer", ":erase"),
    ):
        press = boss.phone.presses_data(data, boss.expects("【答疑】"))
        await clock.settle()
        assert WRONG in press.answered.text
    assert "只有提问人" in await b.presses("已解决", thread, group)
    # Not before it is answered, not by whoever asked on in another's name.
    press = boss.phone.presses_data(forged.replace(":answer", ":publish"), boss.expects("【答疑】"))
    await clock.settle()
    assert "尚未答复" in press.answered.text
    await boss.says("要签字。", reply_to=boss.expects("【答疑】"))
    said = b.expects("【答复】", group)
    await b.says("那我也想问一句，可以吗", group, reply_to=said)
    assert [len(q.turns) for q in await questions()] == [2]
    assert "只有省级协调员" in (await a.says("/rules")).text
    # Another province's coordinator takes nothing off the list.
    await boss.presses("发布", boss.expects("【答疑】已答复"))
    await boss.presses("确认发布")
    await other.says("/faq")
    await other.presses("1")
    assert "撤下" not in other.expects("要签字。 有帮助").labels
    await boss.says("/faq")
    await boss.presses("1")
    await boss.presses("撤下")
    async with database.reading() as session:
        assert await session.scalar(select(func.count(FaqEntry.withdrawn_at))) == 1
    await other.presses("有帮助", other.expects("要签字。 有帮助"))
    assert await other.asks_inline("问 电子送达签字") == []


async def test_no_number_of_a_person_gets_in(liaoning, phones, app, database, questions):
    a, boss = phones["A岗"], phones["省级协调员"]
    number = "138 0000 1234"
    for written in ("110101199003070038", number, "６２２２０２１２３４５６７８９０１２８"):
        await a.says(f"/ask 当事人 {written} 的材料怎么补正？")
    assert a.count("没有提交") == 3
    assert await questions() == []
    await a.says("/ask 材料怎么补正，<b>一次</b> & 写全？")
    copy = boss.expects("【答疑】 <b>一次</b> & 写全")
    await boss.says(f"打 {number} 问", reply_to=copy)
    boss.expects("没有提交")
    await boss.says("一次写全。", reply_to=copy)
    await boss.presses("发布", boss.expects("【答疑】已答复"))
    await boss.presses("改答案")
    await boss.says(f"打 {number} 问")
    await boss.presses("返回")
    await boss.presses("确认发布")
    async with database.reading() as session:
        assert (await session.scalars(select(FaqEntry.answer))).all() == ["一次写全。"]
        for payload in await session.scalars(select(OutgoingMessage.payload)):
            assert number not in str(payload)
