"""One quarter of one court: asked 这些还对吗?, answered in three ways; silence goes to the leader, then to the province."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from directory import officers
from directory.change_models import Verification
from directory.database import wake
from directory.models import Officer

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"])

#: Nobody but whom a story names is asked.
_NEVER = datetime(2030, 1, 1, tzinfo=UTC)


@pytest.fixture
async def due(app):
    """`await due(officer, …)`: these are asked at the next minute, in this order, and nobody else at all."""

    async def plan(*people, at):
        async with app.database.transaction() as session:
            await session.execute(update(Officer).values(verify_next_at=_NEVER))
            for number, one in enumerate(people):
                await session.execute(
                    update(Officer)
                    .where(Officer.id == one.id)
                    .values(verify_next_at=at + timedelta(minutes=number))
                )
            wake(session, "timed")

    return plan


async def _states(database):
    async with database.reading() as session:
        found = await session.execute(
            select(Officer.name, Verification.state)
            .join(Officer, Officer.id == Verification.officer_id)
            .order_by(Verification.id)
        )
        return [tuple(row) for row in found]


async def test_the_person_says_all_right_mends_the_card_or_has_left(
    liaoning, phones, app, database, clock, due, beijing
):
    a, b, leader = phones["A岗"], phones["B岗"], phones["带班领导"]
    await due(liaoning.a, liaoning.b, liaoning.leader, at=clock.now() + timedelta(minutes=10))
    a.expects_nothing("请核对")
    await beijing("09:45")
    question = a.expects(
        "【请核对】这些还对吗？ 王建国 大连海事法院（辽72） 岗位：A岗 办公电话：0411"
    )
    assert question.labels == ["都对", "修改", "已调离"]
    assert "已核对" in await a.presses("都对")
    a.expects("【请核对】这些还对吗？ ✅ 已核对：都对，谢谢。 下次核对约在 11月18日（周一）。")
    assert a.expects("请核对").labels == []
    # A button of before, pressed once more.
    assert a.phone.presses_data(question.buttons[0][0].data, question) is not None
    await clock.settle()

    # 修改 leads to the card; what is saved counts as checked.
    await b.presses("修改", b.expects("【请核对】这些还对吗？"))
    await b.presses("办公电话")
    await b.says("0411-222")
    await b.presses("保存")
    b.expects("【请核对】这些还对吗？ 办公电话：0411-222 ✅ 已更改并核对，谢谢。 下次核对约在")

    # 已调离 is said twice; the coordinator hears of it, for the leader is the one who left.
    await leader.presses("已调离", leader.expects("【请核对】这些还对吗？"))
    leader.expects("离任：赵强 将结束其岗位 将同时告知带班领导 确认已调离？")
    await leader.presses("取消")
    await leader.presses("已调离", leader.expects("【请核对】这些还对吗？"))
    await leader.presses("确认已调离")
    leader.expects("已办理离任。历史立案和履历保留；不会再收到呼叫。")
    assert leader.expects("【请核对】").labels == []
    assert await _states(database) == [
        ("王建国", "confirmed"),
        ("李敏", "changed"),
        ("赵强", "left"),
    ]
    boss = phones["省级协调员"]
    told = boss.expects(
        "【人员离任】大连海事法院（辽72） 赵强（带班领导）在核对时表示已调离 A岗：王建国"
    )
    assert told.labels == ["知悉", "仍在岗"]
    await boss.presses("仍在岗", told)
    boss.expects("【人员离任】 ↩️ 辽:周琳 已恢复其岗位")
    async with database.reading() as session:
        back = await officers.find(session, "辽72:赵强")
        assert ([post.post for post in back.posts], back.telegram_id) == (["leader"], None)


async def test_silence_goes_to_the_leader_and_then_to_the_province(
    liaoning, phones, app, database, clock, due, beijing, builders
):
    a, leader, boss = phones["A岗"], phones["带班领导"], phones["省级协调员"]
    unlinked = [await builders.officer("辽72", name, "B") for name in ("孙洋", "周七", "吴八")]
    await builders.court("辽0211")
    alone = await builders.officer("辽0211", "钱一", post="A", telegram_id=None)
    people = (liaoning.a, liaoning.b, *unlinked, alone)
    await due(*people, at=clock.now() + timedelta(minutes=1))
    await beijing("12:00")
    boss.expects_nothing("代为核对")

    # Whom the chat does not reach stands in the next morning's list; a court without anybody in the province's.
    await beijing("09:01", day=20)
    leader.expects("【请代为核对】大连海事法院 1. 孙洋 B岗 聊天中联系不到")
    boss.expects("【请代为核对】辽宁省 大连市甘井子区人民法院（辽0211） 1. 钱一")
    await leader.presses("1 修改")
    await leader.presses("职务")
    await leader.says("审判员")
    await leader.presses("保存")
    listed = leader.expects(
        "【请代为核对】大连海事法院 1. 孙洋 ✅ 已更改并核对（辽72:赵强） 2. 周七"
    )
    assert "2人" in (await leader.presses("以上全部都对", listed)).replace(" ", "")
    listed = leader.expects(
        "【请代为核对】大连海事法院 2. 周七 ✅ 都对（辽72:赵强） 3. 吴八 ✅ 都对"
    )
    assert listed.labels == []

    # Five working days of silence: one list for both, answered one by one.
    await beijing("09:01", day=26)
    mine = leader.expects("【请代为核对】 1. 王建国 A岗 2. 李敏 B岗")
    assert "1 修改" in mine.labels
    assert leader.count("【请代为核对】") == 2
    await a.presses("都对")
    leader.expects("【请代为核对】 王建国 ✅ 都对（辽72:王建国） 2. 李敏 B岗")
    assert "1 都对" not in leader.expects("【请代为核对】 王建国").labels

    # And five more: to the province, out of the leader's hands.
    await beijing("09:01", day=2, month=9)
    leader.expects("【请代为核对】 2. 李敏 已转请省级协调员核对")
    assert leader.expects("【请代为核对】 李敏").labels == []
    await boss.presses(
        "1 已调离", boss.expects("【请代为核对】辽宁省 大连海事法院（辽72） 1. 李敏")
    )
    await boss.presses("确认已调离")
    boss.expects("【请代为核对】辽宁省 李敏 已办理离任（辽:周琳）")
    phones["B岗"].expects_nothing("人员离任")
    assert [state for _name, state in await _states(database)] == [
        "confirmed", "left", "changed", "confirmed", "confirmed", "province",
    ]  # fmt: skip
